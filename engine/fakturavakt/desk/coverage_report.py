"""What was put to the test, written down: as text, and as one page over the rule files themselves.

Promises: the page needs nothing beside itself, and shows what the rule files say and nothing of a document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from fakturavakt.desk.coverage import (
    ALONE_GOALS,
    OUTCOME_GOALS,
    Coverage,
    CoveredCondition,
    Goal,
    by_file,
)
from fakturavakt.report.machine import PROGRAM
from fakturavakt.texts import Text, counted, how_many, text
from fakturavakt.vocabulary.facts import FactType

GOAL_WORDS: Final[Mapping[Goal, Text]] = {
    Goal(True): text("sann", "true"),
    Goal(False): text("usann", "false"),
    Goal(None): text("ukjent", "unknown"),
    Goal(True, alone=True): text("avgjorde alene som sann", "decided alone as true"),
    Goal(False, alone=True): text("avgjorde alene som usann", "decided alone as false"),
}
_SHORT: Final[Mapping[Goal, Text]] = {
    **{goal: GOAL_WORDS[goal] for goal in OUTCOME_GOALS},
    Goal(True, alone=True): text("alene sann", "alone true"),
    Goal(False, alone=True): text("alene usann", "alone false"),
}


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the documents came from: cases that somebody has confirmed, and what scenarios decided on (None
    where none were run).
    """

    cases: int
    scenario_documents: int | None


def text_lines(
    coverage: Coverage, sources: Sources, language: str, *, every: bool = False
) -> Iterator[str]:
    """What was not seen, condition by condition, and the sum; with ``every`` all conditions."""
    for condition in coverage.conditions:
        if condition.missing or every:
            yield _condition_line(condition, language)
        if condition.missing_edges:
            yield _edge_line(condition, language)
    yield summary(coverage, sources).say(language)


def _condition_line(condition: CoveredCondition, language: str) -> str:
    head = f"{condition.place}: {condition.owner}: {condition.written}"
    if not condition.missing:
        return f"✓ {head}"
    lacking = ", ".join(GOAL_WORDS[goal].say(language) for goal in condition.missing)
    return text(f"✗ {head}  – aldri: {lacking}", f"✗ {head}  – never: {lacking}").say(language)


def _edge_line(condition: CoveredCondition, language: str) -> str:
    """Edges are told of, and are no part of the share."""
    distances = ", ".join(
        edge_words(condition, each).say(language) for each in condition.missing_edges
    )
    head = f"· {condition.place}: {condition.owner}: {condition.written}"
    return text(
        f"{head}  – avgjorde aldri alene {distances}", f"{head}  – never decided alone {distances}"
    ).say(language)


_AT_THE_BOUND: Final = text("akkurat på grensen", "right at the bound")
_BESIDE: Final[Mapping[tuple[FactType, int], Text]] = {
    (FactType.DATE, -1): text("dagen før grensen", "the day before the bound"),
    (FactType.DATE, 1): text("dagen etter grensen", "the day after the bound"),
    (FactType.MONEY, -1): text("ett øre under grensen", "one øre below the bound"),
    (FactType.MONEY, 1): text("ett øre over grensen", "one øre above the bound"),
    (FactType.COUNT, -1): text("én under grensen", "one below the bound"),
    (FactType.COUNT, 1): text("én over grensen", "one above the bound"),
}


def edge_words(condition: CoveredCondition, distance: int) -> Text:
    """How far a fact is from what it is compared with, in words."""
    if distance == 0 or condition.compares is None:
        return _AT_THE_BOUND
    return _BESIDE[condition.compares, distance]


def summary(coverage: Coverage, sources: Sources) -> Text:
    """How much was seen, of what, by what."""
    said = {}
    for language in ("nb", "en"):
        conditions, goals, seen = (
            counted(number, language)
            for number in (len(coverage.conditions), coverage.goals, coverage.seen)
        )
        cases = how_many(sources.cases, text("tilfelle", "case"), text("tilfeller", "cases")).say(
            language
        )
        share = percent(coverage.share, language)
        seen_of_all = text("{seen} av {all}", "{seen} of {all}").say(language)
        edges = seen_of_all.format(seen=coverage.edges_seen, all=coverage.edges)
        if sources.scenario_documents is None:
            scenarios = text("scenarier er ikke kjørt", "scenarios were not run")
        else:
            number = how_many(
                sources.scenario_documents,
                text("dokument", "document"),
                text("dokumenter", "documents"),
            ).say(language)
            scenarios = text(f"{number} i scenarier", f"{number} of scenarios")
        said[language] = text(
            f"{share} er prøvd: {seen} av {goals} utfall av {conditions} vilkår "
            f"({cases}, {scenarios.say('nb')}). {edges} kanter er prøvd.",
            f"{share} is tested: {seen} of {goals} outcomes of {conditions} conditions "
            f"({cases}, {scenarios.say('en')}). {edges} edges are tested.",
        ).say(language)
    return text(said["nb"], said["en"])


def percent(share: float, language: str) -> str:
    """``99,8 %`` or ``99.8%``, cut and never rounded up: only what is whole is 100."""
    tenths = int(share * 1000)
    written = f"{tenths // 10}.{tenths % 10}" if tenths < 1000 else "100"
    return f"{written.replace('.', ',')}\N{NO-BREAK SPACE}%" if language == "nb" else f"{written}%"


# -- the page ----------------------------------------------------------------------------------------


