"""Conditions that tell nothing apart: never true, never false, or with a part that could as well be left out.

Each owner of a condition (a rule, a definition, the scope, a row of the migration) is looked at by itself,
over all documents and all three truth values. What a case shows is not asked; what is not decided is not
told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from fakturavakt.desk.condition_parts import (
    is_by_line,
    part_at,
    parts_under,
    places_of_parts,
    without_part,
)
from fakturavakt.desk.finding_codes import (
    ALWAYS_HOLDS,
    DEAD_PART,
    NEVER_HOLDS,
    REPEATED_PART,
    VACUOUS_GUARANTEE,
)
from fakturavakt.desk.findings import Finding, Fix, Severity
from fakturavakt.desk.reasoning import (
    Reasoner,
    Wanted,
    false_of,
    is_about_a_line,
    not_true_of,
    true_of,
)
from fakturavakt.desk.shown_outcomes import ShownOutcomes
from fakturavakt.desk.yaml_edits import without_item
from fakturavakt.problems import Place
from fakturavakt.rulebook.conditions import (
    All,
    AllLines,
    AnyLine,
    AnyOf,
    Comparison,
    Condition,
    HasWord,
    Known,
    Named,
    Not,
    OneOf,
    children,
    connective,
)
from fakturavakt.rulebook.model import RuleBook, Suggestion
from fakturavakt.rulebook.written import written_condition, written_leaf
from fakturavakt.texts import Text, text


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a condition is. ``name`` is as coverage calls it; ``said`` stands at the start of a sentence.

    ``whole`` is all that decides (a rule's window, too), ``written`` what the file writes under ``when``.
    """

    name: str
    said: Text
    whole: Condition
    written: Condition
    by_line: bool
    guarantee: bool = False


def owners(book: RuleBook) -> Iterator[Owner]:
    """Everything of a rule book that has a condition of its own."""
    yield Owner("scope", text("Omfanget", "The scope"), book.scope, book.scope, by_line=False)
    for name, (_, condition) in book.definitions.items():
        said = text(f"Definisjonen «{name}»", f"The definition “{name}”")
        yield Owner(name, said, condition, condition, by_line=is_about_a_line(condition))
    for rule in book.rules.values():
        said = text(f"Regelen «{rule.id}»", f"The rule “{rule.id}”")
        whole = rule.condition
        yield Owner(rule.id, said, whole, rule.when, by_line=isinstance(rule, Suggestion))
    for row in () if book.migration is None else book.migration.rows:
        said = text(f"Raden «{row.action}»", f"The row “{row.action}”")
        yield Owner(row.action, said, row.when, row.when, by_line=False)
    for guarantee in book.guarantees:
        said = text(f"Garantien «{guarantee.name}»", f"The guarantee “{guarantee.name}”")
        condition = guarantee.condition
        yield Owner(guarantee.name, said, condition, condition, by_line=False, guarantee=True)


