"""Cedar, through ``cedarpy``: a policy a question; the reasons of an answer say which policies held."""

from __future__ import annotations

from benchmarks.peers.task import (
    ORDINALS,
    TWICE,
    Decide,
    Document,
    Limits,
    Rules,
    a_line_each,
    in_ore,
)
from benchmarks.peers.two_rails import (
    Expression,
    FlatFacts,
    Literal,
    Spelling,
    flat_name,
    lines_apart,
)
from cedarpy import Entities, PolicySet, is_authorized_batch

LIMITS = Limits(
    package="cedarpy",
    unknown=f"an error leaves its policy out: not Kleene's; {TWICE}",
    absent="`has`; reading what is absent is an error",
    dates=f"an extension type; {ORDINALS}",
    lines="no condition over a set: a request a line first, its answers as facts of the invoice's request",
    notes="no doubles: amounts as whole øre",
)


def _literal(value: Literal) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


SPELLING = Spelling(
    path=lambda fact: f"context.{flat_name(fact)}",
    there=lambda fact: f"context has {flat_name(fact)}",
    absent=lambda fact: f"!(context has {flat_name(fact)})",
    of_lines=lambda part, _every: part,
    literal=_literal,
)


def _policies(questions: dict[str, Expression]) -> PolicySet:
    # Policies are numbered as they stand; their names come back by that number.
    return PolicySet.from_str(
        "\n".join(
            f"permit(principal, action, resource) when {{ {SPELLING.write(asked)} }};"
            for asked in questions.values()
        )
    )


def prepare(rules: Rules) -> Decide:
    """Parses the policies once."""
    rails, of_lines = lines_apart(in_ore(rules).rails)
    questions = rails.questions()
    parts = {name: asked.part for name, asked in of_lines.items()}
    whole, each_line = _policies(questions), _policies(parts)
    names, line_names = list(questions), list(parts)
    vocabulary = rules.book.vocabulary
    facts = FlatFacts(questions.values(), vocabulary, in_ore=True)
    line_facts = FlatFacts(parts.values(), vocabulary, in_ore=True)
    entities = Entities.from_json_str("[]")
    who = {"principal": 'Sender::"s"', "action": 'Action::"send"', "resource": 'Invoice::"i"'}

    def held(policies: PolicySet, contexts: list[dict[str, object]]) -> list[list[int]]:
        answers = is_authorized_batch(
            [{**who, "context": each} for each in contexts], policies, entities
        )
        return [
            [int(reason.removeprefix("policy")) for reason in answer.diagnostics.reasons]
            for answer in answers
        ]

    def decide(document: Document) -> str:
        context = facts.of(document)
        lines = document["invoice"].get("lines") or []
        answers = (
            held(each_line, [line_facts.of(document, line) for line in lines]) if lines else []
        )
        for at, name in enumerate(line_names):
            found = [at in answer for answer in answers]
            context[flat_name(name)] = all(found) if of_lines[name].every else any(found)
        fired = {names[at] for at in held(whole, [context])[0]}
        return rails.decided(fired)

    return a_line_each(decide, rules.as_of)
