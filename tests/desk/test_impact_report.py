"""What `rules impact` prints: sums that balance, one page complete in itself, and nobody known unasked."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from benchmarks.random_documents import random_documents
from hypothesis import given
from hypothesis import strategies as st
from tests.cli.conftest import CONTRACT_DOCUMENT, changed
from tests.desk.test_impact_run import EDITS, edited_book, screening

from fakturavakt.desk.impact import CHANGES, Effect, Impact
from fakturavakt.desk.impact_page import page
from fakturavakt.desk.impact_plots import BUCKETS_MAX, bucketed
from fakturavakt.desk.impact_report import as_json, text_lines
from fakturavakt.desk.impact_run import ImpactRun
from fakturavakt.desk.impact_samples import ToldSample, told_sample
from fakturavakt.desk.impact_words import Occasion
from fakturavakt.rulebook.loader import load_rulebook

AS_OF = date(2021, 2, 2)
PERSONAL = {
    "invoice": {"number": "FAKT-98431", "payment_reference": "1234567897"},
    "recipient": {
        "customer_number": "KUNDE-77",
        "name": "Kari Nordmann",
        "street": "Storgata 19",
        "city": "Vågåmo",
        "mobile": "+4791234567",
        "email": "kari@nordmann.example",
    },
}
# What is asked about a person is seen in the samples.
NOSY = (
    "prohibitions/unagreed-upgrade.yaml",
    "    - payment-demand",
    """    - not: {recipient.name: Kari Nordmann}
    - recipient.mobile: "+4791234567"
    - recipient.street: Storgata 19
    - payment-demand""",
)


def compared(
    folder: Path,
    documents: Sequence[str],
    name: str = "history.ndjson",
    *more: tuple[str, str, str],
) -> tuple[Impact, Occasion]:
    """The shipped rule book and an edit of it, over a history."""
    new = edited_book(folder, *EDITS, *more)
    old = load_rulebook()
    file = folder / name
    file.write_text("\n".join(documents), encoding="utf-8")
    impact = ImpactRun(screening(old), screening(new), [str(file)]).impact()
    return impact, Occasion(("old <&> book", old), ("new", new), AS_OF, 1)


def told(impact: Impact, occasion: Occasion, language: str, *, shown: bool) -> list[ToldSample]:
    """The samples in a language."""
    return [
        told_sample(each, *occasion.books, language, shows_persons=shown) for each in impact.samples
    ]


@pytest.fixture(scope="module")
def random_history(tmp_path_factory: pytest.TempPathFactory) -> tuple[Impact, Occasion]:
    """A few hundred documents, one of which cannot be read."""
    lines = [*random_documents(12, 300), "{broken"]
    return compared(tmp_path_factory.mktemp("history"), lines)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_page_is_complete_in_itself_and_well_formed(
    random_history: tuple[Impact, Occasion], language: str
) -> None:
    """It parses, asks for nothing from anywhere, runs nothing, and has the plots and all sums in it."""
    impact, occasion = random_history
    written = page(impact, occasion, told(impact, occasion, language, shown=False), language)
    root = ET.fromstring(written.removeprefix("<!DOCTYPE html>"))  # noqa: S314 (our own)
    assert root.get("lang") == language
    tags = {each.tag for each in root.iter()}
    assert not tags & {"script", "link", "img", "iframe", "object", "image", "use"}
    assert not re.search(r"https?:|url\(|@import|src=|href=|\bon[a-z]+=", written)
    assert len(root.findall(".//svg[@role='img']")) == 2
    assert "old <&> book" in "".join(root.itertext())
    said = "".join(root.itertext()).replace("\N{NO-BREAK SPACE}", "").replace(",", ".")
    for tally in impact.effects().values():
        for ore in tally.ore.values():
            amount = f"{Decimal(ore) / 100:,.2f}".replace(",", "" if language == "nb" else ".")
            assert not ore or amount in said


def test_sums_balance_in_every_format(random_history: tuple[Impact, Occasion]) -> None:
    """Changes, decisions and weeks each add up to the documents that were decided; money is exact text."""
    impact, occasion = random_history
    found: dict[str, Any] = json.loads(as_json(impact, occasion, [], "en"))
    history = found["history"]
    assert (history["documents"], history["rejected"]) == (301, 1)
    assert history["decided"] + history["rejected"] == history["documents"]
    weeks = [each for week in found["weeks"] for each in week["changes"]]
    for several in (found["changes"], found["decisions"], weeks):
        assert sum(each["documents"] for each in several) == history["decided"]
        for currency in ("NOK", "EUR", None):
            total = sum(
                Decimal(amount["amount"])
                for each in several
                for amount in each["amounts"]
                if amount["currency"] == currency
            )
            ore = sum(tally.ore[currency] for tally in impact.effects().values())
            assert total * 100 == ore
    changed_ones = sum(
        each["documents"] for each in found["changes"] if each["change"] != "unchanged"
    )
    assert sum(each["documents"] for each in found["causes"]) == changed_ones == impact.changed
    lines = text_lines(impact, occasion, [], "en")
    (balance,) = (line for line in lines if " documents in = " in line)
    left, _, right = balance.partition(" documents in = ")
    assert int(left) == sum(int(part.split()[0]) for part in right.split(" + "))


@pytest.mark.parametrize("language", ["nb", "en"])
def test_nobody_is_known_again_unless_asked(tmp_path: Path, language: str) -> None:
    """No name, number or address of a person in any format; the file's name neither."""
    document = changed(line__description="Medlemskap for Ola Hemmelig", line__agreed__given=False)
    for group, values in PERSONAL.items():
        document[group] |= values
    history = [json.dumps(document)] * 3
    impact, occasion = compared(tmp_path, history, "kari-nordmann.ndjson", NOSY)
    assert impact.changed == 3
    secrets = [value for values in PERSONAL.values() for value in values.values()]
    secrets += ["Ola Hemmelig", "kari-nordmann"]
    secrets = [secret for secret in secrets if secret not in NOSY[2]]

    def everything(*, shown: bool) -> str:
        samples = told(impact, occasion, language, shown=shown)
        assert samples
        return (
            "\n".join(text_lines(impact, occasion, samples, language))
            + as_json(impact, occasion, samples, language)
            + page(impact, occasion, samples, language)
        )

    hidden, open_ = everything(shown=False), everything(shown=True)
    assert [secret for secret in secrets if secret in hidden] == []
    assert "•••31" in hidden
    name = occasion.new[1].vocabulary["recipient.name"].label.say(language)
    assert (
        f"{name} = •••" in hidden
    )  # what the rule asks for stands there, what the document says does not
    assert f"{name} = Kari Nordmann" in open_
    for secret in ("FAKT-98431", "kari-nordmann.ndjson"):
        assert open_.count(secret) >= 3


