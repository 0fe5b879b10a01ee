"""From a folder of rule files to a :class:`RuleBook`, or to everything that is wrong with it."""

from __future__ import annotations

import errno
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from fakturavakt.problems import Place, ProblemsError
from fakturavakt.rulebook import files, kinds
from fakturavakt.rulebook.condition_reader import SUGGESTED, ConditionReader
from fakturavakt.rulebook.conditions import All, AnyOf, Condition
from fakturavakt.rulebook.fact_words import YES_NO, read_constant
from fakturavakt.rulebook.guarantees import promised_names, read_guarantee
from fakturavakt.rulebook.in_force import channel_of, while_in_force, window_condition
from fakturavakt.rulebook.migration_check import check_migration
from fakturavakt.rulebook.mistakes import Reading
from fakturavakt.rulebook.model import (
    Advice,
    Channel,
    ChannelProperties,
    ChannelRule,
    Guarantee,
    Migration,
    MigrationRow,
    Prohibition,
    RuleBook,
    Source,
    Status,
    Suggestion,
    Window,
    Wording,
)
from fakturavakt.rulebook.shapes import Read, Record
from fakturavakt.rulebook.version import version_of
from fakturavakt.rulebook.yaml_nodes import (
    FILE_SIZE_MAX,
    MapNode,
    Node,
    Scalar,
    read_yaml,
    too_large,
)
from fakturavakt.shipped import shipped_folder
from fakturavakt.texts import OWN_LANGUAGES, Text, text
from fakturavakt.vocabulary.facts import (
    LINE_ID,
    LINES,
    NEVER,
    Absence,
    Fact,
    FactType,
    Value,
    Vocabulary,
)
from fakturavakt.vocabulary.own_facts import LINE_KIND, SEND_DATE

LOSING: Final = frozenset({"yaml-syntax", "too-deep", "too-large", "not-text"})
"""Mistakes of a file that keep the rest of it from being read."""
_NO_FILE: Final = text("det er ingen vanlig fil", "it is no ordinary file")
_REASONS: Final[Mapping[int, Text]] = {
    errno.EACCES: text("du har ikke tilgang", "you have no access to it"),
    errno.ELOOP: text("lenken viser til seg selv", "the link points to itself"),
    errno.ENOENT: text("lenken viser til noe som ikke finnes", "the link points to nothing"),
    errno.ENOTDIR: text("det er ingen mappe", "it is no folder"),
    errno.EIO: text("disken svarer ikke", "the disk does not answer"),
}


class RuleBookError(ProblemsError):
    """Everything that is wrong with a rule book, each with its place."""


def load_rulebook(
    folder: str | os.PathLike[str] | None = None, *, guarantees: bool = False
) -> RuleBook:
    """Read the rule book in ``folder``; without one, the rule book that ships.

    ``guarantees``: read and check its guarantees, too; no decision needs them.

    Raises :class:`RuleBookError` with every mistake of every file.
    """
    root = folder_of_rules(folder)
    loader = _Loader(Reading(Vocabulary(())), str(root), guarantees=guarantees)
    loader.read_files(root)
    book = loader.book()
    loader.reading.report_untranslated()
    loader.reading.report_unchecked()
    if loader.reading.problems or book is None:
        raise RuleBookError(loader.reading.problems)
    return replace(book, version=version_of(book))


def folder_of_rules(folder: str | os.PathLike[str] | None) -> Path:
    """The folder itself; without one, that of the rule book that ships."""
    return shipped_folder("rules") if folder is None else Path(folder)