def page(coverage: Coverage, sources: Sources, root: Path, language: str) -> str:
    """One HTML page: the sum, what was not seen, and every rule file with its conditions marked.

    ``root`` is the folder of the rule book: files are called by their paths in it.
    """
    title = text(
        f"Hva som er prøvd i regelboken {coverage.book.name}",
        f"What is tested in the rule book {coverage.book.name}",
    ).say(language)
    files = by_file(coverage)
    numbers = {id(each): number for number, each in enumerate(coverage.conditions)}
    body = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="sum">{escape(summary(coverage, sources).say(language))}</p>',
        f"<p>{escape(_EXPLAINED.say(language))}</p>",
        f'<p class="small">{escape(f"{coverage.book.version} · {PROGRAM}")}</p>',
        *_lacking(coverage.conditions, numbers, root, language),
        *(
            line
            for file, conditions in files.items()
            for line in _file(Path(file), conditions, numbers, root, language)
        ),
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language, quote=True)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


_EXPLAINED: Final = text(
    "Hvert vilkår skal ha vært sant, usant og ukjent, der det kan være det, og ha avgjort alene: regelen "
    "ville blitt motsatt om bare dette vilkåret var motsatt. Der datoer, beløp og antall sammenlignes, skal "
    "det også ha avgjort alene på hver side av grensen. ✓ er prøvd, ✗ er ikke prøvd.",
    "Each condition should have been true, false and unknown, where it can be, and have decided alone: the "
    "rule would have been the opposite had only this condition been the opposite. Where dates, amounts and "
    "counts are compared, it should also have decided alone on either side of the bound. "
    "✓ is tested, ✗ is not.",
)


def _lacking(
    conditions: Sequence[CoveredCondition], numbers: Mapping[int, int], root: Path, language: str
) -> Iterator[str]:
    lacking = [each for each in conditions if each.missing or each.missing_edges]
    if not lacking:
        return
    yield f"<h2>{escape(text('Ikke prøvd', 'Not tested').say(language))}</h2>\n<ul>"
    for condition in lacking:
        said = [GOAL_WORDS[goal].say(language) for goal in condition.missing]
        said += [edge_words(condition, each).say(language) for each in condition.missing_edges]
        words = ", ".join(said)
        place = f"{_name(Path(condition.place.file), root)}:{condition.place.line}"
        yield (
            f'<li><a href="#c{numbers[id(condition)]}">{escape(place)}</a> '
            f"<b>{escape(condition.owner)}</b> <code>{escape(condition.written)}</code>: "
            f"{escape(words)}</li>"
        )
    yield "</ul>"


def _file(
    file: Path,
    conditions: Sequence[CoveredCondition],
    numbers: Mapping[int, int],
    root: Path,
    language: str,
) -> Iterator[str]:
    goals = sum(len(each.goals) for each in conditions)
    seen = goals - sum(len(each.missing) for each in conditions)
    share = percent(seen / goals, language)
    yield f"<h2>{escape(_name(file, root))} <small>{escape(share)}</small></h2>\n<table>"
    on_line: dict[int, list[CoveredCondition]] = {}
    for condition in conditions:
        on_line.setdefault(condition.place.line, []).append(condition)
    for number, line in enumerate(file.read_text(encoding="utf-8-sig").splitlines(), start=1):
        here = on_line.get(number, [])
        kind = ""
        if here:
            kind = (
                ' class="lacking"'
                if any(each.missing or each.missing_edges for each in here)
                else ' class="whole"'
            )
        marks = "".join(_marks(each, numbers, language, name=len(here) > 1) for each in here)
        yield (
            f'<tr{kind}><td class="number">{number}</td><td class="source">{escape(line)}</td>'
            f"<td>{marks}</td></tr>"
        )
    yield "</table>"


def _marks(
    condition: CoveredCondition, numbers: Mapping[int, int], language: str, *, name: bool
) -> str:
    """What is to be seen of a condition; where a line has several, each is named."""
    named = f"<code>{escape(condition.written)}</code> " if name else ""
    marks = []
    for goal in (*OUTCOME_GOALS, *ALONE_GOALS):
        if goal not in condition.goals:
            continue
        kind, mark = ("seen", "✓") if goal in condition.seen else ("unseen", "✗")
        full = escape(GOAL_WORDS[goal].say(language), quote=True)
        said = escape(_SHORT[goal].say(language))
        marks.append(f'<span class="{kind}" title="{full}">{mark}&nbsp;{said}</span>')
    for distance in sorted(condition.edges):
        seen = distance in condition.edges_seen
        kind, mark = ("seen", "✓") if seen else ("unseen", "✗")
        said = escape(edge_words(condition, distance).say(language))
        marks.append(f'<span class="{kind}">{mark}&nbsp;{said}</span>')
    return f'<div id="c{numbers[id(condition)]}">{named}{" ".join(marks)}</div>'


def _name(file: Path, root: Path) -> str:
    return str(file.relative_to(root)) if file.is_relative_to(root) else file.name


_STYLE: Final = """
body { font: 16px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem;
  color: #1a1a1a; background: #fff; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .4rem; } small, .small { color: #595959; }
.sum { font-size: 1.15rem; font-weight: 600; } .small { font-size: .8rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .85rem; }
td { vertical-align: top; padding: 0 .6rem; } .number { color: #595959; text-align: right; width: 2.5rem;
  user-select: none; }
.source, code { font-family: ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.source { width: 55%; }
.whole .source { background: #e9f6ec; } .lacking .source { background: #fdecea; }
.seen { color: #14652b; } .unseen { color: #a11212; font-weight: 700; }
.seen, .unseen { margin-right: .4rem; }
@media print {
  body { margin: 0; max-width: none; font-size: 10pt; } table { font-size: 8pt; }
  h2 { break-after: avoid; } tr { break-inside: avoid; } a { color: inherit; text-decoration: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
