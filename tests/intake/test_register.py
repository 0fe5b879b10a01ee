"""The evidence register: what it knows on a day, and every mistake in its files with its place."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakturavakt.intake.register import Answer, EvidenceKind, Register, RegisterError
from fakturavakt.intake.register_evidence import without_vat
from fakturavakt.problems import Place
from fakturavakt.vocabulary.facts import Value

SENDER = "974760673"
OTHER_SENDER = "889640782"
CUSTOMER = "1001"

SENDERS_HEADER = (
    "organisation_number,name,efaktura_b2c_agreement,legacy_vipps_agreement,vipps_declined,"
    "autopay,complete_for"
)
RECIPIENTS_HEADER = (
    "sender,customer_number,kind,name,street,postal_code,city,country,mobile,email,efaktura,vipps"
)
EVIDENCE_HEADER = (
    "sender,customer_number,service,kind,given,from,withdrawn,informed,explicit,amount,"
    "amount_with_vat,vat_rate,currency,reference,recorded_by,recorded_on"
)

Load = Callable[..., Register]


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A register's folder; ``senders`` is the content of ``senders.csv``."""
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / f"{name}.csv").write_bytes(data)
    return folder


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Loads a register of the files given, by name without ``.csv``."""

    def loaded(**files: str | bytes) -> Register:
        return Register.load(write(tmp_path, files))

    return loaded


def mistakes(load: Load, **files: str | bytes) -> list[str]:
    """Each problem of the files as ``file:line:column code``, and each says it in two languages."""
    with pytest.raises(RegisterError) as caught:
        load(**files)
    for problem in caught.value.problems:
        assert problem.say("nb") != problem.say("en")
    return [
        f"{Path(problem.place.file).name}:{problem.place.line}:{problem.place.column} "
        f"{problem.code}"
        for problem in caught.value.problems
    ]


def on(day: str) -> int:
    """A day as the facts have it."""
    return date.fromisoformat(day).toordinal()


def evidence(*rows: str) -> str:
    """An ``evidence.csv`` of the columns that most tests need, for one sender and customer."""
    header = "sender,customer_number,kind,service,from,withdrawn,given,reference"
    return "\n".join([header, *(f"{SENDER},{CUSTOMER},{row}" for row in rows)])


def answer(
    register: Register,
    kind: EvidenceKind,
    day: str,
    service: str | None = "stream",
    currency: str | None = "NOK",
) -> Answer | None:
    """What is known of the one customer on a day."""
    return register.evidence(kind, SENDER, CUSTOMER, service, on(day), currency)


def given_values(
    register: Register, kind: EvidenceKind, day: str, service: str | None = "stream"
) -> Mapping[str, Value] | None:
    """The values of the answer, None where there is none."""
    found = answer(register, kind, day, service)
    return None if found is None else found.values


# --- what the files give -----------------------------------------------------------------------


def test_a_folder_with_none_of_the_files_is_no_register(load: Load) -> None:
    """It is another folder than was meant; in silence, all evidence would be missing."""
    (mistake,) = mistakes(load)
    assert mistake.endswith(":1:1 no-files")


def test_missing_files_have_no_rows(load: Load) -> None:
    """Nothing is known, and nothing is wrong."""
    register = load(services="sender,service,kind\n")
    assert register.senders() == []
    assert register.sender(SENDER) is None
    assert register.recipient(SENDER, CUSTOMER) is None
    assert register.line_kind(SENDER, "stream") is None
    assert not register.knows_customer(SENDER, CUSTOMER)
    assert answer(register, EvidenceKind.CONSENT, "2021-02-01") is None
    assert register.warnings == ()


def test_a_sender_has_the_facts_that_its_row_fills_in(load: Load) -> None:
    """By full name; what is not filled in is not there, and the key and the notes are no facts."""
    register = load(
        senders=f"{SENDERS_HEADER}\n{SENDER},Strøm AS,JA,nei,,1,\n889 640 782,,,,,,",
    )
    entry = register.sender(SENDER)
    assert entry is not None
    assert entry.values == {
        "sender.name": "Strøm AS",
        "sender.efaktura_b2c_agreement": True,
        "sender.legacy_vipps_agreement": False,
        "sender.autopay": True,
    }
    assert (Path(entry.place.file).name, entry.place.line) == ("senders.csv", 2)
    assert register.senders() == [OTHER_SENDER, SENDER]
    other = register.sender(OTHER_SENDER)
    assert other is not None
    assert other.values == {}


def test_a_recipient_has_the_facts_that_its_row_fills_in(load: Load) -> None:
    """A mobile number in the form that facts have; the kind may be left open."""
    register = load(
        recipients=f"{RECIPIENTS_HEADER}\n"
        f"{SENDER},{CUSTOMER},person,Kari Nordmann,Storgata 1,0155,Oslo,NO,912 34 567,a@b.no,0,ja\n"
        f"{SENDER},1002,,,,,,,,,,",
    )
    entry = register.recipient(SENDER, CUSTOMER)
    assert entry is not None
    assert entry.values == {
        "recipient.kind": "person",
        "recipient.name": "Kari Nordmann",
        "recipient.street": "Storgata 1",
        "recipient.postal_code": "0155",
        "recipient.city": "Oslo",
        "recipient.country": "NO",
        "recipient.mobile": "+4791234567",
        "recipient.email": "a@b.no",
        "recipient.efaktura": False,
        "recipient.vipps": True,
    }
    assert register.recipient(OTHER_SENDER, CUSTOMER) is None
    assert register.knows_customer(SENDER, "1002")


def test_the_catalogue_gives_a_line_its_kind(load: Load) -> None:
    """Each sender has its own: the same id of another sender says nothing."""
    register = load(services=f"sender,service,kind\n{SENDER},stream,subscription\n")
    entry = register.line_kind(SENDER, "stream")
    assert entry is not None
    assert entry.values == {"line.kind": "subscription"}
    assert register.line_kind(OTHER_SENDER, "stream") is None


def test_evidence_alone_makes_a_customer_known(load: Load) -> None:
    """A customer number counts as registered where either file has it."""
    register = load(evidence=evidence("claim,,2020-01-01,,,"))
    assert register.knows_customer(SENDER, CUSTOMER)
    assert not register.knows_customer(SENDER, "1002")
    assert not register.knows_customer(OTHER_SENDER, CUSTOMER)


def test_of_rows_with_one_key_the_last_counts_whole(load: Load) -> None:
    """Nothing of the earlier row shines through where the last leaves a cell empty."""
    register = load(
        senders=f"{SENDERS_HEADER}\n{SENDER},Gammel,ja,,,,\n{SENDER},Ny,,,,,",
        recipients=f"sender,customer_number,name,vipps\n{SENDER},1,Kari,ja\n{SENDER},1,,nei",
        services=f"sender,service,kind\n{SENDER},s,goods\n{SENDER},s,service",
        evidence=evidence(
            "agreement,,2020-01-01,2020-06-01,,old", "agreement,,2020-01-01,,nei,new"
        ),
    )
    sender = register.sender(SENDER)
    assert sender is not None
    assert sender.values == {"sender.name": "Ny"}
    recipient = register.recipient(SENDER, "1")
    assert recipient is not None
    assert recipient.values == {"recipient.vipps": False}
    line = register.line_kind(SENDER, "s")
    assert line is not None
    assert line.values == {"line.kind": "service"}
    agreement = answer(register, EvidenceKind.AGREEMENT, "2020-03-01")
    assert agreement is not None
    assert (agreement.values, agreement.reference) == ({"given": False}, "new")
    assert agreement.entry is not None
    assert agreement.entry.line == 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_spreadsheets_file_is_read_as_it_was_saved(
    load: Load, encoding: str, line_end: str
) -> None:
    """Semicolons, decimal commas, blank rows at the end, trimmed names: as Norwegian Excel saves."""
    rows = [
        " sender ;customer_number;service;kind;from;amount;currency",
        f"{SENDER};Åse;strøm\u00a0;agreed;2020-01-01;1200,25;",
        ";;;;;;",
        " ; ;",
        "",
    ]
    register = load(evidence=line_end.join(rows).encode(encoding))
    found = register.evidence(EvidenceKind.AGREED, SENDER, "Åse", "strøm", on("2020-01-01"), "NOK")
    assert found is not None
    assert found.values == {"given": True, "given_on": on("2020-01-01"), "amount": 120025}


def test_an_unknown_column_is_named_once_and_not_used(load: Load) -> None:
    """One warning a file and column, with the name that was probably meant."""
    register = load(
        evidence=f"sender,customer_number,kind,from,withdrawn_on,note,note\n"
        f"{SENDER},{CUSTOMER},claim,2020-01-01,2020-02-01,a,b\n"
        f"{SENDER},1002,claim,2020-01-01,never,,\n",
        services="sender,service,kind,note\n",
    )
    said = [warning.say("en") for warning in register.warnings]
    assert ["services.csv" in said[0], "note" in said[0]] == [True, True]
    assert ["withdrawn_on" in said[1], "withdrawn?" in said[1], "note" in said[2]] == [True] * 3
    assert len(said) == 3
    assert given_values(register, EvidenceKind.CLAIM, "2021-01-01") == {"given": True}


# --- the entry that counts, and what it gives --------------------------------------------------


@pytest.mark.parametrize("kind", [EvidenceKind.AGREEMENT, EvidenceKind.CLAIM])
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2020-01-09", None),
        ("2020-01-10", {"given": True}),
        ("2020-06-29", {"given": True}),
        ("2020-06-30", {"given": False}),
    ],
)
def test_an_agreement_holds_from_its_first_day_until_the_day_it_is_withdrawn(
    load: Load, kind: EvidenceKind, day: str, expected: Mapping[str, Value] | None
) -> None:
    """The first day is in, the day of withdrawal is out; before the first nothing is known."""
    register = load(evidence=evidence(f"{kind},,2020-01-10,2020-06-30,,"))
    assert given_values(register, kind, day, service=None) == expected


def test_an_older_agreement_counts_while_it_is_in_force(load: Load) -> None:
    """A newer one that has ended does not end the older; when both have, the answer is no."""
    register = load(
        evidence=evidence(
            "agreement,,2019-01-01,2020-09-01,,old", "agreement,,2020-01-01,2020-03-01,,new"
        )
    )
    references = {
        day: (found.reference, found.values["given"])
        for day in ("2019-06-01", "2020-02-29", "2020-03-01", "2020-08-31", "2020-09-01")
        if (found := answer(register, EvidenceKind.AGREEMENT, day))
    }
    assert references == {
        "2019-06-01": ("old", True),
        "2020-02-29": ("new", True),
        "2020-03-01": ("old", True),
        "2020-08-31": ("old", True),
        "2020-09-01": ("new", False),
    }


@pytest.mark.parametrize(
    ("day", "given_on", "withdrawn_on"),
    [
        ("2019-01-01", "2020-01-01", "2020-03-01"),  # none yet: the earliest, still to come
        ("2020-01-01", "2020-01-01", "2020-03-01"),
        ("2020-05-31", "2020-01-01", "2020-03-01"),  # withdrawn, and says so
        ("2020-06-01", "2020-06-01", None),  # given anew
    ],
)
@pytest.mark.parametrize("kind", [EvidenceKind.CONSENT, EvidenceKind.GIFT_ACCEPTANCE])
def test_the_newest_consent_counts_withdrawn_or_not(
    load: Load, kind: EvidenceKind, day: str, given_on: str, withdrawn_on: str | None
) -> None:
    """It gives its own days, and the rules judge them."""
    register = load(
        evidence=evidence(f"{kind},stream,2020-06-01,,,", f"{kind},stream,2020-01-01,2020-03-01,,")
    )
    expected = {"given": True, "given_on": on(given_on)}
    if withdrawn_on:
        expected["withdrawn_on"] = on(withdrawn_on)
    assert given_values(register, kind, day) == expected


def test_a_consent_tells_how_it_was_given_as_far_as_is_known(load: Load) -> None:
    """An empty cell is unknown, not no; a no that somebody established is a no."""
    register = load(
        evidence="sender,customer_number,service,kind,from,given,informed,explicit,reference\n"
        f"{SENDER},{CUSTOMER},a,consent,2020-01-01,,ja,nei,S-1\n"
        f"{SENDER},{CUSTOMER},b,consent,2020-01-01,nei,,,\n"
    )
    found = answer(register, EvidenceKind.CONSENT, "2020-02-01", "a")
    assert found is not None
    assert found.reference == "S-1"
    assert found.values == {
        "given": True,
        "given_on": on("2020-01-01"),
        "informed": True,
        "explicit": False,
    }
    assert given_values(register, EvidenceKind.CONSENT, "2020-02-01", "b") == {
        "given": False,
        "given_on": on("2020-01-01"),
    }
    assert answer(register, EvidenceKind.CONSENT, "2020-02-01", "c") is None
    assert answer(register, EvidenceKind.CONSENT, "2020-02-01", None) is None


def test_an_acceptance_of_the_lines_service_goes_before_a_general_one(load: Load) -> None:
    """Also where the general one is newer, and where the service's own is still to come."""
    register = load(
        evidence=evidence(
            "gift_acceptance,,2020-05-01,,,general", "gift_acceptance,a,2020-08-01,,nei,own"
        )
    )
    for day in ("2020-06-01", "2020-09-01"):
        own = answer(register, EvidenceKind.GIFT_ACCEPTANCE, day, "a")
        general = answer(register, EvidenceKind.GIFT_ACCEPTANCE, day, "b")
        assert own is not None
        assert general is not None
        assert (own.reference, general.reference) == ("own", "general")
    assert answer(register, EvidenceKind.GIFT_ACCEPTANCE, "2020-09-01", None) is None


