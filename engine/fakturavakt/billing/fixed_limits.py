"""Limits that hold from the first run on, whatever was usual: those of ``fakturavakt.toml``, else those of
absurd cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

FROM_DOCUMENTS: Final = 20
"""Of fewer documents a share says nothing that a limit could be set for."""
ABSURD: Final = {"unreadable": 0.5, "block": 0.5, "hold": 0.95}
"""Above these nobody has to say that a person should look first."""


@dataclass(frozen=True, slots=True)
class FixedLimits:
    """Largest shares, of a sender's documents and of all in a run: ``decisions`` by folder name (``block``),
    ``rules`` and ``missing`` by the names of rules and facts. ``configured`` says which decisions somebody
    set a limit for.
    """

    decisions: Mapping[str, float] = field(default_factory=lambda: dict(ABSURD))
    rules: Mapping[str, float] = field(default_factory=dict)
    missing: Mapping[str, float] = field(default_factory=dict)
    from_documents: int = FROM_DOCUMENTS
    configured: frozenset[str] = frozenset()
