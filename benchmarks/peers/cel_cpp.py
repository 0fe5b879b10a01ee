"""CEL in C++, through ``cel-expr-python``: one expression decides a document."""

from __future__ import annotations

from benchmarks.peers.cel_texts import VARIABLES, whole_decision
from benchmarks.peers.task import ORDINALS, TWICE, Decide, Document, Limits, Rules, a_line_each
from cel_expr_python import cel

LIMITS = Limits(
    package="cel-expr-python",
    unknown=f"CEL's own unknowns are not reached from Python; {TWICE}",
    absent="`has`; a comparison with what is absent is an error",
    dates=f"`timestamp` and `duration` are there; {ORDINALS}",
    lines="`exists`, `all`",
)


def prepare(rules: Rules) -> Decide:
    """Compiles the expression once; an activation a document."""
    anything = cel.Type.Map(cel.Type.STRING, cel.Type.DYN)
    environment = cel.NewEnv(variables=dict.fromkeys(VARIABLES, anything))
    program = environment.compile(whole_decision(rules.rails))

    def decide(document: Document) -> str:
        found = program.eval(data={name: document[name] for name in VARIABLES}).value()
        assert isinstance(found, str), found
        return found

    return a_line_each(decide, rules.as_of)
