"""Steps that say what the migration of 20 December 2018 means for a sender."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from fakturavakt.acceptance.expectation import expect, expect_facts, judged
from fakturavakt.acceptance.sentences import FIELDS, QUOTED, Field, add_field, bare, listed
from fakturavakt.acceptance.step_definitions import Group, step
from fakturavakt.texts import ENGLISH, NORWEGIAN, text

if TYPE_CHECKING:
    from fakturavakt.acceptance.case import Case

_NO_BENEFITS: Final = ("–", "-", "ingen", "none", "ingen av fordelene", "none of the benefits")
_BENEFITS: Final = {
    "én avtale": "one_agreement",
    "vanlig oppgjør": "ordinary_payment_route",
    "vedlegg": "attachments",
    "saldovisning": "balance_shown",
    "samme pris": "same_price",
    "one agreement": "one_agreement",
    "the ordinary payment route": "ordinary_payment_route",
    "attachments": "attachments",
    "the balance shown": "balance_shown",
    "the same price": "same_price",
}


def _benefits(written: str) -> list[str]:
    if written in _NO_BENEFITS:
        return []
    named = re.sub(r"^(?:fordelene|the benefits) ", "", written)
    return [_BENEFITS.get(each, each) for each in listed(named)]


FIELDS["Benefits"] = Field(
    "ingen av fordelene|fordelene [^«»“”]+|none of the benefits|the benefits [^«»“”]+",
    {
        NORWEGIAN: "fordelene én avtale, vanlig oppgjør, vedlegg, saldovisning og samme pris",
        ENGLISH: "the benefits one agreement, the ordinary payment route and the same price",
    },
    _benefits,
)
FIELDS["BenefitIds"] = Field(
    QUOTED,
    {NORWEGIAN: "«one_agreement»", ENGLISH: "“one_agreement”"},
    lambda said: _benefits(bare(said)),
)
add_field(
    "Outcome",
    {
        "må avsenderen inngå B2C-avtalen": "sign_b2c_agreement",
        "trenger avsenderen ikke gjøre noe": "none",
        "avsenderen trenger ikke gjøre noe": "none",
        "følger Vipps automatisk med": "vipps_included",
        "Vipps følger automatisk med": "vipps_included",
        "får avsenderen en annen fakturaflyt, uten Vipps": "vipps_declined",
        "avsenderen får en annen fakturaflyt, uten Vipps": "vipps_declined",
        "avsenderen må inngå B2C-avtalen": "sign_b2c_agreement",
        "gjelder overgangen ikke avsenderen": "no_agreement",
        "overgangen gjelder ikke avsenderen": "no_agreement",
        "er det ukjent hva avsenderen må gjøre": "unknown",
        "det er ukjent hva avsenderen må gjøre": "unknown",
    },
    {
        "the sender must enter the B2C agreement": "sign_b2c_agreement",
        "the sender has nothing to do": "none",
        "Vipps comes along automatically": "vipps_included",
        "the sender gets another invoice flow, without Vipps": "vipps_declined",
        "the migration does not concern the sender": "no_agreement",
        "it is unknown what the sender must do": "unknown",
    },
)
add_field(
    "Action",
    {
        "å inngå B2C-avtalen": "sign_b2c_agreement",
        "at Vipps følger med": "vipps_included",
        "en annen fakturaflyt, uten Vipps": "vipps_declined",
        "ikke aktuelt, for avsenderen har ingen avtale": "no_agreement",
        "ingenting": "none",
        "ukjent": "unknown",
    },
    {
        "to enter the B2C agreement": "sign_b2c_agreement",
        "that Vipps comes along": "vipps_included",
        "another invoice flow, without Vipps": "vipps_declined",
        "none, for the sender has no agreement": "no_agreement",
        "nothing": "none",
        "unknown": "unknown",
    },
)
add_field(
    "Told",
    {"ja": "ja", "nei": "nei", "ukjent": "–", "–": "–"},
    {"yes": "ja", "no": "nei", "unknown": "–", "–": "–"},
)
add_field(
    "Telling",
    {"beskjed": "ja", "ikke beskjed": "nei"},
    {"is told": "ja", "is not told": "nei"},
)
add_field(
    "Route",
    {
        "på vanlig måte": "ordinary",
        "gjennom AutoPay": "autopay",
        "ukjent": "–",
        "–": "–",
    },
    {
        "in the ordinary way": "ordinary",
        "through AutoPay": "autopay",
        "unknown": "–",
        "–": "–",
    },
)


@step(
    "then",
    Group.SENDER,
    nb=(
        "{action:Outcome}",
        "er avsenderens neste steg {action:Action}",
        "avsenderens neste steg er {action:Action}",
    ),
    en=("{action:Outcome}", "the sender's next step is {action:Action}"),
)
def the_action(case: Case, action: str) -> None:
    """What the migration asks of the sender, in words or as the id of a row of the rule book."""
    expect(judged(case).action, action, text("avsenderens neste steg", "the sender's next step"))


@step(
    "then",
    Group.SENDER,
    nb=(
        "får avsenderen {answer:Telling} på e-post",
        "avsenderen får {answer:Telling} på e-post",
        "får avsenderen beskjed på e-post: {answer:Told}",
        "avsenderen får beskjed på e-post: {answer:Told}",
    ),
    en=("the sender {answer:Telling} by e-mail", "the sender is told by e-mail: {answer:Told}"),
)
def told_by_email(case: Case, answer: str) -> None:
    """Yes, no, or not said where the action is unknown."""
    wanted = {"ja": True, "nei": False, "–": None}.get(answer)
    expect(judged(case).notified_by_email, wanted, text("beskjed på e-post", "told by e-mail"))


@step(
    "then",
    Group.SENDER,
    nb=(
        "har avsenderen {benefits:Benefits}",
        "avsenderen har {benefits:Benefits}",
        "er fordelene {benefits:BenefitIds}",
        "fordelene er {benefits:BenefitIds}",
    ),
    en=("the sender has {benefits:Benefits}", "the benefits are {benefits:BenefitIds}"),
)
def the_benefits(case: Case, benefits: Sequence[str]) -> None:
    """From that day, in words or, in quotation marks, by their ids."""
    expect(list(judged(case).benefits), list(benefits), text("fordelene", "the benefits"))


@step(
    "then",
    Group.SENDER,
    nb=(
        "kommer betalinger fra Vipps inn {route:Route}",
        "betalinger fra Vipps kommer inn {route:Route}",
        "kommer betalingen {route:Route}",
        "betalingen kommer {route:Route}",
        "kommer betalingen som {route:Route}",
        "betalingen kommer som {route:Route}",
    ),
    en=(
        "payments from Vipps arrive {route:Route}",
        "payments arrive {route:Route}",
        "payments arrive as {route:Route}",
    ),
)
def the_route(case: Case, route: str) -> None:
    """Ordinary, or through AutoPay; a dash where there are no benefits."""
    wanted = None if route == "–" else route
    expect(judged(case).payment_route, wanted, text("veien betalingen kommer", "the payment route"))


@step(
    "then",
    Group.SENDER,
    nb=(
        "sies det ikke hvordan betalinger fra Vipps kommer inn",
        "det sies ikke hvordan betalinger fra Vipps kommer inn",
    ),
    en="it is not said how payments from Vipps arrive",
)
def no_route(case: Case) -> None:
    """It is unknown, or there are no benefits."""
    expect(judged(case).payment_route, None, text("veien betalingen kommer", "the payment route"))


@step(
    "then",
    Group.SENDER,
    nb=("får avsenderen denne veiledningen:", "avsenderen får denne veiledningen:"),
    en="the sender gets this guidance:",
)
def the_guidance(case: Case, docstring: str) -> None:
    """What the rule book tells the sender to do, word for word, in either language."""
    judged(case)
    told = [each.remedy for each in case.agreements.values()]
    said = " ".join(docstring.split())
    if said not in told:
        expect(told[0], said, text("veiledningen", "the guidance"))


@step(
    "then",
    Group.SENDER,
    nb=(
        "må det avklares {facts:Facts}",
        "det må avklares {facts:Facts}",
        "mangler {facts:Facts} om avsenderen",
        "det som mangler om avsenderen, er {facts:Facts}",
    ),
    en=("what must be established is {facts:Facts}", "missing of the sender is {facts:Facts}"),
)
def missing_of_sender(case: Case, facts: Sequence[str]) -> None:
    """The facts that would settle its migration."""
    wanted = [case.tested.names.fact_path(fact) for fact in facts]
    expect_facts(case, judged(case).missing, wanted, text("det som mangler", "what is missing"))


@step(
    "then",
    Group.SENDER,
    nb=("gjelder overgangen fra {day:Day}", "overgangen gjelder fra {day:Day}"),
    en="the migration is on {day:Day}",
)
def the_day_of_the_migration(case: Case, day: str) -> None:
    """What is told of before, and holds from that day on."""
    expect(judged(case).on, day, text("dagen overgangen gjelder fra", "the day of the migration"))