@dataclass
class _Loader:
    reading: Reading
    root: str
    nodes: dict[str, list[Node]] = field(default_factory=dict)
    guarantees: bool = False

    # -- files ---------------------------------------------------------------------------------

    def read_files(self, root: Path) -> None:
        """Parse every rule file; tell of files and folders that are none."""
        here = Place(self.root, 1, 1)
        if not root.is_dir():
            for kind in kinds.TOP_FILES.values():
                self.reading.lose(kind, here)
            self.reading.report(
                here,
                "no-rule-book",
                text("Her er ingen mappe med regler.", "There is no folder of rules here."),
                text(
                    "Oppgi mappen som har rulebook.yaml; «fakturavakt init» lager en.",
                    "Name the folder that has rulebook.yaml; “fakturavakt init” makes one.",
                ),
            )
            return
        try:
            entries = sorted(root.iterdir())
        except OSError as error:
            for kind in kinds.TOP_FILES.values():
                self._lose(root, kind, _reason(error))
            return
        for entry in entries:
            if kinds.FOLDERS.get(entry.name) == kinds.GUARANTEE and not self.guarantees:
                continue
            if entry.name in kinds.FOLDERS:
                self._read_folder(entry, kinds.FOLDERS[entry.name])
            elif entry.name in kinds.TOP_FILES:
                self._read_file(entry, kinds.TOP_FILES[entry.name])
            elif entry.name == kinds.CLAUSES_FILE and not entry.is_dir():
                continue  # no decision needs it
            elif entry.name != kinds.SCHEMAS and not kinds.may_lie_among_rules(entry.name):
                at_the_top = (*kinds.TOP_FILES, kinds.CLAUSES_FILE)
                self._report_unknown(entry, kinds.FOLDERS if entry.is_dir() else at_the_top)
        for name, kind in kinds.TOP_FILES.items():
            if self.nodes.get(kind) == [] and kind not in self.reading.lost:
                file = Place(str(root / name), 1, 1)
                self.reading.lose(kind, file)
                self.reading.report(file, "empty-file", text("Filen er tom.", "The file is empty."))
            if kind not in self.nodes and kind not in self.reading.lost:
                self.reading.lose(kind, here)
                self.reading.report(
                    here,
                    "missing-file",
                    text(f"Filen {name} mangler.", f"The file {name} is missing."),
                )

    def _read_folder(self, folder: Path, kind: str) -> None:
        try:
            entries = sorted(folder.iterdir())
        except OSError as error:
            self._lose(folder, kind, _reason(error))
            return
        for path in entries:
            if kinds.may_lie_among_rules(path.name):
                continue
            if path.suffix in kinds.RULE_FILE_ENDINGS:
                self._read_file(path, kind)
            elif path.is_dir():
                self._report_not_read(
                    path,
                    text(
                        f"Flytt filene rett i {folder.name}/.",
                        f"Move its files right into {folder.name}/.",
                    ),
                )
            else:
                self._report_not_read(
                    path,
                    text(
                        "Bare filer som slutter på .yaml, leses; gi den et slikt navn, eller flytt den "
                        "ut av regelboken.",
                        "Only files that end in .yaml are read; name it so, or move it out of the "
                        "rule book.",
                    ),
                )

    def _read_file(self, path: Path, kind: str) -> None:
        found = read_rule_file(path, kind, self.reading)
        if found is not None:
            self.nodes.setdefault(kind, []).extend(found)

    def _lose(self, path: Path, kind: str, reason: Text) -> None:
        _lose(path, kind, reason, self.reading)

    def _report_unknown(self, path: Path, known: Iterable[str]) -> None:
        self._report_not_read(path, self.reading.did_you_mean(path.name, known))

    def _report_not_read(self, path: Path, expected: Text | None) -> None:
        self.reading.report(
            Place(str(path), 1, 1),
            "unknown-file",
            text(
                f"«{path.name}» er ingen del av en regelbok, og leses ikke.",
                f"“{path.name}” is no part of a rule book, and is not read.",
            ),
            expected,
        )

    def _records(self, kind: str, shape: Record) -> list[Read]:
        found = (shape.read(node, self.reading) for node in self.nodes.get(kind, []))
        return [read for read in found if read is not None]

    # -- the whole book ------------------------------------------------------------------------

    def book(self) -> RuleBook | None:
        """The rule book, or None where problems have been reported."""
        reading = self.reading
        reading.languages = self._languages()
        reading.vocabulary = self._vocabulary()
        reader: ConditionReader  # the shapes below ask for it only while they read
        shapes = files.FileShapes(lambda: reader).shapes
        definitions = self._unique(
            self._records(kinds.DEFINITION, shapes[kinds.DEFINITION]), "define"
        )
        for read in definitions:
            if not read["define"]:
                reading.lose(kinds.DEFINITION, read.value_places.get("define", read.place))
            elif read["when"] is None:
                reading.lost_names.add(read["define"])
        reader = ConditionReader(
            reading,
            {
                read["define"]: (read["title"] or Text({}), read["when"])
                for read in definitions
                if read["define"] and read["when"] is not None
            },
        )
        suggestions = self._records(kinds.CLASSIFICATION, shapes[kinds.CLASSIFICATION])
        suggesting = [read["when"] for read in suggestions if read["when"] is not None]
        if suggestions:
            reader.suggested = AnyOf(tuple(suggesting), suggestions[0].place)
        for name in reader.definitions:
            reader.definition(name)
        prohibitions = self._records(kinds.PROHIBITION, shapes[kinds.PROHIBITION])
        channel_rules = self._records(kinds.CHANNEL, shapes[kinds.CHANNEL])
        advice = self._records(kinds.ADVICE, shapes[kinds.ADVICE])
        migrations = self._records(kinds.AGREEMENTS, shapes[kinds.AGREEMENTS])
        tops = self._records(kinds.RULE_BOOK, shapes[kinds.RULE_BOOK])

        self._check_reserved(definitions)
        self._unique([*prohibitions, *channel_rules, *advice, *suggestions], "rule")
        self._check_windows([*prohibitions, *channel_rules, *advice, *suggestions])
        self._check_suggested_kinds(suggestions)
        top = self._single(tops, "rulebook.yaml")
        migration = self._single(migrations, "agreements/") if migrations else None
        self._check_channels(top, channel_rules)
        promises = self._unique(
            self._records(kinds.GUARANTEE, shapes[kinds.GUARANTEE]), "guarantee"
        )
        names = promised_names(top, [*prohibitions, *channel_rules, *advice], migration)
        guarantees = tuple(
            made for read in promises if (made := read_guarantee(read, names, reading)) is not None
        )
        if migration is not None:
            self._unique(list(migration["rows"] or ()), "action", within=True)
            check_migration(migration, reading)
        if reading.problems or top is None:
            return None
        trials = [each for each in (*prohibitions, *channel_rules) if _is_on_trial(each)]

        def book_of(prohibitions: list[Read], channel_rules: list[Read]) -> RuleBook:
            return self._made(
                top, reader, prohibitions, channel_rules, advice, suggestions, migration, guarantees
            )

        deciding = book_of(_deciding(prohibitions), _deciding(channel_rules))
        if not trials:
            return deciding
        promoted = book_of(_promoted(prohibitions), _promoted(channel_rules))
        return replace(
            deciding,
            trials=tuple(
                sorted(
                    (
                        _channel_rule(each) if each["channel"] else _prohibition(each)
                        for each in trials
                    ),
                    key=lambda rule: rule.id,
                )
            ),
            promoted=replace(promoted, version=version_of(promoted)),
        )

    def _made(
        self,
        top: Read,
        reader: ConditionReader,
        prohibitions: list[Read],
        channel_rules: list[Read],
        advice: list[Read],
        suggestions: list[Read],
        migration: Read | None,
        guarantees: tuple[Guarantee, ...],
    ) -> RuleBook:
        """The rule book of these rules, none of them on trial, without its version."""
        reading = self.reading
        return RuleBook(
            name=top["rulebook"],
            title=top["title"],
            languages=reading.languages,
            source=_source(top["source"]),
            vocabulary=reading.vocabulary,
            scope=top["scope"]["when"],
            definitions={
                name: (title, _not_none(reader.definition(name)))
                for name, (title, _) in reader.definitions.items()
            },
            prohibitions=tuple(
                sorted((_prohibition(read) for read in prohibitions), key=lambda rule: rule.id)
            ),
            channels=tuple(_channels(top["channels"], channel_rules)),
            advice=tuple(sorted((_advice(read) for read in advice), key=lambda rule: rule.id)),
            suggestions=tuple(
                sorted((_suggestion(read) for read in suggestions), key=lambda rule: rule.id)
            ),
            migration=None if migration is None else _migration(migration),
            version="",
            guarantees=guarantees,
        )

    def _languages(self) -> tuple[str, ...]:
        """The rule book's languages, needed before its texts can be read."""
        for node in self.nodes.get(kinds.RULE_BOOK, []):
            listed = node.get("languages") if isinstance(node, MapNode) else None
            found = [item.text for item in getattr(listed, "items", ()) if isinstance(item, Scalar)]
            if found:
                return tuple(dict.fromkeys(found))
        return OWN_LANGUAGES

    def _vocabulary(self) -> Vocabulary:
        tops = self._records(kinds.VOCABULARY, files.vocabulary_shape())
        if not any(top["facts"] for top in tops):
            here = Place(str(Path(self.root) / "vocabulary.yaml"), 1, 1)
            self.reading.lose(kinds.VOCABULARY, here)
        facts: list[Fact] = []
        taken: dict[str, Place] = {}
        for read in (each for top in tops for each in top["facts"] or ()):
            name, fact_type = read["fact"], read["type"]
            if name is None:
                self.reading.lose(kinds.VOCABULARY, read.value_places.get("fact", read.place))
                continue
            if fact_type is None:
                self.reading.lost_names.add(name)
                continue
            if name in taken:
                self._report_twice(read.places["fact"], name, taken[name], same_file=True)
                continue
            taken[name] = read.places["fact"]
            fact = Fact(
                name=name,
                type=FactType(fact_type),
                label=read["label"] or Text({}),
                choices=read["choices"] or (),
                term=read["term"],
                personal=bool(read["personal"]),
            )
            self._check_choices(fact, read)
            absent = self._absence(fact, read)
            facts.append(replace(fact, absent=absent, says=self._says(fact, read)))
        self._check_groups(facts, taken)
        self._check_lines(facts, taken)
        return Vocabulary(tuple(facts))

    def _says(self, fact: Fact, read: Read) -> Mapping[Value, Text]:
        """The sentences of a fact by its values: yes and no, or its choices."""
        known: Mapping[str, Value] = {each: each for each in fact.choices}
        if fact.type is FactType.YES_NO:
            known = YES_NO
        found: dict[Value, Text] = {}
        for word, (place, said) in (read["says"] or {}).items():
            if word in known:
                found[known[word]] = said
            else:
                self.reading.report(
                    place,
                    "unknown-word",
                    text(
                        f"«{word}» er ikke noe som «{fact.name}» kan være.",
                        f"“{word}” is nothing that “{fact.name}” can be.",
                    ),
                    self.reading.did_you_mean(
                        word,
                        known,
                        text(
                            "«says» hører til typene yes_no og choice.",
                            "“says” belongs to the types yes_no and choice.",
                        ),
                    ),
                )
        return found

    def _check_choices(self, fact: Fact, read: Read) -> None:
        if (fact.type is FactType.CHOICE) != bool(fact.choices):
            self.reading.report(
                read.place,
                "bad-choices",
                text(
                    "«choices» hører til typen choice, og bare den.",
                    "“choices” belongs to the type choice, and only to it.",
                ),
            )
        if (fact.type is FactType.LINES) != (fact.name == LINES):
            self.reading.report(
                read.place,
                "bad-type",
                text(
                    f"Typen lines er for «{LINES}», og bare det.",
                    f"The type lines is for “{LINES}”, and only for it.",
                ),
            )

    def _absence(self, fact: Fact, read: Read) -> Absence | Value:
        written = read["absent"]
        if written is None:
            return Absence.UNKNOWN
        meanings: dict[str, Absence | Value] = {"unknown": Absence.UNKNOWN}
        if fact.type is FactType.DATE:
            meanings["never"] = NEVER
            if not fact.of_line:
                meanings["screening_date"] = Absence.SCREENING_DATE
        if written in meanings:
            return meanings[written]
        node = Scalar(read.value_places["absent"], written, quoted=False)
        value = read_constant(fact, node, self.reading, also=tuple(meanings))
        return Absence.UNKNOWN if value is None else value

    def _check_groups(self, facts: list[Fact], taken: Mapping[str, Place]) -> None:
        for fact in facts:
            groups = fact.name.split(".")[:-1]
            for depth in range(1, len(groups) + 1):
                group = ".".join(groups[:depth])
                if group in taken:
                    self.reading.report(
                        taken[fact.name],
                        "fact-is-group",
                        text(
                            f"«{group}» er et faktum og kan ikke også være gruppen til «{fact.name}».",
                            f"“{group}” is a fact and cannot also be the group of “{fact.name}”.",
                        ),
                    )

    def _check_lines(self, facts: list[Fact], taken: Mapping[str, Place]) -> None:
        """Where lines have facts, a document's lines and their ids are facts, too: each may be missing."""
        of_line = next((fact for fact in facts if fact.of_line), None)
        if of_line is None:
            return
        for name, fact_type in ((LINES, FactType.LINES), (LINE_ID, FactType.TEXT)):
            found = next((fact for fact in facts if fact.name == name), None)
            if found is None and name not in self.reading.lost_names:
                self.reading.report(
                    taken[of_line.name],
                    "lines-not-told",
                    text(
                        f"Vokabularet har «{of_line.name}», men mangler «{name}».",
                        f"The vocabulary has “{of_line.name}”, but lacks “{name}”.",
                    ),
                    text(
                        f"Legg til «fact: {name}» med «type: {fact_type.value}» og «label».",
                        f"Add “fact: {name}” with “type: {fact_type.value}” and “label”.",
                    ),
                )
            elif found is not None and name == LINE_ID and found.type is not fact_type:
                self.reading.report(
                    taken[name],
                    "bad-type",
                    text(
                        f"«{name}» er det linjen heter, og må ha typen {fact_type.value}.",
                        f"“{name}” is what the line is called, and must have the type {fact_type.value}.",
                    ),
                )

    # -- checks over several files -------------------------------------------------------------

    def _unique(self, reads: list[Read], key: str, *, within: bool = False) -> list[Read]:
        """Those whose name is new; the others are reported with the first one's place."""
        taken: dict[str, Place] = {}
        kept: list[Read] = []
        for read in reads:
            name = read[key]
            if name is not None and name in taken:
                self._report_twice(read.places[key], name, taken[name], same_file=within)
                continue
            if name is not None:
                taken[name] = read.places[key]
            kept.append(read)
        return kept

    def _report_twice(
        self, place: Place, name: str, first: Place, *, same_file: bool = False
    ) -> None:
        nb = f"på linje {first.line}, kolonne {first.column}" if same_file else f"i {first}"
        en = f"on line {first.line}, column {first.column}" if same_file else f"at {first}"
        self.reading.report(
            place,
            "duplicate-id",
            text(
                f"Navnet «{name}» er allerede brukt {nb}.",
                f"The name “{name}” is already taken {en}.",
            ),
            text("Gi den ene et annet navn.", "Give one of them another name."),
        )

    def _single(self, reads: list[Read], where: str) -> Read | None:
        for extra in reads[1:]:
            self.reading.report(
                extra.place,
                "one-too-many",
                text(f"{where} har mer enn ett dokument.", f"{where} has more than one document."),
            )
        return reads[0] if reads else None

    def _check_reserved(self, definitions: list[Read]) -> None:
        for read in definitions:
            if read["define"] in (SUGGESTED, "always"):
                self.reading.report(
                    read.places["define"],
                    "reserved-name",
                    text(
                        f"Navnet «{read['define']}» brukes av programmet selv.",
                        f"The name “{read['define']}” is used by the program itself.",
                    ),
                    text("Velg et annet navn.", "Choose another name."),
                )

    def _check_windows(self, reads: list[Read]) -> None:
        for read in reads:
            effective = read["effective"]
            if not isinstance(effective, Read):
                continue
            starts, before = effective["from"], effective["before"]
            if starts is not None and before is not None and starts >= before:
                self.reading.report(
                    effective.place,
                    "bad-window",
                    text(
                        f"Regelen gjelder fra {starts} og før {before}: det er ingen dag.",
                        f"The rule is in force from {starts} and before {before}: on no day.",
                    ),
                    text("«from» må være før «before».", "“from” must be before “before”."),
                )
            elif not effective.places:
                self.reading.report(
                    effective.place,
                    "bad-window",
                    text("«effective» sier ingen dag.", "“effective” names no day."),
                    text("Skriv from, before eller begge.", "Write from, before or both."),
                )
            if (
                SEND_DATE not in self.reading.vocabulary
                and SEND_DATE not in self.reading.lost_names
                and not self.reading.excused(kinds.VOCABULARY)
            ):
                self.reading.report(
                    effective.place,
                    "bad-window",
                    text(
                        f"Vokabularet mangler «{SEND_DATE}».",
                        f"The vocabulary lacks “{SEND_DATE}”.",
                    ),
                )

    def _check_suggested_kinds(self, suggestions: list[Read]) -> None:
        if LINE_KIND in self.reading.lost_names or (
            LINE_KIND not in self.reading.vocabulary and self.reading.excused(kinds.VOCABULARY)
        ):
            return
        known = (
            self.reading.vocabulary[LINE_KIND].choices
            if LINE_KIND in self.reading.vocabulary
            else ()
        )
        for read in suggestions:
            kind = read["kind"]
            if kind is not None and kind not in known:
                self.reading.report(
                    read.value_places["kind"],
                    "unknown-word",
                    text(
                        f"«{kind}» er ikke et kjent slag i {LINE_KIND}.",
                        f"“{kind}” is not a known kind in {LINE_KIND}.",
                    ),
                    self.reading.did_you_mean(kind, known),
                )

    def _check_channels(self, top: Read | None, rules: list[Read]) -> None:
        if top is None or top["channels"] is None:
            return
        for read in rules:
            if not read["channel"]:
                self.reading.lose(kinds.CHANNEL, read.value_places.get("channel", read.place))
        channels: list[Read] = self._unique(list(top["channels"]), "channel", within=True)
        names = [read["channel"] for read in channels if read["channel"]]
        counted = Counter(read["channel"] for read in rules)
        listed = {name: read for read in channels if (name := read["channel"])}
        without_rule = [name for name in listed if not counted[name]]
        unlisted = dict.fromkeys(name for name in counted if name and name not in listed)
        for name in unlisted:
            # A name written in two ways is one mistake: it is told where the rule is.
            meant = self.reading.meant(name, without_rule)
            if meant is None and len(without_rule) == len(unlisted) == 1:
                meant = without_rule[0]
            if meant is not None:
                without_rule.remove(meant)
                line = listed[meant].places["channel"].line
                expected: Text | None = text(
                    f"Skal det være «{meant}», som på linje {line} i rulebook.yaml? "
                    "Samme navn må stå begge steder.",
                    f"Should it be “{meant}”, as on line {line} of rulebook.yaml? "
                    "The same name must stand in both places.",
                )
            else:
                expected = self.reading.did_you_mean(name, names)
            self.reading.report(
                next(read.value_places["channel"] for read in rules if read["channel"] == name),
                "unknown-channel",
                text(
                    f"rulebook.yaml har ingen kanal «{name}».",
                    f"rulebook.yaml has no channel “{name}”.",
                ),
                expected,
            )
        for name in without_rule:
            if not self.reading.excused(kinds.CHANNEL):
                self.reading.report(
                    listed[name].places["channel"],
                    "channel-without-rule",
                    text(
                        f"Ingen regel sier når «{name}» kan brukes.",
                        f"No rule says when “{name}” is eligible.",
                    ),
                    text("Legg til en fil under channels/.", "Add a file under channels/."),
                )
        if (
            names
            and not any(
                read["channel"] == names[-1]
                and read["when"] == All((), read.place)
                and "effective" not in read.places
                and not _is_on_trial(read)
                for read in rules
            )
            and counted[names[-1]]
            and all(read["when"] is not None for read in rules)
        ):
            self.reading.report(
                channels[-1].places["channel"],
                "no-last-resort",
                text(
                    f"Den siste kanalen, «{names[-1]}», kan ikke alltid brukes; da kunne en faktura "
                    "være klar til sending uten noen kanal.",
                    f"The last channel, “{names[-1]}”, is not always eligible; an invoice could be "
                    "ready to send and have no channel.",
                ),
                text(
                    "Sett en kanal med «when: always» og uten «effective» sist.",
                    "Put a channel with “when: always” and no “effective” last.",
                ),
            )


