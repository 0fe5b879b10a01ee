"""When a run goes through columns without being asked to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from fakturavakt.intake.document_chunks import size_of
from fakturavakt.intake.parquet_documents import is_parquet
from fakturavakt.texts import Text, text

LARGE: Final = 32 << 20
"""Bytes of NDJSON, JSON and CSV from which columns are worth their start of a second or two."""
_IN_LINES: Final = (".ndjson", ".jsonl", ".json", ".csv")
_PACKED: Final = 8
"""How much larger such files usually are when they are unpacked."""


def why_columns(files: Sequence[str], *, asked: bool, bulk_output: bool) -> Text | None:
    """Why these files are screened in columns, or None where they are not.

    ``asked``: somebody named the engine. ``bulk_output``: what was asked for (Parquet, an interrupted run to
    go on with) takes columns anyhow.
    """
    if asked:
        return _ASKED
    if bulk_output:
        return _OUTPUT
    if any(map(is_parquet, files)):
        return _PARQUET
    size = 0
    for file in files:
        plain = file.lower().removesuffix(".gz")
        if Path(plain).suffix in _IN_LINES:
            size += size_of([file]) * (1 if plain == file.lower() else _PACKED)
    if size < LARGE:
        return None
    return _SIZE.filled(megabytes=size >> 20)


_ASKED: Final = text(
    "Motor: kolonner (DuckDB), fordi --engine columnar ble valgt.",
    "Engine: columns (DuckDB), because --engine columnar was chosen.",
)
_OUTPUT: Final = text(
    "Motor: kolonner (DuckDB), fordi utdata ba om det.",
    "Engine: columns (DuckDB), because of the output that was asked for.",
)
_PARQUET: Final = text(
    "Motor: kolonner (DuckDB), fordi inndata er Parquet.",
    "Engine: columns (DuckDB), because the input is Parquet.",
)
_SIZE: Final = text(
    "Motor: kolonner (DuckDB), fordi inndata er stort (om lag {megabytes} MB).",
    "Engine: columns (DuckDB), because the input is large (about {megabytes} MB).",
)
