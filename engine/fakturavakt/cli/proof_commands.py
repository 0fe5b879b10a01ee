"""``fakturavakt rules diff`` and ``rules prove``: what a rule book changes, and what it promises."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

import click

from fakturavakt.cli import exit_codes, options
from fakturavakt.cli.language import t
from fakturavakt.cli.terminal import check_language, fail, failures_told, output_stream

FORMATS: Final = ("text", "json")
_SECONDS: Final = 60.0


def _format_option() -> options.Decorator[Any]:
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(FORMATS),
        default="text",
        show_default=True,
        help=t("Tekst for mennesker, eller JSON.", "Text for people, or JSON."),
    )


def _timeout_option() -> options.Decorator[Any]:
    return click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        default=_SECONDS,
        show_default=True,
        metavar=t("SEKUNDER", "SECONDS"),
        help=t(
            "Så lenge kan ett spørsmål ta; ellers er det ikke avgjort.",
            "How long one question may take; else it is undecided.",
        ),
    )


def _as_of_option() -> options.Decorator[Any]:
    return click.option(
        "--as-of",
        type=options.Day(),
        metavar=t("DATO", "DATE"),
        help=t(
            "Bare denne kontrolldatoen (ÅÅÅÅ-MM-DD); ellers alle.",
            "This screening date only (YYYY-MM-DD); else all of them.",
        ),
    )


@contextmanager
def _proof_failures_told(language: str) -> Iterator[None]:
    from fakturavakt.proof.confirmation import UnconfirmedError
    from fakturavakt.proof.rule_book_sources import RuleBookSourceError
    from fakturavakt.proof.terms import SolverMissingError

    with failures_told(language):
        try:
            yield
        except (RuleBookSourceError, SolverMissingError, UnconfirmedError) as error:
            fail(error.reason.say(language))


@click.command(
    "diff",
    help=t(
        "Sammenlign to regelbøker: hva som er endret i ord, og hva det betyr for hver regel og for "
        "avgjørelsen (likeverdig, strengere, løsere eller annerledes), bevist for alle dokumenter, med det "
        "minste dokumentet som viser det. OLD og NEW er mapper, wheels eller revisjoner i git (HEAD~1, "
        "v1.2:rules). Trenger fakturavakt[prove].",
        "Compare two rule books: what changed in words, and what that means for each rule and for the "
        "decision (equivalent, stricter, looser or different), proved for all documents, with the smallest "
        "document that shows it. OLD and NEW are folders, wheels or revisions of git (HEAD~1, v1.2:rules). "
        "Needs fakturavakt[prove].",
    ),
)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@_format_option()
@click.option(
    "--fail-on",
    type=click.Choice(exit_codes.FAIL_ON_CHANGE),
    default="any",
    show_default=True,
    help=t(
        "Hva som gir avslutningskode 1: any er enhver endring i betydning; looser en avgjørelse som kan bli "
        "løsere eller annerledes.",
        "What gives exit code 1: any is any change of meaning; looser is a decision that can come out looser "
        "or otherwise.",
    ),
)
@_as_of_option()
@_timeout_option()
@options.output_option()
@options.language_option()
def diff(
    old: str,
    new: str,
    output_format: str,
    fail_on: exit_codes.FailOnChange,
    as_of: date | None,
    timeout: float,
    output: str | None,
    lang: str,
) -> None:
    """See ``help`` above."""
    with _proof_failures_told(lang):
        from fakturavakt.proof.difference import compare
        from fakturavakt.proof.in_words import difference_as_json, difference_in_words
        from fakturavakt.proof.rule_book_sources import rule_book_of

        books = (old, rule_book_of(old)), (new, rule_book_of(new))
        check_language(lang, books[1][1].languages)
        difference = compare(books[0][1], books[1][1], as_of=as_of, seconds=timeout)
        with output_stream(output) as stream:
            if output_format == "json":
                stream.write(f"{difference_as_json(difference, *books, lang)}\n")
            else:
                stream.writelines(
                    f"{line}\n" for line in difference_in_words(difference, *books, lang)
                )
    raise SystemExit(exit_codes.of_difference(difference, fail_on))


@click.command(
    "prove",
    help=t(
        "Bevis garantiene i rules/guarantees/ og de som gjelder enhver regelbok, for alle dokumenter; eller "
        "vis det minste dokumentet som bryter dem, bekreftet av regelmotoren. NAME er en garanti; uten den "
        "alle. Trenger fakturavakt[prove].",
        "Prove the guarantees in rules/guarantees/ and those of every rule book, for all documents; or show "
        "the smallest document that breaks them, confirmed by the rule engine. NAME is a guarantee; without "
        "it, all of them. Needs fakturavakt[prove].",
    ),
)
@click.argument("names", metavar="[NAME…]", nargs=-1)
@options.rules_option()
@_format_option()
@_as_of_option()
@_timeout_option()
@options.output_option()
@options.language_option()
def prove(
    names: tuple[str, ...],
    rules: str | None,
    output_format: str,
    as_of: date | None,
    timeout: float,
    output: str | None,
    lang: str,
) -> None:
    """See ``help`` above."""
    with _proof_failures_told(lang):
        from fakturavakt.problems import nearest
        from fakturavakt.proof import in_words, proving
        from fakturavakt.rulebook.loader import load_rulebook

        book = load_rulebook(rules, guarantees=True)
        check_language(lang, book.languages)
        known = proving.guarantee_names(book)
        for name in names:
            if name not in known:
                near = nearest(name, known)
                hint = t(f" Mente du «{near}»?", f" Did you mean “{near}”?") if near else ""
                fail(t(f"Ukjent garanti «{name}».", f"Unknown guarantee “{name}”.") + hint)
        proofs = []
        with output_stream(output) as stream:
            for proof in proving.prove(book, names=names, as_of=as_of, seconds=timeout):
                proofs.append(proof)
                if output_format == "text":
                    stream.writelines(f"{line}\n" for line in in_words.proof_in_words(proof, lang))
                    stream.flush()  # some take a while
            if output_format == "json":
                named = (rules or book.name, book)
                stream.write(f"{in_words.proofs_as_json(proofs, named, lang)}\n")
            else:
                stream.writelines(f"{line}\n" for line in in_words.proofs_in_summary(proofs, lang))
                stream.writelines(f"{line}\n" for line in in_words.left_out(book.name, book, lang))
    raise SystemExit(exit_codes.of_proofs(proofs))
