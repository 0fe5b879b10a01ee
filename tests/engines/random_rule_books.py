"""Random rule books over the shipped vocabulary, and random documents to try them on.

Rule books are drawn as YAML data and read by the real loader, so that whatever an officer can write can
be drawn here; documents are drawn as contract JSON, good values and bad ones.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, assert_never

import yaml
from hypothesis import strategies as st

from fakturavakt.intake.documents import DocumentSource, RawDocument
from fakturavakt.rulebook.condition_reader import Membership, operators_of
from fakturavakt.rulebook.conditions import Relation
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.shipped import shipped_folder
from fakturavakt.vocabulary.facts import LINES, ORDERED_TYPES, Fact, FactType, Vocabulary
from fakturavakt.vocabulary.forms import JsonNumber

Condition = Any
TEXTS = {"nb": "tekst", "en": "text"}
SOURCE = {"document": "D", "updated": "2021-02-16", "clause": TEXTS}
DAYS = ("2018-12-19", "2018-12-20", "2018-12-21", "2021-02-01", "9999-12-31")
AMOUNTS = ("0", "-1.00", "0.01", "349.00", "349.01", "9999999999999.99")
WORDS = ("abc", "Strømabonnement", "gave til noen", "STI:123 TST:456", "974760673", "NOK")


@cache
def vocabulary() -> Vocabulary:
    """The shipped vocabulary: facts of every type."""
    return load_rulebook().vocabulary


def _constants(fact: Fact) -> st.SearchStrategy[Any]:
    match fact.type:
        case FactType.YES_NO:
            return st.sampled_from(["yes", "no"])
        case FactType.CHOICE:
            return st.sampled_from(fact.choices)
        case FactType.DATE:
            return st.sampled_from(DAYS)
        case FactType.MONEY:
            return st.sampled_from(AMOUNTS)
        case FactType.COUNT:
            return st.sampled_from(["0", "1", "2"])
        case FactType.TEXT:
            return st.sampled_from(WORDS)
        case FactType.CURRENCY:
            return st.sampled_from(["NOK", "EUR"])
        case FactType.ORGANISATION_NUMBER:
            return st.just("974760673")
        case FactType.PAYMENT_REFERENCE:
            return st.just("1234567897")
        case FactType.ACCOUNT:
            return st.just("86011117947")
        case FactType.MOBILE:
            return st.just("91234567")
        case _:
            return st.just("a@b.no")


@st.composite
def tests(draw: st.DrawFn, *, line: bool) -> Condition:
    """A leaf about any fact that may be asked about here."""
    facts = [fact for fact in vocabulary() if fact.name != LINES and (line or not fact.of_line)]
    fact = draw(st.sampled_from(facts))
    if draw(st.integers(0, 9)) == 0:
        return {"known": fact.name}
    if fact.type not in ORDERED_TYPES and draw(st.booleans()):
        return {fact.name: draw(_constants(fact))}
    operators = st.sampled_from(list(operators_of(fact.type)))
    chosen = draw(st.lists(operators, min_size=1, max_size=2, unique=True))
    alike = [each.name for each in facts if each.type is fact.type]
    return {fact.name: {word: draw(_operands(fact, word, alike)) for word in chosen}}


def _operands(fact: Fact, word: str, alike: list[str]) -> st.SearchStrategy[Any]:
    """What may stand behind an operator; ``alike``: the facts of the same type."""
    operator = operators_of(fact.type)[word]
    match operator:
        case Membership.ONE_OF | Membership.NOT_ONE_OF:
            return st.lists(_constants(fact), min_size=1, max_size=3)
        case Membership.HAS_WORD:
            words = st.sampled_from(["*abonnement*", "gave", "sti:*", "x"])
            return st.lists(words, min_size=1, max_size=2)
        case Relation():
            plain = st.one_of(_constants(fact), st.sampled_from(alike))
            if fact.type is not FactType.DATE:
                return plain
            days = st.builds(
                "{} days {} {}".format,
                st.integers(0, 400),
                st.sampled_from(["after", "before"]),
                st.sampled_from(alike),
            )
            return days if word in ("at_least", "at_most") else st.one_of(plain, days)
        case _:
            assert_never(operator)


@st.composite
def conditions(
    draw: st.DrawFn, *, line: bool = False, depth: int = 3, defined: bool = True
) -> Condition:
    """A condition of any form, with lines looked through where that is allowed; ``defined``: it may
    use the definitions of the rule book.
    """
    if depth == 0:
        return draw(tests(line=line))
    forms = ["test", "test", "all", "any", "not", *(["definition"] if defined else [])]
    if not line:
        forms += ["any line", "all lines", "always"]
    match draw(st.sampled_from(forms)):
        case "test":
            return draw(tests(line=line))
        case "definition":
            return "line-definition" if line else "invoice-definition"
        case "not":
            return {"not": draw(conditions(line=line, depth=depth - 1, defined=defined))}
        case "always":
            return "always"
        case ("any line" | "all lines") as quantifier:
            return {quantifier: draw(conditions(line=True, depth=depth - 1, defined=defined))}
        case connective:
            part = conditions(line=line, depth=depth - 1, defined=defined)
            return {connective: draw(st.lists(part, min_size=1, max_size=3))}


def _message(fields: tuple[str, ...]) -> dict[str, str]:
    """A text with the fields that it may have, one of them twice."""
    shown = "".join(f" {{{field}}}" for field in (*fields, *fields[:1]))
    return {"nb": f"«tekst»{shown}.", "en": f"text{shown}."}


def _rule(
    name: str, extra: Mapping[str, object], outcomes: Mapping[str, tuple[str, ...]]
) -> dict[str, object]:
    return {
        "rule": name,
        "title": TEXTS,
        "source": SOURCE,
        **extra,
        "message": {outcome: _message(fields) for outcome, fields in outcomes.items()},
        "remedy": TEXTS,
    }


@st.composite
def windows(draw: st.DrawFn) -> dict[str, object]:
    """No effective window, or one with either end or both."""
    match draw(st.integers(0, 3)):
        case 1:
            return {"effective": {"from": "2018-12-20"}}
        case 2:
            return {"effective": {"before": "2018-12-20"}}
        case 3:
            return {"effective": {"from": "2018-12-20", "before": "2021-02-01"}}
        case _:
            return {}


@dataclass(frozen=True)
class DrawnRuleBook:
    """A rule book and its files; where a property fails, the files are what is printed."""

    book: RuleBook
    files: Mapping[str, list[object]]

    def __repr__(self) -> str:
        return "\n".join(
            f"# {name}\n{yaml.safe_dump_all(documents, allow_unicode=True, sort_keys=False)}"
            for name, documents in self.files.items()
        )


@st.composite
def rule_books(draw: st.DrawFn) -> DrawnRuleBook:
    """A rule book with one to three prohibitions, two channels, an advice and a random scope; now and then a
    rule is on trial, or all of a channel's.
    """
    files: dict[str, list[object]] = {
        "rulebook.yaml": [
            {
                "rulebook": "random",
                "title": TEXTS,
                "languages": ["nb", "en"],
                "source": SOURCE,
                "scope": {"when": draw(conditions(depth=1))},
                "channels": [{"channel": name, "title": TEXTS} for name in ("first", "last")],
            }
        ],
        "definitions/all.yaml": [
            {
                "define": f"{about}-definition",
                "title": TEXTS,
                "when": draw(conditions(line=about == "line", depth=2, defined=False)),
            }
            for about in ("invoice", "line")
        ],
        "prohibitions/all.yaml": [
            _rule(
                f"prohibition-{n}",
                {
                    "then": "prohibit",
                    **draw(STATUSES),
                    **draw(windows()),
                    "when": draw(conditions()),
                },
                {"holds": ("lines",), "unknown": ("lines", "missing")},
            )
            for n in range(draw(st.integers(1, 3)))
        ],
        "channels/all.yaml": [
            {
                "channel": channel,
                **_rule(name, {**status, **window, **PROPERTIES, "when": when}, ELIGIBLE),
            }
            for channel, name, status, window, when in (
                ("first", "first-a", draw(STATUSES), draw(windows()), draw(conditions(depth=2))),
                ("first", "first-b", draw(STATUSES), draw(windows()), draw(conditions(depth=1))),
                ("last", "last-always", {}, {}, "always"),
            )
        ],
        "advice/all.yaml": [
            _rule(
                "advice",
                {
                    "then": "advise",
                    "when": draw(conditions(depth=2)),
                    "asks_for": ["recipient.mobile", "line.kind"],
                },
                {"holds": ("lines", "missing")},
            )
        ],
    }
    return DrawnRuleBook(loaded(files), files)


def loaded(files: Mapping[str, list[object]]) -> RuleBook:
    """The rule book of these files over the shipped vocabulary."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "vocabulary.yaml").write_bytes(
            (shipped_folder("rules") / "vocabulary.yaml").read_bytes()
        )
        for name, documents in files.items():
            (root / name).parent.mkdir(exist_ok=True)
            # JSON is YAML; what is drawn as text is a plain scalar there all the same.
            (root / name).write_text("\n---\n".join(json.dumps(each) for each in documents))
        return load_rulebook(root)