def test_what_was_agreed_is_the_newest_in_force_with_its_amount(load: Load) -> None:
    """An agreed price that has ended gives way to the older one that still runs."""
    register = load(
        evidence="sender,customer_number,service,kind,from,withdrawn,amount,reference\n"
        f"{SENDER},{CUSTOMER},stream,agreed,2020-01-01,,349.00,base\n"
        f"{SENDER},{CUSTOMER},stream,agreed,2020-03-01,2020-06-01,199.00,campaign\n"
    )
    days = ("2019-12-31", "2020-02-29", "2020-03-01", "2020-05-31", "2020-06-01")
    found = [answer(register, EvidenceKind.AGREED, day) for day in days]
    assert [(one.reference, one.values["amount"]) for one in found if one] == [
        ("base", 34900),
        ("base", 34900),
        ("campaign", 19900),
        ("campaign", 19900),
        ("base", 34900),
    ]


@pytest.mark.parametrize(
    ("entry_currency", "invoice_currency", "amount"),
    [
        ("", "NOK", 10000),
        ("NOK", "NOK", 10000),
        ("EUR", "EUR", 10000),
        ("EUR", "NOK", None),
        ("", "EUR", None),
        ("", None, None),
    ],
)
def test_an_agreed_amount_is_known_in_its_own_currency_only(
    load: Load, entry_currency: str, invoice_currency: str | None, amount: int | None
) -> None:
    """Kroner unless it says otherwise; nothing is converted, and what was agreed stays agreed."""
    register = load(
        evidence="sender,customer_number,service,kind,from,amount,currency\n"
        f"{SENDER},{CUSTOMER},stream,agreed,2020-01-01,100,{entry_currency}\n"
    )
    found = answer(register, EvidenceKind.AGREED, "2020-01-01", "stream", invoice_currency)
    assert found is not None
    assert found.values.get("amount") == amount
    assert found.values["given"] is True


