"""What a queue asks and promises, in the words of whoever answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from fakturavakt.billing.hold_groups import Group
from fakturavakt.billing.questions import day_of
from fakturavakt.intake.register import EvidenceKind
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import Text, how_many, text, written_amount, written_date
from fakturavakt.vocabulary.own_facts import LINE_KIND

INVOICES: Final = (text("faktura", "invoice"), text("fakturaer", "invoices"))
_DAYS: Final = (text("dag", "day"), text("dager", "days"))


def asked_in_words(group: Group, book: RuleBook, language: str) -> str:
    """The question, with what a yes has to say if it is to free what it promises."""
    question, assumed = group.question, group.assumed
    asked: Text
    if question.kind is None:
        asked = _FACTS.get(question.about, _OTHER_FACT)
    elif question.entry:
        asked = _TO_COMPLETE[question.kind]
    elif question.kind is EvidenceKind.GIFT_ACCEPTANCE and not question.service:
        asked = _ANY_GIFT
    else:
        asked = _EVIDENCE[question.kind]
    amount = "" if assumed.amount is None else money(assumed.amount, language, question.currency)
    return asked.say(language).format(
        customer=question.customer,
        service=question.service,
        sender=question.sender,
        day=written_date(day_of(assumed.day), language) if assumed.day else "",
        amount=amount,
        fact=label_of(question.about, book, language),
    )


def label_of(fact: str, book: RuleBook, language: str) -> str:
    """What the vocabulary calls a fact."""
    found = next((each for each in book.vocabulary if each.name == fact), None)
    return fact if found is None else found.label.say(language)


def money(ore: int, language: str, currency: str = "NOK") -> str:
    """An amount of whole øre."""
    return written_amount(Decimal(ore) / 100, currency, language)


def promised_in_words(group: Group, language: str) -> str:
    """What a yes frees: by itself, and with others."""
    said = []
    if group.frees:
        invoices = how_many(group.frees, *INVOICES).say(language)
        amount = money(group.frees_ore, language)
        said.append(_FREES.say(language).format(invoices=invoices, amount=amount))
    if group.helps:
        invoices = how_many(group.helps, *INVOICES).say(language)
        said.append(_HELPS.say(language).format(invoices=invoices))
    if group.blocks:
        invoices = how_many(group.blocks, *INVOICES).say(language)
        said.append(_BLOCKS.say(language).format(invoices=invoices))
    left = group.invoices - group.frees - group.helps - group.blocks
    if left > 0:
        invoices = how_many(left, *INVOICES).say(language)
        said.append(_NEVER.say(language).format(invoices=invoices))
    return "; ".join(said)


def left_in_words(due: date | None, today: date, language: str) -> str:
    """How long it is to the due date."""
    if due is None:
        return _NO_DUE.say(language)
    days = (due - today).days
    if days < 0:
        return _OVERDUE.say(language).format(days=how_many(-days, *_DAYS).say(language))
    return how_many(days, *_DAYS).say(language)


_EVIDENCE: Final[Mapping[EvidenceKind, Text]] = {
    EvidenceKind.AGREEMENT: text(
        "Er det inngått en avtale med kunde {customer}, senest {day}?",
        "Was an agreement made with customer {customer}, by {day}?",
    ),
    EvidenceKind.CLAIM: text(
        "Er det etablert en fordring på kunde {customer}, senest {day}?",
        "Was a claim on customer {customer} established by {day}?",
    ),
    EvidenceKind.CONSENT: text(
        "Har kunde {customer} gitt opplyst og eksplisitt samtykke til abonnementet {service}, senest {day}?",
        "Did customer {customer} give informed and explicit consent to the subscription {service}, by {day}?",
    ),
    EvidenceKind.GIFT_ACCEPTANCE: text(
        "Har kunde {customer} sagt ja til å få gaveforespørsler ({service}), senest {day}?",
        "Did customer {customer} accept to receive gift requests ({service}), by {day}?",
    ),
    EvidenceKind.AGREED: text(
        "Er {service} avtalt med kunde {customer}, senest {day}, for minst {amount} uten mva.?",
        "Was {service} agreed with customer {customer}, by {day}, for at least {amount} without VAT?",
    ),
}
_ANY_GIFT: Final = text(
    "Har kunde {customer} sagt ja til å få gaveforespørsler, senest {day}?",
    "Did customer {customer} accept to receive gift requests, by {day}?",
)
_TO_COMPLETE: Final[Mapping[EvidenceKind, Text]] = {
    **_EVIDENCE,
    EvidenceKind.CONSENT: text(
        "Var samtykket som kunde {customer} ga til {service} {day}, opplyst og eksplisitt?",
        "Was the consent that customer {customer} gave to {service} on {day} informed and explicit?",
    ),
    EvidenceKind.AGREED: text(
        "Registeret sier at {service} er avtalt med kunde {customer} fra {day}, men ikke for hvor "
        "mye. Var det "
        "minst {amount} uten mva.?",
        "The register says that {service} was agreed with customer {customer} from {day}, but not "
        "for how much. "
        "Was it at least {amount} without VAT?",
    ),
}
_FACTS: Final[Mapping[str, Text]] = {
    "recipient.kind": text(
        "Er kunde {customer} en privatperson (person) eller en virksomhet (organisation)?",
        "Is customer {customer} a private person (person) or an organisation (organisation)?",
    ),
    LINE_KIND: text(
        "Hva er {service}: vare (goods), tjeneste (service), abonnement (subscription) eller gaveforespørsel "
        "(gift_request)?",
        "What is {service}: goods, service, subscription or gift_request?",
    ),
}
_OTHER_FACT: Final = text(
    "Stemmer dette for avsender {sender} {customer}: {fact}?",
    "Is this so for sender {sender} {customer}: {fact}?",
)
_FREES: Final = text("frigir {invoices} alene ({amount})", "frees {invoices} by itself ({amount})")
_HELPS: Final = text("{invoices} trenger også andre svar", "{invoices} also need other answers")
_BLOCKS: Final = text("{invoices} blir stoppet", "{invoices} will be blocked")
_NEVER: Final = text(
    "{invoices} må også rettes av avsenderen", "{invoices} must also be mended by the sender"
)
_NO_DUE: Final = text("ukjent", "unknown")
_OVERDUE: Final = text("forfalt for {days} siden", "fell due {days} ago")
