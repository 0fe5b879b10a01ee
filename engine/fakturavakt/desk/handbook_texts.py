"""What the handbook says that no rule book says itself: its chapters, and what follows from an outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fakturavakt.texts import Text, text

TITLES: Final[Mapping[str, tuple[Text, Text]]] = {
    "scope": (
        text("Hvem reglene gjelder for", "Whom the rules are for"),
        text(
            "Alt annet er «ikke omfattet»: da gjelder ingen forbud, og ingen kanal velges.",
            "Everything else is “out of scope”: no prohibition applies, and no channel is chosen.",
        ),
    ),
    "prohibitions": (
        text("Forbud", "Prohibitions"),
        text(
            "Et forbud som er brutt, stopper fakturaen. Er det ukjent om et forbud er brutt, settes "
            "fakturaen på vent til noen har funnet det som mangler.",
            "A prohibition that is broken blocks the invoice. Where it is unknown whether one is broken, the "
            "invoice is put on hold until somebody has found what is missing.",
        ),
    ),
    "channels": (
        text("Kanaler", "Channels"),
        text(
            "Kanalene forsøkes i rekkefølgen her, til og med den første som sikkert kan brukes. En kanal "
            "med flere regler kan brukes når én av dem er oppfylt.",
            "Channels are tried in the order here, up to and including the first that can certainly be used. "
            "A channel with several rules can be used when one of them is met.",
        ),
    ),
    "agreements": (
        text("Overgangen mellom avtaler", "The migration of agreements"),
        text(
            "Hver avsender passer på nøyaktig én av handlingene.",
            "Each sender matches exactly one of the actions.",
        ),
    ),
    "advice": (
        text("Råd", "Advice"),
        text("Et råd endrer aldri en avgjørelse.", "Advice never changes a decision."),
    ),
    "suggestions": (
        text("Forslag til hva en linje gjelder", "Suggestions of what a line is"),
        text(
            "Et forslag brukes aldri som et faktum: et menneske må si hva linjen gjelder.",
            "A suggestion is never used as a fact: a human must say what the line is.",
        ),
    ),
    "trials": (
        text("På prøve", "On trial"),
        text(
            "Disse reglene avgjør ingenting ennå. «screen --trials» viser hva de ville sagt.",
            "These rules decide nothing yet. “screen --trials” shows what they would have said.",
        ),
    ),
    "definitions": (
        text("Definisjoner", "Definitions"),
        text(
            "Betingelser med navn, som flere regler bruker.",
            "Conditions with a name, which several rules use.",
        ),
    ),
    "guarantees": (
        text("Garantier", "Guarantees"),
        text(
            "Det regelboken lover. Garantier avgjør ingenting: de bevises for alle tenkelige dokumenter "
            "(fakturavakt rules prove).",
            "What the rule book promises. Guarantees decide nothing: they are proved for all documents there "
            "could be (fakturavakt rules prove).",
        ),
    ),
}
HOLD: Final = text(
    "Da settes fakturaen på vent, og avgjørelsen sier hva som mangler.",
    "Then the invoice is put on hold, and the decision says what is missing.",
)
TRIED: Final = text(
    "Da forsøkes kanalen, og så den neste: det kan ikke utelukkes at den virker.",
    "Then the channel is tried, and the next one after it: it may work.",
)
NOTHING_DECIDED: Final = text(
    "Da blir det registrert som ukjent, og endrer ingenting.",
    "Then it is recorded as unknown, and changes nothing.",
)
NOT_GIVEN: Final = text("Da gis det ikke.", "Then it is not given.")
AS_ITS_USERS: Final = text(
    "Hva det fører til, sier reglene som bruker definisjonen.",
    "What follows, the rules say that use the definition.",
)
