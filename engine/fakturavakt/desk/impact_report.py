"""The impact of a new rule book as text for a terminal and as JSON for programs; ``impact_page`` is for
people who read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from fakturavakt.decision import Verdict
from fakturavakt.desk import impact_words as words
from fakturavakt.desk.impact import CHANGES, Effect, Impact, OutcomeChange, Subject
from fakturavakt.desk.impact_samples import ToldDecision, ToldSample, title_of
from fakturavakt.desk.impact_words import Occasion
from fakturavakt.report.machine import PROGRAM, SCHEMA, safe
from fakturavakt.report.summary import Tally
from fakturavakt.report.text import visible
from fakturavakt.rulebook.model import RuleBook
from fakturavakt.texts import Text, counted, text, written_amount, written_date
from fakturavakt.verdict_words import VERDICTS

_ROWS_MAX: Final = 15
"""Rows of a table that are printed; JSON has them all."""
_WEEKS_MAX: Final = 60

DOCUMENTS: Final = text("Dokumenter", "Documents")
SHARE: Final = text("Andel", "Share")
AMOUNT: Final = text("Beløp", "Amount")
CHANGES_HEADING: Final = text("Hva som skjer med dokumentene", "What becomes of the documents")
MOVES_HEADING: Final = text("Fra avgjørelse til avgjørelse", "From decision to decision")
CAUSES_HEADING: Final = text("Hvorfor", "Why")
OUTCOMES_HEADING: Final = text(
    "Regler som kommer annerledes ut, også der avgjørelsen er den samme",
    "Rules that come out otherwise, also where the decision is the same",
)
MISSING_HEADING: Final = text(
    "Det som mangler der fakturaer settes på vent", "What newly held invoices lack"
)
SENDERS_HEADING: Final = text("Avsendere som rammes mest", "Senders hit most")
WEEKS_HEADING: Final = text("Uke for uke", "Week by week")
SAMPLES_HEADING: Final = text("Eksempler", "Samples")
ALL_OF_THEM: Final = text("alle", "all")


# -- text --------------------------------------------------------------------------------------------


def text_lines(
    impact: Impact, occasion: Occasion, samples: Sequence[ToldSample], language: str
) -> Iterator[str]:
    """The whole report, line by line."""
    yield words.compared_books(occasion, language)
    yield words.history(impact, occasion, language)
    yield words.balance(impact, language)
    for note in (words.undated(impact, occasion, language), *words.left_out(occasion, language)):
        if note is not None:
            yield note
    if not impact.changed:
        yield ""
        yield text("Ingen av dem avgjøres annerledes.", "None of them is decided otherwise.").say(
            language
        )
    tables = (
        _effects(impact, language),
        _moves(impact, language),
        _causes(impact, occasion, language),
        _outcomes(impact, occasion, language),
        _missing(impact, occasion.new[1], language),
        _senders(impact, language),
        _weeks(impact, language),
    )
    for table in tables:
        if table:
            yield ""
            yield from table
    if samples:
        yield ""
        yield SAMPLES_HEADING.say(language)
        for sample in samples:
            yield ""
            yield from (f"  {line}" for line in _sample_lines(sample, language))


_Row = Sequence[str]


def _table(
    heading: Text, columns: Sequence[Text], rows: Sequence[_Row], language: str
) -> list[str]:
    """Rows under a heading, the first column to the left and the others to the right."""
    if not rows:
        return []
    shown = [heading.say(language), *(column.say(language) for column in columns)]
    more = len(rows) - _ROWS_MAX
    kept = rows[:_ROWS_MAX] if more > 1 else rows
    widths = [max(len(row[n]) for row in (shown, *kept)) for n in range(len(shown))]
    lines = [
        "   ".join(
            cell.ljust(width) if n == 0 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (shown, *kept)
    ]
    if more > 1:
        lines.append(
            text(f"… og {more} til (--format json)", f"… and {more} more (--format json)").say(
                language
            )
        )
    return lines


def _sums(tally: Tally, language: str) -> tuple[str, str]:
    return counted(tally.count, language), words.amounts(tally, language)


def _effects(impact: Impact, language: str) -> list[str]:
    rows = []
    for effect, tally in impact.effects().items():
        number, amount = _sums(tally, language)
        part = words.share(tally.count, impact.documents, language)
        rows.append((words.EFFECTS[effect].say(language), number, part, amount))
    if impact.rejected:
        part = words.share(impact.rejected, impact.documents, language)
        number = counted(impact.rejected, language)
        rows.append((words.REJECTED.say(language), number, part, ""))
    return _table(CHANGES_HEADING, (DOCUMENTS, SHARE, AMOUNT), rows, language)


def _moves(impact: Impact, language: str) -> list[str]:
    rows = [
        (
            f"{VERDICTS[old].say(language)} → {VERDICTS[new].say(language)}",
            *_sums(tally, language),
        )
        for (old, new), tally in ordered_moves(impact)
        if old is not new
    ]
    return _table(MOVES_HEADING, (DOCUMENTS, AMOUNT), rows, language)


def ordered_moves(impact: Impact) -> list[tuple[tuple[Verdict, Verdict], Tally]]:
    """By the old and the new decision, in the order in which decisions are told of."""
    order = list(Verdict)
    return sorted(
        impact.moves().items(), key=lambda item: [order.index(verdict) for verdict in item[0]]
    )


def causes_in_words(cause: Sequence[OutcomeChange], occasion: Occasion, language: str) -> str:
    """All outcomes of a cause on one line."""
    return " · ".join(words.change_in_words(change, occasion, language) for change in cause)


def _causes(impact: Impact, occasion: Occasion, language: str) -> list[str]:
    rows = [
        (
            f"{words.EFFECTS[effect].say(language)}: {causes_in_words(cause, occasion, language)}",
            *_sums(tally, language),
        )
        for effect, cause, tally in impact.causes()
    ]
    return _table(CAUSES_HEADING, (DOCUMENTS, AMOUNT), rows, language)


def _outcomes(impact: Impact, occasion: Occasion, language: str) -> list[str]:
    rows = []
    for change, by_effect in impact.outcomes():
        whole = Tally()
        for tally in by_effect.values():
            whole.merge(tally)
        same = by_effect.get(Effect.UNCHANGED, Tally())
        rows.append(
            (
                words.change_in_words(change, occasion, language),
                counted(whole.count, language),
                counted(same.count, language),
                words.amounts(whole, language),
            )
        )
    same_decision = text("Samme avgjørelse", "Same decision")
    return _table(OUTCOMES_HEADING, (DOCUMENTS, same_decision, AMOUNT), rows, language)


def _missing(impact: Impact, book: RuleBook, language: str) -> list[str]:
    rows = [
        (f"{book.vocabulary[fact].label.say(language)} [{fact}]", *_sums(tally, language))
        for fact, tally in impact.missing()
    ]
    return _table(MISSING_HEADING, (DOCUMENTS, AMOUNT), rows, language)


def _senders(impact: Impact, language: str) -> list[str]:
    effects = _met(impact)
    rows = []
    for each in impact.senders:
        changed = [each.changed.get(effect, Tally()).count for effect in effects]
        amount = Tally()
        for tally in each.changed.values():
            amount.merge(tally)
        rows.append(
            (
                each.sender or words.SENDER_UNKNOWN.say(language),
                *(counted(number, language) for number in changed),
                counted(each.documents, language),
                words.amounts(amount, language),
            )
        )
    heads = (*(words.EFFECTS[effect] for effect in effects), ALL_OF_THEM, AMOUNT)
    lines = _table(SENDERS_HEADING, heads, rows, language)
    if impact.senders_hit > len(rows):
        number = counted(impact.senders_hit, language)
        lines.append(text(f"{number} avsendere i alt", f"{number} senders in all").say(language))
    return lines


def _met(impact: Impact) -> list[Effect]:
    """The changes that some document has."""
    effects = impact.effects()
    return [effect for effect in CHANGES if effects[effect].count]


def _weeks(impact: Impact, language: str) -> list[str]:
    effects = _met(impact)
    if not effects:
        return []
    weeks = sorted(impact.weeks.items(), key=lambda item: (item[0] is None, item[0] or date.min))
    shown = weeks[-_WEEKS_MAX:]
    rows = [
        (
            words.WEEK_UNKNOWN.say(language) if week is None else written_date(week, language),
            *(counted(found.get(effect, Tally()).count, language) for effect in effects),
            counted(sum(tally.count for tally in found.values()), language),
        )
        for week, found in shown
    ]
    heads = (*(words.EFFECTS[effect] for effect in effects), ALL_OF_THEM)
    lines = []
    for start in range(0, len(rows), _ROWS_MAX):
        part = _table(WEEKS_HEADING, heads, rows[start : start + _ROWS_MAX], language)
        lines += part
    return lines


def _sample_lines(sample: ToldSample, language: str) -> Iterator[str]:
    yield f"{words.EFFECTS[sample.effect].say(language)}: {sample_name(sample, language)}"
    for told, when in (
        (sample.old, text("før", "before")),
        (sample.new, text("nå", "now")),
    ):
        yield f"  {when.say(language)}: {decision_in_words(told, language)}"
        for message in told.messages:
            yield f"    {visible(message)}"
        if told.missing:
            missing = ", ".join(told.missing)
            yield text(f"    Mangler: {missing}", f"    Missing: {missing}").say(language)
    for outcome in sample.outcomes:
        named = f"{outcome.title} [{outcome.change.name}]"
        for lines, word, when in (
            (outcome.old, outcome.change.old, text("før", "before")),
            (outcome.new, outcome.change.new, text("nå", "now")),
        ):
            said = outcome_in_words(outcome.change, word, language)
            yield f"  {named} {when.say(language)}: {said}"
            yield from (f"    {visible(line)}" for line in lines)


def outcome_in_words(change: OutcomeChange, word: str, language: str) -> str:
    """An outcome; of the order of channels it is the order."""
    if change.subject is Subject.CHANNEL_ORDER:
        return word
    return words.outcome(change, word, language)


def sample_name(sample: ToldSample, language: str) -> str:
    """Which document it is, as far as that is shown."""
    place = f"#{sample.position}"
    if sample.file is not None:
        place = f"{sample.file} {place}"
    else:
        place = text(
            f"fil {sample.file_number}, dokument {sample.position}",
            f"file {sample.file_number}, document {sample.position}",
        ).say(language)
    invoice = sample.invoice or text("uten nummer", "without a number").say(language)
    amount = ""
    if sample.ore is not None:
        amount = f", {written_amount(Decimal(sample.ore) / 100, sample.currency, language)}"
    return visible(f"{invoice} ({place}{amount})")


def decision_in_words(told: ToldDecision, language: str) -> str:
    """A decision, and the channel where there is one."""
    channel = f" → {told.channel}" if told.channel is not None else ""
    return f"{VERDICTS[told.decision].say(language)}{channel}"


# -- JSON --------------------------------------------------------------------------------------------


def as_json(
    impact: Impact, occasion: Occasion, samples: Sequence[ToldSample], language: str
) -> str:
    """All sums, exact; codes are in no language, titles and messages in one."""
    found = {
        "schema": SCHEMA,
        "program": PROGRAM,
        "old": _book(*occasion.old),
        "new": _book(*occasion.new),
        "promoted": list(occasion.promoted),
        "as_of": occasion.as_of.isoformat(),
        "history": {
            "files": occasion.files,
            "documents": impact.documents,
            "decided": impact.decided,
            "rejected": impact.rejected,
            "undated": impact.undated,
        },
        "changes": [
            {"change": effect.value, **_tally(tally)} for effect, tally in impact.effects().items()
        ],
        "decisions": [
            {"old": old.value, "new": new.value, **_tally(tally)}
            for (old, new), tally in ordered_moves(impact)
        ],
        "causes": [
            {
                "change": effect.value,
                "outcomes": [_change(change, occasion, language) for change in cause],
                **_tally(tally),
            }
            for effect, cause, tally in impact.causes()
        ],
        "outcomes": [
            {
                **_change(change, occasion, language),
                "changes": [
                    {"change": effect.value, **_tally(by_effect[effect])}
                    for effect in Effect
                    if effect in by_effect
                ],
            }
            for change, by_effect in impact.outcomes()
        ],
        "missing": [
            {
                "fact": fact,
                "label": occasion.new[1].vocabulary[fact].label.say(language),
                **_tally(tally),
            }
            for fact, tally in impact.missing()
        ],
        "senders_hit": impact.senders_hit,
        "senders": [
            {
                "sender": each.sender,
                "documents": each.documents,
                "changed": each.number,
                "changes": _by_effect(each.changed),
            }
            for each in impact.senders
        ],
        "weeks": [
            {"week": None if week is None else week.isoformat(), "changes": _by_effect(found)}
            for week, found in sorted(
                impact.weeks.items(), key=lambda item: (item[0] is None, item[0] or date.min)
            )
        ],
        "samples": [_sample(sample, occasion, language) for sample in samples],
    }
    return safe(json.dumps(found, ensure_ascii=False, indent=2))


def _book(given: str, book: RuleBook) -> dict[str, object]:
    tried = [rule.id for rule in book.trials]
    return {"given": given, "name": book.name, "version": book.version, "trials": tried}


def _tally(tally: Tally) -> dict[str, object]:
    """Money as the contract writes it: a text with two decimals."""
    amounts = [
        {"currency": currency, "amount": f"{Decimal(ore) / 100:.2f}"}
        for currency, ore in sorted(tally.ore.items(), key=lambda item: item[0] or "")
        if ore
    ]
    return {"documents": tally.count, "amounts": amounts}


def _by_effect(found: Mapping[Effect, Tally]) -> list[dict[str, object]]:
    return [
        {"change": effect.value, **_tally(found[effect])} for effect in Effect if effect in found
    ]


def _change(change: OutcomeChange, occasion: Occasion, language: str) -> dict[str, object]:
    return {
        "subject": change.subject.value,
        "name": change.name,
        "title": title_of(change, *occasion.books).say(language),
        "old": change.old,
        "new": change.new,
    }


def _sample(sample: ToldSample, occasion: Occasion, language: str) -> dict[str, object]:
    amount = None if sample.ore is None else f"{Decimal(sample.ore) / 100:.2f}"
    return {
        "change": sample.effect.value,
        "document": {
            "file": sample.file,
            "file_number": sample.file_number,
            "position": sample.position,
        },
        "invoice": sample.invoice,
        "amount": amount,
        "currency": sample.currency,
        "old": _told(sample.old),
        "new": _told(sample.new),
        "outcomes": [
            {
                **_change(outcome.change, occasion, language),
                "conditions": {"old": list(outcome.old), "new": list(outcome.new)},
            }
            for outcome in sample.outcomes
        ],
    }


def _told(told: ToldDecision) -> dict[str, object]:
    return {
        "decision": told.decision.value,
        "channel": told.channel,
        "messages": list(told.messages),
        "missing": list(told.missing),
    }
