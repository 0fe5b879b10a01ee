"""The rule book that scenarios are about, and the engines that decide them.

Promises: with several engines, each decides every scenario, and all say the same bytes.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from fakturavakt.acceptance.names import Names
from fakturavakt.acceptance.scenario_error import ScenarioError
from fakturavakt.engines.choose import choose_engine, durable_rules_can_run
from fakturavakt.engines.outcomes import Engine
from fakturavakt.intake.documents import DocumentSource, RawDocument
from fakturavakt.intake.register import Register
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.screening import Screened, Screening
from fakturavakt.texts import NORWEGIAN, Text, text

if TYPE_CHECKING:
    from fakturavakt.bulk.columnar_screening import ColumnarScreening

RowEngine: TypeAlias = Literal["reference", "durable"]
ScenarioEngine: TypeAlias = Literal["reference", "durable", "columnar"]
EngineChoice: TypeAlias = Literal["auto", "all", "reference", "durable", "columnar"]
ENGINE_CHOICES: Final[tuple[EngineChoice, ...]] = (
    *("auto", "all", "reference", "durable", "columnar"),
)


def engines_of(choice: EngineChoice) -> tuple[ScenarioEngine, ...]:
    """The engines that are meant: ``auto`` is those for single invoices that can run here, ``all`` the
    columnar one, too, which takes some hundred times as long for one invoice.
    """
    rows: tuple[ScenarioEngine, ...] = ("reference",)
    if durable_rules_can_run():
        rows += ("durable",)
    match choice:
        case "auto":
            return rows
        case "all":
            return (*rows, "columnar")
        case _:
            return (choice,)


def refuse(said: Text) -> None:
    """A scenario that makes the program warn names a fact that is none."""
    raise ScenarioError(said)


class BookUnderTest:
    """A rule book, its names, and the engines that scenarios are decided by.

    ``folder`` is where it lies, as it was given; None for the one that ships. Raises ``RuleBookError`` and
    ``EngineUnavailableError``.
    """

    def __init__(
        self,
        book: RuleBook,
        engines: Sequence[ScenarioEngine] = ("reference",),
        folder: str | None = None,
    ) -> None:
        self.book: Final = book
        self.names: Final = Names(book)
        self.engines: Final = tuple(engines)
        self.folder: Final = folder
        self._rows: Final[dict[str, Engine]] = {
            name: choose_engine(book, name, refuse) for name in self.engines if name != "columnar"
        }
        self._planned: Final[dict[date, ColumnarScreening]] = {}
        self._runs: Final[dict[tuple[str, date], Screening]] = {}

    @classmethod
    def load(
        cls, folder: str | None = None, engines: Sequence[ScenarioEngine] = ("reference",)
    ) -> BookUnderTest:
        """The rule book in a folder; without one that which ships."""
        return cls(load_rulebook(folder).without_trials(), engines, folder)

    @cached_property
    def reference(self) -> Engine:
        """The engine by which senders are judged."""
        return self._rows.get("reference") or choose_engine(self.book, "reference", refuse)

    def screening(self, name: str, as_of: date, register: Register | None = None) -> Screening:
        """A run of one of the engines for single invoices, on a day."""
        engine = self._rows.get(name) or self.reference
        if register is not None:
            return Screening(self.book, as_of, engine, NORWEGIAN, register, refuse)
        key = (name, as_of)
        if key not in self._runs:
            self._runs[key] = Screening(self.book, as_of, engine, NORWEGIAN, None, refuse)
        return self._runs[key]

    def screen(self, raw: RawDocument, as_of: date, register: Register | None) -> Screened:
        """What every engine says of a document.

        Raises :class:`ScenarioError` where they disagree, naming the engine and what it says otherwise.
        """
        first, *others = [name for name in self.engines if name != "columnar"] or ["reference"]
        screened = self.screening(first, as_of, register).screen(raw)
        said = screened.decision.as_json()
        for name in others:
            other = self.screening(name, as_of, register).screen(raw).decision.as_json()
            self._agree(first, said, name, other)
        # What UBL alone can say of a document has no columns: such documents never go through them.
        only_rows = raw.flaws or raw.customer_number_if_registered is not None
        if "columnar" in self.engines and not only_rows:
            run = self.screening("reference", as_of, register)
            self._agree(first, said, "columnar", self._in_columns(run, raw))
        return screened

    @staticmethod
    def _agree(one: str, said: str, other: str, said_by_other: str) -> None:
        if said == said_by_other:
            return
        left, right = json.loads(said), json.loads(said_by_other)
        keys = ", ".join(key for key in {**left, **right} if left.get(key) != right.get(key))
        raise ScenarioError(_DISAGREE.filled(one=one, other=other, keys=keys))

    @contextmanager
    def _columns(self, run: Screening) -> Iterator[ColumnarScreening]:
        """A statement takes longer to plan than anything else here: without a register it is kept."""
        from fakturavakt.bulk.columnar_screening import ColumnarScreening

        if run.register is None and run.as_of in self._planned:
            yield self._planned[run.as_of]
            return
        planned = ColumnarScreening(run)
        if run.register is None:
            self._planned[run.as_of] = planned
            yield planned
            return
        try:
            yield planned
        finally:
            planned.close()

    def _in_columns(self, run: Screening, raw: RawDocument) -> str:
        from fakturavakt.intake.contract_json import written
        from fakturavakt.intake.documents import Unreadable
        from fakturavakt.screening import Written

        with tempfile.TemporaryDirectory(prefix="fakturavakt-") as name:
            file = Path(name) / "scenario.ndjson"
            file.write_text(f"{written(dict(raw.content))}\n", encoding="utf-8")
            with self._columns(run) as columns:
                (chunk,) = columns.cutter(Path(name)).chunks([str(file)])
                (answer,) = columns.screen(chunk)
        assert not isinstance(answer, Unreadable)  # it was written here
        said = answer.json if isinstance(answer, Written) else answer.decision.as_json()
        return _with_source(said, raw.source)


def _with_source(said: str, source: DocumentSource) -> str:
    """A decision on a copy of a document, as it would be on the document."""
    decision = json.loads(said)
    decision["document"] = {"file": source.file, "position": source.position}
    return json.dumps(decision, ensure_ascii=False, separators=(",", ":"))


_DISAGREE: Final = text(
    "Motorene er ikke enige: {one} og {other} sier hver sin ting om {keys}. Det er en feil i fakturavakt.",
    "The engines disagree: {one} and {other} say different things of {keys}. That is a fault of fakturavakt.",
)
