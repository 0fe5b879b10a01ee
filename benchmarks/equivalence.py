"""A night's run: random documents by all engines, decisions compared as bytes. Exit code 1 on any difference.

    python benchmarks/equivalence.py --documents 1000000 [--seed N] [--durable 0.02]

A third of the documents has bad values (``random_documents.py``), some are unreadable. ``columnar``
answers for each file of ``--at-once`` documents, ``reference`` for every document of it, ``durable`` for
a share; what they say of it, decision or rejection with its place, must be the same bytes. Memory does
not grow with the number. The first differences are shown, documents and all: they are invented. A seed
that was not given is drawn, and printed, so that the run can be done again.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "engine")]

from benchmarks.random_documents import AS_OF, random_documents  # noqa: E402

from fakturavakt.bulk.columnar_screening import (  # noqa: E402
    ChunkError,
    ColumnarScreening,
    DuckDBLimits,
)
from fakturavakt.engines.choose import EngineName, choose_engine, durable_rules_can_run  # noqa: E402
from fakturavakt.intake.documents import RawDocument, Unreadable  # noqa: E402
from fakturavakt.intake.json_documents import read_ndjson  # noqa: E402
from fakturavakt.rulebook.loader import load_rulebook  # noqa: E402
from fakturavakt.screening import Answer, Screened, Screening, Written  # noqa: E402

BAD: Final = 1 / 3
UNREADABLE: Final = 0.01


def said(answer: Answer) -> str:
    """A decision as it is printed, or what is wrong with a document and where."""
    match answer:
        case Written(json=json):
            return json
        case Screened(decision=decision):
            return decision.as_json()
        case Unreadable():
            return f"{answer.source} {answer.place} {answer.reason.say('nb')}"


@dataclass
class Comparison:
    """What was compared so far."""

    documents: int = 0
    in_columns: int = 0
    unreadable: int = 0
    by_durable: int = 0
    one_by_one: int = 0
    """Files that DuckDB could not read, so that every document of them went by rows."""
    differences: int = 0


class Equivalence:
    """Three engines on one rule book."""

    def __init__(self, folder: Path, seed: int, durable: float, show: int) -> None:
        book = load_rulebook()
        self.folder = folder
        self.show = show
        self.found = Comparison()
        self._drawn = random.Random(f"durable {seed}")
        self._durable_share = durable if durable_rules_can_run() else 0.0
        self._reference = Screening(book, AS_OF, choose_engine(book, "reference", print))
        name: EngineName = "durable" if self._durable_share else "reference"
        self._durable = Screening(book, AS_OF, choose_engine(book, name, print))
        self._columns = ColumnarScreening(self._reference, DuckDBLimits(folder=folder))

    def compare(self, texts: list[str]) -> None:
        """One file of documents."""
        file = self.folder / "documents.ndjson"
        file.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
        with file.open("rb") as stream:
            documents = read_ndjson(stream, str(file))
            for text, document, columnar in zip(
                texts, documents, self._in_columns(file), strict=True
            ):
                self.found.documents += 1
                self.found.in_columns += isinstance(columnar, Written)
                self.found.unreadable += isinstance(document, Unreadable)
                answers = {
                    "columnar": said(columnar),
                    "reference": self._by(self._reference, document),
                }
                if self._drawn.random() < self._durable_share:
                    self.found.by_durable += 1
                    answers["durable"] = self._by(self._durable, document)
                if len(set(answers.values())) > 1:
                    self._differs(text, answers)

    def _in_columns(self, file: Path) -> Iterator[Answer]:
        for chunk in self._columns.cutter(self.folder).chunks([str(file)]):
            try:
                yield from list(self._columns.screen(chunk))
            except ChunkError:
                self.found.one_by_one += 1
                yield from self._columns.screen_one_by_one(chunk)

    def _by(self, run: Screening, document: RawDocument | Unreadable) -> str:
        return said(document if isinstance(document, Unreadable) else run.screen(document))

    def _differs(self, text: str, answers: dict[str, str]) -> None:
        self.found.differences += 1
        if self.found.differences <= self.show:
            print(f"\nDifference {self.found.differences}:\n  document  {text}")
            for engine, answer in answers.items():
                print(f"  {engine:<9} {answer}")


def readable_lines(seed: int, count: int) -> Iterator[str]:
    """The documents; a text with a line end in it would be two."""
    for text in random_documents(seed, count, BAD, unreadable=UNREADABLE):
        yield text.replace("\r", " ").replace("\n", " ") or "null"


def main() -> None:
    """Compare, count, and say."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int)
    parser.add_argument(
        "--durable", type=float, default=0.02, help="share that durable answers for"
    )
    parser.add_argument("--at-once", type=int, default=20_000, help="documents a file")
    parser.add_argument("--show", type=int, default=5, help="differences to show")
    chosen = parser.parse_args()
    seed = random.SystemRandom().randrange(2**31) if chosen.seed is None else chosen.seed
    print(f"Seed {seed}, {chosen.documents:,} documents", flush=True)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fakturavakt-equivalence-") as folder:
        run = Equivalence(Path(folder), seed, chosen.durable, chosen.show)
        texts = readable_lines(seed, chosen.documents)
        while some := list(islice(texts, chosen.at_once)):
            run.compare(some)
            if sys.stderr.isatty():
                print(f"\r{run.found.documents:,}", end="", file=sys.stderr, flush=True)
        found = run.found
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{found.documents:,} documents compared: {found.in_columns:,} decided in columns, "
        f"{found.unreadable:,} unreadable, {found.by_durable:,} by durable too, "
        f"{found.one_by_one} files that DuckDB could not read\n"
        f"{found.differences:,} differences; {time.monotonic() - start:.0f} s, {peak:,.0f} MiB at most"
    )
    raise SystemExit(1 if found.differences or found.documents != chosen.documents else 0)


if __name__ == "__main__":
    main()
