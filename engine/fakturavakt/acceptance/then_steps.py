"""Steps that say what must come out of a screening: decision, prohibitions, channels, missing facts, advice.

A step that fails says what came out instead, in the words of the rule book.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from fakturavakt.acceptance.expectation import decided, expect, verdict_with_reasons
from fakturavakt.acceptance.scenario_error import ScenarioError
from fakturavakt.acceptance.sentences import listed
from fakturavakt.acceptance.step_definitions import Group, step
from fakturavakt.texts import text

if TYPE_CHECKING:
    from fakturavakt.acceptance.case import Case
    from fakturavakt.decision import ChannelDecision

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
    nb=("går fakturaen som {channel:Channel}", "fakturaen går som {channel:Channel}"),
    en="the invoice goes as {channel:Channel}",
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
    ),
    en="the channels tried are {channels:Channels}",
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
    nb=("er forbudet {rule:Prohibition} brutt", "forbudet {rule:Prohibition} er brutt"),
    en="the prohibition {rule:Prohibition} is broken",
)
def broken(case: Case, rule: str) -> None:
    """A prohibition on the whole invoice."""
    _expect_finding(case, rule, ("holds", ()))


@step(
    "then",
    Group.PROHIBITIONS,
    nb=(
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
    nb=("er forbudet {rule:Prohibition} ikke brutt", "forbudet {rule:Prohibition} er ikke brutt"),
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
        "mangler bare {facts:Facts}",
        "bare {facts:Facts} mangler",
        "er det eneste som mangler, {facts:Facts}",
        "det eneste som mangler, er {facts:Facts}",
    ),
    en=("only {facts:Facts} is missing", "all that is missing is {facts:Facts}"),
)
def only_missing(case: Case, facts: Sequence[str]) -> None:
    """Those facts alone would settle it."""
    expect(list(decided(case).missing), _paths(case, facts), _MISSING)


@step(
    "then",
    Group.MISSING,
    nb=(
        "mangler disse opplysningene, i denne rekkefølgen:",
        "disse opplysningene mangler, i denne rekkefølgen:",
    ),
    en="these facts are missing, in this order:",
    table=([["forfallsdatoen"], ["mobilnummeret"]], [["the due date"], ["the mobile number"]]),
)
def missing_in_order(case: Case, datatable: list[list[str]]) -> None:
    """The same, one a row."""
    wanted = [cell for row in datatable for cell in row]
    expect(list(decided(case).missing), _paths(case, wanted), _MISSING)


@step("then", Group.MISSING, nb=("mangler ingenting", "ingenting mangler"), en="nothing is missing")
def nothing_missing(case: Case) -> None:
    """Nobody has anything to find out."""
    expect(list(decided(case).missing), [], _MISSING)


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
    nb=("kan kanalen {channel:Channel} brukes", "kanalen {channel:Channel} kan brukes"),
    en="the channel {channel:Channel} can be used",
)
def eligible(case: Case, channel: str) -> None:
    """Certainly."""
    _expect_channel(case, channel, _CAN)


@step(
    "then",
    Group.CHANNELS,
    nb=("kan kanalen {channel:Channel} ikke brukes", "kanalen {channel:Channel} kan ikke brukes"),
    en="the channel {channel:Channel} cannot be used",
)
def ineligible(case: Case, channel: str) -> None:
    """Certainly not."""
    _expect_channel(case, channel, _CANNOT)


@step(
    "then",
    Group.CHANNELS,
    nb=(
        "er det ukjent om kanalen {channel:Channel} kan brukes, for {facts:Facts} mangler",
        "det er ukjent om kanalen {channel:Channel} kan brukes, for {facts:Facts} mangler",
    ),
    en="it is unknown whether the channel {channel:Channel} can be used, for {facts:Facts} is missing",
)
def unknown_channel(case: Case, channel: str, facts: Sequence[str]) -> None:
    """With the facts that are missing."""
    _expect_channel(case, channel, _UNKNOWN)
    expect(list(_channel(case, channel).missing), _paths(case, facts), _MISSING)


_PROPERTY_WORDS: Final = {
    "True": ("ja", "yes"),
    "False": ("nei", "no"),
    "None": ("ukjent", "unknown"),
}


@step(
    "then",
    Group.CHANNELS,
    nb=("har kanalene disse egenskapene:", "kanalene har disse egenskapene:"),
    en="the channels have these properties:",
    table=(
        [
            ["kanal", "prisklasse", "gebyr", "vedlegg", "saldo vises", "betalingen kommer"],
            ["eFaktura", "electronic", "0", "ja", "ja", "ordinary_or_autopay"],
        ],
        [
            ["channel", "price class", "fee", "attachments", "balance shown", "payment arrives"],
            ["eFaktura", "electronic", "0", "yes", "yes", "ordinary_or_autopay"],
        ],
    ),
    headings=True,
)
def channel_properties(case: Case, datatable: list[list[str]]) -> None:
    """Of the rule in force on the send date: channel, price class, fee in øre, whether attachments and
    the balance come along, how the payment arrives.
    """
    header, *rows = datatable
    for channel, *cells in rows:
        name = case.tested.names.channel(channel)
        case.named.add(name)
        declared = case.properties(name)
        values: tuple[str | int | None, ...] = (
            declared.price_class,
            declared.bank_fee,
            declared.carries_attachments,
            declared.balance_shown,
            declared.payment_arrives,
        )
        for column, cell, value in zip(header[1:], cells, values, strict=True):
            words = _PROPERTY_WORDS.get(str(value), (str(value),))
            if cell not in words:
                about = text(f"{channel}, {column}", f"{channel}, {column}")
                expect(words[0], cell, about)


# -- advice ----------------------------------------------------------------------------------------


@step(
    "then",
    Group.ADVICE,
    nb=(
        "gis rådet {rule:Advice} for {facts:Facts}",
        "rådet {rule:Advice} gis for {facts:Facts}",
    ),
    en="the advice {rule:Advice} is given for {facts:Facts}",
)
def advised(case: Case, rule: str, facts: Sequence[str]) -> None:
    """With the facts it asks for."""
    name = case.tested.names.advice(rule)
    case.named.add(name)
    given = {each.rule: list(each.missing) for each in decided(case).advice}
    about = text(f"rådet «{rule}»", f"the advice “{rule}”")
    expect(given.get(name), _paths(case, facts), about)


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
        "er {fact:Fact} meldt som feil av slaget «{code}»",
        "{fact:Fact} er meldt som feil av slaget «{code}»",
    ),
    en="{fact:Fact} is reported as a problem of the kind “{code}”",
)
def reported(case: Case, fact: str, code: str) -> None:
    """A bad value, line or group, by its path or by the label of its fact."""
    path = case.tested.names.fact_path(fact)
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
        "er «{references}» evidensen som ble brukt",
        "evidensen som ble brukt, er «{references}»",
    ),
    en="the evidence used is “{references}”",
)
def evidence_used(case: Case, references: str) -> None:
    """By the references of its entries."""
    found = [used.reference for used in decided(case).evidence]
    expect(found, listed(references), text("evidensen som ble brukt", "the evidence used"))


@step(
    "then",
    Group.EVIDENCE,
    nb=("er ingen evidens brukt", "ingen evidens er brukt"),
    en="no evidence is used",
)
def no_evidence_used(case: Case) -> None:
    """Every fact is the document's own, or none was needed."""
    found = [used.kind for used in decided(case).evidence]
    expect(found, [], text("evidensen som ble brukt", "the evidence used"))
