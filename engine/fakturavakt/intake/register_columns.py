"""The evidence register as tables of DuckDB, and its join to the table of documents (contract §5).

A :class:`~fakturavakt.intake.register.Register` that was read and found good becomes one row a sender and
one row a customer. Which entry counts on a day is worked out once, while the tables are made: a customer's
row holds *spells*, each an entry with the days on which it counts. A document is joined to at most two
rows, picks the spells of its own day, and each of its lines looks for its service among those few.

A join of DuckDB keeps no order where several threads have a part in it. So documents are numbered before
they are joined, which makes that part of the statement run on one thread: ``position`` counts from 1, and
whoever takes the rows can hold it against his own count.

Whatever columns cannot say goes through the row reader: such a document becomes suspect. May import:
``vocabulary``, ``intake.column_forms``, ``intake.document_table``, ``intake.register`` and what it may.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from fakturavakt.intake.column_forms import column_type
from fakturavakt.intake.document_table import WANTED_ALWAYS, literal, path_of, quoted
from fakturavakt.intake.register import Customer, EvidenceKind, Register, given_by
from fakturavakt.intake.register_evidence import spells
from fakturavakt.intake.register_tables import RECIPIENTS, SENDERS
from fakturavakt.vocabulary.facts import LINE_PREFIX, LINES, Fact, FactType, Value, Vocabulary
from fakturavakt.vocabulary.forms import written_ore
from fakturavakt.vocabulary.own_facts import (
    CURRENCY,
    CUSTOMER,
    ISSUE_DATE,
    LINE_KIND,
    SEND_DATE,
    SENDER,
    SERVICE,
)

if TYPE_CHECKING:
    import duckdb

KEYS: Final = frozenset({SENDER, CUSTOMER, SERVICE, CURRENCY, SEND_DATE, ISSUE_DATE})
"""The facts whose values the join looks at, whoever else may want them."""

ENTRIES_MAX: Final = 200
"""Entries of one customer that are joined: a document takes a copy of them all. A customer with more (a
number that stands for many people) is looked up by the row reader, document by document."""

SENDERS_TABLE: Final = "register_senders"
CUSTOMERS_TABLE: Final = "register_customers"
CATALOGUE: Final = "register_catalogue"
"""The names that the tables have on a connection; the catalogue is a variable of it."""

_CHARACTERS_AT_ONCE: Final = 4_000_000
_SERVICES_IN_ONE: Final = 4
_CONTROL: Final = re.compile(r"[\x00-\x1f]")

_OF_INVOICE: Final = {
    EvidenceKind.AGREEMENT: "relationship.agreement",
    EvidenceKind.CLAIM: "relationship.claim",
}
_OF_LINE: Final = {
    EvidenceKind.CONSENT: "line.consent",
    EvidenceKind.GIFT_ACCEPTANCE: "line.gift_acceptance",
    EvidenceKind.AGREED: "line.agreed",
}
_SPELL: Final = {
    "about": "VARCHAR",
    "first": "DATE",
    "last": "DATE",
    "given": "BOOLEAN",
    "given_on": "DATE",
    "withdrawn_on": "DATE",
    "informed": "BOOLEAN",
    "explicit": "BOOLEAN",
    "amount": "DECIMAL(15,2)",
    "currency": "VARCHAR",
    "reference": "VARCHAR",
}
_GIVES: Final = {
    EvidenceKind.CONSENT: ("given", "given_on", "withdrawn_on", "informed", "explicit"),
    EvidenceKind.GIFT_ACCEPTANCE: ("given", "given_on", "withdrawn_on", "informed", "explicit"),
    EvidenceKind.AGREED: ("given", "given_on", "amount"),
}


class RegisterColumns:
    """The tables and the join, for one vocabulary and one screening date.

    ``wanted`` are the facts that somebody asks about; others are not joined. The attribute ``wanted`` has
    those, too, that the join itself looks at: documents have to have their values. ``plain_text`` as in
    :class:`~fakturavakt.intake.document_table.DocumentTable`: it holds for the register's texts, too.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        wanted: AbstractSet[str],
        plain_text: Mapping[str, str],
        as_of: date,
    ) -> None:
        self.vocabulary = vocabulary
        self.as_of = as_of
        tree = dict(vocabulary.tree)
        line_tree = tree.pop("line", {})
        assert isinstance(line_tree, dict)
        self._tree: Mapping[str, object] = tree
        self._line_tree: Mapping[str, object] = line_tree
        self._plain_text = plain_text
        groups = tuple(f"{group}." for group in _OF_LINE.values())
        of_groups = {fact.name for fact in vocabulary if fact.name.startswith(groups)}
        self.wanted = (
            wanted | WANTED_ALWAYS | KEYS | of_groups | {*_OF_INVOICE.values(), LINE_KIND, LINES}
        )
        self._joined = {
            table.file: [
                vocabulary[column.fact.name]
                for column in table.columns
                if column.gives_fact and column.fact.name in wanted & {f.name for f in vocabulary}
            ]
            for table in (SENDERS, RECIPIENTS)
        }

    # -- the tables ----------------------------------------------------------------------------------

    def create(self, connection: duckdb.DuckDBPyConnection, register: Register) -> None:
        """Makes the tables on a connection. Rows go there as JSON in a parameter of the statement, some
        megabytes at a time: nothing of the register is written to a file.
        """
        complete = {_complete(kind): "BOOLEAN" for kind in EvidenceKind}
        self._fill(
            connection,
            SENDERS_TABLE,
            {"sender": "VARCHAR", **complete, **self._columns(SENDERS.file)},
            self._joined[SENDERS.file],
            self._sender_rows(register),
        )
        self._fill(
            connection,
            CUSTOMERS_TABLE,
            {
                "sender": "VARCHAR",
                "customer": "VARCHAR",
                "odd": "BOOLEAN",
                **self._columns(RECIPIENTS.file),
                "on_send": [_SPELL],
                "on_issue": [_SPELL],
            },
            self._joined[RECIPIENTS.file],
            map(self._customer_row, register.customers()),
        )
        self._set_catalogue(connection, register)

    def _columns(self, file: str) -> dict[str, object]:
        return {fact.name: column_type(fact) for fact in self._joined[file]}

    def _sender_rows(self, register: Register) -> Iterator[dict[str, object]]:
        for number in register.senders():
            entry = register.sender(number)
            assert entry is not None
            complete = {_complete(kind): True for kind in register.complete_for(number)}
            yield {"sender": number, **complete, **self._wanted(SENDERS.file, entry.values)}

    def _customer_row(self, customer: Customer) -> dict[str, object]:
        row: dict[str, object] = {
            "sender": customer.sender,
            "customer": customer.number,
            **self._wanted(RECIPIENTS.file, customer.values),
        }
        if len(customer.entries) > ENTRIES_MAX:
            return {**row, "odd": True}
        on_send: list[dict[str, object]] = []
        on_issue: list[dict[str, object]] = []
        for first, last, entry in spells(customer.entries):
            kind, service = entry.subject
            spell: dict[str, object] = {
                key: _in_json(key, value)
                for key, value in given_by(entry, first, entry.terms.currency).items()
            }
            spell |= {"about": f"{kind} {service}", "first": _iso(first), "last": _iso(last)}
            if kind is EvidenceKind.AGREED:
                spell["currency"] = entry.terms.currency
            if entry.reference is not None:
                spell["reference"] = entry.reference
                if _CONTROL.search(entry.reference):
                    row["odd"] = True  # which DuckDB writes in JSON otherwise than Python does
            (on_issue if kind is EvidenceKind.AGREED else on_send).append(spell)
        if on_send:
            row["on_send"] = on_send
        if on_issue:
            row["on_issue"] = on_issue
        return row

    def _wanted(self, file: str, values: Mapping[str, Value]) -> dict[str, object]:
        return {fact.name: values[fact.name] for fact in self._joined[file] if fact.name in values}

    def _fill(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: str,
        columns: Mapping[str, object],
        facts: Iterable[Fact],
        rows: Iterable[dict[str, object]],
    ) -> None:
        """One table, with ``suspect`` for rows whose documents the row reader has to take."""
        odd = ["coalesce(odd, FALSE)"] if "odd" in columns else []
        odd += [
            f"coalesce(NOT regexp_full_match({quoted(fact.name)}, "
            f"{literal(self._plain_text[fact.name])}), FALSE)"
            for fact in facts
            if fact.name in self._plain_text and column_type(fact) == "VARCHAR"
        ]
        select = f"""
SELECT *, {" OR ".join(odd) or "FALSE"} AS suspect
FROM (SELECT unnest(from_json(line, {literal(json.dumps(columns))}))
      FROM (SELECT unnest(string_split(?, chr(10))) AS line)
      WHERE line <> '')"""  # noqa: S608 (names are the vocabulary's, quoted)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {select}", [""])
        for text in _json_lines(rows):
            connection.execute(f"INSERT INTO {table} {select}", [text])

    def _set_catalogue(self, connection: duckdb.DuckDBPyConnection, register: Register) -> None:
        """The sender's own catalogue: lists of few services each, found by a hash. A join would have to
        take the lines apart and put them together again.
        """
        if LINE_KIND not in self.vocabulary:
            return
        sold = [
            {"key": f"{sender} {service}", "kind": kind}
            for sender, service, kind in register.catalogue()
        ]
        self._buckets = max(1, len(sold) // _SERVICES_IN_ONE)
        shape = json.dumps([{"key": "VARCHAR", "kind": "VARCHAR"}])
        connection.execute(
            f"""
SET VARIABLE {CATALOGUE} = (
  SELECT list(bucket ORDER BY number) FROM (
    SELECT number, {{'keys': list(key) FILTER (key IS NOT NULL),
                     'kinds': list(kind) FILTER (key IS NOT NULL)}} AS bucket
    FROM range({self._buckets}) AS numbers(number)
    LEFT JOIN (SELECT unnest(from_json(CAST(? AS JSON), '{shape}'), max_depth := 2))
    ON number = hash(key) % {self._buckets}
    GROUP BY number))""",  # noqa: S608
            [json.dumps(sold, ensure_ascii=False)],
        )
        self._sells = bool(sold)

    # -- the join ------------------------------------------------------------------------------------

    def query(self, documents: str, carried: tuple[str, ...] = ()) -> str:
        """The documents with what the register adds to them. ``carried``: further columns that go along.

        ``documents`` is a query with the columns of
        :class:`~fakturavakt.intake.document_table.DocumentTable`, ``raw`` filled for every document. What
        comes out has the same columns (``raw`` of suspect documents only), ``position`` (from 1) and
        ``evidence``: a list of structures of ``line``, ``kind`` and ``reference``, in the contract's order.
        The facts of a suspect document are not filled in.
        """
        sender_facts = [f"s.{quoted(fact.name)}" for fact in self._joined[SENDERS.file]]
        recipient_facts = [f"c.{quoted(fact.name)}" for fact in self._joined[RECIPIENTS.file]]
        complete = [f"coalesce(s.{_complete(k)}, FALSE) AS {_complete(k)}" for k in EvidenceKind]
        joined = ",\n    ".join(
            [
                "d.* EXCLUDE (suspect)",
                "d.suspect OR coalesce(s.suspect, FALSE) OR coalesce(c.suspect, FALSE) AS suspect",
                f"{self._stated(SENDER, 'd')} AS its_sender",
                f"{self._stated(CUSTOMER, 'd')} AS its_customer",
                f"coalesce({self._stated(SEND_DATE, 'd')}, DATE '{self.as_of.isoformat()}') AS send_day",
                f"{self._stated(ISSUE_DATE, 'd')} AS issue_day",
                f"{self._stated(CURRENCY, 'd')} AS its_currency",
                f"{path_of('d', LINES)} AS its_lines",
                "c.on_send",
                "c.on_issue",
                *complete,
                *sender_facts,
                *recipient_facts,
            ]
        )
        groups = [key for key, child in self._tree.items() if isinstance(child, dict)]
        rebuilt = ",\n    ".join(
            f"{self._structure(self._tree[key], key)} AS {quoted(key)}" for key in groups
        )
        return f"""
SELECT {", ".join(map(quoted, (*groups, *carried)))}, suspect, raw, position,
  CASE WHEN suspect THEN [] ELSE of_invoice || of_lines END AS evidence
FROM (
  SELECT {", ".join(map(quoted, (*carried, "position", "suspect")))},
    CASE WHEN suspect THEN raw END AS raw,
    {rebuilt},
    {self._evidence_of_invoice()} AS of_invoice,
    {self._evidence_of_lines()} AS of_lines
  FROM (
    SELECT *,
      {", ".join(f"{self._answer_of_invoice(k)} AS {k}" for k in _OF_INVOICE)},
      {self._answered_lines()} AS answered
    FROM (
      SELECT *, list_transform(sent, lambda e: e.about) AS sent_about,
        list_transform(issued, lambda e: e.about) AS issued_about
      FROM (
        SELECT *,
          CASE WHEN NOT suspect THEN {_of_day("on_send", "send_day")} END AS sent,
          CASE WHEN NOT suspect THEN {_of_day("on_issue", "issue_day")} END AS issued
        FROM (
          SELECT {joined}
          FROM (SELECT *, row_number() OVER () AS position FROM ({documents})) AS d
          LEFT JOIN {SENDERS_TABLE} AS s ON s.sender = {self._stated(SENDER, "d")}
          LEFT JOIN {CUSTOMERS_TABLE} AS c
            ON c.sender = {self._stated(SENDER, "d")} AND c.customer = {self._stated(CUSTOMER, "d")}
        )
      )
    )
  )
)"""  # noqa: S608 (names are the vocabulary's, quoted)

    def _stated(self, fact: str, at: str = "") -> str:
        """What the document says of a fact; a fact that the vocabulary lacks is never there."""
        if fact not in self.vocabulary:
            return "CAST(NULL AS VARCHAR)"
        return path_of(at, fact)

    def _answer_of_invoice(self, kind: EvidenceKind) -> str:
        """The spell that answers for the invoice, where the document leaves it open."""
        fact = _OF_INVOICE[kind]
        if fact not in self.vocabulary:
            return "CAST(NULL AS STRUCT(given BOOLEAN, reference VARCHAR, about VARCHAR))"
        found = _found("sent", f"'{kind} '")
        return f"CASE WHEN {self._stated(fact)} IS NULL THEN {found} END"

    def _is_open(self, kind: EvidenceKind) -> str:
        """Whether a line leaves a group to the register, and can be looked up there."""
        group = _OF_LINE[kind]
        facts = [fact.name for fact in self.vocabulary if fact.name.startswith(f"{group}.")]
        service = self._stated(SERVICE)
        return " AND ".join([f"{service} IS NOT NULL", *(f"{_line(f)} IS NULL" for f in facts)])

    def _answered_lines(self) -> str:
        """The lines, each with the spell that answers for each kind of evidence."""
        service = self._stated(SERVICE)
        fields = ["'line': line"]
        for kind in _OF_LINE:
            spelled = "issued" if kind is EvidenceKind.AGREED else "sent"
            keys = [f"'{kind} ' || {service}"]
            if kind is EvidenceKind.GIFT_ACCEPTANCE:
                keys.append(f"'{kind} '")
            fields.append(
                f"'{kind}': CASE WHEN {self._is_open(kind)} THEN {_found(spelled, *keys)} END"
            )
        structure = "{" + ", ".join(fields) + "}"
        return f"CASE WHEN NOT suspect THEN list_transform(its_lines, lambda line: {structure}) END"

    def _structure(self, tree: object, path: str) -> str:
        """A group of the invoice, filled in."""
        assert isinstance(tree, dict)
        fields = []
        for key, child in tree.items():
            name = f"{path}.{key}"
            if isinstance(child, Fact) and name not in self.wanted:
                continue
            if not isinstance(child, Fact):
                value = self._structure(child, name)
            elif child.type is FactType.LINES:
                line = self._line_structure(self._line_tree, "line")
                value = f"list_transform(answered, lambda a: {line})"
            else:
                value = self._filled(child)
            fields.append(f"{quoted(key)}: {value}")
        return "{" + ", ".join(fields or ["'nothing': NULL"]) + "}"

    def _filled(self, fact: Fact) -> str:
        """A fact of the invoice: what the document says, else what the register does."""
        stated = path_of("", fact.name)
        if any(fact in facts for facts in self._joined.values()):
            return f"coalesce({stated}, {quoted(fact.name)})"
        for kind, name in _OF_INVOICE.items():
            if name == fact.name:
                known = "its_sender IS NOT NULL AND its_customer IS NOT NULL"
                no = f"CASE WHEN {_complete(kind)} AND {known} THEN FALSE END"
                return f"coalesce({stated}, {kind}.given, {no})"
        return stated

    def _line_structure(self, tree: Mapping[str, object], path: str) -> str:
        fields = []
        for key, child in tree.items():
            name = f"{path}.{key}"
            if isinstance(child, Fact) and name not in self.wanted:
                continue
            if isinstance(child, Fact):
                value = self._filled_of_line(child)
            else:
                assert isinstance(child, dict)
                value = self._line_structure(child, name)
            fields.append(f"{quoted(key)}: {value}")
        return "{" + ", ".join(fields or ["'nothing': NULL"]) + "}"

    def _filled_of_line(self, fact: Fact) -> str:
        stated = f"a.{path_of('', fact.name)}"
        if fact.name == LINE_KIND and self._sells and SERVICE in self.vocabulary:
            return f"coalesce({stated}, {self._catalogued()})"
        for kind, group in _OF_LINE.items():
            key = fact.name.removeprefix(f"{group}.")
            if key == fact.name or key not in _GIVES[kind]:
                continue
            answer = f"a.{kind}.{key}"
            if key == "amount":
                answer = f"CASE WHEN a.{kind}.currency = its_currency THEN {answer} END"
            if key != "given":
                return f"coalesce({stated}, {answer})"
            known = "its_sender IS NOT NULL AND its_customer IS NOT NULL"
            if kind is EvidenceKind.AGREED:
                known += " AND issue_day IS NOT NULL"
            is_open = self._is_open(kind).replace('"line".', 'a."line".')
            no = f"CASE WHEN {_complete(kind)} AND {known} AND {is_open} THEN FALSE END"
            return f"coalesce({stated}, {answer}, {no})"
        return stated

    def _catalogued(self) -> str:
        """The kind of what a line sells, by its sender's catalogue."""
        key = f"its_sender || ' ' || a.{self._stated(SERVICE)}"
        number = f"CAST(hash({key}) % {self._buckets} AS BIGINT) + 1"
        bucket = f"list_extract(getvariable('{CATALOGUE}'), {number})"
        return (
            f"CASE WHEN a.{path_of('', LINE_KIND)} IS NULL THEN "
            f"list_extract({bucket}.kinds, list_position({bucket}.keys, {key})) END"
        )

    def _evidence_of_invoice(self) -> str:
        used = [
            f"CASE WHEN {kind}.about IS NOT NULL THEN "
            f"{_used('CAST(NULL AS VARCHAR)', kind, f'{kind}.reference')} END"
            for kind in _OF_INVOICE
        ]
        some = " OR ".join(f"{kind}.about IS NOT NULL" for kind in _OF_INVOICE)
        return f"CASE WHEN {some} THEN {_without_nulls(used)} ELSE [] END"

    def _evidence_of_lines(self) -> str:
        name = f"a.{_line('line.id')}"
        used = [
            f"CASE WHEN a.{kind}.about IS NOT NULL THEN "
            f"{_used(name, kind, f'a.{kind}.reference')} END"
            for kind in _OF_LINE
        ]
        of_lines = f"flatten(list_transform(answered, lambda a: {_without_nulls(used)}))"
        some = "len(sent_about) > 0 OR len(issued_about) > 0"
        return f"CASE WHEN coalesce({some}, FALSE) THEN coalesce({of_lines}, []) ELSE [] END"


def _json_lines(rows: Iterable[dict[str, object]]) -> Iterator[str]:
    """The rows as lines of JSON, some thousands with their spells at a time."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    held: list[str] = []
    weight = 0
    for row in rows:
        held.append(encode(row))
        weight += len(held[-1])
        if weight >= _CHARACTERS_AT_ONCE:
            yield "\n".join(held)
            held.clear()
            weight = 0
    if held:
        yield "\n".join(held)


def _in_json(key: str, value: Value) -> object:
    """A value of a spell: a day and an amount as text."""
    if isinstance(value, bool):
        return value
    assert isinstance(value, int)
    return written_ore(value) if key == "amount" else _iso(value)


@lru_cache(maxsize=1 << 16)
def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def _complete(kind: EvidenceKind | str) -> str:
    return f"complete_{kind}"


def _of_day(spelled: str, day: str) -> str:
    return f"list_filter({spelled}, lambda e: {day} BETWEEN e.first AND e.last)"


def _found(spelled: str, *keys: str) -> str:
    """The spell about the first of the keys that is there; NULL if none is."""
    places = [f"nullif(list_position({spelled}_about, {key}), 0)" for key in keys]
    place = places[0] if len(places) == 1 else f"coalesce({', '.join(places)})"
    return f"list_extract({spelled}, {place})"


def _used(line: str, kind: EvidenceKind, reference: str) -> str:
    return f"{{'line': {line}, 'kind': '{kind}', 'reference': {reference}}}"


def _without_nulls(items: Iterable[str]) -> str:
    return f"list_filter([{', '.join(items)}], lambda x: x IS NOT NULL)"


def _line(fact: str) -> str:
    """A fact of the line at hand."""
    assert fact.startswith(LINE_PREFIX)
    return path_of("", fact)
