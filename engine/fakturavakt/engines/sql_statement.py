"""The statement that decides, written out for people and for databases: in one dialect, with comments that
say which expression is which rule, and with a head that says what it reads and whom it can trust.

May import: ``engines.columnar``, ``engines.sql_dialects``, ``rulebook``, ``vocabulary``, ``texts``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from sqlglot import exp

from fakturavakt.engines.columnar import DOCUMENTS, Columnar
from fakturavakt.engines.sql_dialects import written
from fakturavakt.engines.sql_expressions import cast, column, structure_of, text_of
from fakturavakt.rulebook.conditions import quantifiers
from fakturavakt.rulebook.model import Rule, RuleBook
from fakturavakt.texts import Text, text
from fakturavakt.vocabulary.facts import Fact, FactType, Vocabulary
from fakturavakt.vocabulary.own_facts import NUMBER

_COLUMN_TYPES: Final = {
    FactType.YES_NO: "boolean",
    FactType.DATE: "date",
    FactType.MONEY: "decimal(15,2)",
    FactType.COUNT: "bigint",
}
"""The types of the contract's columns; every other fact is text."""

_STEPS: Final = {
    "facts": text(
        "det reglene spør om ved fakturaen, hvert faktum i sin egen kolonne",
        "what the rules ask about the invoice, each fact in a column of its own",
    ),
    "opened": text(
        "hvilke fakta som mangler, som biter, og hvilke regelvinduer som er åpne",
        "which facts are absent, as bits, and which windows of rules are open",
    ),
    "each_line": text(
        "hvert vilkår om linjer, svart for hver linje med to biter: avgjort, ukjent; og hvilke av dens fakta "
        "som mangler",
        "each condition over lines, answered for each line in two bits: settled, unknown; and which of its "
        "facts are absent",
    ),
    "seen": text("det samme for alle linjer under ett", "the same of all lines together"),
    "lines": text(
        "hvert vilkår om linjer, for fakturaen", "each condition over lines, for the invoice"
    ),
    "outcomes": text(
        "hver regel: sann, usann eller ukjent (NULL)", "every rule: true, false or unknown (NULL)"
    ),
    "verdicts": text("avgjørelsen og kanalene", "the decision and the channels"),
    "gaps": text(
        "hva det ukjente mangler ved hver linje, som biter",
        "what the unknown ones lack of each line, as bits",
    ),
    "missing": text(
        "hva det ukjente mangler i alt, som biter", "what the unknown ones lack in all, as bits"
    ),
    "line_names": text("linjer ved id", "lines by their ids"),
    "named": text("manglende fakta ved navn", "missing facts by their names"),
    "once": text("navnene hver for seg bare én gang", "the names, each only once"),
    "said": text(
        "linjer og manglende fakta i en setning", "lines and missing facts as a sentence has them"
    ),
}


def statement(
    book: RuleBook,
    as_of: date,
    dialect: str,
    language: str,
    *,
    with_text: bool,
    program: str,
    trials: bool = False,
) -> str:
    """The statement with its comments. The rows have the contract's keys of a decision that the rules
    decide; without ``with_text`` no messages, remedies and sources; with ``trials`` what the rules on trial
    would have said.

    Raises :class:`~fakturavakt.engines.sql_dialects.DialectRefusedError` and
    :class:`~fakturavakt.engines.columnar_outcomes.ColumnarUnsupportedError`.
    """
    if not trials:
        book = book.without_trials()
    columnar = Columnar(book, as_of, language if with_text else None, trials=trials)
    reference = {"name": text_of(book.name), "version": text_of(book.version)}
    columns = {
        "invoice": column(*NUMBER.split("."))
        if NUMBER in book.vocabulary
        else cast(exp.Null(), "varchar"),
        **columnar.keys.decision(),
        "as_of": text_of(as_of.isoformat()),
        "rulebook": structure_of(reference),
    }
    tree = columnar.select(columns)
    _commented(tree, columnar, language)
    body = written(tree, dialect, pretty=True)
    head = _head(book, as_of, dialect, language, program)
    return "\n".join(f"-- {line}".rstrip() for line in head) + f"\n{body}\n"


def contract_columns(vocabulary: Vocabulary) -> dict[str, exp.DataType]:
    """The columns of the table that the statement reads, with their types."""
    tree = dict(vocabulary.tree)
    lines = tree.pop("line", {})
    assert isinstance(lines, dict)
    return {key: _type_of(child, lines) for key, child in tree.items()}


def _type_of(child: object, lines: Mapping[str, object]) -> exp.DataType:
    if isinstance(child, Fact) and child.type is FactType.LINES:
        line = _type_of(lines, {})
        return exp.DataType(this=exp.DType.ARRAY, expressions=[line], nested=True)
    if isinstance(child, Fact):
        return exp.DataType.build(_COLUMN_TYPES.get(child.type, "varchar"))
    assert isinstance(child, Mapping)
    fields = [
        exp.ColumnDef(this=exp.to_identifier(key), kind=_type_of(each, lines))
        for key, each in child.items()
    ]
    return exp.DataType(this=exp.DType.STRUCT, expressions=fields, nested=True)