@pytest.mark.parametrize(
    ("cells", "amount"),
    [
        ("436.25,25", 34900),
        ("100,0", 10000),
        ("0.02,300", 1),  # half an øre goes up
        ("-0.02,300", -1),  # and away from zero, as a rebate mirrors a charge
        ('"115,00","15,00"', 10000),
        ("100,25.5", 7968),
        ("9999999999999.99,0.01", 999900009998999),
    ],
)
def test_an_amount_with_vat_is_taken_without_it(load: Load, cells: str, amount: int) -> None:
    """Rounded half up to øre, exactly: the one place that rounds."""
    register = load(
        evidence="sender,customer_number,service,kind,from,amount_with_vat,vat_rate\n"
        f"{SENDER},{CUSTOMER},stream,agreed,2020-01-01,{cells}\n"
    )
    found = answer(register, EvidenceKind.AGREED, "2020-01-01")
    assert found is not None
    assert found.values["amount"] == amount


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 10**15 - 1))
def test_vat_is_taken_off_exactly(ore: int, rate_hundredths: int) -> None:
    """For every amount and rate that can be written, the nearest øre of the exact quotient."""
    exact_enough = Decimal(ore) * 10000 / (10000 + rate_hundredths)
    found = without_vat(ore, rate_hundredths)
    assert abs(found - exact_enough) <= Decimal("0.5")
    assert abs(2 * found * (10000 + rate_hundredths) - 20000 * ore) <= 10000 + rate_hundredths
    if abs(exact_enough) < 10**9:
        assert found == exact_enough.quantize(Decimal(1), ROUND_HALF_UP)


