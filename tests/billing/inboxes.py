"""An inbox of every format, and the account of where each of its documents is: told from the bytes alone."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.ubl_inbox import AS_OF, invoices, write_register
from tests.cli.conftest import changed

SEED = 5
DAY = AS_OF.isoformat()
BESIDE = (".decision.json", ".decisions.ndjson")


@dataclass(frozen=True)
class Delivery:
    """Files by their names, and the bytes of each document that is in them, as often as it is."""

    files: Mapping[str, bytes]
    documents: Counter[bytes]

    def write(self, inbox: Path) -> None:
        """Deliver it."""
        for name, data in self.files.items():
            path = inbox / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def document(number: str, **leaves: Any) -> bytes:  # noqa: ANN401 (any JSON value)
    """A contract document that may be sent over Vipps, unless it is told otherwise."""
    leaves = {"line__consent__explicit": True, **leaves}
    return json.dumps(changed(invoice__number=number, **leaves), ensure_ascii=False).encode()


BLOCKED = {"relationship__agreement": False, "relationship__claim": False}
HELD: dict[str, Any] = {"recipient__kind": None}
OUT = {"recipient__kind": "organisation"}


def every_format(extra: int = 0) -> Delivery:
    """Two dozen documents in files of all formats; ``extra`` more files of UBL."""
    ubl = dict(invoices(6 + extra, SEED))
    first = next(iter(ubl.values()))
    mixed = [
        document("N-1"),
        document("N-2", **BLOCKED),
        document("N-3", **HELD),
        b'{"broken',
        document("N-4", **OUT),
        document("N-5"),
    ]
    listed = [document("L-1", **HELD), document("L-2"), b"5"]
    packed = [document("G-1"), document("G-2", **BLOCKED)]
    alike = [document("A-1"), document("A-2")]
    header = "invoice.number,recipient.kind,sender.efaktura_b2c_agreement,relationship.agreement,line.amount"
    rows = ["C-1,person,ja,ja,1.00", "C-2,organisation,ja,ja,2.00", "C-3,,ja,ja,3.00"]
    files = {
        **ubl,
        "sub/again.xml": first,  # delivered twice
        f"sub/{next(iter(ubl))}": first.replace(b"F-2021-", b"X-2021-"),  # a name twice
        "broken.xml": b"<Invoice",
        "one.json": document("O-1") + b"\n",
        "list.json": b"[" + b", ".join(listed) + b"]",
        "mixed.ndjson": b"\n".join(mixed),
        "alike.jsonl": b"\r\n".join(alike) + b"\r\n",
        "packed.ndjson.gz": gzip.compress(b"\n".join(packed) + b"\n"),
        "rows.csv": "\r\n".join([header, *rows]).encode(),
    }
    whole = [*ubl.values(), first, files[f"sub/{next(iter(ubl))}"], b"<Invoice", files["one.json"]]
    documents = [*whole, *mixed, *listed, *packed, *alike, *(row.encode() for row in rows)]
    return Delivery(files, Counter(documents))


def register(folder: Path) -> Path:
    """The evidence that the UBL files need."""
    write_register(folder, SEED)
    return folder


def documents_under(folder: Path) -> Iterator[Path]:
    """The files that hold documents: not what stands beside them, nor what is the outbox's own."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        own = parts[0] in (".fakturavakt", "runs", "run.json")
        if path.is_file() and not own and not path.name.endswith(BESIDE):
            yield path


def found_in(files: Iterable[Path], wanted: Counter[bytes]) -> Counter[bytes]:
    """How often each of the documents is in these files. Nothing else may be in them but what separates
    documents, and the header of CSV.
    """
    found: Counter[bytes] = Counter()
    longest_first = sorted(wanted, key=len, reverse=True)
    for path in files:
        data = path.read_bytes()
        if data.startswith(b"\x1f\x8b"):
            data = gzip.decompress(data)
        if data in wanted:  # a document is the file
            found[data] += 1
            continue
        if path.suffix == ".csv":
            header, _, data = data.partition(b"\r\n")
            assert header.startswith(b"invoice.number,"), path
        for each in longest_first:
            pieces = data.split(each)
            found[each] += len(pieces) - 1
            data = b"\n".join(pieces)
        assert not data.strip(b"[], \r\n"), (path, data[:200])
    return +found


def check_every_document_is_beside_its_decision(
    outbox: Path, expected: Mapping[tuple[str, int], str]
) -> None:
    """For each document file its decisions, in the order of the file and as ``screen`` prints them."""
    told: dict[tuple[str, int], str] = {}
    for path in documents_under(outbox):
        beside = [path.with_name(path.name + end) for end in BESIDE]
        there = next((each for each in beside if each.exists()), None)
        assert there is not None, path
        for line in there.read_text(encoding="utf-8").splitlines():
            said = json.loads(line)
            place = said.get("document", said)
            key = (place["file"], place["position"])
            assert key not in told, key
            told[key] = line
            top = path.relative_to(outbox).parts
            if "decision" in said:
                assert top[0] == said["decision"].replace("_", "-")
                assert (top[1] if top[0] == "send" else None) == said["channel"]
            else:
                assert top[0] == ("duplicate" if "duplicate_of" in said else "unreadable")
            if top[0] != "duplicate":
                assert line == expected[key], key
