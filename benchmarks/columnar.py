"""What the columnar engine costs: against DuckDB alone, against peers, with more documents and with more
rules.

    python benchmarks/columnar.py all                     # limit, peers, rules; prints and keeps the tables
    python benchmarks/columnar.py growth                  # 1, 5 and 20 million documents
    python benchmarks/columnar.py limit|peers|rules|plot|table
    python benchmarks/columnar.py smoke --documents 2000 --repeats 1    # needs no further packages

Each figure is minimum – median – maximum over ``--repeats``; ratios are taken within one run, repeat by
repeat, the pieces of work taking turns, each in a process of its own. Results are kept in
``benchmarks/results/`` as JSON; ``plot`` draws README's picture from them, and ``table`` puts them into
``docs/performance.md``. ``--clock cpu`` times by processor time, for a machine that others use. The
peers' packages: ``pip install -e '.[benchmark]'``.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import tempfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "engine")]

from benchmarks.generate_documents import BadValues, generate  # noqa: E402
from benchmarks.measure import (  # noqa: E402
    Clock,
    Goal,
    Job,
    Result,
    Series,
    Spread,
    WorkError,
    in_turns,
    machine,
    measure,
    table,
    versions,
)
from benchmarks.rule_books import write_rule_book  # noqa: E402

RESULTS: Final = ROOT / "benchmarks" / "results"
PERFORMANCE: Final = ROOT / "docs" / "performance.md"
BEGIN: Final = "<!-- benchmarks/columnar.py table: from here -->"
END: Final = "<!-- benchmarks/columnar.py table: to here -->"
SEED: Final = 4

PEERS: Final = (
    *("hand_msgspec", "hand_json", "json_logic", "zen", "cel_rust", "cel_cpp", "durable_direct"),
    *("clips_rules", "cedar", "rule_engine_python", "rego", "cel_python", "pandera_polars"),
)
NOT_BY_DOCUMENT: Final = "pandera_polars"
BY_HAND: Final = ("hand_msgspec", "hand_json")
SECONDS_A_REPEAT: Final = 4.0
"""Slow peers get so many documents that a repeat takes about this long: they take as long for each."""


class Bench:
    """One call of the command: its options, and the files that it needs, made once."""

    def __init__(self, folder: Path, documents: int, repeats: int, clock: Clock) -> None:
        self.folder = folder
        self.documents = documents
        self.repeats = repeats
        self.clock = clock

    def file(
        self, ending: str, bad_values: BadValues | None = None, count: int | None = None
    ) -> str:
        """A file of documents."""
        wanted = count or self.documents
        path = self.folder / f"documents-{wanted}-{bad_values or 'default'}.{ending}"
        if not path.exists():
            print(f"  {wanted:,} documents as {ending}", file=sys.stderr, flush=True)
            generate(path, wanted, SEED, bad_values=bad_values)
        return str(path)

    def rules(self, count: int, in_force: float = 1.0) -> str:
        """A rule book."""
        folder = self.folder / f"rules-{count}-{in_force}"
        return str(folder if folder.exists() else write_rule_book(folder, count, in_force))

    def job(self, work: str, source: str, ending: str, **more: Any) -> Job:  # noqa: ANN401
        """A piece of work on all documents, one thread unless told otherwise."""
        return {
            "work": work,
            "input": source,
            "output": str(self.folder / f"decisions.{ending}"),
            "documents": self.documents,
            "threads": 1,
            **more,
        }


# --------------------------------------------------------------------------------------------
# Against the limit
# --------------------------------------------------------------------------------------------


def _typed_shape() -> str:
    """The documents' types, for DuckDB's ``read_json``: those of the Parquet files."""
    from fakturavakt.rulebook.loader import load_rulebook
    from fakturavakt.vocabulary.facts import FactType

    types = {
        FactType.DATE: "DATE",
        FactType.MONEY: "DECIMAL(15, 2)",
        FactType.YES_NO: "BOOLEAN",
        FactType.COUNT: "BIGINT",
    }
    tree = load_rulebook().vocabulary.tree

    def of(node: Any) -> str:  # noqa: ANN401
        if isinstance(node, dict):
            return f"STRUCT({', '.join(f'{key} {of(child)}' for key, child in node.items())})"
        if node.type is FactType.LINES:
            return of(tree["line"]) + "[]"
        return types.get(node.type, "VARCHAR")

    return ", ".join(f"{key}: '{of(child)}'" for key, child in tree.items() if key != "line")


def limit(bench: Bench) -> Result:
    """NDJSON and Parquet, in and out, against DuckDB alone on the same files."""
    ndjson, parquet = bench.file("ndjson"), bench.file("parquet")
    fifteen = bench.rules(15)
    # `ignore_errors`: a bad value is NULL to it, where fakturavakt says what is wrong.
    read = (
        "SELECT count(invoice), count(sender), count(recipient), count(relationship) FROM "
        f"read_json('{{input}}', format = 'newline_delimited', ignore_errors = true, "
        f"columns = {{{{{_typed_shape()}}}}})"
    )
    count = (
        "SELECT count(invoice), count(sender), count(recipient), count(relationship) FROM "
        "read_parquet('{input}')"
    )
    copy = "COPY (FROM read_parquet('{input}')) TO '{output}' (FORMAT parquet)"
    jobs: dict[str, Job] = {
        "NDJSON to NDJSON": bench.job("fakturavakt", ndjson, "ndjson", rules=fifteen),
        "read_json": bench.job("duckdb_sql", ndjson, "none", sql=read),
        "Parquet to Parquet": bench.job("fakturavakt", parquet, "parquet", rules=fifteen),
        "copy": bench.job("duckdb_sql", parquet, "copy", sql=copy),
        "count": bench.job("duckdb_sql", parquet, "none", sql=count),
    }
    jobs["NDJSON to NDJSON, shipped rules"] = bench.job("fakturavakt", ndjson, "ndjson")
    jobs["Parquet to Parquet, shipped rules"] = bench.job("fakturavakt", parquet, "parquet")
    found = in_turns(jobs, bench.repeats, bench.clock)
    bases = {"NDJSON": ("read_json", "`read_json`"), "Parquet": ("copy", "a copy")}
    rows = []
    for name, series in found.items():
        kind = name.split(" ")[0]
        ratio = ""
        if kind in bases:
            base, said = bases[kind]
            ratio = f"{series.over(found[base]).written()} × {said}"
            if kind == "Parquet":
                ratio += f"; {series.over(found['count']).median:.1f} × `count()`"
        rows.append((name, series.microseconds.written(), f"{series.memory:,.0f}", ratio))
    goals = [
        Goal(
            "NDJSON to NDJSON with text, over bare `read_json`, 1 thread",
            found["NDJSON to NDJSON"].over(found["read_json"]),
            3,
        ),
        Goal(
            "Parquet to Parquet, over copying the file, 1 thread",
            found["Parquet to Parquet"].over(found["copy"]),
            1.5,
        ),
    ]
    about = (
        f"{bench.documents:,} documents, 15 rules, one thread, {_repeats(bench)}. `read_json` has the typed "
        f"schema and counts "
        "the four groups; the copy is Parquet to Parquet by DuckDB; `count()` is over the four groups, all "
        "columns. NDJSON comes out with all texts, Parquet without."
    )
    columns = ("", "µs a document", "peak MiB", "times as long as")
    return _result("limit", "Against the limit", about, [table(columns, rows)], goals, found)


TIMES_MORE: Final = 10
"""As many documents as elsewhere would be one chunk or two, and two processes need some to share."""


def cores(bench: Bench) -> Result:
    """``--threads 1`` and ``--threads 2``, which are as many processes."""
    documents = TIMES_MORE * bench.documents
    jobs: dict[str, Job] = {}
    for ending in ("ndjson", "parquet"):
        source = bench.file(ending, count=documents)
        for threads in (1, 2):
            job = bench.job("fakturavakt", source, ending, rules=bench.rules(15), threads=threads)
            jobs[f"{ending}, {threads}"] = {**job, "documents": documents}
    found = in_turns(jobs, bench.repeats, bench.clock)
    rows, goals = [], []
    for ending in ("ndjson", "parquet"):
        one, two = found[f"{ending}, 1"], found[f"{ending}, 2"]
        for threads, series, faster in ((1, one, ""), (2, two, one.over(two).written())):
            written = series.microseconds.written()
            rows.append((ending, str(threads), written, f"{series.memory:,.0f}", faster))
        if bench.clock == "wall":
            what = f"{ending}: two threads, times as fast as one"
            goals.append(Goal(what, one.over(two), 1.7, is_least=True))
    about = (
        f"{documents:,} documents, 15 rules, {_repeats(bench)}. Peak memory is that of the command and of "
        "all its processes together."
    )
    columns = ("", "threads", "µs a document", "peak MiB", "times as fast as one")
    return _result("cores", "On two cores", about, [table(columns, rows)], goals, found)


# --------------------------------------------------------------------------------------------
# Against peers
# --------------------------------------------------------------------------------------------


def peers(bench: Bench) -> Result:
    """Every peer that is installed, from NDJSON to NDJSON, its results checked first."""
    good, fifteen = bench.file("ndjson", "none"), bench.rules(15)
    expected = _expected(bench, good, fifteen)
    checked, rows_out = _checked_peers(bench, good, fifteen, expected)
    parquet = bench.file("parquet", "none")
    jobs: dict[str, Job] = {
        "fakturavakt, columnar": bench.job("fakturavakt", good, "ndjson", rules=fifteen),
        "fakturavakt, columnar, Parquet": bench.job(
            "fakturavakt", parquet, "parquet", rules=fifteen
        ),
    }
    cost = {}
    for engine in ("reference", "durable"):
        job = bench.job("fakturavakt_by_document", good, "ndjson", rules=fifteen, engine=engine)
        cost[f"fakturavakt, {engine}"] = job
    for name in checked:
        cost[name] = bench.job("peer", good, "peer", peer=name, rules=fifteen)
    for name, job in cost.items():
        try:
            jobs[name] = _affordable(bench, job, whole=name == NOT_BY_DOCUMENT)
        except WorkError as error:  # durable-rules cannot be imported on Python 3.13
            rows_out.append((name, f"could not run: {error}"))
    found = in_turns(jobs, bench.repeats, bench.clock)
    ours = found["fakturavakt, columnar"]
    rows = [
        (
            _said(name, checked),
            f"{series.documents:,}",
            series.microseconds.written(),
            f"{1e6 / series.microseconds.median:,.0f}",
            "1" if series is ours else series.over(ours).written(),
        )
        for name, series in sorted(found.items(), key=lambda each: each[1].microseconds.median)
    ]
    tables = [
        table(
            ("", "documents", "µs a document", "documents/s", "times fakturavakt's columns"), rows
        )
    ]
    if rows_out:
        tables.append(table(("not measured", "why"), rows_out))
    tables.append(
        table(
            ("", "unknown", "absent facts", "dates", "lines", ""),
            [
                (f"`{one.package}`", one.unknown, one.absent, one.dates, one.lines, one.notes)
                for one in checked.values()
            ],
        )
    )
    measured_with = versions(*(one.package for one in checked.values()))
    about = (
        f"From NDJSON to NDJSON on one thread, 15 rules, {_repeats(bench)}. The documents have "
        f"no bad values, since no "
        "peer reads the forms of contract §1; a tenth of their facts is absent. Peers write "
        "decision and channel, "
        "fakturavakt whole decisions with findings, missing facts and texts. All decisions and channels were "
        f"equal to fakturavakt's before anything was timed. {measured_with}."
    )
    return _result("peers", "Against peers", about, tables, _peer_goals(found, ours), found)


def _peer_goals(found: dict[str, Series], ours: Series) -> list[Goal]:
    def median(name: str) -> float:
        return found[name].microseconds.median

    engines = [name for name in found if name in PEERS and name not in (*BY_HAND, NOT_BY_DOCUMENT)]
    by_hand = [name for name in found if name in BY_HAND]
    goals = []
    if engines:
        fastest = min(engines, key=median)
        figure = found[fastest].over(ours)
        goals.append(Goal(f"times the fastest row engine ({fastest})", figure, 20, is_least=True))
    if by_hand:
        fastest = min(by_hand, key=median)
        figure = found[fastest].over(ours)
        goals.append(Goal(f"times the function by hand ({fastest})", figure, 20, is_least=True))
    if NOT_BY_DOCUMENT in found:
        figure = found[NOT_BY_DOCUMENT].over(ours)
        goals.append(Goal("times pandera", figure, 50, is_least=True))
    return goals


def _expected(bench: Bench, source: str, rules: str) -> list[tuple[str | None, str, str | None]]:
    """Number, decision and channel of every document, by fakturavakt's columns."""
    job = bench.job("fakturavakt", source, "ndjson", rules=rules)
    measure(job)
    with Path(job["output"]).open(encoding="utf-8") as lines:
        return [_decided(line) for line in lines]


