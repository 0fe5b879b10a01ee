"""The language that help and messages are in: ``--lang``, ``FAKTURAVAKT_LANG``, the file, Norwegian.

Help texts are made when a command's module is imported, before click has parsed anything, so the
language is found here by a look at the arguments.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from fakturavakt.cli.configuration import OPTIONS_OF, configured
from fakturavakt.texts import NORWEGIAN, text

BOTH: Final = "both"
"""What a document can be in; the program then speaks as it does without ``--lang``."""


def chosen_language(arguments: Sequence[str], environment_value: str | None) -> str:
    """The language code that the arguments name, else the environment, else the configuration."""
    for argument, following in pairwise([*arguments, ""]):
        named = argument.removeprefix("--lang=") if argument.startswith("--lang=") else ""
        if argument == "--lang":
            named = following
        if named and named != BOTH:
            return named
    command = next((argument for argument in arguments if argument in OPTIONS_OF), None)
    set_elsewhere = environment_value or configured().value("lang", command)
    return set_elsewhere if set_elsewhere and set_elsewhere != BOTH else NORWEGIAN


def t(nb: str, en: str) -> str:
    """A text of the command line in the chosen language."""
    return text(nb, en).say(chosen_language(sys.argv[1:], os.environ.get("FAKTURAVAKT_LANG")))
