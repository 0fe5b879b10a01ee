"""What the readers of rule files share: the collected problems, and what is known so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from fakturavakt.problems import Place, Problem, nearest
from fakturavakt.rulebook.yaml_nodes import ListNode, MapNode, Node, Scalar
from fakturavakt.texts import OWN_LANGUAGES, Text, text
from fakturavakt.vocabulary.facts import Vocabulary


@dataclass
class Reading:
    """One run over the files of a rule book. Readers report here and go on."""

    vocabulary: Vocabulary
    languages: tuple[str, ...] = OWN_LANGUAGES
    problems: list[Problem] = field(default_factory=list)

    def report(self, place: Place, code: str, wrong: Text, expected: Text | None = None) -> None:
        """Note a problem."""
        self.problems.append(Problem(place, code, wrong, expected))

    def expected_kind(self, node: Node, nb: str, en: str) -> None:
        """Report that ``node`` is of another kind than the one named (``nb`` and ``en``)."""
        found = _KINDS[type(node)]
        if isinstance(node, Scalar) and node.empty:
            found = text("ingenting", "nothing")
        self.report(
            node.place,
            "wrong-kind",
            text(
                f"Her står {found.say('nb')}, men det skal stå {nb}.",
                f"There is {found.say('en')} here, but {en} was expected.",
            ),
        )


_KINDS: Mapping[type, Text] = {
    Scalar: text("en enkelt verdi", "a single value"),
    ListNode: text("en liste", "a list"),
    MapNode: text("nøkler med verdier", "keys with values"),
}


def did_you_mean(word: str, known: Iterable[str]) -> Text:
    """*Mente du …?*, or all there is to choose from where nothing is near."""
    known = list(known)
    near = nearest(word, known)
    if near is not None:
        return text(f"Mente du «{near}»?", f"Did you mean “{near}”?")
    if len(known) > 12:
        return text("Se vocabulary.yaml og definitions/.", "See vocabulary.yaml and definitions/.")
    choices = ", ".join(known)
    return text(f"Dette kan stå her: {choices}.", f"These can stand here: {choices}.")
