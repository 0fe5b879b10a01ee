"""The scenarios beside a rule book, for the commands that look at what they decide on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fakturavakt.cli.language import t
from fakturavakt.cli.options import Decorator
from fakturavakt.cli.terminal import fail, tell

if TYPE_CHECKING:
    from fakturavakt.desk.feature_documents import FeatureDocument


def features_option() -> Decorator[Any]:
    """``--features``."""
    return click.option(
        "--features",
        type=click.Path(file_okay=False, exists=True),
        metavar=t("MAPPE", "FOLDER"),
        help=t(
            "Mappen med scenarier; ellers «features» ved siden av regelboken, der den finnes.",
            "The folder of features; else “features” beside the rule book, where there is one.",
        ),
    )


def cases_only_option() -> Decorator[Any]:
    """``--cases-only``."""
    return click.option(
        "--cases-only",
        is_flag=True,
        help=t(
            "Bare tilfellene; ikke kjør scenariene.", "Only the cases; do not run the features."
        ),
    )


def scenarios(
    root: Path, features: str | None, lang: str, *, cases_only: bool
) -> tuple[FeatureDocument, ...] | None:
    """What the scenarios of the rule book in ``root`` decide on; None where none are run.

    Where what runs them is not installed, that is told, and an error only if they were asked for by name.
    Scenarios that fail end the command.
    """
    from fakturavakt.acceptance.pytest_settings import features_can_run
    from fakturavakt.desk.feature_documents import (
        NOT_RUN,
        FeaturesError,
        feature_documents,
        features_of,
        has_features,
    )

    beside = features_of(root, None if features is None else Path(features))
    if cases_only or not has_features(beside):
        return None
    if features is None and not features_can_run():
        tell(NOT_RUN.say(lang))
        return None
    try:
        return feature_documents(beside, root)
    except FeaturesError as error:
        fail(error.reason.say(lang))
