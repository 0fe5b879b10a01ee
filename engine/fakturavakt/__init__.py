"""fakturavakt: the check before a consumer invoice leaves as a payment demand through AutoInvoice.

The public API is what is listed in ``__all__``; everything else may change. Names are imported when they
are first used, so that ``import fakturavakt`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fakturavakt.decision import Decision
    from fakturavakt.intake.documents import Unreadable
    from fakturavakt.rulebook.loader import RuleBookError, load_rulebook
    from fakturavakt.rulebook.model import RuleBook
    from fakturavakt.screening import screen

__all__ = ["Decision", "RuleBook", "RuleBookError", "Unreadable", "load_rulebook", "screen"]
__version__ = "0.1.0"

_HOMES = {
    "Decision": "fakturavakt.decision",
    "RuleBook": "fakturavakt.rulebook.model",
    "RuleBookError": "fakturavakt.rulebook.loader",
    "Unreadable": "fakturavakt.intake.documents",
    "load_rulebook": "fakturavakt.rulebook.loader",
    "screen": "fakturavakt.screening",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 (a module's attributes have many types)
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
