"""The living documentation as pages of MyST Markdown, for a docs site that Sphinx builds with myst-parser.

A page for the run, one for the clauses, one for the rules and one for each feature, in a folder that a site
takes into its menu by ``index``. Promises: every text is shown as it is written; a link leads to a label that
is there; the folder appears whole or not at all.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from fakturavakt.acceptance.feature_markdown import feature_page, mark
from fakturavakt.acceptance.living_document import LivingDocument, living_document
from fakturavakt.acceptance.living_words import (
    KINDS,
    clauses_in_words,
    engines_in_words,
    gaps,
    language_of,
    outcomes_in_words,
    passing_by,
)
from fakturavakt.acceptance.markdown_text import label, link, plain, table
from fakturavakt.acceptance.run_history import RunRecord
from fakturavakt.acceptance.run_result import AcceptanceRun
from fakturavakt.acceptance.run_words import (
    STATUSES,
    balance,
    counts_in_words,
    moment,
    place_of,
    result_in_words,
    row_in_words,
)
from fakturavakt.rulebook.clause_files import Clause
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.rulebook.rule_words import MESSAGE_NAMES, rule_in_words, said_lines
from fakturavakt.texts import OWN_LANGUAGES, Text, text, written_date

_MADE_BY_US: Final = ".fakturavakt-living"
"""A folder that has this file was written here, and may be written anew."""
_RUNS_MAX: Final = 30


class SiteError(Exception):
    """A folder that may not be written to; ``reason`` says why, and what to do."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason.say("en"))


def site_pages(
    run: AcceptanceRun,
    book: RuleBook,
    clauses: Sequence[Clause],
    history: Sequence[RunRecord],
    language: str,
) -> dict[str, str]:
    """Every page by its path in the folder. A feature's own page is in the feature's language."""
    document = living_document(run, book, clauses, history)
    pages = {"rules.md": list(_rules(document, language))}
    if document.clauses:
        pages["clauses.md"] = list(_clauses(document, language))
    for feature in document.features:
        own = language_of(feature.result.language)
        said = own if own in OWN_LANGUAGES else language
        name = feature.anchor.removeprefix("feature-")
        pages[f"features/{name}.md"] = [
            *_front(own),
            *feature_page(feature, document, said),
        ]
    pages["index.md"] = list(_index(document, [*pages], language))
    return {name: "\n".join(lines) + "\n" for name, lines in sorted(pages.items())}


