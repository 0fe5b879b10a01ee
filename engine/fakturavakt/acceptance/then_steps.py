"""Steps that say what must come out of a screening: decision, prohibitions, channels, missing facts, advice.

A step that fails says what came out instead, in the words of the rule book.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from fakturavakt.acceptance.expectation import (
    decided,
    expect,
    expect_facts,
    verdict_with_reasons,
)
from fakturavakt.acceptance.scenario_error import ScenarioError
from fakturavakt.acceptance.sentences import add_field, listed
from fakturavakt.acceptance.step_definitions import Group, step
from fakturavakt.acceptance.table_words import EVIDENCE_KINDS
from fakturavakt.texts import OWN_LANGUAGES, text

if TYPE_CHECKING:
    from fakturavakt.acceptance.case import Case
    from fakturavakt.decision import ChannelDecision

add_field(
    "Flaw",
    {
        "har feil form": "form",
        "er av feil type": "type",
        "ikke er et av valgene": "choice",
        "har feil kontrollsiffer": "check_digit",
        "ikke kan brukes": "line_id",
        "mangler": "no_lines",
        "er motstridende": "conflict",
    },
    {
        "has the wrong form": "form",
        "is of the wrong type": "type",
        "is none of the choices": "choice",
        "has a wrong check digit": "check_digit",
        "cannot be used": "line_id",
        "are missing": "no_lines",
        "is contradictory": "conflict",
    },
)

# -- the decision ----------------------------------------------------------------------------------


@step(
    "then",
    Group.DECISION,
    nb=(
        "blir fakturaen {verdict:Verdict}",
        "er fakturaen {verdict:Verdict}",
        "fakturaen blir {verdict:Verdict}",
        "fakturaen er {verdict:Verdict}",
    ),
    en="the invoice is {verdict:Verdict}",
)
def the_verdict(case: Case, verdict: str) -> None:
    """Send, block, hold or out of scope."""
    decision = decided(case)
    if decision.decision.value != verdict:
        raise ScenarioError(verdict_with_reasons(case, verdict))


@step(
    "then",
    Group.CHANNELS,
    nb=(
        "går fakturaen som {channel:Channel}",
        "fakturaen går som {channel:Channel}",
        "går fakturaen til {channel:Channel}",
        "fakturaen går til {channel:Channel}",
        "går fakturaen på {channel:Channel}",
        "fakturaen går på {channel:Channel}",
    ),
    en=(
        "the invoice goes as {channel:Channel}",
        "the invoice goes to {channel:Channel}",
        "the invoice goes on {channel:Channel}",
    ),
)
def the_channel(case: Case, channel: str) -> None:
    """The first certain channel."""
    wanted = case.tested.names.channel(channel)
    case.named.add(wanted)
    expect(decided(case).channel, wanted, text("kanalen", "the channel"))


@step(
    "then",
    Group.CHANNELS,
    nb=(
        "forsøkes kanalene i rekkefølgen {channels:Channels}",
        "kanalene forsøkes i rekkefølgen {channels:Channels}",
        "forsøkes bare {channels:Channels}",
        "bare {channels:Channels} forsøkes",
    ),
    en=("the channels tried are {channels:Channels}", "only {channels:Channels} is tried"),
)
def the_attempts(case: Case, channels: Sequence[str]) -> None:
    """In order, up to the first certain one."""
    wanted = [case.tested.names.channel(each) for each in channels]
    case.named.update(wanted)
    expect(
        list(decided(case).attempts), wanted, text("kanalene som forsøkes", "the channels tried")
    )


@step(
    "then",
    Group.CHANNELS,
    nb=("forsøkes ingen kanal", "ingen kanal forsøkes"),
    en="no channel is tried",
)
def no_attempt(case: Case) -> None:
    """The invoice does not leave."""
    expect(list(decided(case).attempts), [], text("kanalene som forsøkes", "the channels tried"))
    expect(decided(case).channel, None, text("kanalen", "the channel"))


@step(
    "then",
    Group.CHANNELS,
    nb=("vurderes ingen kanal", "ingen kanal vurderes"),
    en="no channel is considered",
)
def no_channel(case: Case) -> None:
    """Nothing is said of any channel, not even that it cannot be used."""
    found = [each.channel for each in decided(case).channels]
    expect(found, [], text("kanalene som vurderes", "the channels considered"))


# -- prohibitions ----------------------------------------------------------------------------------


def _finding(case: Case, rule: str) -> tuple[str, tuple[str, ...]] | None:
    name = case.tested.names.prohibition(rule)
    case.named.add(name)
    found = [each for each in decided(case).findings if each.rule == name]
    return (found[0].outcome, found[0].lines) if found else None


def _expect_finding(case: Case, rule: str, wanted: tuple[str, Sequence[str]] | None) -> None:
    found = _finding(case, rule)
    meant = None if wanted is None else (wanted[0], tuple(wanted[1]))
    about = text(f"forbudet «{rule}»", f"the prohibition “{rule}”")
    expect(_in_words(found), _in_words(meant), about)


def _in_words(found: tuple[str, tuple[str, ...]] | None) -> str:
    if found is None:
        return _NOT_BROKEN
    outcome, lines = found
    said = _OUTCOMES[outcome]
    return f"{said} ({', '.join(lines)})" if lines else said


_NOT_BROKEN: Final = "ikke brutt / not broken"
_OUTCOMES: Final = {"holds": "brutt / broken", "unknown": "ukjent / unknown"}


@step(
    "then",
    Group.PROHIBITIONS,
    nb=(
        "er forbudet mot {rule:Prohibition} brutt på linje {lines:List}",
        "forbudet mot {rule:Prohibition} er brutt på linje {lines:List}",
        "er forbudet {rule:Prohibition} brutt på linje {lines:List}",
        "forbudet {rule:Prohibition} er brutt på linje {lines:List}",
    ),
    en="the prohibition {rule:Prohibition} is broken on line {lines:List}",
)
def broken_on(case: Case, rule: str, lines: Sequence[str]) -> None:
    """And on no other line."""
    _expect_finding(case, rule, ("holds", lines))


@step(
    "then",
    Group.PROHIBITIONS,
    nb=(
        "er forbudet mot {rule:Prohibition} brutt",
        "forbudet mot {rule:Prohibition} er brutt",
        "er forbudet {rule:Prohibition} brutt",
        "forbudet {rule:Prohibition} er brutt",
    ),
    en="the prohibition {rule:Prohibition} is broken",
)
def broken(case: Case, rule: str) -> None:
    """A prohibition on the whole invoice."""
    _expect_finding(case, rule, ("holds", ()))


@step(
    "then",
    Group.PROHIBITIONS,
    nb=(
        "er det ukjent om forbudet mot {rule:Prohibition} er brutt på linje {lines:List}",
        "det er ukjent om forbudet mot {rule:Prohibition} er brutt på linje {lines:List}",
        "er det ukjent om forbudet {rule:Prohibition} er brutt på linje {lines:List}",
        "det er ukjent om forbudet {rule:Prohibition} er brutt på linje {lines:List}",
    ),
    en="it is unknown whether the prohibition {rule:Prohibition} is broken on line {lines:List}",
)
def unknown_on(case: Case, rule: str, lines: Sequence[str]) -> None:
    """And on no other line."""
    _expect_finding(case, rule, ("unknown", lines))


@step(
    "then",
    Group.PROHIBITIONS,
    nb=(
        "er det ukjent om forbudet mot {rule:Prohibition} er brutt",
        "det er ukjent om forbudet mot {rule:Prohibition} er brutt",
        "er det ukjent om forbudet {rule:Prohibition} er brutt",
        "det er ukjent om forbudet {rule:Prohibition} er brutt",
    ),
    en="it is unknown whether the prohibition {rule:Prohibition} is broken",
)
def unknown(case: Case, rule: str) -> None:
    """Without a line to name."""
    _expect_finding(case, rule, ("unknown", ()))


@step(
    "then",
    Group.PROHIBITIONS,
    nb=(
        "er forbudet mot {rule:Prohibition} ikke brutt",
        "forbudet mot {rule:Prohibition} er ikke brutt",
        "er forbudet {rule:Prohibition} ikke brutt",
        "forbudet {rule:Prohibition} er ikke brutt",
    ),
    en="the prohibition {rule:Prohibition} is not broken",
)
def not_broken(case: Case, rule: str) -> None:
    """Neither broken nor unknown."""
    _expect_finding(case, rule, None)


@step(
    "then",
    Group.PROHIBITIONS,
    nb=("er ingen forbud brutt eller ukjente", "ingen forbud er brutt eller ukjente"),
    en="no prohibition is broken or unknown",
)
def no_finding(case: Case) -> None:
    """Nothing to tell of any prohibition."""
    found = [each.rule for each in decided(case).findings]
    expect(found, [], text("forbudene", "the prohibitions"))


# -- what is missing -------------------------------------------------------------------------------


@step(
    "then",
    Group.MISSING,
    nb=(
        "er det eneste som må avklares, {facts:Facts}",
        "det eneste som må avklares, er {facts:Facts}",
        "er det eneste som mangler, {facts:Facts}",
        "det eneste som mangler, er {facts:Facts}",
        "mangler bare {facts:Facts}",
        "bare {facts:Facts} mangler",
    ),
    en=(
        "all that must be established is {facts:Facts}",
        "all that is missing is {facts:Facts}",
        "only {facts:Facts} is missing",
        "only {facts:Facts} are missing",
    ),
)
def only_missing(case: Case, facts: Sequence[str]) -> None:
    """Those facts alone would settle it."""
    expect_facts(case, decided(case).missing, _paths(case, facts), _MISSING)


@step(
    "then",
    Group.MISSING,
    nb=(
        "må dette avklares, i denne rekkefølgen:",
        "dette må avklares, i denne rekkefølgen:",
        "mangler disse opplysningene, i denne rekkefølgen:",
        "disse opplysningene mangler, i denne rekkefølgen:",
    ),
    en=(
        "this must be established, in this order:",
        "these facts are missing, in this order:",
    ),
    table=([["forfallsdatoen"], ["mobilnummeret"]], [["the due date"], ["the mobile number"]]),
)
def missing_in_order(case: Case, datatable: list[list[str]]) -> None:
    """The same, one a row."""
    wanted = [cell for row in datatable for cell in row]
    expect_facts(case, decided(case).missing, _paths(case, wanted), _MISSING)


@step(
    "then",
    Group.MISSING,
    nb=("må ingenting avklares", "ingenting må avklares", "mangler ingenting", "ingenting mangler"),
    en=("nothing must be established", "nothing is missing"),
)
def nothing_missing(case: Case) -> None:
    """Nobody has anything to find out."""
    expect_facts(case, decided(case).missing, [], _MISSING)


_MISSING: Final = text("det som mangler", "what is missing")


def _paths(case: Case, facts: Sequence[str]) -> list[str]:
    return [case.tested.names.fact_path(fact) for fact in facts]


# -- channels --------------------------------------------------------------------------------------


def _channel(case: Case, channel: str) -> ChannelDecision:
    name = case.tested.names.channel(channel)
    case.named.add(name)
    found = [each for each in decided(case).channels if each.channel == name]
    if not found:
        wrong = text(
            "Kanalen «{name}» ble ikke vurdert.", "The channel “{name}” was not considered."
        )
        raise ScenarioError(wrong.filled(name=channel))
    return found[0]


def _expect_channel(case: Case, channel: str, wanted: str) -> None:
    found = {True: _CAN, False: _CANNOT, None: _UNKNOWN}[_channel(case, channel).eligible]
    expect(found, wanted, text(f"kanalen «{channel}»", f"the channel “{channel}”"))


_CAN: Final = "kan brukes / can be used"
_CANNOT: Final = "kan ikke brukes / cannot be used"
_UNKNOWN: Final = "ukjent / unknown"


@step(
    "then",
    Group.CHANNELS,
    nb=(
        "kan {channel:Channel} brukes",
        "{channel:Channel} kan brukes",
        "kan kanalen {channel:Channel} brukes",
        "kanalen {channel:Channel} kan brukes",
    ),
    en=("{channel:Channel} can be used", "the channel {channel:Channel} can be used"),
)
def eligible(case: Case, channel: str) -> None:
    """Certainly."""
    _expect_channel(case, channel, _CAN)


@step(
    "then",
    Group.CHANNELS,
    nb=(
        "kan {channel:Channel} ikke brukes",
        "{channel:Channel} kan ikke brukes",
        "kan kanalen {channel:Channel} ikke brukes",
        "kanalen {channel:Channel} kan ikke brukes",
    ),
    en=("{channel:Channel} cannot be used", "the channel {channel:Channel} cannot be used"),
)
def ineligible(case: Case, channel: str) -> None:
    """Certainly not."""
    _expect_channel(case, channel, _CANNOT)


@step(
    "then",
    Group.CHANNELS,
    nb=(
        "er det ukjent om {channel:Channel} kan brukes, for det er ukjent {facts:Facts}",
        "det er ukjent om {channel:Channel} kan brukes, for det er ukjent {facts:Facts}",
        "er det ukjent om {channel:Channel} kan brukes, for {facts:Facts} mangler",
        "det er ukjent om {channel:Channel} kan brukes, for {facts:Facts} mangler",
        "er det ukjent om kanalen {channel:Channel} kan brukes, for {facts:Facts} mangler",
        "det er ukjent om kanalen {channel:Channel} kan brukes, for {facts:Facts} mangler",
    ),
    en=(
        "it is unknown whether {channel:Channel} can be used, for it is unknown {facts:Facts}",
        "it is unknown whether {channel:Channel} can be used, for {facts:Facts} is missing",
        "it is unknown whether {channel:Channel} can be used, for {facts:Facts} are missing",
        "it is unknown whether the channel {channel:Channel} can be used, for {facts:Facts} is missing",
    ),
)
def unknown_channel(case: Case, channel: str, facts: Sequence[str]) -> None:
    """With the facts that are missing."""
    _expect_channel(case, channel, _UNKNOWN)
    expect_facts(case, _channel(case, channel).missing, _paths(case, facts), _MISSING)


@step(
    "then",
    Group.CHANNELS,
    nb=("har kanalene disse egenskapene:", "kanalene har disse egenskapene:"),
    en="the channels have these properties:",
    table=(
        [["kanal", "prisklasse", "bankgebyr"], ["eFaktura", "elektronisk", "ingen"]],
        [["channel", "price class", "bank fee"], ["eFaktura", "electronic", "none"]],
    ),
    headings=True,
)
def channel_properties(case: Case, datatable: list[list[str]]) -> None:
    """Of the rule in force on the send date, as the handbook says them: price class, bank fee, whether
    attachments and the balance come along, how the payment arrives.
    """
    from fakturavakt.rulebook.rule_words import property_value

    (_, *header), *rows = datatable
    properties = [_property(written) for written in header]
    for channel, *cells in rows:
        name = case.tested.names.channel(channel)
        case.named.add(name)
        declared = case.properties(name)
        for column, property_name, cell in zip(header, properties, cells, strict=True):
            value = getattr(declared, property_name)
            said = [property_value(property_name, value, each) for each in OWN_LANGUAGES]
            if cell not in said:
                expect(said[0], cell, text(f"{channel}, {column}", f"{channel}, {column}"))


def _property(written: str) -> str:
    """The property that a column is about, by the name that the handbook gives it."""
    from fakturavakt.rulebook.rule_words import PROPERTY_NAMES

    for name, said in PROPERTY_NAMES.items():
        if written.lower() in [said.say(language).lower() for language in OWN_LANGUAGES]:
            return name
    wrong = text(
        f"Kanaler har ingen egenskap «{written}».", f"Channels have no property “{written}”."
    )
    raise ScenarioError(wrong)


# -- advice ----------------------------------------------------------------------------------------


@step(
    "then",
    Group.ADVICE,
    nb=(
        "gis rådet {rule:Advice}, for {facts:Facts} mangler",
        "rådet {rule:Advice} gis, for {facts:Facts} mangler",
        "gis rådet {rule:Advice}, for det er ukjent {facts:Facts}",
        "rådet {rule:Advice} gis, for det er ukjent {facts:Facts}",
        "gis rådet {rule:Advice} for {facts:Facts}",
        "rådet {rule:Advice} gis for {facts:Facts}",
    ),
    en=(
        "the advice {rule:Advice} is given, for {facts:Facts} is missing",
        "the advice {rule:Advice} is given, for {facts:Facts} are missing",
        "the advice {rule:Advice} is given, for it is unknown {facts:Facts}",
        "the advice {rule:Advice} is given for {facts:Facts}",
    ),
)
def advised(case: Case, rule: str, facts: Sequence[str]) -> None:
    """With the facts it asks for."""
    name = case.tested.names.advice(rule)
    case.named.add(name)
    given = {each.rule: each.missing for each in decided(case).advice}
    about = text(f"rådet «{rule}»", f"the advice “{rule}”")
    expect_facts(case, given.get(name, ()), _paths(case, facts), about)


@step("then", Group.ADVICE, nb=("gis ingen råd", "ingen råd gis"), en="no advice is given")
def no_advice(case: Case) -> None:
    """Nothing to improve."""
    expect([each.rule for each in decided(case).advice], [], text("rådene", "the advice"))


@step(
    "then",
    Group.ADVICE,
    nb=(
        "foreslås det at linje {number:Count} er {kind:Kind}",
        "det foreslås at linje {number:Count} er {kind:Kind}",
    ),
    en="it is suggested that line {number:Count} is {kind:Kind}",
)
def suggested(case: Case, number: int, kind: str) -> None:
    """By whatever rules: that, and nothing else."""
    decided(case)
    about = text(f"forslaget for linje {number}", f"the suggestion for line {number}")
    expect(case.suggested(number), [kind], about)


# -- problems and evidence -------------------------------------------------------------------------


@step(
    "then",
    Group.PROBLEMS,
    nb=(
        "er det meldt at {fact:Place} {code:Flaw}",
        "det er meldt at {fact:Place} {code:Flaw}",
        "er {fact:Place} meldt som feil av slaget «{code}»",
        "{fact:Place} er meldt som feil av slaget «{code}»",
    ),
    en=(
        "it is reported that {fact:Place} {code:Flaw}",
        "{fact:Place} is reported as a problem of the kind “{code}”",
    ),
)
def reported(case: Case, fact: str, code: str) -> None:
    """A bad value, line or group; what is wrong with it in words, or by its code."""
    path = case.tested.names.place_path(fact)
    found = [each.code for each in decided(case).problems if each.fact == path]
    if code not in found:
        expect(
            ", ".join(found) or None, code, text(f"feilene ved «{fact}»", f"problems of “{fact}”")
        )


@step(
    "then",
    Group.PROBLEMS,
    nb=("er ingen feil meldt", "ingen feil er meldt"),
    en="no problem is reported",
)
def nothing_reported(case: Case) -> None:
    """Every value could be read."""
    found = [f"{each.fact} ({each.code})" for each in decided(case).problems]
    expect(found, [], text("feilene som er meldt", "the problems reported"))


@step(
    "then",
    Group.EVIDENCE,
    nb=(
        "bygger avgjørelsen på «{references}» i registeret",
        "avgjørelsen bygger på «{references}» i registeret",
        "er «{references}» evidensen som ble brukt",
        "evidensen som ble brukt, er «{references}»",
    ),
    en=(
        "the decision rests on “{references}” in the register",
        "the evidence used is “{references}”",
    ),
)
def evidence_used(case: Case, references: str) -> None:
    """By the references of its entries."""
    found = [used.reference for used in decided(case).evidence]
    expect(found, listed(references), text("evidensen som ble brukt", "the evidence used"))


@step(
    "then",
    Group.EVIDENCE,
    nb=(
        "bygger avgjørelsen på disse oppføringene i registeret:",
        "avgjørelsen bygger på disse oppføringene i registeret:",
    ),
    en="the decision rests on these entries of the register:",
    table=(
        [["linje", "slag", "referanse"], ["", "avtale", "A-1"], ["1", "samtykke", "S-1"]],
        [["line", "kind", "reference"], ["", "agreement", "A-1"], ["1", "consent", "S-1"]],
    ),
    headings=True,
)
def entries_used(case: Case, datatable: list[list[str]]) -> None:
    """Each with its line (none of an agreement and a claim), its kind and its reference, and no other."""
    found = [[used.line or "", used.kind, used.reference or ""] for used in decided(case).evidence]
    wanted = [
        [line, EVIDENCE_KINDS.get(kind, kind), reference] for line, kind, reference in datatable[1:]
    ]
    expect(found, wanted, text("evidensen som ble brukt", "the evidence used"))


@step(
    "then",
    Group.EVIDENCE,
    nb=(
        "bygger avgjørelsen ikke på registeret",
        "avgjørelsen bygger ikke på registeret",
        "er ingen evidens brukt",
        "ingen evidens er brukt",
    ),
    en=("the decision does not rest on the register", "no evidence is used"),
)
def no_evidence_used(case: Case) -> None:
    """Every fact is the document's own, or none was needed."""
    found = [used.kind for used in decided(case).evidence]
    expect(found, [], text("evidensen som ble brukt", "the evidence used"))
