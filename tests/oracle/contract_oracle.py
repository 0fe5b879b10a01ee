"""An independent reading of the contract, coded by hand: the oracle that engines are held against.

It knows no rule book and no vocabulary file, and shares no code with the engine. Every block cites
the sentence of the contract that it implements ("§1 …"). Where the contract can be read in more
than one way, the most literal reading is taken and marked with `AMBIGUOUS:` and both readings.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Any

# --------------------------------------------------------------------------------------------
# Values
# --------------------------------------------------------------------------------------------


class Mark(Enum):
    """What can stand in a fact's place."""

    ABSENT = "absent"  # §1: null, a missing key, a text of blanks only and an empty cell
    NEVER = "never"  # §1: an absent `withdrawn_on` means "never withdrawn"


@dataclass(frozen=True)
class Number:
    """A JSON number as it was written: exponents and superfluous zeros are seen exactly."""

    text: str


@dataclass(frozen=True)
class Bad:
    """A value of the wrong type or form, or that fails its check digit, with its code of §4."""

    code: str


ABSENT = Mark.ABSENT
NEVER = Mark.NEVER
Value = str | bool | int | Decimal | date | Mark
State = Value | Bad  # ABSENT, Bad, or the fact itself
Facts = dict[str, Value | None]  # None is unknown; the keys stand in the order of §2
Decision = dict[str, Any]

# --------------------------------------------------------------------------------------------
# §1 Facts: the table, in its order (the order of §2 and of problems)
# --------------------------------------------------------------------------------------------

CHOICES = {
    "invoice_kind": ("invoice", "credit_note"),
    "recipient_kind": ("person", "organisation"),
    "line_kind": ("goods", "service", "subscription", "gift_request"),
    "evidence_kind": ("agreement", "claim", "consent", "agreed", "gift_acceptance"),
}

GROUPS: dict[str, dict[str, str]] = {
    "invoice": {
        "number": "text",
        "kind": "invoice_kind",
        "issue_date": "date",
        "due_date": "date",
        "send_date": "date",
        "currency": "currency",
        "payable_amount": "money",
        "payment_reference": "kid",
        "payee_account": "account",
        "attachments": "count",
    },
    "sender": {
        "organisation_number": "organisation_number",
        "name": "text",
        "efaktura_b2c_agreement": "yes_no",
        "legacy_vipps_agreement": "yes_no",
        "vipps_declined": "yes_no",
        "autopay": "yes_no",
    },
    "recipient": {
        "kind": "recipient_kind",
        "customer_number": "text",
        "name": "text",
        "street": "text",
        "postal_code": "text",
        "city": "text",
        "country": "text",
        "mobile": "mobile",
        "email": "email",
        "efaktura": "yes_no",
        "vipps": "yes_no",
    },
    "relationship": {"agreement": "yes_no", "claim": "yes_no"},
}

LINE_FACTS = {
    "description": "text",
    "service": "text",
    "kind": "line_kind",
    "amount": "money",
    "period_start": "date",
    "period_end": "date",
}

LINE_GROUPS: dict[str, dict[str, str]] = {
    "consent": {
        "given": "yes_no",
        "informed": "yes_no",
        "explicit": "yes_no",
        "given_on": "date",
        "withdrawn_on": "date",
    },
    "gift_acceptance": {"given": "yes_no", "given_on": "date", "withdrawn_on": "date"},
    "agreed": {"given": "yes_no", "given_on": "date", "amount": "money"},
}

# --------------------------------------------------------------------------------------------
# §1 Forms
# --------------------------------------------------------------------------------------------

# §1 "trimmed of space, tab, line ends and no-break space".
# AMBIGUOUS: line ends are LF and CR (taken), or also VT, FF, NEL, U+2028 and U+2029. And that
# "blanks" in "a text of blanks only" are these same characters, for facts of every type.
BLANKS = " \t\n\r\u00a0"

# §1 "spaces … removed" in identifiers and mobile numbers.
# AMBIGUOUS: only U+0020 (taken: the row above tells space, tab and no-break space apart), or every
# blank also inside the value.
SPACES = " "


def _is_absent(value: object) -> bool:
    """§1 "`null`, a missing key, a text of blanks only and an empty cell are … absent"."""
    return value is None or (isinstance(value, str) and not value.strip(BLANKS))


def _without(text: str, characters: str) -> str:
    return "".join(one for one in text if one not in characters)


