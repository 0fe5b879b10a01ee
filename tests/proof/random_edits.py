"""Random edits of rule books, and the search for documents that would show the solver wrong.

``python -m tests.proof.random_edits --edits 1000 --seed 1`` compares each of a thousand edited rule books
with the one it was made of. It fails where the reference engine does not confirm a witness, where a
witness is not the smallest that it is said to be, and where a random document goes another way than the
solver said all documents do, or breaks a guarantee that was proved; else it prints what came out.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from tests.engines import random_rule_books

from fakturavakt.proof.confirmation import Confirmed, decided
from fakturavakt.proof.difference import Change, Compared, Subject, compare
from fakturavakt.proof.mentions import Mentions
from fakturavakt.proof.plausible_values import another, bad_value
from fakturavakt.proof.proving import Answer, BuiltIn, prove
from fakturavakt.rulebook.conditions import Condition
from fakturavakt.rulebook.loader import RuleBookError, load_rulebook
from fakturavakt.rulebook.model import ChannelProperties, Guarantee, Promised, RuleBook
from fakturavakt.shipped import shipped_folder
from fakturavakt.vocabulary.facts import LINE_ID, LINE_PREFIX, LINES, Fact, FactType
from fakturavakt.vocabulary.forms import written_ore

Files = dict[str, list[Any]]
AS_OF = date(2018, 12, 20)
RANDOM_DOCUMENTS = 120
"""Drawn for each edit, about the facts and constants that both rule books mention."""
GUARANTEES_TRIED = 4
"""Of each edited rule book."""
TRUTHS = (False, None, True)
RANKS = {"send": 0, "out_of_scope": 0, "hold": 1, "block": 2}


def shipped_files() -> Files:
    """The shipped rule book as data; every scalar as it was written."""
    root = shipped_folder("rules")
    found: Files = {}
    for path in sorted(root.rglob("*.yaml")):
        name = path.relative_to(root).as_posix()
        if name not in ("vocabulary.yaml", "clauses.yaml") and not name.endswith(".test.yaml"):
            content = path.read_text(encoding="utf-8")
            found[name] = list(yaml.load_all(content, Loader=yaml.BaseLoader))
    return found


def loaded(files: Mapping[str, list[Any]], vocabulary: str) -> RuleBook:
    """The rule book of these files. Raises ``RuleBookError``."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "vocabulary.yaml").write_text(vocabulary, encoding="utf-8")
        for name, documents in files.items():
            (root / name).parent.mkdir(exist_ok=True)
            written = "\n---\n".join(json.dumps(each) for each in documents)
            (root / name).write_text(written, encoding="utf-8")
        return load_rulebook(root, guarantees=True)


def shipped_vocabulary() -> str:
    """The text of ``vocabulary.yaml``."""
    return (shipped_folder("rules") / "vocabulary.yaml").read_text(encoding="utf-8")


# -- edits -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A node of a condition: ``holder[key]``, and whether it is about one line."""

    holder: Any
    key: Any
    line: bool

    @property
    def node(self) -> Any:  # noqa: ANN401 (YAML data)
        return self.holder[self.key]


def places(holder: Any, key: Any, *, line: bool) -> Iterator[Place]:  # noqa: ANN401
    """A condition and all of its parts."""
    yield Place(holder, key, line)
    node = holder[key]
    if isinstance(node, dict):
        (word,) = node
        if word in ("all", "any"):
            for n in range(len(node[word])):
                yield from places(node[word], n, line=line)
        elif word == "not":
            yield from places(node, word, line=line)
        elif word in ("any line", "all lines"):
            yield from places(node, word, line=True)


def conditions_of(files: Files) -> list[Place]:
    """Every node of every condition that may be edited; the last channel must stay as it is."""
    found: list[Place] = []
    for name, documents in files.items():
        for document in documents:
            if name.startswith(("agreements", "guarantees")) or document.get("when") == "always":
                continue
            of_line = name.startswith("classification") or (
                name.startswith("definitions") and "line." in json.dumps(document["when"])
            )
            holder = document["scope"] if name == "rulebook.yaml" else document
            found += places(holder, "when", line=of_line)
    return found


OPPOSITE = {"before": "on_or_after", "on_or_after": "before", "after": "on_or_before",
            "on_or_before": "after", "above": "at_most", "below": "at_least"}  # fmt: skip


