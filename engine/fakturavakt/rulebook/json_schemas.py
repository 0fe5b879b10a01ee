"""The JSON Schemas of all kinds of rule file: what an editor completes and checks against."""

from __future__ import annotations

import json
from pathlib import Path

from fakturavakt.rulebook import files, kinds
from fakturavakt.rulebook.case_files import cases_shape
from fakturavakt.rulebook.clause_files import clauses_shape
from fakturavakt.rulebook.mistakes import Reading
from fakturavakt.rulebook.model import RuleBook

KINDS: tuple[str, ...] = (
    *kinds.TOP_FILES.values(),
    *kinds.FOLDERS.values(),
    kinds.CLAUSES,
    kinds.CASES,
)


def written_schema(kind: str, book: RuleBook) -> str:
    """The JSON Schema of a kind of rule file, over the facts and languages of a rule book."""
    reading = Reading(book.vocabulary, book.languages)
    if kind == kinds.CASES:
        schema = {"$schema": files.DRAFT, **cases_shape(book).schema(reading)}
    elif kind == kinds.CLAUSES:
        schema = {"$schema": files.DRAFT, **clauses_shape().schema(reading)}
    else:
        schema = files.json_schema(kind, reading)
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


def write_schemas(book: RuleBook, folder: Path) -> list[Path]:
    """Write ``KIND.schema.json`` for every kind; the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind in KINDS:
        path = folder / f"{kind}.schema.json"
        path.write_text(written_schema(kind, book), encoding="utf-8")
        written.append(path)
    return written