def _date(text: str) -> State:
    """§1 "`YYYY-MM-DD`, a day that exists; nothing else"."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return Bad("form")
    try:
        # AMBIGUOUS: the year 0000 is no day that exists (taken), or is one (ISO 8601 has it).
        return date.fromisoformat(text)
    except ValueError:
        return Bad("form")


def _money(text: str) -> State:
    """§1 "optional `-`, at most 13 digits before the point and 2 after it (zeros beyond …)"."""
    # AMBIGUOUS: "zeros beyond them are allowed" is about zeros behind the two decimals (taken), or
    # also about leading zeros beyond 13 digits.
    # AMBIGUOUS: ".5" and "5." have too few digits at one side (taken), or are "at most" as well.
    if not re.fullmatch(r"-?[0-9]{1,13}(\.[0-9]{1,2}0*)?", text):
        return Bad("form")
    return Decimal(text)


def _money_cell(text: str) -> State:
    """§1 "In CSV also a decimal comma, and exactly three digits behind the mark are a problem"."""
    if re.fullmatch(r".*[.,][0-9]{3}", text, re.DOTALL):
        return Bad("form")
    return _money(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)


def _mobile(text: str) -> State:
    """§1 "after removing spaces, `-`, `(` and `)`, and `00` in front read as `+`"."""
    text = _without(text, SPACES + "-()")
    if text.startswith("00"):
        text = "+" + text[2:]
    # §1 "`[49]` and 7 digits, the same after `+47`"
    if re.fullmatch(r"(\+47)?[49][0-9]{7}", text):
        return text
    # "or `+` and 7 to 15 digits of another country"
    # AMBIGUOUS: another country is everything that does not begin with 47 (taken), or a number
    # must also begin with a country code that can be, so not with 0.
    if re.fullmatch(r"\+(?!47)[0-9]{7,15}", text):
        return text
    return Bad("form")


def _mod11(digits: str, weights: Iterable[int]) -> str:
    """The check character that MOD11 asks for: a digit, or `-` for 10."""
    total = sum(int(one) * weight for one, weight in zip(digits, weights, strict=True))
    check = (11 - total % 11) % 11
    return "-" if check == 10 else str(check)


def _organisation_number(text: str) -> State:
    """§1 "9 … digits (spaces and points removed) with their MOD11 check"."""
    text = _without(text, SPACES + ".")
    if not re.fullmatch(r"[0-9]{9}", text):
        return Bad("form")
    if _mod11(text[:-1], (3, 2, 7, 6, 5, 4, 3, 2)) != text[-1]:
        return Bad("check_digit")
    return text


def _account_check(text: str) -> bool:
    return _mod11(text[:-1], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) == text[-1]


def _account(text: str) -> State:
    """§1 "11 digits …; an IBAN (spaces removed, upper case) with its check, a Norwegian one …"."""
    plain = _without(text, SPACES + ".")
    if re.fullmatch(r"[0-9]{11}", plain):
        return plain if _account_check(plain) else Bad("check_digit")
    # AMBIGUOUS: "upper case" is done to the text (taken, as "spaces removed" is), or asked of it.
    iban = _without(text, SPACES)
    iban = iban.upper() if iban.isascii() else iban
    # AMBIGUOUS: an IBAN of another country has 15 to 34 characters (taken), or exactly as many as
    # the register of IBANs gives its country.
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", iban):
        return Bad("form")
    if iban.startswith("NO") and not re.fullmatch(r"NO[0-9]{13}", iban):
        return Bad("form")
    turned = "".join(str(int(one, 36)) for one in iban[4:] + iban[:4])
    if int(turned) % 97 != 1:
        return Bad("check_digit")
    if iban.startswith("NO") and not _account_check(iban[4:]):
        return Bad("check_digit")
    return iban


def _kid(text: str) -> State:
    """§1 "2 to 25 digits, the last a MOD10 or MOD11 check digit … (10 is written `-`)"."""
    # "Digits alone, or digits and a last `-`, are meant as a KID. Any other text … is … no problem"
    # AMBIGUOUS: digits are 0-9, so other scripts' digits are "any other text" (taken), or a bad KID
    # AMBIGUOUS: whether a text that is no KID is a known payment reference (taken) or an unknown
    # one; no rule and no output tells.
    if not re.fullmatch(r"[0-9]+-?", text):
        return text
    # AMBIGUOUS: a last `-` counts as one of the 2 to 25 (taken; domain.md: "2 to 25 characters"),
    # or the digits before it are 2 to 25.
    if not 2 <= len(text) <= 25:
        return Bad("form")
    body, check = text[:-1], text[-1]
    weights = [2 + at % 6 for at in range(len(body))][::-1]
    if _mod11(body, weights) == check:
        return text
    doubled = [int(one) * (2 - at % 2) for at, one in enumerate(reversed(body))]
    total = sum(one // 10 + one % 10 for one in doubled)
    return text if str(-total % 10) == check else Bad("check_digit")


def _currency(text: str) -> State:
    """§1 "three capital letters"."""
    # AMBIGUOUS: letters are A-Z, as in ISO 4217 (taken), or of any alphabet.
    return text if re.fullmatch(r"[A-Z]{3}", text) else Bad("form")


def _email(text: str) -> State:
    """§1 "one `@` with something on both sides"."""
    before, at, after = text.partition("@")
    return text if at and before and after and "@" not in after else Bad("form")


def _text(text: str) -> State:
    return text


# §1 "text, and the identifiers below": the first is trimmed and takes a JSON integer from 0.
# AMBIGUOUS: the identifiers below are all rows below in the table, also currency and e-mail
# (taken), or only mobile, organisation number, account and KID.
TRIMMED: dict[str, Callable[[str], State]] = {
    "text": _text,
    "mobile": _mobile,
    "organisation_number": _organisation_number,
    "account": _account,
    "kid": _kid,
    "currency": _currency,
    "email": _email,
}


def _json_value(form: str, value: object) -> State:
    """A fact's JSON value in its form: ABSENT, Bad with its code, or the fact."""
    if _is_absent(value):
        return ABSENT
    match form:
        case "date":
            return _date(value) if isinstance(value, str) else Bad("type")
        case "money":  # "JSON number or text"
            if isinstance(value, Number):
                return _money(value.text)
            return _money(value) if isinstance(value, str) else Bad("type")
        case "yes_no":  # "JSON `true`/`false`"; §4 "`type` (…, also text for yes/no or count"
            return value if isinstance(value, bool) else Bad("type")
        case "count":  # "whole number from 0"
            if not isinstance(value, Number):
                return Bad("type")
            # AMBIGUOUS: 2.0 and 2e0 are written as no whole number (taken: `form`, the kind of JSON
            # value is right), or are whole numbers.
            return int(value.text) if _is_integer(value.text) else Bad("form")
        case "invoice_kind" | "recipient_kind" | "line_kind":  # "one of its words, exactly"
            if not isinstance(value, str):
                return Bad("type")
            return value if value in CHOICES[form] else Bad("choice")
        case _:
            if isinstance(value, str):
                # AMBIGUOUS: a lone surrogate (an escape that stands for no character) is text like
                # any other, is bad (settled: no decision that names it could be written in UTF-8),
                # or the document is unreadable.
                if re.search("[\ud800-\udfff]", value):
                    return Bad("form")
                return TRIMMED[form](value.strip(BLANKS))
            if isinstance(value, Number):  # "a JSON integer from 0 is taken as its digits"
                # AMBIGUOUS: -5 and 5.5 as a text are a number, a kind of JSON value that the form
                # takes, and so `form`, or are another kind than the "JSON integer from 0" that it
                # takes, and so `type` (settled so).
                if not _is_integer(value.text):
                    return Bad("type")
                return TRIMMED[form](value.text)
            return Bad("type")


def _is_integer(text: str) -> bool:
    """A JSON integer from 0. AMBIGUOUS: -0 is from 0, or is below (settled: digits alone)."""
    return re.fullmatch(r"[0-9]+", text) is not None


