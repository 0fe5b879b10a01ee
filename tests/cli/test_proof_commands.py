"""``rules diff`` and ``rules prove`` as they are called: by folder, wheel and revision."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from fakturavakt.shipped import shipped_folder

SHIPPED = str(shipped_folder("rules"))
EXPLICIT = "    - line.consent.explicit: yes\n"


@pytest.fixture
def looser(tmp_path: Path) -> Path:
    """A copy of the shipped rule book in ``mine/rules``, without ``explicit``."""
    rules = tmp_path / "mine" / "rules"
    shutil.copytree(SHIPPED, rules)
    drop_explicit(rules)
    return rules


def drop_explicit(rules: Path) -> None:
    """Edit the definition of consent."""
    path = rules / "definitions" / "consent-valid.yaml"
    content = path.read_text(encoding="utf-8")
    assert content.count(EXPLICIT) == 1
    path.write_text(content.replace(EXPLICIT, ""), encoding="utf-8")


def git(folder: Path, *arguments: str) -> None:
    """Run git in a folder, as nobody in particular."""
    who = ("-c", "user.name=A", "-c", "user.email=a@example.no", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


def test_a_looser_rule_book_is_told_in_both_languages(fakturavakt: Run, looser: Path) -> None:
    """What was edited, what it means, and the document; exit code 1."""
    norwegian = fakturavakt("rules", "diff", SHIPPED, str(looser))
    assert norwegian.returncode == 1
    assert "endret: definisjon consent-valid" in norwegian.stdout
    assert "-   - line.consent.explicit: yes" in norwegian.stdout
    assert "avgjørelsen: løsere" in norwegian.stdout
    assert "løsere: stoppet → sendes (" in norwegian.stdout
    english = fakturavakt("rules", "diff", SHIPPED, str(looser), "--lang", "en")
    assert (
        "looser: block → send (attempts: efaktura, paper). Smallest document that shows it"
        in english.stdout
    )
    assert '"informed": true, "explicit": false' in english.stdout
    assert "up to 4 lines" in english.stdout
    assert not english.stderr


def test_the_document_that_is_shown_can_be_screened(
    fakturavakt: Run, looser: Path, tmp_path: Path
) -> None:
    """On both rule books, with the decisions that were told."""
    done = fakturavakt("rules", "diff", SHIPPED, str(looser), "--format", "json")
    told = json.loads(done.stdout)
    assert told["schema"] == 1
    decision = told["meaning"][0]
    assert (decision["subject"], decision["change"], decision["lines"]) == ("decision", "looser", 4)
    (shown,) = decision["documents"]
    assert shown["smallest"] is True
    (tmp_path / "a.json").write_text(json.dumps(shown["document"]), encoding="utf-8")
    for rules, outcome in ((SHIPPED, shown["old"]), (str(looser), shown["new"])):
        screened = fakturavakt(
            "screen", "a.json", "--rules", rules, "--as-of", shown["as_of"], "--format", "json"
        )
        (found,) = json.loads(screened.stdout)["decisions"]
        assert {key: found[key] for key in ("decision", "channel", "attempts")} == outcome


def test_equal_rule_books_end_with_0_and_need_no_solver(fakturavakt: Run, tmp_path: Path) -> None:
    """Also where z3 cannot be imported."""
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "z3.py").write_text("raise ImportError\n", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path / "hidden"), *sys.path])
    done = fakturavakt("rules", "diff", SHIPPED, SHIPPED, env={"PYTHONPATH": path})
    assert done.returncode == 0
    assert "Ingenting er endret." in done.stdout
    assert "avgjørelsen: likeverdig" in done.stdout


@pytest.mark.parametrize(
    "arguments", [("rules", "prove"), ("rules", "diff", SHIPPED, "mine/rules")]
)
def test_without_the_solver_it_is_said_how_to_get_it(
    fakturavakt: Run, looser: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """Exit code 2: nothing was compared."""
    (tmp_path / "hidden").mkdir()
    (tmp_path / "hidden" / "z3.py").write_text("raise ImportError\n", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path / "hidden"), *sys.path])
    done = fakturavakt(*arguments, env={"PYTHONPATH": path})
    assert done.returncode == 2
    assert "pip install 'fakturavakt[prove]'" in done.stderr


@pytest.mark.parametrize(
    ("fail_on", "old_first", "code"),
    [("any", True, 1), ("any", False, 1), ("looser", True, 1), ("looser", False, 0),
     ("never", True, 0)],
)  # fmt: skip
def test_what_counts_as_failed_is_chosen(
    fakturavakt: Run, looser: Path, fail_on: str, *, old_first: bool, code: int
) -> None:
    """A stricter rule book passes where only a looser one shall fail."""
    books = [SHIPPED, str(looser)]
    done = fakturavakt(
        "rules", "diff", *(books if old_first else books[::-1]), "--fail-on", fail_on
    )
    assert done.returncode == code


def test_revisions_of_git_and_a_wheel_are_rule_books(
    fakturavakt: Run, looser: Path, tmp_path: Path
) -> None:
    """``HEAD~1``, ``REV:PATH``, and the wheel that ships one."""
    top = looser.parent
    shutil.rmtree(looser)
    shutil.copytree(SHIPPED, looser)
    git(top, "init", "-q")
    git(top, "add", ".")
    git(top, "commit", "-qm", "shipped")
    drop_explicit(looser)
    git(top, "commit", "-qam", "looser")
    wheel = tmp_path / "fakturavakt-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path in Path(SHIPPED).rglob("*.yaml"):
            archive.write(path, Path("fakturavakt/shipped/rules") / path.relative_to(SHIPPED))
    inside = [sys.executable, "-m", "fakturavakt", "rules", "diff"]
    for old, new, change in (
        ("HEAD~1", "HEAD", "looser"),
        ("HEAD~1:rules", "rules", "looser"),
        (str(wheel), "HEAD~1", "equivalent"),
    ):
        done = subprocess.run(
            [*inside, old, new, "--format", "json"],
            cwd=top,
            capture_output=True,
            encoding="utf-8",
            check=False,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert json.loads(done.stdout)["meaning"][0]["change"] == change, done.stderr
    (looser / "definitions" / "consent-valid.yaml").write_text("define: [", encoding="utf-8")
    git(top, "commit", "-qam", "broken")
    done = subprocess.run(
        [*inside, "HEAD~1", "HEAD"],
        cwd=top,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 2
    assert "HEAD:rules/definitions/consent-valid.yaml:2:1" in done.stderr


@pytest.mark.parametrize("named", ["nowhere", "HEAD:nowhere", "--version:rules", "x.whl"])
def test_what_is_no_rule_book_is_named(fakturavakt: Run, tmp_path: Path, named: str) -> None:
    """With what it could have been."""
    (tmp_path / "x.whl").write_text("no archive", encoding="utf-8")
    done = fakturavakt("rules", "diff", "--lang", "en", "--", named, SHIPPED)
    assert done.returncode == 2
    assert named in done.stderr
    assert "folder" in done.stderr


def test_prove_tells_what_is_proved_and_what_is_not(fakturavakt: Run, looser: Path) -> None:
    """The shipped rule book keeps its promises; the edited one breaks those about consent."""
    kept = fakturavakt("rules", "prove")
    assert kept.returncode == 0
    assert "✗" not in kept.stdout
    assert "0 motbevist" in kept.stdout
    broken = fakturavakt(
        "rules", "prove", "subscription-needs-valid-consent", "--rules", str(looser), "--lang", "en"
    )
    assert broken.returncode == 1
    first, place, outcome, document, *_ = broken.stdout.splitlines()
    assert first.startswith("✗ A subscription without valid, informed and explicit consent")
    assert first.endswith("(S12): refuted")
    assert "payment_demands.yaml:" in place
    assert "Outcome: send." in outcome
    assert json.loads(document)["invoice"]["lines"][0]["consent"]["explicit"] is False


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_answer_goes_to_a_file_as_it_would_to_the_screen(
    form: str, fakturavakt: Run, looser: Path, tmp_path: Path
) -> None:
    """As the siblings of these commands let it."""
    diff = ("rules", "diff", SHIPPED, str(looser), "--format", form)
    prove = ("rules", "prove", "legacy-vipps-has-ended", "--format", form)
    for command in (diff, prove):
        shown, written = fakturavakt(*command), fakturavakt(*command, "-o", "answer")
        assert (written.returncode, written.stdout) == (shown.returncode, "")
        assert (tmp_path / "answer").read_text(encoding="utf-8") == shown.stdout


def test_prove_as_json_has_each_answer(fakturavakt: Run) -> None:
    """With the rule book's version, for a program."""
    done = fakturavakt("rules", "prove", "--format", "json", "legacy-vipps-has-ended")
    told = json.loads(done.stdout)
    (proof,) = told["guarantees"]
    assert (proof["guarantee"], proof["answer"], proof["covers"]) == (
        "legacy-vipps-has-ended",
        "proved",
        ["S10"],
    )
    assert told["rulebook"]["version"].startswith("sha256:")


def test_an_unknown_guarantee_is_a_usage_error(fakturavakt: Run) -> None:
    """With the one that was meant."""
    done = fakturavakt("rules", "prove", "legacy-vipps-has-endet", "--lang", "en")
    assert done.returncode == 2
    assert "Did you mean “legacy-vipps-has-ended”?" in done.stderr


def test_check_reads_guarantees(fakturavakt: Run, looser: Path) -> None:
    """A mistake in one is told with the others, with its line."""
    path = looser / "guarantees" / "data.yaml"
    content = path.read_text(encoding="utf-8")
    path.write_text(
        content.replace("rule: missing-mobile", "rule: missing-mobil"), encoding="utf-8"
    )
    done = fakturavakt("rules", "check", "--rules", str(looser))
    assert done.returncode == 2
    assert "«missing-mobile»" in done.stderr
