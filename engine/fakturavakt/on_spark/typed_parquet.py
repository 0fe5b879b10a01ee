"""Documents as Spark reads them: Parquet in the contract's own types, and which of them are plainly good.

A file has the contract's groups as structures and ``invoice.lines`` as a list of structures; a date is
``DATE``, money ``DECIMAL(15, 2)``, a count ``BIGINT``, yes and no ``BOOLEAN``, everything else text. Columns
of other types are refused: nothing is converted, so nothing can be lost on the way.

A document is *suspect* when anything about it is not plainly good, and then goes through the reference
engine, which says what is wrong. So the tests here may be strict: they vouch for the usual spelling of a good
value and send everything else on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fakturavakt.engines.sql_dialects import SPARK
from fakturavakt.engines.sql_statement import contract_columns
from fakturavakt.on_spark.failures import SparkRunError
from fakturavakt.texts import text
from fakturavakt.vocabulary.facts import (
    LINE_ID,
    LINES,
    Fact,
    FactType,
    Vocabulary,
)
from fakturavakt.vocabulary.own_facts import PAYABLE_AMOUNT

if TYPE_CHECKING:
    from pyspark.sql.types import DataType, StructType

# Java's regular expressions; `\z` is the end and nothing else, `$` may stand before a line end.
_PLAIN: Final = r"^[^\x00-\x20\x7f\xa0](?:[^\x00-\x1f\x7f]*[^\x00-\x20\x7f\xa0])?\z"
_EMAIL_PART: Final = r"[^@\x00-\x20\x7f\xa0]+"
_PATTERNS: Final = {
    FactType.TEXT: _PLAIN,
    FactType.CURRENCY: r"^[A-Z]{3}\z",
    FactType.EMAIL: rf"^{_EMAIL_PART}@{_EMAIL_PART}\z",
}
_MOBILE: Final = r"^(?:\+47[49][0-9]{7}|\+(?!47)[0-9]{7,15})\z"
_MOBILE_TO_BE: Final = r"^(?:(?:(?:\+|00)47)?[49][0-9]{7}|(?:\+|00)(?!47)[0-9]{7,15})\z"
"""What becomes one of the above once marks are removed: as good where nobody looks at its digits."""
_LIKE_A_KID: Final = r"^[\s\xa0]*[0-9]+-?[\s\xa0]*\z"


def contract_schema(vocabulary: Vocabulary) -> str:
    """The columns as Spark writes a schema."""
    columns = contract_columns(vocabulary).items()
    return ", ".join(f"{quoted(key)} {type_.sql(dialect=SPARK)}" for key, type_ in columns)


def check_types(found: StructType, expected: StructType) -> list[str]:
    """The paths of columns that the vocabulary does not know.

    Raises :class:`~fakturavakt.on_spark.failures.SparkRunError` with every column of another type than the
    contract's: its name, the type that was found and the one that was expected.
    """
    wrong: list[tuple[str, str, str]] = []
    unknown: list[str] = []
    _compare("", found, expected, wrong, unknown)
    if wrong:
        raise SparkRunError(
            text(
                "\n".join(
                    f"Kolonnen {path} har typen {is_}; på Spark ventes {wanted}. Skriv filen om, eller bruk "
                    "fakturavakt screen uten --on, som leser alle typer."
                    for path, is_, wanted in wrong
                ),
                "\n".join(
                    f"The column {path} has the type {is_}; on Spark {wanted} is expected. Write the file "
                    "anew, or use fakturavakt screen without --on, which reads all types."
                    for path, is_, wanted in wrong
                ),
            )
        )
    return unknown


def _compare(
    path: str,
    found: DataType,
    expected: DataType,
    wrong: list[tuple[str, str, str]],
    unknown: list[str],
) -> None:
    from pyspark.sql.types import ArrayType, StructType

    if isinstance(found, StructType) and isinstance(expected, StructType):
        fields = {field.name: field.dataType for field in expected.fields}
        for field in found.fields:
            here = f"{path}.{field.name}" if path else field.name
            if field.name in fields:
                _compare(here, field.dataType, fields[field.name], wrong, unknown)
            else:
                unknown.append(here)
    elif isinstance(found, ArrayType) and isinstance(expected, ArrayType):
        _compare("line", found.elementType, expected.elementType, wrong, unknown)
    elif found != expected:
        wrong.append((path, found.simpleString(), expected.simpleString()))


@dataclass(frozen=True)
class TypedParquet:
    """The tests of one vocabulary, as Spark SQL.

    ``wanted`` are the facts that rules ask about, ``compared`` those of them whose values count;
    ``plain_text`` maps facts that are searched for words to the texts in which every engine finds the same.
    """

    vocabulary: Vocabulary
    wanted: AbstractSet[str]
    compared: AbstractSet[str]
    plain_text: Mapping[str, str]

    def suspect(self) -> str:
        """Whether a document has to go through the reference engine; never ``NULL``."""
        tree = dict(self.vocabulary.tree)
        lines = tree.pop("line", {})
        assert isinstance(lines, dict)
        doubts = [*self._doubts(tree, ""), *self._doubts_about_lines(lines)]
        return "\n OR ".join(f"coalesce({doubt}, FALSE)" for doubt in doubts) or "FALSE"

    def raw(self) -> str:
        """A document as contract JSON."""
        groups = [key for key in self.vocabulary.tree if key != "line"]
        return f"to_json(struct({', '.join(map(quoted, groups))}))"

    def _doubts(self, tree: Mapping[str, object], at: str) -> Iterator[str]:
        for key, child in tree.items():
            here = f"{at}.{quoted(key)}" if at else quoted(key)
            if not isinstance(child, Fact):
                assert isinstance(child, dict)
                yield from self._doubts(child, here)
            elif (doubt := self._doubt(child, here)) is not None:
                yield doubt

    def _doubt(self, fact: Fact, at: str) -> str | None:
        """What makes a value doubtful; None where every value of the column's type is good."""
        match fact.type:
            case FactType.YES_NO | FactType.MONEY | FactType.LINES:
                return None
            case FactType.DATE:
                return f"{at} NOT BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"
            case FactType.COUNT:
                return f"{at} < 0"
            case FactType.CHOICE:
                return f"{at} NOT IN ({', '.join(map(literal, fact.choices))})"
            case FactType.TEXT:
                doubt = f"NOT {_matches(at, _PATTERNS[fact.type])}"
                if fact.name in self.plain_text:
                    plain = rf"^(?:{self.plain_text[fact.name]})\z"
                    doubt += f" OR NOT {_matches(at, plain)}"
                return doubt
            case FactType.CURRENCY | FactType.EMAIL:
                return f"NOT {_matches(at, _PATTERNS[fact.type])}"
            case FactType.MOBILE:
                good = _matches(at, _MOBILE)
                if fact.name not in self.compared:
                    unmarked = f"translate({at}, ' -()', '')"
                    good += f" OR {_matches(unmarked, _MOBILE_TO_BE)}"
                return f"NOT ({good})"
            case FactType.ORGANISATION_NUMBER:
                good = _passes_mod11(at, 9)
                if fact.name not in self.compared:
                    good += f" OR {_passes_mod11(at, 9, without=' .')}"
                return f"NOT ({good})"
            case FactType.ACCOUNT:
                good = f"{_passes_mod11(at, 11)} OR {_is_norwegian_iban(at)}"
                if fact.name not in self.compared:
                    good += f" OR {_passes_mod11(at, 11, without=' .')}"
                return f"NOT ({good})"
            case FactType.PAYMENT_REFERENCE:
                # A text that is no KID at all is absent: that nobody may ask about.
                bad = f"NOT {_is_kid(at)}"
                return bad if fact.name in self.wanted else f"{_matches(at, _LIKE_A_KID)} AND {bad}"

    def _doubts_about_lines(self, tree: Mapping[str, object]) -> Iterator[str]:
        if LINES not in self.vocabulary:
            return
        lines = _path(LINES)
        id_ = f"line.{_path(LINE_ID.removeprefix('line.'))}"
        odd = ["line IS NULL", f"{id_} IS NULL", _matches(id_, r"^#[0-9]+\z")]
        each = " OR ".join(
            f"coalesce({doubt}, FALSE)" for doubt in (*odd, *self._doubts(tree, "line"))
        )
        yield f"exists({lines}, line -> {each})"
        yield f"size(array_distinct(transform({lines}, line -> {id_}))) <> size({lines})"
        yield f"size({lines}) = 0 AND coalesce({_path(PAYABLE_AMOUNT)} <> 0, TRUE)"


