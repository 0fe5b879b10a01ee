"""The steps of the features: Norwegian and English texts for the same functions.

Norwegian needs two texts for most of what comes out: after «Så» the verb stands before its subject, after
«Og» behind it. Facts, rules and channels may be called by their ids or, as people read them, by the labels
and titles of the rule book: ``line[1].consent.given`` is also ``om samtykke er gitt (linje 1)``.

Load them with ``pytest_plugins = ["fakturavakt.acceptance.steps"]`` in a root ``conftest.py``. The list
:data:`PATTERNS` is what the feature lint holds the steps of features against.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest
from pytest_bdd import given, parsers, then, when

from fakturavakt.acceptance.case import CUSTOMER, SENDER, Case, consent, sendable
from fakturavakt.acceptance.names import advice_id, channel_name, fact_path, prohibition_id
from fakturavakt.agreements import SenderAgreements
from fakturavakt.decision import ChannelDecision, Decision

Step = TypeVar("Step", bound=Callable[..., object])

_MONTHS: Final = {
    month: number
    for number, months in enumerate(
        (
            *(("januar", "january"), ("februar", "february"), ("mars", "march"), ("april",)),
            *(("mai", "may"), ("juni", "june"), ("juli", "july"), ("august",), ("september",)),
            *(("oktober", "october"), ("november",), ("desember", "december")),
        ),
        start=1,
    )
    for month in months
}
_VERDICTS: Final = {
    "stoppet": "block",
    "satt på vent": "hold",
    "ikke omfattet": "out_of_scope",
    "sendt": "send",
    "blocked": "block",
    "held": "hold",
    "out of scope": "out_of_scope",
    "sent": "send",
}
_DOCUMENTS: Final = {
    "en faktura": "invoice",
    "en kreditnota": "credit_note",
    "an invoice": "invoice",
    "a credit note": "credit_note",
}
_KINDS: Final = {
    "en vare": "goods",
    "en tjeneste": "service",
    "et abonnement": "subscription",
    "en forespørsel om pengegave": "gift_request",
    "goods": "goods",
    "a service": "service",
    "a subscription": "subscription",
    "a request for a gift": "gift_request",
}

_PROPERTY_WORDS: Final = {
    "True": ("ja", "yes"),
    "False": ("nei", "no"),
    "None": ("ukjent", "unknown"),
}

PATTERNS: list[tuple[str, Any]] = []
"""Each kind of step (``given``, ``when``, ``then``) with the parser of one of its texts."""


def _day(written: str) -> str:
    """``2. februar 2021`` or ``2 February 2021`` as ``2021-02-02``."""
    day, month, year = written.replace(".", "").split()
    return date(int(year), _MONTHS[month.lower()], int(day)).isoformat()


def _amount(written: str) -> str:
    """``1 200,25 kr`` or ``NOK 1200.25`` as ``1200.25``."""
    plain = re.sub(r"kr|NOK|\s", "", written)
    return plain.replace(",", ".")


def _listed(written: str) -> list[str]:
    """``1, 2 og 3`` as a list; what stands in parentheses is not taken apart."""
    parts = re.split(r"(?:,| og | and )(?![^()]*\))", written)
    return [part.strip() for part in parts if part.strip()]


def _one_of(words: dict[str, str]) -> Callable[[str], str]:
    def convert(written: str) -> str:
        return words[written]

    convert.pattern = "|".join(map(re.escape, words))  # type: ignore[attr-defined]
    return convert


_day.pattern = r"\d{1,2}\.? \w+ \d{4}"  # type: ignore[attr-defined]
_amount.pattern = r"(?:NOK )?-?[\d  ]+(?:[,.]\d{2})?(?: kr)?"  # type: ignore[attr-defined]
_listed.pattern = r"[\w#, -]+"  # type: ignore[attr-defined]

_TYPES: Final = {
    "Day": _day,
    "Amount": _amount,
    "List": _listed,
    "Verdict": _one_of(_VERDICTS),
    "Document": _one_of(_DOCUMENTS),
    "Kind": _one_of(_KINDS),
}


def _step(kind: Callable[..., Any], *texts: str) -> Callable[[Step], Step]:
    """One function, known by several texts."""

    def decorate(function: Step) -> Step:
        for text in texts:
            parser = parsers.parse(text, extra_types=_TYPES)
            PATTERNS.append((kind.__name__, parser))
            kind(parser, stacklevel=2)(function)
        return function

    return decorate


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """The scenario under way."""
    return Case(tmp_path / "register")


# -- what is known ---------------------------------------------------------------------------------


@_step(given, "en faktura som kan sendes", "an invoice that may be sent")
def an_invoice_in_order(case: Case) -> None:
    """Everything in order, over eFaktura."""
    case.document = sendable()


@_step(
    given,
    "at «{fact}» er «{value}»",
    "at svaret på «{fact}» er «{value}»",
    "that “{fact}” is “{value}”",
    "that the answer to “{fact}” is “{value}”",
)
def a_fact_is(case: Case, fact: str, value: str) -> None:
    """Any fact, by its name or label."""
    path = fact_path(fact)
    case.set(path, case.value(path, value))


@_step(
    given,
    "at «{fact}» er ukjent",
    "at svaret på «{fact}» er ukjent",
    "that “{fact}” is unknown",
    "that the answer to “{fact}” is unknown",
)
def a_fact_is_unknown(case: Case, fact: str) -> None:
    """The document does not say."""
    case.forget(fact_path(fact))


@_step(
    given,
    "at det bare står «{words}» der «{group}» skulle stått",
    "that only “{words}” stands where “{group}” should",
)
def a_bad_group(case: Case, words: str, group: str) -> None:
    """A text in the place of a group of facts (``sender``, ``line[1].consent``) or of the lines."""
    case.set_whole(fact_path(group), words)


@_step(
    given,
    "at det bare står «{words}» der linje {number:d} skulle stått",
    "that only “{words}” stands where line {number:d} should",
)
def a_bad_line(case: Case, words: str, number: int) -> None:
    """A text, or the null of JSON, in the place of a line."""
    case.line(number)
    case.document["invoice"]["lines"][number - 1] = None if words == "null" else words


@_step(given, "at dokumentet er {kind:Document}", "the document is {kind:Document}")
def the_kind_of_document(case: Case, kind: str) -> None:
    """An invoice demands payment, a credit note nothing."""
    case.set("invoice.kind", kind)


@_step(given, "at fakturaen sendes {day:Day}", "the invoice is sent on {day:Day}")
def the_send_date(case: Case, day: str) -> None:
    """The day it is handed to the channel."""
    case.set("invoice.send_date", day)


@_step(given, "at fakturaen forfaller {day:Day}", "the invoice is due on {day:Day}")
def the_due_date(case: Case, day: str) -> None:
    """The due date."""
    case.set("invoice.due_date", day)


@_step(given, "at fakturaen er datert {day:Day}", "the invoice is dated {day:Day}")
def the_issue_date(case: Case, day: str) -> None:
    """The issue date."""
    case.set("invoice.issue_date", day)


@_step(given, "at fakturaen har {count:d} vedlegg", "the invoice has {count:d} attachments")
def attachments(case: Case, count: int) -> None:
    """How many attachments."""
    case.set("invoice.attachments", case.value("invoice.attachments", str(count)))


@_step(
    given,
    "at fakturaen er uten linjer, med {amount:Amount} å betale",
    "the invoice has no lines and {amount:Amount} to pay",
)
def no_lines(case: Case, amount: str) -> None:
    """An empty list of lines."""
    case.set("invoice.lines", [])
    case.set("invoice.payable_amount", amount)


@_step(given, "at fakturaen har disse linjene:", "the invoice has these lines:")
def these_lines(case: Case, datatable: list[list[str]]) -> None:
    """A table with a fact of the line in each column."""
    header, *rows = datatable
    case.set("invoice.lines", [])
    for position, row in enumerate(rows, start=1):
        line = case.line(position)
        line.clear()
        for name, cell in zip(header, row, strict=True):
            if cell:
                path = f"line[{position}].{name}"
                case.set(path, case.value(path, cell))


@_step(given, "at linje {number:d} er {kind:Kind}", "line {number:d} is {kind:Kind}")
def the_kind_of_a_line(case: Case, number: int, kind: str) -> None:
    """What is sold."""
    case.line(number)["kind"] = kind


@_step(given, "at linje {number:d} er på {amount:Amount}", "line {number:d} is for {amount:Amount}")
def the_amount_of_a_line(case: Case, number: int, amount: str) -> None:
    """The line's amount without VAT."""
    case.line(number)["amount"] = amount


