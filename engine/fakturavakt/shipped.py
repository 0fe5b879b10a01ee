"""Where the rule book, the features and the samples lie that come with the program.

In an installed package they lie inside it; in a checkout at the top of the repository, where a
compliance officer finds them. May import: nothing of fakturavakt.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).parent


def shipped_folder(name: str) -> Path:
    """The folder ``rules``, ``features`` or ``samples`` that came with the program."""
    packaged = _PACKAGE / "shipped" / name
    return packaged if packaged.is_dir() else _PACKAGE.parents[1] / name
