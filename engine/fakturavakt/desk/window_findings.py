"""The effective windows of one channel's rules, on the calendar: days that no rule has, days that two have.

Before the first window and after the last there may be no rule: a channel begins and ends. No solver is
needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise

from fakturavakt.desk.finding_codes import WINDOW_GAP, WINDOW_OVERLAP
from fakturavakt.desk.findings import Finding, Severity
from fakturavakt.problems import Place
from fakturavakt.rulebook.model import Channel, ChannelRule, RuleBook
from fakturavakt.texts import text


def window_findings(book: RuleBook) -> Iterator[Finding]:
    """Gaps and overlaps, channel by channel."""
    for channel in book.channels:
        yield from _overlaps(channel)
        yield from _gaps(channel)


def _overlaps(channel: Channel) -> Iterator[Finding]:
    for one, other in combinations(_by_start(channel), 2):
        first = max(_starts(one), _starts(other))
        before = min(_before(one), _before(other))
        if first >= before:
            continue
        nb, en = _span(first, before)
        yield Finding(
            WINDOW_OVERLAP,
            Severity.WARNING,
            _place(other),
            text(
                f"«{one.id}» og «{other.id}» gjelder begge {nb}, og begge er for kanalen «{channel.name}».",
                f"“{one.id}” and “{other.id}” are both in force {en}, and both are for the channel "
                f"“{channel.name}”.",
            ),
            text(
                "La den ene slutte («before») den dagen den andre begynner («from»).",
                "Let one of them end (“before”) on the day on which the other begins (“from”).",
            ),
            ((_place(one), text(f"«{one.id}»", f"“{one.id}”")),),
            subject=other.id,
        )


def _gaps(channel: Channel) -> Iterator[Finding]:
    end = None
    for one, other in pairwise(_by_start(channel)):
        end = max(end or date.min, _before(one))
        starts = _starts(other)
        if end >= starts:
            continue
        nb, en = _span(end, starts)
        yield Finding(
            WINDOW_GAP,
            Severity.WARNING,
            _place(other),
            text(
                f"Kanalen «{channel.name}» har ingen regel {nb}: mellom «{one.id}» og «{other.id}».",
                f"The channel “{channel.name}” has no rule {en}: between “{one.id}” and “{other.id}”.",
            ),
            text(
                "La den neste begynne («from») den dagen den forrige slutter («before»; den dagen er ikke "
                "med).",
                "Let the next one begin (“from”) on the day on which the one before it ends (“before”; that "
                "day is excluded).",
            ),
            ((_place(one), text(f"«{one.id}»", f"“{one.id}”")),),
            subject=other.id,
        )


def _by_start(channel: Channel) -> list[ChannelRule]:
    return sorted(channel.rules, key=lambda rule: (_starts(rule), _before(rule), rule.place))


def _starts(rule: ChannelRule) -> date:
    return rule.window.starts or date.min


def _before(rule: ChannelRule) -> date:
    return rule.window.before or date.max


def _place(rule: ChannelRule) -> Place:
    return rule.place if rule.in_force is None else rule.in_force.place


def _span(first: date, before: date) -> tuple[str, str]:
    """The days from one on and before another, in words."""
    if first == date.min and before == date.max:
        return "alltid", "always"
    if first == date.min:
        return f"før {before}", f"before {before}"
    if before == date.max:
        return f"fra {first}", f"from {first}"
    if (before - first).days == 1:
        return f"den {first}", f"on {first}"
    return f"fra {first} og før {before}", f"from {first} and before {before}"