def _cell_value(form: str, cell: str) -> State:
    """A fact in a cell of CSV. Whatever is wrong there is of code `form` or finer (§4)."""
    if _is_absent(cell):
        return ABSENT
    match form:
        case "date":
            return _date(cell)
        case "money":
            return _money_cell(cell)
        case "yes_no":  # "in CSV also `ja`/`nei`, `true`/`false`, `1`/`0`, any case"
            words = {"ja": True, "true": True, "1": True, "nei": False, "false": False, "0": False}
            return words.get(cell.lower(), Bad("form"))
        case "recipient_kind" | "line_kind" | "evidence_kind":
            return cell if cell in CHOICES[form] else Bad("choice")
        case _:
            return TRIMMED[form](cell.strip(BLANKS))


# --------------------------------------------------------------------------------------------
# §1 the document
# --------------------------------------------------------------------------------------------


class _UnreadableError(Exception):
    """§1 "A document that is no object, or has one key twice in one object, is unreadable"."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    keys = dict(pairs)
    if len(keys) != len(pairs):
        raise _UnreadableError
    return keys


def _no_constant(name: str) -> object:
    raise _UnreadableError(name)  # NaN and Infinity are not JSON


def _parse(document_text: str) -> dict[str, object] | None:
    try:
        document: object = json.loads(
            document_text,
            object_pairs_hook=_once,
            parse_int=Number,
            parse_float=Number,
            parse_constant=_no_constant,
        )
    except (_UnreadableError, json.JSONDecodeError):
        return None
    return document if isinstance(document, dict) else None


@dataclass
class _Read:
    """A document as read: what stands in each fact's place, before a register and meanings."""

    states: dict[str, State] = field(default_factory=dict)
    lines: list[str] | None = None  # the lines' names, None where the lines are unknown
    problems: list[tuple[str, str]] = field(default_factory=list)  # in the order of reading = §4
    bad_groups: set[str] = field(default_factory=set)

    def group(self, path: str, value: object, forms: Mapping[str, str]) -> None:
        """Read a group's facts in the order of the table; a group's problem before its facts'."""
        keys: Mapping[str, object] = {}
        bad = False
        if isinstance(value, dict):
            keys = value
        elif not _is_absent(value):
            # §1 "A group … of the wrong type is one problem of its own path and makes all of its
            # facts unknown."
            self.problem(path, "type")
            self.bad_groups.add(path)
            bad = True
        for name, form in forms.items():
            self.fact(f"{path}.{name}", Bad("type") if bad else form, keys.get(name))

    def fact(self, path: str, form: str | Bad, value: object) -> None:
        if isinstance(form, Bad):  # unknown because of its group: no problem of its own
            self.states[path] = form
            return
        state = _json_value(form, value)
        self.states[path] = state
        if isinstance(state, Bad):  # "It is reported under `problems`, and the fact is unknown"
            self.problem(path, state.code)

    def problem(self, path: str, code: str) -> None:
        self.problems.append((path, code))


def _read(document: Mapping[str, object]) -> _Read:
    read = _Read()
    for group, forms in GROUPS.items():
        read.group(group, document.get(group), forms)
    _read_lines(read, document.get("invoice"))
    return read


def _read_lines(read: _Read, invoice: object) -> None:
    """§1 "Lines.", in the table behind `relationship.claim`."""
    lines: object = invoice.get("lines") if isinstance(invoice, dict) else None
    if "invoice" in read.bad_groups or _is_absent(lines):  # "absent means unknown"
        return
    if not isinstance(lines, list):  # "A … list of the wrong type is one problem of its own path"
        read.problem("invoice.lines", "type")
        return
    # "An empty list of lines means *no lines* only where the payable amount is 0; otherwise
    # `invoice.lines` is unknown and a problem."
    payable = read.states["invoice.payable_amount"]
    if not lines and not (isinstance(payable, Decimal) and payable == 0):
        read.problem("invoice.lines", "no_lines")
        return
    read.lines = []
    for position, line in enumerate(lines, start=1):
        _read_line(read, position, line)


def _read_line(read: _Read, position: int, line: object) -> None:
    assert read.lines is not None
    name = f"#{position}"
    if not isinstance(line, dict):
        # §1 "A line that is no object, also `null`, is a problem of `line[#N]`; its facts are …"
        read.lines.append(name)
        path = f"line[{name}]"
        read.problem(path, "type")
        read.bad_groups.add(path)
        for fact in LINE_FACTS:
            read.fact(f"{path}.{fact}", Bad("type"), None)
        for group, forms in LINE_GROUPS.items():
            read.bad_groups.add(f"{path}.{group}")
            for fact in forms:
                read.fact(f"{path}.{group}.{fact}", Bad("type"), None)
        return
    # "A line whose `id` is absent, bad, of the form `#` and digits, or taken by an earlier line is
    # called `#N` (its position, from 1), is a problem of `line[#N].id`"
    identifier = _json_value("text", line.get("id"))
    # AMBIGUOUS: digits are 0-9 (taken), or of any script.
    if (
        isinstance(identifier, str)
        and not re.fullmatch(r"#[0-9]+", identifier)
        and identifier not in read.lines
    ):
        name = identifier
    else:
        # AMBIGUOUS: a bad id is one problem of code `line_id` (taken), or of code `type`/`form`,
        # or both.
        read.problem(f"line[{name}].id", "line_id")
    read.lines.append(name)
    path = f"line[{name}]"
    for fact, form in LINE_FACTS.items():
        read.fact(f"{path}.{fact}", form, line.get(fact))
    for group, forms in LINE_GROUPS.items():
        read.group(f"{path}.{group}", line.get(group), forms)


# --------------------------------------------------------------------------------------------
# §5 the register
# --------------------------------------------------------------------------------------------

COLUMNS: dict[str, dict[str, str]] = {
    "senders.csv": {
        "organisation_number": "organisation_number",
        "name": "text",
        "efaktura_b2c_agreement": "yes_no",
        "legacy_vipps_agreement": "yes_no",
        "vipps_declined": "yes_no",
        "autopay": "yes_no",
        "complete_for": "text",
    },
    "recipients.csv": {
        "sender": "organisation_number",
        "customer_number": "text",
        "kind": "recipient_kind",
        "name": "text",
        "street": "text",
        "postal_code": "text",
        "city": "text",
        "country": "text",
        "mobile": "mobile",
        "email": "email",
        "efaktura": "yes_no",
        "vipps": "yes_no",
    },
    "services.csv": {"sender": "organisation_number", "service": "text", "kind": "line_kind"},
    "evidence.csv": {
        "sender": "organisation_number",
        "customer_number": "text",
        "service": "text",
        "kind": "evidence_kind",
        "given": "yes_no",
        "from": "date",
        "withdrawn": "date",
        "informed": "yes_no",
        "explicit": "yes_no",
        "amount": "money",
        "amount_with_vat": "money",
        # AMBIGUOUS: a rate has the form of money, from 0 (taken), or may have more decimals or be
        # negative; the contract only says "percent".
        "vat_rate": "money",
        "currency": "currency",
        "reference": "text",
        "recorded_by": "text",
        "recorded_on": "date",
    },
}

