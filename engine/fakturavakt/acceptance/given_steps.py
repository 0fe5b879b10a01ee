"""Steps that say what is known: where to start, and every fact of invoice, parties, lines and register."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from fakturavakt.acceptance.sample_invoice import consent, sendable
from fakturavakt.acceptance.scenario_error import ScenarioError
from fakturavakt.acceptance.sentences import bare
from fakturavakt.acceptance.step_definitions import Group, step
from fakturavakt.acceptance.table_words import EVIDENCE_KINDS, register_rows
from fakturavakt.texts import text

if TYPE_CHECKING:
    from fakturavakt.acceptance.case import Case

# -- where to start --------------------------------------------------------------------------------


@step("given", Group.START, nb="en faktura som kan sendes", en="an invoice that may be sent")
def an_invoice_in_order(case: Case) -> None:
    """Everything in order, over eFaktura."""
    case.start(sendable())


@step(
    "given",
    Group.START,
    nb="en faktura med disse opplysningene:",
    en="an invoice with these facts:",
    table=(
        [
            ["om mottakeren er privatperson eller virksomhet", "privatperson"],
            ["forfallsdatoen", "15. februar 2021"],
            ["linjens beløp uten merverdiavgift (linje 1)", "349,00 kr"],
        ],
        [
            ["whether the recipient is a private person or an organisation", "private person"],
            ["the due date", "15 February 2021"],
            ["the line's amount without VAT (line 1)", "NOK 349.00"],
        ],
    ),
)
def these_facts(case: Case, datatable: list[list[str]]) -> None:
    """A whole document: a fact and its value in each row, and nothing else."""
    lines = case.line_numbers(row[0] for row in datatable)
    case.start({"invoice": {"lines": [{} for _ in range(lines)]}} if lines else {})
    for row in datatable:
        if len(row) != 2:
            raise ScenarioError(_TWO_COLUMNS)
        name, value = row
        case.state(name, value)


@step(
    "given",
    Group.START,
    nb="fakturaen i filen «{file}»",
    en="the invoice in the file “{file}”",
)
def the_invoice_in_a_file(case: Case, file: str) -> None:
    """The one document of a file (UBL, JSON, CSV, …), named from the feature's folder."""
    case.start_from_file(file, None)


@step(
    "given",
    Group.START,
    nb="dokument nummer {position:Count} i filen «{file}»",
    en="document number {position:Count} of the file “{file}”",
)
def a_document_in_a_file(case: Case, position: int, file: str) -> None:
    """One of several documents, counted from 1."""
    case.start_from_file(file, position)


@step(
    "given",
    Group.START,
    nb="regelboken i mappen «{folder}»",
    en="the rule book in the folder “{folder}”",
)
def another_rule_book(case: Case, folder: str) -> None:
    """Another rule book than the run's, named from the feature's folder."""
    case.use_rule_book(folder)


# -- any fact --------------------------------------------------------------------------------------


@step(
    "given",
    Group.DOCUMENT,
    nb="at {statement:Statement}",
    en=("that {statement:Statement}", "{statement:Statement}"),
)
def a_statement(case: Case, statement: str) -> None:
    """A yes/no or a choice, in the words of the vocabulary."""
    case.state_so(statement)


@step(
    "given",
    Group.DOCUMENT,
    nb=(
        "at {fact:Fact} er {value:Value}",
        "at svaret på {fact:Fact} er {value:Value}",
    ),
    en=(
        "that {fact:Fact} is {value:Value}",
        "{fact:Fact} is {value:Value}",
        "that the answer to {fact:Fact} is {value:Value}",
    ),
)
def a_fact_is(case: Case, fact: str, value: str) -> None:
    """Any fact, by its label or path. In quotation marks the value is exactly what stands in the document."""
    case.state(fact, value)


@step(
    "given",
    Group.DOCUMENT,
    nb=(
        "at det er ukjent {fact:Fact}",
        "at {fact:Fact} er ukjent",
        "at svaret på {fact:Fact} er ukjent",
    ),
    en=(
        "that {fact:Fact} is unknown",
        "{fact:Fact} is unknown",
        "that it is unknown {fact:Fact}",
        "that the answer to {fact:Fact} is unknown",
    ),
)
def a_fact_is_unknown(case: Case, fact: str) -> None:
    """The document does not say."""
    case.forget(fact)


@step(
    "given",
    Group.DOCUMENT,
    nb="at det bare står «{words}» der {group:Place} skulle stått",
    en="that only “{words}” stands where {group:Place} should",
)
def a_bad_group(case: Case, words: str, group: str) -> None:
    """A text in the place of a group of facts, of the lines or of a line; of a line also ``null``."""
    case.set_whole(group, words)


