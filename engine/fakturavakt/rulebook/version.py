"""The version of a rule book: a hash of what it means.

Reformatting, comments, the order of files and of keys leave it; any change of meaning, texts included
(they are part of every decision), changes it. Rules on trial decide nothing and are no part of it. Two lists
have an order that means something: the vocabulary (the order of missing facts) and the channels.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum

from fakturavakt.problems import Place
from fakturavakt.rulebook.conditions import All, AnyOf
from fakturavakt.rulebook.model import RuleBook, Status
from fakturavakt.texts import Text
from fakturavakt.vocabulary.facts import Vocabulary

_NO_PART = frozenset({"version", "guarantees", "trials", "promoted", "says"})
"""What decides nothing and stands in no decision."""
_ORDERLESS = frozenset({"prohibitions", "advice", "suggestions", "rules", "definitions"})


def version_of(book: RuleBook) -> str:
    """``sha256:`` and 64 hexadecimal digits."""
    meaning = {
        name: _unordered(value) if name in _ORDERLESS else value
        for name, value in _fields(book).items()
    }
    return _hash_of(meaning)


def trials_version_of(book: RuleBook) -> str:
    """The same of the rules on trial."""
    return _hash_of({"trials": _plain(book.trials)})


def _hash_of(meaning: object) -> str:
    written = json.dumps(meaning, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(written.encode()).hexdigest()}"


def _fields(node: object) -> dict[str, object]:
    assert is_dataclass(node)
    found: dict[str, object] = {}
    for each in fields(node):
        value = getattr(node, each.name)
        if isinstance(value, (Place, Status)) or each.name.startswith("_"):
            continue
        if each.name in _NO_PART:
            continue
        plain = _plain(value)
        found[each.name] = _unordered(plain) if each.name in _ORDERLESS else plain
    return found


def _unordered(value: object) -> object:
    if not isinstance(value, list):
        return value
    return sorted(value, key=lambda item: json.dumps(item, sort_keys=True))


def _plain(value: object) -> object:
    """The value as JSON; a node carries the name of its type."""
    if isinstance(value, Text):
        return dict(value.wordings)
    if isinstance(value, Vocabulary):
        return [_plain(fact) for fact in value]
    if isinstance(value, (All, AnyOf)):
        # The parts of `all` and `any` mean the same in any order.
        return {"node": type(value).__name__, "parts": _unordered(_plain(value.parts))}
    if is_dataclass(value):
        return {"node": type(value).__name__, **_fields(value)}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return "never"
    return value