# "A row with … no key, `kind` or `from`" is a bad row.
# AMBIGUOUS: a recipient without a kind is a good row, the kind being no more than unknown (taken:
# `kind` is needed where it says what a row is about), or is bad too, read to the letter.
NEEDED = {
    "senders.csv": ("organisation_number",),
    "recipients.csv": ("sender", "customer_number"),
    "services.csv": ("sender", "service", "kind"),
    "evidence.csv": ("sender", "customer_number", "kind", "from"),
}

Row = dict[str, Value]


@dataclass(frozen=True)
class Entry:
    """One entry of evidence: the last of the rows that agree in the key and `from`."""

    start: date
    given: bool
    withdrawn: date | None
    informed: Value
    explicit: Value
    amount: Decimal | None
    currency: str
    reference: str | None

    def started(self, day: date) -> bool:
        return self.start <= day

    def ended(self, day: date) -> bool:
        """Whether it is withdrawn on or before the day ("`withdrawn` is the day it ended")."""
        return self.withdrawn is not None and self.withdrawn <= day

    def in_force(self, day: date) -> bool:
        # AMBIGUOUS: "in force" is about `from` and `withdrawn` alone (taken), or an established
        # *no* is never in force.
        return self.started(day) and not self.ended(day)


@dataclass
class Register:
    """The evidence register of §5."""

    senders: dict[Value, Row] = field(default_factory=dict)
    complete_for: dict[Value, frozenset[str]] = field(default_factory=dict)
    recipients: dict[tuple[Value, Value], Row] = field(default_factory=dict)
    services: dict[tuple[Value, Value], Row] = field(default_factory=dict)
    # by sender, customer number, kind and service (ABSENT: without one), then by `from`
    entries: dict[tuple[Value, Value, Value, Value], dict[date, Entry]] = field(
        default_factory=dict
    )

    @classmethod
    def load(cls, folder: Path) -> "Register":
        """Read a folder; a bad row is a ValueError with `file:line:column`."""
        register = cls()
        # "Of rows with one key in the other files the last counts, whole."
        for row in _rows(folder, "senders.csv"):
            number = row["organisation_number"]
            register.senders[number] = row
            words = str(row["complete_for"]).split(" ") if row["complete_for"] != ABSENT else []
            register.complete_for[number] = frozenset(words) - {""}
        for row in _rows(folder, "recipients.csv"):
            register.recipients[row["sender"], row["customer_number"]] = row
        for row in _rows(folder, "services.csv"):
            register.services[row["sender"], row["service"]] = row
        # "Rows that agree in sender, customer number, service, kind and `from` are one entry: the
        # last of them, whole."
        for row in _rows(folder, "evidence.csv"):
            key = (row["sender"], row["customer_number"], row["kind"], row["service"])
            entry = _entry(row)
            register.entries.setdefault(key, {})[entry.start] = entry
        # "A missing file has no rows, but no `evidence.csv` while a sender is `complete_for`
        # something is an error."
        if not (folder / "evidence.csv").exists() and any(register.complete_for.values()):
            raise ValueError("evidence.csv: missing, but a sender is complete_for something")
        return register


def _rows(folder: Path, file: str) -> list[Row]:
    path = folder / file
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as handle:
        content = handle.read()
    # AMBIGUOUS: §5 says "CSV" only. A header with more semicolons than commas is semicolon
    # separated (taken).
    heading = content.partition("\n")[0]
    delimiter = ";" if heading.count(";") > heading.count(",") else ","
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    rows: list[Row] = []
    last = 0
    try:
        for cells in reader:
            first, last = last + 1, reader.line_num  # "the row's first line"
            if not cells:
                # AMBIGUOUS: an empty line is no row (taken), or a row of no cells, and so bad.
                continue
            if header is None:
                header = [cell.strip(BLANKS) for cell in cells]
                if len(set(header)) != len(header):
                    # AMBIGUOUS: one column twice is an error (taken), or the last one counts.
                    raise ValueError(f"{file}:{first}:1: a column twice")
                continue
            rows.append(_row(f"{file}:{first}", COLUMNS[file], NEEDED[file], header, cells))
    except csv.Error as error:
        raise ValueError(f"{file}:{last + 1}:1: {error}") from error
    return rows


def _row(
    place: str,
    columns: Mapping[str, str],
    needed: Iterable[str],
    header: list[str],
    cells: list[str],
) -> Row:
    """One row, or the ValueError of "Bad rows"."""
    if len(cells) != len(header):  # "A row with another number of cells than the header"
        raise ValueError(f"{place}:1: another number of cells than the header")
    row: Row = dict.fromkeys(columns, ABSENT)
    for column, (name, cell) in enumerate(zip(header, cells, strict=True), start=1):
        if name not in columns:  # "Unknown columns are ignored"
            continue
        state = _cell_value(columns[name], cell)
        if isinstance(state, Bad):  # "a bad value"
            raise _bad_cell(f"{place}:{column}", name, state)
        row[name] = state
    for name in needed:  # "no key, `kind` or `from`"
        if row[name] == ABSENT:
            raise ValueError(f"{place}:1: no {name}")
    if "complete_for" in row and row["complete_for"] != ABSENT:
        # "`complete_for` lists, separated by spaces, the kinds"
        for word in str(row["complete_for"]).split(" "):
            if word and word not in CHOICES["evidence_kind"]:
                raise ValueError(f"{place}:1: complete_for: no such kind")
    if "from" in row:
        _check_evidence(place, row)
    return row


def _bad_cell(place: str, name: str, bad: Bad) -> ValueError:
    return ValueError(f"{place}: {name}: {bad.code}")


