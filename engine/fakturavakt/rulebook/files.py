"""The files of a rule book, one shape for each kind; read from here, and the JSON Schemas come from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from fakturavakt.rulebook.condition_reader import (
    ConditionReader,
    When,
    condition_schema,
)
from fakturavakt.rulebook.kinds import (
    ADVICE,
    AGREEMENTS,
    CHANNEL,
    CLASSIFICATION,
    DEFINITION,
    GUARANTEE,
    PROHIBITION,
    RULE_BOOK,
    VOCABULARY,
)
from fakturavakt.rulebook.mistakes import Reading
from fakturavakt.rulebook.model import Status
from fakturavakt.rulebook.shapes import (
    Day,
    FactName,
    Fee,
    FreeText,
    JsonSchema,
    ListOf,
    OneOrMore,
    OneWordOf,
    PlainValue,
    Record,
    Shape,
    Texts,
    TextsByWord,
    Word,
    YesNo,
)
from fakturavakt.texts import text
from fakturavakt.vocabulary.facts import FactType

FIELD_LINES: Final = ("lines",)
FIELDS_LINES_AND_MISSING: Final = ("lines", "missing")
MISSING: Final = ("missing",)

PRICE_CLASSES: Final = ("electronic", "legacy", "paper")
ARRIVALS: Final = ("ordinary_or_autopay", "separate_settlement", "ordinary")
BENEFITS: Final = (
    "one_agreement",
    "ordinary_payment_route",
    "attachments",
    "balance_shown",
    "same_price",
)

STATUSES: Final = tuple(Status)
"""Of rules that can be on trial: those that decide. Advice and suggestions never do, and need no trial."""

DECISIONS: Final = ("send", "block", "hold", "out_of_scope")
"""The outcomes of the decision that a guarantee can name."""
CHANNEL_OUTCOMES: Final = ("eligible", "ineligible", "unknown", "carries")
"""Those of a channel; it ``carries`` the invoice where the decision is to send it over that channel."""
RULE_OUTCOMES: Final = ("holds", "fails", "unknown")
"""Those of a rule."""
UNKNOWN_ACTION: Final = "unknown"
"""What a sender has to do where no row of the agreements is certain."""

_NAME = Word("et navn", "a name")


_FACT_NAME = Word(
    "navnet på et faktum",
    "the name of a fact",
    r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+",
    text(
        "Bruk små bokstaver a–z, sifre og understrek, og punktum mellom delene, som invoice.due_date.",
        "Use small letters a–z, digits and underscores, with a point between the parts, such as "
        "invoice.due_date.",
    ),
)

_LANGUAGE = Word(
    "en språkkode",
    "a language code",
    "[a-z]{2,3}",
    text("To eller tre små bokstaver, som nb.", "Two or three small letters, such as nb."),
)

STATEMENT: Final = Word(
    "nummeret på en påstand",
    "the number of a statement",
    "[A-Za-z0-9][A-Za-z0-9._-]*",
    text(
        "Bruk bokstaver, sifre og bindestrek, som S12.",
        "Use letters, digits and hyphens, as in S12.",
    ),
)

PROPERTIES: Final[Mapping[str, Shape]] = {
    "price_class": OneWordOf(PRICE_CLASSES),
    "bank_fee": Fee(),
    "carries_attachments": YesNo(),
    "balance_shown": YesNo(),
    "payment_arrives": OneWordOf(ARRIVALS),
}
"""What a channel declares of itself."""

_SOURCE = Record("source", {"document": FreeText(), "updated": Day(), "clause": Texts()})
_EFFECTIVE = Record(
    "effective",
    {"from": Day(), "before": Day()},
    frozenset({"from", "before"}),
    {"before": text(" (den dagen er ikke med)", " (that day is excluded)")},
)


def vocabulary_shape() -> Record:
    """``vocabulary.yaml``; ``absent`` is read by the fact's type afterwards."""
    fact = Record(
        "fact",
        {
            "fact": _FACT_NAME,
            "type": OneWordOf(tuple(FactType)),
            "label": Texts(),
            "term": FreeText(),
            "absent": PlainValue(),
            "choices": ListOf(_NAME),
            "personal": YesNo(),
            "says": TextsByWord(),
        },
        frozenset({"term", "absent", "choices", "personal", "says"}),
    )
    return Record("vocabulary", {"facts": ListOf(fact)})