def _head(book: RuleBook, as_of: date, dialect: str, language: str, program: str) -> Iterator[str]:
    said = text(
        f"Regelboken {book.name}\n"
        f"{book.version}\n"
        f"Kontrolldato: {as_of.isoformat()}\n"
        f"Skrevet av {program} for {dialect}.\n"
        "\n"
        f"Leser tabellen {DOCUMENTS}: en rad per dokument, og nøyaktig disse typene. NULL betyr at faktumet\n"
        "mangler; en kolonne eller et felt som dataene ikke har, må være der og være NULL.\n"
        "Verdiene skal ha kontraktens former (docs/contract.md, §1): kontrollsifre som stemmer, tekst uten\n"
        "blanke foran og bak, aldri tom tekst, ingen kontrolltegn, ord fra listene, linjer med hver sin id.\n"
        "Dokumenter med dårlige verdier er ikke for dette uttrykket; fakturavakt screen avgjør dem.\n",
        f"The rule book {book.name}\n"
        f"{book.version}\n"
        f"Screening date: {as_of.isoformat()}\n"
        f"Written by {program} for {dialect}.\n"
        "\n"
        f"Reads the table {DOCUMENTS}: a row a document, and exactly these types. NULL means that the\n"
        "fact is absent; a column or field that the data lack has to be there and be NULL.\n"
        "Values must have the contract's forms (docs/contract.md, §1): check digits that are right, text\n"
        "without blanks around it, never empty text, no control characters, words of the lists, lines with\n"
        "an id each. Documents with bad values are not for this expression: fakturavakt screen\n"
        "decides them.\n",
    )
    yield from said.say(language).split("\n")
    columns = list(contract_columns(book.vocabulary).items())
    yield f"CREATE TABLE {DOCUMENTS} ("
    for n, (key, type_) in enumerate(columns, start=1):
        comma = "," if n < len(columns) else ""
        shown = type_.sql(dialect=dialect, pretty=True).replace("\n", "\n  ")
        yield from f"  {key} {shown}{comma}".split("\n")
    yield ")"


def _commented(tree: exp.Select, columnar: Columnar, language: str) -> None:
    """Put beside each column of a step which rule, channel or advice it is."""
    said = _labels(columnar, language)
    for cte in tree.find_all(exp.CTE):
        step = _STEPS.get(cte.alias)
        if step is not None:
            _comment(cte.this, step.say(language))
        for each in cte.this.expressions:
            label = said.get(each.alias)
            if label is not None:
                _comment(each, label)


def _comment(node: exp.Expr, said: str) -> None:
    # A comment within a comment would begin another one in Spark.
    node.add_comments(
        [" " + said.replace("/*", "/ *").replace("*/", "* /").replace("\n", " ") + " "]
    )


def _labels(columnar: Columnar, language: str) -> dict[str, str]:
    """What a column of a step is, by its name."""
    book, asked = columnar.outcomes.book, columnar.outcomes
    rules = dict(_named_rules(book))
    found = {asked.scope.column: _SCOPE.say(language)}
    for rule, kind in rules.values():
        label = f"{kind.say(language)} {rule.id}: {rule.title.say(language)}"
        found |= {f"rule {rule.id}": label, f"in force {rule.id}": label}
    for channel in book.channels:
        label = f"{_CHANNEL.say(language)} {channel.name}: {channel.title.say(language)}"
        found[asked.channels[channel.name].column] = label
    everything = [*asked.can_miss, *asked.advice.values()]
    for quantifier, named in asked.conditions.quantified.items():
        of = [
            found[each.column].partition(":")[0]
            for each in everything
            if quantifier in quantifiers(each.condition)
        ]
        found[named] = ", ".join(of)
    for code in asked.line_codes:
        of = [
            f"{1 << bit}: {found[asked.conditions.quantified[quantifier]]}"
            for quantifier, bit in code.settled.items()
        ]
        found[code.seen] = "; ".join(of)
    for each in everything:
        for what in ("missing", "paths", "names", "labels", "words", "missing words", "line words"):
            found[f"{what} {each.column}"] = found[each.column]
    return found


def _named_rules(book: RuleBook) -> Iterator[tuple[str, tuple[Rule, Text]]]:
    for prohibition in book.prohibitions:
        yield prohibition.id, (prohibition, _PROHIBITION)
    for channel in book.channels:
        for rule in channel.rules:
            yield rule.id, (rule, _CHANNEL_RULE)
    for advice in book.advice:
        yield advice.id, (advice, _ADVICE)
    for trial in book.trials:
        yield trial.id, (trial, _ON_TRIAL)


_SCOPE: Final = text("virkeområde", "scope")
_PROHIBITION: Final = text("forbud", "prohibition")
_CHANNEL: Final = text("kanal", "channel")
_CHANNEL_RULE: Final = text("kanalregel", "channel rule")
_ON_TRIAL: Final = text("på prøve:", "on trial:")
_ADVICE: Final = text("råd", "advice")
