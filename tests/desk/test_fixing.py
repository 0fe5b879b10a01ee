"""``--fix`` mends what can be mended in one way only: the rest of the file stays, and nothing is left to
mend.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rulebook.conftest import Edit, edit, rules

from fakturavakt.desk.fixing import mend, read_text, write_all
from fakturavakt.desk.rule_check import CheckReport, check_rule_book, fixable
from fakturavakt.problems import one_slip
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.shipped import shipped_folder

__all__ = ["edit", "rules"]

SHIPPED = shipped_folder("rules")
GIFT = "prohibitions/unsolicited-gift-request.yaml"
CREDITOR = "prohibitions/no-creditor-relationship.yaml"
VIPPS = "channels/vipps_regning.yaml"
CLAIM = "          - relationship.claim: yes\n"
BEFORE = "          # sagt før\n"
AGAIN = "          - relationship.claim: yes   # igjen\n"


def check(folder: Path) -> CheckReport:
    """What there is to mend is seen without the solver."""
    return check_rule_book(folder, solver=False)


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (GIFT, "line.kind: gift_request", "line.knd: gift_request"),
        (GIFT, "line.kind: gift_request", "line.kind: gift_reqest"),
        (GIFT, "line.kind: gift_request", '"line.kidn": "gift_requestt"  # merknad'),
        (GIFT, "gift-accepted", "gift-acepted"),
        (GIFT, "any line:", "any lines:"),
        (GIFT, "remedy:", "remdy:"),
        (GIFT, "then: prohibit", "then: prohbit"),
        (CREDITOR, "        any:", "        eller:"),
        (CREDITOR, "when:", "vilkår:"),
        (VIPPS, "at_most: 365 days after", "at_most: 365 dager etter"),
        (VIPPS, "at_least: 3 days after invoice.send_date", "minst: 3 days after invoice.snd_date"),
        ("agreements/migration.yaml", "action: vipps_declined", "actoin: vipps_declined"),
        ("scope.test.yaml", "decision: hold", "decision: hodl"),
    ],
)
def test_a_slip_is_mended_to_what_stood_there(rules: Path, file: str, old: str, new: str) -> None:
    """Byte for byte, whatever stands around it; and a second run finds nothing to mend."""
    path = rules / file
    shipped = path.read_bytes()
    path.write_bytes(shipped.replace(old.encode(), new.encode(), 1))
    mended = mend(rules, check)
    assert mended.findings
    assert list(mended.files) == [path]
    after = path.read_text(encoding="utf-8").replace('"line.kind": "gift_request"  # merknad', old)
    assert after == shipped.decode()
    again = mend(rules, check)
    assert (again.findings, dict(again.files)) == ((), {})


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (GIFT, "line.kind: gift_request", "line.kindness: gift_request"),  # too far
        (
            VIPPS,
            "effective: {before: 2018-12-20}",
            "effective: {til: 2018-12-20}",
        ),  # with that day?
        (VIPPS, "{from: 2018-12-20}", "{from: 2021-12-20, before: 2018-12-20}"),  # or a wrong year
        (VIPPS, "invoice.attachments: {equals: 0}", "invoice.attachments: {ove: 0}"),
        ("vocabulary.yaml", "  - fact: recipient.vipps\n", "  - fact: recipient.efaktura\n"),
        (GIFT, "line.kind: gift_request", "line.kind: [gift_request"),  # no YAML
    ],
)
def test_what_could_mean_several_things_is_not_mended(
    rules: Path, edit: Edit, file: str, old: str, new: str
) -> None:
    """Nor what is only suggested: no file is touched, and the mistake is still told."""
    edit(file, old, new)
    before = contents(rules)
    assert mend(rules, check).findings == ()
    assert contents(rules) == before
    assert check(rules).ill_formed


@pytest.mark.parametrize(
    ("twice", "left", "line_end"),
    [
        (CLAIM + CLAIM, CLAIM, "\r\n"),
        (CLAIM + BEFORE + AGAIN, CLAIM + BEFORE, "\n"),
        (
            f"{CLAIM}          -   relationship.claim: {{one_of:\n              [yes]}}\n",
            CLAIM,
            "\n",
        ),
    ],
)
def test_the_same_part_again_is_taken_away(
    rules: Path, twice: str, left: str, line_end: str
) -> None:
    """With its dash and its line; comments of others stay, and so do line ends and the version."""
    path = rules / CREDITOR
    shipped = path.read_text(encoding="utf-8")
    assert shipped.count(CLAIM) == 1
    version = load_rulebook(SHIPPED).version
    broken = shipped.replace(CLAIM, twice).replace("\n", line_end)
    path.write_bytes(broken.encode())
    mended = mend(rules, check)
    assert [each.code for each in mended.findings] == ["FV104"]
    assert read_text(path) == shipped.replace(CLAIM, left).replace("\n", line_end)
    assert load_rulebook(rules).version == version
    assert mend(rules, check).findings == ()


def test_in_a_list_on_one_line(rules: Path, edit: Edit) -> None:
    """The comma goes with it."""
    old = "        any:\n          - relationship.agreement: yes\n          - relationship.claim: yes\n"
    listed = "        any: [relationship.claim: yes, {}relationship.agreement: yes]  # ett er nok\n"
    edit(CREDITOR, old, listed.format("relationship.claim: yes, "))
    mend(rules, check)
    assert listed.format("") in (rules / CREDITOR).read_text(encoding="utf-8")


def test_several_files_and_what_comes_to_light_after_that(rules: Path, edit: Edit) -> None:
    """A slip in the rule book hides one in a table of cases, and that a part that stands twice; places are
    told as they were found, in the folder that was named.
    """
    edit(GIFT, "line.kind: gift_request", "line.knd: gift_request")
    edit(CREDITOR, CLAIM, CLAIM + CLAIM)
    table = rules / "scope.test.yaml"
    table.write_text(
        table.read_text(encoding="utf-8").replace("decision: hold", "decision: hodl", 1),
        encoding="utf-8",
    )
    mended = mend(rules, check)
    assert [each.code for each in mended.findings] == ["FV040", "FV025", "FV104"]
    assert contents(rules) == contents(Path(SHIPPED))
    assert {Path(each.place.file).parent for each in mended.findings} == {
        rules / "prohibitions",
        rules,
    }
    changes = list(mended.changes())
    assert "-          - line.knd: gift_request" in changes
    assert "+          - line.kind: gift_request" in changes


def test_all_files_or_none(rules: Path) -> None:
    """Where one of them cannot be written, the others are as they were, and nothing is left behind."""
    before = contents(rules)
    wanted = {rules / GIFT: "a", rules / "gone" / "x.yaml": "b", rules / VIPPS: "c"}
    with pytest.raises(OSError, match="gone"):
        write_all(wanted)
    assert contents(rules) == before
    del wanted[rules / "gone" / "x.yaml"]
    write_all(wanted)
    assert {name for name, each in contents(rules).items() if each != before[name]} == {GIFT, VIPPS}


def test_what_is_allowed_is_not_mended(rules: Path, edit: Edit) -> None:
    """A repetition that its owner wants stays."""
    comment = "          # fakturavakt: allow FV104 - read aloud twice\n"
    edit(CREDITOR, CLAIM, CLAIM + comment + CLAIM)
    assert fixable(check(rules).findings) == ()
    assert mend(rules, check).findings == ()


def test_a_folder_that_is_no_rule_book(tmp_path: Path) -> None:
    """Nothing is there to mend, and nothing is made."""
    assert mend(tmp_path / "nope", check).findings == ()
    assert list(tmp_path.iterdir()) == []


WORDS = st.text("abc", max_size=6)


@given(WORDS, WORDS)
def test_a_slip_is_one_step_of_typing(written: str, word: str) -> None:
    """One letter more, less or other, or two neighbours in the wrong order; the same both ways."""
    letters = "abc"
    steps = {written[:n] + written[n + 1 :] for n in range(len(written))}
    steps |= {written[:n] + c + written[n:] for n in range(len(written) + 1) for c in letters}
    steps |= {written[:n] + c + written[n + 1 :] for n in range(len(written)) for c in letters}
    steps |= {
        written[:n] + written[n + 1] + written[n] + written[n + 2 :]
        for n in range(len(written) - 1)
    }
    assert one_slip(written, word) is (word in steps - {written})
    assert one_slip(word, written) is one_slip(written, word)