# --- no entry ----------------------------------------------------------------------------------


def test_where_a_register_is_complete_no_entry_means_no(load: Load) -> None:
    """Only for the kinds that the sender names, for any customer; the sender's row says so."""
    register = load(
        senders=f"organisation_number,complete_for\n{SENDER},  claim consent \n{OTHER_SENDER},",
        evidence=evidence("claim,,2020-02-01,,,", "gift_acceptance,x,2020-01-01,,,"),
    )
    no = answer(register, EvidenceKind.CONSENT, "2020-01-01")
    assert no is not None
    assert (no.values, no.reference, no.entry) == ({"given": False}, None, None)
    assert no.complete is not None
    assert (Path(no.complete.file).name, no.complete.line) == ("senders.csv", 2)
    assert answer(register, EvidenceKind.CONSENT, "2020-01-01", None) is None
    assert answer(register, EvidenceKind.CLAIM, "2020-01-31") == no  # the claim is still to come
    assert answer(register, EvidenceKind.AGREEMENT, "2020-01-01") is None
    day = on("2020-01-01")
    assert register.evidence(EvidenceKind.CLAIM, SENDER, "?", None, day, None) == no
    assert register.evidence(EvidenceKind.CLAIM, OTHER_SENDER, "?", None, day, None) is None


