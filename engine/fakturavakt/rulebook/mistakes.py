"""What the readers of rule files share: the collected problems, and what is known so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from fakturavakt.problems import TOLD_MAX, Meant, Place, Problem, nearest, one_slip
from fakturavakt.rulebook.yaml_nodes import ListNode, MapNode, Node, Scalar
from fakturavakt.texts import OWN_LANGUAGES, Text, text
from fakturavakt.vocabulary.facts import Vocabulary

LINES_NAMED_MAX: Final = 5
"""Lines that a summed-up mistake names."""


@dataclass
class Reading:
    """One run over the files of a rule book. Readers report here and go on.

    ``lost`` tells which kinds of file could not be read whole, and where; ``lost_names`` are facts and
    definitions that were reported where they stand. What only follows from either is not told.
    """

    vocabulary: Vocabulary
    languages: tuple[str, ...] = OWN_LANGUAGES
    problems: list[Problem] = field(default_factory=list)
    lost: dict[str, Place] = field(default_factory=dict)
    lost_names: set[str] = field(default_factory=set)
    _excused: set[str] = field(default_factory=set)
    _untranslated: dict[tuple[str, str], list[Place]] = field(default_factory=dict)

    def report(self, place: Place, code: str, wrong: Text, expected: Text | None = None) -> None:
        """Note a problem."""
        self.problems.append(Problem(place, code, wrong, expected))

    def expected_kind(self, node: Node, nb: str, en: str, expected: Text | None = None) -> None:
        """Report that ``node`` is of another kind than the one named (``nb`` and ``en``)."""
        found = _KINDS[type(node)]
        if isinstance(node, Scalar) and node.empty:
            found = text("ingenting", "nothing")
        self.report(
            node.place,
            "wrong-kind",
            text(
                f"Her står {found.say('nb')}, men det skal stå {nb}.",
                f"Found {found.say('en')} here; expected {en}.",
            ),
            expected,
        )

    # -- what was meant --------------------------------------------------------------------------

    def meant(self, word: str, known: Iterable[str]) -> str | None:
        """The known word that ``word`` was probably meant to be: in Norwegian, or misspelt."""
        if len(self.problems) > TOLD_MAX:
            return None  # looking is slow, and nobody is told
        known = list(known)
        translated = (each for each in NORWEGIAN_WORDS.get(word.casefold(), ()) if each in known)
        return next(translated, None) or nearest(word, known)

    def did_you_mean(
        self, word: str, known: Iterable[str], elsewhere: Text | None = None
    ) -> Text | None:
        """*Mente du …?*; where nothing is near, ``elsewhere`` or all there is to choose from."""
        known = list(known)
        near = self.meant(word, known)
        if near is not None:
            return self.perhaps(word, near, known)
        if elsewhere is not None or not known:
            return elsewhere
        choices = ", ".join(known)
        return text(f"Dette kan stå her: {choices}.", f"These can stand here: {choices}.")

    def perhaps(
        self, word: str, near: str, known: Iterable[str], note: Text | None = None
    ) -> Meant:
        """*Mente du «near»?*, with a note behind it; whether nothing else can have been meant.

        That is so of a Norwegian word with one translation, and of a slip of one letter that could be of
        one known word only; never where there is a note to read.
        """
        nb, en = (note.say("nb"), note.say("en")) if note is not None else ("", "")
        said = text(f"Mente du «{near}»{nb}?", f"Did you mean “{near}”{en}?")
        if word.casefold() in NORWEGIAN_WORDS:
            sure = NORWEGIAN_WORDS[word.casefold()] == (near,) and word.casefold() not in _UNSURE
        else:
            slips = [each for each in known if one_slip(word, each)]
            sure = slips == [near] and len(word) >= _SLIP_LENGTH_MIN
        return Meant(said.wordings, word, near, sure and note is None)

    # -- what follows from another mistake -------------------------------------------------------

    def lose(self, kind: str, place: Place) -> None:
        """Note that something of this kind of file could not be read."""
        self.lost.setdefault(kind, place)

    def excused(self, kind: str) -> bool:
        """Whether something may be unknown only because a file of this kind could not be read."""
        if kind not in self.lost:
            return False
        self._excused.add(kind)
        return True

    def report_unchecked(self) -> None:
        """Say with the mistake of a lost file that what refers to it has not been checked."""
        for kind in sorted(self._excused):
            place = self.lost[kind]
            more = text(
                "Det som viser hit fra andre steder, er heller ikke kontrollert.",
                "What refers to this from elsewhere has not been checked either.",
            )
            at_place = [n for n, each in enumerate(self.problems) if each.place == place]
            in_file = [n for n, each in enumerate(self.problems) if each.place.file == place.file]
            cause = (at_place or in_file)[0]
            problem = self.problems[cause]
            if problem.expected is not None:
                more = text(
                    f"{problem.expected.say('nb')} {more.say('nb')}",
                    f"{problem.expected.say('en')} {more.say('en')}",
                )
            self.problems[cause] = replace(problem, expected=more)

    # -- translations ----------------------------------------------------------------------------

    def lacks_language(self, place: Place, language: str) -> None:
        """Note a text that is missing in a language; a new language is missing everywhere."""
        self._untranslated.setdefault((place.file, language), []).append(place)

    def report_untranslated(self) -> None:
        """One problem for each file and language."""
        for (_, language), places in self._untranslated.items():
            if len(places) == 1:
                wrong = text(
                    f"Teksten mangler på språket «{language}».",
                    f"The text is missing in the language “{language}”.",
                )
            else:
                lines = [str(place.line) for place in places]
                named = ", ".join(lines[:LINES_NAMED_MAX])
                more = ", …" if len(lines) > LINES_NAMED_MAX else ""
                wrong = text(
                    f"«{language}» mangler i {len(lines)} tekster, på linje {named}{more}.",
                    f"“{language}” is missing in {len(lines)} texts, on lines {named}{more}.",
                )
            self.report(
                places[0],
                "missing-language",
                wrong,
                text(f"Legg til «{language}: …».", f"Add “{language}: …”."),
            )
        self._untranslated.clear()


_SLIP_LENGTH_MIN: Final = 4
"""Letters of a word that one slip cannot make another word of."""
_UNSURE: Final = frozenset({"til"})
"""Words that also mean something else: *til* a day may be with that day or without it."""
_KINDS: Final[Mapping[type, Text]] = {
    Scalar: text("en enkelt verdi", "a single value"),
    ListNode: text("en liste", "a list"),
    MapNode: text("nøkler med verdier", "keys with values"),
}

NORWEGIAN_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "aldri": ("never",),
    "alle": ("all",),
    "alle linjer": ("all lines",),
    "alltid": ("always",),
    "antall": ("count",),
    "avgjørelse": ("decision",),
    "avtaler": ("agreements",),
    "bekreftet": ("confirmed",),
    "beløp": ("money",),
    "beslutning": ("decision",),
    "dato": ("date",),
    "definer": ("define",),
    "definisjon": ("define",),
    "dokument": ("document",),
    "egenskaper": ("properties",),
    "eller": ("any",),
    "en av": ("one_of",),
    "en linje": ("any line",),
    "epost": ("email",),
    "etter": ("after",),
    "fakta": ("facts",),
    "faktum": ("fact",),
    "forbud": ("prohibit",),
    "forby": ("prohibit",),
    "foreslå": ("suggest",),
    "forventet": ("expect",),
    "fra": ("from",),
    "fraværende": ("absent",),
    "før": ("before",),
    "garanti": ("guarantee",),
    "gebyr": ("bank_fee",),
    "gitt": ("given",),
    "gjelder": ("effective", "holds"),
    "grunnlag": ("base", "bases"),
    "handling": ("action",),
    "holder": ("holds",),
    "høyst": ("at_most",),
    "ikke": ("not",),
    "ikke omfattet": ("out_of_scope",),
    "ingen": ("none",),
    "kanal": ("channel",),
    "kanaler": ("channels",),
    "kilde": ("source",),
    "kjent": ("known",),
    "konto": ("account",),
    "lik": ("equals",),
    "linje": ("lines",),
    "linjer": ("lines",),
    "mangler": ("missing", "absent"),
    "med": ("with",),
    "melding": ("message",),
    "meldinger": ("message",),
    "merknad": ("note",),
    "minst": ("at_least",),
    "mens": ("while",),
    "mobil": ("mobile",),
    "navn": ("rule", "define", "fact"),
    "noen": ("any",),
    "når": ("when",),
    "og": ("all",),
    "omfang": ("scope",),
    "oppdatert": ("updated",),
    "over": ("above",),
    "personlig": ("personal",),
    "punkt": ("clause",),
    "punkter": ("clauses",),
    "på": ("on",),
    "på vent": ("hold",),
    "rader": ("rows",),
    "regel": ("rule",),
    "regelbok": ("rulebook",),
    "regler": ("rules",),
    "råd": ("advise", "remedy"),
    "sendt": ("send",),
    "sier": ("says",),
    "slag": ("kind",),
    "språk": ("languages",),
    "stoppet": ("block",),
    "så": ("then",),
    "tekst": ("text",),
    "til": ("before",),
    "tilfelle": ("case",),
    "tilfeller": ("cases",),
    "tiltak": ("remedy",),
    "tittel": ("title",),
    "type": ("kind",),
    "ukjent": ("unknown",),
    "uleselig": ("unreadable",),
    "under": ("below",),
    "valg": ("choice", "choices"),
    "valuta": ("currency",),
    "varsle": ("advise",),
    "vilkår": ("when",),
}
"""Words that an officer who writes Norwegian writes for the words of rule files."""
