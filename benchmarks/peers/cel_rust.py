"""CEL in Rust, through ``common-expression-language``: one expression decides a document."""

from __future__ import annotations

import cel
from benchmarks.peers.cel_texts import VARIABLES, whole_decision
from benchmarks.peers.task import ORDINALS, TWICE, Decide, Document, Limits, Rules, a_line_each

LIMITS = Limits(
    package="common-expression-language",
    unknown=TWICE,
    absent="`has`; a comparison with what is absent is an error",
    dates=f"`timestamp` and `duration` are there; {ORDINALS}",
    lines="`exists`, `all`",
)


def prepare(rules: Rules) -> Decide:
    """Compiles the expression once; a context a document."""
    program = cel.compile(whole_decision(rules.rails))

    def decide(document: Document) -> str:
        found = program.execute({name: document[name] for name in VARIABLES})
        assert isinstance(found, str)
        return found

    return a_line_each(decide, rules.as_of)
