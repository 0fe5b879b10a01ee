"""The impact of a new rule book as one HTML page for people who decide: complete in itself, fit to be printed
and put before a meeting. Nothing is fetched and no program runs in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Final

from fakturavakt.decision import Verdict
from fakturavakt.desk import impact_report as report
from fakturavakt.desk import impact_words as words
from fakturavakt.desk.impact import CHANGES, Effect, Impact
from fakturavakt.desk.impact_plots import (
    Bucket,
    Series,
    bar,
    bucketed,
    legend,
    named,
    shares,
    stacked_columns,
)
from fakturavakt.desk.impact_samples import ToldDecision, ToldOutcome, ToldSample
from fakturavakt.desk.impact_style import STYLE
from fakturavakt.desk.impact_words import Occasion
from fakturavakt.report.machine import PROGRAM, safe
from fakturavakt.report.summary import Tally
from fakturavakt.report.text import visible
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import Text, counted, text
from fakturavakt.verdict_words import VERDICTS

_ROWS_MAX: Final = 25
_COLOURS: Final[Mapping[Effect, str]] = {
    Effect.NEWLY_BLOCKED: "block",
    Effect.NEWLY_HELD: "hold",
    Effect.NEWLY_SENT: "send",
    Effect.NEWLY_OUT_OF_SCOPE: "out",
    Effect.OTHER_CHANNEL: "other",
    Effect.UNCHANGED: "same",
}
_VERDICT_COLOURS: Final[Mapping[Verdict, str]] = {
    Verdict.SEND: "send",
    Verdict.BLOCK: "block",
    Verdict.HOLD: "hold",
    Verdict.OUT_OF_SCOPE: "out",
}
_BEFORE: Final = text("Før", "Before")
_NOW: Final = text("Nå", "Now")
_BUCKETS: Final[Mapping[Bucket, Text]] = {
    "week": report.WEEKS_HEADING,
    "month": text("Måned for måned", "Month by month"),
    "year": text("År for år", "Year by year"),
}
_STARTING: Final[Mapping[Bucket, Text]] = {
    "week": text("Uken fra", "Week of"),
    "month": text("Måned", "Month"),
    "year": text("År", "Year"),
}
_NO_CHANGE: Final = text(
    "Ingen av dokumentene avgjøres annerledes.", "None of the documents is decided otherwise."
)
_MASKED: Final = text(
    "Filnavn, fakturanumre og verdier som kan si hvem noen er, er skjult (•••). Plassen i historikken viser "
    "hvilket dokument det er.",
    "File names, invoice numbers and values that may tell who somebody is are hidden (•••). The place in the "
    "history shows which document it is.",
)
_MANY: Final = text(
    "… og {n} til; --format json har alle.", "… and {n} more; --format json has all."
)
_MORE_SENDERS: Final = text("… og {n} avsendere til.", "… and {n} more senders.")


def page(impact: Impact, occasion: Occasion, samples: Sequence[ToldSample], language: str) -> str:
    """The whole page."""
    title = words.title(occasion).say(language)
    body = [
        "<header>",
        f"<h1>{escape(title)}</h1>",
        f'<p class="lead">{escape(words.compared_books(occasion, language))}</p>',
        f"<p>{escape(words.history(impact, occasion, language))}.</p>",
        *(f'<p class="note">{escape(note)}</p>' for note in _notes(impact, occasion, language)),
        "</header>",
        *_tiles(impact, language),
        *_decisions(impact, language),
        *_over_time(impact, language),
        *_causes(impact, occasion, language),
        *_outcomes(impact, occasion, language),
        *_missing(impact, occasion.new[1], language),
        *_senders(impact, language),
        *_samples(samples, language),
        "<footer>",
        f"<p>{escape(words.balance(impact, language))}.</p>",
        *(f"<p>{escape(line)}</p>" for line in _versions(occasion)),
        f"<p>{escape(PROGRAM)}</p>",
        "</footer>",
    ]
    return safe(
        f'<!DOCTYPE html>\n<html lang="{escape(language, quote=True)}">\n<head>\n<meta charset="utf-8"/>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _notes(impact: Impact, occasion: Occasion, language: str) -> Iterator[str]:
    if not impact.changed:
        yield _NO_CHANGE.say(language)
    undated = words.undated(impact, occasion, language)
    if undated is not None:
        yield undated
    yield from words.left_out(occasion, language)


def _versions(occasion: Occasion) -> Iterator[str]:
    for given, book in (occasion.old, occasion.new):
        yield f"{given}: {book.name} {book.version}"


def _series(effects: Iterable[Effect], language: str) -> list[Series]:
    return [
        Series(effect.value, words.EFFECTS[effect].say(language), _COLOURS[effect])
        for effect in effects
    ]


def _met(impact: Impact) -> list[Effect]:
    effects = impact.effects()
    return [effect for effect in CHANGES if effects[effect].count]


# -- the sums ----------------------------------------------------------------------------------------


def _tiles(impact: Impact, language: str) -> Iterator[str]:
    yield '<section class="tiles">'
    for effect, tally in impact.effects().items():
        yield _tile(
            _COLOURS[effect] if tally.count else "none",
            words.EFFECTS[effect].say(language),
            counted(tally.count, language),
            words.share(tally.count, impact.documents, language),
            words.each_amount(tally, language),
        )
    yield _tile(
        "none",
        words.REJECTED.say(language),
        counted(impact.rejected, language),
        words.share(impact.rejected, impact.documents, language),
        (),
    )
    yield "</section>"


def _tile(colour: str, name: str, number: str, share: str, amounts: Sequence[str]) -> str:
    amount = "<br/>".join(map(escape, amounts))
    return (
        f'<div class="tile edge-{colour}"><p>{escape(name)}</p><p class="number">{escape(number)}</p>'
        f'<p class="small">{escape(share)}</p><p class="small">{amount}</p></div>'
    )


def _heading(heading: Text, language: str) -> str:
    return f"<h2>{escape(heading.say(language))}</h2>"


def _decisions(impact: Impact, language: str) -> Iterator[str]:
    moves = impact.moves()
    if not moves:
        return
    sums: list[dict[str, int]] = [{}, {}]
    for pair, tally in moves.items():
        for side, verdict in zip(sums, pair, strict=True):
            side[verdict.value] = side.get(verdict.value, 0) + tally.count
    series = [
        Series(verdict.value, VERDICTS[verdict].say(language), _VERDICT_COLOURS[verdict])
        for verdict in Verdict
    ]
    label = report.MOVES_HEADING.say(language)
    rows = [(_BEFORE.say(language), sums[0]), (_NOW.say(language), sums[1])]
    yield "<section>"
    yield _heading(report.MOVES_HEADING, language)
    yield shares(rows, series, label, language)
    yield legend(series)
    yield from _table(
        (text("Før", "Before"), text("Nå", "Now"), report.DOCUMENTS, report.AMOUNT),
        [
            (
                escape(VERDICTS[old].say(language)),
                escape(VERDICTS[new].say(language)),
                escape(counted(tally.count, language)),
                escape(words.amounts(tally, language)),
            )
            for (old, new), tally in report.ordered_moves(impact)
        ],
        2,
        language,
    )
    yield "</section>"


def _over_time(impact: Impact, language: str) -> Iterator[str]:
    effects = _met(impact)
    if not effects:
        return
    weeks = {
        week: {effect.value: found[effect].count for effect in effects if effect in found}
        for week, found in impact.weeks.items()
        if week is not None
    }
    bucket, columns = bucketed(weeks)
    series = _series(effects, language)
    heading = _BUCKETS[bucket]
    yield "<section>"
    yield _heading(heading, language)
    if columns:
        yield stacked_columns(columns, series, bucket, heading.say(language), language)
        yield legend(series)
    rows = [
        (
            escape(named(column.start, bucket, language)),
            *(escape(counted(column.numbers.get(each.key, 0), language)) for each in series),
        )
        for column in columns
    ]
    undated = impact.weeks.get(None)
    if undated is not None:
        rows.append(
            (
                escape(words.WEEK_UNKNOWN.say(language)),
                *(
                    escape(counted(undated.get(effect, Tally()).count, language))
                    for effect in effects
                ),
            )
        )
    heads = (_STARTING[bucket], *(words.EFFECTS[effect] for effect in effects))
    yield from _table(heads, rows, 1, language, every=True)
    yield "</section>"


# -- why ---------------------------------------------------------------------------------------------


def _causes(impact: Impact, occasion: Occasion, language: str) -> Iterator[str]:
    causes = impact.causes()
    longest = max((tally.count for _, _, tally in causes), default=0)
    rows = []
    for effect, cause, tally in causes:
        series = _series([effect], language)
        said = "<br/>".join(
            escape(words.change_in_words(change, occasion, language)) for change in cause
        )
        rows.append(
            (
                escape(words.EFFECTS[effect].say(language)),
                said,
                bar({effect.value: tally.count}, series, longest),
                *_sums(tally, language),
            )
        )
    changed = text("Endring", "Change")
    because = text("Fordi", "Because")
    heads = (changed, because, _BAR, report.DOCUMENTS, report.AMOUNT)
    yield from _section(report.CAUSES_HEADING, heads, rows, 3, language)


_BAR: Final = text("", "")


def _sums(tally: Tally, language: str) -> tuple[str, str]:
    return escape(counted(tally.count, language)), escape(words.amounts(tally, language))


def _outcomes(impact: Impact, occasion: Occasion, language: str) -> Iterator[str]:
    outcomes = impact.outcomes()
    series = _series(Effect, language)
    numbers = [
        {effect.value: tally.count for effect, tally in by_effect.items()}
        for _, by_effect in outcomes
    ]
    longest = max((sum(each.values()) for each in numbers), default=0)
    rows = []
    for (change, by_effect), own in zip(outcomes, numbers, strict=True):
        whole = Tally()
        for tally in by_effect.values():
            whole.merge(tally)
        same = by_effect.get(Effect.UNCHANGED, Tally())
        rows.append(
            (
                escape(words.change_in_words(change, occasion, language)),
                bar(own, series, longest),
                escape(counted(whole.count, language)),
                escape(counted(same.count, language)),
                escape(words.amounts(whole, language)),
            )
        )
    same_decision = text("Samme avgjørelse", "Same decision")
    heads = (text("Utfall", "Outcome"), _BAR, report.DOCUMENTS, same_decision, report.AMOUNT)
    yield from _section(report.OUTCOMES_HEADING, heads, rows, 2, language)


def _missing(impact: Impact, book: RuleBook, language: str) -> Iterator[str]:
    missing = impact.missing()
    series = _series([Effect.NEWLY_HELD], language)
    longest = max((tally.count for _, tally in missing), default=0)
    rows = [
        (
            f"{escape(book.vocabulary[fact].label.say(language))} <code>{escape(fact)}</code>",
            bar({Effect.NEWLY_HELD.value: tally.count}, series, longest),
            *_sums(tally, language),
        )
        for fact, tally in missing
    ]
    heads = (text("Mangler", "Missing"), _BAR, report.DOCUMENTS, report.AMOUNT)
    yield from _section(report.MISSING_HEADING, heads, rows, 2, language)


def _senders(impact: Impact, language: str) -> Iterator[str]:
    effects = _met(impact)
    series = _series(effects, language)
    longest = max((each.number for each in impact.senders), default=0)
    rows = []
    for each in impact.senders:
        numbers = {effect.value: tally.count for effect, tally in each.changed.items()}
        whole = Tally()
        for tally in each.changed.values():
            whole.merge(tally)
        rows.append(
            (
                escape(each.sender or words.SENDER_UNKNOWN.say(language)),
                bar(numbers, series, longest),
                escape(counted(each.number, language)),
                escape(words.share(each.number, each.documents, language)),
                escape(words.amounts(whole, language)),
            )
        )
    changed = text("Avgjøres annerledes", "Decided otherwise")
    own_share = text("Av avsenderens", "Of the sender’s")
    heads = (text("Avsender", "Sender"), _BAR, changed, own_share, report.AMOUNT)
    yield from _section(report.SENDERS_HEADING, heads, rows, 2, language)
    more = impact.senders_hit - len(rows)
    if more:
        said = _MORE_SENDERS.filled(n=counted(more, language)).say(language)
        yield f'<p class="small">{escape(said)}</p>'


# -- tables ------------------------------------------------------------------------------------------

_Row = tuple[str, ...]


def _section(
    heading: Text,
    heads: Sequence[Text],
    rows: Sequence[_Row],
    left: int,
    language: str,
) -> Iterator[str]:
    """A table under its heading; nothing where it has no rows."""
    if not rows:
        return
    yield "<section>"
    yield _heading(heading, language)
    yield from _table(heads, rows, left, language)
    yield "</section>"


def _table(
    heads: Sequence[Text],
    rows: Sequence[_Row],
    left: int,
    language: str,
    *,
    every: bool = False,
) -> Iterator[str]:
    """``left``: so many columns stand to the left, the others are numbers. Cells are HTML."""

    def cells(row: Sequence[str], tag: str) -> str:
        found = []
        for n, cell in enumerate(row):
            kind = "" if n < left else ' class="right"'
            found.append(f"<{tag}{kind}>{cell}</{tag}>")
        return "".join(found)

    shown = rows if every else rows[:_ROWS_MAX]
    yield "<table><thead><tr>"
    yield cells([escape(head.say(language)) for head in heads], "th")
    yield "</tr></thead><tbody>"
    for row in shown:
        yield f"<tr>{cells(row, 'td')}</tr>"
    yield "</tbody></table>"
    untold = len(rows) - len(shown)
    if untold > 0:
        said = _MANY.filled(n=counted(untold, language)).say(language)
        yield f'<p class="small">{escape(said)}</p>'


# -- samples -----------------------------------------------------------------------------------------


def _samples(samples: Sequence[ToldSample], language: str) -> Iterator[str]:
    if not samples:
        return
    yield "<section>"
    yield _heading(report.SAMPLES_HEADING, language)
    if all(sample.file is None for sample in samples):
        yield f'<p class="small">{escape(_MASKED.say(language))}</p>'
    for sample in samples:
        yield f'<article class="edge-{_COLOURS[sample.effect]}">'
        effect = words.EFFECTS[sample.effect].say(language)
        yield f"<h3>{escape(effect)}: {escape(report.sample_name(sample, language))}</h3>"
        yield '<div class="sides">'
        for head, told, which in ((_BEFORE, sample.old, 0), (_NOW, sample.new, 1)):
            yield from _side(head, told, sample.outcomes, which, language)
        yield "</div></article>"
    yield "</section>"


def _side(
    head: Text, told: ToldDecision, outcomes: Sequence[ToldOutcome], which: int, language: str
) -> Iterator[str]:
    decision = report.decision_in_words(told, language)
    yield f"<div><p><b>{escape(head.say(language))}:</b> {escape(decision)}</p>"
    for message in told.messages:
        yield f"<p>{escape(visible(message))}</p>"
    if told.missing:
        missing = text("Mangler", "Missing").say(language)
        yield f"<p>{escape(missing)}: {escape(', '.join(told.missing))}</p>"
    for outcome in outcomes:
        lines = (outcome.old, outcome.new)[which]
        word = (outcome.change.old, outcome.change.new)[which]
        said = report.outcome_in_words(outcome.change, word, language)
        yield f'<p class="rule">{escape(outcome.title)}: <b>{escape(said)}</b></p>'
        if lines:
            yield f"<pre>{escape(chr(10).join(map(visible, lines)))}</pre>"
    yield "</div>"
