"""The questions of a queue while it is made: what each is asked for and what a yes would free, in a passing
file, so that any number of held invoices takes no more memory than few.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Self

from fakturavakt.billing.questions import Assumed, Question

SHOWN_INVOICES: Final = 3
"""Numbers of invoices that a question names, so that somebody can look at one."""
_TABLES: Final = """
CREATE TABLE questions (
  question INTEGER PRIMARY KEY, sender TEXT, customer TEXT, service TEXT, about TEXT, entry INTEGER, currency
  TEXT, day INTEGER, amount INTEGER, value TEXT, facts TEXT, shown TEXT, who TEXT, invoices INTEGER DEFAULT 0,
  ore INTEGER DEFAULT 0, due TEXT, frees INTEGER DEFAULT 0, frees_ore INTEGER DEFAULT 0, helps INTEGER DEFAULT
  0, blocks INTEGER DEFAULT 0, place INTEGER, adds INTEGER DEFAULT 0, UNIQUE (sender, customer, service,
  about, entry, currency)
);
CREATE TABLE ways (document INTEGER PRIMARY KEY, questions TEXT, leads_out INTEGER) WITHOUT ROWID;
CREATE TABLE letters (
  sender TEXT, fact TEXT, invoices INTEGER, ore INTEGER, due TEXT, shown TEXT, PRIMARY KEY (sender, fact)
) WITHOUT ROWID;
"""
_COLUMNS: Final = (
    "question, sender, customer, service, about, entry, currency, day, amount, value, facts, shown, who, "
    "invoices, ore, due, frees, frees_ore, helps, blocks, place, adds"
)


@dataclass(frozen=True, slots=True)
class Group:
    """The held invoices that one question is asked for.

    ``frees`` of them may leave ``hold`` with a yes to this question alone, for ``frees_ore``; ``helps``
    counts those that need further answers, too, and ``blocks`` those that a yes shows to be forbidden.
    ``adds`` is how many more leave if every question up to and with this one, at its ``place`` of the
    queue, is answered with yes. ``facts`` are those that are missing.
    """

    place: int
    question: Question
    assumed: Assumed
    facts: tuple[str, ...]
    shown: tuple[str, ...]
    who: str | None
    invoices: int
    ore: int
    due: date | None
    frees: int
    frees_ore: int
    helps: int
    blocks: int
    adds: int


@dataclass(frozen=True, slots=True)
class Letter:
    """What a sender has to mend in its invoices: a fact that no row of the register gives."""

    sender: str
    fact: str
    invoices: int
    ore: int
    due: date | None
    shown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """A held invoice as a question counts it; ``ore`` is 0 where it is in another currency."""

    document: int
    invoice: str | None
    ore: int
    due: date | None


@dataclass
class Groups:
    """The passing file. A question has a number, in the order in which it was first asked."""

    _database: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA cache_size = -16000")
        self._database.executescript(_TABLES)
        self._database.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    # -- as they are asked ---------------------------------------------------------------------------

    def ask(
        self, question: Question, assumed: Assumed, fact: str, asking: Asking, who: str | None
    ) -> int:
        """One more invoice asks; the question's number."""
        found = self._database.execute(
            "SELECT question, day, amount, value, facts, shown, due FROM questions WHERE (sender, customer, "
            "service, about, entry, currency) = (?, ?, ?, ?, ?, ?)",
            question,
        ).fetchone()
        if found is None:
            found = (None, assumed.day, assumed.amount, json.dumps(assumed.value), "[]", "[]", None)
        number, day, amount, value, facts, shown, due = found
        both = Assumed(day, amount, json.loads(value)).and_for(assumed)
        self._database.execute(
            "INSERT INTO questions (question, sender, customer, service, about, entry, currency, "
            "day, amount, "
            "value, facts, shown, who, due, invoices, ore) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
            "?, ?, ?, 1, ?)"
            " ON CONFLICT (question) DO UPDATE SET day = excluded.day, amount = excluded.amount, value = "
            "excluded.value, facts = excluded.facts, shown = excluded.shown, who = excluded.who, due = "
            "excluded.due, invoices = invoices + 1, ore = ore + excluded.ore",
            (
                number,
                *question,
                both.day,
                both.amount,
                json.dumps(both.value),
                _with(facts, fact),
                _with(shown, asking.invoice, SHOWN_INVOICES),
                who,
                _sooner(due, asking.due),
                asking.ore,
            ),
        )
        if number is None:
            (number,) = self._database.execute("SELECT last_insert_rowid()").fetchone()
        return int(number)

    def is_asked_in_another_currency(self, question: Question) -> bool:
        """Whether the same is asked for another currency already: of two such entries only one can count."""
        found = self._database.execute(
            "SELECT 1 FROM questions WHERE (sender, customer, service, about, entry) = (?, ?, ?, ?, ?) "
            "AND currency <> ?",
            question,
        )
        return found.fetchone() is not None

    def lead(self, asking: Asking, questions: Sequence[int], *, out: bool) -> None:
        """The questions that an invoice asks, and whether yes to all of them leads it out of ``hold``."""
        self._database.execute(
            "INSERT INTO ways VALUES (?, ?, ?)", (asking.document, json.dumps(questions), out)
        )

    def write_to(self, sender: str, fact: str, asking: Asking) -> None:
        """An invoice that its sender has to mend."""
        found = self._database.execute(
            "SELECT shown, due FROM letters WHERE (sender, fact) = (?, ?)", (sender, fact)
        ).fetchone()
        shown, due = found or ("[]", None)
        self._database.execute(
            "INSERT INTO letters VALUES (?, ?, 1, ?, ?, ?) ON CONFLICT (sender, fact) DO UPDATE "
            "SET invoices = invoices + 1, ore = ore + excluded.ore, due = excluded.due, "
            "shown = excluded.shown",
            (
                sender,
                fact,
                asking.ore,
                _sooner(due, asking.due),
                _with(shown, asking.invoice, SHOWN_INVOICES),
            ),
        )

    # -- as they are counted -------------------------------------------------------------------------

    def touching(
        self, sender: str, customer: str, services: Sequence[str]
    ) -> list[tuple[int, Question, Assumed]]:
        """All questions whose answers may touch a document, by their place where they have one."""
        of = ", ".join("?" * (len(services) + 1))
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM questions WHERE sender = ? AND customer IN (?, '') "  # noqa: S608
            f"AND service IN ({of}) ORDER BY place, question",
            (sender, customer, "", *services),
        )
        return [(row[0], Question(*row[1:7]), _assumed(row)) for row in rows]

    def place(self, question: int) -> int:
        """Its place in the queue."""
        found = self._database.execute(
            "SELECT place FROM questions WHERE question = ?", (question,)
        ).fetchone()
        return int(found[0])

    def way(self, document: int) -> tuple[list[int], bool] | None:
        """What :meth:`lead` was told of a document."""
        found = self._database.execute(
            "SELECT questions, leads_out FROM ways WHERE document = ?", (document,)
        ).fetchone()
        return None if found is None else (json.loads(found[0]), bool(found[1]))

    def frees(self, question: int, asking: Asking) -> None:
        """One more invoice that a yes to this question alone frees."""
        self._database.execute(
            "UPDATE questions SET frees = frees + 1, frees_ore = frees_ore + ? WHERE question = ?",
            (asking.ore, question),
        )

    def helps(self, question: int) -> None:
        """One more that it frees together with others."""
        self._database.execute(
            "UPDATE questions SET helps = helps + 1 WHERE question = ?", (question,)
        )

    def blocks(self, question: int) -> None:
        """One more that is decided by it, and may not be sent."""
        self._database.execute(
            "UPDATE questions SET blocks = blocks + 1 WHERE question = ?", (question,)
        )

    def adds(self, question: int) -> None:
        """One more that is free from this place of the queue on."""
        self._database.execute(
            "UPDATE questions SET adds = adds + 1 WHERE question = ?", (question,)
        )

    def rank(self) -> None:
        """Give each question its place: most invoices freed first, then most kroner, then the least time."""
        self._database.execute(
            "UPDATE questions SET place = ranked.place FROM (SELECT question, row_number() OVER (ORDER BY "
            "frees DESC, helps DESC, blocks DESC, CASE WHEN frees THEN frees_ore ELSE ore END DESC, "
            "due IS NULL, due, sender, customer, service, about, entry, currency) AS place FROM "
            "questions) AS ranked "
            "WHERE questions.question = ranked.question"
        )

    # -- as they are told ----------------------------------------------------------------------------

    def groups(self, limit: int = -1) -> Iterator[Group]:
        """The queue, in its order."""
        rows = self._database.execute(
            f"SELECT {_COLUMNS} FROM questions ORDER BY place LIMIT ?",  # noqa: S608
            (limit,),
        )
        yield from map(_group, rows)

    def letters(self) -> Iterator[Letter]:
        """What senders have to mend, by sender; what most invoices lack first."""
        for sender, fact, invoices, ore, due, shown in self._database.execute(
            "SELECT sender, fact, invoices, ore, due, shown FROM letters ORDER BY sender, invoices DESC, fact"
        ):
            yield Letter(sender, fact, invoices, ore, _day(due), tuple(json.loads(shown)))

    def count(self) -> int:
        """How many questions there are."""
        (found,) = self._database.execute("SELECT count(*) FROM questions").fetchone()
        return int(found)


def _assumed(row: Sequence[Any]) -> Assumed:
    return Assumed(row[7], row[8], json.loads(row[9]))


def _group(row: tuple[Any, ...]) -> Group:
    facts, shown, who, invoices, ore, due, frees, frees_ore, helps, blocks, place, adds = row[10:]
    return Group(
        place,
        Question(*row[1:7]),
        _assumed(row),
        tuple(json.loads(facts)),
        tuple(json.loads(shown)),
        who,
        invoices,
        ore,
        _day(due),
        frees,
        frees_ore,
        helps,
        blocks,
        adds,
    )


def _with(written: str, item: str | None, limit: int = 20) -> str:
    items = json.loads(written)
    if item is None or item in items or len(items) >= limit:
        return written
    return json.dumps([*items, item])


def _sooner(due: str | None, other: date | None) -> str | None:
    written = None if other is None else other.isoformat()
    return min((each for each in (due, written) if each is not None), default=None)


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)