def _check_evidence(place: str, row: Row) -> None:
    # "a service where its kind takes none or none where it needs one":
    # "`agreement`, `claim` (no service), `consent`, `agreed` (a service) or `gift_acceptance` (a
    # service, or none …)"
    if row["kind"] in {"agreement", "claim"} and row["service"] != ABSENT:
        raise ValueError(f"{place}:1: a service where the kind takes none")
    if row["kind"] in {"consent", "agreed"} and row["service"] == ABSENT:
        raise ValueError(f"{place}:1: no service where the kind needs one")
    # "both amounts, or one of `amount_with_vat` and `vat_rate` alone"
    if row["amount"] != ABSENT and row["amount_with_vat"] != ABSENT:
        raise ValueError(f"{place}:1: both amounts")
    if (row["amount_with_vat"] == ABSENT) != (row["vat_rate"] == ABSENT):
        raise ValueError(f"{place}:1: one of amount_with_vat and vat_rate alone")
    if isinstance(row["vat_rate"], Decimal) and row["vat_rate"] < 0:
        raise ValueError(f"{place}:1: a negative rate")


def _entry(row: Row) -> Entry:
    start, withdrawn, amount = row["from"], row["withdrawn"], row["amount"]
    gross, rate, reference = row["amount_with_vat"], row["vat_rate"], row["reference"]
    if isinstance(gross, Decimal) and isinstance(rate, Decimal):
        amount = _without_vat(gross, rate)
    assert isinstance(start, date)
    return Entry(
        start=start,
        given=row["given"] is not False,  # "`given` is yes unless it says no"
        withdrawn=withdrawn if isinstance(withdrawn, date) else None,
        informed=row["informed"],
        explicit=row["explicit"],
        amount=amount if isinstance(amount, Decimal) else None,
        currency=str(row["currency"]) if row["currency"] != ABSENT else "NOK",  # "NOK unless given"
        reference=reference if isinstance(reference, str) else None,
    )


def _without_vat(gross: Decimal, rate: Decimal) -> Decimal:
    """§5 "`amount_with_vat` and `vat_rate` (percent; rounded half up to øre …)"."""
    # AMBIGUOUS: half up of a negative amount goes away from 0 (taken, as Decimal's ROUND_HALF_UP),
    # or towards the greater number.
    net = Fraction(gross) * 100 / (100 + Fraction(rate))
    ore = int(abs(net) * 100 + Fraction(1, 2))  # int() rounds down what is not negative
    return Decimal(-ore if net < 0 else ore).scaleb(-2)


def _counting(kind: str, entries: Mapping[date, Entry], day: date) -> Entry | None:
    """§5 "The entry that counts"."""
    by_age = [entries[start] for start in sorted(entries)]
    started = [entry for entry in by_age if entry.started(day)]
    if kind not in {"consent", "gift_acceptance"}:
        # "for the other kinds the newest that is in force on that day, else the newest from that
        # day or before"
        in_force = [entry for entry in started if entry.in_force(day)]
        started = in_force or started
    if started:  # "the newest entry from that day or before, withdrawn or not"
        return started[-1]
    # §5 "where there is none, the earliest (for `agreement` and `claim` then none)"
    if kind in {"agreement", "claim"} or not by_age:
        return None
    return by_age[0]


EVIDENCE = list[dict[str, str | None]]


def _join(read: _Read, states: dict[str, State], register: Register) -> EVIDENCE:
    """Fill what is absent in the document from the register; the evidence that gave facts."""
    # "A fact in the document wins over the register, also a bad one": only ABSENT is filled.
    # "Where a join key or the day is unknown, the register gives nothing."
    evidence: EVIDENCE = []
    sender = states["sender.organisation_number"]
    if not isinstance(sender, str):
        return evidence
    _fill(states, "sender", register.senders.get(sender, {}))
    for line in read.lines or []:  # "it alone gives a line the kind that the document lacks"
        service = states[f"line[{line}].service"]
        if isinstance(service, str):
            row = register.services.get((sender, service), {})
            if states[f"line[{line}].kind"] == ABSENT and "kind" in row:
                states[f"line[{line}].kind"] = row["kind"]
    customer = states["recipient.customer_number"]
    if not isinstance(customer, str):
        return evidence
    _fill(states, "recipient", register.recipients.get((sender, customer), {}))
    # §4 "line null first, then lines in order, each by `agreement`, `claim`, `consent`,
    # `gift_acceptance`, `agreed`"
    for kind in ("agreement", "claim"):
        entry = _relationship(states, register, (sender, customer), kind)
        if entry is not None:
            evidence.append({"line": None, "kind": kind, "reference": entry.reference})
    for line in read.lines or []:
        for kind in ("consent", "gift_acceptance", "agreed"):
            entry = _line_group(read, states, register, (sender, customer), line, kind)
            if entry is not None:
                evidence.append({"line": line, "kind": kind, "reference": entry.reference})
    return evidence


def _fill(states: dict[str, State], group: str, row: Mapping[str, Value]) -> None:
    for name in GROUPS[group]:
        if states[f"{group}.{name}"] == ABSENT and name in row:
            states[f"{group}.{name}"] = row[name]


def _day(states: Mapping[str, State], kind: str) -> date | None:
    """§5 "on the issue date for `agreed`, else on the send date"; None where it is unknown."""
    day = states["invoice.issue_date" if kind == "agreed" else "invoice.send_date"]
    return day if isinstance(day, date) else None


def _relationship(
    states: dict[str, State], register: Register, keys: tuple[str, str], kind: str
) -> Entry | None:
    path = f"relationship.{kind}"
    day = _day(states, kind)
    if states[path] != ABSENT or day is None:
        return None
    entry = _counting(kind, register.entries.get((*keys, kind, ABSENT), {}), day)
    if entry is not None:
        # "its `given` if it is not withdrawn on or before the day, else no"
        states[path] = entry.given and not entry.ended(day)
    elif kind in register.complete_for.get(keys[0], frozenset()):
        # "no entry then means *no*"
        # AMBIGUOUS: an agreement that only begins after the day is "then none", and so no entry,
        # *no* under `complete_for` (taken), or an entry exists and the fact is unknown.
        states[path] = False
    return entry