@dataclass
class ConditionFindings:
    """Looks through the conditions of a rule book."""

    book: RuleBook
    reasoner: Reasoner
    shown: ShownOutcomes

    def findings(self) -> Iterator[Finding]:
        """All of them, owner by owner."""
        for owner in owners(self.book):
            constant = list(self._constant(owner))
            yield from constant
            if not constant and not owner.guarantee:
                yield from self._parts(owner)

    # -- never true, never false ------------------------------------------------------------------

    def _constant(self, owner: Owner) -> Iterator[Finding]:
        if not _asks_anything(owner.written):
            return  # `always` is written for all to see
        truths = self.shown.truths(owner.whole, by_line=owner.by_line)
        if True not in truths and self._cannot(true_of(owner.whole), owner.by_line):
            yield self._never(owner)
        elif owner.guarantee or False in truths:
            return
        elif self._cannot(false_of(owner.whole), owner.by_line):
            yield self._always(owner)

    def _never(self, owner: Owner) -> Finding:
        cause = self._cause(owner.whole, truth=True, by_line=owner.by_line)
        nb, en = owner.said.say("nb"), owner.said.say("en")
        if owner.guarantee:
            wrong = text(
                f"{nb} gjelder når noe er sant som aldri er det: {cause.nb}.",
                f"{en} is about what never happens: {cause.en}.",
            )
        else:
            wrong = text(
                f"{nb} kan aldri bli sann: {cause.nb}.", f"{en} can never be true: {cause.en}."
            )
        mend = text(
            "Rett vilkåret; skulle ett av leddene stått under «any», eller med en annen verdi?",
            "Mend the condition; should one of its parts stand under “any”, or have another value?",
        )
        if not owner.guarantee and self._can_be_unknown(owner):
            mend = text(
                f"{mend.say('nb')} Den kan fortsatt bli ukjent.",
                f"{mend.say('en')} It can still be unknown.",
            )
        return Finding(
            VACUOUS_GUARANTEE if owner.guarantee else NEVER_HOLDS,
            Severity.ERROR,
            cause.place,
            wrong,
            mend,
            cause.related,
            subject=owner.name,
        )

    def _always(self, owner: Owner) -> Finding:
        cause = self._cause(owner.whole, truth=False, by_line=owner.by_line)
        nb, en = owner.said.say("nb"), owner.said.say("en")
        unknown = self._can_be_unknown(owner)
        or_nb, or_en = (" (sann eller ukjent)", " (true or unknown)") if unknown else ("", "")
        return Finding(
            ALWAYS_HOLDS,
            Severity.ERROR if owner.name in self.book.rules else Severity.WARNING,
            cause.place,
            text(
                f"{nb} kan aldri bli usann{or_nb}: {cause.nb}.",
                f"{en} can never be false{or_en}: {cause.en}.",
            ),
            text(
                "Rett vilkåret, eller skriv «always» om det er det som menes.",
                "Mend the condition, or write “always” if that is what is meant.",
            ),
            cause.related,
            subject=owner.name,
        )

    def _can_be_unknown(self, owner: Owner) -> bool:
        unknown = Wanted(owner.whole, frozenset({None}))
        return self.reasoner.can_be([unknown], by_line=owner.by_line) is True

    def _cannot(self, wanted: Wanted, by_line: bool) -> bool:
        return self.reasoner.can_be([wanted], by_line=by_line) is False

    def _cause(self, condition: Condition, *, truth: bool, by_line: bool) -> _Cause:
        """The smallest part for which a condition cannot be ``truth``, or the parts that exclude one
        another.
        """
        match condition:
            case All(parts=parts) | AnyOf(parts=parts):
                if isinstance(condition, All) is truth:  # all of the parts have to be so
                    for part in parts:
                        if self._cannot(_to_be(part, truth=truth), by_line):
                            return self._cause(part, truth=truth, by_line=by_line)
                    return self._conflict(condition, parts, truth=truth, by_line=by_line)
                if len(parts) == 1:
                    return self._cause(parts[0], truth=truth, by_line=by_line)
                return self._one(condition, truth=truth)
            case Not(part=part):
                return self._cause(part, truth=not truth, by_line=by_line)
            case AnyLine(part=part) | AllLines(part=part):
                if self._cannot(_to_be(part, truth=truth), by_line=True):
                    return self._cause(part, truth=truth, by_line=True)
                return self._one(condition, truth=truth)
            case Named() | Known() | OneOf() | HasWord() | Comparison():
                return self._one(condition, truth=truth)
            case _:
                assert_never(condition)

    def _conflict(
        self, whole: Condition, parts: Sequence[Condition], *, truth: bool, by_line: bool
    ) -> _Cause:
        kept = list(parts)
        for part in parts:
            rest = [each for each in kept if each is not part]
            if rest and (
                self.reasoner.can_be([_to_be(each, truth=truth) for each in rest], by_line=by_line)
                is False
            ):
                kept = rest
        if len(kept) == 1:
            return self._one(whole, truth=truth)
        *first, whole_last = kept
        last = self._narrowed(whole_last, first, truth=truth, by_line=by_line)
        said = [_with_line(self._say(part), part.place, last.place) for part in first]
        nb = " og ".join(each.say("nb") for each in said)
        en = " and ".join(each.say("en") for each in said)
        written = self._say(last)
        never = ("sant", "true") if truth else ("usant", "false")
        return _Cause(
            last.place,
            f"«{written}» er aldri {never[0]} sammen med {nb}",
            f"“{written}” is never {never[1]} together with {en}",
            tuple((part.place, text(self._say(part), self._say(part))) for part in first),
        )

    def _narrowed(
        self, last: Condition, first: Sequence[Condition], *, truth: bool, by_line: bool
    ) -> Condition:
        """The part of ``last`` without which it could be so together with the ``first``; else all of it."""
        rest = [_to_be(each, truth=truth) for each in first]
        found = last
        for path, _ in parts_under(last, (), 0):
            if len(children(part_at(last, path[:-1]))) < 2:
                continue
            wanted = [*rest, _to_be(without_part(last, path), truth=truth)]
            if self.reasoner.can_be(wanted, by_line=by_line) is not False:
                found = part_at(last, path)
        return found

    def _one(self, condition: Condition, *, truth: bool) -> _Cause:
        written = self._say(condition)
        nb, en = ("sant", "true") if truth else ("usant", "false")
        return _Cause(
            condition.place, f"«{written}» er aldri {nb}", f"“{written}” is never {en}", ()
        )

    def _say(self, condition: Condition) -> str:
        return said_shortly(condition, self.book)

    # -- parts without effect ---------------------------------------------------------------------

    def _parts(self, owner: Owner) -> Iterator[Finding]:
        """From the last part to the first, each with those taken away that were told before."""
        kept = owner.whole
        gone: list[tuple[int, ...]] = []
        for path, depth in places_of_parts(owner.whole, owner.written):
            if any(path[: len(each)] == each for each in gone):
                continue
            part, above = part_at(kept, path), part_at(kept, path[:-1])
            if len(children(above)) < 2:
                continue
            siblings = [each for each in children(above) if each is not part]
            first = next((each for each in siblings if each == part), None)
            if first is not None and siblings.index(first) < path[-1]:
                yield self._repeated(owner, part, first)
                kept = without_part(kept, path)
                gone.append(path)
                continue
            decisive = not isinstance(above, All)
            if self.shown.decided_alone(owner.name, part.place, depth, decisive):
                continue
            less = without_part(kept, path)
            if self.reasoner.can_differ(kept, less, by_line=owner.by_line) is False:
                yield self._without_effect(owner, part, above, siblings, self._by_line(owner, path))
                kept = less
                gone.append(path)
                continue
            constant = self._constant_part(owner, part, depth, self._by_line(owner, path))
            if constant is not None:
                yield constant
                gone.append(path)

    def _by_line(self, owner: Owner, path: Sequence[int]) -> bool:
        return owner.by_line or is_by_line(owner.whole, path)

    def _constant_part(
        self, owner: Owner, part: Condition, depth: int, by_line: bool
    ) -> Finding | None:
        """A part that counts only where it is unknown: else it is always the same."""
        for truth, entry in ((True, NEVER_HOLDS), (False, ALWAYS_HOLDS)):
            if self.shown.came_out(owner.name, part.place, depth, truth):
                continue
            if not _asks_anything(part) or not self._cannot(_to_be(part, truth=truth), by_line):
                continue
            cause = self._cause(part, truth=truth, by_line=by_line)
            nb, en = ("sant", "true") if truth else ("usant", "false")
            written = self._say(part)
            return Finding(
                entry,
                Severity.WARNING,
                cause.place,
                text(
                    f"Leddet «{written}» er aldri {nb}: {cause.nb}."
                    if cause.place != part.place
                    else f"Leddet «{written}» er aldri {nb}.",
                    f"The part “{written}” is never {en}: {cause.en}."
                    if cause.place != part.place
                    else f"The part “{written}” is never {en}.",
                ),
                text("Rett det, eller ta det bort.", "Mend it, or remove it."),
                cause.related,
                subject=owner.name,
            )
        return None

    def _repeated(self, owner: Owner, part: Condition, first: Condition) -> Finding:
        written = self._say(part)
        return Finding(
            REPEATED_PART,
            Severity.WARNING,
            part.place,
            text(
                f"«{written}» står allerede på linje {first.place.line}.",
                f"“{written}” stands on line {first.place.line} already.",
            ),
            text(
                "Ta det bort, eller rett det om det skulle vært noe annet.",
                "Remove it, or mend it if it was to be something else.",
            ),
            ((first.place, text("første gang", "the first time")),),
            _removal(part, written),
            owner.name,
        )

    def _without_effect(
        self,
        owner: Owner,
        part: Condition,
        above: Condition,
        siblings: Sequence[Condition],
        by_line: bool,
    ) -> Finding:
        written = self._say(part)
        nb, en = f"«{written}» endrer ingenting her", f"“{written}” changes nothing here"
        related: tuple[tuple[Place, Text], ...] = ()
        of_all = isinstance(above, All)
        if not of_all and self._cannot(true_of(part), by_line):
            nb, en = f"{nb}: det er aldri sant", f"{en}: it is never true"
        elif of_all and self._cannot(false_of(part), by_line):
            nb, en = f"{nb}: det er aldri usant", f"{en}: it is never false"
        else:
            cover = next(
                (each for each in siblings if self._follows(part, each, by_line, of_all=of_all)),
                None,
            )
            if cover is not None:
                other = self._say(cover)
                related = ((cover.place, text(other, other)),)
                nb = f"{nb}: " + (
                    f"det følger av «{other}»" if of_all else f"«{other}» er sant når det er det"
                )
                en = f"{en}: " + (
                    f"it follows from “{other}”" if of_all else f"“{other}” is true when it is"
                )
        return Finding(
            DEAD_PART,
            Severity.WARNING,
            part.place,
            text(f"{nb}.", f"{en}."),
            text(
                "Ta det bort, eller rett det om det skulle vært noe annet.",
                "Remove it, or mend it if it was to be something else.",
            ),
            related,
            subject=owner.name,
        )

    def _follows(self, part: Condition, other: Condition, by_line: bool, *, of_all: bool) -> bool:
        """Whether ``other`` alone makes the part superfluous, as far as being true goes."""
        cause, effect = (other, part) if of_all else (part, other)
        found = self.reasoner.can_be([true_of(cause), not_true_of(effect)], by_line=by_line)
        return found is False


