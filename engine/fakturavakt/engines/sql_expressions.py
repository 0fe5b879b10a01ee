"""Small SQL expressions, built of sqlglot nodes: what the columnar engine's statement is made of.

``AND``, ``OR`` and ``NOT`` are SQL's own, which are Kleene's. May import: ``vocabulary``, ``texts``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from string import Formatter
from typing import Final

from sqlglot import exp
from sqlglot.tokens import Tokenizer

from fakturavakt.texts import listed
from fakturavakt.vocabulary.facts import LINES, FactType, Value
from fakturavakt.vocabulary.forms import written_ore

LINE: Final = "line"
"""What a line is called in a function over lines."""


def name(word: str) -> exp.Identifier:
    """A name, quoted where SQL would take it for something else."""
    plain = word.isidentifier() and word.isascii() and word.upper() not in Tokenizer.KEYWORDS
    return exp.to_identifier(word, quoted=not plain)


def column(*parts: str) -> exp.Expression:
    """A column, or a field inside one: ``column("invoice", "due_date")``."""
    first, *rest = parts
    found: exp.Expression = exp.Column(this=name(first))
    for part in rest:
        found = exp.Dot(this=found, expression=name(part))
    return found


def cast(value: exp.Expression, to: str) -> exp.Expression:
    """``CAST(value AS type)``. Made of nodes: sqlglot's own parses the type, which takes most of the time
    that a statement takes to build.
    """
    return exp.Cast(this=value, to=_type(to))


def _type(written: str) -> exp.DataType:
    match written:
        case "decimal(15,2)":
            digits = [exp.DataTypeParam(this=exp.Literal.number(n)) for n in (15, 2)]
            return exp.DataType(this=exp.DType.DECIMAL, expressions=digits, nested=False)
        case "array<varchar>":
            return exp.DataType(this=exp.DType.ARRAY, expressions=[_type("varchar")], nested=True)
        case _:
            return exp.DataType(this=exp.DType[written.upper()], nested=False)


def whole(number: int) -> exp.Expression:
    """A whole number of 64 bits."""
    return cast(exp.Literal.number(number), "bigint")


def together(bits: Iterable[exp.Expression]) -> exp.Expression:
    """All bits that are set in one of them."""
    found: exp.Expression | None = None
    for each in bits:
        found = each if found is None else exp.BitwiseOr(this=found, expression=each)
    return whole(0) if found is None else found


def masked(bits: exp.Expression, mask: int) -> exp.Expression:
    """Those bits that are set in the mask, too."""
    return exp.Paren(this=exp.BitwiseAnd(this=wrapped(bits), expression=whole(mask)))


def is_set(bits: exp.Expression, mask: int) -> exp.Expression:
    """Whether a bit of the mask is set."""
    return exp.NEQ(this=masked(bits, mask), expression=whole(0))


def ored(numbers: exp.Expression) -> exp.Expression:
    """All bits that are set in some number of a list; ``NULL`` where there is no list."""
    merged = exp.BitwiseOr(this=column("a"), expression=column("b"))
    return exp.Reduce(this=numbers, initial=whole(0), merge=lambda_of(merged, "a", "b"))


def gathered(bits: exp.Expression, places: Sequence[int]) -> exp.Expression:
    """The bits at some places, in rising order, moved together: a number below two to how many they are."""
    found: exp.Expression | None = None
    start = 0
    while start < len(places):
        end = start + 1
        while end < len(places) and places[end] == places[end - 1] + 1:
            end += 1
        moved: exp.Expression = exp.Paren(this=bits.copy())
        if down := places[start] - start:
            moved = exp.Paren(
                this=exp.BitwiseRightShift(this=moved, expression=exp.Literal.number(down))
            )
        mask = (1 << end) - (1 << start)
        part = exp.Paren(this=exp.BitwiseAnd(this=moved, expression=whole(mask)))
        found = part if found is None else exp.BitwiseOr(this=found, expression=part)
        start = end
    return whole(0) if found is None else found


def chosen(among: Sequence[exp.Expression], which: exp.Expression) -> exp.Expression:
    """One of several constants, by its place from 0."""
    place = cast(exp.Paren(this=which), "bigint")
    return exp.Bracket(
        this=exp.Array(expressions=list(among)), expressions=[place], offset=0, safe=True
    )


def text_of(written: str) -> exp.Expression:
    """A text constant."""
    return exp.Literal.string(written)


def truth_of(truth: bool | None) -> exp.Expression:
    """``TRUE``, ``FALSE``, or an unknown that has the type of both."""
    return cast(exp.Null(), "boolean") if truth is None else exp.Boolean(this=truth)


def is_null(value: exp.Expression) -> exp.Expression:
    """``value IS NULL``."""
    return exp.Is(this=wrapped(value), expression=exp.Null())


def is_known(value: exp.Expression) -> exp.Expression:
    """``value IS NOT NULL``."""
    return exp.Not(this=is_null(value))


def conjunction(parts: Iterable[exp.Expression]) -> exp.Expression:
    """``AND``, true without parts."""
    return _joined(exp.And, list(parts), empty=True)


def disjunction(parts: Iterable[exp.Expression]) -> exp.Expression:
    """``OR``, false without parts."""
    return _joined(exp.Or, list(parts), empty=False)


def cases(
    whens: Iterable[tuple[exp.Expression, exp.Expression]],
    otherwise: exp.Expression | None = None,
) -> exp.Expression:
    """``CASE WHEN … THEN … ELSE … END``; without branches what is left."""
    ifs = [exp.If(this=when, true=then) for when, then in whens]
    if not ifs:
        return otherwise or exp.Null()
    return exp.Case(ifs=ifs, default=otherwise)


def lambda_of(body: exp.Expression, *names: str) -> exp.Lambda:
    """``name -> body``."""
    return exp.Lambda(this=body, expressions=[name(each) for each in names or (LINE,)])


def each_line(body: exp.Expression) -> exp.Expression:
    """A list of ``body`` for every line."""
    return exp.Transform(this=column(*LINES.split(".")), expression=lambda_of(body))


def without_nulls(items: Sequence[exp.Expression]) -> exp.Expression:
    """A list of those items that are not ``NULL``."""
    listed = exp.Array(expressions=list(items))
    return exp.ArrayFilter(this=listed, expression=lambda_of(is_known(column("x")), "x"))


def no_texts() -> exp.Expression:
    """An empty list of texts."""
    return cast(exp.Array(expressions=[]), "array<varchar>")


def structure_of(fields: Mapping[str, exp.Expression]) -> exp.Expression:
    """A structure with named fields."""
    return exp.Struct(
        expressions=[
            exp.PropertyEQ(
                this=exp.to_identifier(key, quoted=not key.isidentifier()), expression=value
            )
            for key, value in fields.items()
        ]
    )


def joined_text(*parts: exp.Expression) -> exp.Expression:
    """Texts one after another; ``NULL`` if one is."""
    if len(parts) == 1:
        return parts[0]
    found = parts[0]
    for part in parts[1:]:
        found = exp.DPipe(this=found, expression=wrapped(part), safe=True)
    return found


def _joined(
    kind: type[exp.And | exp.Or], parts: list[exp.Expression], *, empty: bool
) -> exp.Expression:
    if not parts:
        return truth_of(empty)
    found = wrapped(parts[0])
    for part in parts[1:]:
        found = kind(this=found, expression=wrapped(part))
    return found if len(parts) > 1 else parts[0]


def wrapped(value: exp.Expression) -> exp.Expression:
    """In parentheses where another operator could take a part of it."""
    return (
        exp.Paren(this=value)
        if isinstance(value, (exp.Binary, exp.Not, exp.Is)) and not isinstance(value, exp.Dot)
        else value
    )


def constant(fact_type: FactType, value: Value) -> exp.Expression:
    """A value of a fact's type as SQL writes it."""
    match fact_type:
        case FactType.YES_NO:
            return truth_of(bool(value))
        case FactType.DATE:
            assert isinstance(value, int)
            return cast(text_of(date.fromordinal(value).isoformat()), "date")
        case FactType.MONEY:
            assert isinstance(value, int)
            return cast(text_of(written_ore(value)), "decimal(15,2)")
        case FactType.COUNT:
            return cast(exp.Literal.number(int(value)), "bigint")
        case _:
            return text_of(str(value))