@_step(
    given,
    "at mottakeren har gitt et fullstendig samtykke til linje {number:d} den {day:Day}",
    "the recipient gave complete consent to line {number:d} on {day:Day}",
)
def complete_consent(case: Case, number: int, day: str) -> None:
    """Given, informed and explicit."""
    case.line(number)["consent"] = consent() | {"given_on": day}


@_step(
    given,
    "at samtykket til linje {number:d} er trukket tilbake {day:Day}",
    "the consent to line {number:d} was withdrawn on {day:Day}",
)
def withdrawn_consent(case: Case, number: int, day: str) -> None:
    """The day it ended."""
    case.line(number).setdefault("consent", {})["withdrawn_on"] = day


@_step(
    given,
    "at mottakeren har sagt ja til gaveforespørselen på linje {number:d} den {day:Day}",
    "the recipient accepted the gift request on line {number:d} on {day:Day}",
)
def gift_accepted(case: Case, number: int, day: str) -> None:
    """Prior acceptance to receive such requests."""
    case.line(number)["gift_acceptance"] = {"given": True, "given_on": day}


@_step(
    given,
    "at aksepten for linje {number:d} er trukket tilbake {day:Day}",
    "the acceptance for line {number:d} was withdrawn on {day:Day}",
)
def gift_acceptance_withdrawn(case: Case, number: int, day: str) -> None:
    """The day it ended."""
    case.line(number).setdefault("gift_acceptance", {})["withdrawn_on"] = day


