"""The rule book that ships: its version, its schemas, and a fifth prohibition beside it."""

from __future__ import annotations

import contextlib
import json
import random
import re
from datetime import date
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.rulebook.conftest import problems_of

from fakturavakt.decision import Decider, Decision
from fakturavakt.engines.choose import choose_engine, durable_rules_can_run
from fakturavakt.intake.documents import DocumentSource, RawDocument
from fakturavakt.intake.fact_reader import FactReader
from fakturavakt.rulebook.json_schemas import KINDS, written_schema
from fakturavakt.rulebook.loader import RuleBookError, load_rulebook
from fakturavakt.shipped import shipped_folder

SHIPPED = shipped_folder("rules")
ALL_FILES = sorted(SHIPPED.rglob("*.yaml"))
FILES = [path for path in ALL_FILES if not path.name.endswith((".test.yaml", "clauses.yaml"))]
"""The rule book itself: tables of cases and the clauses of its source are no part of it."""


class CoreLoader(yaml.SafeLoader):
    """YAML 1.2 as editors read it: yes and no are words, a date is text."""


CoreLoader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp"))
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
CoreLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))


@pytest.mark.parametrize("kind", KINDS)
def test_committed_schemas_are_current(kind: str) -> None:
    """``fakturavakt schema --output rules/schema`` would change nothing."""
    committed = (SHIPPED / "schema" / f"{kind}.schema.json").read_text(encoding="utf-8")
    assert committed == written_schema(kind, load_rulebook())


@pytest.mark.parametrize("path", ALL_FILES, ids=lambda path: str(path.relative_to(SHIPPED)))
def test_every_file_names_its_schema_and_fits_it(path: Path) -> None:
    """The line that an editor reads, and what the editor would say."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    named = re.fullmatch(r"# yaml-language-server: \$schema=(.+)", first)
    assert named
    schema = json.loads((path.parent / named[1]).read_text(encoding="utf-8"))
    for document in yaml.load_all(path.read_text(encoding="utf-8"), CoreLoader):
        jsonschema.Draft202012Validator(schema).validate(document)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("remedy:", "remdy:"),
        ("line.kind: subscription", "line.knd: subscription"),
        ("line.kind: subscription", "line.kind: {before: 2021-01-01}"),
        ("then: prohibit", "then: advise"),
    ],
)
def test_a_schema_refuses_what_the_program_refuses(old: str, new: str) -> None:
    """An unknown key, an unknown fact, an operator that does not fit."""
    path = SHIPPED / "prohibitions" / "unconsented-subscription.yaml"
    content = path.read_text(encoding="utf-8")
    assert old in content
    document = yaml.load(content.replace(old, new), CoreLoader)  # noqa: S506
    schema = json.loads(written_schema("prohibition", load_rulebook()))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate(document)


def shuffled(node: object, draw: random.Random) -> object:
    """The same meaning: keys, and the parts of all and any, in another order."""
    if isinstance(node, dict):
        keys = list(node)
        draw.shuffle(keys)
        found = {key: shuffled(node[key], draw) for key in keys}
        for key in ("all", "any"):
            if isinstance(found.get(key), list):
                draw.shuffle(found[key])  # type: ignore[arg-type]
        return found
    return [shuffled(item, draw) for item in node] if isinstance(node, list) else node


@pytest.mark.parametrize("seed", range(5))
def test_the_version_outlives_reformatting(tmp_path: Path, seed: int) -> None:
    """Other keys' order, other file names, no comments, other layout: the same hash."""
    draw = random.Random(seed)
    for path in FILES:
        target = tmp_path / path.relative_to(SHIPPED)
        if len(target.relative_to(tmp_path).parts) > 1:
            target = target.with_name(f"{draw.randint(0, 99)}-{target.name}")
        target.parent.mkdir(exist_ok=True)
        documents = yaml.load_all(path.read_text(encoding="utf-8"), yaml.BaseLoader)
        mixed = [shuffled(document, draw) for document in documents]
        target.write_text(yaml.safe_dump_all(mixed, sort_keys=False, width=40), encoding="utf-8")
    assert load_rulebook(tmp_path).version == load_rulebook().version


