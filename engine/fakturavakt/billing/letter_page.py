"""A letter to a sender as one HTML page that needs nothing beside itself: to read, to print, to send.

Promises: what documents and rule books say is escaped; the same letter gives the same bytes. How it looks
stands in ``templates/``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from fakturavakt.billing.destinations import Destination
from fakturavakt.billing.letter import Cause, Example, Letter, Why
from fakturavakt.report.bad_data import expected_form
from fakturavakt.report.machine import PROGRAM, safe
from fakturavakt.report.summary import Tally
from fakturavakt.report.text import visible
from fakturavakt.rulebook.clause_files import Clause
from fakturavakt.rulebook.model import Rule, RuleBook
from fakturavakt.texts import Text, counted, how_many, listed, text, written_date

_TEMPLATES: Final = Path(__file__).parent / "templates"
_STOPPED: Final = (Destination.BLOCK, Destination.HOLD, Destination.UNREADABLE)


@dataclass(frozen=True, slots=True)
class _Row:
    """A cause as the table shows it."""

    said: str
    outcome: str
    rules: tuple[int, ...]
    count: str
    amount: str
    examples: str
    language: str


@dataclass(frozen=True, slots=True)
class _ToldRule:
    """A rule that causes name by its number."""

    number: int
    rule: Rule
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class _ToWrite:
    """A fact that is to be written into invoices."""

    label: str
    wrong: str
    form: str
    term: str | None


def page(letter: Letter, book: RuleBook, clauses: Sequence[Clause], language: str) -> str:
    """The whole page. ``book`` with its guarantees lets ``clauses`` say what stands behind a rule."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    words = _Words(letter, book, clauses, language)
    return safe(
        environment.get_template("letter.html").render(
            letter=letter,
            book=book,
            words=words,
            language=language,
            source_language=book.languages[0],
            t=lambda nb, en: text(nb, en).say(language),
            date=lambda day: written_date(day, language),
            program=PROGRAM,
            style=(_TEMPLATES / "letter.css").read_text(encoding="utf-8"),
        )
    )


class _Words:
    """What the template asks for, in one language."""

    def __init__(
        self, letter: Letter, book: RuleBook, clauses: Sequence[Clause], language: str
    ) -> None:
        self._letter, self._book, self._clauses = letter, book, clauses
        self._language = language
        self._shown = letter.told()
        named = dict.fromkeys(rule for cause, _ in self._shown for rule in cause.rules)
        self._numbers: Mapping[str, int] = {
            rule: number for number, rule in enumerate((r for r in named if r in book.rules), 1)
        }

    def _say(self, said: Text) -> str:
        return said.say(self._language)

    def _of(self, destination: Destination) -> Tally:
        return self._letter.outcomes.get(destination, Tally())

    @property
    def stopped(self) -> bool:
        """Whether anything was."""
        return any(self._of(each).count for each in _STOPPED)

    def lead(self) -> str:
        """How much was checked, and that some or nothing of it was stopped."""
        documents = sum(tally.count for tally in self._letter.outcomes.values())
        since, until = self._letter.since, self._letter.until
        said = how_many(documents, *_DOCUMENTS)
        from_to = [(written_date(since, each), written_date(until, each)) for each in ("nb", "en")]
        (first, last), (first_en, last_en) = from_to
        checked = text(
            f"Fra {first} til {last} ble {said.say('nb')} fra dere kontrollert før sending.",
            f"From {first_en} to {last_en}, {said.say('en')} from you "
            f"{'was' if documents == 1 else 'were'} checked before sending.",
        )
        rest = _SOME if self.stopped else _NOTHING
        return f"{self._say(checked)} {self._say(rest)}"

    def outcomes(self) -> Iterator[tuple[str, str, str, str]]:
        """What became of the documents: a class, a word, how many and how much."""
        for destination, said in _OUTCOMES.items():
            tally = self._of(destination)
            if tally.count or destination in (
                Destination.SEND,
                Destination.BLOCK,
                Destination.HOLD,
            ):
                yield (
                    destination.value,
                    self._say(said),
                    counted(tally.count, self._language),
                    tally.say(self._language),
                )

    def rows(self) -> Iterator[_Row]:
        """The commonest causes."""
        for cause, found in self._shown:
            yield _Row(
                self._cause(cause),
                self._say(_WHY[cause.why]),
                tuple(sorted(self._numbers[each] for each in cause.rules if each in self._numbers)),
                counted(found.tally.count, self._language),
                found.tally.say(self._language),
                "; ".join(map(self._example, found.examples)),
                next((each.language for each in found.examples if each.language), self._language),
            )

    def left_out(self) -> str:
        """The causes that are not shown, counted."""
        more = len(self._letter.causes) - len(self._shown)
        return self._say(how_many(more, *_MORE)) if more > 0 else ""

    def rules(self) -> Iterator[_ToldRule]:
        """The rules behind them, numbered."""
        for name, number in self._numbers.items():
            rule = self._book.rules[name]
            covers = dict.fromkeys(
                clause
                for each in self._book.guarantees
                if each.source == rule.source
                for clause in each.covers
            )
            told = tuple(clause for clause in self._clauses if clause.name in covers)
            yield _ToldRule(number, rule, told)

    def to_write(self) -> Iterator[_ToWrite]:
        """What the sender writes into its invoices, or writes otherwise."""
        mends = self._letter.to_mend(self._book)
        for name, flaw in dict.fromkeys((cause.fact, cause.flaw) for cause, _ in mends):
            fact = next((each for each in self._book.vocabulary if each.name == name), None)
            wrong = _WRONG.get(flaw, _BAD) if flaw else _ABSENT
            yield _ToWrite(
                _capital(self._label(name)),
                self._say(wrong),
                "" if fact is None else expected_form(fact, self._language),
                None if fact is None else fact.term,
            )

    def _cause(self, cause: Cause) -> str:
        if cause.why is Why.UNREADABLE:
            return self._say(_NOT_READ)
        if cause.why is Why.HOLDS:
            (rule,) = cause.rules
            return self._say(self._book.rules[rule].title) if rule in self._book.rules else rule
        if cause.flaw:
            wrong = self._say(_WRONG.get(cause.flaw, _BAD))
            return _capital(f"{self._label(cause.fact)} {wrong}")
        return f"{self._say(_TO_ESTABLISH)} {self._label(cause.fact)}"

    def _label(self, fact: str) -> str:
        known = fact in self._book.vocabulary
        return self._say(self._book.vocabulary[fact].label) if known else fact

    def _example(self, example: Example) -> str:
        if example.reason or example.invoice is None:
            return visible(": ".join(filter(None, (example.file, example.reason))))
        said = example.invoice
        if example.lines:
            one = text("linje", "line") if len(example.lines) == 1 else text("linje", "lines")
            said += f" ({self._say(one)} {listed(example.lines, self._language)})"
        who = filter(None, (example.recipient, example.customer))
        return visible(" – ".join((said, *who)))


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