def _matches(at: str, pattern: str) -> str:
    return f"({at} RLIKE {literal(pattern)})"


def _digit(text_: str, place: int) -> str:
    """The digit at a place (from 1) of a text; what is no digit gives some number, and no error."""
    return f"(ascii(substr({text_}, {place}, 1)) - 48)"


def _passes_mod11(at: str, length: int, *, without: str = "") -> str:
    """Digits of a length whose MOD11 sum is right, weights 2 to 7 from the right; the last weighs 1.
    Characters that a form removes may be removed ``without`` looking at where they stand.
    """
    if without:
        return _named(f"translate({at}, {literal(without)}, '')", "t", _passes_mod11("t", length))
    total = " + ".join(
        f"{1 if right == 0 else 2 + (right - 1) % 6} * {_digit(at, length - right)}"
        for right in range(length)
    )
    digits = _matches(at, rf"^[0-9]{{{length}}}\z")
    return f"({digits} AND ({total}) % 11 = 0)"


def _named(value: str, name: str, then: str) -> str:
    """A condition on something that is worked out once: the way to name it in the middle of an expression."""
    return f"exists(array({value}), {name} -> {then})"


def _is_norwegian_iban(at: str) -> str:
    account = f"substr({at}, 5)"
    rest = (
        f"(try_cast({account} AS BIGINT) * 1000000 + 232400 "
        f"+ try_cast(substr({at}, 3, 2) AS BIGINT)) % 97"
    )
    is_one = _matches(at, r"^NO[0-9]{13}\z")
    # The product stays below 10**17 for 11 digits; another text never gets so far.
    return f"CASE WHEN {is_one} THEN {rest} = 1 AND {_passes_mod11(account, 11)} ELSE FALSE END"