def _line_group(
    read: _Read,
    states: dict[str, State],
    register: Register,
    keys: tuple[str, str],
    line: str,
    kind: str,
) -> Entry | None:
    # "come whole from the document if the group is bad there or has a key that is not absent, else
    # whole from the register"
    # AMBIGUOUS: a key that the table does not know is ignored here too (taken), or is a key that
    # is not absent. (A bad value is not absent.)
    path = f"line[{line}].{kind}"
    facts = [f"{path}.{name}" for name in LINE_GROUPS[kind]]
    if path in read.bad_groups or any(states[fact] != ABSENT for fact in facts):
        return None
    service, day = states[f"line[{line}].service"], _day(states, kind)
    # AMBIGUOUS: where the line's service is unknown a join key is, also for a gift acceptance of
    # all of the sender's (taken), or an acceptance without service then counts.
    if not isinstance(service, str) or day is None:
        return None
    entries = register.entries.get((*keys, kind, service), {})
    if kind == "gift_acceptance" and not entries:
        # "entries with the line's service go first, those without count only where there are none"
        # AMBIGUOUS: none at all (taken), or none from the day or before.
        entries = register.entries.get((*keys, kind, ABSENT), {})
    entry = _counting(kind, entries, day)
    if entry is None:
        if kind in register.complete_for.get(keys[0], frozenset()):
            states[f"{path}.given"] = False  # "no entry then means *no* (`given` no)"
        return None
    states[f"{path}.given_on"] = entry.start
    if kind == "agreed":
        # "the same for `agreed.given`, and `given_on`, and `amount`, which is unknown unless the
        # entry's currency is the invoice's, both known"
        states[f"{path}.given"] = entry.given and not entry.ended(day)
        if entry.amount is not None and states["invoice.currency"] == entry.currency:
            states[f"{path}.amount"] = entry.amount
        return entry
    # "`consent` and `gift_acceptance`: `given`, `given_on` = `from`, `withdrawn_on`, `informed`,
    # `explicit`"
    states[f"{path}.given"] = entry.given
    states[f"{path}.withdrawn_on"] = ABSENT if entry.withdrawn is None else entry.withdrawn
    if kind == "consent":
        states[f"{path}.informed"] = entry.informed
        states[f"{path}.explicit"] = entry.explicit
    return entry


# --------------------------------------------------------------------------------------------
# §1 what absence means
# --------------------------------------------------------------------------------------------


def _facts(read: _Read, as_of: date, register: Register | None) -> tuple[Facts, EVIDENCE]:
    """Every fact in the order of §2, None where it is unknown."""
    states = dict(read.states)
    # "absent means … the screening date (`--as-of`, else today)"; a bad one stays unknown.
    if states["invoice.send_date"] == ABSENT:
        states["invoice.send_date"] = as_of
    evidence = _join(read, states, register) if register is not None else []
    meanings: dict[str, Value] = {
        "invoice.kind": "invoice",
        "invoice.attachments": 0,
        "sender.vipps_declined": False,
        "sender.autopay": False,
    }
    facts: Facts = {}
    for group, forms in GROUPS.items():
        for name in forms:
            path = f"{group}.{name}"
            facts[path] = _known(states[path], meanings.get(path))
    # In the table `invoice.lines[]` stands behind `relationship.claim`, before the lines' facts.
    facts["invoice.lines"] = None if read.lines is None else len(read.lines)
    for line in read.lines or []:
        names = list(LINE_FACTS)
        names += [f"{group}.{name}" for group, forms in LINE_GROUPS.items() for name in forms]
        for name in names:
            never = NEVER if name.endswith(".withdrawn_on") else None
            facts[f"line[{line}].{name}"] = _known(states[f"line[{line}].{name}"], never)
    return facts, evidence


def _known(state: State, meaning: Value | None) -> Value | None:
    """§1 "the fact is **unknown, also where the table gives absence a meaning**"."""
    if isinstance(state, Bad):
        return None
    return meaning if state == ABSENT else state


# --------------------------------------------------------------------------------------------
# §2 Logic
# --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Condition:
    """A condition's outcome, None being unknown, and its missing facts, empty where it is known."""

    outcome: bool | None
    missing: frozenset[str] = frozenset()


def _all(*parts: Condition) -> Condition:
    """§2 "`all` is false if one part is false, else unknown if one is unknown"."""
    if any(part.outcome is False for part in parts):
        return Condition(outcome=False)
    unknown = [part for part in parts if part.outcome is None]
    if unknown:
        # "the unknown facts of its unknown leaves whose ancestors are all unknown"
        return Condition(None, frozenset().union(*(part.missing for part in unknown)))
    return Condition(outcome=True)


def _not(part: Condition) -> Condition:
    """§2 "`not unknown` is unknown"."""
    return part if part.outcome is None else Condition(not part.outcome)


def _any(*parts: Condition) -> Condition:
    """§2 "`any` is its mirror"."""
    return _not(_all(*(_not(part) for part in parts)))


def _compare(facts: Facts, test: Callable[..., bool], *paths: str) -> Condition:
    """§2 "a comparison with an unknown fact is unknown"; "of two unknown facts names both"."""
    unknown = frozenset(path for path in paths if facts[path] is None)
    if unknown:
        return Condition(None, unknown)
    return Condition(test(*(facts[path] for path in paths)))


def _is(facts: Facts, path: str, *words: Value) -> Condition:
    return _compare(facts, lambda value: value in words, path)


def _yes(facts: Facts, path: str) -> Condition:
    return _compare(facts, lambda value: value is True, path)


def _is_known(facts: Facts, path: str) -> Condition:
    """§2 "`known` asks whether a fact is there, and is never unknown"; a bad value is not there."""
    return Condition(facts[path] is not None)


def _on_or_before(facts: Facts, first: str, last: str) -> Condition:
    """§2 "A date that means *never* is never reached, not even by 9999-12-31"."""
    # AMBIGUOUS: never against an unknown day is unknown (taken: "a comparison with an unknown fact
    # is unknown"), or false. No output tells, as `given_on` is compared with the same day.
    return _compare(facts, lambda one, other: one is not NEVER and one <= other, first, last)


def _in_order(facts: Facts, missing: Iterable[str]) -> list[str]:
    """§2 "in the order of that table; facts of a line come after all others, line by line"."""
    places = {path: place for place, path in enumerate(facts)}
    return sorted(set(missing), key=places.__getitem__)


# --------------------------------------------------------------------------------------------
# §3 the rule book that ships
# --------------------------------------------------------------------------------------------

SEND, ISSUE = "invoice.send_date", "invoice.issue_date"
NEW_VIPPS = date(2018, 12, 20)


