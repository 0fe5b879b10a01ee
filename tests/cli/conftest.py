"""Runs the program as a user does: a process of its own, in a folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest

Run: TypeAlias = Callable[..., "subprocess.CompletedProcess[str]"]

CONTRACT_DOCUMENT: dict[str, Any] = {
    "invoice": {
        "number": "2021-0042",
        "issue_date": "2021-02-01",
        "due_date": "2021-02-15",
        "send_date": "2021-02-02",
        "currency": "NOK",
        "payable_amount": 436.25,
        "lines": [
            {
                "id": "1",
                "description": "Strømmeabonnement",
                "kind": "subscription",
                "service": "stream-hd",
                "amount": 349.00,
                "consent": {
                    "given": True,
                    "informed": True,
                    "explicit": False,
                    "given_on": "2020-11-05",
                },
                "agreed": {"given": True, "given_on": "2020-11-05", "amount": 349.00},
            }
        ],
    },
    "sender": {"organisation_number": "974760673", "efaktura_b2c_agreement": True},
    "recipient": {
        "kind": "person",
        "name": "Kari Nordmann",
        "street": "Storgata 1",
        "postal_code": "0155",
        "city": "Oslo",
        "mobile": "+4791234567",
        "efaktura": False,
        "vipps": True,
    },
    "relationship": {"agreement": True},
}
"""The document of contract §1."""


def changed(**leaves: Any) -> dict[str, Any]:  # noqa: ANN401 (any JSON value)
    """The contract's document with other values: ``changed(line__consent__explicit=True)``.

    ``line`` is the first line; None takes a key away.
    """
    document: dict[str, Any] = json.loads(json.dumps(CONTRACT_DOCUMENT))
    for path, value in leaves.items():
        *groups, key = path.split("__")
        node = document
        for group in groups:
            node = document["invoice"]["lines"][0] if group == "line" else node[group]
        if value is None:
            node.pop(key, None)
        else:
            node[key] = value
    return document


@pytest.fixture
def fakturavakt(tmp_path: Path) -> Run:
    """The command line, run in an empty folder; ``fakturavakt("screen", …, stdin=…, env={…})``."""

    def run(
        *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("FAKTURAVAKT_")}
        return subprocess.run(
            [sys.executable, "-m", "fakturavakt", *arguments],
            cwd=tmp_path,
            input=stdin,
            env=clean | {"PYTHONPATH": os.pathsep.join(sys.path)} | dict(env or {}),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run
