"""``fakturavakt answer``: a filled-in questionnaire taken into the register, and what that frees."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from fakturavakt.cli import exit_codes, options
from fakturavakt.cli.language import t
from fakturavakt.cli.run_setup import loaded
from fakturavakt.cli.terminal import fail, failures_told, teller
from fakturavakt.texts import how_many, text

if TYPE_CHECKING:
    from fakturavakt.billing.answering import AnswerResult
    from fakturavakt.billing.answers import Answer


@click.command(
    "answer",
    help=t(
        "Før svarene i FIL (et utfylt spørreskjema fra fakturavakt holds --format csv) inn i registeret, "
        "kontroller på nytt det de gjelder, og flytt det som nå kan gå. Et svar som motsier "
        "registeret, vises "
        "og føres ikke inn. Er noe i filen feil, føres ingenting inn.\n\n"
        "Svar som ble avbrutt, fullføres av det neste. Uten FIL kontrolleres alt på vent på nytt mot "
        "registeret slik det er.\n\n"
        "Avslutningskoder: 0 alt er ført inn, 1 noe motsier registeret, 2 feil i filen, bruk, regelbok, "
        "register eller utboks, 3 noe på vent ligger ikke der kjøringen la det.",
        "Take the answers in FILE (a questionnaire of fakturavakt holds --format csv, filled in) into the "
        "register, screen again what they are about, and move what may go now. An answer that "
        "contradicts the "
        "register is shown and not taken. If something in the file is wrong, nothing is taken.\n\n"
        "Interrupted answers are carried to their end by the next. Without FILE all that is on hold is "
        "screened again against the register as it is.\n\n"
        "Exit codes: 0 all was taken, 1 something contradicts the register, 2 an error of the file, "
        "usage, rule "
        "book, register or outbox, 3 something on hold is not where the run put it.",
    ),
)
@click.argument(
    "file", metavar=t("FIL", "FILE"), required=False, type=click.Path(exists=True, dir_okay=False)
)
@click.option(
    "--to",
    required=True,
    type=click.Path(exists=True, file_okay=False),
    metavar=t("UTBOKS", "OUTBOX"),
    envvar="FAKTURAVAKT_TO",
    help=t("Utboksen som fakturaene venter i.", "The outbox in which the invoices wait."),
)
@click.option(
    "--evidence",
    required=True,
    type=click.Path(exists=True, file_okay=False),
    metavar=t("MAPPE", "FOLDER"),
    envvar="FAKTURAVAKT_EVIDENCE",
    help=t("Registeret som svarene føres inn i.", "The register that answers are taken into."),
)
@options.rules_option()
@options.as_of_option()
@click.option(
    "--format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    envvar="FAKTURAVAKT_FORMAT",
    help=t("Hva som skrives.", "What is written."),
)
@options.language_option()
def command(
    file: str | None,
    to: str,
    evidence: str,
    rules: str | None,
    as_of: date | None,
    format: Literal["text", "json"],  # noqa: A002 (the option's name)
    lang: str,
) -> None:
    """See ``help`` above."""
    with failures_told(lang):
        from fakturavakt.billing import questionnaire
        from fakturavakt.billing.answering import Answering
        from fakturavakt.billing.outbox import Outbox
        from fakturavakt.screening import today_in_oslo

        book, _ = loaded(rules, evidence, lang)
        day = as_of or today_in_oslo()
        answers = None if file is None else questionnaire.read(file, today_in_oslo())
        outbox = Outbox(Path(to))
        if not outbox.has_journal():
            fail(t(f"{to} er ingen utboks.", f"{to} is no outbox."))
        with outbox.locked():
            outbox.make()
            with outbox.journal() as journal:
                answering = Answering(outbox, book, Path(evidence), day, lang, teller(lang))
                result = answering.take(journal, answers)
        if format == "json":
            print(json.dumps(_as_dict(result, lang), ensure_ascii=False, indent=1))
        else:
            for line in _as_text(result, lang):
                print(line)
    if result.left:
        raise SystemExit(exit_codes.UNREADABLE)
    raise SystemExit(exit_codes.STOPPED if result.contradictions else 0)


def _as_text(result: AnswerResult, language: str) -> Iterator[str]:
    from fakturavakt.billing.destinations import folder_of

    if result.resumed:
        yield t(
            "Svar som ble avbrutt, er fullført.",
            "Answers that were interrupted have been carried to their end.",
        )
    for each in result.contradictions:
        yield f"{each.answer.place}: {each.said.say(language)}"
    for answer in result.touching_none:
        yield t(
            f"{answer.place}: ført inn, men ingen faktura på vent venter på dette.",
            f"{answer.place}: taken, but no invoice on hold waits for this.",
        )
    taken, known = len(result.taken), len(result.known)
    against = len(result.contradictions)
    answers = how_many(taken, text("svar", "answer"), text("svar", "answers"))
    yield t(
        f"{answers.say('nb')} ført inn, {known} hadde registeret fra før, {against} motsier registeret.",
        f"{answers.say('en')} taken; in the register already: {known}; against the register: {against}.",
    )
    one = text("faktura kontrollert på nytt.", "invoice screened again.")
    several = text("fakturaer kontrollert på nytt.", "invoices screened again.")
    again = how_many(result.screened, one, several)
    yield t(again.say("nb"), again.say("en"))
    for (destination, channel), number in sorted(
        result.moved.items(), key=lambda each: folder_of(*each[0])
    ):
        yield f"  {folder_of(destination, channel)}: {number}"


def _as_dict(result: AnswerResult, language: str) -> dict[str, object]:
    from fakturavakt.billing.destinations import folder_of

    def place(answer: Answer) -> str:
        return str(answer.place)

    return {
        "schema": 1,
        "taken": list(map(place, result.taken)),
        "known": list(map(place, result.known)),
        "contradictions": [
            {"place": place(each.answer), "message": each.said.say(language)}
            for each in result.contradictions
        ],
        "touching_none": list(map(place, result.touching_none)),
        "screened": result.screened,
        "moved": {folder_of(*key): number for key, number in sorted(result.moved.items())},
        "left": result.left,
        "resumed": result.resumed,
    }
