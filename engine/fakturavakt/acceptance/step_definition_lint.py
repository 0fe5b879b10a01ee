"""Step definitions that cannot fail, or are never run, as far as their source proves it."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from fakturavakt.acceptance.known_steps import KnownStep, overrides, source_tree
from fakturavakt.problems import Place, Problem
from fakturavakt.texts import Text, text

_NAMED: Final = re.compile(r"\{([A-Za-z_]\w*)(?::[^{}]*)?\}|\(\?P<(\w+)>")
_TRUTHS: Final = (
    *("all", "any", "bool", "callable", "hasattr", "isinstance", "issubclass"),
    *("startswith", "endswith", "issubset", "issuperset", "isdisjoint", "is_file", "exists"),
)
_LAZY: Final = ("map", "filter")
_SKIPS: Final = ("skip", "xfail", "importorskip", "exit")
_CATCHES_ALL: Final = ("AssertionError", "Exception", "BaseException")
Function = Callable[..., object]


def step_definition_problems(definitions: Sequence[KnownStep]) -> list[Problem]:
    """All problems of step definitions, sorted, each at its function."""
    problems = list(_shared_texts(definitions))
    for definition in definitions:
        problems += _Definition(definition).problems()
    return sorted(dict.fromkeys(problems))


def place_of(function: Function, node: ast.AST | None = None) -> Place:
    """Where a function stands, or a part of it."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    if code is None:
        return Place(getattr(function, "__module__", "?"), 1, 1)
    if node is None:
        return Place(code.co_filename, code.co_firstlineno, 1)
    line = code.co_firstlineno + getattr(node, "lineno", 1) - 1
    lines = inspect.getsourcelines(function)[0]
    indent = len(lines[0]) - len(lines[0].lstrip())
    return Place(code.co_filename, line, getattr(node, "col_offset", 0) + indent + 1)


def _shared_texts(definitions: Sequence[KnownStep]) -> Iterator[Problem]:
    first: dict[tuple[str, str], KnownStep] = {}
    for definition in definitions:
        for each in definition.texts:
            before = first.setdefault((definition.kind, each), definition)
            nearer = overrides(definition, before, each) or overrides(before, definition, each)
            if before.function is not definition.function and not nearer:
                where = place_of(before.function)
                yield Problem(
                    place_of(definition.function),
                    "step-defined-twice",
                    text(
                        f"Steget «{each}» er definert fra før: {where}.",
                        f"The step “{each}” is defined already: {where}.",
                    ),
                )