@step(
    "given",
    Group.DOCUMENT,
    nb="at {fact:Fact} ikke kan leses, en feil av slaget «{code}»",
    en=(
        "{fact:Fact} cannot be read, a problem of the kind “{code}”",
        "that {fact:Fact} cannot be read, a problem of the kind “{code}”",
    ),
)
def a_fact_unreadable(case: Case, fact: str, code: str) -> None:
    """Whatever stood there: also what no table can show, and what only a format can tell (``conflict``)."""
    case.spoil(fact, code)


# -- the invoice -----------------------------------------------------------------------------------


@step(
    "given",
    Group.DOCUMENT,
    nb="at fakturaen sendes {day:Day}",
    en="the invoice is sent on {day:Day}",
)
def the_send_date(case: Case, day: str) -> None:
    """The day it is handed to the channel."""
    case.set("invoice.send_date", day)


@step(
    "given",
    Group.DOCUMENT,
    nb="at fakturaen forfaller {day:Day}",
    en="the invoice is due on {day:Day}",
)
def the_due_date(case: Case, day: str) -> None:
    """The due date."""
    case.set("invoice.due_date", day)


@step(
    "given",
    Group.DOCUMENT,
    nb="at fakturaen er datert {day:Day}",
    en="the invoice is dated {day:Day}",
)
def the_issue_date(case: Case, day: str) -> None:
    """The issue date."""
    case.set("invoice.issue_date", day)


@step(
    "given",
    Group.DOCUMENT,
    nb="at fakturaen har {count:Count} vedlegg",
    en=("the invoice has {count:Count} attachments", "the invoice has {count:Count} attachment"),
)
def attachments(case: Case, count: int) -> None:
    """How many attachments."""
    case.set("invoice.attachments", case.value("invoice.attachments", str(count)))


@step(
    "given",
    Group.DOCUMENT,
    nb="at det verken er avtale eller fordring mellom mottakeren og kreditor",
    en="there is neither agreement nor claim between recipient and creditor",
)
def no_relationship(case: Case) -> None:
    """Both are established not to be."""
    case.document["relationship"] = {"agreement": False, "claim": False}


# -- lines -----------------------------------------------------------------------------------------


@step(
    "given",
    Group.LINES,
    nb="at fakturaen er uten linjer, med {amount:Amount} å betale",
    en="the invoice has no lines and {amount:Amount} to pay",
)
def no_lines(case: Case, amount: str) -> None:
    """An empty list of lines."""
    case.set("invoice.lines", [])
    case.set("invoice.payable_amount", amount)


@step(
    "given",
    Group.LINES,
    nb="at fakturaen har disse linjene:",
    en="the invoice has these lines:",
    table=(
        [
            ["linje", "gjelder", "beløp", "avtalt", "avtalt den", "avtalt beløp"],
            ["1", "en vare", "349,00 kr", "ja", "15. januar 2021", "349,00 kr"],
        ],
        [
            ["line", "what it is", "amount", "agreed", "agreed on", "agreed amount"],
            ["1", "goods", "NOK 349.00", "yes", "15 January 2021", "NOK 349.00"],
        ],
    ),
    headings=True,
)
def these_lines(case: Case, datatable: list[list[str]]) -> None:
    """A table with a fact of the line in each column, by a short word, its label or its path."""
    case.state_lines(datatable)


@step(
    "given",
    Group.LINES,
    nb="at linje {number:Count} er {kind:Kind}",
    en="line {number:Count} is {kind:Kind}",
)
def the_kind_of_a_line(case: Case, number: int, kind: str) -> None:
    """What is sold."""
    case.line(number)["kind"] = kind


@step(
    "given",
    Group.LINES,
    nb="at linje {number:Count} er på {amount:Amount}",
    en="line {number:Count} is for {amount:Amount}",
)
def the_amount_of_a_line(case: Case, number: int, amount: str) -> None:
    """The line's amount without VAT."""
    case.line(number)["amount"] = amount


@step(
    "given",
    Group.LINES,
    nb=(
        "at mottakeren ga opplyst og eksplisitt samtykke til linje {number:Count} den {day:Day}",
        "at mottakeren har gitt et fullstendig samtykke til linje {number:Count} den {day:Day}",
    ),
    en=(
        "the recipient gave informed and explicit consent to line {number:Count} on {day:Day}",
        "the recipient gave complete consent to line {number:Count} on {day:Day}",
    ),
)
def complete_consent(case: Case, number: int, day: str) -> None:
    """Given, informed and explicit."""
    case.line(number)["consent"] = consent() | {"given_on": day}


