"""``facts``, ``agreements``, ``explain``, ``rules``, ``schema``, ``init`` and the program's edges."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.conftest import CONTRACT_DOCUMENT, Run, changed
from tests.cli.test_screen import AS_OF, write

from fakturavakt.engines.choose import durable_rules_can_run
from fakturavakt.shipped import shipped_folder


def decisions(text: str) -> list[dict[str, object]]:
    """NDJSON without what ``facts`` may change."""
    found = [json.loads(line) for line in text.splitlines()]
    for each in found:
        del each["document"], each["evidence"]
    return found


def test_facts_screen_to_the_same_decisions(fakturavakt: Run, tmp_path: Path) -> None:
    """What was read, written down and read again, decides alike; bad values stay bad."""
    documents = [
        CONTRACT_DOCUMENT,
        changed(invoice__due_date="2021-02-30", recipient__mobile="12345"),
        changed(line__id="#7", line__amount="1e2"),
        changed(recipient=7),
        changed(invoice__lines=[None, {"id": "1"}, {"id": "1"}]),
        changed(invoice__lines=[]),
        {},
    ]
    write(tmp_path, "a.json", documents)
    first = fakturavakt("screen", "a.json", "--format", "ndjson", *AS_OF)
    facts = fakturavakt("facts", "a.json", *AS_OF)
    assert facts.returncode == 0
    (tmp_path / "b.ndjson").write_text(facts.stdout, encoding="utf-8")
    second = fakturavakt("screen", "b.ndjson", "--format", "ndjson", *AS_OF)
    assert decisions(second.stdout) == decisions(first.stdout)


CSV_FILE = """sender.organisation_number;invoice.number;invoice.send_date;recipient.kind;\
relationship.agreement;line.id;line.kind;line.amount
974760673;1;2021-02-02;person;ja;1;goods;12,50
974760673;1;2021-02-03;person;ja;2;goods;1.200
974760673;2;2021-02-02;person;kanskje;1;goods;12,50
"""


def test_facts_keep_what_only_csv_could_tell(fakturavakt: Run, tmp_path: Path) -> None:
    """Rows that disagree, a decimal mark that is a guess, a word that is no yes: still problems."""
    (tmp_path / "a.csv").write_text(CSV_FILE, encoding="utf-8")
    first = fakturavakt("screen", "a.csv", "--format", "ndjson", *AS_OF)
    codes = [
        [(problem["fact"], problem["code"]) for problem in each["problems"]]
        for each in map(json.loads, first.stdout.splitlines())
    ]
    assert codes == [
        [("invoice.send_date", "conflict"), ("line[2].amount", "form")],
        [("relationship.agreement", "form")],
    ]
    facts = fakturavakt("facts", "a.csv", *AS_OF)
    (tmp_path / "b.ndjson").write_text(facts.stdout, encoding="utf-8")
    second = fakturavakt("screen", "b.ndjson", "--format", "ndjson", *AS_OF)
    assert decisions(second.stdout) == decisions(first.stdout)


def test_agreements_prints_one_object_a_sender(fakturavakt: Run, tmp_path: Path) -> None:
    """Contract §3: action, benefits and route; documents that disagree make a fact unknown."""
    documents = [
        changed(sender__legacy_vipps_agreement=False),
        changed(sender__legacy_vipps_agreement=False, sender__autopay=True),
        changed(sender__organisation_number="923609016", sender__legacy_vipps_agreement=True),
        changed(
            sender__organisation_number="923609016",
            sender__legacy_vipps_agreement=True,
            sender__efaktura_b2c_agreement=False,
        ),
    ]
    write(tmp_path, "a.json", documents)
    done = fakturavakt("agreements", "a.json", *AS_OF)
    first, second = map(json.loads, done.stdout.splitlines())
    assert list(first) == [
        *("sender", "action", "on", "notified_by_email", "benefits", "payment_route", "missing"),
        *("problems", "message", "remedy", "source", "as_of", "rulebook"),
    ]
    assert (second["sender"], second["action"]) == ("974760673", "vipps_included")
    assert second["payment_route"] == "autopay"
    assert len(second["benefits"]) == 5
    assert (first["action"], first["missing"]) == ("unknown", ["sender.efaktura_b2c_agreement"])
    assert [(p["fact"], p["code"]) for p in first["problems"]] == [
        ("sender.efaktura_b2c_agreement", "conflict")
    ]
    assert first["notified_by_email"] is None


def test_explain_shows_the_rules_tree_and_the_ways_out(fakturavakt: Run, tmp_path: Path) -> None:
    """The leaf that decided, its value and where it came from, and what would have to differ."""
    write(tmp_path, "a.json", CONTRACT_DOCUMENT)
    done = fakturavakt("explain", "a.json", *AS_OF)
    assert done.returncode == 0
    assert "line.consent.explicit: yes" in done.stdout
    assert "om samtykket er eksplisitt = nei · dokumentet" in done.stdout
    assert "line.consent.explicit: yes (linje 1) = sann" in done.stdout
    assert "ikke valgt" in done.stdout
    one = fakturavakt("explain", "a.json", "--rule", "efaktura-b2c", "--lang", "en", *AS_OF)
    assert "The rule would hold with:" in one.stdout
    assert "recipient.efaktura: yes = true" in one.stdout
    assert "unconsented-subscription:" not in one.stdout
    wrong = fakturavakt("explain", "a.json", "--rule", "efaktura-b2b")
    assert wrong.returncode == 2
    assert "efaktura-b2c" in wrong.stderr


def test_rules_list_and_show(fakturavakt: Run) -> None:
    """An officer sees every rule, its window, and what a channel declares of itself."""
    listed = fakturavakt("rules", "list").stdout
    assert "unconsented-subscription" in listed
    assert "før 20. desember 2018" in listed
    shown = fakturavakt("rules", "show", "vipps_regning", "--lang", "en").stdout
    assert "Bank fee: none" in shown
    assert "The payer sees the balance: yes" in shown
    assert "from 20 December 2018" in shown
    assert fakturavakt("rules", "show", "no-such-rule").returncode == 2


def test_rules_check_tells_every_mistake_with_its_line(fakturavakt: Run, tmp_path: Path) -> None:
    """All at once, with the source line and a caret."""
    assert fakturavakt("init", "mine").returncode == 0
    rule = tmp_path / "mine" / "rules" / "prohibitions" / "unsolicited-gift-request.yaml"
    rule.write_text(
        rule.read_text(encoding="utf-8")
        .replace("line.kind: gift_request", "line.knd: gift_request")
        .replace("gift-accepted", "gift-acepted"),
        encoding="utf-8",
    )
    done = fakturavakt("rules", "check", "--rules", "mine/rules")
    assert done.returncode == 2
    assert "«line.kind»" in done.stderr
    assert "«gift-accepted»" in done.stderr
    assert "    " in done.stderr
    assert "^" in done.stderr
    assert "2 feil funnet" in done.stderr


def test_init_makes_a_rule_book_that_screens_its_samples(fakturavakt: Run, tmp_path: Path) -> None:
    """Rules, samples and features to edit, and a configuration that points to the rules."""
    done = fakturavakt("init", "mine")
    assert done.returncode == 0
    for name in ("rules/rulebook.yaml", "samples/evidence/evidence.csv", "fakturavakt.toml"):
        assert (tmp_path / "mine" / name).exists()
    assert fakturavakt("rules", "check", "--rules", "mine/rules").returncode == 0
    again = fakturavakt("init", "mine")
    assert again.returncode == 2
    assert "rules" in again.stderr


def test_schema_prints_one_or_writes_all(fakturavakt: Run, tmp_path: Path) -> None:
    """What an editor checks rule files against."""
    schema = json.loads(fakturavakt("schema", "prohibition").stdout)
    assert "line.consent.given" in schema["$defs"]["condition"]["anyOf"][1]["properties"]
    assert fakturavakt("schema", "-o", "schemas").returncode == 0
    written = {path.name for path in (tmp_path / "schemas").iterdir()}
    assert written == {path.name for path in (shipped_folder("rules") / "schema").iterdir()}
    assert fakturavakt("schema").returncode == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_completion(fakturavakt: Run, shell: str) -> None:
    """The script that completes commands and options."""
    assert "_FAKTURAVAKT_COMPLETE" in fakturavakt("completion", shell).stdout


def test_help_speaks_both_languages(fakturavakt: Run) -> None:
    """Norwegian unless English is asked for, by flag or environment."""
    assert "kontrollerer fakturaer" in fakturavakt("--help").stdout
    assert "checks invoices" in fakturavakt("--lang", "en", "--help").stdout
    assert "checks invoices" in fakturavakt("--help", env={"FAKTURAVAKT_LANG": "en"}).stdout
    assert "Screening date" in fakturavakt("screen", "--lang", "en", "--help").stdout
    assert "In force" in fakturavakt("--lang", "en", "rules", "list").stdout


def test_without_a_command_it_shows_how_to_use_it(fakturavakt: Run) -> None:
    """The commands, and no traceback."""
    done = fakturavakt()
    assert "screen" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_version(fakturavakt: Run) -> None:
    """``--version`` names the program."""
    assert fakturavakt("--version").stdout.startswith("fakturavakt, version ")


def test_auto_says_once_that_it_is_the_reference(fakturavakt: Run, tmp_path: Path) -> None:
    """Where durable-rules cannot be imported, `auto` decides all the same and says so once."""
    write(tmp_path, "a.json", [CONTRACT_DOCUMENT, CONTRACT_DOCUMENT])
    env = {}
    if durable_rules_can_run():
        # A Python without it: an import that fails, as on 3.13.
        broken = tmp_path / "broken"
        broken.mkdir()
        (broken / "durable_rules_engine.py").write_text("raise ImportError\n")
        env = {"PYTHONPATH": f"{broken}:{Path(__file__).parents[2] / 'engine'}"}
    done = fakturavakt("screen", "a.json", "--format", "ndjson", *AS_OF, env=env)
    assert len(done.stdout.splitlines()) == 2
    assert done.stderr.count("«reference»") == 1
    refused = fakturavakt("screen", "a.json", "--engine", "durable", *AS_OF, env=env)
    assert refused.returncode == 2
