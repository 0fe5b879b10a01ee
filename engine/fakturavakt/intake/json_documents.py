"""JSON and NDJSON to raw documents: each document by itself, numbers as they were written.

One document that is broken costs only itself: in NDJSON its line, in a list its element. Only where the
syntax of a list breaks is what follows lost with it, since nothing says where the next element begins.
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from fakturavakt.intake.documents import (
    FIRST_READING,
    DocumentSource,
    RawDocument,
    Unreadable,
)
from fakturavakt.texts import Text, text
from fakturavakt.vocabulary.forms import Flaw, JsonNumber

DEPTH_MAX: Final = 64
"""Objects and lists in one another. A contract document has five levels."""

_WHITESPACE: Final = re.compile(r"[ \t\n\r]*")
_TAKEN_BACK: Final = {
    flaw.value: flaw
    for flaw in (Flaw.TYPE, Flaw.CHOICE, Flaw.CHECK_DIGIT, Flaw.FORM, Flaw.CONFLICT)
}


class _NotANumber:
    """``NaN`` or ``Infinity``, which are no JSON; the document they stand in is not readable."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        return _Doubled(found)
    return found


class _Doubled(dict[str, object]):
    """An object that had a key twice; the document it belongs to is not readable."""


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=JsonNumber,
    parse_float=JsonNumber,
    parse_constant=lambda _constant: _NotANumber(),
)


def read_json(data: bytes, file: str) -> Iterator[RawDocument | Unreadable]:
    """One document, or a list of them."""
    for document, _span in located_in_json(data, file):
        yield document


def located_in_json(
    data: bytes, file: str
) -> Iterator[tuple[RawDocument | Unreadable, tuple[int, int] | None]]:
    """As :func:`read_json`, each element of a list with the first of its bytes and the one behind its last;
    None where the document is the file.
    """
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield _not_utf8(data, error, DocumentSource(file, 1), first_line=1), None
        return
    at = _skip(content, 0)
    if at == len(content):
        yield Unreadable(DocumentSource(file, 1), "1:1", _EMPTY), None
    elif content[at] == "[":
        in_bytes = _BytesBefore(content, len(BOM_UTF8) if data.startswith(BOM_UTF8) else 0)
        for element, begin, behind in _read_list(content, at + 1, file):
            yield element, (in_bytes(begin), in_bytes(behind))
    else:
        document, end = _read_one(content, at, DocumentSource(file, 1))
        rest = len(content) if end is None else _skip(content, end)
        if rest < len(content):
            place = _line_and_column(content, rest)
            document = Unreadable(DocumentSource(file, 1), place, _MORE_FOLLOWS)
        yield document, None


class _BytesBefore:
    """How many bytes stand before a character; asked from the left to the right."""

    def __init__(self, content: str, mark: int) -> None:
        self._content = content
        self._at = 0
        self._bytes = mark

    def __call__(self, at: int) -> int:
        self._bytes += len(self._content[self._at : at].encode())
        self._at = at
        return self._bytes


def read_ndjson(lines: Iterable[bytes], file: str) -> Iterator[RawDocument | Unreadable]:
    """One document a line; blank lines do not count. ``lines`` are read one at a time."""
    position = 0
    for number, line in enumerate(lines, start=1):
        if is_blank_line(line):
            continue
        position += 1
        yield read_line(line, number, DocumentSource(file, position))


def is_blank_line(line: bytes) -> bool:
    """Whether a line holds no document."""
    return not line.strip(b" \t\r\n\xef\xbb\xbf")


def read_line(line: bytes, number: int, source: DocumentSource) -> RawDocument | Unreadable:
    """The document on one line, the ``number``-th of its file, from 1."""
    try:
        content = line.rstrip(b"\r\n").decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        return _not_utf8(line, error, source, first_line=number)
    document, end = _read_one(content, _skip(content, 0), source, first_line=number)
    rest = len(content) if end is None else _skip(content, end)
    if rest < len(content):
        return Unreadable(source, f"{number}:{rest + 1}", _MORE_ON_LINE)
    return document