def test_samples_say_what_both_books_saw(tmp_path: Path) -> None:
    """Before and after: decision, message, and the conditions and values that made the difference."""
    impact, occasion = compared(tmp_path, [json.dumps(CONTRACT_DOCUMENT)])
    (sample,) = told(impact, occasion, "en", shown=False)
    assert sample.effect is Effect.NEWLY_SENT
    assert (sample.old.decision.value, sample.new.decision.value) == ("block", "send")
    assert len(sample.old.messages) == 1
    assert sample.new.messages == ()
    (outcome,) = sample.outcomes
    assert (outcome.change.name, outcome.change.old, outcome.change.new) == (
        *("unconsented-subscription", "holds", "not"),
    )
    assert any("line.consent.explicit: yes (line 1): false" in line for line in outcome.old)
    assert any("line.consent.informed: yes (line 1): true" in line for line in outcome.new)


def test_a_history_without_change_says_so(tmp_path: Path) -> None:
    """No plot over time, no reasons, and the sentence that says it."""
    file = tmp_path / "a.ndjson"
    file.write_text(json.dumps(CONTRACT_DOCUMENT), encoding="utf-8")
    book = load_rulebook()
    impact = ImpactRun(screening(book), screening(book), [str(file)]).impact()
    occasion = Occasion(("a", book), ("b", book), AS_OF, 1)
    assert "None of them is decided otherwise." in list(text_lines(impact, occasion, [], "en"))
    written = page(impact, occasion, [], "nb")
    assert "Ingen av dokumentene avgjøres annerledes." in written
    assert "Uke for uke" not in written
    ET.fromstring(written.removeprefix("<!DOCTYPE html>"))  # noqa: S314 (our own)


@given(
    st.dictionaries(
        st.dates().map(lambda day: day - timedelta(days=min(day.weekday(), day.toordinal() - 1))),
        st.dictionaries(st.sampled_from([e.value for e in CHANGES]), st.integers(1, 9)),
        max_size=12,
    )
)
def test_columns_over_time_lose_nothing(weeks: dict[date, dict[str, int]]) -> None:
    """However far apart the weeks lie: few columns, in order, with all that there is between them."""
    _, columns = bucketed(weeks)
    assert len(columns) <= BUCKETS_MAX
    starts = [column.start for column in columns]
    assert starts == sorted(set(starts))
    assert sum(n for c in columns for n in c.numbers.values()) == sum(
        n for numbers in weeks.values() for n in numbers.values()
    )