def write_site(folder: Path, pages: Mapping[str, str]) -> None:
    """Put the pages into ``folder``, in the place of those that were written there before.

    Raises :class:`SiteError` where something else is there, and :class:`OSError`; then what was there stays.
    """
    target = Path(os.path.realpath(folder))
    if target.exists() and not _may_be_replaced(target):
        raise SiteError(
            text(
                f"{folder} har annet enn sider som er skrevet herfra. Velg en tom eller ny mappe.",
                f"{folder} has other things than pages that were written from here. Choose an empty or a "
                "new folder.",
            )
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    made = target.with_name(f".{target.name}.{os.urandom(6).hex()}")
    old = made.with_suffix(".old")
    try:
        for name, content in {**pages, _MADE_BY_US: ""}.items():
            path = made / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8", newline="\n")
        if target.exists():
            target.rename(old)
        try:
            made.rename(target)
        except OSError:
            if old.exists():
                old.rename(target)
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _may_be_replaced(folder: Path) -> bool:
    return folder.is_dir() and ((folder / _MADE_BY_US).exists() or not any(folder.iterdir()))


def _front(language: str) -> Iterator[str]:
    yield from ("---", f"html_lang: {language}", "---")


# -- the pages ---------------------------------------------------------------------------------------


def _index(document: LivingDocument, pages: Sequence[str], language: str) -> Iterator[str]:
    def t(nb: str, en: str) -> str:
        return plain(text(nb, en).say(language))

    run = document.run
    yield from _front(language)
    yield f"# {t('Levende dokumentasjon', 'Living documentation')}"
    yield ""
    yield f"{plain(document.book.title.say(language))}, {plain(moment(run.started, language))}\\."
    yield ""
    yield f"**{plain(result_in_words(run).say(language))}**"
    yield ""
    yield plain(f"{balance(run, language)}. {engines_in_words(run).say(language)}")
    yield ""
    failed = [*document.failed()]
    if failed:
        yield f"## {t('Dette stemmer ikke, eller er ikke prøvd', 'This is not so, or was not tried')}"
        yield ""
        for scenario, row in failed:
            name = f"{row.name} ({row_in_words(row)})" if row.example else row.name
            place = plain(place_of(scenario.feature, row))
            yield f"- {mark(row.status, language)} {link(name, scenario.anchor)} {place}"
        yield ""
    yield f"## {t('Egenskapene', 'The features')}"
    yield ""
    rows = [
        (
            link(each.name, each.anchor),
            plain(counts_in_words(each.result, language)),
            mark(each.status, language),
        )
        for each in document.features
    ]
    yield from table(
        [t("Egenskap", "Feature"), t("Scenarier", "Scenarios"), t("Resultat", "Result")], rows
    )
    yield ""
    yield from _history(document, language)
    yield from ("```{toctree}", ":hidden:", "")
    order = ["clauses.md", "rules.md"]
    yield from (each.removesuffix(".md") for each in order if each in pages)
    yield from (each.removesuffix(".md") for each in pages if each not in order)
    yield "```"


def _history(document: LivingDocument, language: str) -> Iterator[str]:
    if not document.history:
        return
    yield f"## {plain(text('Kjøringene over tid', 'The runs over time').say(language))}"
    yield ""
    heads = [text("Når", "When"), text("Regelbokens versjon", "Version of the rule book")]
    heads += STATUSES.values()
    yield from table(
        [plain(each.say(language)) for each in heads],
        [
            (
                plain(moment(each.moment, language)),
                plain(each.version[7:19]),
                *(str(number) for number in (each.passed, each.failed, each.not_run)),
            )
            for each in document.history[: -_RUNS_MAX - 1 : -1]
        ],
    )
    yield ""


def _clauses(document: LivingDocument, language: str) -> Iterator[str]:
    source = document.book.source
    yield from _front(language)
    yield f"# {plain(text('Punktene i kilden', 'The clauses of the source').say(language))}"
    yield ""
    yield plain(f"{source.document} ({written_date(source.updated, language)}).")
    yield plain(clauses_in_words(document).say(language))
    yield ""
    guarantee = text("Garanti", "Guarantee").say(language)
    for each in document.clauses:
        yield from (label(each.anchor), f"## {plain(each.clause.name)}", "")
        yield from (plain(each.clause.says.say(language)), "", mark(each.status, language), "")
        for feature in each.features:
            yield f"- {link(feature.name, feature.anchor)}"
        for scenario in each.scenarios:
            yield f"- {link(scenario.outline.name, scenario.anchor)}"
        for title in each.guarantees:
            yield f"- {plain(f'{guarantee}: {title.say(language)}')}"
        yield ""


def _rules(document: LivingDocument, language: str) -> Iterator[str]:
    def t(nb: str, en: str) -> str:
        return plain(text(nb, en).say(language))

    yield from _front(language)
    yield f"# {t('Reglene', 'The rules')}"
    yield ""
    lacking = [*gaps(document)]
    if lacking:
        title = t("Regler som scenariene ikke viser", "Rules that the scenarios do not show")
        yield from (f"## {title}", "")
        for rule, said in lacking:
            shown = link(rule.title.say(language), rule.anchor)
            yield f"- {shown}: {plain(said.say(language))}"
        yield ""
    for rule in document.rules:
        title = plain(rule.title.say(language))
        kind = plain(KINDS[rule.kind].say(language))
        yield from (label(rule.anchor), f"## {title}", "", f"{kind} · {plain(rule.name)}", "")
        for each in rule.rules:
            # The list below a sentence is indented by two, which is what makes it one in Markdown too.
            for line in said_lines(rule_in_words(each, document.book, language)):
                indent = line[: len(line) - len(line.lstrip())]
                yield f"{indent}- {plain(line.strip().removeprefix('– '))}"
            yield ""
            for wording, message in each.messages.items():
                name = plain(MESSAGE_NAMES[wording].say(language))
                yield from (f"**{name}:** {plain(message.say(language))}", "")
            remedy = t("Gjør dette", "Do this")
            yield from (f"**{remedy}:** {plain(each.remedy.say(language))}", "")
            yield from (plain(each.source.say(language)), "")
        told = [use for use in rule.uses if use.told]
        if told:
            yield from table(
                [
                    t("Scenarier som viser den", "Scenarios that show it"),
                    t("Utfall", "Outcome"),
                    t("Resultat", "Result"),
                ],
                [
                    (
                        link(use.scenario.outline.name, use.scenario.anchor),
                        plain(outcomes_in_words(rule.kind, use, language)),
                        mark(use.scenario.status, language),
                    )
                    for use in told
                ],
            )
            yield ""
        passing = len(rule.uses) - len(told)
        if passing:
            yield from (f"{plain(passing_by(passing).say(language))}\\.", "")
