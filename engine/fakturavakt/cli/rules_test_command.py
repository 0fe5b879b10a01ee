"""``fakturavakt rules test``: the tables of cases beside the rules, run."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, assert_never, get_args

import click
from click.core import ParameterSource

from fakturavakt.cli import exit_codes, options
from fakturavakt.cli.cases_beside_rules import with_cases
from fakturavakt.cli.language import t
from fakturavakt.cli.terminal import check_language, fail, failures_told, output_stream, tell

if TYPE_CHECKING:
    from fakturavakt.desk.case_run import CaseEngine

_Format: TypeAlias = Literal["text", "json", "junit"]
_ALL: Final = "all"


@click.command(
    "test",
    help=t(
        "Kjør tilfellene som står ved siden av reglene (*.test.yaml), på alle motorer, og vis hvilke vilkår "
        "som ble annerledes enn ventet. RULES er mappen med regelboken.",
        "Run the cases that stand beside the rules (*.test.yaml), on all engines, and show which conditions "
        "came out otherwise than expected. RULES is the folder of the rule book.",
    ),
)
@click.argument("folder", metavar="[RULES]", required=False, type=click.Path(file_okay=False))
@click.option(
    "--format",
    "form",
    type=click.Choice(get_args(_Format)),
    default="text",
    show_default=True,
    help=t("Form på det som skrives ut.", "Form of the output."),
)
@click.option(
    "--engine",
    type=click.Choice([_ALL, "reference", "durable", "columnar"]),
    default=_ALL,
    show_default=True,
    help=t(
        "Hold bare denne motoren opp mot reference; ellers alle som kan kjøre her.",
        "Hold only this engine against reference; else all that can run here.",
    ),
)
@click.option(
    "--verbose",
    "-v",
    "every",
    is_flag=True,
    help=t("Nevn også tilfellene som er som ventet.", "Name the cases that are as expected, too."),
)
@click.option(
    "--propose",
    is_flag=True,
    help=t(
        "Kjør ingenting; skriv de tilfellene som mangler, ett for hvert utfall og hver grense som ingen "
        "tilfeller viser, som en tabell å bekrefte.",
        "Run nothing; write the cases that are lacking, one for each outcome and edge that no case shows, as "
        "a table to be confirmed.",
    ),
)
@click.option(
    "--from-decision",
    "decisions",
    type=click.Path(exists=True, dir_okay=False),
    metavar=t("FIL", "FILE"),
    help=t(
        "Kjør ingenting; lag et tilfelle av en avgjørelse som noen er uenig i (screen --format json), og av "
        "dokumentet og registeret den bygger på.",
        "Run nothing; make a case of a decision that somebody disagrees with (screen --format json), and of "
        "the document and the register that it was made on.",
    ),
)
@click.option(
    "--invoice",
    metavar=t("NUMMER", "NUMBER"),
    help=t("Hvilken av flere avgjørelser.", "Which of several decisions."),
)
@click.option(
    "--document",
    type=click.Path(exists=True, dir_okay=False),
    metavar=t("FIL", "FILE"),
    help=t(
        "Filen med dokumentet, når den ikke ligger der avgjørelsen sier.",
        "The file of the document, where it is not where the decision says.",
    ),
)
@click.option(
    "--should-be",
    type=click.Choice(["send", "block", "hold", "out_of_scope"]),
    help=t("Det som skulle kommet ut.", "What should have come out."),
)
@options.evidence_option()
@options.output_option()
@options.rules_option()
@options.language_option()
def command(
    folder: str | None,
    form: _Format,
    engine: Literal["all"] | CaseEngine,
    decisions: str | None,
    invoice: str | None,
    document: str | None,
    should_be: str | None,
    evidence: str | None,
    output: str | None,
    rules: str | None,
    lang: str,
    *,
    every: bool,
    propose: bool,
) -> None:
    """See ``help`` above."""
    _refuse_what_does_not_go_together(propose=propose, disputed=decisions is not None)
    if propose:
        _write_proposals(output, folder or rules, lang)
        return
    if decisions is not None:
        chosen = folder or rules
        _write_disputed(decisions, invoice, document, should_be, evidence, output, chosen, lang)
        return
    with failures_told(lang):
        from fakturavakt.desk.case_report import as_json, as_junit, text_lines
        from fakturavakt.desk.case_run import CASE_ENGINES, Status, run_cases

        root, book, table = with_cases(folder or rules, lang)
        if not table.cases:
            tell(
                t(
                    f"{root}: her er ingen tilfeller. De står i filer som heter *.test.yaml, ved siden av "
                    "reglene.",
                    f"{root}: there are no cases here. They stand in files named *.test.yaml, beside the "
                    "rules.",
                )
            )
            raise SystemExit(exit_codes.ERROR)
        engines = CASE_ENGINES if engine == _ALL else (engine,)
        run = run_cases(book, table.cases, engines=engines, language=lang)
        with output_stream(output) as stream:
            match form:
                case "text":
                    for line in text_lines(run, lang, every=every):
                        stream.write(f"{line}\n")
                case "json":
                    stream.write(as_json(run))
                case "junit":
                    stream.write(as_junit(run, lang))
                case _:
                    assert_never(form)
        sys.stdout.flush()
    raise SystemExit(exit_codes.STOPPED if run.count(Status.FAILED) else 0)


_OF_A_RUN: Final = {"form": "--format", "engine": "--engine", "every": "--verbose"}
_OF_A_DECISION: Final = {
    "invoice": "--invoice",
    "document": "--document",
    "should_be": "--should-be",
}


def _refuse_what_does_not_go_together(*, propose: bool, disputed: bool) -> None:
    """An option that would do nothing is a mistake of whoever gave it."""
    given = click.get_current_context().get_parameter_source
    if propose and disputed:
        raise click.UsageError(
            t(
                "--propose og --from-decision kan ikke brukes sammen.",
                "--propose and --from-decision do not go together.",
            )
        )
    for name, option in _OF_A_RUN.items():
        if (propose or disputed) and given(name) is ParameterSource.COMMANDLINE:
            instead = "--propose" if propose else "--from-decision"
            raise click.UsageError(
                t(
                    f"{option} hører til kjøringen av tilfellene, og {instead} kjører ingen.",
                    f"{option} belongs to the run of the cases, and {instead} runs none.",
                )
            )
    for name, option in _OF_A_DECISION.items():
        if not disputed and given(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(
                t(
                    f"{option} hører sammen med --from-decision.",
                    f"{option} goes with --from-decision.",
                )
            )


def _write_disputed(
    decisions: str,
    invoice: str | None,
    document: str | None,
    should_be: str | None,
    evidence: str | None,
    output: str | None,
    rules: str | None,
    lang: str,
) -> None:
    """A case of a decision, to a file or to standard output."""
    with failures_told(lang):
        from fakturavakt.desk.case_writing import written_table
        from fakturavakt.desk.disputed_decision import (
            DisputeError,
            disputed_case,
            document_of,
            one_decision,
            read_decisions,
        )
        from fakturavakt.intake.register import Register
        from fakturavakt.rulebook.loader import load_rulebook

        book = load_rulebook(rules)
        check_language(lang, book.languages)
        register = None if evidence is None else Register.load(evidence)
        try:
            found = read_decisions(Path(decisions).read_text(encoding="utf-8", errors="replace"))
            disputed = one_decision(found, invoice)
            raw = document_of(disputed, Path(decisions), document, book)
            case = disputed_case(book, disputed, raw, register, should_be, lang)
        except DisputeError as error:
            fail(error.reason.say(lang))
        with output_stream(output) as stream:
            stream.write(written_table([case], book.vocabulary, ()))


def _write_proposals(output: str | None, rules: str | None, lang: str) -> None:
    """The cases that are lacking, to a file or to standard output."""
    with failures_told(lang):
        from fakturavakt.desk.case_writing import written_table
        from fakturavakt.desk.proposals import INTRODUCTION, propose, said_of
        from fakturavakt.proof.confirmation import UnconfirmedError

        _, book, table = with_cases(rules, lang)
        try:
            proposals = propose(book, table, lang)
        except UnconfirmedError as error:
            fail(error.reason.say(lang))
        for name in proposals.unused:
            tell(
                t(
                    f"Ingen regel bruker definisjonen {name}: den kan ikke prøves.",
                    f"No rule uses the definition {name}: it cannot be put to the test.",
                )
            )
        for condition, goal in proposals.impossible:
            said = said_of(condition, goal, lang)
            tell(t(f"Ingen faktura kan vise dette: {said}", f"No invoice can show this: {said}"))
        for condition, goal in proposals.not_found:
            said = said_of(condition, goal, lang)
            tell(t(f"Fant ikke noe dokument: {said}", f"No document was found: {said}"))
        if not proposals.by_solver:
            tell(
                t(
                    "Tilfellene er funnet ved leting, som kan overse noe. Med løser blir det også bevist "
                    "hva som ikke kan forekomme: pip install 'fakturavakt[prove]'.",
                    "The cases were found by search, which may miss something. With a solver it is "
                    "also proved what cannot occur: pip install 'fakturavakt[prove]'.",
                )
            )
        if not proposals.cases:
            tell(t("Det er ingen tilfeller å foreslå.", "There are no cases to propose."))
            return
        with output_stream(output) as stream:
            stream.write(written_table(proposals.cases, book.vocabulary, INTRODUCTION))
