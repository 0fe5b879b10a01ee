"""Every scenario under ``features/``, run on every engine that can run here."""

from pathlib import Path

from pytest_bdd import scenarios

scenarios(str(Path(__file__).parents[2] / "features"))
