"""No engine: the fifteen rules written by hand as a Python function, over ``json``.

What somebody writes who needs the answer once. Unknown is ``None``, as in SQL; nothing is explained, no
missing fact is named, and a change to the rules is a change to the program.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.peers.task import Decide, Limits, Rules

LIMITS = Limits(
    package="json (Python)",
    unknown="by hand",
    absent="by hand",
    dates="ISO texts compared; datetime for days between",
    lines="by hand",
    notes="the rules are code; no texts, no missing facts, no check of values",
)

Truth = bool | None


def _no(value: Truth) -> Truth:
    return None if value is None else not value


def _all(*values: Truth) -> Truth:
    if False in values:
        return False
    return None if None in values else True


def _any_line(values: Iterable[Truth]) -> Truth:
    found: Truth = False
    for value in values:
        if value:
            return True
        if value is None:
            found = None
    return found


def _at_most(left: Any, right: Any) -> Truth:  # noqa: ANN401
    return None if left is None or right is None else left <= right


def _above(left: Any, right: Any) -> Truth:  # noqa: ANN401
    return _no(_at_most(left, right))


def _plus(day: str | None, days: int) -> str | None:
    return None if day is None else (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _is(value: object, *words: object) -> Truth:
    return None if value is None else value in words


def _line_forbids(line: dict[str, Any], issue: str | None, send: str, old: str) -> Truth:
    """Whether one of the six prohibitions on lines holds for this one."""
    kind, amount = line.get("kind"), line.get("amount")
    found: list[Truth] = []
    if kind in (None, "subscription"):
        consent = line.get("consent", {})
        given_on = consent.get("given_on")
        valid = _all(
            consent.get("given"),
            consent.get("informed"),
            consent.get("explicit"),
            _at_most(given_on, send),
            consent.get("withdrawn_on", "9999-12-32") > send,
        )
        is_one = _is(kind, "subscription")
        found.append(_all(is_one, _no(valid)))
        found.append(_all(is_one, None if given_on is None else given_on < old))
        start = line.get("period_start")
        found.append(_all(is_one, _above(start, _plus(issue, 60))))
    if kind in (None, "gift_request"):
        gift = line.get("gift_acceptance", {})
        accepted = _all(
            gift.get("given"),
            _at_most(gift.get("given_on"), send),
            gift.get("withdrawn_on", "9999-12-32") > send,
        )
        is_one = _is(kind, "gift_request")
        found.append(_all(is_one, _no(accepted)))
        found.append(_all(is_one, _above(amount, 1950.0)))
    if kind != "gift_request":
        agreed = line.get("agreed", {})
        beforehand = _all(
            agreed.get("given"),
            _at_most(agreed.get("given_on"), issue),
            _at_most(amount, agreed.get("amount")),
        )
        is_one = _is(kind, "goods", "service", "subscription")
        found.append(_all(is_one, _above(amount, 0), _no(beforehand)))
    return _any_line(found)


def _forbidden(document: dict[str, Any], send: str) -> Truth:
    """Whether a prohibition holds: true, false or unknown."""
    invoice = document.get("invoice", {})
    if invoice.get("kind", "invoice") != "invoice":
        return False
    relationship = document.get("relationship", {})
    agreement, claim = relationship.get("agreement"), relationship.get("claim")
    due, issue = invoice.get("due_date"), invoice.get("issue_date")
    lines = invoice.get("lines")
    old = _plus(send, -1500)
    assert old is not None
    of_lines: Truth = None
    if lines is not None:
        of_lines = _any_line(_line_forbids(line, issue, send, old) for line in lines)
    found = (
        _all(_no(agreement), _no(claim)),
        None if due is None else due < send,
        _above(due, _plus(issue, 365)),
        _above(invoice.get("payable_amount"), 8900.0),
        _no(_is(invoice.get("currency"), "NOK", "SEK", "DKK")),
        of_lines,
    )
    return _any_line(found)


def _channel(document: dict[str, Any], send: str) -> str:
    sender, recipient = document.get("sender", {}), document.get("recipient", {})
    invoice = document.get("invoice", {})
    if sender.get("efaktura_b2c_agreement") and recipient.get("efaktura"):
        return "efaktura"
    if recipient.get("mobile") is None or not recipient.get("vipps"):
        return "paper"
    if send < "2018-12-20":
        fits = sender.get("legacy_vipps_agreement") and invoice.get("attachments", 0) == 0
        return "vipps_regning" if fits else "paper"
    due = invoice.get("due_date")
    if (
        sender.get("efaktura_b2c_agreement")
        and not sender.get("vipps_declined", False)
        and invoice.get("kind", "invoice") == "invoice"
        and due is not None
        and 3 <= (date.fromisoformat(due) - date.fromisoformat(send)).days <= 365
    ):
        return "vipps_regning"
    return "paper"


def decide(document: dict[str, Any], as_of: str) -> tuple[str, str | None]:
    """Decision and channel."""
    kind = document.get("recipient", {}).get("kind")
    if kind == "organisation":
        return "out_of_scope", None
    send = document.get("invoice", {}).get("send_date", as_of)
    forbidden = _forbidden(document, send)
    if kind is None or forbidden is None:
        return "hold", None
    if forbidden:
        return "block", None
    return "send", _channel(document, send)


def prepare(rules: Rules) -> Decide:
    """The function; it knows the fifteen rules, whatever the book says."""
    as_of = rules.as_of.isoformat()

    def run(source: Path, target: Path) -> None:
        with source.open("rb") as lines, target.open("w", encoding="utf-8") as out:
            for line in lines:
                document = json.loads(line)
                decision, channel = decide(document, as_of)
                number = document.get("invoice", {}).get("number")
                row = {"invoice": number, "decision": decision, "channel": channel}
                out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")

    return run
