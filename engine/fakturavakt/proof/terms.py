"""Formulas: z3 behind a handful of functions, each formula in a world (context) of its own question.

A formula is Python's ``True`` or ``False`` where it is already decided, else a z3 expression; so what
is trivial never reaches the solver. Nothing is shared between questions: several threads may ask.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeAlias

from fakturavakt.texts import Text, text

Formula: TypeAlias = Any
"""``bool``, or a z3 expression that is true or false."""
Number: TypeAlias = Any
"""``int``, or a z3 expression over the whole numbers."""

_MISSING: Final = text(
    "Bevis trenger z3, som ikke er installert. Installer det med: pip install 'fakturavakt[prove]'",
    "Proofs need z3, which is not installed. Install it with: pip install 'fakturavakt[prove]'",
)


class SolverMissingError(Exception):
    """z3 is not installed; ``reason`` says how to get it."""

    def __init__(self) -> None:
        self.reason: Text = _MISSING
        super().__init__(self.reason.say("en"))


def solver_library() -> Any:  # noqa: ANN401 (z3 has no types)
    """The module ``z3``. Raises :class:`SolverMissingError`."""
    try:
        return importlib.import_module("z3")
    except ImportError:
        raise SolverMissingError from None


def solver_installed() -> bool:
    """Whether z3 can be imported."""
    try:
        solver_library()
    except SolverMissingError:
        return False
    return True


class Terms:
    """Makes the formulas of one question."""

    def __init__(self) -> None:
        self.z3 = solver_library()
        self.context = self.z3.Context()

    def flag(self, name: str) -> Formula:
        """A variable that is true or false."""
        return self.z3.Bool(name, self.context)

    def number(self, name: str) -> Number:
        """A variable that is a whole number."""
        return self.z3.Int(name, self.context)

    def both(self, parts: Iterable[Formula]) -> Formula:
        """All of the parts."""
        open_parts = []
        for part in parts:
            if part is False:
                return False
            if part is not True:
                open_parts.append(part)
        if len(open_parts) < 2:
            return open_parts[0] if open_parts else True
        return self.z3.And(*open_parts)

    def either(self, parts: Iterable[Formula]) -> Formula:
        """At least one of the parts."""
        open_parts = []
        for part in parts:
            if part is True:
                return True
            if part is not False:
                open_parts.append(part)
        if len(open_parts) < 2:
            return open_parts[0] if open_parts else False
        return self.z3.Or(*open_parts)

    def negated(self, part: Formula) -> Formula:
        """Not the part."""
        return not part if isinstance(part, bool) else self.z3.Not(part)

    def implied(self, condition: Formula, then: Formula) -> Formula:
        """``then``, wherever ``condition`` is."""
        return self.either([self.negated(condition), then])

    def same(self, one: Formula, other: Formula) -> Formula:
        """Both, or neither."""
        if isinstance(one, bool):
            return other if one else self.negated(other)
        if isinstance(other, bool):
            return one if other else self.negated(one)
        return one == other

    def chosen(self, condition: Formula, then: Number, otherwise: Number) -> Number:
        """One number where the condition is, another where it is not."""
        if isinstance(condition, bool):
            return then if condition else otherwise
        return self.z3.If(condition, self._term(then), self._term(otherwise))

    def _term(self, number: Number) -> Number:
        return self.z3.IntVal(number, self.context) if isinstance(number, int) else number

    def cheaper(self, costs: Sequence[tuple[Formula, int]], most: int) -> Formula:
        """The flags that are true cost at most so much together."""
        return self.z3.PbLe(list(costs), most) if costs else most >= 0

    def solver(self, seconds: float) -> Any:  # noqa: ANN401 (z3 has no types)
        """A solver that gives up after so many seconds a question."""
        found = self.z3.Solver(ctx=self.context)
        found.set("timeout", max(1, int(seconds * 1000)))
        return found
