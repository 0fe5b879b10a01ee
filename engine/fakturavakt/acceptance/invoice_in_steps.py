"""An invoice, as it was read, in the words of a scenario's Given steps.

What no rule asks about is left out, and so is every value of a person, unless it shall be kept. Lines are
called by their position: then «linje 2» means one thing in a whole scenario.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from fakturavakt.acceptance import given_steps
from fakturavakt.acceptance.book_under_test import BookUnderTest
from fakturavakt.acceptance.evidence_in_steps import RegisteredEvidence
from fakturavakt.acceptance.gherkin_writing import Said, UnsayableError, fits_in_sentence, say
from fakturavakt.acceptance.line_in_steps import LineInSteps, LineRow
from fakturavakt.acceptance.written_values import WrittenValues, nobodys
from fakturavakt.engines.asked_facts import NO_WORDS, AskedFacts, words_found
from fakturavakt.intake.fact_reader import POSITION_NAME, ReadDocument, ReadValues
from fakturavakt.texts import text
from fakturavakt.vocabulary import forms, own_facts
from fakturavakt.vocabulary.facts import LINE_ID, LINE_PREFIX, LINES, Fact, FactType, Value
from fakturavakt.vocabulary.forms import Flaw

SENTENCES_MAX: Final = 4
"""Lines of which each fact is a sentence; of more, a table of lines says more at a glance."""


class InvoiceInSteps:
    """Writes the Given steps of one document: of its facts those that are ``asked`` about.

    ``thorough`` keeps texts also where none of the words are in them that rules look for.
    """

    def __init__(
        self,
        tested: BookUnderTest,
        read: ReadDocument,
        asked: AskedFacts,
        language: str,
        *,
        keep_personal: bool,
        thorough: bool,
        evidence: RegisteredEvidence | None,
    ) -> None:
        self._vocabulary: Final = tested.book.vocabulary
        self._read: Final = read
        self._asked: Final = asked
        self._language: Final = language
        self._keep_personal: Final = keep_personal
        self._thorough: Final = thorough
        self._evidence: Final = evidence
        currency = read.invoice.stated.get(own_facts.CURRENCY)
        self._words: Final = WrittenValues(
            tested, language, None if currency is None else str(currency)
        )
        self.line_names: Final = dict(self._line_names())

    def steps(self) -> list[Said]:
        """What is known, in the order of the vocabulary: invoice, parties, lines, register."""
        rows: list[tuple[str, str]] = []
        sentences: list[Said] = []
        invoice = self._read.invoice
        for name, value in self._known(invoice, 0):
            stated = self._words.statement(name, value)
            if stated is not None:
                sentences.append(self._say(given_steps.a_statement, statement=stated))
            else:
                rows.append((self._words.label(name), self._words.cell(name, value)))
        for name, flaw in self._bad(invoice):
            cell = self._bad_cell(name, invoice.as_it_was.get(name), flaw)
            if cell is not None:
                rows.append((self._words.label(name), cell))
            else:
                sentences.append(self._bad_step(name, flaw))
        sentences = self._without_relationship(sentences)
        if not rows:
            rows.append((self._words.label(own_facts.NUMBER), _SOME_NUMBER))
        return [
            self._say(given_steps.these_facts, table=self._in_order(rows)),
            *sentences,
            *self._lines(),
            *self._register(),
        ]

    def _in_order(self, rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
        places = {self._words.label(fact.name): at for at, fact in enumerate(self._vocabulary)}
        return sorted(rows, key=lambda row: places[row[0]])

    def _say(
        self,
        function: Callable[..., object],
        *,
        table: Sequence[Sequence[str]] | None = None,
        **fields: str,
    ) -> Said:
        return say(function, self._language, first=False, having="", table=table, **fields)

    # -- what is kept --------------------------------------------------------------------------------

    def _known(self, values: ReadValues, position: int) -> Iterator[tuple[str, Value]]:
        """The facts that a scope states and that are kept, with the value that will stand there."""
        keys: Mapping[str, Value] = {}
        if self._evidence is not None:
            service = self._evidence.services.get(position)
            keys = self._evidence.keys if not position else {}
            keys = keys if service is None else {own_facts.SERVICE: service}
        for fact in self._vocabulary:
            name = fact.name
            if name == LINE_ID or fact.of_line is not bool(position) or name not in values.stated:
                continue
            if name in keys:
                yield name, keys[name]
            elif (
                name in self._asked.wanted
                and not self._is_registered(name, position)
                and not (name == own_facts.PAYABLE_AMOUNT and self._has_no_lines())
                and not self._goes_without_saying(fact, values.stated[name])
            ):
                yield name, self._kept(fact, values.stated[name])

    def _goes_without_saying(self, fact: Fact, value: Value) -> bool:
        """Whether a fact says what its absence means, or a text has no word that rules look for."""
        if fact.name in self._asked.known:
            return False
        if fact.name in self._asked.compared:
            return value == fact.absent and type(value) is type(fact.absent)
        said = words_found(str(value), self._asked.searched[fact.name])
        return said == NO_WORDS and not self._thorough

    def _is_registered(self, name: str, position: int) -> bool:
        if self._evidence is None:
            return False
        return bool({(position, name), (position, name.rpartition(".")[0])} & self._evidence.groups)

    def _kept(self, fact: Fact, value: Value) -> Value:
        if fact.personal:
            return value if self._keep_personal else nobodys(fact)
        if fact.name in self._asked.compared or fact.type is not FactType.TEXT:
            return value
        if fact.name in self._asked.searched:
            return words_found(str(value), self._asked.searched[fact.name])
        return nobodys(fact)

    # -- what is bad ---------------------------------------------------------------------------------

    def _bad(self, values: ReadValues) -> Iterator[tuple[str, Flaw]]:
        for name, flaw in values.bad.items():
            if name not in (LINES, LINE_ID, "line") and not (
                name == own_facts.PAYABLE_AMOUNT and self._has_no_lines()
            ):
                yield name, flaw

    def _bad_cell(self, path: str, raw: object, flaw: Flaw) -> str | None:
        """What stands there, where that is nobody's and can be shown."""
        if path not in self._words.names.book.vocabulary and "[" not in path:
            return None
        try:
            fact = self._words.names.fact(path)
        except KeyError:
            return None
        if (fact.personal and not self._keep_personal) or self._tells_of_somebody(raw):
            return None
        return self._words.bad_cell(path, raw, flaw)

    def _tells_of_somebody(self, raw: object) -> bool:
        """Whether a bad value repeats one that is personal."""
        if self._keep_personal:
            return False
        said = str(getattr(raw, "literal", raw)).casefold()
        for scope in (self._read.invoice, *(values for _, values in self._read.lines or ())):
            for name, value in (*scope.as_it_was.items(), *scope.stated.items()):
                personal = name in self._vocabulary and self._vocabulary[name].personal
                words = str(getattr(value, "literal", value)).strip().casefold()
                if personal and words and words in said:
                    return True
        return False

    def _bad_step(self, path: str, flaw: Flaw) -> Said:
        """That a fact, or a whole group, cannot be read."""
        try:
            self._words.names.fact(path)
        except KeyError:
            if flaw is not Flaw.TYPE:
                raise UnsayableError(_NO_SUCH_FLAW.filled(fact=path, code=flaw.value)) from None
            group = self._words.place(path)
            return self._say(given_steps.a_bad_group, words=self._some_text(), group=group)
        return self._say(
            given_steps.a_fact_unreadable, fact=self._words.place(path), code=flaw.value
        )

    def _some_text(self) -> str:
        return _SOME_TEXT.say(self._language)

    # -- the relationship ----------------------------------------------------------------------------

    def _without_relationship(self, sentences: list[Said]) -> list[Said]:
        """Neither agreement nor claim is one sentence."""
        denials = {
            name: self._words.statement(name, value=False)
            for name in ("relationship.agreement", "relationship.claim")
            if name in self._vocabulary
        }
        both = [
            self._say(given_steps.a_statement, statement=said)
            for said in denials.values()
            if said is not None
        ]
        if len(both) < 2 or not all(each in sentences for each in both):
            return sentences
        at = sentences.index(both[0])
        kept = [each for each in sentences if each not in both]
        return [*kept[:at], self._say(given_steps.no_relationship), *kept[at:]]

    # -- lines ---------------------------------------------------------------------------------------

    def _has_no_lines(self) -> bool:
        """An empty list of lines: with it goes the amount to pay."""
        return self._read.invoice.bad.get(LINES) is Flaw.NO_LINES or self._read.lines == ()

    def _lines(self) -> Iterator[Said]:
        if any(LINES.startswith(f"{name}.") for name in self._read.invoice.bad):
            return  # nothing of the invoice can be read, and its lines neither
        lines = self._words.fact(LINES)
        flaw = self._read.invoice.bad.get(LINES)
        if self._has_no_lines():
            yield from self._no_lines()
        elif flaw is Flaw.TYPE:
            words = self._some_text()
            group = self._words.label(LINES)
            yield self._say(given_steps.a_bad_group, words=words, group=group)
        elif flaw is not None:
            yield self._say(given_steps.a_fact_unreadable, fact=lines, code=flaw.value)
        elif self._read.lines is None:
            yield self._say(given_steps.a_fact_is_unknown, fact=lines)
        else:
            yield from self._table_of_lines()

    def _no_lines(self) -> Iterator[Said]:
        name = own_facts.PAYABLE_AMOUNT
        invoice = self._read.invoice
        known = invoice.stated.get(name)
        amount = self._words.amount(_SOME_ORE if known is None else int(known))
        yield self._say(given_steps.no_lines, amount=amount)
        if name in invoice.bad:
            yield self._bad_value(name, invoice.as_it_was.get(name), invoice.bad[name])
        elif known is None:
            yield self._say(given_steps.a_fact_is_unknown, fact=self._words.fact(name))

    def _bad_value(self, path: str, raw: object, flaw: Flaw) -> Said:
        """A bad value in a sentence of its own."""
        cell = self._bad_cell(path, raw, flaw)
        if cell is None or not fits_in_sentence(cell[1:-1]):
            return self._bad_step(path, flaw)
        return self._say(given_steps.a_fact_is, fact=self._words.fact_before_verb(path), value=cell)

    def _table_of_lines(self) -> Iterator[Said]:
        lines = self._read.lines or ()
        writer = LineInSteps(self._words, self._language, wide=len(lines) > SENTENCES_MAX)
        rows: list[LineRow] = []
        sentences: list[Said] = []
        for position, (name, values) in enumerate(lines, start=1):
            row: LineRow = {}
            rows.append(row)
            if "line" in values.bad:
                raw = values.as_it_was.get("line")
                words = "null" if raw is None else self._some_text()
                group = self._words.place(f"line[{position}]")
                sentences.append(self._say(given_steps.a_bad_group, words=words, group=group))
                continue
            said = self._line_id(position, name, values)
            if said is not None:
                row[LINE_ID] = said
            known = dict(self._known(values, position))
            bad = dict(self._bad(values))
            sentences += writer.known(position, known, {*bad}, row)
            for fact, flaw in bad.items():
                path = f"line[{position}].{fact.removeprefix(LINE_PREFIX)}"
                raw = values.as_it_was.get(fact)
                cell = self._bad_cell(path, raw, flaw)
                if cell is not None and writer.has_column(fact):
                    row[fact] = cell
                else:
                    sentences.append(self._bad_value(path, raw, flaw))
            if LINE_ID in values.bad and not name.startswith("#"):
                sentences.append(self._bad_step(f"line[{position}].id", values.bad[LINE_ID]))
        yield self._say(given_steps.these_lines, table=writer.table(rows))
        yield from sentences

    def _line_names(self) -> Iterator[tuple[str, str]]:
        """What each line is called in the scenario, by what the decision calls it."""
        asked = LINE_ID in self._asked.wanted
        for position, (name, values) in enumerate(self._read.lines or (), start=1):
            nameless = name == f"#{position}" and bool({LINE_ID, "line"} & values.bad.keys())
            yield name, name if nameless or asked else str(position)

    def _line_id(self, position: int, name: str, values: ReadValues) -> str | None:
        """What stands as the id of a line; None where nothing does."""
        if name != f"#{position}" or LINE_ID not in values.bad:
            return self.line_names[name]
        found = forms.read(self._vocabulary[LINE_ID], values.as_it_was.get(LINE_ID))
        if found is None:
            return None
        earlier = [each for each, _ in (self._read.lines or ())[: position - 1]]
        if found in earlier:
            return self.line_names[str(found)]
        return str(found) if POSITION_NAME.fullmatch(str(found)) else name

    # -- the register --------------------------------------------------------------------------------

    def _register(self) -> Iterator[Said]:
        if self._evidence is not None:
            yield self._say(given_steps.evidence, table=self._evidence.rows)


_SOME_NUMBER: Final = "1001"
_SOME_ORE: Final = 10000
_SOME_TEXT: Final = text("tekst", "text")
_NO_SUCH_FLAW: Final = text(
    "Ingen steg kan si at «{fact}» har en feil av slaget «{code}».",
    "No step can say that “{fact}” has a problem of the kind “{code}”.",
)