@_step(
    given,
    "at linje {number:d} ble avtalt {day:Day} for inntil {amount:Amount}",
    "line {number:d} was agreed on {day:Day} for up to {amount:Amount}",
)
def agreed(case: Case, number: int, day: str, amount: str) -> None:
    """What the recipient agreed to in advance."""
    case.line(number)["agreed"] = {"given": True, "given_on": day, "amount": amount}


@_step(
    given,
    "at det verken er avtale eller fordring mellom mottakeren og kreditor",
    "there is neither agreement nor claim between recipient and creditor",
)
def no_relationship(case: Case) -> None:
    """Both are established not to be."""
    case.document["relationship"] = {"agreement": False, "claim": False}


@_step(given, "at mottakeren er en virksomhet", "the recipient is an organisation")
def an_organisation(case: Case) -> None:
    """Not a private person."""
    case.set("recipient.kind", "organisation")


@_step(
    given,
    "at mottakeren ikke tar imot eFaktura fra avsenderen",
    "the recipient does not accept eFaktura from the sender",
)
def no_efaktura(case: Case) -> None:
    """A reservation, or no bank that takes it."""
    case.set("recipient.efaktura", False)


@_step(given, "at registeret har denne evidensen:", "the register has this evidence:")
def evidence(case: Case, datatable: list[list[str]]) -> None:
    """Rows of ``evidence.csv``; sender and customer are those of the invoice."""
    header, *rows = datatable
    case.evidence = [",".join(["sender", "customer_number", *header])]
    case.evidence += [",".join([SENDER, CUSTOMER, *row]) for row in rows]


@_step(
    given,
    "at avsenderens katalog har disse varene:",
    "the sender's catalogue has these items:",
)
def catalogue(case: Case, datatable: list[list[str]]) -> None:
    """Rows of ``services.csv``; the sender is that of the invoice."""
    header, *rows = datatable
    case.services = [",".join(["sender", *header])]
    case.services += [",".join([SENDER, *row]) for row in rows]


