"""Every mistake an officer can make is told with its place and what was meant, all in one run."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.rulebook.conftest import Edit, found, problems_of

GIFT = "prohibitions/unsolicited-gift-request.yaml"
VIPPS = "channels/vipps_regning.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "hint"),
    [
        (GIFT, "remedy:", "remdy:", "unknown-key", "remedy"),
        (GIFT, "line.kind: gift", "line.knd: gift", "unknown-fact", "line.kind"),
        (GIFT, "gift-accepted", "gift-acepted", "unknown-definition", "gift-accepted"),
        (GIFT, "gift_request\n", "gift_reqest\n", "bad-value", "gift_request"),
        (GIFT, "line.kind: gift_request", "line.kind: {before: 2021-01-01}", "operator-not-for-type", ""),
        (GIFT, "line.kind: gift_request", "line.amount: {above: mye}", "bad-value", "349.00"),
        (GIFT, "line.kind: gift_request", "line.amount: 349", "operator-missing", "above"),
        (GIFT, "line.kind: gift_request", "line.amount: {above: line.period_end}", "wrong-type", ""),
        (GIFT, "line.kind: gift_request", "line.consent.given: NO WAY", "bad-value", "yes"),
        (GIFT, "any line:", "any lines:", "unknown-key", "any line"),
        (GIFT, "any line:", "any:", "wrong-kind", ""),
        (GIFT, "    - any line:", "    - line.kind: goods\n    - any line:", "line-fact-outside-line", "any line"),
        (GIFT, "line.kind: gift_request", "any line: {line.kind: goods}", "nested-lines", ""),
        (GIFT, "then: prohibit", "then: forbid", "unknown-word", "prohibit"),
        (GIFT, "rule: unsolicited-gift-request", "rule: Unsolicited Gift", "bad-name", ""),
        (GIFT, "rule: unsolicited-gift-request", "rule: paper-always", "duplicate-id", "paper.yaml"),
        (GIFT, "then: prohibit", "then: prohibit\nthen: prohibit", "duplicate-key", ""),
        (GIFT, "then: prohibit", "then: prohibit\neffective: {from: 2021-02-02, before: 2021-02-02}", "bad-window", ""),
        (GIFT, "then: prohibit", "then: prohibit\neffective: {from: 2021-02-30}", "bad-value", "2018-12-20"),
        (GIFT, "then: prohibit", "then: prohibit\neffective: {}", "bad-window", ""),
        ("definitions/payment-demand.yaml", "invoice.kind: invoice", "not: payment-demand", "circular-definition", ""),
        ("definitions/payment-demand.yaml", "define: payment-demand", "define: always", "reserved-name", ""),
        ("rulebook.yaml", "channel: paper", "channel: papir", "unknown-channel", ""),
        ("rulebook.yaml", "channel: paper", "channel: efaktura", "duplicate-id", ""),
        ("rulebook.yaml", "languages: [nb, en]", "languages: [nb, en, nn]", "missing-language", "nn"),
        ("channels/paper.yaml", "when: always", "when: {recipient.kind: person}", "no-last-resort", "always"),
        ("channels/paper.yaml", "price_class: paper", "price_class: gratis", "unknown-word", "electronic"),
        ("agreements/migration.yaml", "on: 2018-12-20", "on: 20.12.2018", "bad-value", "2018-12-20"),
        ("vocabulary.yaml", "fact: recipient.vipps", "fact: recipient.efaktura", "duplicate-id", ""),
        ("vocabulary.yaml", "fact: recipient.vipps", "fact: recipient.name.first", "fact-is-group", ""),
        ("vocabulary.yaml", "fact: line.id", "fact: line.number", "lines-not-told", "line.id"),
        ("vocabulary.yaml", "fact: invoice.lines\n    type: lines", "fact: invoice.rows\n    type: text", "lines-not-told", "invoice.lines"),
        ("vocabulary.yaml", "fact: line.id\n    type: text", "fact: line.id\n    type: count", "bad-type", ""),
        ("vocabulary.yaml", "absent: invoice\n", "absent: faktura\n", "bad-value", "invoice"),
        ("vocabulary.yaml", "    choices: [invoice, credit_note]\n", "", "bad-choices", ""),
    ],
)  # fmt: skip
def test_one_mistake(
    rules: Path, edit: Edit, file: str, old: str, new: str, code: str, hint: str
) -> None:
    """It is found in its file, on its line or the one it made, with a hint in both languages."""
    line = edit(file, old, new)
    problems = [p for p in problems_of(rules) if p.code == code]
    assert problems, found(rules)
    if code not in ("unknown-channel", "missing-language", "no-last-resort", "circular-definition"):
        here = [
            p for p in problems if p.place.file.endswith(file) and 0 <= p.place.line - line <= 1
        ]
        # A name that is taken is told at the later of the two places.
        assert here or code in ("duplicate-id", "bad-value", "bad-choices", "lines-not-told")
    for language in ("nb", "en"):
        assert any(hint in problem.say(language) for problem in problems)


def test_ten_mistakes_are_told_in_one_run(rules: Path, edit: Edit) -> None:
    """Over several files, sorted by place, none of them twice."""
    expected = sorted(
        [
            (GIFT, "unknown-fact", edit(GIFT, "line.kind:", "line.knd:")),
            (GIFT, "unknown-definition", edit(GIFT, "gift-accepted", "gift-acepted")),
            (GIFT, "unknown-word", edit(GIFT, "then: prohibit", "then: prohibt")),
            (GIFT, "unknown-key", edit(GIFT, "remedy:", "remdy:")),
            ("channels/efaktura.yaml", "unknown-key", edit("channels/efaktura.yaml", "properties:", "proprties:")),
            (VIPPS, "bad-value", edit(VIPPS, "before: 2018-12-20", "before: 2018-13-20")),
            (VIPPS, "unknown-fact", edit(VIPPS, "sender.vipps_declined:", "sender.declined:")),
            (VIPPS, "bad-value", edit(VIPPS, "{equals: 0}", "{equals: none}")),
            ("rulebook.yaml", "unknown-definition", edit("rulebook.yaml", "recipient-is-person", "person")),
            ("definitions/consent-valid.yaml", "missing-key", 2),
        ],
        key=lambda problem: (problem[0], problem[2]),
    )  # fmt: skip
    definition = rules / "definitions" / "consent-valid.yaml"
    content = definition.read_text(encoding="utf-8")
    start = content.index("title:")
    definition.write_text(content[:start] + content[content.index("when:") :], encoding="utf-8")
    assert found(rules) == expected


def test_a_gap_and_an_overlap_of_the_migration(rules: Path, edit: Edit) -> None:
    """Each sender must be answered for exactly once; the one that is not is described."""
    migration = rules / "agreements" / "migration.yaml"
    content = migration.read_text(encoding="utf-8")
    migration.write_text(
        content.replace("sender.vipps_declined: no", "sender.vipps_declined: yes"), encoding="utf-8"
    )
    codes = {problem.code: problem for problem in problems_of(rules)}
    assert set(codes) == {"migration-gap", "migration-overlap"}
    assert "sender.vipps_declined: no" in codes["migration-gap"].say("en")
    assert "vipps_declined, vipps_included" in codes["migration-overlap"].say("en")


def test_texts_need_every_language_and_only_known_fields(rules: Path, edit: Edit) -> None:
    """A lost translation and a field that no message can show."""
    path = rules / GIFT
    content = path.read_text(encoding="utf-8")
    lines = content.splitlines()
    title = lines.index("title:")
    del lines[title + 2]
    path.write_text("\n".join(lines).replace("{missing}", "{recipient}"), encoding="utf-8")
    codes = [problem.code for problem in problems_of(rules)]
    assert codes.count("missing-language") == 1
    assert codes.count("unknown-placeholder") == 2


def test_files_that_are_missing_or_do_not_belong(rules: Path) -> None:
    """A rule book without its vocabulary, a folder that is none of it, and a file by a wrong name."""
    (rules / "vocabulary.yaml").unlink()
    (rules / "prohibition").mkdir()
    (rules / "rulebok.yaml").write_text("x: 1")
    codes = [problem.code for problem in problems_of(rules)]
    assert codes.count("missing-file") == 1
    assert codes.count("unknown-file") == 2
    assert problems_of(rules / "nowhere")[0].code == "no-rule-book"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"[" * 100_000, "too-deep"),
        (b"a: " * 100, "yaml-syntax"),
        (b"{a: " * 100_000, "too-deep"),
        (b"a: &x [1]\nb: *x\n", "alias"),
        (b"&a [&b [*a, *b]]", "alias"),
        (b"x" * 2_000_000, "too-large"),
        (b"\x80\x81", "not-text"),
        ("rule: x".encode("utf-16"), "not-text"),
        (b"rule: \x00", "yaml-syntax"),
        (b"rule: !!python/object/apply:os.system [ls]", "tag"),
        (b"rule: x\nrule: y", "duplicate-key"),
        (b"? [a]\n: b", "key-not-text"),
        (b"<<: {rule: x}", "unknown-key"),
        (b"\trule: x", "yaml-syntax"),
        (b"- rule: x", "wrong-kind"),
        (b"just text", "wrong-kind"),
    ],
)
def test_hostile_yaml_ends_in_a_message(rules: Path, content: bytes, code: str) -> None:
    """Never in a crash, never in a wrong value."""
    (rules / "prohibitions" / "hostile.yaml").write_bytes(content)
    codes = [problem.code for problem in problems_of(rules)]
    # Some releases of libyaml refuse deep nesting themselves.
    assert code in codes or (code == "too-deep" and codes == ["yaml-syntax"])


def test_definitions_that_blow_up_are_refused(rules: Path) -> None:
    """Forty definitions, each using the one before twice, would be a million million nodes."""
    previous = "payment-demand"
    for n in range(30):
        name = f"laugh-{n}"
        (rules / "definitions" / f"{name}.yaml").write_text(
            f"define: {name}\ntitle: {{nb: a, en: a}}\nwhen: {{all: [{previous}, {previous}]}}\n"
        )
        previous = name
    assert "too-large" in [problem.code for problem in problems_of(rules)]


def test_a_scalar_is_read_by_the_type_of_its_fact(rules: Path, edit: Edit) -> None:
    """``NO``, ``10:30``, ``0123`` and ``1.10`` are what the fact's type says, or a mistake."""
    edit(
        GIFT, "line.kind: gift_request", "line.description: {one_of: [NO, 10:30, 0123, 1.10, yes]}"
    )
    assert problems_of(rules) == []
    edit(
        GIFT,
        "line.description: {one_of: [NO, 10:30, 0123, 1.10, yes]}",
        "line.amount: {above: 1.10}",
    )
    assert problems_of(rules) == []
    edit(GIFT, "{above: 1.10}", "{above: 10:30}")
    assert [problem.code for problem in problems_of(rules)] == ["bad-value"]


def test_an_empty_file_is_no_rule_and_a_folder_is_no_file(rules: Path) -> None:
    """The one says nothing, the other cannot be read."""
    (rules / "prohibitions" / "empty.yaml").write_text("# nothing yet\n")
    assert problems_of(rules) == []
    (rules / "prohibitions" / "folder.yaml").mkdir()
    (rules / "prohibitions" / "link.yaml").symlink_to(rules / "prohibitions" / "gone")
    assert [problem.code for problem in problems_of(rules)] == ["not-readable", "not-readable"]