def texts_of(words: Sequence[str]) -> exp.Expression:
    """A list of text constants."""
    if not words:
        return no_texts()
    return exp.Array(expressions=[text_of(word) for word in words])


def listed_if(
    when: exp.Expression, items: Sequence[tuple[exp.Expression | None, exp.Expression]]
) -> exp.Expression:
    """A list of those items whose condition is true (or that have none); empty unless ``when``."""
    if not items:
        return cast(exp.Array(expressions=[]), "array<varchar>")
    always = all(condition is None for condition, _ in items)
    each = [
        value if condition is None else cases([(condition, value)]) for condition, value in items
    ]
    listed = exp.Array(expressions=each) if always else without_nulls(each)
    nothing = exp.ArrayFilter(
        this=exp.Array(expressions=[items[0][1].copy()]), expression=lambda_of(truth_of(False), "x")
    )
    if always:
        return cases([(when, listed)], nothing)
    some = disjunction(condition.copy() for condition, _ in items if condition is not None)
    return cases([(conjunction([when, some]), listed)], nothing)


def filled(message: str, lines: exp.Expression, missing: exp.Expression) -> exp.Expression:
    """A message with its fields filled in, as :meth:`str.format` would."""
    fields = {"lines": lines, "missing": missing}
    parts: list[exp.Expression] = []
    for literal, field_name, _, _ in Formatter().parse(message):
        if literal:
            parts.append(text_of(literal))
        if field_name is not None:
            parts.append(fields[field_name].copy())
    return joined_text(*parts) if parts else text_of("")


