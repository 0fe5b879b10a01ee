"""Sphinx builds the living documentation without a warning, and every link in it leads somewhere."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from lxml import html
from tests.acceptance.acceptance_runs import BOOK, ENGLISH, NASTY, NORWEGIAN, RUN

from fakturavakt.acceptance.living_site import site_pages, write_site
from fakturavakt.acceptance.run_history import record_of
from fakturavakt.acceptance.run_result import FeatureResult
from fakturavakt.rulebook.clause_files import load_clauses
from fakturavakt.shipped import shipped_folder

CONFIGURATION = """\
project = "site"
extensions = ["myst_parser"]
html_theme = "furo"
nitpicky = True
smartquotes = False
myst_enable_extensions = ["colon_fence", "dollarmath", "fieldlist", "deflist", "attrs_block", "tasklist"]
"""


def nasty_feature() -> FeatureResult:
    """Everything that could be taken for markup, in every place where a feature writes something."""
    plain, row, failed = NORWEGIAN.scenarios
    scenarios = []
    for n, said in enumerate(NASTY):
        steps = tuple(
            replace(step, text=f"{said} {n}", docstring=said, table=((said, "b"), ("c", said)))
            for step in plain.steps
        )
        named = replace(plain, name=said, line=100 + n, steps=steps, description=said)
        scenarios.append(replace(named, rule_heading=said, rule_description=said))
        scenarios.append(replace(row, line=200 + n, example=((said, said),), example_heading=said))
        scenarios.append(replace(failed, line=300 + n, error=said, example=()))
    return replace(
        NORWEGIAN,
        file="nasty.feature",
        name="{x} <y>",
        scenarios=tuple(scenarios),
        description="# x",
    )


def test_sphinx_builds_the_site_without_a_warning(tmp_path: Path) -> None:
    """Of a site that has more extensions on than its pages need."""
    source, built = tmp_path / "source", tmp_path / "built"
    run = replace(RUN, features=(NORWEGIAN, ENGLISH, nasty_feature()))
    clauses = load_clauses(shipped_folder("rules"), BOOK)
    write_site(source / "living", site_pages(run, BOOK, clauses, (record_of(run),), "nb"))
    (source / "conf.py").write_text(CONFIGURATION, encoding="utf-8")
    (source / "index.md").write_text(
        "# Site\n\n```{toctree}\nliving/index\n```\n", encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", source, built],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    pages = {path: html.parse(str(path)).getroot() for path in (built / "living").rglob("*.html")}
    assert len(pages) == 6
    for path, root in pages.items():
        for link in map(str, root.xpath("//article//a[contains(@class, 'reference')]/@href")):
            file, _, anchor = link.partition("#")
            target = (path.parent / file).resolve() if file else path
            assert not anchor or pages[target].get_element_by_id(anchor) is not None, link
    nasty = pages[built / "living" / "features" / "nasty.html"].text_content()
    for said in NASTY:
        assert " ".join(said.split()) in " ".join(nasty.split()), said
