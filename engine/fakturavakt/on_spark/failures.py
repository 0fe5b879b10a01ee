"""What stops a run on Spark, in words that say what to do. No value of a document is ever repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from fakturavakt.texts import Text, text


class SparkRunError(Exception):
    """A run on Spark that ended without a result; ``reason`` says why, and what to do."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason.say("en"))


@contextmanager
def sparks_failures_told() -> Iterator[None]:
    """Whatever Spark raises becomes a :class:`SparkRunError` that names the kind of failure. The message
    itself may hold values of documents and stays in Spark's own log.
    """
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError, ConnectionError) as error:
        kinds = ", ".join(_kinds(error)) or type(error).__name__
        raise SparkRunError(
            text(
                f"Spark fullførte ikke kjøringen ({kinds}), og ingenting er skrevet. Spark-loggen sier mer.",
                f"Spark did not complete the run ({kinds}), and nothing was written. Spark's log says more.",
            )
        ) from error


def _kinds(error: BaseException) -> Iterator[str]:
    """The names of errors and of Spark's error conditions, which hold nothing of a document."""
    said = str(error)
    found = re.findall(r"\[([A-Z][A-Z0-9_.]{3,})\]", said)
    found += re.findall(r"\b(?:java|org|scala)\.[\w.]+\.(\w+(?:Exception|Error))\b", said)
    yield from list(dict.fromkeys(found))[:4]