@dataclass(frozen=True, slots=True)
class _Cause:
    place: Place
    nb: str
    en: str
    related: tuple[tuple[Place, Text], ...]


def _removal(part: Condition, written: str) -> Fix | None:
    edit = without_item(part.place)
    said = text(f"Tar bort «{written}».", f"Removes “{written}”.")
    return None if edit is None else Fix(said, (edit,))


def _to_be(condition: Condition, *, truth: bool) -> Wanted:
    return true_of(condition) if truth else false_of(condition)


def _with_line(written: str, place: Place, beside: Place) -> Text:
    if place.file == beside.file:
        where = text(f" (linje {place.line})", f" (line {place.line})")
    else:
        where = text(f" ({place})", f" ({place})")
    return text(f"«{written}»{where.say('nb')}", f"“{written}”{where.say('en')}")


def said_shortly(condition: Condition, book: RuleBook) -> str:
    """A condition on one line: a leaf or a name as it is written, else its lines, as far as there is room."""
    match condition:
        case Known() | OneOf() | HasWord() | Comparison():
            return written_leaf(condition, book.vocabulary)
        case Named(name=name):
            return name
        case All() | AnyOf() | Not() | AnyLine() | AllLines():
            lines = [line.strip() for line in written_condition(condition, book.vocabulary)]
            whole = " ".join(lines)
            return whole if len(whole) <= _SHORT else f"{connective(condition)}: …"
        case _:
            assert_never(condition)


_SHORT = 60


def _asks_anything(condition: Condition) -> bool:
    match condition:
        case All(parts=()):
            return False
        case All() | AnyOf() | Not() | AnyLine() | AllLines():
            return any(_asks_anything(part) for part in children(condition))
        case Named() | Known() | OneOf() | HasWord() | Comparison():
            return True
        case _:
            assert_never(condition)
