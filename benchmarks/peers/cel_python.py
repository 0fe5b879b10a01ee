"""CEL in Python, ``cel-python``: an expression a question."""

from __future__ import annotations

import celpy
from benchmarks.peers.cel_texts import SPELLING, VARIABLES
from benchmarks.peers.task import ORDINALS, TWICE, Decide, Document, Limits, Rules, a_line_each

LIMITS = Limits(
    package="cel-python",
    unknown=TWICE,
    absent="`has`; a comparison with what is absent is an error",
    dates=f"`timestamp` and `duration` are there; {ORDINALS}",
    lines="`exists`, `all`",
    notes="every part of an *and* is evaluated: one expression for the whole decision took "
    "three times as long, "
    "and its compiled runner refused it",
)


def prepare(rules: Rules) -> Decide:
    """Compiles an expression a question once; values are CEL's own, made a document."""
    environment = celpy.Environment()
    programs = {
        name: environment.program(environment.compile(SPELLING.write(asked)))
        for name, asked in rules.rails.questions().items()
    }

    def decide(document: Document) -> str:
        values = {name: celpy.json_to_cel(document[name]) for name in VARIABLES}
        fired = {name for name, program in programs.items() if program.evaluate(values)}
        return rules.rails.decided(fired)

    return a_line_each(decide, rules.as_of)
