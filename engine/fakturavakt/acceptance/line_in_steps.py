"""The lines of an invoice in the words of a scenario: a table of lines, and sentences about one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from fakturavakt.acceptance import given_steps
from fakturavakt.acceptance.gherkin_writing import Said, say
from fakturavakt.acceptance.written_values import WrittenValues
from fakturavakt.vocabulary.facts import LINE_ID, LINE_PREFIX, FactType, Value

LineRow = dict[str, str]
"""What the table says of one line: cells by the name of the fact."""
_CONSENT: Final = "line.consent"
_GIFT: Final = "line.gift_acceptance"
_AGREED: Final = "line.agreed"
_WITHDRAWN: Final = "withdrawn_on"


class LineInSteps:
    """Writes lines: with ``wide`` all facts as columns of the table, else only those that read well there."""

    def __init__(self, words: WrittenValues, language: str, *, wide: bool) -> None:
        self._words: Final = words
        self._vocabulary: Final = words.names.book.vocabulary
        self._language: Final = language
        self._wide: Final = wide

    def has_column(self, name: str) -> bool:
        """Whether a fact stands in the table: what the line is, amounts and texts do."""
        if name not in self._vocabulary:
            return False
        in_group = "." in name.removeprefix(LINE_PREFIX)
        answer = self._vocabulary[name].type is FactType.YES_NO
        return self._wide or not (in_group or answer)

    def known(
        self, position: int, known: Mapping[str, Value], bad: set[str], row: LineRow
    ) -> Iterator[Said]:
        """The facts of a line: cells go to ``row``, the rest are sentences. ``bad`` is said elsewhere."""
        left = dict(known)
        sentences = [] if self._wide else list(self._bundles(position, left, bad))
        for name, value in left.items():
            path = f"line[{position}].{name.removeprefix(LINE_PREFIX)}"
            stated = self._words.statement(path, value)
            if self.has_column(name):
                row[name] = self._words.cell(path, value)
            elif stated is not None:
                yield say(given_steps.a_statement, self._language, statement=stated)
            else:
                fact, cell = self._words.fact_before_verb(path), self._words.cell(path, value)
                yield say(given_steps.a_fact_is, self._language, fact=fact, value=cell)
        yield from sentences

    def table(self, rows: Sequence[LineRow]) -> list[tuple[str, ...]]:
        """The rows below the names of their facts; each line has a row, also if nothing is known of it."""
        told = {name for row in rows for name in row} - {LINE_ID}
        names = [LINE_ID, *(fact.name for fact in self._vocabulary if fact.name in told)]
        header = tuple(self._words.column(name) for name in names)
        return [header, *(tuple(row.get(name, "") for name in names) for row in rows)]

    # -- several facts that one sentence says -----------------------------------------------------

    def _bundles(self, position: int, left: dict[str, Value], bad: set[str]) -> Iterator[Said]:
        """A whole consent, acceptance or agreement; its facts are taken out of ``left``."""
        number = str(position)
        groups = ((_CONSENT, self._consent), (_GIFT, self._gift), (_AGREED, self._agreed))
        for group, said in groups:
            if any(name == group or name.startswith(f"{group}.") for name in bad):
                continue
            prefix = f"{group}."
            values = {
                name.removeprefix(prefix): value
                for name, value in left.items()
                if name.startswith(prefix)
            }
            found = list(said(number, values))
            if found:
                yield from found
                for name in values:
                    del left[prefix + name]

    def _consent(self, number: str, values: dict[str, Value]) -> Iterator[Said]:
        given = self._day(values.get("given_on"))
        whole = {"given", "informed", "explicit", "given_on"}
        if given is None or not self._is(values, whole, whole - {"given_on"}):
            return
        yield say(given_steps.complete_consent, self._language, number=number, day=given)
        ended = self._day(values.get(_WITHDRAWN))
        if ended is not None:
            yield say(given_steps.withdrawn_consent, self._language, number=number, day=ended)

    def _gift(self, number: str, values: dict[str, Value]) -> Iterator[Said]:
        given = self._day(values.get("given_on"))
        if given is None or not self._is(values, {"given", "given_on"}, {"given"}):
            return
        yield say(given_steps.gift_accepted, self._language, number=number, day=given)
        ended = self._day(values.get(_WITHDRAWN))
        if ended is not None:
            step = given_steps.gift_acceptance_withdrawn
            yield say(step, self._language, number=number, day=ended)

    def _agreed(self, number: str, values: dict[str, Value]) -> Iterator[Said]:
        given = self._day(values.get("given_on"))
        amount = values.get("amount")
        if given is None or amount is None or values.keys() != {"given", "given_on", "amount"}:
            return
        if values["given"] is True:
            said = self._words.amount(int(amount))
            step = given_steps.agreed
            yield say(step, self._language, number=number, day=given, amount=said)

    def _is(self, values: Mapping[str, Value], whole: set[str], yes: set[str]) -> bool:
        """Whether these facts are there and no others, but for the day it ended, and the answers are yes."""
        sayable = _WITHDRAWN not in values or self._day(values[_WITHDRAWN]) is not None
        there = values.keys() - {_WITHDRAWN} == whole
        return sayable and there and all(values[name] is True for name in yes)

    def _day(self, value: Value | None) -> str | None:
        """A day as a sentence takes it: four digits of a year."""
        if not isinstance(value, int) or value < _YEAR_1000:
            return None
        return self._words.day(value)


_YEAR_1000: Final = 364878
