"""Which engine evaluates: the one that was asked for, or the best that this machine has."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Final, Literal, TypeAlias

from fakturavakt.engines.outcomes import Engine
from fakturavakt.engines.reference import ReferenceEngine
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import Text, text

EngineName: TypeAlias = Literal["auto", "durable", "reference"]
ENGINE_NAMES: Final[tuple[EngineName, ...]] = ("auto", "durable", "reference")


class EngineUnavailableError(Exception):
    """The engine that was asked for cannot run here; ``reason`` says why, and what to do."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason.say("en"))


def durable_rules_can_run() -> bool:
    """Whether durable-rules is here and can be imported."""
    if importlib.util.find_spec("durable_rules_engine") is None:
        return False
    try:
        import durable_rules_engine  # noqa: F401
    except ImportError:
        return False
    return True


def choose_engine(book: RuleBook, name: EngineName, notice: Callable[[Text], None]) -> Engine:
    """The engine called ``name``; with ``auto`` durable-rules, else the reference after a notice.

    Raises :class:`EngineUnavailableError` where durable-rules is asked for and cannot be imported.
    """
    if name == "reference":
        return ReferenceEngine(book)
    if durable_rules_can_run():
        from fakturavakt.engines.durable import DurableEngine

        return DurableEngine(book)
    if name == "durable":
        raise EngineUnavailableError(
            text(
                "durable-rules kan ikke importeres her (den kjører på Python 3.11 og 3.12, og bygges "
                "med en C-kompilator). Bruk --engine auto eller --engine reference.",
                "durable-rules cannot be imported here (it runs on Python 3.11 and 3.12, and is built "
                "with a C compiler). Use --engine auto or --engine reference.",
            )
        )
    notice(
        text(
            "durable-rules kan ikke importeres her; motoren er «reference», som gir de samme svarene.",
            "durable-rules cannot be imported here; the engine is “reference”, which gives the same "
            "answers.",
        )
    )
    return ReferenceEngine(book)
