"""The language that help and messages are in: ``--lang``, ``FAKTURAVAKT_LANG``, the file, Norwegian.

Help texts are made when a command's module is imported, before click has parsed anything, so the
language is found here by a look at the arguments.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import pairwise

from fakturavakt.cli.configuration import OPTIONS_OF, configured
from fakturavakt.texts import NORWEGIAN, text


def chosen_language(arguments: Sequence[str], environment_value: str | None) -> str:
    """The language code that the arguments name, else the environment, else the configuration."""
    for argument, following in pairwise([*arguments, ""]):
        if argument == "--lang" and following:
            return following
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
    command = next((argument for argument in arguments if argument in OPTIONS_OF), None)
    return environment_value or configured().value("lang", command) or NORWEGIAN


def t(nb: str, en: str) -> str:
    """A text of the command line in the chosen language."""
    return text(nb, en).say(chosen_language(sys.argv[1:], os.environ.get("FAKTURAVAKT_LANG")))
