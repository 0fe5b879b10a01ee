"""What a Then step holds against what came out, and how it says that they differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from fakturavakt.acceptance.scenario_error import ScenarioError
from fakturavakt.texts import ENGLISH, NORWEGIAN, Text, text

if TYPE_CHECKING:
    from fakturavakt.acceptance.case import Case
    from fakturavakt.agreements import SenderAgreements
    from fakturavakt.decision import Decision


def decided(case: Case) -> Decision:
    """The decision; :class:`ScenarioError` where the scenario has asked for none."""
    if case.decision is None:
        raise ScenarioError(_NOT_SCREENED)
    return case.decision


def judged(case: Case) -> SenderAgreements:
    """What the migration means for the sender; :class:`ScenarioError` where it was not asked for."""
    if not case.agreements:
        raise ScenarioError(_NOT_JUDGED)
    return case.agreements[NORWEGIAN]


def expect(found: object, wanted: object, about: Text) -> None:
    """Raise :class:`ScenarioError` that says both, where they differ."""
    if found != wanted:
        raise ScenarioError(
            text(
                f"Ventet {_said(wanted, NORWEGIAN)}, fikk {_said(found, NORWEGIAN)}: {about.say('nb')}.",
                f"Expected {_said(wanted, ENGLISH)}, got {_said(found, ENGLISH)}: {about.say('en')}.",
            )
        )


def expect_facts(case: Case, found: Sequence[str], wanted: Sequence[str], about: Text) -> None:
    """The same of facts, by their paths; what is said of them are their labels."""
    if list(found) != list(wanted):
        names = case.tested.names
        said = {
            language: [
                _said([names.said(path, language) for path in paths], language)
                for paths in (wanted, found)
            ]
            for language in (NORWEGIAN, ENGLISH)
        }
        raise ScenarioError(
            text(
                f"Ventet {said['nb'][0]}, fikk {said['nb'][1]}: {about.say('nb')}.",
                f"Expected {said['en'][0]}, got {said['en'][1]}: {about.say('en')}.",
            )
        )


def verdict_with_reasons(case: Case, wanted: str) -> Text:
    """That the decision is another one, and what led to it."""
    decision = decided(case)
    said: dict[str, str] = {}
    for language in (NORWEGIAN, ENGLISH):
        reasons = [finding.rule for finding in decision.findings]
        missing = [case.tested.names.said(path, language) for path in decision.missing]
        parts = [
            _OTHER_VERDICT.filled(
                wanted=_DECIDED[wanted].say(language),
                found=_DECIDED[decision.decision.value].say(language),
            ).say(language)
        ]
        if reasons:
            titles = [case.tested.book.rules[rule].title.say(language) for rule in reasons]
            parts.append(_BECAUSE_OF.filled(rules=", ".join(titles)).say(language))
        if missing:
            parts.append(_MISSING.filled(facts=", ".join(missing)).say(language))
        said[language] = " ".join(parts)
    return Text(said)


def _said(value: object, language: str) -> str:
    match value:
        case None | [] | ():
            return _NOTHING.say(language)
        case True:
            return _YES.say(language)
        case False:
            return _NO.say(language)
        case list():
            return ", ".join(map(str, value))
        case _:
            return str(value)


_DECIDED: Final = {
    "send": text("sendt", "sent"),
    "block": text("stoppet", "blocked"),
    "hold": text("satt på vent", "held"),
    "out_of_scope": text("ikke omfattet", "out of scope"),
}
"""As the steps say it."""
_NOTHING: Final = text("ingenting", "nothing")
_YES: Final = text("ja", "yes")
_NO: Final = text("nei", "no")
_OTHER_VERDICT: Final = text(
    "Ventet «{wanted}», fikk «{found}».", "Expected “{wanted}”, got “{found}”."
)
_BECAUSE_OF: Final = text(
    "Forbud som er brutt eller ukjente: {rules}.", "Prohibitions broken or unknown: {rules}."
)
_MISSING: Final = text("Det som mangler: {facts}.", "Missing: {facts}.")
_NOT_SCREENED: Final = text(
    "Scenariet har ikke noe steg der fakturaen kontrolleres («Når fakturaen kontrolleres»).",
    "The scenario has no step that screens the invoice (“When the invoice is screened”).",
)
_NOT_JUDGED: Final = text(
    "Scenariet har ikke noe steg der avsenderens avtaler vurderes.",
    "The scenario has no step that judges the sender's agreements.",
)
