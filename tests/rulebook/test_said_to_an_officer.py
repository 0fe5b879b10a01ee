"""What an officer reads about a mistake: the one that was made, where it is, and what to write instead."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.rulebook.conftest import Edit, found, problems_of

from fakturavakt.problems import TOLD_MAX, ProblemsError
from fakturavakt.rulebook.json_schemas import KINDS, written_schema
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.rulebook.mistakes import NORWEGIAN_WORDS

GIFT = "prohibitions/unsolicited-gift-request.yaml"
KIND = "line.kind: gift_request"
VIPPS = "channels/vipps_regning.yaml"
VOCABULARY = "vocabulary.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        # YAML
        (GIFT, KIND, "line.description: {has_word: [*gave*]}", 'Et ord som begynner med * må ha anførselstegn. Skriv "*gave*".'),
        (GIFT, "then:", "\tthen:", "Linjen har tabulator. Bruk mellomrom."),
        (GIFT, "then: prohibit", "then: prohibit: no", "Det står to kolon på linjen. Sett teksten i anførselstegn."),
        (GIFT, "then: prohibit", "then: prohibit\n  effective: x", "Nøkkelen passer ikke inn her."),
        (GIFT, "then: prohibit", "then: [prohibit", "er ikke lukket"),
        (GIFT, "then: prohibit", 'then: "prohibit', "ikke"),
        (GIFT, "then: prohibit", "then: @prohibit", "«@» kan ikke stå først i en verdi. Sett verdien i anførselstegn."),
        (GIFT, "then: prohibit", "then: 'it's'", "noe etter et anførselstegn"),
        (GIFT, "then: prohibit", "then: prohibit: no", "Resten av filen er ikke kontrollert."),
        # Nothing there
        (GIFT, "then: prohibit", "then: ~", "Her står ingenting"),
        (GIFT, "then: prohibit", "then: null", "Her står ingenting"),
        (GIFT, "then: prohibit", "then:", "Her står ingenting"),
        # Money and counts
        (GIFT, KIND, "line.amount: {above: 1.100}", "«1.100» er ikke et beløp i kroner med høyst to desimaler"),
        (GIFT, KIND, "line.amount: {above: 0123}", "Skriv det uten nuller foran."),
        (GIFT, KIND, "line.amount: {above: 349,50}", "Skriv desimaltall med punktum: 349.50."),
        (GIFT, KIND, "line.amount: {above: '349,50'}", "Skriv desimaltall med punktum: 349.50."),
        (VIPPS, "{equals: 0}", "{equals: 01}", "Skriv det uten nuller foran."),
        (VIPPS, "{equals: 0}", "{equals: -1}", "«-1» er ikke et helt tall, 0 eller større."),
        (VIPPS, "bank_fee: unknown", "bank_fee: ukjent", "Mente du «unknown»?"),
        (VIPPS, "bank_fee: unknown", "bank_fee: spør", "Her kan også stå unknown."),
        # Norwegian words, and words from elsewhere
        ("rulebook.yaml", "channels:", "kanaler:", "Ukjent nøkkel «kanaler». Mente du «channels»?"),
        (GIFT, "source:", "kilde:", "Ukjent nøkkel «kilde». Mente du «source»?"),
        (GIFT, "then: prohibit", "then: prohibit\nkilde: x", "«source» står her allerede; behold bare den."),
        (GIFT, "then: prohibit", "then: prohibit\nfarge: x", "Ta den bort, eller bruk en av status, effective."),
        (GIFT, "then: prohibit", "then: forby", "Mente du «prohibit»?"),
        (GIFT, "any line:", "en linje:", "Mente du «any line»?"),
        (GIFT, KIND, "ikke: {line.kind: goods}", "Mente du «not»?"),
        (GIFT, KIND, "eller: [line.kind: goods]", "Mente du «any»?"),
        (GIFT, KIND, "kjent: line.kind", "Mente du «known»?"),
        (GIFT, KIND, "line.description: {has_word: [*gave]}", "sett anførselstegn om en tekst som begynner med * eller &"),
        (GIFT, "then: prohibit", "then: prohibit\neffective: {til: 2021-02-02}", "Mente du «before» (den dagen er ikke med)?"),
        (GIFT, KIND, "line.amount: {over: 100}", "Mente du «above»?"),
        (GIFT, KIND, "line.period_end: {before: 3 dager etter line.period_start}", "Skriv det på engelsk: «3 days after line.period_start»."),
        (VOCABULARY, "type: mobile", "type: mobiltelefon", "Mente du «mobile»?"),
        (VOCABULARY, "type: mobile", "type: qqq", "text, date, money, yes_no, count, choice"),
        # Values
        (GIFT, KIND, "line.kind gift_request", "Mangler kolon? «line.kind: gift_request»"),
        (GIFT, KIND, "line.consent.given: kanskje", "«kanskje» er verken yes eller no."),
        (GIFT, KIND, "line.description: {has_word: pengegave}", "Skriv has_word: [pengegave]."),
        (GIFT, KIND, "line.kind: {one_of: goods}", "Skriv one_of: [goods]."),
        (GIFT, KIND, "line.kind: kjole", "«kjole» er ikke ett av ordene goods, service, subscription, gift_request."),
        ("classification/words-of-a-gift.yaml", "kind: gift_request", "kind: gave", "«gave» er ikke et kjent slag i line.kind."),
        (VOCABULARY, "absent: screening_date", "absent: aldri", "Mente du «never»?"),
        (VOCABULARY, "absent: screening_date", "absent: i morgen", "Her kan også stå unknown, never, screening_date."),
        (VOCABULARY, "fact: recipient.vipps", "fact: RecipientVipps", "og punktum mellom delene, som invoice.due_date."),
        ("agreements/migration.yaml", "action: vipps_declined", "action: none", "«none» er allerede brukt på linje 17, kolonne 5."),
        ("rulebook.yaml", "channel: efaktura", "channel: e-faktura", "Skal det være «e-faktura», som på linje 19 i rulebook.yaml?"),
    ],
)  # fmt: skip
def test_one_mistake_is_one_message(
    rules: Path, edit: Edit, file: str, old: str, new: str, said: str
) -> None:
    """Nothing that only follows from it is told, in either language."""
    edit(file, old, new)
    problems = problems_of(rules)
    assert len(problems) == 1, found(rules)
    assert said in problems[0].say("nb")
    assert problems[0].say("nb") != problems[0].say("en")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (GIFT, "  holds:\n    nb: ", '  hold:\n    nb: "{missing}" #', ["hold", "{missing}"]),
        (GIFT, "any line:\n        all:\n          - line.kind: gift_request", "any lines:\n        all:\n          - line.kind: gift", ["any lines", "«gift»"]),
        (GIFT, KIND, "line.knd: gift_reqest", ["line.knd", "gift_reqest"]),
        (GIFT, KIND, "line.amount: {abov: mye}", ["abov", "mye"]),
        (GIFT, "rule: unsolicited-gift-request\n", "", ["rule"]),
        (GIFT, "then: prohibit\n", "farge: x\n", ["farge", "then"]),
    ],
)  # fmt: skip
def test_two_mistakes_are_two_messages(
    rules: Path, edit: Edit, file: str, old: str, new: str, said: list[str]
) -> None:
    """A misspelt word does not hide what stands behind it."""
    edit(file, old, new)
    messages = [problem.say("nb") for problem in problems_of(rules)]
    assert len(messages) == len(said), messages
    for word in said:
        assert any(word in message for message in messages)


def test_two_missing_keys_two_placeholders_and_two_languages(rules: Path) -> None:
    """What stands at one place is told all the same."""
    path = rules / GIFT
    content = path.read_text(encoding="utf-8")
    content = content.replace("rule: unsolicited-gift-request\n", "")
    path.write_text(content.replace("then: prohibit\n", ""), encoding="utf-8")
    advice = rules / "advice" / "missing-mobile.yaml"
    content = advice.read_text(encoding="utf-8")
    head = content.index("message:\n")
    start = content.index("nb: ", head)
    end = content.index("remedy:")
    content = content[:start] + "nb: '{a} {b}'\n    en: x\n" + content[end:]
    start, end = content.index("title:"), content.index("source:")
    advice.write_text(content[:start] + "title: {}\n" + content[end:], encoding="utf-8")
    said = [problem.say("nb") for problem in problems_of(rules)]
    for each in ("«rule» mangler", "«then» mangler", "«{a}»", "«{b}»", "«nb»", "«en»"):
        assert sum(each in message for message in said) == 1, (each, said)


def test_every_gap_of_the_migration(rules: Path) -> None:
    """Two kinds of sender that no row answers for are two problems, each told by what it is known by."""
    path = rules / "agreements" / "migration.yaml"
    head, *rows = path.read_text(encoding="utf-8").split("  - action: ")
    tail = rows[-1][rows[-1].index("\nunknown:") :] if "\nunknown:" in rows[-1] else ""
    path.write_text(head + "  - action: " + rows[0].rstrip("\n") + "\n" + tail, encoding="utf-8")
    legacy, efaktura = "sender.legacy_vipps_agreement", "sender.efaktura_b2c_agreement"
    assert [problem.wrong.say("nb") for problem in problems_of(rules)] == [
        f"Ingen rad svarer når {efaktura}: no, {legacy}: yes.",
        f"Ingen rad svarer når {legacy}: no.",
    ]


def test_a_new_language_is_told_once_a_file(rules: Path, edit: Edit) -> None:
    """Not once for each of its texts."""
    edit("rulebook.yaml", "languages: [nb, en]", "languages: [nb, en, sv]")
    problems = problems_of(rules)
    assert {problem.code for problem in problems} == {"missing-language"}
    assert len(problems) == len({problem.place.file for problem in problems})
    told = next(p for p in problems if p.place.file.endswith(VIPPS))
    assert "«sv» mangler i 12 tekster, på linje 7, 13, 36, 39, 42, …." in told.say("nb")


def without_vocabulary(rules: Path) -> None:
    """The file is gone."""
    (rules / VOCABULARY).unlink()


def broken_vocabulary(rules: Path) -> None:
    """YAML breaks in its second entry."""
    path = rules / VOCABULARY
    path.write_text(path.read_text(encoding="utf-8").replace("type: choice", "type: a: b", 1))


def empty_vocabulary(rules: Path) -> None:
    """There is nothing in it."""
    (rules / VOCABULARY).write_text("# nothing yet\n")


def empty_rule_book(rules: Path) -> None:
    """There is nothing in it."""
    (rules / "rulebook.yaml").write_text("---\n")


def definitions_are_a_file(rules: Path) -> None:
    """Somebody saved a file by the folder's name."""
    shutil.rmtree(rules / "definitions")
    (rules / "definitions").write_text("x")


