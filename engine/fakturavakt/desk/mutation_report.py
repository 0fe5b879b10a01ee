"""Tried mutants, written down: for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Final

from fakturavakt.desk.condition_mutations import Mutation
from fakturavakt.desk.coverage_report import percent
from fakturavakt.desk.mutation_proof import Equivalence
from fakturavakt.desk.mutation_run import Fate, MutationRun, TriedMutant
from fakturavakt.desk.mutation_session import TriedScenario
from fakturavakt.proof.in_words import compared_as_dict, compared_in_words
from fakturavakt.report.machine import PROGRAM, SCHEMA, safe
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import Text, counted, how_many, listed, text

_KINDS: Final[Mapping[Mutation, Text]] = {
    Mutation.OPERATOR: text("operator", "operator"),
    Mutation.VALUE: text("verdi", "value"),
    Mutation.CONNECTIVE: text("bindeord", "connective"),
    Mutation.FACT: text("faktum", "fact"),
    Mutation.WINDOW: text("tidsrom", "window"),
    Mutation.PROPERTY: text("egenskap", "property"),
    Mutation.ORDER: text("rekkefølge", "order"),
}
_FATES: Final[Mapping[Fate, Text]] = {
    Fate.NOTICED: text("oppdaget", "noticed"),
    Fate.UNNOTICED: text("ikke oppdaget", "not noticed"),
    Fate.EQUIVALENT: text("likeverdig", "equivalent"),
    Fate.UNREADABLE: text("kan ikke lastes", "cannot be loaded"),
}
_SUM: Final = text("i alt", "in all")
_MUTANTS: Final = text("mutanter", "mutants")
_PARTS: Final[Mapping[str, Text]] = {
    "decision": text("avgjørelsen", "the decision"),
    "channel": text("den valgte kanalen", "the chosen channel"),
    "attempts": text("forsøkene", "the attempts"),
    "missing": text("det som mangler", "what is missing"),
    "findings": text("forbudene", "the prohibitions"),
    "channels": text("kanalene", "the channels"),
    "advice": text("rådene", "the advice"),
    "agreements": text("avsenderens avtaler", "the sender's agreements"),
    "properties": text("kanalenes egenskaper", "the channels' properties"),
    "suggestions": text("forslagene til hva linjene gjelder", "the suggestions of what lines are"),
}


def text_lines(run: MutationRun, book: RuleBook, language: str) -> Iterator[str]:
    """What was tried, by kind; each mutant that no scenario noticed, with what is known of it; the score."""
    yield _what_was_tried(run, book).say(language)
    yield ""
    yield from _table(run, language)
    for fate, heading in (
        (Fate.UNNOTICED, text("Ikke oppdaget av noe scenario:", "Noticed by no scenario:")),
        (
            Fate.EQUIVALENT,
            text(
                "Likeverdige, bevist for alle dokumenter, så ingen scenarier kan oppdage dem:",
                "Equivalent, proved for all documents, so that no scenario can notice them:",
            ),
        ),
    ):
        if found := run.of(fate):
            yield ""
            yield heading.say(language)
            for each in found:
                yield from _mutant_lines(each, language)
    yield ""
    yield _sum(run).say(language)


def _what_was_tried(run: MutationRun, book: RuleBook) -> Text:
    version = book.version.removeprefix("sha256:")[:12]
    scenarios = how_many(
        run.scenarios, text("scenario", "scenario"), text("scenarier", "scenarios")
    )
    chosen, known = len(run.mutants), run.known
    some = [f"{counted(chosen, each)} {word} {counted(known, each)}" for each, word in _OF]
    nb, en = some if chosen < known else (counted(known, each) for each, _ in _OF)
    return text(
        f"{nb} {_MUTANTS.say('nb')} av {book.name} {version}, prøvd på {scenarios.say('nb')} "
        "med motoren reference",
        f"{en} {_MUTANTS.say('en')} of {book.name} {version}, tried on {scenarios.say('en')} "
        "with the engine reference",
    )


_OF: Final = (("nb", "av"), ("en", "of"))


def _table(run: MutationRun, language: str) -> Iterator[str]:
    counts = run.counts
    rows = [["", _MUTANTS.say(language), *(_FATES[fate].say(language) for fate in Fate)]]
    for kind in Mutation:
        numbers = [counts[kind, fate] for fate in Fate]
        if any(numbers):
            rows.append([_KINDS[kind].say(language), *_written(numbers, language)])
    sums = [len(run.of(fate)) for fate in Fate]
    rows.append([_SUM.say(language), *_written(sums, language)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *cells in rows:
        right = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        yield "  ".join((name.ljust(widths[0]), *right))


def _written(numbers: list[int], language: str) -> list[str]:
    """The sum before them."""
    return [counted(number, language) for number in (sum(numbers), *numbers)]


def _mutant_lines(tried: TriedMutant, language: str) -> Iterator[str]:
    mark = "=" if tried.fate is Fate.EQUIVALENT else "✗"
    changed = tried.mutant.changed
    yield f"{mark} {changed.place} {changed.rule}: {changed.said.say(language)}"
    if tried.fate is Fate.UNNOTICED:
        yield from (f"    {line}" for line in _what_is_known(tried, language))


def _what_is_known(tried: TriedMutant, language: str) -> Iterator[str]:
    """What an officer needs to write the scenario that is lacking."""
    assert tried.tried is not None
    assert tried.unnoticed is not None
    for scenario, parts in tried.tried.unnoticed:
        named = [_PARTS[part].say(language) if part in _PARTS else part for part in parts]
        said = listed(named, language)
        yield text(
            f"Det endrer {said} i «{scenario.title}» ({_where(scenario)}), "
            "men ingen av stegene der spør om det.",
            f"It changes {said} in “{scenario.title}” ({_where(scenario)}), "
            "but none of the steps there asks about it.",
        ).say(language)
    match tried.unnoticed.equivalence:
        case Equivalence.NO_SOLVER:
            yield text(
                "Om det avgjør likt for alle dokumenter, kan bevises: pip install 'fakturavakt[prove]'.",
                "Whether it decides alike for all documents can be proved: pip install "
                "'fakturavakt[prove]'.",
            ).say(language)
        case Equivalence.UNDECIDED:
            yield text(
                "Det er ikke avgjort om det avgjør likt for alle dokumenter.",
                "It is undecided whether it decides alike for all documents.",
            ).say(language)
        case Equivalence.NOT_ASKED if not tried.tried.unnoticed:
            yield text(
                "Ingen scenarier har et dokument som det gjør en forskjell for.",
                "No scenario has a document that it makes a difference to.",
            ).say(language)
        case _:
            pass
    if tried.unnoticed.shown is not None:
        lines = compared_in_words(tried.unnoticed.shown, language)
        yield from (line.removeprefix("  ") for line in lines)


def _where(scenario: TriedScenario) -> str:
    return f"{scenario.file}:{scenario.line}"


def _sum(run: MutationRun) -> Text:
    noticed = len(run.of(Fate.NOTICED))
    if run.score is None:
        return text("Ingen av mutantene kan oppdages.", "None of the mutants can be noticed.")
    nb, en = (percent(run.score, each) for each in ("nb", "en"))
    of_nb, of_en = (
        f"{counted(noticed, each)} {word} {counted(run.counted, each)}" for each, word in _OF
    )
    return text(
        f"Mutasjonsdekning: {nb} ({of_nb} oppdaget).",
        f"Mutation score: {en} ({of_en} noticed).",
    )


def as_json(run: MutationRun, book: RuleBook, language: str) -> str:
    """Every mutant with what became of it; what is said in words is in one language, codes are in none."""
    found = {
        "schema": SCHEMA,
        "program": PROGRAM,
        "rulebook": {"name": book.name, "version": book.version},
        "engines": ["reference"],
        "scenarios": run.scenarios,
        "known": run.known,
        "score": run.score,
        "fates": {fate.value: len(run.of(fate)) for fate in Fate},
        "mutants": [_as_dict(each, language) for each in run.mutants],
    }
    return safe(json.dumps(found, ensure_ascii=False, indent=1)) + "\n"


def _as_dict(tried: TriedMutant, language: str) -> dict[str, object]:
    changed = tried.mutant.changed
    found: dict[str, object] = {
        "kind": changed.kind.value,
        "rule": changed.rule,
        "file": changed.place.file,
        "line": changed.place.line,
        "column": changed.place.column,
        "change": changed.said.say(language),
        "version": tried.mutant.book.version,
        "fate": tried.fate.value,
    }
    if tried.tried is not None and tried.tried.failed is not None:
        found["failed"] = asdict(tried.tried.failed)
    if tried.tried is not None and tried.unnoticed is not None:
        found["scenarios"] = [
            {**asdict(scenario), "differs": list(parts)}
            for scenario, parts in tried.tried.unnoticed
        ]
        found["equivalence"] = tried.unnoticed.equivalence.value
        shown = tried.unnoticed.shown
        found["shown"] = None if shown is None else compared_as_dict(shown, language)
    return found