def test_a_register_that_is_complete_must_have_its_evidence(load: Load) -> None:
    """A forgotten file would make a *no* of every consent; the sender's cell is where to look."""
    senders = (
        f"organisation_number,complete_for\n{SENDER},consent\n{OTHER_SENDER},\n"
        f"{OTHER_SENDER},agreed\n{SENDER},consent"
    )
    assert mistakes(load, senders=senders) == [
        "senders.csv:4:2 no-evidence",
        "senders.csv:5:2 no-evidence",
    ]


def test_an_evidence_file_without_rows_is_evidence_of_nothing(load: Load) -> None:
    """A header alone is enough to say that there is none."""
    register = load(
        senders=f"organisation_number,complete_for\n{SENDER},consent", evidence=EVIDENCE_HEADER
    )
    assert given_values(register, EvidenceKind.CONSENT, "2021-01-01") == {"given": False}


# --- the entry that counts, as the contract's words say it -------------------------------------


@dataclass(frozen=True)
class EvidenceRow:
    """A row of ``evidence.csv`` as the property below draws it; days are small numbers."""

    kind: EvidenceKind
    service: str
    first: int
    withdrawn: int | None
    given: str
    informed: str
    amount: int | None
    currency: str

    def written(self, number: int) -> str:
        """The row, with its number as reference."""
        days = [day_text(self.first), "" if self.withdrawn is None else day_text(self.withdrawn)]
        amount = "" if self.amount is None else str(self.amount)
        says = [self.given, self.informed, amount, self.currency]
        return ",".join([SENDER, CUSTOMER, self.kind, self.service, *days, *says, str(number)])


def day_text(day: int) -> str:
    """The ``day``-th of May 2020."""
    return f"2020-05-{day:02d}"


@st.composite
def evidence_rows(draw: st.DrawFn) -> EvidenceRow:
    """Rows about few things on few days, so that they meet."""
    kind = draw(st.sampled_from(EvidenceKind))
    services = {
        EvidenceKind.AGREEMENT: [""],
        EvidenceKind.CLAIM: [""],
        EvidenceKind.GIFT_ACCEPTANCE: ["", "a", "b"],
    }
    return EvidenceRow(
        kind,
        draw(st.sampled_from(services.get(kind, ["a", "b"]))),
        draw(st.integers(1, 6)),
        draw(st.none() | st.integers(1, 7)),
        draw(st.sampled_from(["", "ja", "nei"])),
        draw(st.sampled_from(["", "ja", "nei"])),
        draw(st.none() | st.integers(0, 3)),
        draw(st.sampled_from(["", "NOK", "EUR"])),
    )


def the_entry_that_counts(
    kind: EvidenceKind, entries: list[tuple[int, EvidenceRow]], day: int
) -> tuple[int, EvidenceRow] | None:
    """Contract §5, *The entry that counts*, word for word."""

    def newest(some: list[tuple[int, EvidenceRow]]) -> tuple[int, EvidenceRow] | None:
        return max(some, key=lambda entry: entry[1].first, default=None)

    from_then_or_before = [entry for entry in entries if entry[1].first <= day]
    in_force = [
        entry
        for entry in from_then_or_before
        if entry[1].withdrawn is None or entry[1].withdrawn > day
    ]
    earliest = min(entries, key=lambda entry: entry[1].first, default=None)
    if kind in {"consent", "gift_acceptance"}:
        return newest(from_then_or_before) or earliest
    found = newest(in_force) or newest(from_then_or_before)
    return found if kind in {"agreement", "claim"} else found or earliest


