"""Contract documents in any number, drawn by DuckDB: NDJSON, or Parquet with the types of contract §1.

    python benchmarks/generate_documents.py --documents 1000000 --seed 7 --output documents.parquet

A month's run of a billing bureau: one to five lines, every value drawn anew for every document, check digits
right, a tenth of the facts absent and one document in a hundred with a bad value. One seed gives the same
documents in both formats and in any number (with the same DuckDB). The rows stream to the file: memory does
not grow with the number.

Facts that decide are absent in one of a hundred, the others in one of six: as in life, where the account and
the amount are seldom forgotten and the recipient's e-mail address often is. Else nearly every invoice would
be held. ``--shares`` counts what the shipped rule book makes of them.

Every person and number is invented.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import Final, Literal, TypeAlias

import duckdb

AS_OF: Final = date(2021, 2, 2)
"""The screening date that the documents are made for; what an absent send date means."""

BadValues: TypeAlias = Literal["none", "typed", "all"]
"""Which bad values come in: those that a typed column can hold (a check digit, a form, a line's id), or
also those that only text can (a day that does not exist, an amount with a comma, `"ja"`)."""

TYPED_KINDS: Final = 8
ALL_KINDS: Final = 13
MEMORY: Final = "1GB"
"""What DuckDB may use. Rows are written in order, so some wait for others."""
GROUPS: Final = ("invoice", "sender", "recipient", "relationship")

FIRST_NAMES: Final = (
    *("Anne", "Inger", "Kari", "Marit", "Ingrid", "Liv", "Eva", "Berit", "Astrid", "Bjørg"),
    *(
        "Hilde",
        "Anna",
        "Solveig",
        "Marianne",
        "Randi",
        "Åse",
        "Silje",
        "Jorunn",
        "Synnøve",
        "Gudrun",
    ),
    *("Jan", "Per", "Bjørn", "Ole", "Lars", "Kjell", "Knut", "Svein", "Arne", "Thomas"),
    *("Hans", "Geir", "Tor", "Morten", "Terje", "Odd", "Erik", "Håkon", "Øyvind", "Åge"),
)
LAST_NAMES: Final = (
    *("Hansen", "Johansen", "Olsen", "Larsen", "Andersen", "Pedersen", "Nilsen", "Kristiansen"),
    *("Jensen", "Karlsen", "Johnsen", "Pettersen", "Eriksen", "Berg", "Haugen", "Hagen", "Bakken"),
    *("Moen", "Strand", "Lund", "Sørensen", "Solberg", "Ødegård", "Bråten", "Næss", "Åsen"),
)
STREETS: Final = (
    *("Storgata", "Kirkeveien", "Skolegata", "Strandveien", "Parkveien", "Bjørkeveien", "Åsveien"),
    *("Granveien", "Furuveien", "Solbakken", "Nedre Bakkegate", "Øvre Torggate", "Sjøgata"),
)
CITIES: Final = (
    *("Oslo", "Bergen", "Trondheim", "Stavanger", "Tromsø", "Bodø", "Ålesund", "Hamar", "Skien"),
    *("Drammen", "Moss", "Lillehammer", "Førde", "Mo i Rana", "Kristiansand", "Sandnes", "Vadsø"),
)
COMPANIES: Final = ("Nettlag AS", "Kraftlag SA", "Avishus AS", "Forlag AS", "Treningssenter AS")
GOODS: Final = ("Ladekabel", "Ruter", "Bok", "Kaffemaskin", "Dekoder", "Batteri", "Treningsmatte")
SERVICES: Final = ("Nettleie", "Frakt", "Montering", "Service av varmepumpe", "Vaktmester", "Kurs")
SUBSCRIPTIONS: Final = ("Strømmeabonnement", "Avis, hel uke", "Bredbånd 500", "Mobil, fri bruk")
GIFTS: Final = ("Gave til årets aksjon", "Fadderbidrag")


@dataclass(frozen=True)
class Leaf:
    """A fact: its value as SQL, and how its JSON is written where it is not absent."""

    value: str
    written: str
    """``{x}`` stands for the value."""
    instead: str | None = None
    """JSON text (SQL, NULL for none) that takes its place in NDJSON: a bad value of another type."""


Node: TypeAlias = "Leaf | dict[str, Node]"

TEXT: Final = """'"' || {x} || '"'"""
PLAIN: Final = "CAST({x} AS VARCHAR)"
DAY: Final = """'"' || CAST({x} AS VARCHAR) || '"'"""


class Draw:
    """Chance, drawn by hashing the seed, the document (``i``), within lines the line (``l``), and which
    draw it is.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._numbers = count(1)
        self.of_line = False

    def below(self, bound: int) -> str:
        """A whole number from 0, below ``bound``."""
        keys = "i, l" if self.of_line else "i"
        drawn = f"hash({keys}, {self._seed}, {next(self._numbers)})"
        return f"CAST({drawn} % {bound} AS BIGINT)"

    def between(self, low: int, high: int) -> str:
        """A whole number, both ends included."""
        return f"({low} + {self.below(high - low + 1)})"

    def yes(self, per_thousand: int) -> str:
        """True so often."""
        return f"({self.below(1000)} < {per_thousand})"

    def one_of(self, words: tuple[str, ...]) -> str:
        """One of the texts, all alike."""
        listed = ", ".join(f"'{word}'" for word in words)
        return f"[{listed}][{self.below(len(words))} + 1]"

    def maybe(self, per_thousand: int, value: str) -> str:
        """The value, absent so often."""
        return f"CASE WHEN {self.below(1000)} >= {per_thousand} THEN {value} END"


# --------------------------------------------------------------------------------------------
# Identifiers, invented, with their check digits
# --------------------------------------------------------------------------------------------


def _digit(number: str, place: int) -> str:
    return f"{number} // {10**place} % 10"


def _mod11(number: str, digits: int) -> str:
    """The MOD11 sum, weights 2 to 7 from the right, modulo 11."""
    terms = " + ".join(f"({_digit(number, at)}) * {2 + at % 6}" for at in range(digits))
    return f"(({terms}) % 11)"


def _mod10(number: str, digits: int) -> str:
    """The MOD10 sum, every other digit doubled from the right, modulo 10."""
    terms = []
    for at in range(digits):
        digit = f"({_digit(number, at)})"
        terms.append(
            f"{digit} * 2 - CASE WHEN {digit} > 4 THEN 9 ELSE 0 END" if at % 2 == 0 else digit
        )
    return f"(({' + '.join(terms)}) % 10)"


def _named(value: str, name: str, then: str) -> str:
    """Names something in the middle of an expression, so that it is worked out once."""
    return f"list_transform([{value}], lambda {name}: {then})[1]"


def _checked(body: str, digits: int, is_bad: str) -> str:
    """A number with its MOD11 check digit, or with a wrong one. A body whose check digit would be 10 gets
    another last digit: two more or less in the sum.
    """
    moved = "n + CASE WHEN {s} <> 1 THEN 0 WHEN n % 10 = 9 THEN -1 ELSE 1 END"
    body = _named(body, "n", moved.format(s=_mod11("n", digits)))
    check = f"(11 - {_mod11('m', digits)}) % 11"
    return _named(
        body,
        "m",
        f"CAST(m * 10 + ({check} + CASE WHEN {is_bad} THEN 1 ELSE 0 END) % 10 AS VARCHAR)",
    )


KID_DIGITS: Final = 13


def _kid(draw: Draw) -> str:
    body = f"{draw.between(10**12, 10**13 - 1)} // CAST(pow(10, {draw.below(8)}) AS BIGINT)"
    mod11 = f"substring('0123456789-', 1 + (11 - {_mod11('n', KID_DIGITS)}) % 11, 1)"
    mod10 = f"CAST((10 - {_mod10('n', KID_DIGITS)}) % 10 AS VARCHAR)"
    # A wrong check digit must be wrong for both.
    wrong = (
        "list_filter(range(10), lambda c: c <> (10 - {ten}) % 10 AND c <> (11 - {eleven}) % 11)[1]"
    ).format(ten=_mod10("n", KID_DIGITS), eleven=_mod11("n", KID_DIGITS))
    return _named(
        body,
        "n",
        f"CAST(n AS VARCHAR) || CASE WHEN bad = 2 THEN CAST({wrong} AS VARCHAR) "
        f"WHEN n % 2 = 0 THEN {mod11} ELSE {mod10} END",
    )


def _mobile(draw: Draw) -> str:
    number = f"CAST(90000000 + {draw.below(10_000_000)} - 50000000 * {draw.below(2)} AS VARCHAR)"
    form = draw.below(10)
    return _named(
        number,
        "n",
        f"CASE WHEN bad = 3 THEN left(n, 7) WHEN {form} < 7 THEN '+47' || n WHEN {form} < 9 THEN n "
        "ELSE n[1:3] || ' ' || n[4:5] || ' ' || n[6:8] END",
    )


def _money(ore: str) -> str:
    return f"CAST(CAST({ore} AS DECIMAL(15, 0)) / 100 AS DECIMAL(15, 2))"


# --------------------------------------------------------------------------------------------
# The document
# --------------------------------------------------------------------------------------------

DECIDING: Final = 9
OTHER: Final = 175
"""How often a fact is absent, per thousand."""


def _document_columns(draw: Draw, bad: int, kinds: int) -> str:
    """What several facts depend on, a row a document."""
    return f"""
  CASE WHEN {draw.below(1_000_000)} < {bad} THEN {draw.below(kinds)} ELSE -1 END AS bad,
  [1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5][1 + {draw.below(20)}] AS lines,
  {draw.yes(OTHER)} AS is_send_date_absent,
  CAST({draw.below(28)} AS INTEGER) AS day,
  CAST({draw.below(4)} AS INTEGER) AS days_before,
  {draw.one_of(FIRST_NAMES)} AS first_name,
  {draw.one_of(LAST_NAMES)} AS last_name"""


def _invoice(draw: Draw) -> dict[str, Node]:
    due = f"[2, 10, 14, 14, 14, 14, 14, 21, 30, 30][1 + {draw.below(10)}]"
    payable = draw.between(1_000, 900_000)
    return {
        "number": Leaf(draw.maybe(OTHER, "'2021-' || lpad(CAST(i AS VARCHAR), 8, '0')"), TEXT),
        "kind": Leaf(
            draw.maybe(700, f"CASE WHEN {draw.yes(100)} THEN 'credit_note' ELSE 'invoice' END"),
            TEXT,
        ),
        "issue_date": Leaf(draw.maybe(DECIDING, "send - days_before"), DAY),
        "due_date": Leaf(
            draw.maybe(DECIDING, f"send + CAST({due} AS INTEGER)"),
            DAY,
            """CASE WHEN bad = 8 THEN '"2021-02-30"' END""",
        ),
        "send_date": Leaf("CASE WHEN NOT is_send_date_absent THEN send END", DAY),
        "currency": Leaf(
            f"CASE WHEN bad = 5 THEN 'kr' ELSE {draw.maybe(DECIDING, _currency(draw))} END", TEXT
        ),
        "payable_amount": Leaf(
            draw.maybe(DECIDING, _money(payable)),
            PLAIN,
            """CASE WHEN bad = 9 THEN '"1 200,50"' END""",
        ),
        "payment_reference": Leaf(
            f"CASE WHEN bad = 2 OR {draw.yes(1000 - OTHER)} THEN {_kid(draw)} END", TEXT
        ),
        "payee_account": Leaf(
            f"CASE WHEN bad = 1 OR {draw.yes(1000 - OTHER)} THEN "
            f"{_checked(draw.between(10**9, 10**10 - 1), 10, 'bad = 1')} END",
            TEXT,
        ),
        "attachments": Leaf(
            draw.maybe(OTHER, f"[0, 0, 0, 0, 1, 1, 2][1 + {draw.below(7)}]::BIGINT"),
            PLAIN,
            """CASE WHEN bad = 10 THEN '"2"' END""",
        ),
    }


def _currency(draw: Draw) -> str:
    return f"CASE WHEN {draw.yes(985)} THEN 'NOK' WHEN {draw.yes(800)} THEN 'SEK' ELSE 'EUR' END"


def _sender(draw: Draw) -> dict[str, Node]:
    number = _checked(draw.between(80_000_000, 99_999_999), 8, "bad = 0")
    name = f"{draw.one_of(LAST_NAMES)} || ' ' || {draw.one_of(COMPANIES)}"
    return {
        "organisation_number": Leaf(
            f"CASE WHEN bad = 0 OR {draw.yes(1000 - OTHER)} THEN {number} END", TEXT
        ),
        "name": Leaf(draw.maybe(OTHER, name), TEXT),
        "efaktura_b2c_agreement": Leaf(
            draw.maybe(OTHER, draw.yes(850)), PLAIN, """CASE WHEN bad = 11 THEN '"ja"' END"""
        ),
        "legacy_vipps_agreement": Leaf(draw.maybe(OTHER, draw.yes(300)), PLAIN),
        "vipps_declined": Leaf(draw.maybe(OTHER, draw.yes(60)), PLAIN),
        "autopay": Leaf(draw.maybe(OTHER, draw.yes(400)), PLAIN),
    }


def _recipient(draw: Draw) -> dict[str, Node]:
    street = f"{draw.one_of(STREETS)} || ' ' || CAST({draw.between(1, 240)} AS VARCHAR)"
    email = (
        "CASE WHEN bad = 4 THEN 'kunde.example.no' ELSE lower(last_name) || '.' || "
        f"CAST({draw.below(100_000)} AS VARCHAR) || '@example.no' END"
    )
    kind = f"CASE WHEN {draw.yes(30)} THEN 'organisation' ELSE 'person' END"
    number = f"'K-' || CAST({draw.between(10_000, 9_999_999)} AS VARCHAR)"
    postal_code = f"lpad(CAST({draw.between(10, 9990)} AS VARCHAR), 4, '0')"
    country = f"CASE WHEN {draw.yes(980)} THEN 'NO' ELSE 'SE' END"
    return {
        "kind": Leaf(
            f"CASE WHEN bad = 7 THEN 'privat' ELSE {draw.maybe(DECIDING, kind)} END", TEXT
        ),
        "customer_number": Leaf(draw.maybe(OTHER, number), TEXT),
        "name": Leaf(draw.maybe(OTHER, "first_name || ' ' || last_name"), TEXT),
        "street": Leaf(draw.maybe(OTHER, street), TEXT),
        "postal_code": Leaf(draw.maybe(OTHER, postal_code), TEXT),
        "city": Leaf(draw.maybe(OTHER, draw.one_of(CITIES)), TEXT),
        "country": Leaf(draw.maybe(OTHER, country), TEXT),
        "mobile": Leaf(
            f"CASE WHEN bad = 3 OR {draw.yes(1000 - OTHER)} THEN {_mobile(draw)} END", TEXT
        ),
        "email": Leaf(f"CASE WHEN bad = 4 OR {draw.yes(1000 - OTHER)} THEN {email} END", TEXT),
        "efaktura": Leaf(draw.maybe(OTHER, draw.yes(550)), PLAIN),
        "vipps": Leaf(draw.maybe(OTHER, draw.yes(700)), PLAIN),
    }


def _relationship(draw: Draw) -> dict[str, Node]:
    # An agreement that is not known matters only where no claim is established, and the other way round.
    return {
        "agreement": Leaf(draw.maybe(40, draw.yes(960)), PLAIN),
        "claim": Leaf(draw.maybe(OTHER, draw.yes(700)), PLAIN),
    }


def _line_columns(draw: Draw) -> dict[str, str]:
    """What several facts of a line depend on."""
    kinds = ("goods",) * 5 + ("service",) * 6 + ("subscription",) * 8 + ("gift_request",)
    amount = draw.between(900, 200_000)
    return {
        "l": "l",
        "sort": draw.one_of(kinds),
        "amount": _money(f"CASE WHEN {draw.yes(30)} THEN -1 ELSE 1 END * {amount}"),
        "product": draw.between(1000, 9999),
        "days": f"CAST({draw.between(1, 900)} AS INTEGER)",
        "chance": draw.below(1000),
    }


def _line(draw: Draw) -> dict[str, Node]:
    sort, amount = "line.sort", "line.amount"
    description = (
        f"CASE {sort} WHEN 'goods' THEN {draw.one_of(GOODS)} WHEN 'service' THEN {draw.one_of(SERVICES)} "
        f"WHEN 'subscription' THEN {draw.one_of(SUBSCRIPTIONS)} ELSE {draw.one_of(GIFTS)} END "
        "|| ' ' || CAST(line.product AS VARCHAR)"
    )
    is_period = f"{sort} = 'subscription' AND {{chance}}"
    known, seldom = draw.yes(1000 - DECIDING), draw.yes(1000 - OTHER)
    agreed = (
        f"{amount} + CASE WHEN line.chance < 12 THEN -1 WHEN line.chance < 300 THEN 10 ELSE 0 END"
    )
    given_on = f"send - line.days + CASE WHEN {draw.yes(4)} THEN 950 ELSE 0 END"
    return {
        "id": Leaf(
            "CASE WHEN bad = 6 AND line.l = 1 THEN '#1' ELSE CAST(line.l AS VARCHAR) END", TEXT
        ),
        "description": Leaf(draw.maybe(OTHER, description), TEXT),
        "service": Leaf(draw.maybe(OTHER, "'v-' || CAST(line.product AS VARCHAR)"), TEXT),
        "kind": Leaf(draw.maybe(DECIDING, sort), TEXT),
        "amount": Leaf(
            draw.maybe(DECIDING, amount),
            PLAIN,
            "CASE WHEN bad = 12 AND line.l = 1 THEN '12.345' END",
        ),
        "period_start": Leaf(
            f"CASE WHEN {is_period.format(chance=known)} THEN date_trunc('month', send)::DATE END",
            DAY,
        ),
        "period_end": Leaf(
            f"CASE WHEN {is_period.format(chance=seldom)} THEN last_day(send) END", DAY
        ),
        "consent": {
            "": Leaf(f"{sort} = 'subscription'", ""),
            "given": Leaf(draw.maybe(DECIDING, draw.yes(994)), PLAIN),
            "informed": Leaf(draw.maybe(DECIDING, draw.yes(994)), PLAIN),
            "explicit": Leaf(draw.maybe(DECIDING, draw.yes(994)), PLAIN),
            "given_on": Leaf(draw.maybe(DECIDING, given_on), DAY),
            "withdrawn_on": Leaf(
                draw.maybe(970, f"send + CAST({draw.between(-30, 200)} AS INTEGER)"), DAY
            ),
        },
        "gift_acceptance": {
            "": Leaf(f"{sort} = 'gift_request'", ""),
            "given": Leaf(draw.maybe(DECIDING, draw.yes(980)), PLAIN),
            "given_on": Leaf(draw.maybe(DECIDING, given_on), DAY),
            "withdrawn_on": Leaf(
                draw.maybe(970, f"send + CAST({draw.between(-30, 200)} AS INTEGER)"), DAY
            ),
        },
        "agreed": {
            "": Leaf(f"{sort} <> 'gift_request'", ""),
            "given": Leaf(draw.maybe(DECIDING, draw.yes(992)), PLAIN),
            "given_on": Leaf(draw.maybe(DECIDING, "send - days_before - line.days"), DAY),
            "amount": Leaf(draw.maybe(DECIDING, f"CAST({agreed} AS DECIMAL(15, 2))"), PLAIN),
        },
    }


# --------------------------------------------------------------------------------------------
# As SQL
# --------------------------------------------------------------------------------------------


def _typed(node: Node) -> str:
    """A structure of typed values; a group whose condition (its key without name) is false is NULL."""
    if isinstance(node, Leaf):
        return node.value
    fields = ", ".join(f'"{key}": {_typed(child)}' for key, child in node.items() if key)
    made = f"{{{fields}}}"
    condition = node.get("")
    return f"CASE WHEN {condition.value} THEN {made} END" if isinstance(condition, Leaf) else made


def _written(node: Node, at: str) -> str:
    """The same as JSON text, absent keys left out; NULL for a group that is not there."""
    if isinstance(node, Leaf):
        written = node.written.format(x=at)
        return f"coalesce({node.instead}, {written})" if node.instead else written
    parts = [
        f"""'"{key}":' || {_written(child, f'{at}."{key}"')}"""
        for key, child in node.items()
        if key
    ]
    text = f"'{{' || concat_ws(',', {', '.join(parts)}) || '}}'"
    return f"CASE WHEN {at} IS NOT NULL THEN {text} END" if "" in node else text


def select(
    numbers: str,
    seed: int,
    *,
    as_text: bool,
    bad_values: BadValues = "all",
    bad_per_million: int = 10_000,
) -> str:
    """The query of the documents whose numbers (``i``) the query ``numbers`` gives: four structures each, or
    a line of JSON.
    """
    draw = Draw(seed)
    kinds = ALL_KINDS if bad_values == "all" else TYPED_KINDS
    columns = _document_columns(draw, 0 if bad_values == "none" else bad_per_million, kinds)
    groups: dict[str, dict[str, Node]] = {
        "invoice": _invoice(draw),
        "sender": _sender(draw),
        "recipient": _recipient(draw),
        "relationship": _relationship(draw),
    }
    draw.of_line = True
    first_of_line = ", ".join(f'"{key}": {value}' for key, value in _line_columns(draw).items())
    line = _line(draw)
    # In a lambda over `line` the draws name the line by its field.
    lines = (
        f"list_transform(list_transform(range(1, lines + 1), lambda l: {{{first_of_line}}}), "
        f"lambda line: {_typed(line).replace('hash(i, l, ', 'hash(i, line.l, ')})"
    )
    typed = {key: _typed(group) for key, group in groups.items()}
    typed["invoice"] = typed["invoice"].removesuffix("}") + f', "lines": {lines}}}'
    listed = ",\n  ".join(f"{value} AS {key}" for key, value in typed.items())
    send = f"CASE WHEN is_send_date_absent THEN DATE '{AS_OF}' ELSE DATE '2021-02-01' + day END"
    query = f"""SELECT bad, {listed}
FROM (SELECT *, {send} AS send FROM (SELECT i, {columns}
FROM ({numbers})))"""
    if not as_text:
        return f"SELECT {', '.join(GROUPS)} FROM ({query})"
    lines_text = (
        "'[' || list_aggregate(list_transform(invoice.lines, lambda x, l: "
        f"{_written(line, 'x').replace('line.l', 'l')}), 'string_agg', ',') || ']'"
    )
    texts = {key: _written(group, key) for key, group in groups.items()}
    texts["invoice"] = (
        texts["invoice"].removesuffix(") || '}'") + f""", '"lines":' || {lines_text}) || '}}'"""
    )
    parts = " || ',' || ".join(f"""'"{key}":' || {value}""" for key, value in texts.items())
    return f"SELECT '{{' || {parts} || '}}' AS document FROM ({query})"


COPY_OPTIONS: Final = {
    ".parquet": "FORMAT parquet, COMPRESSION zstd",
    # No character of a document is taken for a mark of CSV.
    ".ndjson": "FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01'",
}


def generate(
    output: Path,
    documents: int,
    seed: int,
    *,
    bad_values: BadValues | None = None,
    bad_per_million: int = 10_000,
    threads: int | None = None,
) -> None:
    """Write ``documents`` documents to ``output``, whose ending (``.ndjson``, ``.parquet``) says how.

    Bad values are all kinds in NDJSON and those that the columns can hold in Parquet, unless one of
    :data:`BadValues` is given. Raises ``ValueError`` for another ending, and for ``"all"`` in Parquet.
    """
    as_text = output.suffix == ".ndjson"
    if output.suffix not in COPY_OPTIONS:
        raise ValueError(f"{output.name}: the ending must be .ndjson or .parquet")
    if bad_values == "all" and not as_text:
        raise ValueError("typed columns cannot hold a value of another type")
    chosen: BadValues = bad_values or ("all" if as_text else "typed")
    query = select(
        "FROM numbers", seed, as_text=as_text, bad_values=chosen, bad_per_million=bad_per_million
    )
    unfinished = output.with_name(output.name + ".unfinished")
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"SET threads = {threads or os.cpu_count() or 1}")
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute("SET enable_progress_bar = false")
        # A table is read by several threads, a range by one.
        connection.execute(f"CREATE TABLE numbers AS SELECT range AS i FROM range({documents})")
        connection.execute(f"COPY ({query}) TO '{unfinished}' ({COPY_OPTIONS[output.suffix]})")
    unfinished.rename(output)


def main() -> None:
    """Write a file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, required=True, help="ends in .ndjson or .parquet")
    parser.add_argument("--bad-values", choices=("none", "typed", "all"))
    chosen = parser.parse_args()
    start = time.perf_counter()
    generate(chosen.output, chosen.documents, chosen.seed, bad_values=chosen.bad_values)
    size = chosen.output.stat().st_size
    print(
        f"{chosen.documents:,} documents, {size / 1e6:,.0f} MB, {time.perf_counter() - start:.1f} s",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
