"""The forms of contract §1 once more, for columns: SQL macros over the JSON text of a value, for DuckDB.

A macro vouches for what it answers; ``NULL`` is its answer to everything else: what is absent, what is bad,
and an odd spelling that it leaves to the row reader (:mod:`fakturavakt.vocabulary.forms`). It never takes a
bad value for a good one. ``tests/intake/test_column_forms.py`` holds the two against each other.

A macro's argument is the JSON text of a value as DuckDB hands it on: a text with its quotation marks and
escapes, a number in its shortest form. What the shortest form hides (exponents, more digits than a double
has, ``-0``) is looked for in the text of the whole document, see :mod:`fakturavakt.intake.document_table`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from fakturavakt.vocabulary.facts import (
    LINE_ID,
    Fact,
    FactType,
)

_NBSP: Final = "\N{NO-BREAK SPACE}"
_PIECE: Final = 12
"""Digits that are weighed as one whole number."""


def _weighed(number: str, weights: list[int], extra: str = "") -> str:
    """The sum of a whole number's digits, each times its weight, the last digit first.

    A digit is the number cut off behind it less ten times the number cut off before it: so one division a
    digit is enough.
    """
    parts = [f"{number} * {weights[0]}"]
    for place, (weight, before) in enumerate(zip(weights[1:], weights, strict=False), start=1):
        parts.append(f"{number} // {10**place} * ({weight - 10 * before})")
    # The number has no more digits than there are weights, so nothing is left to cut off.
    return " + ".join(parts) + extra


def _mod11_sum(number: str, digits: int, *, with_check: bool = False) -> str:
    """The MOD11 sum of a whole number, weights 2 to 7 from the right; with its check digit, which counts
    once, it can be divided by 11.
    """
    weights = [2 + place % 6 for place in range(digits)]
    return _weighed(number, [1, *weights] if with_check else weights)


def _mod10_sum(number: str, digits: int) -> str:
    """The MOD10 sum of a whole number that stands before its check digit: every other digit, from the last,
    is doubled, and from 10 on 9 is taken off.
    """
    weights = [2 - place % 2 for place in range(digits)]
    # Five or more is what carries when the whole number is doubled.
    carries = (
        f" - 9 * ({number} * 2 // {10 ** (place + 1)} - {number} // {10 ** (place + 1)} * 2)"
        for place in range(0, digits, 2)
    )
    return _weighed(number, weights, "".join(carries))


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
    # Odd blanks are left to the row reader.
    f"""email_value(x) AS CASE
         WHEN regexp_full_match(x, '"[^@"\\\\ {_NBSP}]+@[^@"\\\\ {_NBSP}]+"') THEN unquoted(x) END""",
    "bare(x) AS replace(replace(CASE WHEN is_text(x) THEN inside(x) ELSE x END, ' ', ''), '.', '')",
    f"""organisation_number_value(x) AS {
        _named(
            "bare(x)",
            "s",
            "CASE WHEN regexp_full_match(s, '[0-9]{9}') AND "
            + _named(
                "TRY_CAST(s AS BIGINT)", "n", f"({_mod11_sum('n', 8, with_check=True)}) % 11 = 0"
            )
            + " THEN s END",
        )
    }""",
    f"""account_value(x) AS {
        _named(
            "bare(x)",
            "s",
            "CASE WHEN regexp_full_match(s, '[0-9]{11}') AND "
            + _named(
                "TRY_CAST(s AS BIGINT)", "n", f"({_mod11_sum('n', 10, with_check=True)}) % 11 = 0"
            )
            + " THEN s "
            "WHEN regexp_full_match(s, 'NO[0-9]{13}') AND NOT contains(x, '.') "
            "AND (TRY_CAST(substring(s, 5, 11) AS BIGINT) * 1000000 + 232400 "
            "+ TRY_CAST(substring(s, 3, 2) AS BIGINT)) % 97 = 1 AND "
            + _named(
                "TRY_CAST(substring(s, 5, 11) AS BIGINT)",
                "n",
                f"({_mod11_sum('n', 10, with_check=True)}) % 11 = 0",
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
                f"CASE WHEN right(s, 1) = CAST({_KID_MOD10} AS VARCHAR) THEN TRUE "
                f"ELSE right(s, 1) = {_KID_MOD11} END",
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


# -- documents that are plainly good ---------------------------------------------------------------

_CHARACTER: Final = r'[^"\\\x00-\x1f\x7f]'
_AT_AN_END: Final = r'[^"\\\x00-\x20\x7f\xa0]'
_ESCAPED: Final = r'\\(?:["\\/]|u00[c-fC-F][0-9a-fA-F])'
_TEXT: Final = rf"(?:{_CHARACTER}|{_ESCAPED})*(?:{_AT_AN_END}|{_ESCAPED})"
_PLAIN_FORMS: Final = {
    FactType.TEXT: rf'"(?:{_AT_AN_END}|{_ESCAPED})(?:{_TEXT})?"|0|[1-9][0-9]{{0,14}}',
    FactType.DATE: r'"[1-9][0-9]{3}-[0-9][0-9]-[0-9][0-9]"',
    FactType.MONEY: r'-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,2}0?)?|"-?[0-9]{1,13}(?:\.[0-9]{1,2}0{0,4})?"',
    FactType.YES_NO: "true|false",
    FactType.COUNT: "0|[1-9][0-9]{0,14}",
    FactType.CURRENCY: '"[A-Z]{3}"',
    FactType.PAYMENT_REFERENCE: '"[0-9]{1,24}[0-9-]"',
    FactType.ACCOUNT: '"[0-9]{4}[ .]?[0-9]{2}[ .]?[0-9]{5}"',
    FactType.ORGANISATION_NUMBER: '"[0-9]{3} ?[0-9]{3} ?[0-9]{3}"',
    FactType.MOBILE: r'"(?:\+47 ?)?[49](?: ?[0-9]){7}"',
    FactType.EMAIL: r'"[^"@\\\x00-\x20\x7f\xa0]+@[^"@\\\x00-\x20\x7f\xa0]+"',
}
CHECKED: Final = frozenset(
    (FactType.PAYMENT_REFERENCE, FactType.ACCOUNT, FactType.ORGANISATION_NUMBER)
)
"""The types that have a check digit."""
_COLUMN_TYPES: Final = {
    FactType.DATE: "DATE",
    FactType.MONEY: "DECIMAL(15,2)",
    FactType.YES_NO: "BOOLEAN",
    FactType.COUNT: "BIGINT",
}


def plain_form(fact: Fact) -> str:
    """How a fact's JSON is written where it is plainly good (but for its check digit, and whether a day
    exists), as a regular expression. DuckDB then reads it without a mistake.
    """
    if fact.type is FactType.CHOICE:
        return '"(?:' + "|".join(map(re.escape, fact.choices)) + ')"'
    if fact.name == LINE_ID:  # not like the names of lines that have no id
        return _PLAIN_FORMS[FactType.TEXT].replace('"(?:[^"', '"(?:[^#"', 1)
    return _PLAIN_FORMS[fact.type]


def column_type(fact: Fact) -> str:
    """The type that a fact's column has."""
    return _COLUMN_TYPES.get(fact.type, "VARCHAR")


def as_canonical(fact: Fact, value: str) -> str:
    """A plain value in the one form that it is compared in."""
    if fact.type is FactType.MOBILE:
        digits = f"replace({value}, ' ', '')"
        return f"CASE WHEN starts_with({value}, '+') THEN {digits} ELSE '+47' || {digits} END"
    if fact.type in (FactType.ACCOUNT, FactType.ORGANISATION_NUMBER):
        return _without_marks(value)
    return value


def _without_marks(value: str) -> str:
    return f"replace(replace({value}, ' ', ''), '.', '')"


def digits_as_numbers(fact_type: FactType, value: str) -> dict[str, str]:
    """The digits of a plain value that has a check digit, as whole numbers."""
    if fact_type is FactType.PAYMENT_REFERENCE:
        front = f"left({value}, -1)"
        return {
            "right": f"TRY_CAST(right({front}, {_PIECE}) AS BIGINT)",
            "left": f"CASE WHEN length({value}) > {_PIECE + 1} "
            f"THEN TRY_CAST(left({front}, -{_PIECE}) AS BIGINT) ELSE 0 END",
        }
    return {"number": f"TRY_CAST({_without_marks(value)} AS BIGINT)"}


def check_sums(fact_type: FactType, number: Callable[[str], str]) -> dict[str, str]:
    """What :func:`digits_as_numbers`, by their names, come to."""
    if fact_type is FactType.PAYMENT_REFERENCE:
        right, left = number("right"), number("left")
        mod11 = f"{_mod11_sum(right, _PIECE)} + {_mod11_sum(left, _PIECE)}"
        mod10 = f"{_mod10_sum(right, _PIECE)} + {_mod10_sum(left, _PIECE)}"
        return {"mod11": f"(11 - ({mod11}) % 11) % 11", "mod10": f"(10 - ({mod10}) % 10) % 10"}
    digits = 8 if fact_type is FactType.ORGANISATION_NUMBER else 10
    return {"mod11": f"({_mod11_sum(number('number'), digits, with_check=True)}) % 11"}


def sums_agree(fact_type: FactType, value: str, total: Callable[[str], str]) -> str:
    """Whether the check digit of a plain value is right, given :func:`check_sums` by their names."""
    if fact_type is FactType.PAYMENT_REFERENCE:
        last = f"right({value}, 1)"
        return (
            f"CASE WHEN {last} = CAST({total('mod10')} AS VARCHAR) THEN TRUE "
            f"ELSE {last} = substring('0123456789-', {total('mod11')} + 1, 1) END"
        )
    return f"{total('mod11')} = 0"
