"""The samples decide as their README says, on every engine, and cover what there is to cover."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from fakturavakt import Decision, screen
from fakturavakt.agreements import sender_agreements
from fakturavakt.decision import Verdict
from fakturavakt.engines.choose import EngineName, choose_engine, durable_rules_can_run
from fakturavakt.intake.documents import RawDocument
from fakturavakt.intake.register import Register
from fakturavakt.intake.sources import find_files
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.screening import Screening

SAMPLES = Path(__file__).parents[1] / "samples"
AS_OF = date(2021, 2, 2)
ENGINES: list[EngineName] = ["reference", *(["durable"] if durable_rules_can_run() else [])]  # type: ignore[list-item]


def promised() -> list[tuple[str, int, str, str | None]]:
    """The table of the README: file, position, decision, channel."""
    rows = re.findall(
        r"^\| (\S+\.\S+) \| (\d+) \| .* \| (\w+) \| (\w*) ?\|$",
        (SAMPLES / "README.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return [
        (file, int(position), verdict, channel or None) for file, position, verdict, channel in rows
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_samples_decide_as_their_readme_says(engine: EngineName) -> None:
    """Every document has its row, and every row its document."""
    answers = screen([SAMPLES], evidence=SAMPLES / "evidence", as_of=AS_OF, engine=engine)
    found = []
    for answer in answers:
        assert isinstance(answer, Decision)
        name = Path(answer.document.file).name
        found.append((name, answer.document.position, answer.decision.value, answer.channel))
    assert found == promised()


def test_every_decision_and_channel_occurs() -> None:
    """At least twelve documents; UBL, JSON, NDJSON, CSV and gzip."""
    rows = promised()
    assert len(rows) >= 12
    assert {verdict for _, _, verdict, _ in rows} == {verdict.value for verdict in Verdict}
    channels = {channel.name for channel in load_rulebook().channels}
    assert {channel for *_, channel in rows if channel} == channels
    endings = {Path(file).suffix for file, *_ in rows}
    assert endings == {".xml", ".json", ".ndjson", ".csv", ".gz"}


def test_every_action_of_the_migration_occurs() -> None:
    """One sender for each row of the migration, and one that is unknown."""
    book = load_rulebook()
    register = Register.load(SAMPLES / "evidence")
    engine = choose_engine(book, "reference", lambda _: None)
    run = Screening(book, AS_OF, engine, "nb", register)
    files = find_files([str(SAMPLES)], SAMPLES / "evidence").files
    facts = [
        run.reader.read(document).facts
        for document in run.documents(files)
        if isinstance(document, RawDocument)
    ]
    answers = sender_agreements(facts, book, AS_OF, "nb", lambda _: None)
    assert book.migration is not None
    expected = {row.action for row in book.migration.rows} | {"unknown"}
    assert {answer.action for answer in answers} == expected


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.xml")), ids=lambda path: path.name)
def test_amounts_of_ubl_samples_add_up(path: Path) -> None:
    """Lines and charges make the total, the total and VAT the payable amount."""
    root = etree.parse(str(path)).getroot()

    def amounts(expression: str) -> list[Decimal]:
        found = root.xpath(expression, namespaces={k: v for k, v in root.nsmap.items() if k})
        assert isinstance(found, list)
        return [Decimal(str(node.text)) for node in found]  # type: ignore[union-attr]

    (total,) = amounts("cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount")
    lines = amounts("cac:InvoiceLine/cbc:LineExtensionAmount")
    lines += amounts("cac:CreditNoteLine/cbc:LineExtensionAmount")
    assert sum(lines) + sum(amounts("cac:AllowanceCharge/cbc:Amount")) == total
    (vat,) = amounts("cac:TaxTotal/cbc:TaxAmount")
    assert amounts("cac:LegalMonetaryTotal/cbc:PayableAmount") == [total + vat]
