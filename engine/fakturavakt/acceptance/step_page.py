"""Every step as a page of the docs, in both languages.

``python -m fakturavakt.acceptance.step_page docs/steps.md`` writes it anew.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from fakturavakt.acceptance.names import Names
from fakturavakt.acceptance.step_definitions import HEADINGS
from fakturavakt.acceptance.step_list import (
    FIELDS_TAKE,
    fields_take,
    listed_steps,
    step_lines,
)
from fakturavakt.rulebook.loader import load_rulebook
from fakturavakt.texts import NORWEGIAN, OWN_LANGUAGES, text


def step_page(names: Names) -> str:
    """The same as a page of Markdown, in both languages."""
    lines = [*_PAGE_HEAD.splitlines()]
    for language in OWN_LANGUAGES:
        lines += ["", f"## {_IN_LANGUAGE[language]}", "", _ORDER.say(language)]
        kinds: set[str] = set()
        for group, steps in listed_steps(language, names):
            kinds |= {kind for step in steps for kind in step.kinds}
            heading = HEADINGS[group].say(language)
            lines += ["", f"### {heading}", "", "```text", *step_lines(steps, ""), "```"]
        lines += ["", f"### {FIELDS_TAKE.say(language)}", ""]
        lines += [f"- {line}" for line in fields_take(language, kinds)]
    return "\n".join(lines) + "\n"


_ORDER: Final = text(
    "Etter «Så» står verbet først: «Så blir fakturaen sendt». Etter «Og» står det som ellers: «Og fakturaen "
    "blir sendt». Begge deler forstås.",
    "A Given may begin with *that* or without: “Given that the recipient uses Vipps”.",
)
_IN_LANGUAGE: Final = {
    language: "På norsk" if language == NORWEGIAN else "In English" for language in OWN_LANGUAGES
}
_PAGE_HEAD: Final = """# Steps / Steg

What scenarios (`*.feature`) can say, with examples of the rule book that ships. This page is made of the
steps themselves.

Det scenarier (`*.feature`) kan si, med eksempler fra regelboken som følger med. Siden er laget av stegene
selv."""


if __name__ == "__main__":
    (file,) = sys.argv[1:]
    Path(file).write_text(step_page(Names(load_rulebook())), encoding="utf-8", newline="\n")