def edit_node(place: Place, draw: st.DrawFn, chance: random.Random) -> str:  # noqa: PLR0915 (a way a case)
    """Change one node; what was done."""
    node, holder, key = place.node, place.holder, place.key
    word = next(iter(node)) if isinstance(node, dict) else None
    ways = ["replace", "negate", "double negation", "in all", "with another"]
    if word in ("all", "any"):
        ways += ["swap connective", "drop", "reorder", "de morgan", "drop"]
    if word in ("any line", "all lines"):
        ways += ["swap quantifier", "quantifier by the other", "swap quantifier"]
    inner: Any = node[word] if word is not None else None
    single = isinstance(inner, dict) and len(inner) == 1
    if single and next(iter(inner)) in OPPOSITE and "." in str(word):
        ways += ["opposite", "other operator", "same by the opposite"] * 2
    way = chance.choice(ways)
    match way:
        case "replace":
            holder[key] = draw(
                random_rule_books.conditions(line=place.line, depth=1, defined=False)
            )
        case "negate":
            holder[key] = {"not": node}
        case "double negation":
            holder[key] = {"not": {"not": node}}
        case "in all":
            holder[key] = {"all": [node]}
        case "with another":
            more = draw(random_rule_books.tests(line=place.line))
            holder[key] = {chance.choice(["all", "any"]): [node, more]}
        case "swap connective":
            holder[key] = {"any" if word == "all" else "all": inner}
        case "drop":
            if len(inner) > 1:
                inner.pop(chance.randrange(len(inner)))
        case "reorder":
            chance.shuffle(inner)
        case "de morgan":
            other = "any" if word == "all" else "all"
            holder[key] = {"not": {other: [{"not": part} for part in inner]}}
        case "swap quantifier":
            holder[key] = {"all lines" if word == "any line" else "any line": inner}
        case "quantifier by the other":
            other = "all lines" if word == "any line" else "any line"
            holder[key] = {"not": {other: {"not": inner}}}
        case "opposite":
            (operator,) = inner
            holder[key] = {word: {OPPOSITE[operator]: inner[operator]}}
        case "same by the opposite":
            (operator,) = inner
            holder[key] = {"not": {word: {OPPOSITE[operator]: inner[operator]}}}
        case "other operator":
            (operator,) = inner
            dates = ("before", "after", "on_or_before", "on_or_after")
            words = dates if operator in dates else ("above", "below", "at_least", "at_most")
            holder[key] = {word: {chance.choice(words): inner[operator]}}
    return way


def edit_rules(files: Files, chance: random.Random) -> str:
    """Change something of a whole rule, or of the channels."""
    names = [name for name in files if name.startswith(("prohibitions", "advice"))]
    ways = ["window", "remove", "message", "channels"]
    way = chance.choice(ways)
    documents = files[chance.choice(names)]
    match way:
        case "window":
            chance.choice(documents)["effective"] = chance.choice(
                [{"from": "2018-12-20"}, {"from": "2018-12-21"}, {"before": "2021-02-01"}]
            )
        case "remove":
            if len(documents) > 1:
                documents.pop()
        case "message":
            chance.choice(documents)["remedy"] = {"nb": "annet", "en": "else"}
        case _:
            channels = files["rulebook.yaml"][0]["channels"]
            if len(channels) > 2:
                channels[0], channels[1] = channels[1], channels[0]
    return way


def edit_vocabulary(vocabulary: str, chance: random.Random) -> str:
    """Let the absence of a fact mean something else, or give a choice another word."""
    old, new = chance.choice(
        [
            ("    absent: never\n", ""),
            ("    absent: screening_date\n", ""),
            ("    absent: invoice\n", ""),
            ("    absent: 0\n", "    absent: 1\n"),
            ("[invoice, credit_note]", "[invoice, credit_note, reminder]"),
            ("gift_request]", "gift_request, fee]"),
        ]
    )
    return vocabulary.replace(old, new, 1)


@dataclass(frozen=True)
class Edited:
    """A rule book, an edit of it, and the edits that were made."""

    old: RuleBook
    new: RuleBook
    edits: tuple[str, ...]
    files: Files
    chance: random.Random

    def __repr__(self) -> str:
        return f"{self.edits}\n" + "\n".join(
            f"# {name}\n{yaml.safe_dump_all(documents, allow_unicode=True, sort_keys=False)}"
            for name, documents in self.files.items()
        )