@_step(
    given,
    "at registeret er fullstendig for «{kinds}»",
    "the register is complete for “{kinds}”",
)
def complete_register(case: Case, kinds: str) -> None:
    """No entry then means no."""
    case.complete_for = " ".join(_listed(kinds))


# -- what happens ----------------------------------------------------------------------------------


@_step(when, "fakturaen kontrolleres", "the invoice is screened")
def screened(case: Case) -> None:
    """Every engine decides, and they agree."""
    case.screen()


@_step(when, "fakturaen kontrolleres {day:Day}", "the invoice is screened on {day:Day}")
def screened_on(case: Case, day: str) -> None:
    """The same, on another screening date."""
    case.as_of = date.fromisoformat(day)
    case.screen()


@_step(
    when,
    "avsenderens avtaler vurderes {day:Day}",
    "the sender's agreements are judged on {day:Day}",
)
def judged_on(case: Case, day: str) -> None:
    """The migration, seen on a day."""
    case.as_of = date.fromisoformat(day)
    case.judge_sender()


# -- what comes out --------------------------------------------------------------------------------


def _decision(case: Case) -> Decision:
    assert case.decision is not None, "the scenario has no step that screens the invoice"
    return case.decision


@_step(
    then,
    "blir fakturaen {verdict:Verdict}",
    "er fakturaen {verdict:Verdict}",
    "the invoice is {verdict:Verdict}",
)
def the_verdict(case: Case, verdict: str) -> None:
    """Send, block, hold or out of scope."""
    assert _decision(case).decision.value == verdict


@_step(
    then,
    "går fakturaen som «{channel}»",
    "fakturaen går som «{channel}»",
    "the invoice goes as “{channel}”",
)
def the_channel(case: Case, channel: str) -> None:
    """The first certain channel."""
    assert _decision(case).channel == channel_name(channel)


@_step(
    then,
    "forsøkes kanalene i rekkefølgen «{channels}»",
    "kanalene forsøkes i rekkefølgen «{channels}»",
    "the channels tried are “{channels}”",
)
def the_attempts(case: Case, channels: str) -> None:
    """In order, up to the first certain one."""
    assert list(_decision(case).attempts) == [channel_name(each) for each in _listed(channels)]


@_step(then, "forsøkes ingen kanal", "ingen kanal forsøkes", "no channel is tried")
def no_attempt(case: Case) -> None:
    """The invoice does not leave."""
    assert (_decision(case).attempts, _decision(case).channel) == ((), None)


@_step(then, "vurderes ingen kanal", "ingen kanal vurderes", "no channel is considered")
def no_channel(case: Case) -> None:
    """Nothing is said of any channel, not even that it cannot be used."""
    assert _decision(case).channels == ()


def _finding(case: Case, rule: str) -> tuple[str, tuple[str, ...]] | None:
    name = prohibition_id(rule)
    found = [f for f in _decision(case).findings if f.rule == name]
    return (found[0].outcome, found[0].lines) if found else None


@_step(
    then,
    "er forbudet «{rule}» brutt på linje {lines:List}",
    "forbudet «{rule}» er brutt på linje {lines:List}",
    "the prohibition “{rule}” is broken on line {lines:List}",
)
def broken_on(case: Case, rule: str, lines: list[str]) -> None:
    """And on no other line."""
    assert _finding(case, rule) == ("holds", tuple(lines))


@_step(
    then,
    "er forbudet «{rule}» brutt",
    "forbudet «{rule}» er brutt",
    "the prohibition “{rule}” is broken",
)
def broken(case: Case, rule: str) -> None:
    """A prohibition on the whole invoice."""
    assert _finding(case, rule) == ("holds", ())


