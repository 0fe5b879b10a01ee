"""Steps that say what the migration of 20 December 2018 means for a sender."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from fakturavakt.acceptance.expectation import expect, judged
from fakturavakt.acceptance.sentences import add_field, listed
from fakturavakt.acceptance.step_definitions import Group, step
from fakturavakt.texts import text

if TYPE_CHECKING:
    from fakturavakt.acceptance.case import Case

_NOTHING: Final = ("–", "-", "ingen", "none")
_BENEFITS: Final = {
    "én avtale": "one_agreement",
    "vanlig oppgjør": "ordinary_payment_route",
    "vedlegg": "attachments",
    "saldoen vises": "balance_shown",
    "samme pris": "same_price",
    "one agreement": "one_agreement",
    "the ordinary payment route": "ordinary_payment_route",
    "attachments": "attachments",
    "the balance is shown": "balance_shown",
    "the same price": "same_price",
}

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
    nb=("er avsenderens neste steg {action:Action}", "avsenderens neste steg er {action:Action}"),
    en="the sender's next step is {action:Action}",
)
def the_action(case: Case, action: str) -> None:
    """What the migration asks of the sender, in words or as the id of a row of the rule book."""
    expect(judged(case).action, action, text("avsenderens neste steg", "the sender's next step"))


@step(
    "then",
    Group.SENDER,
    nb=(
        "får avsenderen beskjed på e-post: {answer:Told}",
        "avsenderen får beskjed på e-post: {answer:Told}",
    ),
    en="the sender is told by e-mail: {answer:Told}",
)
def told_by_email(case: Case, answer: str) -> None:
    """Yes, no, or not said where the action is unknown."""
    wanted = {"ja": True, "nei": False, "–": None}.get(answer)
    expect(judged(case).notified_by_email, wanted, text("beskjed på e-post", "told by e-mail"))


@step(
    "then",
    Group.SENDER,
    nb=("er fordelene «{benefits}»", "fordelene er «{benefits}»"),
    en="the benefits are “{benefits}”",
)
def the_benefits(case: Case, benefits: str) -> None:
    """From that day, in words or by their ids; a dash for none."""
    wanted = (
        [] if benefits in _NOTHING else [_BENEFITS.get(each, each) for each in listed(benefits)]
    )
    expect(list(judged(case).benefits), wanted, text("fordelene", "the benefits"))


@step(
    "then",
    Group.SENDER,
    nb=(
        "kommer betalingen {route:Route}",
        "betalingen kommer {route:Route}",
        "kommer betalingen som {route:Route}",
        "betalingen kommer som {route:Route}",
    ),
    en=("payments arrive {route:Route}", "payments arrive as {route:Route}"),
)
def the_route(case: Case, route: str) -> None:
    """Ordinary, or through AutoPay; a dash where there are no benefits."""
    wanted = None if route == "–" else route
    expect(judged(case).payment_route, wanted, text("veien betalingen kommer", "the payment route"))


@step(
    "then",
    Group.SENDER,
    nb=(
        "mangler {facts:Facts} om avsenderen",
        "det som mangler om avsenderen, er {facts:Facts}",
    ),
    en="missing of the sender is {facts:Facts}",
)
def missing_of_sender(case: Case, facts: Sequence[str]) -> None:
    """The facts that would settle its migration."""
    wanted = [case.tested.names.fact_path(fact) for fact in facts]
    expect(list(judged(case).missing), wanted, text("det som mangler", "what is missing"))


@step(
    "then",
    Group.SENDER,
    nb=("gjelder overgangen fra {day:Day}", "overgangen gjelder fra {day:Day}"),
    en="the migration is on {day:Day}",
)
def the_day_of_the_migration(case: Case, day: str) -> None:
    """What is told of before, and holds from that day on."""
    expect(judged(case).on, day, text("dagen overgangen gjelder fra", "the day of the migration"))
