"""Rules in words: when each holds, its kind, when it is in force, what its channel is like.

What a condition says, :mod:`~fakturavakt.rulebook.sentences` says; here it is put behind what it decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from fakturavakt.rulebook.conditions import All, Condition
from fakturavakt.rulebook.model import (
    Advice,
    ChannelProperties,
    ChannelRule,
    Prohibition,
    Rule,
    RuleBook,
    Suggestion,
    Window,
    Wording,
)
from fakturavakt.rulebook.sentences import Sentence, closed, part_lines, sentence
from fakturavakt.rulebook.value_words import yes_or_no
from fakturavakt.texts import Text, text, written_amount, written_date
from fakturavakt.vocabulary.facts import Fact, Value, Vocabulary
from fakturavakt.vocabulary.own_facts import LINE_KIND


def kind_of(rule: Rule) -> Text:
    """``forbud``, ``kanal vipps_regning``, ``råd``, ``forslag: subscription``."""
    match rule:
        case Prohibition():
            return text("forbud", "prohibition")
        case ChannelRule(channel=channel):
            return text(f"kanal {channel}", f"channel {channel}")
        case Advice():
            return text("råd", "advice")
        case Suggestion(kind=kind):
            return text(f"forslag: {kind}", f"suggestion: {kind}")
        case _:
            return text("", "")


MESSAGE_NAMES: Final[Mapping[Wording, Text]] = {
    Wording.HOLDS: text("Når regelen er oppfylt", "Where the rule holds"),
    Wording.UNKNOWN: text("Når det er ukjent", "Where it is unknown"),
    Wording.ELIGIBLE: text("Når kanalen kan brukes", "Where the channel can be used"),
    Wording.INELIGIBLE: text("Når den ikke kan brukes", "Where it cannot be used"),
    Wording.ANNOUNCED: text("Før den dagen", "Before that day"),
    Wording.IN_FORCE: text("Fra og med den dagen", "From that day"),
}
"""When a rule says which of its messages."""


def window_in_words(window: Window, language: str) -> str:
    """``fra og med 20. desember 2018``, ``alltid``: both ends, where there are any."""
    said = []
    if window.starts is not None:
        first = written_date(window.starts, language)
        said.append(text(f"fra og med {first}", f"from {first}").say(language))
    if window.before is not None:
        end = written_date(window.before, language)
        said.append(text(f"før {end}", f"before {end}").say(language))
    return ", ".join(said) or text("alltid", "always").say(language)


def properties_in_words(properties: ChannelProperties, language: str) -> Iterator[tuple[Text, str]]:
    """What a channel says of itself: each property's name, and its value in the language."""
    for name, value in _declared(properties):
        yield PROPERTY_NAMES[name], property_value(name, value, language)


def _declared(properties: ChannelProperties) -> Iterator[tuple[str, object]]:
    for name in PROPERTY_NAMES:
        yield name, getattr(properties, name)


PROPERTY_NAMES: Final[Mapping[str, Text]] = {
    "price_class": text("Prisklasse", "Price class"),
    "bank_fee": text("Bankgebyr", "Bank fee"),
    "carries_attachments": text("Vedlegg", "Attachments"),
    "balance_shown": text("Mottakeren ser saldo", "The payer sees the balance"),
    "payment_arrives": text("Betalingen kommer", "The payment arrives"),
}
_WORDS: Final[Mapping[str, Text]] = {
    "electronic": text("elektronisk", "electronic"),
    "legacy": text("gammel løsning", "legacy solution"),
    "paper": text("papir", "paper"),
    "ordinary_or_autopay": text(
        "på ordinær måte, gjennom AutoPay der avsenderen har det",
        "in the ordinary way, through AutoPay where the sender has it",
    ),
    "separate_settlement": text("i eget oppgjør", "in a settlement of its own"),
    "ordinary": text("på ordinær måte", "in the ordinary way"),
}


def property_value(name: str, value: object, language: str) -> str:
    """A property's value, as ``channels/*.yaml`` has it, in words."""
    if name == "bank_fee":
        if value is None:
            return text("ikke kjent", "not known").say(language)
        if value == 0:
            return text("ingen", "none").say(language)
        assert isinstance(value, int)
        return written_amount(Decimal(value) / 100, "NOK", language)
    if isinstance(value, bool):
        return yes_or_no(value).say(language)
    return _WORDS[str(value)].say(language)