_KID_LENGTH: Final = 25


def _is_kid(at: str) -> str:
    """2 to 25 digits, the last a MOD10 or MOD11 check digit (``-`` is 10)."""
    padded = f"lpad({at}, {_KID_LENGTH}, '0')"  # zeros in front weigh nothing in either sum
    weighed = [(right, _digit("k", _KID_LENGTH - right)) for right in range(1, _KID_LENGTH)]
    check = f"CASE WHEN endswith(k, '-') THEN 10 ELSE {_digit('k', _KID_LENGTH)} END"
    mod11 = " + ".join(f"{2 + (right - 1) % 6} * {digit}" for right, digit in weighed)
    mod10 = " + ".join(
        f"(CASE WHEN {digit} > 4 THEN 2 * {digit} - 9 ELSE 2 * {digit} END)" if right % 2 else digit
        for right, digit in weighed
    )
    either = (
        f"({mod11} + {check}) % 11 = 0"
        f" OR (NOT endswith(k, '-') AND ({mod10} + {_digit('k', _KID_LENGTH)}) % 10 = 0)"
    )
    digits = _matches(at, r"^[0-9]{1,24}[0-9-]\z")
    return f"({digits} AND {_named(padded, 'k', either)})"


def _path(fact: str) -> str:
    return ".".join(map(quoted, fact.split(".")))


def quoted(name: str) -> str:
    """A name as Spark has it."""
    return "`" + name.replace("`", "``") + "`"


def literal(written: str) -> str:
    """A text as Spark has it: a backslash is an escape there."""
    return "'" + written.replace("\\", "\\\\").replace("'", "\\'") + "'"
