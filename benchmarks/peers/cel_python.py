"""CEL in Python, ``cel-python``: one expression decides a document."""

from __future__ import annotations

import celpy

from benchmarks.peers.cel_texts import VARIABLES, whole_decision
from benchmarks.peers.task import ORDINALS, TWICE, Decide, Document, Limits, Rules, a_line_each

LIMITS = Limits(
    package="cel-python",
    unknown=TWICE,
    absent="`has`; a comparison with what is absent is an error",
    dates=f"`timestamp` and `duration` are there; {ORDINALS}",
    lines="`exists`, `all`",
)


def prepare(rules: Rules) -> Decide:
    """Compiles the expression once; values are CEL's own, made a document."""
    environment = celpy.Environment(runner_class=celpy.CompiledRunner)
    program = environment.program(environment.compile(whole_decision(rules.rails)))

    def decide(document: Document) -> str:
        return str(program.evaluate({name: celpy.json_to_cel(document[name]) for name in VARIABLES}))

    return a_line_each(decide, rules.as_of)