def _unconsented_subscription(facts: Facts, line: str) -> Condition:
    consent = f"line[{line}].consent"
    return _all(
        _is(facts, f"line[{line}].kind", "subscription"),
        _not(
            _all(
                _yes(facts, f"{consent}.given"),
                _yes(facts, f"{consent}.informed"),
                _yes(facts, f"{consent}.explicit"),
                _on_or_before(facts, f"{consent}.given_on", SEND),
                _not(_on_or_before(facts, f"{consent}.withdrawn_on", SEND)),
            )
        ),
    )


def _unsolicited_gift_request(facts: Facts, line: str) -> Condition:
    acceptance = f"line[{line}].gift_acceptance"
    return _all(
        _is(facts, f"line[{line}].kind", "gift_request"),
        _not(
            _all(
                _yes(facts, f"{acceptance}.given"),
                _on_or_before(facts, f"{acceptance}.given_on", SEND),
                _not(_on_or_before(facts, f"{acceptance}.withdrawn_on", SEND)),
            )
        ),
    )


def _unagreed_upgrade(facts: Facts, line: str) -> Condition:
    agreed, amount = f"line[{line}].agreed", f"line[{line}].amount"
    return _all(
        _is(facts, f"line[{line}].kind", "goods", "service", "subscription"),
        _compare(facts, lambda value: value > 0, amount),
        _not(
            _all(
                _yes(facts, f"{agreed}.given"),
                _on_or_before(facts, f"{agreed}.given_on", ISSUE),
                _compare(facts, lambda most, asked: most >= asked, f"{agreed}.amount", amount),
            )
        ),
    )


LINE_RULES = {
    "unagreed-upgrade": _unagreed_upgrade,
    "unconsented-subscription": _unconsented_subscription,
    "unsolicited-gift-request": _unsolicited_gift_request,
}


def _prohibitions(facts: Facts, lines: list[str] | None) -> dict[str, tuple[Condition, list[str]]]:
    """Each prohibition's outcome, and the lines it is about, by rule id."""
    # §3 "Only an `invoice` is a payment demand; a `credit_note` breaks no prohibition."
    # AMBIGUOUS: a credit note whose lines are unknown breaks none (taken, by `all`), or its line
    # rules are unknown ("a line rule on an invoice whose lines are unknown is `unknown`").
    demand = _is(facts, "invoice.kind", "invoice")
    related = _any(_yes(facts, "relationship.agreement"), _yes(facts, "relationship.claim"))
    found = {"no-creditor-relationship": (_all(demand, _not(related)), list[str]())}
    for rule, holds in LINE_RULES.items():
        if lines is None:
            # §2 "a condition over lines is … unknown where the lines are"
            unknown = Condition(None, frozenset({"invoice.lines"}))
            found[rule] = (_all(demand, unknown), [])
            continue
        # §4 "with the ids of the lines for which the rule, read for that line alone, is so"
        alone = {line: _all(demand, holds(facts, line)) for line in lines}
        whole = _all(demand, _any(*(holds(facts, line) for line in lines)))
        found[rule] = (whole, [line for line in lines if alone[line].outcome is whole.outcome])
    return found


def _channels(facts: Facts) -> dict[str, Condition]:
    """§3 the channels, in their order."""
    person = _is(facts, "recipient.kind", "person")
    b2c = _yes(facts, "sender.efaktura_b2c_agreement")
    mobile = _is_known(facts, "recipient.mobile")
    vipps = _yes(facts, "recipient.vipps")
    # §2 "`from` (that day included) and `before` (that day excluded), on the send date. A rule's
    # outcome is *in force and `when`*; a channel that has several rules is eligible when *any* …"
    new = _compare(facts, lambda day: day >= NEW_VIPPS, SEND)
    old = _compare(facts, lambda day: day < NEW_VIPPS, SEND)
    return {
        "efaktura": _all(person, b2c, _yes(facts, "recipient.efaktura")),
        "vipps_regning": _any(
            _all(
                old,
                person,
                _yes(facts, "sender.legacy_vipps_agreement"),
                mobile,
                vipps,
                _compare(facts, lambda count: count == 0, "invoice.attachments"),
            ),
            _all(
                new,
                person,
                b2c,
                _not(_yes(facts, "sender.vipps_declined")),
                mobile,
                vipps,
                _is(facts, "invoice.kind", "invoice"),
                _compare(
                    facts,
                    lambda due, send: 3 <= (due - send).days <= 365,
                    "invoice.due_date",
                    SEND,
                ),
            ),
        ),
        "paper": Condition(outcome=True),
    }


def _advice(facts: Facts) -> list[dict[str, object]]:
    """§3 advice by rule id, without `suggested-kind` (what words suggest is not in the contract)."""
    advice: list[dict[str, object]] = []
    names = ("name", "street", "postal_code", "city")
    address = [path for path in (f"recipient.{name}" for name in names) if facts[path] is None]
    if address:
        advice.append({"rule": "incomplete-recipient", "missing": address})
    if facts["recipient.mobile"] is None:
        advice.append({"rule": "missing-mobile", "missing": ["recipient.mobile"]})
    return advice


# --------------------------------------------------------------------------------------------
# §4 Decision
# --------------------------------------------------------------------------------------------


