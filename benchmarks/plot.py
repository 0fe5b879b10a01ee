"""README's picture: how long each peer takes for a document, in units of fakturavakt's columns.

Drawn as SVG from the kept results, without a library. Colours are chosen by the reader's light or dark
scheme; where a program shows none, those of the light one stand on a background of their own.
"""

from __future__ import annotations

import json
import math
import statistics
from html import escape
from pathlib import Path
from typing import Any, Final

WIDTH: Final = 760
NAMES: Final = 236
ROW: Final = 26
TOP: Final = 64
BOTTOM: Final = 46
BAR: Final = 15
NUMBERS: Final = 78

STYLE: Final = """
  text { font: 13px -apple-system, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif; fill: #1f2328; }
  .title { font-size: 15px; font-weight: 600; }
  .small { font-size: 11.5px; fill: #59636e; }
  .page { fill: #ffffff; }
  .grid { stroke: #d1d9e0; stroke-width: 1; }
  .bar { fill: #8c959f; }
  .ours { fill: #1a7f6b; }
  .hand { fill: #b08a3e; }
  .us { font-weight: 600; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .small { fill: #9198a1; }
    .page { fill: #0d1117; }
    .grid { stroke: #3d444d; }
    .bar { fill: #6e7681; }
    .ours { fill: #3fb99b; }
    .hand { fill: #d2a656; }
  }
"""

LABELS: Final = {
    "fakturavakt, columnar": "fakturavakt, columns",
    "fakturavakt, columnar, Parquet": "fakturavakt, Parquet in and out",
    "fakturavakt, reference": "fakturavakt, reference",
    "fakturavakt, durable": "fakturavakt, durable",
    "hand_msgspec": "Python by hand, msgspec",
    "hand_json": "Python by hand, json",
    "json_logic": "JSON-logic in Rust (datalogic-py)",
    "zen": "GoRules (zen-engine)",
    "cel_rust": "CEL in Rust",
    "cel_cpp": "CEL in C++",
    "cel_python": "CEL in Python",
    "durable_direct": "durable-rules, directly",
    "clips_rules": "CLIPS (clipspy)",
    "cedar": "Cedar (cedarpy)",
    "rule_engine_python": "rule-engine",
    "rego": "Rego (regopy)",
    "pandera_polars": "pandera (polars)",
}


def draw(results: Path, target: Path) -> None:
    """Write the picture of what ``columnar.py peers`` found.

    Raises ``FileNotFoundError`` where that has not been run.
    """
    kept = json.loads((results / "peers.json").read_text(encoding="utf-8"))
    target.write_text(picture(kept), encoding="utf-8")


def picture(kept: dict[str, Any]) -> str:
    """The SVG."""
    clocks = {name: _median(series) for name, series in kept["series"].items()}
    base = clocks["fakturavakt, columnar"]
    rows = sorted(((name, each / base) for name, each in clocks.items()), key=lambda row: row[1])
    height = TOP + ROW * len(rows) + BOTTOM
    right = WIDTH - NUMBERS
    low = min(0.5, rows[0][1] / 1.5)
    high = rows[-1][1]

    def x(ratio: float) -> float:
        return NAMES + (right - NAMES) * math.log(ratio / low) / math.log(high / low)

    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    title = "Time for a document, as multiples of what fakturavakt takes"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="t d" {size}>',
        f'<title id="t">{title}</title>',
        f'<desc id="d">{escape(_said(rows))}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="page" width="{WIDTH}" height="{height}" rx="6"/>',
        _text(16, 26, title, "title"),
        _text(
            *(16, 45),
            "From NDJSON to decisions, the same 15 rules, one thread; logarithmic, less is better",
            "small",
        ),
    ]
    for power in range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1):
        at = x(10**power)
        ends = f'y1="{TOP - 8}" y2="{height - 36}"'
        parts.append(f'<line class="grid" x1="{at:.1f}" x2="{at:.1f}" {ends}/>')
        parts.append(_text(at, height - 22, _number(10**power), "small", "middle"))
    for n, (name, ratio) in enumerate(rows):
        y = TOP + ROW * n
        is_ours = name == "fakturavakt, columnar"
        look = (
            "ours"
            if name.startswith("fakturavakt, columnar")
            else "hand"
            if name.startswith("hand_")
            else "bar"
        )
        weight = "us" if is_ours else ""
        length = f'width="{x(ratio) - NAMES:.1f}" height="{BAR}"'
        parts += [
            _text(NAMES - 10, y + 12, LABELS.get(name, name), weight, "end"),
            f'<rect class="{look}" x="{NAMES}" y="{y}" {length} rx="2"/>',
            _text(x(ratio) + 6, y + 12, _number(ratio), weight),
        ]
    repeats = len(kept["series"]["fakturavakt, columnar"]["repeats"])
    parts.append(_text(16, height - 6, f"{kept['machine']}; medians of {repeats}", "small"))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _text(x: float, y: float, said: str, look: str = "", anchor: str = "start") -> str:
    return f'<text class="{look}" x="{x:.1f}" y="{y}" text-anchor="{anchor}">{escape(said)}</text>'


def _median(series: dict[str, Any]) -> float:
    times = [each[series["clock"]] / series["documents"] for each in series["repeats"]]
    return float(statistics.median(times))


def _number(ratio: float) -> str:
    """Two digits that count, ``1,600`` rather than ``1612.3``."""
    if ratio >= 100:
        digits = 10 ** (math.floor(math.log10(ratio)) - 1)
        return f"{round(ratio / digits) * digits:,}"
    if ratio >= 10 or ratio == round(ratio):
        return f"{ratio:.0f}"
    return f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.1g}" if ratio < 0.1 else f"{ratio:.2g}"


def _said(rows: list[tuple[str, float]]) -> str:
    return "; ".join(f"{LABELS.get(name, name)} {_number(ratio)}" for name, ratio in rows)
