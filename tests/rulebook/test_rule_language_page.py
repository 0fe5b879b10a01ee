"""docs/rule-language.md is whole: each key that a rule file can have, each type, each word of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakturavakt.rulebook.condition_reader import DAYS_MAX, DEFINITION_DEPTH_MAX, DEPTH_MAX
from fakturavakt.rulebook.conditions import SIZE_MAX
from fakturavakt.rulebook.files import ARRIVALS, BENEFITS, PRICE_CLASSES, json_schema
from fakturavakt.rulebook.kinds import FOLDERS, TOP_FILES
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.mistakes import Reading
from fakturavakt.rulebook.yaml_nodes import DEPTH_MAX as YAML_DEPTH_MAX
from fakturavakt.rulebook.yaml_nodes import FILE_SIZE_MAX
from fakturavakt.vocabulary.facts import FactType

PAGE = (Path(__file__).parents[2] / "docs" / "rule-language.md").read_text(encoding="utf-8")
CODE = set(re.findall(r"[\w.-]+", " ".join(re.findall(r"`([^`\n]+)`", PAGE))))
"""Every word that stands as code."""


def keys(schema: object) -> Iterator[str]:
    """The keys of a file and of what lies in it, but not those of conditions."""
    if isinstance(schema, dict):
        properties = schema.get("properties", {})
        if isinstance(properties, dict):
            yield from properties
        for name, inner in schema.items():
            if name != "$defs":
                yield from keys(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from keys(inner)


@pytest.mark.parametrize("kind", [*TOP_FILES.values(), *FOLDERS.values()])
def test_every_key_of_a_file_is_on_the_page(kind: str) -> None:
    """As the schema has it, which is made of what the loader reads."""
    reading = Reading(load_rulebook().vocabulary, ("nb", "en"))
    schema = json_schema(kind, reading)
    found = set(keys(schema)) - {
        "nb",
        "en",
        "properties",
        "type",
        "required",
        "additionalProperties",
    }
    assert len(found) > 2
    assert found <= CODE, found - CODE


def test_every_type_and_every_word_of_a_list_is_on_the_page() -> None:
    """What a fact can be, what a channel can say of itself, what a migration can bring."""
    for words in (FactType, ARRIVALS, BENEFITS, PRICE_CLASSES):
        assert set(words) <= CODE, set(words) - CODE
    for folder in FOLDERS:
        assert f"`{folder}/`" in PAGE or folder == "prohibitions"


def test_the_limits_are_those_of_the_reader() -> None:
    """Each number, as a person writes it."""
    for limit in (
        FILE_SIZE_MAX,
        YAML_DEPTH_MAX,
        DEFINITION_DEPTH_MAX,
        SIZE_MAX,
        DEPTH_MAX,
        DAYS_MAX,
    ):
        assert re.search(rf"\b{limit:,}\b", PAGE), limit