_DOCUMENTS: Final = (text("dokument", "document"), text("dokumenter", "documents"))
_MORE: Final = (
    text("annen årsak er ikke vist.", "other cause is not shown."),
    text("andre årsaker er ikke vist.", "other causes are not shown."),
)
_SOME: Final = text(
    "Noen av dem er ikke sendt. Her står hvorfor, og hva dere kan gjøre.",
    "Some of them have not been sent. This letter says why, and what you can do.",
)
_NOTHING: Final = text("Ingen av dem ble stoppet.", "None of them was stopped.")
_OUTCOMES: Final = {
    Destination.SEND: text("Til sending", "To be sent"),
    Destination.BLOCK: text("Stoppet", "Stopped"),
    Destination.HOLD: text("På vent", "On hold"),
    Destination.UNREADABLE: text("Ikke lest", "Not read"),
    Destination.OUT_OF_SCOPE: text("Ikke omfattet", "Out of scope"),
    Destination.DUPLICATE: text("Kommet før", "Seen before"),
    Destination.NOT_PLACED: text("Ikke behandlet", "Not handled"),
}
_WHY: Final = {
    Why.HOLDS: text("Stoppet", "Stopped"),
    Why.MISSING: text("På vent", "On hold"),
    Why.UNREADABLE: text("Ikke lest", "Not read"),
}
_TO_ESTABLISH: Final = text("Må avklares:", "To be established:")
_NOT_READ: Final = text("Dokumentet kunne ikke leses", "The document could not be read")
_ABSENT: Final = text("mangler", "is missing")
_BAD: Final = text("kan ikke brukes", "cannot be used")
_WRONG: Final = {
    "type": text("er av feil type", "is of the wrong type"),
    "choice": text(
        "er ikke et av ordene som kan stå her", "is none of the words that can stand here"
    ),
    "check_digit": text("har feil kontrollsiffer", "has a wrong check digit"),
    "form": text("er skrevet på feil måte", "is written in the wrong form"),
    "conflict": text("er oppgitt på flere måter", "is given in several ways"),
}
