"""How the page of an impact report looks, on a screen and on paper."""

from __future__ import annotations

from typing import Final

STYLE: Final = """
:root { --block: #a3262a; --hold: #d48806; --send: #2b7a4b; --out: #6b7280; --other: #2f5fa7; --same: #cfd4da;
  --none: #e5e7eb; --ink: #1a1a1a; --soft: #595959; }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1.25rem;
  color: var(--ink); background: #fff; font-variant-numeric: tabular-nums; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 0 0 .75rem; } h3 { font-size: 1rem; margin: 0 0 .5rem; }
section { margin: 2.25rem 0; } p { margin: .25rem 0; }
.lead { font-size: 1.1rem; } .small, footer { font-size: .8rem; color: var(--soft); overflow-wrap: anywhere; }
.tile .small { font-size: .75rem; overflow-wrap: normal; }
.note { border-left: 4px solid var(--hold); padding: .25rem .75rem; background: #fff8e6; margin: .75rem 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: .75rem; }
.tile { border: 1px solid var(--none); border-top: 5px solid var(--none); border-radius: 4px;
  padding: .5rem .75rem; }
.tile .number { font-size: 1.6rem; font-weight: 650; line-height: 1.2; }
.edge-block { border-color: var(--none); border-top-color: var(--block); }
.edge-hold { border-top-color: var(--hold); } .edge-send { border-top-color: var(--send); }
.edge-out { border-top-color: var(--out); } .edge-other { border-top-color: var(--other); }
.edge-same { border-top-color: var(--same); }
svg { width: 100%; height: auto; display: block; }
.block { fill: var(--block); } .hold { fill: var(--hold); } .send { fill: var(--send); }
.out { fill: var(--out); } .other { fill: var(--other); } .same { fill: var(--same); }
rect { stroke: #fff; stroke-width: .75; }
.bar rect { stroke: none; } .grid { stroke: #e5e7eb; }
.tick { font-size: 12px; fill: var(--soft); } .name { font-size: 15px; fill: var(--ink); }
.inside { font-size: 13px; fill: #fff; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0;
  margin: .5rem 0 1rem; font-size: .85rem; }
.key { display: inline-block; width: .8rem; height: .8rem; vertical-align: -.05rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th { text-align: left; font-weight: 600; border-bottom: 2px solid var(--ink); vertical-align: bottom; }
th, td { padding: .3rem .6rem .3rem 0; vertical-align: top; } td { border-bottom: 1px solid var(--none); }
.right { text-align: right; padding-right: 0; padding-left: .6rem; }
svg.bar { width: 8rem; height: .9rem; margin-top: .3rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .78rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .25rem 0; background: #f6f7f8; padding: .5rem; }
article { border: 1px solid var(--none); border-top-width: 5px; border-radius: 4px; padding: .75rem 1rem;
  margin: 1rem 0; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem; font-size: .9rem; }
.sides > div { min-width: 0; } .rule { margin-top: .6rem; }
@media (max-width: 45rem) { .sides { grid-template-columns: 1fr; } svg.bar { width: 4rem; } }
@media print {
  body { margin: 0; max-width: none; font-size: 10pt; padding: 0; } section { margin: 1.25rem 0; }
  h2, h3 { break-after: avoid; } tr, .tile, svg { break-inside: avoid; }
  thead { display: table-header-group; }
  table, .sides { font-size: 8.5pt; } pre { font-size: 7pt; } .tile .number { font-size: 14pt; }
  article { break-inside: auto; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  @page { margin: 15mm; }
}
"""