def definitions_are_a_loop(rules: Path) -> None:
    """A link that points to itself."""
    shutil.rmtree(rules / "definitions")
    (rules / "definitions").symlink_to("definitions")


def broken_definition(rules: Path) -> None:
    """YAML breaks in a definition that rules use."""
    path = rules / "definitions" / "gift-accepted.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("when:", "when: a: b"))


def unnamed_definition(rules: Path) -> None:
    """A definition whose name is none."""
    path = rules / "definitions" / "gift-accepted.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("define: gift-", "define: Gift "))


def unnamed_channel(rules: Path) -> None:
    """A channel's rule whose channel is no name."""
    path = rules / "channels" / "efaktura.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("channel: ", "channel: E "))


@pytest.mark.parametrize(
    "break_it",
    [
        without_vocabulary,
        broken_vocabulary,
        empty_vocabulary,
        empty_rule_book,
        definitions_are_a_file,
        definitions_are_a_loop,
        broken_definition,
        unnamed_definition,
        unnamed_channel,
    ],
)
def test_what_only_follows_is_not_told(rules: Path, break_it: Callable[[Path], None]) -> None:
    """A file that is lost is one message, which says that what refers to it was not checked."""
    break_it(rules)
    problems = problems_of(rules)
    assert len(problems) == 1, found(rules)
    if break_it is not empty_rule_book:
        assert "heller ikke kontrollert" in problems[0].say("nb")
    assert not problems[0].say("nb").endswith(": .")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.YAML", True),
        ("a.yaml.bak", True),
        ("a.txt", True),
        ("a.yaml~", False),
        ("#a.yaml#", False),
        (".a.yaml.swp", False),
        ("README.md", False),
        ("Thumbs.db", False),
    ],
)
@pytest.mark.parametrize("folder", ["prohibitions", "."])
def test_a_file_that_is_not_read_is_told(
    rules: Path, folder: str, name: str, *, told: bool
) -> None:
    """Else a prohibition could get lost by the name of its file."""
    (rules / folder / name).write_text("rule: x\n")
    assert [problem.code for problem in problems_of(rules)] == ["unknown-file"] * told