def _read_list(
    content: str, at: int, file: str
) -> Iterator[tuple[RawDocument | Unreadable, int, int]]:
    """The elements, each with where it begins and ends; what breaks the list goes to the end of the file."""
    position = 0
    at = _skip(content, at)
    while content[at : at + 1] != "]":
        position += 1
        source = DocumentSource(file, position)
        document, end = _read_one(content, at, source, pointer=f"/{position - 1}")
        yield document, at, len(content) if end is None else end
        if end is None:
            return  # nothing says where the next element begins
        at = _skip(content, end)
        if content[at : at + 1] == ",":
            comma, at = at, _skip(content, at + 1)
            if content[at : at + 1] == "]":
                place = _line_and_column(content, comma)
                unreadable = Unreadable(DocumentSource(file, position + 1), place, _COMMA_TOO_MANY)
                yield unreadable, comma, comma + 1
        elif content[at : at + 1] != "]":
            place = _line_and_column(content, end)
            unreadable = Unreadable(DocumentSource(file, position + 1), place, _LIST_BROKEN)
            yield unreadable, end, len(content)
            return
    at = _skip(content, at + 1)
    if at < len(content):
        place = _line_and_column(content, at)
        unreadable = Unreadable(DocumentSource(file, position + 1), place, _MORE_FOLLOWS)
        yield unreadable, at, len(content)


def _read_one(
    content: str, at: int, source: DocumentSource, *, pointer: str = "", first_line: int = 1
) -> tuple[RawDocument | Unreadable, int | None]:
    """The document that begins at ``at``, and where it ends (None where its syntax is broken)."""
    place = pointer or _line_and_column(content, at, first_line)
    try:
        found, end = _DECODER.raw_decode(content, at)
    except json.JSONDecodeError as error:
        where = _line_and_column(content, error.pos, first_line)
        return Unreadable(source, where, _syntax(error.msg)), None
    except RecursionError:
        return Unreadable(source, place, _TOO_DEEP), _end_of_value(content, at)
    if not isinstance(found, dict):
        return Unreadable(source, place, _NO_OBJECT), end
    flaw = _structure_flaw(found, pointer)
    if flaw is not None:
        where, reason = flaw
        # A pointer says nothing of the line, which is what one looks for in a file of lines.
        line = "" if pointer else f"{_line_and_column(content, at, first_line)} "
        return Unreadable(source, f"{line}{where or '/'}", reason), end
    return _document(found, source), end


def _structure_flaw(document: dict[str, object], pointer: str) -> tuple[str, Text] | None:
    """Where an object has a key twice, or where it gets too deep; looked for without recursion."""
    left: list[tuple[object, str, int]] = [(document, pointer, 1)]
    while left:
        value, where, depth = left.pop()
        if depth > DEPTH_MAX:
            return where[:200], _TOO_DEEP
        if isinstance(value, _NotANumber):
            return where, _NOT_A_NUMBER
        if isinstance(value, _Doubled):
            return where, _KEY_TWICE
        if isinstance(value, dict):
            left += [
                (item, f"{where}/{_pointer_part(key)}", depth + 1)
                for key, item in value.items()
                if isinstance(item, (dict, list, _NotANumber))
            ]
        elif isinstance(value, list):
            left += [
                (item, f"{where}/{n}", depth + 1)
                for n, item in enumerate(value)
                if isinstance(item, (dict, list, _NotANumber))
            ]
    return None


_BRACKET_OR_TEXT: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def _end_of_value(content: str, at: int) -> int | None:
    """Where the object or list that begins at ``at`` ends, however deep it goes; None if it does not."""
    depth = 0
    for found in _BRACKET_OR_TEXT.finditer(content, at):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found.group(), 0)
        if depth <= 0:
            return found.end()
    return None


def _pointer_part(key: str) -> str:
    """A key as a part of a JSON pointer; what is no plain word may be personal, and is not shown."""
    return key if re.fullmatch(r"[a-z_]{1,40}", key) else "…"


def _document(found: dict[str, object], source: DocumentSource) -> RawDocument:
    """The document; what ``fakturavakt facts`` knew of its first reading becomes its flaws."""
    listed = found.pop(FIRST_READING, None)
    flaws: dict[str, Flaw] = {}
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, Mapping):
            fact, code = entry.get("fact"), entry.get("code")
            if isinstance(fact, str) and isinstance(code, str) and code in _TAKEN_BACK:
                flaws[fact] = _TAKEN_BACK[code]
    return RawDocument(source, found, flaws)


def _skip(content: str, at: int) -> int:
    found = _WHITESPACE.match(content, at)
    return found.end() if found else at


def _line_and_column(content: str, at: int, first_line: int = 1) -> str:
    line = content.count("\n", 0, at) + first_line
    return f"{line}:{at - content.rfind(chr(10), 0, at)}"