def contract_answer(  # one argument for each thing that the answer depends on
    rows: list[EvidenceRow],
    complete_for: set[EvidenceKind],
    kind: EvidenceKind,
    service: str | None,
    day: int,
    currency: str | None,
) -> tuple[Mapping[str, Value], str | None] | None:
    """Contract §5 from *One entry* to *No entry*, in the order of its sentences."""
    if service is None and kind not in {"agreement", "claim"}:
        return None
    about: dict[str, dict[int, tuple[int, EvidenceRow]]] = {}
    for number, row in enumerate(rows):
        if row.kind == kind:
            about.setdefault(row.service, {})[row.first] = (number, row)  # the last of them, whole
    wanted = "" if kind in {"agreement", "claim"} else service or ""
    own = list(about.get(wanted, {}).values())
    if kind == "gift_acceptance":
        own = own or list(about.get("", {}).values())
    counts = the_entry_that_counts(kind, own, day)
    if counts is None:
        return ({"given": False}, None) if kind in complete_for else None
    number, row = counts
    yes = row.given != "nei"
    over = row.withdrawn is not None and row.withdrawn <= day
    values: dict[str, Value] = {"given": yes}
    if kind in {"agreement", "claim", "agreed"}:
        values["given"] = yes and not over
    if kind in {"agreed", "consent", "gift_acceptance"}:
        values["given_on"] = on(day_text(row.first))
    if kind in {"consent", "gift_acceptance"}:
        if row.withdrawn is not None:
            values["withdrawn_on"] = on(day_text(row.withdrawn))
        if row.informed:
            values["informed"] = row.informed == "ja"
    if kind == "agreed" and row.amount is not None and (row.currency or "NOK") == currency:
        values["amount"] = row.amount * 100
    return values, str(number)


@given(
    st.lists(evidence_rows(), max_size=8),
    st.sets(st.sampled_from(EvidenceKind)),
)
def test_every_answer_is_the_contracts(
    rows: list[EvidenceRow], complete_for: set[EvidenceKind]
) -> None:
    """For any rows in any order, every kind, service, day and currency."""
    header = "sender,customer_number,kind,service,from,withdrawn,given,informed,amount,currency,reference"
    files = {
        "senders": f"organisation_number,complete_for\n{SENDER},{' '.join(complete_for)}",
        "evidence": "\n".join([header, *(row.written(n) for n, row in enumerate(rows))]),
    }
    with tempfile.TemporaryDirectory() as folder:
        register = Register.load(write(Path(folder), files))
    for kind in EvidenceKind:
        for service in ("a", "b", None):
            for day in range(1, 8):
                for currency in ("NOK", "EUR", None):
                    found = answer(register, kind, day_text(day), service, currency)
                    expected = contract_answer(rows, complete_for, kind, service, day, currency)
                    assert (found and (found.values, found.reference)) == expected
                    if found and found.reference is not None:
                        place = Place(f"{folder}/evidence.csv", int(found.reference) + 2, 1)
                        assert found.entry == place