def test_a_folder_among_the_rules_is_told(rules: Path) -> None:
    """Nothing in it would be read."""
    (rules / "prohibitions" / "older").mkdir()
    assert "Flytt filene rett i prohibitions/." in problems_of(rules)[0].say("nb")


def test_a_pipe_a_device_and_a_huge_file_are_never_read(rules: Path) -> None:
    """A pipe would never end; the huge file has no more than its size here."""
    os.mkfifo(rules / "prohibitions" / "pipe.yaml")
    (rules / "prohibitions" / "device.yaml").symlink_to("/dev/zero")
    with (rules / "prohibitions" / "huge.yaml").open("wb") as huge:
        huge.truncate(10**12)
    codes = [problem.code for problem in problems_of(rules)]
    assert codes == ["not-readable", "too-large", "not-readable"]


@pytest.mark.parametrize(
    "content",
    [
        "".join(f"key{n}: x\n" for n in range(20_000)),
        "rule: a\nwhen: {all: [" + ",".join(f"{{line.kid{n}: x}}" for n in range(20_000)) + "]}",
        "rule: a\nwhen: {recipient.kind: {" + ",".join(f"o{n}: x" for n in range(20_000)) + "}}",
    ],
)
def test_twenty_thousand_mistakes_are_told_soon(rules: Path, content: str) -> None:
    """All are found, a hundred are told."""
    (rules / "prohibitions" / "many.yaml").write_text(content)
    started = time.perf_counter()
    with pytest.raises(ProblemsError) as caught:
        load_rulebook(rules)
    assert time.perf_counter() - started < 20
    assert len(caught.value.problems) > 20_000
    assert len(caught.value.say("nb").splitlines()) == TOLD_MAX + 1


def test_a_quoted_tilde_is_a_text(rules: Path, edit: Edit) -> None:
    """Only the bare one is nothing."""
    edit(GIFT, KIND, 'line.description: {one_of: ["~", "null"]}')
    assert problems_of(rules) == []


def words_of(schema: object) -> set[str]:
    """Every key and every word that a JSON Schema of rule files allows."""
    if isinstance(schema, dict):
        inner = [words_of(each) for each in schema.values()]
        own = {*schema.get("properties", ()), *map(str, schema.get("enum", ()))}
        own.add(str(schema.get("const", "")))
        return own.union(*inner)
    return set().union(*(words_of(each) for each in schema)) if isinstance(schema, list) else set()


def test_norwegian_words_stand_for_words_that_there_are() -> None:
    """A word of the rule language that gets another name leaves no stale advice."""
    book = load_rulebook()
    known = {"always", "never"}
    for kind in KINDS:
        known |= words_of(json.loads(written_schema(kind, book)))
    assert {word for words in NORWEGIAN_WORDS.values() for word in words} <= known