def read_rule_file(path: Path, kind: str, reading: Reading) -> list[Node] | None:
    """The YAML documents of a file, empty ones left out; None where it could not be read at all.

    Whatever is wrong with it as a file or as YAML is reported.
    """
    try:
        # Asked first: a pipe is never done, and a device may have no end.
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            _lose(path, kind, _NO_FILE, reading)
            return None
        if state.st_size > FILE_SIZE_MAX:
            reading.lose(kind, Place(str(path), 1, 1))
            reading.problems.append(too_large(str(path)))
            return None
        documents, problems = read_yaml(path.read_bytes(), str(path))
    except OSError as error:
        _lose(path, kind, _reason(error), reading)
        return None
    reading.problems.extend(problems)
    for problem in problems:
        if problem.code in LOSING:
            reading.lose(kind, problem.place)
    return [node for node in documents if not (isinstance(node, Scalar) and node.empty)]


def _lose(path: Path, kind: str, reason: Text, reading: Reading) -> None:
    place = Place(str(path), 1, 1)
    reading.lose(kind, place)
    reading.report(
        place,
        "not-readable",
        text(
            f"«{path.name}» kan ikke leses: {reason.say('nb')}.",
            f"“{path.name}” cannot be read: {reason.say('en')}.",
        ),
    )


