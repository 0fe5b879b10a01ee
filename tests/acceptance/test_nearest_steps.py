"""Whoever slips gets the step that was meant, with what was said in it."""

from __future__ import annotations

import pytest

from fakturavakt.acceptance.nearest_steps import nearest_steps
from fakturavakt.acceptance.scenario_run import definition_of
from fakturavakt.acceptance.step_definitions import DEFINITIONS, Kind

SLIPS: list[tuple[Kind, str, str]] = [
    # A letter, a blank, a form of the day or of the amount.
    ("given", "at fakturaen forfaller 5.februar 2021", "at fakturaen forfaller 5. februar 2021"),
    ("given", "at fakturaen forfalle 2021-02-05", "at fakturaen forfaller 5. februar 2021"),
    ("given", "at fakturaen sendes 5/2/2021", "at fakturaen sendes 5. februar 2021"),
    ("given", "at linje 1 er et abonement", "at linje 1 er et abonnement"),
    ("given", "at linje 2 er på 349 kroner", "at linje 2 er på 349,00 kr"),
    ("given", "at linje to er på kr 349,-", "at linje 2 er på 349,00 kr"),
    ("given", "at mottakeren bruker vips", "at mottakeren bruker Vipps"),
    ("when", "fakturaen kontrollers", "fakturaen kontrolleres"),
    ("then", "blir fakturaen stopet", "blir fakturaen stoppet"),
    # A label, a title or a channel that is not spelt so.
    ("given", "at mobilnumeret er ukjent", "at mobilnummeret er ukjent"),
    ("given", "at mobilnummeret mangler", "at mobilnummeret er ukjent"),
    ("then", "mangler bare mobilnumret", "mangler bare mobilnummeret"),
    ("then", "kanalen Vips Regning kan ikke brukes", "kanalen Vipps Regning kan ikke brukes"),
    (
        "then",
        "forbudet «Abonnement uten samtykke» er brutt på linje 1",
        "forbudet mot abonnement uten opplyst og eksplisitt samtykke er brutt på linje 1",
    ),
    # No «at», no quotation marks, words too many or too few, or in another order.
    (
        "given",
        "fakturaen forfaller 5. februar 2021",
        "at fakturaen forfaller 5. februar 2021",
    ),
    ("given", "mottakeren bruker ikke Vipps", "at mottakeren ikke bruker Vipps"),
    (
        "then",
        "forbudet Betalingskrav uten avtale eller fordring er brutt",
        "forbudet mot betalingskrav uten avtale eller fordring er brutt",
    ),
    (
        "then",
        "forfallsdato er meldt som feil av slaget form",
        "forfallsdatoen er meldt som feil av slaget «form»",
    ),
    (
        "given",
        "at mottakeren har gitt fullstendig samtykke til linje 1 15. januar 2021",
        "at mottakeren har gitt et fullstendig samtykke til linje 1 den 15. januar 2021",
    ),
    (
        "given",
        "at samtykket på linje 1 er trukket tilbake 1. feb 2021",
        "at samtykket til linje 1 er trukket tilbake 1. februar 2021",
    ),
    (
        "when",
        "fakturaen blir kontrollert 2. februar 2021",
        "fakturaen kontrolleres 2. februar 2021",
    ),
    ("then", "fakturaen går med eFaktura", "fakturaen går som eFaktura"),
    # English in a Norwegian feature.
    ("given", "the recipient uses Vipps", "at mottakeren bruker Vipps"),
    (
        "given",
        "the invoice is due on 5 February 2021",
        "at fakturaen forfaller 5. februar 2021",
    ),
    ("then", "fakturaen er blocked", "fakturaen er stoppet"),
]
ENGLISH_SLIPS: list[tuple[Kind, str, str]] = [
    ("then", "the invoice gets blocked", "the invoice is blocked"),
    ("then", "the invoice gets sendt", "the invoice is sent"),
    (
        "given",
        "the invoice is due at February 5th, 2021",
        "the invoice is due on 5 February 2021",
    ),
    ("given", "line one is a subscripton", "line 1 is a subscription"),
    ("given", "the receiver uses Vipps", "the recipient uses Vipps"),
    ("then", "only mobile number is missing", "only the mobile number is missing"),
    ("then", "fakturaen blir sendt", "the invoice is sent"),
]


@pytest.mark.parametrize(("kind", "said", "meant"), SLIPS, ids=lambda each: str(each)[:40])
def test_a_slip_gets_what_was_meant(kind: Kind, said: str, meant: str) -> None:
    """First, and as a step that there is."""
    assert nearest_steps(said, kind, "nb")[:1] == (meant,)
    definition_of(kind, meant)


@pytest.mark.parametrize(("kind", "said", "meant"), ENGLISH_SLIPS, ids=lambda each: str(each)[:40])
def test_an_english_feature_gets_english(kind: Kind, said: str, meant: str) -> None:
    """The same, with its words and days."""
    assert nearest_steps(said, kind, "en")[:1] == (meant,)
    definition_of(kind, meant)


def test_what_is_like_no_step_gets_none() -> None:
    """A guess would only lead astray."""
    assert nearest_steps("hallo i luken", "given", "nb") == ()
    assert nearest_steps("", "then", "en") == ()
    assert nearest_steps("det er pent vær i dag", "then", "nb") == ()


@pytest.mark.parametrize("language", ["nb", "en"])
def test_a_step_is_nearest_to_itself(language: str) -> None:
    """Each sentence with its examples, whatever else is near; no more are given than are asked for."""
    from fakturavakt.acceptance.sentences import Sentence

    for definition in DEFINITIONS:
        said = Sentence(definition.said_in(language)[0]).example(language)
        found = nearest_steps(said, definition.kind, language, limit=2)
        assert len(found) <= 2
        assert definition.matches(found[0]), (said, found)