STATUSES: st.SearchStrategy[Mapping[str, object]] = st.sampled_from(
    [{}, {"status": "active"}, {"status": "trial"}]
)


ELIGIBLE: Mapping[str, tuple[str, ...]] = {
    "eligible": (),
    "ineligible": (),
    "unknown": ("missing",),
}
PROPERTIES: dict[str, object] = {
    "properties": {
        "price_class": "paper",
        "bank_fee": "0",
        "carries_attachments": "yes",
        "balance_shown": "no",
        "payment_arrives": "ordinary",
    }
}

BAD_VALUES = st.sampled_from(
    [True, [], {}, "x", "2021-02-30", JsonNumber("1e2"), JsonNumber("-1"), "1.005", "\ud800", "  "]
)


def _values(fact: Fact, *, bad: bool) -> st.SearchStrategy[Any]:
    """What a document may say: mostly good, sometimes nothing, sometimes bad."""
    match fact.type:
        case FactType.YES_NO:
            good: st.SearchStrategy[Any] = st.booleans()
        case FactType.COUNT:
            counts = ["0", "1", *(["9" * 20] if bad else [])]
            good = st.sampled_from([JsonNumber(count) for count in counts])
        case FactType.MONEY:
            good = st.sampled_from([JsonNumber(amount) for amount in AMOUNTS])
        case _:
            good = _constants(fact)
    return st.one_of(good, good, good, st.none(), *([BAD_VALUES] if bad else []))