class _Definition:
    def __init__(self, definition: KnownStep) -> None:
        self.definition = definition
        self.function = definition.function
        self.name = definition.texts[0] if definition.texts else ""

    def problems(self) -> Iterator[Problem]:
        """Of one definition."""
        if inspect.iscoroutinefunction(self.function) or inspect.isasyncgenfunction(self.function):
            yield self._problem("step-not-awaited", None, _NOT_AWAITED, _BE_PLAIN)
        yield from self._arguments()
        tree = source_tree(self.function)
        if tree is None:
            return
        own = list(_own_nodes(tree))
        if self.definition.kind == "then":
            yield from self._demands(tree, own)
        for node in own:
            yield from self._node(node)

    def _problem(
        self, code: str, node: ast.AST | None, wrong: Text, expected: Text | None = None
    ) -> Problem:
        said = text(
            f"Steget «{self.name}»: {wrong.say('nb')}", f"The step “{self.name}”: {wrong.say('en')}"
        )
        return Problem(place_of(self.function, node), code, said, expected)

    def _arguments(self) -> Iterator[Problem]:
        named = {
            found[0] or found[1] for each in self.definition.texts for found in _NAMED.findall(each)
        }
        try:
            taken = inspect.signature(self.function).parameters
        except (TypeError, ValueError):
            return
        for name in sorted(named - set(taken)):
            yield self._problem(
                "argument-dropped",
                None,
                text(
                    f"funksjonen tar ikke imot «{name}».", f"the function does not take “{name}”."
                ),
            )

    def _demands(
        self, tree: ast.FunctionDef | ast.AsyncFunctionDef, own: list[ast.AST]
    ) -> Iterator[Problem]:
        if all(
            isinstance(each, ast.Pass | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            or (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
            for each in tree.body
        ):
            wrong = text("funksjonen gjør ingenting.", "the function does nothing.")
            yield self._problem("then-without-body", None, wrong)
        for node in own:
            if isinstance(node, ast.Return) and _is_answer(node.value):
                yield self._problem("truth-returned", node, _NOBODY_LOOKS, _ASSERT_IT)

    def _node(self, node: ast.AST) -> Iterator[Problem]:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Compare):
            yield self._problem("comparison-dropped", node, _NOBODY_LOOKS, _ASSERT_IT)
        elif isinstance(node, ast.Expr | ast.Return) and self._only_called(node.value):
            wrong = text("det som kalles, blir ikke kjørt.", "what is called is not run.")
            yield self._problem("step-not-awaited", node, wrong)
        elif isinstance(node, ast.Assert) and _is_always_true(node.test):
            wrong = text("dette er alltid sant.", "this is always true.")
            yield self._problem("always-true", node, wrong)
        elif isinstance(node, ast.Call) and _called(node) in _SKIPS and _is_pytests(node):
            wrong = text(
                "testen blir hoppet over eller avbrutt.", "the test is skipped or broken off."
            )
            yield self._problem("step-skips", node, wrong)
        elif isinstance(node, ast.Try):
            asserts = any(isinstance(each, ast.Assert) for each in node.body)
            for handler in node.handlers:
                if _swallows(handler, asserts=asserts):
                    yield self._problem("failure-swallowed", handler, _SWALLOWED)
        elif isinstance(node, ast.With) and any(map(_suppresses, node.items)):
            yield self._problem("failure-swallowed", node, _SWALLOWED)

    def _only_called(self, value: ast.expr | None) -> bool:
        """Whether a call makes a coroutine or a generator that nobody will run."""
        match value:
            case ast.Call(func=ast.Name(id=name)):
                called = getattr(self.function, "__globals__", {}).get(name)
                return (
                    inspect.iscoroutinefunction(called)
                    or inspect.isgeneratorfunction(called)
                    or inspect.isasyncgenfunction(called)
                )
            case _:
                return False


def _own_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """All of a function, but for the functions within."""
    for child in ast.iter_child_nodes(tree):
        if not isinstance(
            child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef
        ):
            yield child
            yield from _own_nodes(child)


def _is_answer(value: ast.expr | None) -> bool:
    """Whether a value is surely a truth value, or something lazy that nobody will run."""
    match value:
        case ast.Compare() | ast.GeneratorExp() | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Constant():
            return isinstance(value.value, bool)
        case ast.BoolOp():
            return all(_is_answer(each) for each in value.values)
        case ast.Call():
            return _called(value) in _TRUTHS + _LAZY
        case _:
            return False


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _is_pytests(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(value=ast.Name(id=module)):
            return module == "pytest"
        case ast.Name(id=name):
            return name in _SKIPS
        case _:
            return False


def _is_always_true(test: ast.expr) -> bool:
    match test:
        case ast.Tuple() | ast.List():
            return bool(test.elts)
        case ast.Constant():
            return bool(test.value)
        case _:
            return False


def _suppresses(item: ast.withitem) -> bool:
    """``with suppress(AssertionError)``."""
    call = item.context_expr
    if not isinstance(call, ast.Call) or _called(call) != "suppress":
        return False
    return any(isinstance(each, ast.Name) and each.id in _CATCHES_ALL for each in call.args)


def _swallows(handler: ast.ExceptHandler, *, asserts: bool) -> bool:
    """Whether a handler forgets a failed assert; what catches everything may be about something else."""
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = [each.id if isinstance(each, ast.Name) else "" for each in caught if each is not None]
    quiet = all(
        isinstance(each, ast.Pass | ast.Continue)
        or (isinstance(each, ast.Return) and each.value is None)
        or (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        for each in handler.body
    )
    everything = handler.type is None or any(name in _CATCHES_ALL for name in names)
    return quiet and ("AssertionError" in names or (asserts and everything))


_NOT_AWAITED: Final = text("funksjonen er asynkron.", "the function is asynchronous.")
_BE_PLAIN: Final = text("Skriv en vanlig «def».", "Write a plain “def”.")
_NOBODY_LOOKS: Final = text("ingen ser på svaret.", "nobody looks at the answer.")
_SWALLOWED: Final = text("feilen fanges og glemmes.", "the failure is caught and forgotten.")
_ASSERT_IT: Final = text("Skriv «assert».", "Write “assert”.")
