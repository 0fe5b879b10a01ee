"""The table ``[guard]`` of ``fakturavakt.toml``: limits that a run is held against, whatever was usual."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from fakturavakt.billing.fixed_limits import ABSURD, FixedLimits
from fakturavakt.problems import nearest
from fakturavakt.texts import Text, text

TABLE: Final = "guard"
DECISIONS: Final = {
    "block_max": "block",
    "hold_max": "hold",
    "unreadable_max": "unreadable",
    "out_of_scope_max": "out-of-scope",
}
FROM_DOCUMENTS: Final = "from_documents"
NAMED: Final = ("rules", "missing")
"""Tables within: limits by the names of rules and of facts."""
_KEYS: Final = (*DECISIONS, FROM_DOCUMENTS, *NAMED)


class GuardConfigurationError(Exception):
    """A table that cannot be used; ``reason`` has the place."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason.say("en"))


@dataclass(frozen=True, slots=True)
class GuardConfiguration:
    """The limits, and where each name of a rule or a fact stands: only a rule book knows them."""

    limits: FixedLimits = field(default_factory=FixedLimits)
    places: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def check_names(self, rules: list[str], facts: list[str]) -> None:
        """Raises :class:`GuardConfigurationError` for a limit on what the rule book does not have."""
        for (table, name), place in self.places.items():
            known = rules if table == "rules" else facts
            if name not in known:
                raise GuardConfigurationError(
                    _unknown(
                        _UNKNOWN_RULE if table == "rules" else _UNKNOWN_FACT, place, name, known
                    )
                )


Place = Callable[[str, str], str]
"""Where a key of a table stands: the key, and the table's name."""


def read_guard(table: Mapping[str, object], place: Place) -> GuardConfiguration:
    """What the table says.

    Raises :class:`GuardConfigurationError` for the first mistake.
    """
    decisions = dict(ABSURD)
    configured = set()
    named: dict[str, dict[str, float]] = {name: {} for name in NAMED}
    places = {}
    from_documents = FixedLimits().from_documents
    for written, value in table.items():
        key = written.replace("-", "_")
        where = place(written, TABLE)
        if key in DECISIONS:
            decisions[DECISIONS[key]] = _share(value, where, f"{TABLE}.{written}")
            configured.add(DECISIONS[key])
        elif key == FROM_DOCUMENTS:
            if type(value) is not int or value < 1:
                raise GuardConfigurationError(
                    _NO_COUNT.filled(place=where, key=f"{TABLE}.{written}")
                )
            from_documents = value
        elif key in NAMED and isinstance(value, dict):
            for name, limit in value.items():
                inner = place(name, f"{TABLE}.{written}")
                named[key][name] = _share(limit, inner, f"{TABLE}.{written}.{name}")
                places[key, name] = inner
        elif key in NAMED:
            raise GuardConfigurationError(_NO_TABLE.filled(place=where, key=f"{TABLE}.{written}"))
        else:
            raise GuardConfigurationError(_unknown(_UNKNOWN_KEY, where, written, list(_KEYS)))
    limits = FixedLimits(
        decisions, named["rules"], named["missing"], from_documents, frozenset(configured)
    )
    return GuardConfiguration(limits, places)


def _share(value: object, place: str, key: str) -> float:
    found = (
        re.fullmatch(r"([0-9]+(?:[.,][0-9]+)?)[ \u00a0]?%", value)
        if isinstance(value, str)
        else None
    )
    share = float(found[1].replace(",", ".")) / 100 if found else -1.0
    if not 0 <= share <= 1:
        raise GuardConfigurationError(_NO_SHARE.filled(place=place, key=key))
    return share


def _unknown(said: Text, place: str, name: str, known: list[str]) -> Text:
    near = nearest(name, known)
    nb = f" Mente du «{near}»?" if near else f" Kjente: {', '.join(known)}."
    en = f" Did you mean “{near}”?" if near else f" Known: {', '.join(known)}."
    filled = said.filled(place=place, name=name)
    return text(filled.say("nb") + nb, filled.say("en") + en)


_UNKNOWN_KEY: Final = text(
    "{place}: ukjent nøkkel «guard.{name}».", "{place}: unknown key “guard.{name}”."
)
_UNKNOWN_RULE: Final = text(
    "{place}: regelboken har ikke forbudet «{name}».",
    "{place}: the rule book does not have the prohibition “{name}”.",
)
_UNKNOWN_FACT: Final = text(
    "{place}: ingen dokumenter har opplysningen «{name}».",
    "{place}: no documents have the fact “{name}”.",
)
_NO_SHARE: Final = text(
    '{place}: verdien av «{key}» må være en andel fra 0 til 100 %, skrevet som "5 %" eller "0,5 %".',
    '{place}: the value of “{key}” must be a share from 0 to 100 %, written like "5 %" or "0.5 %".',
)
_NO_COUNT: Final = text(
    "{place}: verdien av «{key}» må være et helt tall fra 1.",
    "{place}: the value of “{key}” must be a whole number from 1.",
)
_NO_TABLE: Final = text(
    '{place}: «{key}» må være en tabell, med linjer som: navn = "5 %"',
    '{place}: “{key}” must be a table, with lines like: name = "5 %"',
)
