"""What a run may use: amounts of memory as people write them (``2GB``, ``512 MiB``), and cores."""

from __future__ import annotations

import os
import re
from typing import Final

_AMOUNT: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([KMGT])(i?)B", re.IGNORECASE)


def bytes_of(written: str) -> int | None:
    """An amount as a number of bytes: a thousandfold a step, with ``i`` 1,024-fold. None if it is none."""
    found = _AMOUNT.fullmatch(written)
    if found is None:
        return None
    number, step, binary = found.groups()
    return int(float(number) * (1024 if binary else 1000) ** " KMGT".index(step.upper()))


def cores() -> int:
    """Those that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
