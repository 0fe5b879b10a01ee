"""The step definitions that features are held against: those that ship, and a user's own.

Definitions of a user stand in a ``conftest.py`` and are known only inside of a pytest session, where
pytest-bdd has registered them.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from pytest_bdd.steps import step_function_context_registry

from fakturavakt.acceptance.step_definitions import DEFINITIONS, STEP_MODULES

TABLE: Final = "datatable"
DOCSTRING: Final = "docstring"
"""The arguments by which pytest-bdd hands a function what stands under its step."""
_CONFTEST: Final = "conftest.py"
_OF_PYTEST_BDD: Final = "pytest_bdd"


class KnownStep(Protocol):
    """One function, known by several texts.

    ``kind`` is ``given``, ``when`` or ``then``; anything else stands for all three.
    """

    @property
    def kind(self) -> str: ...
    @property
    def texts(self) -> tuple[str, ...]: ...
    @property
    def takes_table(self) -> bool: ...
    @property
    def takes_headings(self) -> bool: ...
    @property
    def takes_docstring(self) -> bool: ...
    @property
    def function(self) -> Callable[..., object]: ...
    def matches(self, said: str, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class RegisteredStep:
    """A step definition of a user's, as pytest-bdd has registered it."""

    kind: str
    parsers: tuple[Any, ...]
    function: Callable[..., object]

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(parser.name for parser in self.parsers)

    @property
    def takes_table(self) -> bool:
        return TABLE in inspect.signature(self.function).parameters

    @property
    def takes_headings(self) -> bool:
        """Whether the source tells the first row of the table from the rest: ``header, *rows = datatable`` or
        ``datatable[1:]``.
        """
        tree = source_tree(self.function)
        return tree is not None and any(map(_tells_first_row, ast.walk(tree)))

    @property
    def takes_docstring(self) -> bool:
        return DOCSTRING in inspect.signature(self.function).parameters

    def matches(self, said: str, /) -> bool:
        return any(parser.is_matching(said) for parser in self.parsers)


def source_tree(function: Callable[..., object]) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    """The source of a function; None where it has none, or where a wrapper decides what comes of it."""
    if hasattr(function, "__wrapped__"):
        return None
    try:
        source = textwrap.dedent(inspect.getsource(function))
        (node,) = ast.parse(source).body
    except (OSError, TypeError, SyntaxError, ValueError):
        return None
    return node if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else None


def _tells_first_row(node: ast.AST) -> bool:
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=parts)], value=ast.Name(id=name)):
            return name == TABLE and any(isinstance(part, ast.Starred) for part in parts)
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Slice(lower=ast.Constant(value=1))):
            return name == TABLE
        case _:
            return False


def shipped_steps() -> tuple[KnownStep, ...]:
    """Those that come with the package."""
    for name in STEP_MODULES:
        importlib.import_module(f"fakturavakt.acceptance.{name}")
    return tuple(DEFINITIONS)


def steps_for(feature: Path) -> tuple[KnownStep, ...]:
    """Within a pytest session: those that ship, and those of users that a feature can use.

    A ``conftest.py`` is for the features beside and below it.
    """
    shipped = shipped_steps()
    functions = {id(each.function) for each in shipped}
    folders = feature.resolve().parents
    own = _registered(
        context
        for context in list(step_function_context_registry.values())
        if id(context.step_func) not in functions and _reaches(context.step_func, folders)
    )
    return (*shipped, *own)


def overrides(one: KnownStep, other: KnownStep, said: str) -> bool:
    """Whether a definition goes before another one, on purpose: it stands in a nearer ``conftest.py`` and has
    the very text. What only happens to match takes nobody's place.
    """
    texts = {*other.texts, said}
    return _nearness(one) > _nearness(other) and not texts.isdisjoint(one.texts)


def _nearness(step: KnownStep) -> int:
    """How deep its ``conftest.py`` lies; what comes with a package or a plugin is farthest."""
    file = _file(step.function)
    return len(file.parts) if file is not None and file.name == _CONFTEST else 0


def steps_of_module(name: str) -> tuple[KnownStep, ...]:
    """The step definitions that a module of that name made when it was imported."""
    contexts = list(step_function_context_registry.values())
    return _registered(each for each in contexts if each.step_func.__module__ == name)


def _reaches(function: Callable[..., object], folders: Iterable[Path]) -> bool:
    if function.__module__.partition(".")[0] == _OF_PYTEST_BDD:
        return False  # its own step «trace» waits for a person at a debugger
    file = _file(function)
    return file is None or file.name != _CONFTEST or file.parent in folders


def _file(function: Callable[..., object]) -> Path | None:
    code = getattr(inspect.unwrap(function), "__code__", None)
    return None if code is None else Path(code.co_filename).resolve()


def _registered(contexts: Iterable[Any]) -> tuple[KnownStep, ...]:
    """One for each function and kind, with all of its texts."""
    found: dict[tuple[str, int], list[Any]] = {}
    for context in contexts:
        found.setdefault((context.type or "any", id(context.step_func)), []).append(context)
    return tuple(
        RegisteredStep(kind, tuple(each.parser for each in several), several[0].step_func)
        for (kind, _), several in found.items()
    )