def decide(
    document_text: str,
    *,
    file: str,
    position: int,
    as_of: date,
    register: Register | None = None,
) -> Decision | None:
    """Give the decision of §4 without texts and rule book; None for an unreadable document."""
    document = _parse(document_text)
    if document is None:
        return None
    read = _read(document)
    facts, evidence = _facts(read, as_of, register)
    scope = _is(facts, "recipient.kind", "person")
    found = _prohibitions(facts, read.lines)
    holds = any(condition.outcome is True for condition, _ in found.values())
    unknown = [condition for condition, _ in found.values() if condition.outcome is None]
    channels = _channels(facts)
    decision, missing, attempts = "send", list[str](), list[str]()
    if scope.outcome is False:  # 1. "when the recipient is not a person"
        decision = "out_of_scope"
    elif scope.outcome is True and holds:  # 2.
        decision = "block"
    elif scope.outcome is None or unknown:
        # 3. "when scope or a prohibition is unknown (or a prohibition holds while scope is …)"
        decision = "hold"
        # "what scope and the unknown prohibitions miss, without repeats, in the order of §2"
        missing = _in_order(facts, _union([scope, *unknown]))
    else:
        # 4. "the channels that are not ineligible, in order, up to and with the first that is
        # certainly eligible"
        for channel, eligible in channels.items():
            if eligible.outcome is not False:
                attempts.append(channel)
            if eligible.outcome is True:
                break
    scoped = scope.outcome is not False  # "then `findings`, `channels` and `advice` are empty"
    number = facts["invoice.number"]
    return {
        "invoice": number,  # "the number or null"
        "document": {"file": file, "position": position},
        "decision": decision,
        "channel": attempts[-1] if attempts else None,
        "attempts": attempts,
        "missing": missing,
        "findings": [
            {
                "rule": rule,
                "outcome": "unknown" if condition.outcome is None else "holds",
                "lines": lines,
                "missing": _in_order(facts, condition.missing),
            }
            for rule, (condition, lines) in sorted(found.items())  # "by rule id"
            if scoped and condition.outcome is not False
        ],
        "channels": [
            {
                "channel": channel,
                "eligible": condition.outcome,
                "missing": _in_order(facts, condition.missing),
            }
            for channel, condition in channels.items()
            if scoped
        ],
        "advice": _advice(facts) if scoped else [],
        "problems": [{"fact": fact, "code": code} for fact, code in read.problems],
        "evidence": evidence if scoped else [],  # "Empty when out of scope."
        "as_of": as_of.isoformat(),
    }


def _union(conditions: Iterable[Condition]) -> frozenset[str]:
    return frozenset().union(*(condition.missing for condition in conditions))


def lines_without_kind(
    document_text: str, *, as_of: date, register: Register | None = None
) -> list[str]:
    """Name the lines whose kind is not known: only these can get the advice `suggested-kind`."""
    document = _parse(document_text)
    if document is None:
        return []
    read = _read(document)
    facts, _ = _facts(read, as_of, register)
    return [line for line in read.lines or [] if facts[f"line[{line}].kind"] is None]


# --------------------------------------------------------------------------------------------
# §3 `fakturavakt agreements`
# --------------------------------------------------------------------------------------------

BENEFITS = (
    "one_agreement",
    "ordinary_payment_route",
    "attachments",
    "balance_shown",
    "same_price",
)


def agreements(
    documents: Iterable[str],
    *,
    as_of: date,
    register: Register | None = None,
    senders_of_register: bool = False,
) -> list[Decision]:
    """Give the objects of `fakturavakt agreements` without texts and rule book, by sender."""
    # AMBIGUOUS: the senders are those of the documents (taken), or also those of `senders.csv`
    # that no document has (`senders_of_register`).
    # AMBIGUOUS: a document whose organisation number is unknown gives no object (taken: objects
    # are by organisation number), or one with `sender` null.
    said: dict[str, list[_Read]] = {}
    for text in documents:
        document = _parse(text)
        if document is None:
            continue
        read = _read(document)
        number = read.states["sender.organisation_number"]
        if isinstance(number, str):
            said.setdefault(number, []).append(read)
    if senders_of_register and register is not None:
        for number in register.senders:
            said.setdefault(str(number), [])
    return [_agreement(number, said[number], as_of, register) for number in sorted(said)]


def _agreement(number: str, reads: list[_Read], as_of: date, register: Register | None) -> Decision:
    facts: Facts = {}
    problems: list[dict[str, str]] = []
    row = register.senders.get(number, {}) if register is not None else {}
    # AMBIGUOUS: `problems` has those of every fact of the sender, also of its name (taken), or
    # only of the facts that the table of actions reads.
    for name in GROUPS["sender"]:
        path = f"sender.{name}"
        states = [read.states[path] for read in reads if read.states[path] != ABSENT]
        codes = list(dict.fromkeys(state.code for state in states if isinstance(state, Bad)))
        values = {state for state in states if not isinstance(state, Bad)}
        # "Documents that disagree on a sender's fact make it unknown, with a problem `conflict`."
        # AMBIGUOUS: a document that is silent disagrees with none (taken), or says what its absence
        # means or what the register gives it.
        # AMBIGUOUS: one bad value makes the fact unknown for the sender (taken), or the other
        # documents' value counts.
        if len(values) > 1:
            codes.append("conflict")
        problems.extend({"fact": path, "code": code} for code in codes)
        if codes:
            facts[path] = None
            continue
        state = values.pop() if values else row.get(name, ABSENT)
        meaning = False if name in {"vipps_declined", "autopay"} else None
        facts[path] = _known(state, meaning)
    b2c = _yes(facts, "sender.efaktura_b2c_agreement")
    legacy = _yes(facts, "sender.legacy_vipps_agreement")
    declined = _yes(facts, "sender.vipps_declined")
    rows = {
        "none": _all(b2c, legacy),
        "vipps_declined": _all(b2c, _not(legacy), declined),
        "vipps_included": _all(b2c, _not(legacy), _not(declined)),
        "sign_b2c_agreement": _all(_not(b2c), legacy),
        "no_agreement": _all(_not(b2c), _not(legacy)),
    }
    # "one of them unknown | `unknown`, with `missing`"
    # AMBIGUOUS: what the rows that are unknown miss (taken: then an unreadable `vipps_declined` of
    # a sender with eFaktura alone is `unknown` too), or only which of the two agreements is.
    action = next((name for name, row in rows.items() if row.outcome is True), "unknown")
    missing = _in_order(facts, _union(rows.values())) if action == "unknown" else []
    benefits: list[str] = []
    if action == "vipps_included":  # "all five for `vipps_included`"
        benefits = list(BENEFITS)
    elif action == "none":  # "all but the first for `none`"
        benefits = list(BENEFITS[1:])
    route = None
    autopay = facts["sender.autopay"]
    if benefits and autopay is not None:
        # AMBIGUOUS: where `sender.autopay` is unknown the route is null (taken), or `ordinary`.
        route = "autopay" if autopay else "ordinary"
    notified: bool | None = action in {"vipps_included", "sign_b2c_agreement"}
    return {
        "sender": number,
        "action": action,
        "on": NEW_VIPPS.isoformat(),
        "notified_by_email": None if action == "unknown" else notified,  # "–"
        "benefits": benefits,
        "payment_route": route,
        "missing": missing,
        "problems": problems,
        "as_of": as_of.isoformat(),
    }
