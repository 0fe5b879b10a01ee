"""Mistakes that an officer makes, seeded in a copy of the rule book: each is found by the command that
should, with its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.rulebook.conftest import Edit, edit, rules

from fakturavakt.cli.rules_command import command
from fakturavakt.shipped import shipped_folder

__all__ = ["edit", "rules"]

SHIPPED = shipped_folder("rules")
GIFT = "prohibitions/unsolicited-gift-request.yaml"
UPGRADE = "prohibitions/unagreed-upgrade.yaml"
SUBSCRIPTION = "prohibitions/unconsented-subscription.yaml"
VIPPS = "channels/vipps_regning.yaml"
CONSENT = "definitions/consent-valid.yaml"


def run(arguments: Iterable[str]) -> tuple[int, str]:
    """``fakturavakt rules …`` in this process: the exit code and everything that was printed."""
    done = CliRunner().invoke(command, list(arguments))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@dataclass(frozen=True)
class Mistake:
    """``seed`` puts it in and gives the file and the line where it has to be told; ``told`` stands
    there, too.
    """

    seed: Callable[[Path, Edit], tuple[str, int]]
    arguments: Callable[[Path], list[str]]
    code: int
    told: str


def edited(
    file: str, old: str, new: str, *, line: int = 0
) -> Callable[[Path, Edit], tuple[str, int]]:
    """A text that stands once is replaced; the mistake is told that many lines further down."""
    return lambda _rules, edit: (file, edit(file, old, new) + line)


def check(rules: Path) -> list[str]:
    """``rules check``."""
    return ["check", str(rules)]


def cases(rules: Path) -> list[str]:
    """``rules test``, on one engine."""
    return ["test", str(rules), "--engine", "reference"]


def added_definition(rules: Path, _edit: Edit) -> tuple[str, int]:
    """A definition that no rule uses."""
    file = "definitions/consent-recent.yaml"
    (rules / file).write_text(
        "# En definisjon som ingen regel bruker\n"
        "define: consent-recent\n"
        "title: {nb: nylig samtykke, en: recent consent}\n"
        "when:\n  line.consent.given_on: {after: 2020-01-01}\n",
        encoding="utf-8",
    )
    return file, 2


def copied_prohibition(rules: Path, name: str, old: str, new: str) -> str:
    """The prohibition on subscriptions again, under another name and with another condition."""
    content = (rules / SUBSCRIPTION).read_text(encoding="utf-8")
    assert content.count(old) == 1
    content = content.replace(old, new).replace("rule: unconsented-subscription", f"rule: {name}")
    file = f"prohibitions/{name}.yaml"
    (rules / file).write_text(content, encoding="utf-8")
    return file


def shadowed(rules: Path, _edit: Edit) -> tuple[str, int]:
    """A prohibition that only holds where the one on consent does."""
    name = "inexplicit-subscription"
    return copied_prohibition(rules, name, "not: consent-valid", "line.consent.explicit: no"), 2


def untried(rules: Path, _edit: Edit) -> tuple[str, int]:
    """A prohibition that no case triggers: its condition is told by coverage."""
    old = "          - line.kind: subscription\n          - not: consent-valid\n"
    new = "          - line.amount: {above: 1000000}\n"
    return copied_prohibition(rules, "huge-line", old, new), 18


def dropped_explicit(_rules: Path, edit: Edit) -> tuple[str, int]:
    """Told where the guarantee stands that it breaks."""
    edit(CONSENT, "    - line.consent.explicit: yes\n", "")
    file = "guarantees/payment_demands.yaml"
    content = (SHIPPED / file).read_text(encoding="utf-8")
    guarantee = content.index("guarantee: subscription-needs-valid-consent\n")
    return file, content[:guarantee].count("\n") + 1


MISTAKES = {
    "a typo in a fact": Mistake(
        edited(GIFT, "line.kind: gift_request", "line.knd: gift_request"), check, 2, "FV040"
    ),
    "swapped dates": Mistake(
        edited(
            VIPPS,
            "effective: {from: 2018-12-20}",
            "effective: {from: 2021-12-20, before: 2018-12-20}",
        ),
        check,
        2,
        "FV070",
    ),
    "a lost translation": Mistake(
        edited(GIFT, "  en: Unsolicited request for a gift of money\n", "", line=-1),
        check,
        2,
        "FV050",
    ),
    "an identifier used twice": Mistake(
        edited(UPGRADE, "rule: unagreed-upgrade", "rule: unsolicited-gift-request"),
        check,
        2,
        "FV031",
    ),
    "an impossible condition": Mistake(
        edited(
            GIFT,
            "          - line.kind: gift_request\n",
            "          - line.kind: gift_request\n          - line.kind: subscription\n",
            line=1,
        ),
        check,
        1,
        "FV101",
    ),
    "a part without effect": Mistake(
        edited(
            UPGRADE,
            "          - line.amount: {above: 0}\n",
            "          - line.amount: {above: 0}\n          - line.amount: {at_least: 0}\n",
            line=1,
        ),
        check,
        1,
        "FV103",
    ),
    "windows of one channel that overlap": Mistake(
        edited(VIPPS, "effective: {from: 2018-12-20}", "effective: {from: 2018-12-01}"),
        check,
        1,
        "FV402",
    ),
    "a gap between windows": Mistake(
        edited(VIPPS, "effective: {from: 2018-12-20}", "effective: {from: 2018-12-21}"),
        check,
        1,
        "FV401",
    ),
    "an unused definition": Mistake(added_definition, check, 1, "FV301"),
    "a shadowed prohibition": Mistake(shadowed, check, 1, "FV201"),
    "before in the place of on_or_before": Mistake(
        edited(
            CONSENT,
            "line.consent.given_on: {on_or_before: invoice.send_date}",
            "line.consent.given_on: {before: invoice.send_date}",
        ),
        cases,
        1,
        "line.consent.given_on: {before: invoice.send_date}",
    ),
    "a dropped explicit, by its guarantee": Mistake(
        dropped_explicit,
        lambda rules: ["prove", "subscription-needs-valid-consent", "--rules", str(rules)],
        1,
        '"explicit": false',
    ),
    "a condition that no case puts to the test": Mistake(
        untried,
        lambda rules: ["coverage", str(rules), "--cases-only", "--fail-under", "100"],
        1,
        "line.amount: {above: 1000000",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_each_is_found_in_its_place(rules: Path, edit: Edit, mistake: Mistake) -> None:
    """Its file and line are told, on one line with what is said of it."""
    file, line = mistake.seed(rules, edit)
    code, printed = run(mistake.arguments(rules))
    assert code == mistake.code, printed
    place = f"{rules / file}:{line}:"
    assert place in printed, printed
    assert mistake.told in printed


def test_a_dropped_explicit_is_looser(rules: Path, edit: Edit) -> None:
    """``rules diff`` names the file and the line that is gone, and shows a consent that is not explicit."""
    edit(CONSENT, "    - line.consent.explicit: yes\n", "")
    code, printed = run(["diff", str(SHIPPED), str(rules), "--lang", "en"])
    assert code == 1
    assert "definition consent-valid" in printed
    assert "-   - line.consent.explicit: yes" in printed
    assert '"explicit": false' in printed


def test_the_rule_book_that_ships_has_none_of_them() -> None:
    """And nothing else that ``rules check`` tells, down to notes."""
    code, printed = run(["check", str(SHIPPED), "--fail-on", "note"])
    assert code == 0, printed
    assert "FV" not in printed
