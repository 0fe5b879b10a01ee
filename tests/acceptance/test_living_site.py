"""The living documentation as pages of a docs site: text stays text, links lead somewhere, all or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from tests.acceptance.acceptance_runs import BOOK, GREEN, NASTY, RUN, runs

from fakturavakt.acceptance.living_site import SiteError, site_pages, write_site
from fakturavakt.acceptance.markdown_text import plain, verbatim
from fakturavakt.acceptance.run_history import record_of
from fakturavakt.acceptance.run_result import AcceptanceRun
from fakturavakt.rulebook.clause_files import load_clauses
from fakturavakt.shipped import shipped_folder

CLAUSES = load_clauses(shipped_folder("rules"), BOOK)
MARKDOWN = MarkdownIt("commonmark").enable("table")
RANDOM = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def tokens_of(page: str) -> Iterator[Token]:
    """All of a page, that within lines too."""
    for token in MARKDOWN.parse(re.sub(r"\A---\n.*?\n---\n", "", page, flags=re.DOTALL)):
        yield token
        yield from token.children or ()


@given(st.one_of(st.sampled_from(NASTY), st.text(st.characters(codec="utf-8"))))
def test_text_stays_text(written: str) -> None:
    """Whatever it is, one paragraph of nothing but text comes out, with all that a page can hold."""
    shown = plain(written)
    assert "\n" not in shown
    found = [*tokens_of(shown)]
    assert {token.type for token in found} <= {
        *("paragraph_open", "paragraph_close", "inline", "text", "text_special"),
    }
    if written.isprintable():
        said = "".join(token.content for token in found if token.type.startswith("text"))
        assert said.split() == written.split()


@given(st.text(st.sampled_from("`~ab\n ")))
def test_verbatim_text_stays_as_it_is(written: str) -> None:
    """Its own fences do not end it."""
    (fence,) = MARKDOWN.parse("\n".join(verbatim(written)))
    assert fence.content == f"{written}\n"


@RANDOM
@given(runs())
def test_every_link_has_one_label_to_lead_to(run: AcceptanceRun) -> None:
    """Over all pages of any run; and no page becomes HTML of somebody's own."""
    pages = site_pages(run, BOOK, CLAUSES, (record_of(run),), "nb")
    labels: list[str] = []
    targets: list[str] = []
    for page in pages.values():
        # A label stands alone on its line; one that a feature writes is escaped.
        labels += re.findall(r"^\(([a-z0-9-]+)\)=$", page, re.MULTILINE)
        for token in tokens_of(page):
            assert not token.type.startswith("html")
            if token.type == "link_open":
                targets.append(str(token.attrs["href"]).removeprefix("#"))
    assert len(labels) == len(set(labels))
    assert set(targets) <= set(labels)


def test_each_feature_has_a_page_in_its_language() -> None:
    """The index has them all in its menu, and what failed."""
    pages = site_pages(RUN, BOOK, CLAUSES, (), "nb")
    assert [*pages] == [
        "clauses.md",
        "features/channels.md",
        "features/ytelse-uten-avtale.md",
        "index.md",
        "rules.md",
    ]
    norwegian, english = pages["features/ytelse-uten-avtale.md"], pages["features/channels.md"]
    assert norwegian.startswith("---\nhtml_lang: nb\n---\n")
    assert english.startswith("---\nhtml_lang: en\n---\n")
    assert "– not run" in english.replace("\\", "")
    assert "| 2 | 349\\,01 kr | stoppet | ✗ feilet |" in norwegian
    assert "- **Så** blir fakturaen stoppet **✗ feilet**\n\n  ```text\n  ventet" in norwegian
    menu = pages["index.md"].split("```{toctree}")[1]
    assert {f"{name}.md" for name in menu.split()[1:-1]} == {*pages} - {"index.md"}
    assert "](#scenario-ytelse-uten-avtale-beloepet" in pages["index.md"]
    assert "clauses.md" not in site_pages(RUN, BOOK, (), (), "nb")


def test_a_site_is_replaced_whole(tmp_path: Path) -> None:
    """A page of a feature that is gone goes; nothing is left beside it."""
    folder = tmp_path / "docs" / "living"
    write_site(folder, site_pages(RUN, BOOK, CLAUSES, (), "nb"))
    pages = site_pages(GREEN, BOOK, CLAUSES, (), "nb")
    write_site(folder, pages)
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*.md")}
    assert written == {*pages}
    assert (folder / "index.md").read_text(encoding="utf-8") == pages["index.md"]
    assert [*folder.parent.iterdir()] == [folder]


def test_what_somebody_else_wrote_is_left_alone(tmp_path: Path) -> None:
    """A folder with other things in it, or a file, is refused; an empty one is taken."""
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    write_site(theirs, {"index.md": "ours"})
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.md").write_text("mine", encoding="utf-8")
    for folder in (tmp_path / "notes", tmp_path / "notes" / "mine.md"):
        with pytest.raises(SiteError):
            write_site(folder, {"index.md": "ours"})
    assert [*(tmp_path / "notes").iterdir()] == [tmp_path / "notes" / "mine.md"]


def test_a_site_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    """A name that no file can have is as good as a full disk."""
    folder = tmp_path / "living"
    write_site(folder, {"index.md": "old"})
    with pytest.raises(OSError, match="long"):
        write_site(folder, {"index.md": "new", f"{'x' * 300}.md": ""})
    assert (folder / "index.md").read_text(encoding="utf-8") == "old"
    assert [*tmp_path.iterdir()] == [folder]


def test_a_feature_without_a_name_is_called_as_its_file() -> None:
    """A page needs a title."""
    unnamed = replace(RUN.features[1], name="")
    pages = site_pages(replace(RUN, features=(unnamed,)), BOOK, CLAUSES, (), "nb")
    assert "\n# channels\n" in pages["features/channels.md"]