def _not_utf8(
    data: bytes, error: UnicodeDecodeError, source: DocumentSource, *, first_line: int
) -> Unreadable:
    line = data.count(b"\n", 0, error.start) + first_line
    column = error.start - data.rfind(b"\n", 0, error.start)
    return Unreadable(source, f"{line}:{column}", _NOT_UTF8)


_EMPTY: Final = text(
    "Filen er tom; den skulle hatt ett dokument eller en liste av dokumenter.",
    "The file is empty; one document or a list of documents was expected.",
)
_MORE_FOLLOWS: Final = text(
    "Det står mer etter dokumentet. Ett dokument per linje skal ligge i en .ndjson-fil, flere i en liste.",
    "More follows after the document. One document a line belongs in an .ndjson file, several in a list.",
)
_MORE_ON_LINE: Final = text(
    "Det står mer etter dokumentet på linjen; det skal være ett dokument per linje.",
    "More follows after the document on its line; there should be one document a line.",
)
_LIST_BROKEN: Final = text(
    "Listen er ødelagt her: et komma eller en avsluttende hakeparentes ventes. Resten av filen er ikke "
    "lest.",
    "The list is broken here: a comma or a closing bracket was expected. The rest of the file was not "
    "read.",
)
_COMMA_TOO_MANY: Final = text(
    "Her står et komma for mye bak det siste dokumentet i listen.",
    "There is a comma too many here, behind the last document of the list.",
)
_DETAILS: Final = {
    "Expecting value": text("en verdi ventes", "a value was expected"),
    "Expecting ',' delimiter": text("et komma ventes", "a comma was expected"),
    "Expecting ':' delimiter": text("et kolon ventes", "a colon was expected"),
    "Expecting property name enclosed in double quotes": text(
        "en nøkkel i anførselstegn ventes", "a key in double quotes was expected"
    ),
    "Illegal trailing comma before end of object": text(
        "et komma står foran slutten av objektet", "a comma stands before the end of the object"
    ),
    "Illegal trailing comma before end of array": text(
        "et komma står foran slutten av listen", "a comma stands before the end of the list"
    ),
    "Unterminated string starting at": text(
        "en tekst mangler anførselstegnet på slutten", "a text lacks the quote at its end"
    ),
    "Invalid control character at": text(
        "en tekst har et kontrolltegn, som et linjeskift",
        "a text has a control character, such as a line end",
    ),
    "Invalid \\escape": text(
        "en omvendt skråstrek skal ikke stå her", "a backslash does not belong here"
    ),
    "Invalid \\uXXXX escape": text(
        "fire heksadesimale sifre ventes etter \\u",
        "four hexadecimal digits were expected after \\u",
    ),
}
"""By the wording of Python's decoder, which has none in Norwegian."""


def _syntax(message: str) -> Text:
    found = next((said for known, said in _DETAILS.items() if message.startswith(known)), None)
    if found is None:
        return _BROKEN
    return text(*(_SYNTAX.say(each).format(detail=found.say(each)) for each in ("nb", "en")))


_BROKEN: Final = text(
    "Dette er ikke gyldig JSON. Rett filen, eller hent den på nytt hvis den er avkortet.",
    "This is not valid JSON. Mend the file, or fetch it again if it was cut off.",
)
_SYNTAX: Final = text(
    "Dette er ikke gyldig JSON ({detail}). Rett filen, eller hent den på nytt hvis den er avkortet.",
    "This is not valid JSON ({detail}). Mend the file, or fetch it again if it was cut off.",
)
_NOT_A_NUMBER: Final = text(
    "NaN og Infinity er ikke gyldig JSON.", "NaN and Infinity are not valid JSON."
)
_TOO_DEEP: Final = text(
    f"Dokumentet er nøstet for dypt (over {DEPTH_MAX} nivåer).",
    f"The document is nested too deeply (over {DEPTH_MAX} levels).",
)
_NO_OBJECT: Final = text(
    "Her står noe annet enn et dokument; et JSON-objekt ventes.",
    "There is something other than a document here; a JSON object was expected.",
)
_KEY_TWICE: Final = text(
    "En nøkkel står to ganger i samme objekt, så det er ikke til å vite hvilken verdi som gjelder.",
    "A key stands twice in one object, so that there is no telling which value counts.",
)
_NOT_UTF8: Final = text("Filen er ikke tekst i UTF-8.", "The file is not text in UTF-8.")