def _decided(line: str) -> tuple[str | None, str, str | None]:
    decision = json.loads(line)
    return decision["invoice"], decision["decision"], decision["channel"]


CHECKED: Final = 2000
"""Documents on which results are compared; the first of the same file."""


def _checked_peers(
    bench: Bench, source: str, rules: str, expected: list[tuple[str | None, str, str | None]]
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """What each peer that is here and right says of itself; the others with the reason."""
    right: dict[str, Any] = {}
    others = []
    for name in PEERS:
        try:
            module = importlib.import_module(f"benchmarks.peers.{name}")
        except ImportError as error:
            others.append((name, f"not installed: {error}"))
            continue
        few = 100 if name == "cel_python" else CHECKED
        part = _first(bench, source, min(few, bench.documents))
        job = bench.job("peer", part, "peer", peer=name, rules=rules)
        print(f"  checking {name}", file=sys.stderr, flush=True)
        try:
            measure(job, timeout=300)
        except WorkError as error:
            others.append((name, f"could not run: {error}"))
            continue
        with Path(job["output"]).open(encoding="utf-8") as lines:
            found = [_decided(line) for line in lines]
        if found != expected[: min(few, bench.documents)]:
            others.append((name, "other decisions than fakturavakt's"))
            continue
        right[name] = module.LIMITS
    return right, others


def _first(bench: Bench, source: str, count: int) -> str:
    """The first documents of a file, as a file."""
    path = bench.folder / f"first-{count}.ndjson"
    with Path(source).open("rb") as lines:
        path.write_bytes(b"".join(islice(lines, count)))
    return str(path)


def _affordable(bench: Bench, job: Job, *, whole: bool) -> Job:
    """The job with as many of the first documents as take :data:`SECONDS_A_REPEAT`."""
    if whole:
        return job
    few = min(50, bench.documents)
    pilot = measure({**job, "input": _first(bench, job["input"], few), "documents": few})
    count = int(min(bench.documents, max(few, SECONDS_A_REPEAT / (pilot.wall / few))))
    return {**job, "input": _first(bench, job["input"], count), "documents": count}


def _said(name: str, checked: dict[str, Any]) -> str:
    if name in checked:
        hand = " by hand" if name in BY_HAND else ""
        return f"`{checked[name].package}`{hand}"
    return f"**{name}**"


# --------------------------------------------------------------------------------------------
# More documents, more rules
# --------------------------------------------------------------------------------------------


def growth(bench: Bench, sizes: tuple[int, ...], formats: tuple[str, ...]) -> Result:
    """More documents, all cores; the smallest again last, so that a machine that slows is seen."""
    jobs: dict[str, Job] = {}
    for ending in formats:
        for size in sizes:
            source = bench.file(ending, count=size)
            jobs[f"{ending}, {size:,}"] = {
                **bench.job("fakturavakt", source, ending, rules=bench.rules(15), threads=2),
                "documents": size,
            }
    found = in_turns(jobs, bench.repeats, bench.clock)
    rows, goals = [], []
    for ending in formats:
        base = found[f"{ending}, {sizes[0]:,}"]
        of_format = [found[f"{ending}, {size:,}"] for size in sizes]
        rows += [
            (
                series.name,
                series.microseconds.written(),
                series.over(base).written(),
                f"{series.memory:,.0f}",
            )
            for series in of_format
        ]
        slowest = max(of_format, key=lambda each: each.over(base).median)
        what = f"{ending}: time a document, of {sizes[0]:,} documents' ({slowest.name})"
        goals.append(Goal(what, slowest.over(base), 1.2))
        peak = max(each.memory for each in of_format) / 1024
        goals.append(Goal(f"{ending}: peak memory, GiB", Spread(peak, peak, peak), 2))
    about = f"15 rules, two threads, `--memory 1GB`, {_repeats(bench)}."
    columns = ("documents", "µs a document", "of the smallest", "peak MiB")
    return _result("growth", "More documents", about, [table(columns, rows)], goals, found)


FEW: Final = 100
"""Documents of a run that shows what is done once: reading the rules' SQL, not deciding by it."""


def rules(bench: Bench, *, most: int = 500) -> Result:
    """15, 150 and 500 rules, and 500 of which 95 % are out of their window."""
    parquet, few = bench.file("parquet"), bench.file("parquet", count=FEW)
    bounds = {"150 rules": 4.0, "500 rules": 12.0, "500 rules, 95 % out of their window": 1.6}
    books = {"15 rules": bench.rules(15), "150 rules": bench.rules(150)}
    if most >= 500:
        books |= {
            "500 rules": bench.rules(500),
            "500 rules, 95 % out of their window": bench.rules(500, 0.05),
        }
    jobs: dict[str, Job] = {}
    for name, folder in books.items():
        jobs[name] = bench.job("fakturavakt", parquet, "parquet", rules=folder)
        once = bench.job("fakturavakt", few, "parquet", rules=folder)
        jobs[f"{name}, once"] = {**once, "documents": FEW}
    found = in_turns(jobs, bench.repeats, bench.clock)
    each, once_each = {}, {}
    for name in books:
        fixed = [us * FEW for us in found[f"{name}, once"].each()]
        once_each[name] = Spread.of([us / 1e6 for us in fixed])
        whole = [us * bench.documents for us in found[name].each()]
        # So noisy a machine that few documents took longer than many says nothing.
        each[name] = [
            max(total - start, 0.0) / (bench.documents - FEW)
            for total, start in zip(whole, fixed, strict=True)
        ]
    base = each["15 rules"]
    ratios = {
        name: Spread.of([one / max(other, 1e-9) for one, other in zip(times, base, strict=True)])
        for name, times in each.items()
    }
    rows = [
        (
            name,
            Spread.of(times).written(),
            ratios[name].written(),
            once_each[name].written(),
            f"{found[name].memory:,.0f}",
        )
        for name, times in each.items()
    ]
    goals = [
        Goal(f"{name}, of 15 rules' time a document", ratios[name], bounds[name])
        for name in books
        if name in bounds
    ]
    about = (
        f"{bench.documents:,} documents, Parquet to Parquet, one thread, {_repeats(bench)}. The "
        f"rules are those of "
        f"`benchmarks/rule_books.py`. What is done once a run, mostly making and reading the "
        f"SQL, is told from "
        f"what each document takes by a run of {FEW} documents."
    )
    columns = ("", "µs a document", "of 15 rules'", "once a run, s", "peak MiB")
    return _result("rules", "More rules", about, [table(columns, rows)], goals, found)


def _repeats(bench: Bench) -> str:
    clock = "processor time" if bench.clock == "cpu" else "wall-clock time"
    return f"{clock}, {bench.repeats} repeats in turns"


def _result(
    name: str,
    title: str,
    about: str,
    tables: list[str],
    goals: list[Goal],
    series: dict[str, Series],
) -> Result:
    return Result(name, title, machine(), about, tables, goals, series)


# --------------------------------------------------------------------------------------------
# The command
# --------------------------------------------------------------------------------------------


def write_tables(results: Path) -> None:
    """Put the kept results into ``docs/performance.md``, between its two marks."""
    sections = []
    for name in ("limit", "cores", "peers", "rules", "growth"):
        path = results / f"{name}.json"
        if path.exists():
            kept = json.loads(path.read_text(encoding="utf-8"))
            sections.append(_section(kept))
    text = PERFORMANCE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, behind = rest.partition(END)
    PERFORMANCE.write_text(
        f"{before}{BEGIN}\n\n" + "\n".join(sections) + f"\n{END}{behind}", encoding="utf-8"
    )


def _section(kept: dict[str, Any]) -> str:
    goals = [
        Goal(each["what"], Spread(**each["figure"]), each["bound"], each["is_least"])
        for each in kept["goals"]
    ]
    result = Result(
        kept["name"],
        kept["title"],
        kept["machine"],
        f"{kept['about']} {kept['machine']}.",
        kept["tables"],
        goals,
        {},
    )
    return result.markdown()


def main() -> None:
    """Run, print, keep. Exit code 0 also where a goal was not met: it is printed as such."""
    commands: dict[str, Callable[[Bench], Result]] = {
        "limit": limit,
        "cores": cores,
        "peers": peers,
        "rules": rules,
    }
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").partition("\n")[0],
        epilog="Goals that were not met are printed as such.",
    )
    parser.add_argument("command", choices=[*commands, "growth", "all", "smoke", "plot", "table"])
    parser.add_argument("--documents", type=int, default=200_000, help="of each file")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000_000, 5_000_000, 20_000_000])
    parser.add_argument("--formats", nargs="+", choices=("parquet", "ndjson"), default=["parquet"])
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of JSON")
    parser.add_argument(
        "--work", type=Path, help="folder for files; else one that is removed again"
    )
    chosen = parser.parse_args()
    if chosen.command == "plot":
        from benchmarks.plot import draw

        draw(chosen.results, ROOT / "docs" / "columnar.svg")
        return
    if chosen.command == "table":
        write_tables(chosen.results)
        return
    print(f"{machine()}; {versions('fakturavakt', 'duckdb', 'sqlglot')}\n")
    with tempfile.TemporaryDirectory(prefix="fakturavakt-benchmark-") as made:
        folder = chosen.work or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        bench = Bench(folder.resolve(), chosen.documents, chosen.repeats, chosen.clock)
        if chosen.command == "growth":
            sizes, formats = tuple(chosen.sizes), tuple(chosen.formats)
            found = [growth(bench, sizes, formats)]
        elif chosen.command == "smoke":
            found = _smoke(bench)
        else:
            names = list(commands) if chosen.command == "all" else [chosen.command]
            found = []
            for name in names:
                print(name, file=sys.stderr, flush=True)
                found.append(commands[name](bench))
                print(found[-1].markdown(), flush=True)
                found[-1].save(chosen.results)
            return
        for result in found:
            print(result.markdown(), flush=True)
            if chosen.command != "smoke":
                result.save(chosen.results)


def _smoke(bench: Bench) -> list[Result]:
    """Everything that needs no further packages, small; nothing is kept."""
    sizes = (bench.documents, 2 * bench.documents)
    return [limit(bench), cores(bench), rules(bench, most=150), growth(bench, sizes, ("parquet",))]


if __name__ == "__main__":
    main()
