"""What commands share at the terminal: messages on stderr, failures to exit codes, whole output files."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TextIO

import click

from fakturavakt.cli import exit_codes
from fakturavakt.cli.language import t
from fakturavakt.problems import ProblemsError, why_not
from fakturavakt.texts import Text


def tell(message: str) -> None:
    """A line on stderr."""
    click.echo(message, err=True)


def teller(language: str) -> Callable[[Text], None]:
    """Tells texts on stderr, in a language."""
    return lambda said: tell(said.say(language))


def fail(message: str) -> NoReturn:
    """End with exit code 2."""
    tell(message)
    raise SystemExit(exit_codes.ERROR)


@contextmanager
def failures_told(language: str) -> Iterator[None]:
    """Every failure that a user can mend ends here: told on stderr, exit code 2."""
    from fakturavakt.bulk.run_folder import RunError
    from fakturavakt.engines.choose import EngineUnavailableError
    from fakturavakt.intake.sources import SourceError
    from fakturavakt.rulebook.loader import RuleBookError

    try:
        yield
    except RuleBookError as error:
        tell(shown_problems(error, language, with_source=True))
        raise SystemExit(exit_codes.ERROR) from None
    except ProblemsError as error:
        # A register has personal data in its rows: its lines are named and not shown.
        tell(shown_problems(error, language, with_source=False))
        raise SystemExit(exit_codes.ERROR) from None
    except SourceError as error:
        for reason in error.reasons:
            tell(reason.say(language))
        raise SystemExit(exit_codes.ERROR) from None
    except (EngineUnavailableError, RunError) as error:
        fail(error.reason.say(language))
    except BrokenPipeError:
        # The reader has seen enough (`| head`); what is left in the buffer has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(exit_codes.STOPPED) from None
    except OSError as error:
        if error.filename is None:  # stdout, which no file name stands for
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        why = why_not(error)
        where = error.filename or t("standard ut", "standard output")
        fail(f"{where}: {t(why.say('nb'), why.say('en'))}.")


def shown_problems(error: ProblemsError, language: str, *, with_source: bool) -> str:
    """All problems with their place; with the line and a caret where the file may be shown."""
    from fakturavakt.report.source_excerpt import excerpt

    blocks = []
    for problem in error.told:
        block = [problem.say(language)]
        if with_source:
            block += excerpt(problem.place)
        blocks.append("\n".join(block))
    if (untold := error.untold(language)) is not None:
        blocks.append(untold)
    number = len(error.problems)
    blocks.append(
        t(
            f"{number} feil funnet." if number != 1 else "1 feil funnet.",
            f"{number} mistakes found." if number != 1 else "1 mistake found.",
        )
    )
    return "\n".join(blocks)


def is_stream(path: str | None) -> bool:
    """Whether an output is written as it comes: standard output, or what is there and is no regular file."""
    if path is None or Path(path) == Path("/dev/stdout"):
        return True
    return Path(path).exists() and not Path(path).is_file() and not Path(path).is_dir()


@contextmanager
def output_stream(path: str | None) -> Iterator[TextIO]:
    """Stdout, or a file that appears whole once all is written, or not at all.

    A link stays a link: what it leads to is replaced. What exists and is no regular file (a device,
    a pipe) is written to as it is.
    """
    if path is None or Path(path) == Path("/dev/stdout"):
        yield sys.stdout
        sys.stdout.flush()
        return
    with _named_in_failures(path):
        if is_stream(path):
            # Of a pipe that the shell made, what the link leads to has a name that nobody can open.
            with Path(path).open("w", encoding="utf-8", newline="\n") as stream:
                yield stream
        else:
            with _whole_file(Path(os.path.realpath(path))) as stream:
                yield stream


@contextmanager
def _whole_file(target: Path) -> Iterator[TextIO]:
    # Named before it is made: a signal that comes in between finds it to take away.
    temporary = target.with_name(f".{target.name}.{os.urandom(6).hex()}")
    try:
        with temporary.open("x", encoding="utf-8", newline="\n") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def _named_in_failures(path: str) -> Iterator[None]:
    """A failure to write names the path that was asked for, not the file that is written first."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from error


def check_language(language: str, languages: tuple[str, ...]) -> None:
    """Refuse a language that the rule book does not speak."""
    if language not in languages:
        choices = ", ".join(f"--lang {each}" for each in languages)
        fail(
            t(
                f"Regelboken har ikke språket «{language}». Bruk et som den har: {choices}.",
                f"The rule book does not have the language “{language}”. Use one that it has: {choices}.",
            )
        )


def console(stream: TextIO, *, plain: bool = False) -> Any:  # noqa: ANN401 (rich is imported late)
    """A rich console on a stream: it knows ``NO_COLOR``, ``FORCE_COLOR`` and ``TERM``."""
    from rich.console import Console

    terminal = stream.isatty() and not plain
    return Console(
        file=stream,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=not terminal,
        width=None if terminal else 200,
        no_color=True if plain else None,
    )
