"""The forms of contract §1 once more, for columns: SQL macros over the JSON text of a value, for DuckDB.

A macro vouches for what it answers; ``NULL`` is its answer to everything else: what is absent, what is bad,
and an odd spelling that it leaves to the row reader (:mod:`fakturavakt.vocabulary.forms`). It never takes a
bad value for a good one. ``tests/intake/test_column_forms.py`` holds the two against each other.

A macro's argument is the JSON text of a value as DuckDB hands it on: a text with its quotation marks and
escapes, a number in its shortest form. What the shortest form hides (exponents, more digits than a double
has, ``-0``) is looked for in the text of the whole document, see :mod:`fakturavakt.intake.document_table`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fakturavakt.vocabulary.facts import Fact, FactType

_NBSP: Final = "\N{NO-BREAK SPACE}"
_PIECE: Final = 12
"""Digits that are weighed as one whole number."""


def _digit(number: str, place: int) -> str:
    return f"({number} // {10**place} % 10)"


def _mod11_sum(number: str, digits: int, first: int = 0) -> str:
    """The MOD11 sum of a whole number, weights 2 to 7 from the right."""
    return " + ".join(f"{_digit(number, k)} * {2 + (k + first) % 6}" for k in range(digits))


def _mod10_sum(number: str, digits: int) -> str:
    """The MOD10 sum of a whole number that stands before its check digit."""
    doubled = [
        f"({_digit(number, k)} * 2 - CASE WHEN {_digit(number, k)} > 4 THEN 9 ELSE 0 END)"
        if k % 2 == 0
        else _digit(number, k)
        for k in range(digits)
    ]
    return " + ".join(doubled)


def _check_character(total: str) -> str:
    """The MOD11 check character; ``-`` where it would be 10."""
    return f"substring('0123456789-', (11 - ({total}) % 11) % 11 + 1, 1)"


# A function's argument is worked out once, a macro's wherever it is named: so numbers go through
# `list_transform([number], lambda n: …)[1]`, the way to name something in the middle of an expression.
def _named(value: str, name: str, then: str) -> str:
    return f"list_transform([{value}], lambda {name}: {then})[1]"


_KID_MOD11: Final = _check_character(f"{_mod11_sum('p.r', _PIECE)} + {_mod11_sum('p.l', _PIECE)}")
_KID_MOD10: Final = f"(10 - ({_mod10_sum('p.r', _PIECE)} + {_mod10_sum('p.l', _PIECE)}) % 10) % 10"

MACROS: Final[tuple[str, ...]] = (
    "is_text(x) AS starts_with(x, '\"')",
    "is_digits(x) AS regexp_full_match(x, '[0-9]+')",
    "unquoted(x) AS substring(x, 2, length(x) - 2)",
    # A text without escapes, trimmed; NULL where there is an escape, or nothing left.
    f"""inside(x) AS CASE
         WHEN contains(x, '\\') THEN NULL
         WHEN starts_with(x, '" ') OR ends_with(x, ' "') OR contains(x, '{_NBSP}')
         THEN nullif(trim(unquoted(x), ' {_NBSP}'), '')
         ELSE nullif(unquoted(x), '') END""",
    "text_value(x) AS CASE WHEN is_text(x) THEN inside(x) WHEN is_digits(x) THEN x END",
    # Whether there is a text, for facts of which nobody asks more; one that may be blank is left to others.
    f"""text_there(x) AS CASE
         WHEN is_text(x) THEN CASE
           WHEN starts_with(x, '" ') OR starts_with(x, '"\\') OR starts_with(x, '"{_NBSP}') THEN inside(x)
           WHEN x <> '""' THEN '' END
         WHEN is_digits(x) THEN '' END""",
    "yes_no_value(x) AS CASE x WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END",
    """date_value(x) AS CASE
         WHEN x LIKE '"____-__-__"' AND NOT contains(x, ' ') AND x >= '"0001-01-01"'
         THEN TRY_CAST(substring(x, 2, 10) AS DATE) END""",
    """money_value(x) AS CASE
         WHEN is_text(x) THEN CASE
           WHEN regexp_full_match(x, '"-?[0-9]{1,13}(\\.[0-9]{1,2}0*)?"')
           THEN TRY_CAST(unquoted(x) AS DECIMAL(15, 2)) END
         WHEN CAST(TRY_CAST(x AS DECIMAL(15, 2)) AS DOUBLE) = TRY_CAST(x AS DOUBLE)
         THEN TRY_CAST(x AS DECIMAL(15, 2)) END""",
    "count_value(x) AS CASE WHEN is_digits(x) THEN TRY_CAST(x AS BIGINT) END",
    """currency_value(x) AS CASE
         WHEN regexp_full_match(x, '"[A-Z]{3}"') THEN substring(x, 2, 3) END""",
    """email_value(x) AS CASE
         WHEN contains(x, '\\') OR contains(x, ' ') OR contains(x, '"@') OR contains(x, '@"')
              OR NOT is_text(x) THEN NULL
         WHEN length(x) - length(replace(x, '@', '')) = 1 THEN unquoted(x) END""",
    "bare(x) AS replace(replace(CASE WHEN is_text(x) THEN inside(x) ELSE x END, ' ', ''), '.', '')",
    f"""organisation_number_value(x) AS {
        _named(
            "bare(x)",
            "s",
            "CASE WHEN regexp_full_match(s, '[0-9]{9}') AND right(s, 1) = "
            + _named("TRY_CAST(left(s, 8) AS BIGINT)", "n", _check_character(_mod11_sum("n", 8)))
            + " THEN s END",
        )
    }""",
    f"""account_value(x) AS {
        _named(
            "bare(x)",
            "s",
            "CASE WHEN regexp_full_match(s, '[0-9]{11}') AND right(s, 1) = "
            + _named("TRY_CAST(left(s, 10) AS BIGINT)", "n", _check_character(_mod11_sum("n", 10)))
            + " THEN s "
            "WHEN regexp_full_match(s, 'NO[0-9]{13}') AND NOT contains(x, '.') "
            "AND (TRY_CAST(substring(s, 5, 11) AS BIGINT) * 1000000 + 232400 "
            "+ TRY_CAST(substring(s, 3, 2) AS BIGINT)) % 97 = 1 AND right(s, 1) = "
            + _named(
                "TRY_CAST(substring(s, 5, 10) AS BIGINT)",
                "n",
                _check_character(_mod11_sum("n", 10)),
            )
            + " THEN s END",
        )
    }""",
    "kid_text(x) AS CASE WHEN is_text(x) THEN inside(x) WHEN is_digits(x) THEN x END",
    "is_kid(x) AS coalesce(regexp_full_match(kid_text(x), '[0-9]+-?'), contains(x, '\\'))",
    # What stands before the check character has at most 24 digits, weighed in two pieces.
    f"""payment_reference_value(x) AS {
        _named(
            "kid_text(x)",
            "s",
            "CASE WHEN regexp_full_match(s, '[0-9]{1,24}[0-9-]') AND "
            + _named(
                f"{{'r': TRY_CAST(right(left(s, -1), {_PIECE}) AS BIGINT), "
                f"'l': coalesce(TRY_CAST(left(left(s, -1), -{_PIECE}) AS BIGINT), 0)}}",
                "p",
                f"right(s, 1) = {_KID_MOD11} OR right(s, 1) = CAST({_KID_MOD10} AS VARCHAR)",
            )
            + " THEN s END",
        )
    }""",
    """mobile_text(x) AS replace(replace(replace(replace(
         CASE WHEN is_text(x) THEN inside(x) WHEN is_digits(x) THEN x END,
         ' ', ''), '-', ''), '(', ''), ')', '')""",
    """mobile_value(x) AS CASE
         WHEN regexp_full_match(x, '"\\+47[49][0-9]{7}"') THEN unquoted(x)
         WHEN regexp_full_match(mobile_text(x), '[49][0-9]{7}') THEN '+47' || mobile_text(x)
         WHEN regexp_full_match(mobile_text(x), '(\\+|00)47[49][0-9]{7}')
         THEN '+' || right(mobile_text(x), 10)
         WHEN regexp_full_match(mobile_text(x), '(\\+|00)[0-9]{7,15}')
              AND NOT regexp_matches(mobile_text(x), '^(\\+|00)47')
         THEN '+' || regexp_replace(mobile_text(x), '^(\\+|00)', '') END""",
)

_VALUES: Final = {
    FactType.TEXT: "text_value({x})",
    FactType.DATE: "date_value({x})",
    FactType.MONEY: "money_value({x})",
    FactType.YES_NO: "yes_no_value({x})",
    FactType.COUNT: "count_value({x})",
    FactType.CURRENCY: "currency_value({x})",
    FactType.PAYMENT_REFERENCE: "payment_reference_value({x})",
    FactType.ACCOUNT: "account_value({x})",
    FactType.ORGANISATION_NUMBER: "organisation_number_value({x})",
    FactType.MOBILE: "mobile_value({x})",
    FactType.EMAIL: "email_value({x})",
}


def macro_statements() -> Iterator[str]:
    """What a DuckDB connection has to be told before the expressions below mean something."""
    for macro in MACROS:
        yield f"CREATE OR REPLACE TEMP MACRO {macro}"


def value_of(fact: Fact, json_text: str, *, wanted: bool) -> str:
    """The value of a fact, of the type that its column has; NULL where it is absent or not vouched for.
    Of a text that nobody wants it only says that there is one.
    """
    if fact.type is FactType.TEXT and not wanted:
        return f"text_there({json_text})"
    if fact.type is FactType.CHOICE:
        words = ", ".join(f"""'"{choice}"'""" for choice in fact.choices)
        return f"CASE WHEN {json_text} IN ({words}) THEN unquoted({json_text}) END"
    return _VALUES[fact.type].format(x=json_text)


def says_something(fact: Fact, json_text: str) -> str:
    """Whether something stands there that has to have a value: an empty text is absent, and a text that is
    no payment reference at all is, too.
    """
    if fact.type is FactType.PAYMENT_REFERENCE:
        return f"(NOT is_text({json_text}) OR is_kid({json_text}))"
    return f"{json_text} <> '\"\"'"