@_step(
    then,
    "er det ukjent om forbudet «{rule}» er brutt på linje {lines:List}",
    "det er ukjent om forbudet «{rule}» er brutt på linje {lines:List}",
    "it is unknown whether the prohibition “{rule}” is broken on line {lines:List}",
)
def unknown_on(case: Case, rule: str, lines: list[str]) -> None:
    """And on no other line."""
    assert _finding(case, rule) == ("unknown", tuple(lines))


@_step(
    then,
    "er det ukjent om forbudet «{rule}» er brutt",
    "det er ukjent om forbudet «{rule}» er brutt",
    "it is unknown whether the prohibition “{rule}” is broken",
)
def unknown(case: Case, rule: str) -> None:
    """Without a line to name."""
    assert _finding(case, rule) == ("unknown", ())


@_step(
    then,
    "er forbudet «{rule}» ikke brutt",
    "forbudet «{rule}» er ikke brutt",
    "the prohibition “{rule}” is not broken",
)
def not_broken(case: Case, rule: str) -> None:
    """Neither broken nor unknown."""
    assert _finding(case, rule) is None


@_step(
    then,
    "er ingen forbud brutt eller ukjente",
    "ingen forbud er brutt eller ukjente",
    "no prohibition is broken or unknown",
)
def no_finding(case: Case) -> None:
    """Nothing to tell of any prohibition."""
    assert _decision(case).findings == ()


@_step(then, "mangler bare «{facts}»", "bare «{facts}» mangler", "only “{facts}” is missing")
def only_missing(case: Case, facts: str) -> None:
    """Those facts alone would settle it."""
    assert list(_decision(case).missing) == _paths(facts)


@_step(
    then,
    "mangler disse opplysningene, i denne rekkefølgen:",
    "disse opplysningene mangler, i denne rekkefølgen:",
    "these facts are missing, in this order:",
)
def missing_in_order(case: Case, datatable: list[list[str]]) -> None:
    """The same, one a row."""
    assert list(_decision(case).missing) == [fact_path(fact) for (fact,) in datatable]


@_step(then, "mangler ingenting", "ingenting mangler", "nothing is missing")
def nothing_missing(case: Case) -> None:
    """Nobody has anything to find out."""
    assert _decision(case).missing == ()


def _paths(facts: str) -> list[str]:
    return [fact_path(fact) for fact in _listed(facts)]


@_step(
    then,
    "kan kanalen «{channel}» brukes",
    "kanalen «{channel}» kan brukes",
    "the channel “{channel}” can be used",
)
def eligible(case: Case, channel: str) -> None:
    """Certainly."""
    assert _eligible(case, channel) is True


@_step(
    then,
    "kan kanalen «{channel}» ikke brukes",
    "kanalen «{channel}» kan ikke brukes",
    "the channel “{channel}” cannot be used",
)
def ineligible(case: Case, channel: str) -> None:
    """Certainly not."""
    assert _eligible(case, channel) is False


@_step(
    then,
    "er det ukjent om kanalen «{channel}» kan brukes, for «{facts}» mangler",
    "det er ukjent om kanalen «{channel}» kan brukes, for «{facts}» mangler",
    "it is unknown whether the channel “{channel}” can be used, for “{facts}” is missing",
)
def unknown_channel(case: Case, channel: str, facts: str) -> None:
    """With the facts that are missing."""
    found = _channel(case, channel)
    assert found.eligible is None
    assert list(found.missing) == _paths(facts)


def _channel(case: Case, channel: str) -> ChannelDecision:
    name = channel_name(channel)
    (found,) = [c for c in _decision(case).channels if c.channel == name]
    return found


def _eligible(case: Case, channel: str) -> bool | None:
    return _channel(case, channel).eligible


@_step(
    then,
    "har kanalene disse egenskapene:",
    "the channels have these properties:",
)
def channel_properties(case: Case, datatable: list[list[str]]) -> None:
    """Of the rule in force on the send date: channel, price class, fee in øre, whether attachments and
    the balance come along, how the payment arrives.
    """
    for channel, *cells in datatable[1:]:
        declared = case.properties(channel_name(channel))
        values: tuple[str | int | None, ...] = (
            declared.price_class,
            declared.bank_fee,
            declared.carries_attachments,
            declared.balance_shown,
            declared.payment_arrives,
        )
        for cell, value in zip(cells, values, strict=True):
            assert cell in _PROPERTY_WORDS.get(str(value), (str(value),)), (channel, cell, value)


