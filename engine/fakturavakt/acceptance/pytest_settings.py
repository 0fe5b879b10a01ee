"""How the program starts pytest, and whether it can: known without importing it, which a plain installation
cannot.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from typing import Final

from fakturavakt.texts import text

PYTEST_ARGUMENTS: Final = (
    *("-p", "pytest_bdd.plugin", "-p", "fakturavakt.pytest_plugin"),
    *("-p", "no:cacheprovider", "-o", "addopts="),
)
"""Our plugin and pytest-bdd's, and no other: they take time, and may want to have a say. What the project's
own settings say of steps holds; options meant for people at a terminal do not.
"""
PYTEST_ENVIRONMENT: Final[Mapping[str, str]] = {
    "PYTEST_ADDOPTS": "",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
}
NOT_INSTALLED: Final = text(
    "Scenariene kan ikke kjøres her: det trengs pip install 'fakturavakt[acceptance]'.",
    "Scenarios cannot run here: that takes pip install 'fakturavakt[acceptance]'.",
)
_NEEDED: Final = ("pytest", "pytest_bdd")


def features_can_run() -> bool:
    """Whether what runs scenarios is installed (the extra ``acceptance``)."""
    return all(importlib.util.find_spec(name) is not None for name in _NEEDED)
