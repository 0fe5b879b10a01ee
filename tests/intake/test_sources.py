"""Which files are read, in which order, and in which format."""

from __future__ import annotations

import gzip
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakturavakt.intake.documents import RawDocument, Unreadable
from fakturavakt.intake.sources import SourceError, find_files, read_documents
from fakturavakt.rulebook.loader import load_rulebook

VOCABULARY = load_rulebook().vocabulary


def read(file: str | Path, stdin: bytes = b"") -> list[RawDocument | Unreadable]:
    """Every document of a file."""
    return list(read_documents(str(file), VOCABULARY, lambda _: None, io.BytesIO(stdin)))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to run in, with files of every kind."""
    for name in ("b/Z.json", "b/a.xml", "a.csv", "b/x.ndjson.gz", "b/readme.md", ".hidden.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    (tmp_path / "register").mkdir()
    (tmp_path / "register" / "evidence.csv").write_text("x")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_folders_files_come_in_code_point_order(folder: Path) -> None:
    """Capitals before small letters, as given; what is no document is named, hidden files are not."""
    found = find_files(["."], "register")
    assert found.files == ("./a.csv", "./b/Z.json", "./b/a.xml", "./b/x.ndjson.gz")
    assert found.skipped == ("./b/readme.md",)
    assert find_files(["b/"]).files == ("b/Z.json", "b/a.xml", "b/x.ndjson.gz")
    assert "./register/evidence.csv" in find_files(["."]).files


def test_files_globs_and_standard_input_come_as_named(folder: Path) -> None:
    """In the order of the arguments."""
    assert find_files(["b/a.xml", "-", "b/*.json"]).files == ("b/a.xml", "-", "b/Z.json")
    assert find_files(["**/*.xml"]).files == ("b/a.xml",)


def test_every_path_that_leads_to_nothing_is_told_of(folder: Path) -> None:
    """A missing file, a glob without a match and an empty folder, all at once."""
    (folder / "empty").mkdir()
    with pytest.raises(SourceError) as caught:
        find_files(["nothing.xml", "*.zip", "empty", "a.csv"])
    assert len(caught.value.reasons) == 3


JSON = b'{"invoice": {"number": "1"}}'
XML = (
    b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" '
    b'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">'
    b"<cbc:ID>1</cbc:ID></Invoice>"
)


@pytest.mark.parametrize(
    "data",
    [JSON, b"[" + JSON + b"]", b"\n" + JSON + b"\n\n", XML, b"invoice.number;line.id\n1;a\n"],
)
@pytest.mark.parametrize("packed", [False, True])
def test_standard_input_is_recognised_by_its_content(data: bytes, *, packed: bool) -> None:
    """Also gzipped; there is no ending to go by."""
    (document,) = read("-", gzip.compress(data) if packed else data)
    assert isinstance(document, RawDocument)
    assert document.content["invoice"]["number"] == "1"  # type: ignore[index]
    assert document.source.file == "-"


def test_several_lines_of_json_on_standard_input_are_ndjson() -> None:
    """A first line that is whole, and more behind it."""
    assert len(read("-", JSON + b"\n" + JSON)) == 2


def test_a_named_file_is_read_whatever_its_ending(tmp_path: Path) -> None:
    """Its content says what it is."""
    (tmp_path / "faktura.txt").write_bytes(JSON)
    (document,) = read(tmp_path / "faktura.txt")
    assert isinstance(document, RawDocument)


def test_a_truncated_gzip_keeps_what_came_before(tmp_path: Path) -> None:
    """Documents that were whole are read; that something is missing is told."""
    lines = b"".join(b'{"invoice": {"number": "%d"}}\n' % n for n in range(5000))
    path = tmp_path / "a.ndjson.gz"
    path.write_bytes(gzip.compress(lines)[:-20])
    found = read(path)
    assert len(found) > 10
    assert isinstance(found[0], RawDocument)
    assert isinstance(found[-1], Unreadable)


def test_what_cannot_be_opened_is_one_unreadable_document(tmp_path: Path) -> None:
    """A file that vanished between finding and reading, or that is a folder."""
    for path in (tmp_path / "gone.json", tmp_path):
        (found,) = read(path)
        assert isinstance(found, Unreadable)


def test_a_file_may_be_a_pipe(tmp_path: Path) -> None:
    """``fakturavakt screen <(…)`` names a pipe."""
    reading, writing = os.pipe()
    os.write(writing, JSON)
    os.close(writing)
    path = f"/dev/fd/{reading}"
    assert find_files([path]).files == (path,)
    (document,) = read(path)
    os.close(reading)
    assert isinstance(document, RawDocument)


@given(st.binary(max_size=300))
def test_no_input_ends_in_a_crash(data: bytes) -> None:
    """Arbitrary bytes are documents or are rejected."""
    for stdin in (data, gzip.compress(data), b"\x1f\x8b" + data):
        assert all(isinstance(each, (RawDocument, Unreadable)) for each in read("-", stdin))


@pytest.mark.parametrize("first", [b'{"a":1,"a":2}', b"{bad", b'{"a":NaN}', b"5"])
def test_documents_under_one_another_are_lines_whatever_the_first_is(first: bytes) -> None:
    """On standard input nothing names the format; one broken document costs only itself."""
    found = read("-", first + b'\n{"invoice":{"number":"2"}}\n')
    assert [each.source.position for each in found] == [1, 2]
    assert isinstance(found[0], Unreadable)
    assert isinstance(found[1], RawDocument)


@pytest.mark.parametrize(
    "laid_out",
    [b'{\n  "invoice": {\n    "number": "1"\n  }\n}\n', b'{\n"invoice":\n{\n"number": "1"\n}\n}\n'],
)
def test_one_document_over_several_lines_is_one_document(laid_out: bytes) -> None:
    """However it is laid out."""
    (document,) = read("-", laid_out)
    assert isinstance(document, RawDocument)
