"""Cases written down as a table that ``rules test`` reads: what an officer is given to confirm."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from fakturavakt.rulebook.case_files import OUTCOMES, Expected, Given, Slot, Special
from fakturavakt.texts import Text
from fakturavakt.vocabulary import forms
from fakturavakt.vocabulary.facts import FactType, Vocabulary

_NOT_SHOWN: Final = re.compile(
    r"[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_PLAIN: Final = re.compile(r"[a-z][a-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case to be written: as a table says it, nothing resolved yet."""

    title: str
    given: str | None
    as_of: date | None
    changes: Mapping[Slot, Given]
    expected: Expected
    confirmed: bool = False
    note: str | None = None
    comments: tuple[str, ...] = ()


def written_table(
    cases: Sequence[NewCase], vocabulary: Vocabulary, comments: Sequence[Text]
) -> str:
    """A whole file; ``comments`` open it, in Norwegian and English."""
    lines = [f"# {comment.say(language)}" for language in ("nb", "en") for comment in comments]
    lines.append("cases:")
    for case in cases:
        lines += _case(case, vocabulary)
    return "\n".join(lines) + "\n"


def _case(case: NewCase, vocabulary: Vocabulary) -> Iterator[str]:
    yield f"  - case: {quoted(case.title)}"
    yield from (f"    # {comment}" for comment in case.comments)
    if case.given is not None:
        yield f"    given: {case.given}"
    if case.as_of is not None:
        yield f"    as_of: {case.as_of}"
    if case.changes:
        yield "    with:"
    for slot, given in case.changes.items():
        yield f"      {slot.path}: {_given(slot, given, vocabulary)}"
    yield "    expect:"
    yield from (f"      {line}" for line in _expected(case.expected))
    if not case.confirmed:
        yield "    confirmed: no"
    if case.note is not None:
        yield f"    note: {quoted(case.note)}"


def _given(slot: Slot, given: Given, vocabulary: Vocabulary) -> str:
    if isinstance(given, Special):
        return given.value
    fact = vocabulary[slot.name]
    match fact.type:
        case FactType.YES_NO:
            return "yes" if given else "no"
        case FactType.DATE | FactType.MONEY:
            return str(forms.in_json(fact, given))
        case FactType.COUNT:
            return str(given)
        case _:
            return _word(str(given))


def _expected(expected: Expected) -> Iterator[str]:
    if expected.decision is not None:
        yield f"decision: {expected.decision}"
    if expected.channel is not None:
        yield f"channel: {expected.channel}"
    for key, truths in (("rules", expected.rules), ("channels", expected.channels)):
        if truths:
            words = {meaning: word for word, meaning in OUTCOMES.items()}
            named = ", ".join(f"{name}: {words[truth]}" for name, truth in truths.items())
            yield f"{key}: {{{named}}}"
    if expected.lines:
        yield "lines:"
        for name, ids in expected.lines.items():
            yield f"  {name}: [{', '.join(map(quoted, ids))}]"
    for key, names in (("missing", expected.missing), ("advice", expected.advice)):
        if names is not None:
            yield f"{key}: [{', '.join(map(_word, names))}]"
    if expected.action is not None:
        yield f"action: {expected.action}"


def _word(written: str) -> str:
    """A word that YAML takes for nothing else, plain; everything else in quotes."""
    special = written in (*(each.value for each in Special), "null", "yes", "no", "true", "false")
    return written if _PLAIN.fullmatch(written) and not special else quoted(written)


def quoted(written: str) -> str:
    """A text in double quotes; what cannot be seen is spelt out."""
    plain = json.dumps(written, ensure_ascii=False)
    return _NOT_SHOWN.sub(lambda found: f"\\U{ord(found[0]):08x}", plain)
