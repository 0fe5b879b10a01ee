"""Rego, through ``regopy`` (rego-cpp): a module whose rule ``decision`` is asked for."""

from __future__ import annotations

import json
from itertools import count
from typing import assert_never

from benchmarks.peers.task import ORDINALS, TWICE, Decide, Document, Limits, Rules, a_line_each
from benchmarks.peers.two_rails import And, Compares, Equals, Expression, OfLines, Or, Rails, There
from regopy import Input, Interpreter

LIMITS = Limits(
    package="regopy",
    unknown=f"*undefined* fails a body, and its negation holds: not Kleene's; {TWICE}",
    absent="*undefined*",
    dates=f"times as nanoseconds by built-ins; {ORDINALS}",
    lines="`some`, `every`",
)


class _Module:
    """The text of the module; each *or* is a function of its own, with a body a part."""

    def __init__(self, rails: Rails) -> None:
        self._numbers = count(1)
        self._functions: list[str] = []
        branches, otherwise = rails.branches()
        chain = " else ".join(
            f'{"decision " if n == 0 else ""}:= "{decided}" if {{ {self._body(condition)} }}'
            for n, (condition, decided) in enumerate(branches)
        )
        self.text = "\n".join(
            [
                "package screening",
                "import rego.v1",
                *self._functions,
                f'default decision := "{otherwise}"',
                chain,
            ]
        )

    def _body(self, expression: Expression) -> str:
        """Statements, all of which must hold."""

        def path(fact: str) -> str:
            return fact if fact.startswith("line.") else f"input.{fact}"

        match expression:
            case There(fact=fact, wanted=wanted):
                return f"{'' if wanted else 'not '}{path(fact)} != null"
            case Equals(fact=fact, values=values, wanted=wanted):
                written = ", ".join(_literal(value) for value in values)
                if len(values) == 1:
                    return f"{path(fact)} {'==' if wanted else '!='} {written}"
                # Absent is neither: `not … in` alone would hold for it.
                return (
                    f"{path(fact)} in {{{written}}}"
                    if wanted
                    else (f"{path(fact)} != null; not {path(fact)} in {{{written}}}")
                )
            case Compares(fact=fact, sign=sign, other=other, plus=plus):
                right = str(plus) if other is None else f"{path(other)} + {plus}"
                return f"{path(fact)} {sign} {right}"
            case And(parts=parts):
                return "; ".join(map(self._body, parts)) or "true"
            case Or(parts=parts):
                bodies = list(map(self._body, parts))
                name = f"any_{next(self._numbers)}"
                self._functions += [f"{name}(line) if {{ {body} }}" for body in bodies]
                return f"{name}({'line' if _is_of_line(expression) else 'null'})"
            case OfLines(part=part, every=True):
                return f"every line in input.invoice.lines {{ {self._body(part)} }}"
            case OfLines(part=part):
                name = f"a_line_{next(self._numbers)}"
                body = self._body(part)
                self._functions.append(f"{name} if {{ some line in input.invoice.lines; {body} }}")
                return name
            case _:
                assert_never(expression)


def _literal(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'


def _is_of_line(expression: Expression) -> bool:
    match expression:
        case And(parts=parts) | Or(parts=parts):
            return any(map(_is_of_line, parts))
        case OfLines():
            return False
        case There(fact=fact) | Equals(fact=fact):
            return fact.startswith("line.")
        case Compares(fact=fact, other=other):
            return fact.startswith("line.") or (other or "").startswith("line.")
        case _:
            assert_never(expression)


def prepare(rules: Rules) -> Decide:
    """Compiles the module to a bundle once."""
    interpreter = Interpreter()
    interpreter.add_module("screening", _Module(rules.rails).text)
    bundle = interpreter.build(None, ["screening/decision"])

    def decide(document: Document) -> str:
        interpreter.set_input(Input(document))
        output = interpreter.query_bundle_entrypoint(bundle, "screening/decision")
        return json.loads(str(output.expressions()[0]))

    return a_line_each(decide, rules.as_of)
