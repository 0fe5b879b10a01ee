"""The words for decisions and outcomes that people see (glossary of the field)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from fakturavakt.decision import Verdict
from fakturavakt.texts import Text, text

VERDICTS: Final[Mapping[Verdict, Text]] = {
    Verdict.SEND: text("sendes", "send"),
    Verdict.BLOCK: text("stoppet", "block"),
    Verdict.HOLD: text("på vent", "hold"),
    Verdict.OUT_OF_SCOPE: text("ikke omfattet", "out of scope"),
}
UNREADABLE: Final = text("ikke lest", "not read")
"""For what gets no decision."""
