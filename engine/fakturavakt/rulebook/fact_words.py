"""A scalar of a rule file as what it stands for: the name of a fact, or a value of a fact's type.

YAML's own guesses are never asked for: the type of the fact says what ``NO``, ``yes`` and ``1.10``
mean. What does not fit is reported, and None comes back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from fakturavakt.problems import Place
from fakturavakt.rulebook.kinds import VOCABULARY
from fakturavakt.rulebook.mistakes import Reading
from fakturavakt.rulebook.yaml_nodes import Node, Scalar
from fakturavakt.texts import Text, text
from fakturavakt.vocabulary import forms
from fakturavakt.vocabulary.facts import LINES, Fact, FactType
from fakturavakt.vocabulary.forms import Flaw

YES_NO: Final = {"yes": True, "ja": True, "true": True, "no": False, "nei": False, "false": False}


def read_scalar(node: Node, reading: Reading, nb: str, en: str) -> str | None:
    """The text of a scalar that is not empty; ``nb``/``en`` say what it should have been."""
    if isinstance(node, Scalar) and not node.empty and node.text.strip():
        return node.text
    reading.expected_kind(node, nb, en)
    return None


def known_fact(name: str, place: Place, reading: Reading) -> Fact | None:
    """The fact called ``name``; a list of lines is no fact that can be asked about."""
    if name in reading.vocabulary and name != LINES:
        return reading.vocabulary[name]
    if name in reading.lost_names or reading.excused(VOCABULARY):
        return None
    reading.report(
        place,
        "unknown-fact",
        text(f"Ukjent faktum «{name}».", f"Unknown fact “{name}”."),
        reading.did_you_mean(
            name,
            [fact.name for fact in reading.vocabulary if fact.name != LINES],
            text("Faktaene står i vocabulary.yaml.", "The facts are in vocabulary.yaml."),
        ),
    )
    return None


def read_constant(
    fact: Fact, node: Node, reading: Reading, also: Sequence[str] = ()
) -> bool | int | str | None:
    """A constant of the fact's type: what a scalar is, the type of its fact says.

    ``also``: words that the caller takes itself, named where the value is refused.
    """
    expected = _EXPECTED[fact.type].filled(choices=", ".join(fact.choices))
    written = read_scalar(node, reading, expected.say("nb"), expected.say("en"))
    if written is None:
        return None
    value: object
    if (form := _AS_WRITTEN.get(fact.type)) and not form.fullmatch(written):
        value = Flaw.FORM
    elif fact.type is FactType.YES_NO:
        value = YES_NO.get(written.lower(), Flaw.FORM)
    elif fact.type is FactType.COUNT:
        value = forms.read(fact, forms.JsonNumber(written))
    else:
        value = forms.read(fact, written)
    if value is None or isinstance(value, (Flaw, float)):
        wrong = text(
            f"«{written}» er ikke {expected.say('nb')}.",
            f"“{written}” is not {expected.say('en')}.",
        )
        if fact.type is FactType.YES_NO:
            wrong = text(
                f"«{written}» er verken yes eller no.", f"“{written}” is neither yes nor no."
            )
        reading.report(node.place, "bad-value", wrong, _mend(fact, written, also, reading))
        return None
    assert isinstance(value, (bool, int, str))
    return value


def _mend(fact: Fact, written: str, also: Sequence[str], reading: Reading) -> Text | None:
    """How a value that was refused could be mended."""
    if fact.type is FactType.MONEY and (amount := _DECIMAL_COMMA.fullmatch(written)):
        return decimal_point(*amount.groups())
    if fact.type in _AS_WRITTEN and re.fullmatch(r"-?0[0-9]+(\.[0-9]*)?", written):
        return text("Skriv det uten nuller foran.", "Write it without leading zeros.")
    known = [*fact.choices, *also]
    if (near := reading.meant(written, known)) is not None:
        return reading.perhaps(written, near, known)
    if also:
        return text(f"Her kan også stå {', '.join(also)}.", f"Also possible: {', '.join(also)}.")
    return None


def decimal_point(whole: str, decimals: str) -> Text:
    """What to say to an amount with a decimal comma."""
    return text(
        f"Skriv desimaltall med punktum: {whole}.{decimals}.",
        f"Write decimals with a point: {whole}.{decimals}.",
    )


_DECIMAL_COMMA: Final = re.compile(r"(-?[0-9]+),([0-9]{1,2})")
_AS_WRITTEN: Final[Mapping[FactType, re.Pattern[str]]] = {
    FactType.MONEY: re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]{1,2})?"),
    FactType.COUNT: re.compile(r"0|[1-9][0-9]*"),
}
"""Stricter than a document's: 1.100 in a rule may be one and ten or a thousand and one hundred."""


_EXPECTED: Final[Mapping[FactType, Text]] = {
    FactType.TEXT: text("en tekst", "a text"),
    FactType.DATE: text("en dato som 2018-12-20", "a date such as 2018-12-20"),
    FactType.MONEY: text(
        "et beløp i kroner med høyst to desimaler, som 349.00",
        "an amount with at most two decimals, such as 349.00",
    ),
    FactType.YES_NO: text("yes eller no (ja eller nei)", "yes or no"),
    FactType.COUNT: text("et helt tall, 0 eller større", "a whole number, 0 or larger"),
    FactType.CHOICE: text("ett av ordene {choices}", "one of the words {choices}"),
    FactType.CURRENCY: text("en valutakode som NOK", "a currency code such as NOK"),
    FactType.PAYMENT_REFERENCE: text("en KID", "a KID"),
    FactType.ACCOUNT: text("et kontonummer eller en IBAN", "an account number or an IBAN"),
    FactType.ORGANISATION_NUMBER: text(
        "et organisasjonsnummer på 9 sifre", "an organisation number of 9 digits"
    ),
    FactType.MOBILE: text("et mobilnummer", "a mobile number"),
    FactType.EMAIL: text("en e-postadresse", "an e-mail address"),
    FactType.LINES: text("en liste av linjer", "a list of lines"),
}