@st.composite
def groups(draw: st.DrawFn, tree: Mapping[str, object], *, bad: bool = True) -> object:
    """A group of facts, some keys left out; now and then something else in its place."""
    if bad and draw(st.integers(0, 30)) == 0:
        return draw(BAD_VALUES)
    found: dict[str, object] = {}
    for key, child in tree.items():
        if draw(st.integers(0, 3)) == 0:
            continue
        if isinstance(child, Fact):
            if child.type is not FactType.LINES:
                found[key] = draw(_values(child, bad=bad))
        else:
            assert isinstance(child, dict)
            found[key] = draw(groups(child, bad=bad))
    return found


@st.composite
def documents(draw: st.DrawFn, *, bad: bool = True) -> RawDocument:
    """A contract document, good or bad; unless ``bad``, one whose every value is good, which hardly any is
    otherwise.
    """
    tree = dict(vocabulary().tree)
    line_tree = tree.pop("line")
    assert isinstance(line_tree, dict)
    content = {
        key: draw(groups(child, bad=bad)) for key, child in tree.items() if isinstance(child, dict)
    }
    invoice = content.get("invoice")
    if isinstance(invoice, dict):
        line = groups(line_tree, bad=bad)
        if bad:
            line = st.one_of(line, line, st.none())
        others = [st.none(), *([BAD_VALUES] if bad else [])]
        lines = draw(st.one_of(st.lists(line, max_size=4), *others))
        if isinstance(lines, list):
            # What was drawn is never changed: drawn again, it must be the same.
            lines = [
                {**each, "id": str(n)}
                if isinstance(each, dict) and (not bad or draw(st.integers(0, 4)))
                else each
                for n, each in enumerate(lines, start=1)
            ]
        content["invoice"] = {**invoice, "lines": lines}
    return RawDocument(DocumentSource("random", 1), content)


MOSTLY_GOOD = st.one_of(documents(bad=False), documents(bad=False), documents())
"""For the columnar engine, which gives a document with a bad value to the reference engine."""