def listed_words(words: exp.Expression, language: str) -> exp.Expression:
    """``1``, ``1 og 3``, ``1, 2 og 3``."""
    size = exp.ArraySize(this=words)
    before = exp.ArrayToString(
        this=exp.Anonymous(this="LIST_SLICE", expressions=[words.copy(), number(1), number(-2)]),
        expression=text_of(", "),
    )
    last = exp.Anonymous(this="LIST_EXTRACT", expressions=[words.copy(), number(-1)])
    several = joined_text(before, text_of(listed(("", ""), language)), last)
    one = exp.ArrayToString(this=words.copy(), expression=text_of(""))
    return cases([(exp.LT(this=size, expression=number(2)), one)], several)


def once_each(words: exp.Expression) -> exp.Expression:
    """The words in their order, without those that came before."""
    position = exp.Anonymous(this="LIST_POSITION", expressions=[words.copy(), column("x")])
    return exp.ArrayFilter(
        this=words,
        expression=lambda_of(exp.EQ(this=position, expression=column("i")), "x", "i"),
    )


def number(written: int) -> exp.Expression:
    """A small whole number."""
    return exp.Literal.number(written)


def flattened(lists: exp.Expression) -> exp.Expression:
    """One list of a list of lists; empty where there is none."""
    return exp.Coalesce(this=exp.Flatten(this=lists), expressions=[no_texts()])


def selected(
    source: str, columns: Mapping[str, exp.Expression], *, and_all: bool = False
) -> exp.Select:
    """``SELECT … FROM source``; ``and_all``: with all columns of the source before them. What it is made of
    is not copied.
    """
    items: list[exp.Expression] = [exp.Star()] if and_all else []
    items += [exp.Alias(this=value, alias=name(key)) for key, value in columns.items()]
    return exp.Select(expressions=items, from_=exp.From(this=exp.Table(this=name(source))))