@dataclass(frozen=True, slots=True)
class Said:
    """A rule in words: ``lead`` is its first line, ``parts`` the list below, if there is one."""

    lead: str
    parts: tuple[Sentence, ...] = ()
    definition: str | None = None


def rule_in_words(rule: Rule, book: RuleBook, language: str) -> Said:
    """*Fakturaen stoppes når …*: when the rule holds, its window left out."""
    match rule:
        case Prohibition(on_trial=True):
            lead = Lead(
                text(
                    "Fakturaen ville {alltid} blitt stoppet",
                    "The invoice would {always} be blocked",
                ),
                text("Fakturaen ville blitt stoppet når", "The invoice would be blocked when"),
            )
        case Prohibition():
            lead = Lead(
                text("Fakturaen stoppes {alltid}", "The invoice is {always} blocked"),
                text("Fakturaen stoppes når", "The invoice is blocked when"),
            )
        case ChannelRule(channel=name):
            # A channel may have no rule but those on trial.
            channels = (book.promoted or book).channels
            title = next(each.title for each in channels if each.name == name)
            nb, en = title.say("nb"), title.say("en")
            lead = (
                Lead(
                    text(
                        f"Kanalen {nb} ville {{alltid}} kunne brukes",
                        f"The channel {en} could {{always}} be used",
                    ),
                    text(
                        f"Kanalen {nb} ville kunne brukes når",
                        f"The channel {en} could be used when",
                    ),
                )
                if rule.on_trial
                else Lead(
                    text(
                        f"Kanalen {nb} kan {{alltid}} brukes",
                        f"The channel {en} can {{always}} be used",
                    ),
                    text(f"Kanalen {nb} kan brukes når", f"The channel {en} can be used when"),
                )
            )
        case Advice():
            lead = Lead(
                text("Rådet gis {alltid}", "The advice is {always} given"),
                text("Rådet gis når", "The advice is given when"),
            )
        case Suggestion():
            fact = book.vocabulary[LINE_KIND]
            chosen = {each: _suggested(fact, rule.kind, each) for each in ("nb", "en")}
            lead = Lead(
                text(
                    f"Det foreslås {{alltid}} at {chosen['nb']}",
                    f"It is {{always}} suggested that {chosen['en']}",
                ),
                text(
                    f"Det foreslås at {chosen['nb']}, når",
                    f"It is suggested that {chosen['en']} when",
                ),
            )
        case _:
            lead = Lead(
                text("Gjelder {alltid}", "Holds {always}"), text("Gjelder når", "Holds when")
            )
    return condition_in_words(lead, rule.when, book.vocabulary, language)


class Lead(NamedTuple):
    """What a condition decides: said where it ``always`` does, and before a condition.

    The first has ``{alltid}`` or ``{always}`` where the word belongs.
    """

    always: Text
    when: Text


def _suggested(fact: Fact, kind: Value, language: str) -> str:
    said = fact.says.get(kind)
    if said is not None:
        return said.say(language)
    return text(f"linjen er «{kind}»", f"the line is “{kind}”").say(language)


def condition_in_words(
    lead: Lead, condition: Condition, vocabulary: Vocabulary, language: str
) -> Said:
    """A condition behind what it decides."""
    if isinstance(condition, All) and not condition.parts:
        words = {"alltid": "alltid", "always": "always"}
        return Said(lead.always.filled(**words).say(language) + ".")
    said = sentence(condition, vocabulary, language)
    whole = closed(f"{lead.when.say(language)} {said.clause.after_when}")
    return Said(whole, said.parts, said.definition)


def said_lines(said: Said) -> Iterator[str]:
    """As lines of text, a list indented."""
    yield said.lead
    yield from part_lines(said.parts)


SCOPE: Final = Lead(
    text("Reglene gjelder {alltid}", "The rules {always} apply"),
    text("Reglene gjelder når", "The rules apply when"),
)


def definition_lead(title: Text) -> Lead:
    """*«samtykket er gyldig …» betyr at …*."""
    nb, en = title.say("nb"), title.say("en")
    return Lead(
        text(f"«{nb}» gjelder {{alltid}}", f"“{en}” {{always}} holds"),
        text(f"«{nb}» betyr at", f"“{en}” means that"),
    )


def action_lead(action: str) -> Lead:
    """Of a row of the migration."""
    return Lead(
        text(f"Handlingen er {{alltid}} «{action}»", f"The action is {{always}} “{action}”"),
        text(f"Handlingen er «{action}» når", f"The action is “{action}” when"),
    )