@dataclass(frozen=True)
class FileShapes:
    """The shape of each kind of rule file but the vocabulary, over one rule book's conditions."""

    reader: Callable[[], ConditionReader]
    shapes: Mapping[str, Record] = field(init=False)

    def __post_init__(self) -> None:
        when = When(self.reader)
        about_line = When(self.reader, about_line=True)
        texts, title = Texts(), {"title": Texts()}
        optional = frozenset({"effective"})
        status = {"status": OneWordOf(STATUSES)}
        shapes = {
            RULE_BOOK: Record(
                "rule book",
                {
                    "rulebook": _NAME,
                    **title,
                    "languages": ListOf(_LANGUAGE),
                    "source": _SOURCE,
                    "scope": Record("scope", {"when": when}),
                    "channels": ListOf(Record("channel", {"channel": _NAME, **title})),
                },
            ),
            DEFINITION: Record("definition", {"define": _NAME, **title, "when": About()}),
            PROHIBITION: _rule(
                "prohibition",
                {"rule": _NAME, **status},
                {"then": OneWordOf(("prohibit",)), "effective": _EFFECTIVE, "when": when},
                {"holds": Texts(FIELD_LINES), "unknown": Texts(FIELDS_LINES_AND_MISSING)},
                optional | {"status"},
            ),
            CHANNEL: _rule(
                "channel rule",
                {"channel": _NAME, "rule": _NAME, **status},
                {"effective": _EFFECTIVE, "when": when, "properties": _properties()},
                {"eligible": texts, "ineligible": texts, "unknown": Texts(MISSING)},
                optional | {"status"},
            ),
            AGREEMENTS: _migration(when),
            ADVICE: _rule(
                "advice",
                {"rule": _NAME},
                {
                    "then": OneWordOf(("advise",)),
                    "effective": _EFFECTIVE,
                    "when": when,
                    "asks_for": ListOf(FactName()),
                },
                {"holds": Texts(FIELDS_LINES_AND_MISSING)},
                optional,
            ),
            CLASSIFICATION: _rule(
                "classification",
                {"rule": _NAME},
                {"then": OneWordOf(("suggest",)), "kind": _NAME, "when": about_line},
                {"holds": Texts(FIELD_LINES)},
                frozenset(),
            ),
            GUARANTEE: _guarantee(when),
        }
        object.__setattr__(self, "shapes", shapes)


@dataclass(frozen=True)
class About:
    """The ``when`` of a definition: read when the definition is first used, so only passed on."""

    def read(self, node: object, _reading: Reading) -> object:
        return node

    def schema(self, _reading: Reading) -> JsonSchema:
        return {"$ref": "#/$defs/condition"}


def _rule(
    title: str,
    names: Mapping[str, Shape],
    body: Mapping[str, Shape],
    messages: Mapping[str, Shape],
    optional: frozenset[str],
) -> Record:
    """What every rule file has, round what is its own."""
    return Record(
        title,
        {
            **names,
            "title": Texts(),
            "source": _SOURCE,
            **body,
            "message": Record("message", messages),
            "remedy": Texts(),
        },
        optional,
    )


def _properties() -> Record:
    return Record("properties", PROPERTIES)


def _guarantee(when: When) -> Record:
    """Which of the keys go together, the loader checks: what is promised depends on what it is about."""
    words = OneOrMore(_NAME)
    return Record(
        "guarantee",
        {
            "guarantee": _NAME,
            "title": Texts(),
            "source": _SOURCE,
            "covers": ListOf(STATEMENT),
            "channel": _NAME,
            "rule": _NAME,
            "agreements": _NAME,
            "never": words,
            "always": words,
            "declares": Record("declares", PROPERTIES, frozenset(PROPERTIES)),
            "while": when,
        },
        frozenset({"covers", "channel", "rule", "agreements", "never", "always", "declares"}),
    )


def _migration(when: When) -> Record:
    row = Record(
        "row",
        {
            "action": _NAME,
            "when": when,
            "notified_by_email": YesNo(),
            "benefits": ListOf(OneWordOf(BENEFITS), at_least=0),
            "message": Record("message", {"announced": Texts(), "in_force": Texts()}),
            "remedy": Texts(),
        },
    )
    unknown = Record("unknown", {"message": Texts(MISSING), "remedy": Texts(MISSING)})
    return Record(
        "agreements",
        {
            "agreements": _NAME,
            "title": Texts(),
            "source": _SOURCE,
            "on": Day(),
            "rows": ListOf(row),
            "unknown": unknown,
        },
    )


DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


def json_schema(kind: str, reading: Reading) -> JsonSchema:
    """The JSON Schema (draft 2020-12) of a kind of rule file, over the facts of the vocabulary."""
    if kind == VOCABULARY:
        schema = vocabulary_shape().schema(reading)
    else:
        unused = ConditionReader(reading, {})
        schema = FileShapes(lambda: unused).shapes[kind].schema(reading)
        if kind in (RULE_BOOK, AGREEMENTS, GUARANTEE) or "when" in schema["properties"]:
            schema["$defs"] = {"condition": condition_schema(reading)}
    return {"$schema": DRAFT, **schema}