@_step(
    then,
    "gis rådet «{rule}» for «{facts}»",
    "rådet «{rule}» gis for «{facts}»",
    "the advice “{rule}” is given for “{facts}”",
)
def advised(case: Case, rule: str, facts: str) -> None:
    """With the facts it asks for."""
    name = advice_id(rule)
    (found,) = [a for a in _decision(case).advice if a.rule == name]
    assert list(found.missing) == _paths(facts)


@_step(then, "gis ingen råd", "ingen råd gis", "no advice is given")
def no_advice(case: Case) -> None:
    """Nothing to improve."""
    assert _decision(case).advice == ()


@_step(
    then,
    "er «{path}» meldt som feil av slaget «{code}»",
    "«{path}» er meldt som feil av slaget «{code}»",
    "“{path}” is reported as a problem of the kind “{code}”",
)
def reported(case: Case, path: str, code: str) -> None:
    """A bad value, line or group, by its path or by the label of its fact."""
    found = [(problem.fact, problem.code) for problem in _decision(case).problems]
    assert (fact_path(path), code) in found


@_step(then, "er ingen feil meldt", "ingen feil er meldt", "no problem is reported")
def nothing_reported(case: Case) -> None:
    """Every value could be read."""
    assert _decision(case).problems == ()


@_step(
    then,
    "er «{references}» evidensen som ble brukt",
    "evidensen som ble brukt, er «{references}»",
    "the evidence used is “{references}”",
)
def evidence_used(case: Case, references: str) -> None:
    """By the references of its entries."""
    found = [used.reference for used in _decision(case).evidence]
    assert found == _listed(references)


@_step(then, "er ingen evidens brukt", "ingen evidens er brukt", "no evidence is used")
def no_evidence_used(case: Case) -> None:
    """Every fact is the document's own, or none was needed."""
    assert _decision(case).evidence == ()


@_step(
    then,
    "er avsenderens neste steg «{action}»",
    "avsenderens neste steg er «{action}»",
    "the sender's next step is “{action}”",
)
def the_action(case: Case, action: str) -> None:
    """What the migration asks of the sender."""
    assert _agreements(case).action == action


@_step(
    then,
    "får avsenderen beskjed på e-post: {answer}",
    "avsenderen får beskjed på e-post: {answer}",
    "the sender is told by e-mail: {answer}",
)
def told_by_email(case: Case, answer: str) -> None:
    """Yes, no, or not said where the action is unknown."""
    words = {"ja": True, "nei": False, "–": None, "yes": True, "no": False}
    assert _agreements(case).notified_by_email is words[answer]


@_step(
    then,
    "er fordelene «{benefits}»",
    "fordelene er «{benefits}»",
    "the benefits are “{benefits}”",
)
def the_benefits(case: Case, benefits: str) -> None:
    """From that day; a dash for none."""
    expected = [] if benefits == "–" else _listed(benefits)
    assert list(_agreements(case).benefits) == expected


@_step(
    then,
    "kommer betalingen som «{route}»",
    "betalingen kommer som «{route}»",
    "payments arrive as “{route}”",
)
def the_route(case: Case, route: str) -> None:
    """Ordinary, or through AutoPay; a dash where there are no benefits."""
    assert _agreements(case).payment_route == (None if route == "–" else route)


@_step(
    then,
    "mangler «{facts}» om avsenderen",
    "det som mangler om avsenderen, er «{facts}»",
    "missing of the sender is “{facts}”",
)
def missing_of_sender(case: Case, facts: str) -> None:
    """The facts that would settle its migration."""
    assert list(_agreements(case).missing) == _paths(facts)


def _agreements(case: Case) -> SenderAgreements:
    assert case.agreements is not None, "the scenario has no step that judges the agreements"
    return case.agreements
