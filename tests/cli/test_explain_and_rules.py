"""What an officer reads of rules: marks that mean one thing, true sources, everything that has a name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import CONTRACT_DOCUMENT, Run, changed
from tests.cli.test_screen import AS_OF, HELD, write

BROKEN = "✗ Abonnement uten opplyst og eksplisitt samtykke [unconsented-subscription] (brutt)"


def heads(said: str) -> list[str]:
    """The lines that begin with a mark."""
    return [line for line in said.splitlines() if line[:1] in "✓✗?–"]


def test_marks_mean_what_they_mean_in_the_report(fakturavakt: Run, tmp_path: Path) -> None:
    """A cross stops the invoice: it stands at a prohibition that is broken, with the word for it."""
    write(tmp_path, "a.json", CONTRACT_DOCUMENT)
    found = heads(fakturavakt("explain", "a.json", *AS_OF).stdout)
    assert BROKEN in found
    assert (
        "✓ Betalingskrav uten avtale eller fordring [no-creditor-relationship] (ikke brutt)"
        in found
    )
    assert "✓ Omfanget: gjelder regelboken? (ja)" in found
    assert "– Mobilnummeret mangler [missing-mobile] (gjelder ikke)" in found
    write(tmp_path, "a.json", HELD)
    found = heads(fakturavakt("explain", "a.json", "--lang", "en", *AS_OF).stdout)
    assert any(line.startswith("?") and line.endswith("(unknown)") for line in found)
    assert any(line.startswith("✓") and line.endswith("(not broken)") for line in found)


def test_advice_that_nobody_needs_has_no_ways(fakturavakt: Run, tmp_path: Path) -> None:
    """What would have to be missing for it to apply is no help to anybody."""
    write(tmp_path, "a.json", CONTRACT_DOCUMENT)
    said = fakturavakt("explain", "a.json", "--rule", "missing-mobile", *AS_OF).stdout
    assert "(gjelder ikke)" in said
    assert "ville gjelde" not in said
    said = fakturavakt("explain", "a.json", *AS_OF).stdout
    assert "\n\n✓ Betalingskrav uten avtale" in said


def test_a_no_of_a_complete_register_has_its_row(fakturavakt: Run, tmp_path: Path) -> None:
    """The document says nothing of it."""
    document = changed(line__consent=None, recipient__customer_number="K1")
    write(tmp_path, "a.json", document)
    register = tmp_path / "register"
    register.mkdir()
    (register / "senders.csv").write_text("organisation_number,complete_for\n974760673,consent\n")
    (register / "evidence.csv").write_text("sender,customer_number,kind,from\n")
    said = fakturavakt("explain", "a.json", "--evidence", "register", *AS_OF).stdout
    assert (
        "om samtykke er gitt = nei · registeret er fullstendig for consent · register/senders.csv:2"
        in said
    )


def test_spans_are_written_as_the_officer_writes_them(fakturavakt: Run, tmp_path: Path) -> None:
    """``at_least: 3 days after``, in rules and in their explanations."""
    write(tmp_path, "a.json", CONTRACT_DOCUMENT)
    written = "invoice.due_date: {at_least: 3 days after invoice.send_date}"
    assert written in fakturavakt("rules", "show", "vipps_regning").stdout
    assert written in fakturavakt("explain", "a.json", "--rule", "vipps_regning", *AS_OF).stdout


def test_everything_that_has_a_name_can_be_shown(fakturavakt: Run, tmp_path: Path) -> None:
    """Definitions that rules name, the migration, channels."""
    shown = fakturavakt("rules", "show", "consent-valid")
    assert shown.returncode == 0
    assert "line.consent.explicit: yes" in shown.stdout
    shown = fakturavakt("rules", "show", "migration", "--lang", "en")
    assert shown.returncode == 0
    assert "The action is “vipps_included” when all of this holds:" in shown.stdout
    assert "sender.vipps_declined: no" in shown.stdout
    assert "line.description" in fakturavakt("rules", "show", "kind-suggested").stdout
    assert "Mente du «consent-valid»" in fakturavakt("rules", "show", "consent-vald").stderr
    write(tmp_path, "a.json", CONTRACT_DOCUMENT)
    said = fakturavakt("explain", "a.json", "--rule", "vipps_regning", *AS_OF).stdout
    assert "✓ Kanal Vipps Regning" in said
    assert "Kanal eFaktura" not in said


def test_a_narrow_terminal_breaks_no_id_and_keeps_indentation(tmp_path: Path) -> None:
    """In 60 columns an id can still be copied, and what is wrapped is indented as its line."""
    write(tmp_path, "a.json", CONTRACT_DOCUMENT)
    listed = in_terminal(tmp_path, "rules", "list")
    for rule in (
        "no-creditor-relationship",
        "unconsented-subscription",
        "period-of-a-subscription",
    ):
        assert rule in listed
    explained = in_terminal(tmp_path, "explain", "a.json", "--rule", "unagreed-upgrade", *AS_OF)
    _, _, tree = explained.partition("[unagreed-upgrade]")
    body = [line for line in tree.splitlines()[1:] if line.strip()]
    assert len(body) > 20
    assert all(line.startswith("  ") for line in body)


def in_terminal(folder: Path, *arguments: str) -> str:
    """What the program shows on a terminal of 60 columns, without colours."""
    ours, theirs = os.openpty()
    clean = {k: v for k, v in os.environ.items() if not k.startswith("FAKTURAVAKT_")}
    with subprocess.Popen(
        [sys.executable, "-m", "fakturavakt", *arguments],
        cwd=folder,
        env=clean | {"PYTHONPATH": os.pathsep.join(sys.path), "COLUMNS": "60", "TERM": "dumb"},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
    ):
        os.close(theirs)
        read = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux's way to say that the other end has closed
                break
            if not part:
                break
            read += part
    os.close(ours)
    return read.decode("utf-8").replace("\r\n", "\n")


def test_init_makes_features_that_run(fakturavakt: Run, tmp_path: Path) -> None:
    """`pytest` in the new folder runs them against its own rule book."""
    assert fakturavakt("init", "mine").returncode == 0
    mine = tmp_path / "mine"

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *arguments],
            cwd=mine,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    done = run()
    assert done.returncode == 0, done.stdout
    assert "skipped" not in done.stdout
    rule = mine / "rules" / "prohibitions" / "unsolicited-gift-request.yaml"
    written = rule.read_text(encoding="utf-8")
    rule.write_text(
        written.replace("line.kind: gift_request", "line.kind: goods"), encoding="utf-8"
    )
    assert run("-x").returncode == 1