def scalars(path: Path) -> list[re.Match[str]]:
    """The values that stand behind a key on one line."""
    content = path.read_text(encoding="utf-8")
    return list(
        re.finditer(
            r"^(?!#)\s*(?:- )?[a-z_.]+: ([^\s{\[|>#\"][^\n{}\[\]#]*)$", content, re.MULTILINE
        )
    )


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_change_of_meaning_changes_the_version(data: st.DataObject, tmp_path: Path) -> None:
    """Another word, day, amount or text anywhere but in guarantees is another rule book, or none."""
    path = data.draw(st.sampled_from([each for each in FILES if each.parent.name != "guarantees"]))
    found = data.draw(st.sampled_from(scalars(path)))
    other = {"yes": "no", "no": "yes"}.get(found[1], f"{found[1]}x")
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", found[1]):
        other = "2001-01-01"
    content = path.read_text(encoding="utf-8")
    changed = content[: found.start(1)] + other + content[found.end(1) :]
    for each in FILES:
        target = tmp_path / each.relative_to(SHIPPED)
        target.parent.mkdir(exist_ok=True)
        target.write_text(
            changed if each == path else each.read_text(encoding="utf-8"), encoding="utf-8"
        )
    with contextlib.suppress(RuleBookError):  # what is refused is not taken for the same either
        assert load_rulebook(tmp_path).version != load_rulebook().version


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_no_damaged_file_ends_in_a_crash(data: st.DataObject, tmp_path: Path) -> None:
    """Lines lost, doubled or cut: a rule book or a list of problems, nothing else."""
    path = data.draw(st.sampled_from(FILES))
    lines = path.read_text(encoding="utf-8").splitlines()
    n = data.draw(st.integers(0, len(lines) - 1))
    match data.draw(st.integers(0, 4)):
        case 0:
            del lines[n]
        case 1:
            lines.insert(n, lines[n])
        case 2:
            lines[n] = lines[n][: data.draw(st.integers(0, len(lines[n])))]
        case 3:
            lines[n] = f"  {lines[n]}"
        case _:
            at = data.draw(st.integers(0, len(lines[n])))
            lines[n] = lines[n][:at] + data.draw(st.text(max_size=3)) + lines[n][at:]
    for each in FILES:
        target = tmp_path / each.relative_to(SHIPPED)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(each.read_bytes())
    (tmp_path / path.relative_to(SHIPPED)).write_text(
        "\n".join(lines), encoding="utf-8", errors="replace"
    )
    assert isinstance(problems_of(tmp_path), list)


NEW_FACT = """
  - fact: recipient.reserved
    type: yes_no
    label: {nb: om mottakeren har reservert seg, en: whether the recipient opted out}
"""
NEW_RULE = """
rule: reserved-recipient
title: {nb: Reservert mottaker, en: Recipient opted out}
source: {document: Eget regelverk, updated: 2026-01-01, clause: {nb: punkt 1, en: point 1}}
then: prohibit
when:
  all: [payment-demand, {recipient.reserved: yes}]
message:
  holds: {nb: Mottakeren har reservert seg., en: The recipient opted out.}
  unknown: {nb: "Avklar {missing}.", en: "Find out {missing}."}
remedy: {nb: Send på papir., en: Send on paper.}
"""


@pytest.mark.parametrize("engine", ["reference", *(["durable"] if durable_rules_can_run() else [])])
def test_a_fifth_prohibition_on_a_new_fact_is_two_edits(rules: Path, engine: str) -> None:
    """One vocabulary entry and one rule file, and nothing under engine/."""
    with (rules / "vocabulary.yaml").open("a", encoding="utf-8") as vocabulary:
        vocabulary.write(NEW_FACT)
    (rules / "prohibitions" / "reserved-recipient.yaml").write_text(NEW_RULE, encoding="utf-8")
    book = load_rulebook(rules)
    as_of = date(2021, 2, 2)

    def decided(reserved: object) -> Decision:
        content = {
            "recipient": {"kind": "person", "reserved": reserved},
            "relationship": {"claim": True},
        }
        content["invoice"] = {"payable_amount": "0", "lines": []}
        raw = RawDocument(DocumentSource("x", 1), content)
        facts = FactReader(book.vocabulary, as_of).read(raw).facts
        chosen = choose_engine(book, engine, lambda _: None)  # type: ignore[arg-type]
        try:
            return Decider(book, as_of, "nb").decide(facts, chosen.evaluate(facts))
        finally:
            chosen.close()

    assert [f.rule for f in decided(reserved=True).findings] == ["reserved-recipient"]
    unknown = decided(reserved=None)
    assert unknown.missing == ("recipient.reserved",)
    assert unknown.findings[0].message == "Avklar om mottakeren har reservert seg."
    assert decided(reserved=False).decision.value == "send"
    assert decided(reserved="ja").problems[0].fact == "recipient.reserved"
