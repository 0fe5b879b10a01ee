"""Ways to send, for people and as JSON: the command line and a web page say the same.

A value that is a person's, or that was only invented to have one, is never said: what has to be found out is
the fact, and not our example of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypedDict

from fakturavakt.intake.facts import Facts
from fakturavakt.proof.ways_to_send import Change, Method, WaysToSend
from fakturavakt.proof.what_can_change import LINE, Effort
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import NORWEGIAN, text, written_amount, written_date
from fakturavakt.vocabulary import forms
from fakturavakt.vocabulary.facts import (
    LINE_PREFIX,
    LINES,
    NEVER,
    ORDERED_TYPES,
    Fact,
    FactType,
    Value,
)
from fakturavakt.vocabulary.own_facts import CURRENCY


class ChangeJson(TypedDict):
    """One change. Values are as in contract JSON; those of persons, and invented ones, are null."""

    fact: str
    """Its path: ``line[1].consent.explicit``, ``line[2]`` for a line that is taken out."""
    effort: str
    evidence: bool
    now: object
    to: object
    at_least: object
    at_most: object
    said: str


class WaysJson(TypedDict):
    """What would have to change; ``complete``: there are no other ways."""

    method: str
    complete: bool
    ways: list[list[ChangeJson]]


_ONE_OF: Final = text(
    "En av disse måtene gjør at fakturaen kan sendes:",
    "The invoice can be sent in one of these ways:",
)
_THIS: Final = text("Dette gjør at fakturaen kan sendes:", "The invoice can be sent with this:")
_MORE: Final = text(
    "Det finnes flere måter; dette er de enkleste.", "There are more ways; these are the easiest."
)
_CUT_SHORT: Final = text(
    "Letingen ble avbrutt; det kan finnes flere måter, også enklere.",
    "The search was cut short; there may be more ways, and easier ones.",
)
_NONE: Final = text(
    "Ingenting som avsenderen kan finne ut, innhente eller endre, gjør at fakturaen kan sendes.",
    "Nothing that the sender can find out, obtain or alter lets the invoice be sent.",
)
_NOT_DECIDED: Final = text(
    "Det ble ikke avgjort i tide om noe gjør at fakturaen kan sendes.",
    "Whether anything lets the invoice be sent was not decided in time.",
)
_WITH_SOLVER: Final = text(
    "Funnet ved leting, som kan overse noe. Med løser: pip install 'fakturavakt[prove]'.",
    "Found by search, which may miss something. With a solver: pip install 'fakturavakt[prove]'.",
)


def ways_lines(
    found: WaysToSend, book: RuleBook, facts: Facts, language: str
) -> Iterator[tuple[int, str]]:
    """Each line with its indentation: a heading, the numbered ways, what else there is to say."""
    if not found.ways:
        yield 0, (_NONE if found.all_of_them else _NOT_DECIDED).say(language)
    else:
        yield 0, (_THIS if len(found.ways) == 1 and found.all_of_them else _ONE_OF).say(language)
    for number, way in enumerate(found.ways, start=1):
        for position, change in enumerate(way.changes):
            mark = f"{number}." if position == 0 else " " * len(f"{number}.")
            yield 2, f"{mark} {change_said(change, book, facts, language)}"
    if found.ways and not found.all_of_them:
        yield 0, (_MORE if found.method is Method.SOLVER else _CUT_SHORT).say(language)
    if found.method is Method.SEARCH:
        yield 0, _WITH_SOLVER.say(language)


def as_json(found: WaysToSend, book: RuleBook, facts: Facts, language: str) -> WaysJson:
    """The same for programs."""
    return WaysJson(
        method=found.method.value,
        complete=found.all_of_them,
        ways=[
            [_Said(change, book, facts, language).as_json() for change in way.changes]
            for way in found.ways
        ],
    )


def change_said(change: Change, book: RuleBook, facts: Facts, language: str) -> str:
    """``Finn ut om samtykket er eksplisitt (linje 1): svaret må være ja``."""
    return _Said(change, book, facts, language).sentence()


@dataclass(frozen=True)
class _Said:
    change: Change
    book: RuleBook
    facts: Facts
    language: str

    def _t(self, nb: str, en: str) -> str:
        return text(nb, en).say(self.language)

    # -- for people ----------------------------------------------------------------------------------

    def sentence(self) -> str:
        change = self.change
        if change.fact == LINE:
            return self._t(
                f"Ta linje {change.line} ut av fakturaen",
                f"Take line {change.line} out of the invoice",
            )
        if change.fact == LINES:
            return self._t(
                "Finn ut hvilke linjer fakturaen har", "Find out which lines the invoice has"
            )
        match change.effort:
            case Effort.LEARN:
                return self._learn()
            case Effort.OBTAIN:
                return self._obtain()
            case Effort.ALTER:
                return self._alter()

    def _learn(self) -> str:
        find = self._t("Finn ut", "Find out")
        head = f"{find} {self._label}{self._where}"
        needed = self._needed()
        if not needed:
            return head
        if self._fact.type in (FactType.YES_NO, FactType.CHOICE):
            answer = self._t("svaret må være", "the answer has to be")
            unlikely = self._t(
                ", som ingenting på linjen tyder på", ", which nothing on the line suggests"
            )
            return f"{head}: {answer} {needed}{'' if self.change.likely else unlikely}"
        must = self._t("det må være", "it has to be")
        return f"{head}: {must} {needed}"

    def _obtain(self) -> str:
        if self._fact.type is FactType.YES_NO:
            question, statement = (
                ("om ", "at ") if self.language == NORWEGIAN else ("whether ", "that ")
            )
            if self._label.startswith(question):
                said = statement + self._label.removeprefix(question)
                sure = self._t("Innhent og dokumenter", "Obtain and document")
                return f"{sure} {said}{self._where}"
            again = self._t("Innhent og dokumenter", "Obtain and document")
            return f"{again}: {self._label}{self._where}: {self._needed()}"
        again = self._t("Innhent ny dokumentasjon", "Obtain new evidence")
        has_to = self._t("må være", "has to be")
        return f"{again}: {self._label}{self._where} {has_to} {self._needed()}{self._now}"

    def _alter(self) -> str:
        lower = self.change.most is not None and self._fact.type is not FactType.DATE
        verb = self._t("Sett ned", "Lower") if lower else self._t("Endre", "Change")
        to = self._t("til", "to")
        return f"{verb} {self._label}{self._where} {to} {self._needed()}{self._now}"

    @property
    def _fact(self) -> Fact:
        return self.book.vocabulary[self.change.fact]

    @property
    def _label(self) -> str:
        return self._fact.label.say(self.language)

    @property
    def _where(self) -> str:
        if self.change.line is None:
            return ""
        return f" ({self._t('linje', 'line')} {self.change.line})"

    @property
    def _now(self) -> str:
        if self.change.now is None or self._hidden:
            return ""
        return f" ({self._t('nå', 'now')} {self._written(self.change.now)})"

    @property
    def _hidden(self) -> bool:
        return self._fact.personal or self.change.invented

    def _needed(self) -> str:
        """What the fact has to be; nothing where any value will do, or none may be said."""
        change = self.change
        if not change.stands:
            if self._fact.absent == NEVER:
                return self._t("aldri", "never")
            return self._t("ingenting: det står ikke noe sted", "nothing: it stands nowhere")
        if self._hidden or change.to is None:
            return ""
        if self._fact.type not in ORDERED_TYPES:
            return self._written(change.to)
        least, most = change.least, change.most
        if least is not None and least == most:
            return self._written(least)
        is_day = self._fact.type is FactType.DATE
        at_least = (
            self._t("tidligst", "no earlier than") if is_day else self._t("minst", "at least")
        )
        at_most = self._t("senest", "no later than") if is_day else self._t("høyst", "at most")
        said = []
        if least is not None:
            said.append(f"{at_least} {self._written(least)}")
        if most is not None:
            said.append(f"{at_most} {self._written(most)}")
        return self._t(" og ", " and ").join(said)

    def _written(self, value: Value) -> str:
        match self._fact.type:
            case FactType.YES_NO:
                return self._t("ja", "yes") if value else self._t("nei", "no")
            case FactType.DATE:
                if value == NEVER:
                    return self._t("aldri", "never")
                return written_date(date.fromordinal(int(value)), self.language)
            case FactType.MONEY:
                currency = self.facts.values.get(CURRENCY)
                amount = Decimal(int(value)) / 100
                known = None if currency is None else str(currency)
                return written_amount(amount, known, self.language)
            case FactType.COUNT:
                return str(value)
            case _:
                return self._t(f"«{value}»", f"“{value}”")

    # -- for programs --------------------------------------------------------------------------------

    def as_json(self) -> ChangeJson:
        change = self.change
        path = change.fact
        if change.line is not None:
            of_line = change.fact.removeprefix(LINE)
            path = f"line[{change.line}]{of_line}"
        whole = change.fact in (LINE, LINES)
        assert whole or not path.startswith(LINE_PREFIX)
        hidden = not whole and self._hidden
        return ChangeJson(
            fact=path,
            effort=change.effort.value,
            evidence=change.evidence,
            now=None if whole or hidden else self._json(change.now),
            to=list(change.lines) or None if whole else None if hidden else self._json(change.to),
            at_least=None if whole or hidden else self._json(change.least),
            at_most=None if whole or hidden else self._json(change.most),
            said=self.sentence(),
        )

    def _json(self, value: Value | None) -> Any:  # noqa: ANN401 (contract JSON)
        if value is None or value == NEVER:
            return None
        found = forms.in_json(self._fact, value)
        return int(found.literal) if isinstance(found, forms.JsonNumber) else found