# --- bad rows ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param("claim,,01.02.2020,,,,,,", "5 form", id="a date in another form"),
        pytest.param("claim,,2021-02-29,,,,,,", "5 form", id="a day that does not exist"),
        pytest.param("claim,,2021-01-01,soon,,,,,", "6 form", id="withdrawn"),
        pytest.param("claim,,2021-01-01,,kanskje,,,,", "7 form", id="yes or no"),
        pytest.param("agreed,a,2021-01-01,,,1.200,,,", "8 form", id="three decimals are no guess"),
        pytest.param("agreed,a,2021-01-01,,,,1,-25,", "10 form", id="a rate below 0"),
        pytest.param("agreed,a,2021-01-01,,,1,,,kr", "11 form", id="currency"),
        pytest.param("samtykke,,2021-01-01,,,,,,", "3 choice", id="an unknown kind"),
        pytest.param("Claim,,2021-01-01,,,,,,", "3 choice", id="a kind in capitals"),
        pytest.param(",,2021-01-01,,,,,,", "3 no-value", id="no kind"),
        pytest.param("claim,, ,,,,,,", "5 no-value", id="no from"),
        pytest.param("claim,a,2021-01-01,,,,,,", "4 service-not-taken", id="claim of a service"),
        pytest.param("agreement,a,2021-01-01,,,,,,", "4 service-not-taken", id="agreement of one"),
        pytest.param("consent,,2021-01-01,,,,,,", "4 no-service", id="consent to nothing"),
        pytest.param("agreed,,2021-01-01,,,,,,", "4 no-service", id="nothing agreed"),
        pytest.param("agreed,a,2021-01-01,,,1,2,25,", "9 both-amounts", id="both amounts"),
        pytest.param("agreed,a,2021-01-01,,,,2,,", "9 half-amount", id="VAT without its rate"),
        pytest.param("agreed,a,2021-01-01,,,1,,25,", "10 half-amount", id="a rate without its VAT"),
        pytest.param("claim,,2021-01-01,,,,,", "11 cell-count", id="a cell too few"),
        pytest.param("claim,,2021-01-01,,,,,,,", "12 cell-count", id="a cell too many"),
        pytest.param("claim,,2021-01-01,,,,,,,,", "12 cell-count", id="two cells too many"),
        pytest.param("claim", "4 cell-count", id="most cells missing"),
    ],
)
def test_a_bad_row_of_evidence_is_named_by_its_cell(load: Load, row: str, expected: str) -> None:
    """``file:line:column``, where the column is the cell's number, from 1."""
    header = (
        "sender,customer_number,kind,service,from,withdrawn,given,amount,amount_with_vat,"
        "vat_rate,currency"
    )
    assert mistakes(load, evidence=f"{header}\n{SENDER},{CUSTOMER},{row}\n") == [
        f"evidence.csv:2:{expected}"
    ]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"senders": "organisation_number,autopay\n974760674,ja"}, "senders.csv:2:1 check_digit"),
        ({"senders": "name,organisation_number\nA,"}, "senders.csv:2:2 no-value"),
        ({"senders": f"organisation_number,autopay\n{SENDER},x"}, "senders.csv:2:2 form"),
        (
            {"senders": f"organisation_number,complete_for\n{SENDER},consent samtykke"},
            "senders.csv:2:2 choice",
        ),
        (
            {"senders": f"organisation_number,complete_for\n{SENDER},'consent,claim'"},
            "senders.csv:2:3 cell-count",
        ),
        ({"recipients": f"sender,customer_number\n{SENDER},"}, "recipients.csv:2:2 no-value"),
        (
            {"recipients": f"sender,customer_number,kind\n{SENDER},1,Person"},
            "recipients.csv:2:3 choice",
        ),
        (
            {"recipients": f"sender,customer_number,mobile\n{SENDER},1,22 12 34 56"},
            "recipients.csv:2:3 form",
        ),
        (
            {"recipients": f"sender,customer_number,email\n{SENDER},1,kari"},
            "recipients.csv:2:3 form",
        ),
        ({"services": f"sender,service,kind\n{SENDER},s,"}, "services.csv:2:3 no-value"),
        ({"services": f"sender,service,kind\n{SENDER},s,consent"}, "services.csv:2:3 choice"),
        ({"services": "sender,service,kind\n12345,s,goods"}, "services.csv:2:1 form"),
        (
            {"evidence": f"sender,customer_number,kind,from\n{SENDER},1,consent,2020-01-01"},
            "evidence.csv:2:3 no-service",
        ),
        (
            {
                "evidence": "sender,customer_number,kind,from,recorded_on\n"
                f"{SENDER},1,claim,2020-01-01,i går"
            },
            "evidence.csv:2:5 form",
        ),
    ],
)
def test_a_bad_row_of_any_file_is_named_by_its_cell(
    load: Load, files: Mapping[str, str], expected: str
) -> None:
    """Each file by its own columns, wherever they stand."""
    assert expected in mistakes(load, **files)