def _reason(error: OSError) -> Text:
    known = _REASONS.get(error.errno or 0)
    return known or text(f"feil {error.errno} fra systemet", f"error {error.errno} of the system")


def _not_none(condition: Condition | None) -> Condition:
    assert condition is not None  # a definition that could not be read has been reported
    return condition


def _source(read: Read) -> Source:
    return Source(read["document"], read["updated"], read["clause"])


def _rule(read: Read) -> dict[str, object]:
    """What every rule has, as arguments of its class."""
    effective: Read | None = read["effective"]
    window = Window(effective["from"], effective["before"]) if effective else Window()
    in_force = window_condition(window, effective.place if effective else read.place)
    when: Condition = read["when"]
    return {
        "id": read["rule"],
        "place": read.place,
        "title": read["title"],
        "source": _source(read["source"]),
        "window": window,
        "in_force": in_force,
        "when": when,
        "condition": while_in_force(in_force, when, read.place),
        "messages": _messages(read["message"]),
        "remedy": read["remedy"],
    }


def _messages(read: Read) -> dict[Wording, Text]:
    return {Wording(outcome): message for outcome, message in read.values.items()}


def _status(read: Read) -> Status:
    return Status(read["status"] or Status.ACTIVE)


def _is_on_trial(read: Read) -> bool:
    return _status(read) is Status.TRIAL