@st.composite
def edited_rule_books(draw: st.DrawFn) -> Edited:
    """The shipped rule book or a random one, and an edit of one to three places of it."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    if draw(st.booleans()):
        files = shipped_files()
    else:
        files = {
            name: list(each) for name, each in draw(random_rule_books.rule_books()).files.items()
        }
    vocabulary = shipped_vocabulary()
    old = loaded(files, vocabulary)
    while True:
        new_files, new_vocabulary, edits = copy.deepcopy(files), vocabulary, []
        for _ in range(draw(st.integers(1, 3))):
            kind = chance.random()
            if kind < 0.8:
                place = chance.choice(conditions_of(new_files))
                edits.append(edit_node(place, draw, chance))
            elif kind < 0.93:
                edits.append(edit_rules(new_files, chance))
            else:
                new_vocabulary = edit_vocabulary(new_vocabulary, chance)
                edits.append("vocabulary")
        try:
            new = loaded(new_files, new_vocabulary)
        except RuleBookError:
            continue  # a line's fact came to stand where no line is
        return Edited(old, new, tuple(edits), new_files, chance)


# -- documents -------------------------------------------------------------------------------------


@dataclass
class Drawer:
    """Draws documents about the facts and constants that two rule books mention."""

    old: RuleBook
    new: RuleBook
    chance: random.Random
    mentions: Mentions = field(default_factory=Mentions)

    def __post_init__(self) -> None:
        for book in (self.old, self.new):
            for condition in all_conditions(book):
                self.mentions.add(condition)
        self.choose_facts()

    def choose_facts(self) -> None:
        """Those that are mentioned, and the one that tells lines that are lost from lines that are none."""
        self.mentions.facts.add("invoice.payable_amount")
        self.facts = [fact for fact in self.new.vocabulary if fact.name in self.mentions.facts]

    def document(self) -> dict[str, Any]:
        """Contract JSON: good values at the edges of conditions, bad ones, and none."""
        how_much = self.chance.choice([0.3, 0.6, 0.95])
        content: dict[str, Any] = {}
        for fact in self.facts:
            if not fact.of_line and fact.name != LINES and self.chance.random() < how_much:
                _put(content, fact.name, self.value(fact))
        if self.chance.random() < 0.85:
            lines = []
            for position in range(self.chance.choice([0, 1, 1, 2, 3, 4])):
                line: dict[str, Any] = {"id": str(position + 1)}
                for fact in self.facts:
                    if fact.of_line and self.chance.random() < how_much:
                        _put(line, fact.name.removeprefix(LINE_PREFIX), self.value(fact))
                lines.append(line)
            _put(content, LINES, lines)
        return content

    def value(self, fact: Fact) -> object:
        """A value that some condition may turn on."""
        chance = self.chance
        if chance.random() < 0.07:
            return bad_value(fact)
        numbers = sorted(self.mentions.numbers.get(fact.name, ()))
        others = sorted(each for found in self.mentions.numbers.values() for each in found)
        near = [0, 0, 0, 1, -1, *self.mentions.days]
        match fact.type:
            case FactType.YES_NO:
                return chance.random() < 0.5
            case FactType.DATE:
                anchor = chance.choice([*numbers, AS_OF.toordinal()])
                day = anchor + chance.choice(near)
                return date.fromordinal(min(max(day, 1), date.max.toordinal())).isoformat()
            case FactType.MONEY:
                ore = chance.choice([*numbers, *others, 34900, 0]) + chance.choice([0, 1, -1])
                return written_ore(max(min(ore, 10**15 - 1), 1 - 10**15))
            case FactType.COUNT:
                return max(chance.choice([*numbers, 0, 1]) + chance.choice([0, 1, -1]), 0)
            case FactType.CHOICE:
                return chance.choice(fact.choices)
            case _:
                named = sorted(self.mentions.values.get(fact.name, ()))
                words = [word.replace("*", chance.choice(["", "x"])) for word in self.words(fact)]
                free = [" ".join(chance.sample(words, min(len(words), chance.randint(1, 3))))]
                other = [another(fact, named)]
                return chance.choice([*named, *(free if words else []), *other])

    def words(self, fact: Fact) -> list[str]:
        """The words that are looked for in a text."""
        return sorted(self.mentions.words.get(fact.name, ()))


def _put(home: dict[str, Any], path: str, value: object) -> None:
    *groups, key = path.split(".")
    for group in groups:
        home = home.setdefault(group, {})
    home[key] = value


def all_conditions(book: RuleBook) -> Iterator[Condition]:
    """Whatever a rule book asks of a document."""
    yield book.scope
    for rule in book.rules.values():
        yield rule.condition


# -- what must hold --------------------------------------------------------------------------------


def step(
    compared: Compared, old: Confirmed, new: Confirmed, books: tuple[RuleBook, RuleBook]
) -> list[int]:
    """How much stricter a document comes out: above 0, looser: below 0; 9 where it is neither."""
    if compared.subject is Subject.DECISION:
        ranks = [RANKS[each.decision.decision.value] for each in (old, new)]
        if ranks[0] != ranks[1]:
            return [ranks[1] - ranks[0]]
        verdicts = {each.decision.decision for each in (old, new)}
        alike = old.decision.attempts == new.decision.attempts and len(verdicts) == 1
        return [0 if alike else 9]
    if compared.subject is Subject.AGREEMENTS:
        migrations = [book.migration for book in books]
        assert migrations[0] is not None
        assert migrations[1] is not None
        return [0 if old.action(migrations[0]) == new.action(migrations[1]) else 9]
    found = []
    for book, seen in zip(books, (old, new), strict=True):
        condition = condition_of(compared, book)
        if compared.subject is Subject.SUGGESTION:
            lines = seen.facts.lines or ()
            truths = (
                [False] * len(lines) if condition is None else list(seen.truths_by_line(condition))
            )
        else:
            truths = [False if condition is None else seen.truth(condition)]
        found.append([TRUTHS.index(truth) for truth in truths])
    reverse = -1 if compared.subject in (Subject.CHANNEL, Subject.CHANNEL_RULE) else 1
    return [reverse * (after - before) for before, after in zip(*found, strict=True)]


def condition_of(compared: Compared, book: RuleBook) -> Condition | None:
    """What a rule book has under the name."""
    match compared.subject:
        case Subject.SCOPE:
            return book.scope
        case Subject.CHANNEL:
            channels = {each.name: each.condition for each in book.channels}
            return channels.get(compared.name)
        case _:
            rule = book.rules.get(compared.name)
            return rule.condition if rule is not None else None


ALLOWED = {
    Change.EQUIVALENT: lambda step: step == 0,
    Change.STRICTER: lambda step: 0 <= step < 9,
    Change.LOOSER: lambda step: step <= 0,
}


def smaller(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The document with one thing less; a line's id is no thing that it says."""

    def paths(node: object, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        if path and path[-1] != LINE_ID.removeprefix(LINE_PREFIX):
            yield path
        if isinstance(node, dict):
            for key, child in node.items():
                yield from paths(child, (*path, key))
        elif isinstance(node, list):
            for position, child in enumerate(node):
                yield from paths(child, (*path, position))

    for path in list(paths(content, ())):
        less = copy.deepcopy(content)
        holder: Any = less
        for key in path[:-1]:
            holder = holder[key]
        del holder[path[-1]]
        yield less


def examine(edited: Edited, seconds: float, tally: Counter[str]) -> None:
    """Compare, and look for a document that shows the comparison wrong."""
    books = (edited.old, edited.new)
    difference = compare(*books, seconds=seconds)
    for compared in difference.compared:
        tally[compared.change.value] += 1
        if compared.change is Change.EQUIVALENT and compared.lines:
            tally["equivalent by proof, not by sameness"] += 1
        for shown in compared.shown:
            tally["witnesses"] += 1
            if not shown.example.smallest:
                tally["witnesses not shown to be smallest"] += 1
                continue
            old, new = (decided(book, shown.example.content, shown.example.as_of) for book in books)
            # A document that shows a smaller change may say less.
            far = max(
                (abs(each) for each in step(compared, old, new, books) if each < 9), default=0
            )
            for less in smaller(shown.example.content):
                seen = [decided(book, less, shown.example.as_of) for book in books]
                steps = step(compared, seen[0], seen[1], books)
                again = {
                    Change.STRICTER: any(far <= each < 9 for each in steps),
                    Change.LOOSER: any(each <= -far for each in steps),
                    Change.DIFFERENT: 9 in steps,
                }[shown.direction]
                assert not again, (compared, less)
                tally["smaller documents that show nothing"] += 1
    drawer = Drawer(edited.old, edited.new, edited.chance)
    for _ in range(RANDOM_DOCUMENTS):
        content = drawer.document()
        seen = [decided(book, content, AS_OF) for book in books]
        tally["random documents"] += 1
        for compared in difference.compared:
            allowed = ALLOWED.get(compared.change)
            if allowed is not None:
                steps = step(compared, seen[0], seen[1], books)
                assert all(map(allowed, steps)), (compared, content)
                if any(steps):
                    tally["random documents that go another way, as the solver said"] += 1


def examine_promises(edited: Edited, tally: Counter[str]) -> None:
    """Prove some of what the edited rule book promises; no random document breaks what is proved."""
    book, chance = edited.new, edited.chance
    some = chance.sample(book.guarantees, min(len(book.guarantees), GUARANTEES_TRIED))
    names = [*(each.name for each in some), chance.choice(list(BuiltIn))]
    proofs = list(prove(book, names=names))
    for proof in proofs:
        tally[f"guarantees {proof.answer.value}"] += 1
        if proof.example is not None:
            kind = "counterexamples" if proof.answer is Answer.REFUTED else "examples"
            tally[f"guarantees: {kind}"] += 1
    drawer = Drawer(book, book, chance)
    for guarantee in some:
        drawer.mentions.add(guarantee.condition)
    drawer.choose_facts()
    answers = {proof.name: proof.answer for proof in proofs}
    for _ in range(RANDOM_DOCUMENTS):
        content = drawer.document()
        seen = decided(book, content, AS_OF)
        for guarantee in some:
            if seen.truth(guarantee.condition) is True:
                tally["guarantees: random documents that they are about"] += 1
                if broken(guarantee, seen, book):
                    assert answers[guarantee.name] is Answer.REFUTED, (guarantee, content)
                    tally["guarantees: random documents that break one, which was refuted"] += 1


def broken(guarantee: Guarantee, seen: Confirmed, book: RuleBook) -> bool:
    """Whether a document that a guarantee is about breaks it; as the language's page says it."""
    channel = next((each for each in book.channels if each.name == guarantee.subject), None)
    if guarantee.declares:
        assert channel is not None
        declared = [
            vars_of(rule.properties) for rule in channel.rules if seen.truth(rule.condition) is True
        ]
        return any(dict(guarantee.declares).items() - each.items() for each in declared)
    if guarantee.about is Promised.AGREEMENTS:
        assert book.migration is not None
        outcomes = {seen.action(book.migration)}
    elif guarantee.about is Promised.RULE:
        truth = seen.truth(book.rules[guarantee.subject].condition)
        outcomes = {{True: "holds", False: "fails", None: "unknown"}[truth]}
    elif channel is not None:
        truth = seen.truth(channel.condition)
        outcomes = {{True: "eligible", False: "ineligible", None: "unknown"}[truth]}
        if seen.decision.channel == channel.name:
            outcomes.add("carries")
    else:
        outcomes = {seen.decision.decision.value}
    return guarantee.always is not bool(outcomes & set(guarantee.outcomes))


def vars_of(properties: ChannelProperties) -> dict[str, object]:
    """The properties by name."""
    return {each.name: getattr(properties, each.name) for each in dataclass_fields(properties)}


def main() -> None:
    """Run as many edits as were asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=30.0, help="for one question")
    options = parser.parse_args()
    tally: Counter[str] = Counter()
    began = time.process_time()

    @seed(options.seed)
    @settings(
        max_examples=options.edits,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(edited_rule_books())
    def run(edited: Edited) -> None:
        tally["edited rule books"] += 1
        for edit in edited.edits:
            tally[f"edit: {edit}"] += 1
        if edited.old.version == edited.new.version:
            tally["edits that left the version"] += 1
        examine(edited, options.seconds, tally)
        examine_promises(edited, tally)
        if tally["edited rule books"] % 50 == 0:
            spent = time.process_time() - began
            sys.stderr.write(f"{tally['edited rule books']} after {spent:.0f} s\n")

    run()
    for name, number in sorted(tally.items()):
        sys.stdout.write(f"{number:8} {name}\n")
    sys.stdout.write(f"{time.process_time() - began:8.0f} s of CPU time\n")


if __name__ == "__main__":
    main()
