"""Makes the handbook of the rule book that ships while the site is built, and says each page's language.

The handbook stands beside the pages as `rule-handbook.html`, whole and in its own dress: what an officer
sends on is what an officer sees here. A page names its language in its front matter: `html_lang: nb`. When
all is written, every link within the site is followed once: one that leads nowhere is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml import html
from sphinx.application import Sphinx
from sphinx.util import logging

from fakturavakt.acceptance.pytest_settings import features_can_run
from fakturavakt.desk.feature_documents import feature_documents
from fakturavakt.desk.handbook import make_handbook
from fakturavakt.desk.handbook_page import page
from fakturavakt.desk.rule_history import rule_history
from fakturavakt.rulebook.case_files import load_cases
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.shipped import shipped_folder
from fakturavakt.texts import OWN_LANGUAGES

HANDBOOK = "rule-handbook.html"


def write_handbook(app: Sphinx, failure: Exception | None) -> None:
    """Once the pages are written, if they are HTML."""
    if failure is not None or app.builder.format != "html":
        return
    rules = shipped_folder("rules")
    book = load_rulebook(rules, guarantees=True)
    handbook = make_handbook(
        book,
        rules,
        OWN_LANGUAGES,
        cases=load_cases(rules, book).cases,
        documents=feature_documents(shipped_folder("features"), rules)
        if features_can_run()
        else (),
        history=rule_history(rules),
    )
    Path(app.outdir, HANDBOOK).write_text(page(handbook), encoding="utf-8")
    for file, target in broken_links(Path(app.outdir)):
        logging.getLogger(__name__).warning("%s: the link %s leads nowhere", file, target)


def broken_links(site: Path) -> Iterator[tuple[str, str]]:
    """Each link within the site, with its page, whose file or anchor is not there."""
    pages = {
        path: html.parse(str(path), html.HTMLParser(encoding="utf-8")).getroot()
        for path in sorted(site.rglob("*.html"))
    }
    anchors = {
        path: {*root.xpath("//@id"), *root.xpath("//a/@name")} for path, root in pages.items()
    }
    for path, root in pages.items():
        for link in dict.fromkeys(map(str, root.xpath("//a/@href"))):
            url = urlsplit(link)
            if url.scheme or url.netloc:
                continue  # not of this site
            target = (path.parent / unquote(url.path)).resolve() if url.path else path
            known = anchors.get(target)
            found = (
                target.exists()
                if known is None
                else not url.fragment or unquote(url.fragment) in known
            )
            if not found:
                yield path.relative_to(site).as_posix(), link


def name_language(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _tree: object
) -> None:
    """A page is in the language that it names, else in the site's."""
    found = app.env.metadata.get(pagename, {}).get("html_lang")
    if found is not None:
        context["language"] = found


def setup(app: Sphinx) -> dict[str, bool]:
    """For Sphinx."""
    app.connect("html-page-context", name_language)
    app.connect("build-finished", write_handbook)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
