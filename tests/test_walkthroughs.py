"""The tutorial and the how-to, followed step by step in each language: what they print is what is printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.walkthrough import Walkthrough, blocks, commands

DOCS = Path(__file__).parents[1] / "docs"
PAIRS = [
    ("nb/et-nytt-forbud.md", "en/a-new-prohibition.md"),
    ("nb/fra-eksport-til-svar.md", "en/from-export-to-answers.md"),
    ("nb/egne-scenarier.md", "en/scenarios-of-your-own.md"),
]
PAGES = [page for pair in PAIRS for page in pair]
SAME_IN_BOTH = {
    "regelbok": "rulebook",
    "regelhandbok": "rule-handbook",
    "eksport": "export",
    "svar": "answers",
    "avvist": "rejected",
    "natt": "night",
    "avtaler": "agreements",
    "gaver": "gifts",
    "feilskrift": "slip",
    "scenarier": "scenarios",
    "kjoringer": "runs",
    "vedlegg": "attachments",
}
"""Names that a page chooses, in Norwegian and in English."""


@pytest.mark.parametrize("page", PAGES)
def test_a_page_can_be_followed(page: str, tmp_path: Path) -> None:
    """Its files are written, its commands run, and each prints what the page says."""
    walk = Walkthrough(page, tmp_path)
    walk.follow((DOCS / page).read_text(encoding="utf-8"))
    assert walk.commands_run >= 8


@pytest.mark.parametrize(("norwegian", "english"), PAIRS)
def test_both_languages_go_the_same_way(norwegian: str, english: str) -> None:
    """The same commands in the same order, and the same files."""

    def steps(page: str) -> list[str]:
        found: list[str] = []
        for block in blocks((DOCS / page).read_text(encoding="utf-8")):
            if block.what is not None:
                found.append(f"{block.what} {block.of}")
            elif block.kind == "console":
                found += [each.command for each in commands(block)]
        return [each for each in found if not each.startswith(("export", "git commit"))]

    def translated(step: str) -> str:
        return re.sub(r"\w+", lambda word: SAME_IN_BOTH.get(word[0], word[0]), step)

    assert [translated(step) for step in steps(norwegian)] == steps(english)


def test_what_a_page_says_wrong_is_found(tmp_path: Path) -> None:
    """A line that is not printed, an exit code that does not come, a file that has no such line."""
    said = "```console\n$ fakturavakt --version\n{}\n```\n"
    Walkthrough("page", tmp_path).follow(said.format("fakturavakt…"))
    for wrong in ("noe annet", "fakturavakt…\n(exit code 1)"):
        with pytest.raises(AssertionError, match="page:2"):
            Walkthrough("page", tmp_path).follow(said.format(wrong))
    edit = "<!-- file: a -->\n```yaml\na: 1\n```\n\n<!-- edit: a -->\n```diff\n-b: 1\n+b: 2\n```\n"
    with pytest.raises(AssertionError, match="page:8"):
        Walkthrough("page", tmp_path).follow(edit)