@step(
    "given",
    Group.LINES,
    nb="at samtykket til linje {number:Count} er trukket tilbake {day:Day}",
    en="the consent to line {number:Count} was withdrawn on {day:Day}",
)
def withdrawn_consent(case: Case, number: int, day: str) -> None:
    """The day it ended."""
    case.line(number).setdefault("consent", {})["withdrawn_on"] = day


@step(
    "given",
    Group.LINES,
    nb=(
        "at mottakeren aksepterte å få gaveforespørselen på linje {number:Count} den {day:Day}",
        "at mottakeren har sagt ja til gaveforespørselen på linje {number:Count} den {day:Day}",
    ),
    en="the recipient accepted the gift request on line {number:Count} on {day:Day}",
)
def gift_accepted(case: Case, number: int, day: str) -> None:
    """Prior acceptance to receive such requests."""
    case.line(number)["gift_acceptance"] = {"given": True, "given_on": day}


@step(
    "given",
    Group.LINES,
    nb="at aksepten for linje {number:Count} er trukket tilbake {day:Day}",
    en="the acceptance for line {number:Count} was withdrawn on {day:Day}",
)
def gift_acceptance_withdrawn(case: Case, number: int, day: str) -> None:
    """The day it ended."""
    case.line(number).setdefault("gift_acceptance", {})["withdrawn_on"] = day


@step(
    "given",
    Group.LINES,
    nb="at linje {number:Count} ble avtalt {day:Day} for inntil {amount:Amount}",
    en="line {number:Count} was agreed on {day:Day} for up to {amount:Amount}",
)
def agreed(case: Case, number: int, day: str, amount: str) -> None:
    """What the recipient agreed to in advance."""
    case.line(number)["agreed"] = {"given": True, "given_on": day, "amount": amount}


# -- the register ----------------------------------------------------------------------------------


@step(
    "given",
    Group.REGISTER,
    nb="registeret i mappen «{folder}»",
    en="the register in the folder “{folder}”",
)
def a_register(case: Case, folder: str) -> None:
    """An evidence register, named from the feature's folder."""
    case.register = bare(folder)


@step(
    "given",
    Group.REGISTER,
    nb="at registeret har denne evidensen:",
    en="the register has this evidence:",
    table=(
        [
            ["varenummer", "slag", "fra", "opplyst", "eksplisitt", "referanse"],
            ["tv", "samtykke", "15. januar 2021", "ja", "ja", "S-1"],
        ],
        [
            ["item", "kind", "from", "informed", "explicit", "reference"],
            ["tv", "consent", "15 January 2021", "yes", "yes", "S-1"],
        ],
    ),
    headings=True,
)
def evidence(case: Case, datatable: list[list[str]]) -> None:
    """Rows of ``evidence.csv``; sender and customer are those of the invoice."""
    case.evidence += register_rows(datatable, EVIDENCE_KINDS)


@step(
    "given",
    Group.REGISTER,
    nb="at avsenderens katalog har disse varene:",
    en="the sender's catalogue has these items:",
    table=(
        [["varenummer", "gjelder"], ["tv", "et abonnement"]],
        [["item", "what it is"], ["tv", "a subscription"]],
    ),
    headings=True,
)
def catalogue(case: Case, datatable: list[list[str]]) -> None:
    """Rows of ``services.csv``; the sender is that of the invoice."""
    from fakturavakt.vocabulary.own_facts import LINE_KIND

    case.services += register_rows(datatable, case.tested.names.choices(LINE_KIND))


@step(
    "given",
    Group.REGISTER,
    nb="at registeret er fullstendig for {kinds:EvidenceKinds}",
    en="the register is complete for {kinds:EvidenceKinds}",
)
def complete_register(case: Case, kinds: Sequence[str]) -> None:
    """No entry then means no."""
    case.complete_for += kinds


# -- the day ---------------------------------------------------------------------------------------


@step(
    "given",
    Group.SCREENING,
    nb="at kontrolldatoen er {day:Day}",
    en="the screening date is {day:Day}",
)
def the_screening_date(case: Case, day: str) -> None:
    """The day that scenarios without one are screened on is 2 February 2021."""
    case.as_of = date.fromisoformat(day)


_TWO_COLUMNS = text(
    "Tabellen skal ha to kolonner: opplysningen og verdien.",
    "The table must have two columns: the fact and its value.",
)
