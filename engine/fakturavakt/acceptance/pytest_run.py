"""How scenarios are run by pytest from within the program: the same wherever pytest would find them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PYTEST_ARGUMENTS: Final = (
    *("-p", "pytest_bdd.plugin", "-p", "fakturavakt.pytest_plugin"),
    *("-q", "-p", "no:cacheprovider", "-o", "addopts="),
)
"""Our plugin and pytest-bdd's, and no other that happens to be installed: they take time, and may want to
have a say. What the project's own settings say of steps holds; options meant for people do not.
"""
PYTEST_ENVIRONMENT: Final[Mapping[str, str]] = {
    "PYTEST_ADDOPTS": "",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
}
