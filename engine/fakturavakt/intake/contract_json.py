"""A read document as contract JSON again: what the command ``facts`` writes.

After catalogue and evidence, with ids and bad values as they were; screened again, it gives the same
decision but for ``document`` and ``evidence``. The key :data:`FIRST_READING` keeps what only the first
format could tell (rows that disagree, a word that was no yes or no in CSV); intake of JSON reads it back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from fakturavakt.intake.documents import FIRST_READING
from fakturavakt.intake.fact_reader import ReadDocument, ReadValues
from fakturavakt.vocabulary import forms
from fakturavakt.vocabulary.facts import Fact, FactType, Vocabulary
from fakturavakt.vocabulary.forms import JsonNumber


def written_facts(read: ReadDocument, vocabulary: Vocabulary) -> str:
    """The document on one line."""
    tree = dict(vocabulary.tree)
    line_tree = tree.pop("line", {})
    assert isinstance(line_tree, dict)
    content = _group(tree, "", read.invoice)
    if read.lines is not None:
        lines = [
            scope.as_it_was["line"]
            if "line" in scope.as_it_was
            else _group(line_tree, "line.", scope)
            for _, scope in read.lines
        ]
        invoice = content.setdefault("invoice", {})
        assert isinstance(invoice, dict)
        invoice["lines"] = lines
    if read.facts.problems:
        content[FIRST_READING] = [
            {"fact": problem.path, "code": problem.flaw.value} for problem in read.facts.problems
        ]
    return written(content)


def _group(tree: Mapping[str, object], prefix: str, scope: ReadValues) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, child in tree.items():
        name = f"{prefix}{key}"
        if isinstance(child, Fact):
            value = _fact(child, scope)
        elif name in scope.as_it_was:
            value = scope.as_it_was[name]
        else:
            assert isinstance(child, dict)
            value = _group(child, f"{name}.", scope) or None
        if value is not None:
            found[key] = value
    return found


def _fact(fact: Fact, scope: ReadValues) -> object:
    if fact.name in scope.stated:
        return forms.in_json(fact, scope.stated[fact.name])
    if fact.type is FactType.LINES and fact.name not in scope.bad:
        return None  # written from the lines that were read
    return scope.as_it_was.get(fact.name)


def written(value: object) -> str:
    """Compact JSON, numbers as they were written; half a surrogate pair stays an escape."""
    match value:
        case JsonNumber(literal=literal):
            return literal
        case dict():
            pairs = (f"{written(str(key))}:{written(item)}" for key, item in value.items())
            return "{" + ",".join(pairs) + "}"
        case list():
            return "[" + ",".join(written(item) for item in value) + "]"
        case str():
            plain = json.dumps(value, ensure_ascii=False)
            try:
                plain.encode()
            except UnicodeEncodeError:
                return json.dumps(value)
            return plain
        case _:
            return json.dumps(value)
