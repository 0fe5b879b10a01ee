"""The one error of scenarios: what is not as expected, or cannot be run, in words."""

from __future__ import annotations

from typing import ClassVar

from fakturavakt.texts import NORWEGIAN, Text


class ScenarioError(AssertionError):
    """A scenario that is not as it was expected, or cannot be run; ``reason`` says what is wrong.

    As a string it speaks the ``language`` of the run.
    """

    language: ClassVar[str] = NORWEGIAN

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason)

    def __str__(self) -> str:
        return self.reason.say(self.language)