def test_every_mistake_of_every_file_is_reported_at_once(load: Load) -> None:
    """Also several in one row, and in a row that a later one replaces."""
    found = mistakes(
        load,
        senders=f"organisation_number,autopay,complete_for\n1,?,alt\n{SENDER},ja,",
        recipients="sender;customer_number;vipps\n;;?\n",
        services=f"sender,service,kind\n{SENDER},s,x\n{SENDER},s,goods\n{SENDER},s\n",
        evidence="sender,customer_number,kind,service,from,amount,amount_with_vat\n"
        f'{SENDER},1,agreed,"a\nb",2020-01-01,1,\n'
        f'{SENDER},"1\n2",claim,s,?,1,x\n'
        f"{SENDER},1,claim,,2020-01-01,,\n"
        f'{SENDER},1,claim,,2020-01-01,,"2',
    )
    assert found == [
        "evidence.csv:4:4 service-not-taken",
        "evidence.csv:4:5 form",
        "evidence.csv:4:7 both-amounts",
        "evidence.csv:4:7 form",
        "evidence.csv:4:7 half-amount",
        "evidence.csv:7:1 not-csv",
        "recipients.csv:2:1 no-value",
        "recipients.csv:2:2 no-value",
        "recipients.csv:2:3 form",
        "senders.csv:2:1 form",
        "senders.csv:2:2 form",
        "senders.csv:2:3 choice",
        "services.csv:2:3 choice",
        "services.csv:4:3 cell-count",
    ]


def test_a_mistake_that_comes_again_is_reported_again(load: Load) -> None:
    """Also in rows that are otherwise like a good one: what is alike is only read once."""
    good, bad = "agreed,a,2020-01-01,,,", "agreed,a,01.01.2020,,,"
    assert mistakes(load, evidence=evidence(good, bad, good, bad)) == [
        "evidence.csv:3:5 form",
        "evidence.csv:5:5 form",
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("", "1:1 no-header", id="an empty file"),
        pytest.param("\n \n", "1:1 no-header", id="a file of blank lines"),
        pytest.param("\nsender,kind\n1,2", "2:3 no-column", id="no service"),
        pytest.param("sender,Service,kind\n", "1:4 no-column", id="a name in capitals"),
        pytest.param(f"{SENDER},stream,goods\n", "1:4 no-column", id="no header at all"),
        pytest.param("sender,service,kind,service\n1,2,3,4", "1:4 column-twice", id="twice"),
        pytest.param(b"s\0e\0r\0", "1:1 not-csv", id="NUL"),
        pytest.param("sender,service,kind\n".encode("utf-16"), "1:1 not-csv", id="UTF-16"),
        pytest.param('"sender,service,kind\n', "1:1 not-csv", id="an open quote"),
    ],
)
def test_a_file_that_cannot_be_read_by_its_header_is_one_problem(
    load: Load, content: str | bytes, expected: str
) -> None:
    """Its rows are not judged by columns that may be others."""
    assert mistakes(load, services=content) == [f"services.csv:{expected}"]


def test_a_folder_must_be_one(tmp_path: Path) -> None:
    """A misspelt path is no empty register."""
    (tmp_path / "file").write_text("")
    for name in ("file", "missing"):
        with pytest.raises(RegisterError) as caught:
            Register.load(str(tmp_path / name))
        (problem,) = caught.value.problems
        assert (problem.place.file, problem.code) == (str(tmp_path / name), "no-folder")


def test_a_file_that_is_a_folder_cannot_be_read(load: Load, tmp_path: Path) -> None:
    """It is there, so it is not simply a register without evidence."""
    (tmp_path / "evidence.csv").mkdir()
    assert mistakes(load) == ["evidence.csv:1:1 unreadable"]


def test_no_message_repeats_what_stands_in_a_cell(load: Load) -> None:
    """Names, numbers and addresses are personal data, and messages end in logs."""
    private = "Hemmelig"
    columns = RECIPIENTS_HEADER.split(",")
    rows = [",".join([SENDER, *[private] * (len(columns) - 1)]), f"{private},{private}"]
    with pytest.raises(RegisterError) as caught:
        load(
            recipients="\n".join([RECIPIENTS_HEADER, *rows]),
            evidence="\n".join(
                [EVIDENCE_HEADER, ",".join([private] * 16), f'{private},"{private}']
            ),
            services=f"{private},{private}\n{private},{private}",
            senders=f"{SENDERS_HEADER}\n" + ",".join([private] * 7),
        )
    assert len(caught.value.problems) > 10
    for language in ("nb", "en"):
        assert private not in caught.value.say(language)
    assert private not in str(caught.value)


def test_a_register_shows_nothing_of_its_contents(load: Load) -> None:
    """A register that lands in a log or a traceback must not bring its customers along."""
    register = load(recipients=f"sender,customer_number,name\n{SENDER},1,Hemmelig")
    assert "Hemmelig" not in repr(register)
