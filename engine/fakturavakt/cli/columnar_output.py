"""``fakturavakt screen`` in columns: where the decisions go, what is told, and the balance at the end."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fakturavakt.bulk.columnar_run import BULK_FORMATS, BulkOutput, ColumnarRun
from fakturavakt.cli.language import t
from fakturavakt.cli.progress import Progress
from fakturavakt.cli.terminal import is_stream, output_stream, tell
from fakturavakt.intake.document_chunks import size_of

if TYPE_CHECKING:
    from fakturavakt.cli.run_setup import DocumentRun
    from fakturavakt.cli.screen_command import Wanted
    from fakturavakt.intake.documents import Unreadable
    from fakturavakt.report.summary import Summary

TOLD_MAX: Final = 100
"""Documents that could not be read and are told of on stderr; ``--rejected`` has them all."""


def screen_in_columns(run: DocumentRun, wanted: Wanted) -> Summary:
    """Screen the files of a run; exactly one decision or rejection for each document."""
    columnar = ColumnarRun(
        run.screening,
        run.files,
        wanted.evidence,
        wanted.threads,
        wanted.memory,
        sys.stdin.buffer,
    )
    if wanted.engine == "columnar":
        columnar.few = 0  # asked for by name
    told = _Told(run)
    if wanted.format != "text":
        columnar.unreadable = told
    output = _bulk_output(wanted)
    rejected = None if wanted.rejected is None else Path(wanted.rejected)
    if output is not None:
        with Progress(None, size_of(run.files)) as progress:
            columnar.advance, columnar.begin = progress.reach, progress.begin
            thrown_away = columnar.to_file(output, resume=wanted.resume)
        if thrown_away:
            tell(
                t(
                    "En avbrutt kjøring til samme fil ble kastet; --resume ville ha fortsatt den.",
                    "An interrupted run to the same file was thrown away; --resume would have continued it.",
                )
            )
    else:
        from fakturavakt.cli.screen_command import report_on

        with output_stream(wanted.output) as stream:
            with Progress(stream, size_of(run.files)) as progress:
                columnar.advance = progress.reach
                report = report_on(wanted.format, stream, run.screening, listed=False)
                name = None if wanted.format == "text" else wanted.format
                assert name is None or name in BULK_FORMATS
                columnar.to_stream(stream, name, report, rejected)
            report.finish(columnar.summary)
            if columnar.summary.read == 0:
                raise SystemExit(run.exit_code())
    told.finish()
    if columnar.documents:
        tell(columnar.summary.balance(columnar.documents, run.screening.language))
    return columnar.summary


def _bulk_output(wanted: Wanted) -> BulkOutput | None:
    """The file or folder that appears whole; None for a stream: standard output, a pipe, a device, text."""
    if wanted.output is None or is_stream(wanted.output) or wanted.format not in BULK_FORMATS:
        return None
    path = Path(os.path.realpath(wanted.output))
    is_folder = wanted.format == "parquet" and (
        path.is_dir() or wanted.output.endswith(("/", os.sep))
    )
    return BulkOutput(
        path,
        wanted.format,
        None if wanted.rejected is None else Path(wanted.rejected).absolute(),
        wanted.with_text,
        is_folder,
    )


class _Told:
    """Tells of documents that could not be read, as many as somebody would read of."""

    def __init__(self, run: DocumentRun) -> None:
        self.run = run
        self.count = 0

    def __call__(self, document: Unreadable) -> None:
        self.count += 1
        if self.count <= TOLD_MAX:
            self.run.tell_unreadable(document)

    def finish(self) -> None:
        """Say that there were more."""
        more = self.count - TOLD_MAX
        if more > 0:
            tell(
                t(
                    f"{more} til kunne ikke leses; --rejected FIL lister alle.",
                    f"{more} more could not be read; --rejected FILE lists all of them.",
                )
            )
