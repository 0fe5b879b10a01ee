"""``rules handbook`` as an officer runs it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from fakturavakt.shipped import shipped_folder


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the rule book that ships, without features beside it."""
    return Path(shutil.copytree(shipped_folder("rules"), tmp_path / "regler"))


def test_both_languages_unless_one_is_asked_for(fakturavakt: Run, rules: Path) -> None:
    """A file that appears whole, or standard output."""
    done = fakturavakt("rules", "handbook", "--rules", "regler", "-o", "bok.html")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    both = (rules.parent / "bok.html").read_text(encoding="utf-8")
    assert "Fakturaen stoppes når" in both
    assert "The invoice is blocked when" in both
    for language, said, not_said in (
        ("nb", "Fakturaen stoppes når", "The invoice is blocked when"),
        ("en", "The invoice is blocked when", "Fakturaen stoppes når"),
    ):
        done = fakturavakt("rules", "handbook", "--rules", "regler", "--lang", language)
        assert done.returncode == 0
        assert said in done.stdout
        assert not_said not in done.stdout


def test_what_stands_in_a_rule_book_is_text_and_never_markup(fakturavakt: Run, rules: Path) -> None:
    """A title with signs of HTML comes out as it was written."""
    file = rules / "prohibitions" / "unagreed-upgrade.yaml"
    text = file.read_text(encoding="utf-8")
    title = "Ny ytelse eller utvidet abonnement utover det som er avtalt"
    file.write_text(
        text.replace(title, "Ny <script>alert(1)</script> & «ytelse»"), encoding="utf-8"
    )
    done = fakturavakt("rules", "handbook", "--rules", "regler")
    assert "Ny &lt;script&gt;alert(1)&lt;/script&gt; &amp; «ytelse»" in done.stdout
    assert "<script" not in done.stdout


def test_mistakes_are_told_as_by_rules_check(fakturavakt: Run, rules: Path) -> None:
    """In Norwegian unless another language is asked for; no half a file is left behind."""
    (rules / "vocabulary.yaml").write_text("facts: []\n", encoding="utf-8")
    done = fakturavakt("rules", "handbook", "--rules", "regler", "-o", "bok.html")
    assert done.returncode == 2
    assert "vocabulary.yaml:1:8" in done.stderr
    assert "feil funnet" in done.stderr
    assert not (rules.parent / "bok.html").exists()


def test_a_language_that_the_rule_book_lacks(fakturavakt: Run) -> None:
    """It is refused, with those that there are."""
    done = fakturavakt("rules", "handbook", "--lang", "fr")
    assert done.returncode == 2
    assert "--lang nb, --lang en" in done.stderr


def test_a_says_for_a_value_that_is_none(fakturavakt: Run, rules: Path) -> None:
    """Words of the vocabulary for a choice that there is not are a mistake with a place and a suggestion."""
    file = rules / "vocabulary.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("      person: {nb:", "      persn: {nb:"), encoding="utf-8")
    done = fakturavakt("rules", "check", "--rules", "regler")
    assert done.returncode == 2
    assert "«persn» er ikke noe som «recipient.kind» kan være. Mente du «person»?" in done.stderr