def _deciding(reads: Iterable[Read]) -> list[Read]:
    return [read for read in reads if not _is_on_trial(read)]


def _promoted(reads: Iterable[Read]) -> list[Read]:
    return [replace(read, values={**read.values, "status": Status.ACTIVE}) for read in reads]


def _prohibition(read: Read) -> Prohibition:
    return Prohibition(**_rule(read), status=_status(read))  # type: ignore[arg-type]


def _advice(read: Read) -> Advice:
    return Advice(**_rule(read), asks_for=read["asks_for"])  # type: ignore[arg-type]


def _suggestion(read: Read) -> Suggestion:
    return Suggestion(**_rule(read), kind=read["kind"])  # type: ignore[arg-type]


def _channels(listed: Iterable[Read], rules: list[Read]) -> Iterator[Channel]:
    for read in listed:
        own = [_channel_rule(rule) for rule in rules if rule["channel"] == read["channel"]]
        if own:  # else all of its rules are on trial
            yield channel_of(read["channel"], read["title"], own, read.place)


def _channel_rule(read: Read) -> ChannelRule:
    properties = ChannelProperties(**read["properties"].values)
    return ChannelRule(
        **_rule(read),  # type: ignore[arg-type]
        channel=read["channel"],
        properties=properties,
        status=_status(read),
    )


def _migration(read: Read) -> Migration:
    return Migration(
        name=read["agreements"],
        place=read.place,
        title=read["title"],
        source=_source(read["source"]),
        on=read["on"],
        rows=tuple(
            MigrationRow(
                action=row["action"],
                place=row.place,
                when=row["when"],
                notified_by_email=row["notified_by_email"],
                benefits=row["benefits"],
                messages=_messages(row["message"]),
                remedy=row["remedy"],
            )
            for row in read["rows"]
        ),
        unknown_message=read["unknown"]["message"],
        unknown_remedy=read["unknown"]["remedy"],
    )
