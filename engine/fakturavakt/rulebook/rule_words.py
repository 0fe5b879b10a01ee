"""What a rule declares of itself, in words: its kind, when it is in force, what its channel is like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from fakturavakt.rulebook.model import (
    Advice,
    ChannelProperties,
    ChannelRule,
    Prohibition,
    Rule,
    Suggestion,
    Window,
)
from fakturavakt.rulebook.value_words import yes_or_no
from fakturavakt.texts import Text, text, written_amount, written_date


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
