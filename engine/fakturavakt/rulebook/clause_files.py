"""The clauses of the source document, beside the rules: ``clauses.yaml``, read like a rule file.

A rule book may have none. They decide nothing, and a mistake in them stops nobody's screening; every mistake
is told with its place, all at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fakturavakt.problems import Place
from fakturavakt.rulebook.files import STATEMENT
from fakturavakt.rulebook.kinds import CLAUSES, CLAUSES_FILE
from fakturavakt.rulebook.loader import RuleBookError, read_rule_file
from fakturavakt.rulebook.mistakes import Reading
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.rulebook.shapes import ListOf, Read, Record, Texts
from fakturavakt.texts import Text, text


@dataclass(frozen=True, slots=True)
class Clause:
    """One statement of the source document. ``name`` is its number (``S12``), which guarantees write after
    ``covers:`` and scenarios as a tag; ``says`` is the statement in short.
    """

    name: str
    says: Text
    place: Place


class ClausesError(RuleBookError):
    """Everything that is wrong with the list of clauses, each with its place."""


def clauses_shape() -> Record:
    """``clauses.yaml``: a list, in the order of the document."""
    clause = Record("clause", {"clause": STATEMENT, "says": Texts()})
    return Record("clauses", {"clauses": ListOf(clause)})


def load_clauses(folder: Path, book: RuleBook) -> tuple[Clause, ...]:
    """The clauses in the rule book's folder, in their order; none where there is no such file.

    Raises :class:`ClausesError` with every mistake of the file.
    """
    file = folder / CLAUSES_FILE
    if not file.exists():
        return ()
    reading = Reading(book.vocabulary, book.languages)
    shape = clauses_shape()
    found: dict[str, Clause] = {}
    lists = (shape.read(node, reading) for node in read_rule_file(file, CLAUSES, reading) or ())
    for read in (each for listed in lists if listed for each in listed["clauses"] or ()):
        _add(read, found, reading)
    reading.report_untranslated()
    if reading.problems:
        raise ClausesError(reading.problems)
    return tuple(found.values())


def _add(read: Read, found: dict[str, Clause], reading: Reading) -> None:
    name, says = read["clause"], read["says"]
    if name is None or says is None:
        return
    place = read.value_places["clause"]
    if name in found:
        first = found[name].place.line
        reading.report(
            place,
            "duplicate-id",
            text(
                f"Punktet «{name}» står allerede på linje {first}.",
                f"The clause “{name}” stands on line {first} already.",
            ),
            text("Gi det ene et annet nummer.", "Give one of them another number."),
        )
        return
    found[name] = Clause(name, says, place)
