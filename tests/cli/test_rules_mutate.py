"""``rules mutate``: the features that ship notice whatever is written wrong in the rule book that ships."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from fakturavakt.shipped import shipped_folder

SAMPLE, SEED = "60", "20181220"
RELATIONSHIP = "forbud/uten_avtale_eller_fordring.feature"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the rule book that ships, with one of its features beside it."""
    (tmp_path / "features").mkdir()
    shutil.copy(shipped_folder("features") / RELATIONSHIP, tmp_path / "features")
    return Path(shutil.copytree(shipped_folder("rules"), tmp_path / "rules"))


def test_the_features_that_ship_notice_every_mutant(fakturavakt: Run) -> None:
    """A fixed sample of them; ``fakturavakt rules mutate`` tries all."""
    done = fakturavakt("rules", "mutate", "--sample", SAMPLE, "--seed", SEED, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    assert (found["score"], len(found["mutants"])) == (1.0, int(SAMPLE))
    assert found["fates"]["noticed"] > int(SAMPLE) / 2
    assert found["known"] > 600
    for mutant in found["mutants"]:
        if mutant["fate"] == "noticed":
            assert mutant["failed"]["file"].endswith(".feature")
            assert mutant["failed"]["line"] > 1


def test_what_no_scenario_notices_is_named_with_what_is_known_of_it(
    fakturavakt: Run, rules: Path
) -> None:
    """Scenarios that it makes a difference to, or a document that is decided otherwise; exit code 1."""
    of_paper = ("rules", "mutate", "rules", "--rule", "paper-always")
    done = fakturavakt(*of_paper, "--sample", "3", "--seed", "2", "--threads", "1")
    assert (done.returncode, done.stderr) == (1, "")
    assert "Ikke oppdaget av noe scenario:" in done.stdout
    assert "✗ rules/channels/paper.yaml:2:1 paper-always: «" in done.stdout
    assert "men ingen av stegene der spør om det." in done.stdout
    assert f"({Path(RELATIONSHIP).name}:" in done.stdout
    of_gifts = ("rules", "mutate", "--rules", "rules", "--rule", "gift-accepted", "--lang", "en")
    done = fakturavakt(*of_gifts, "--sample", "2", "-o", "mutants.txt")
    assert (done.returncode, done.stdout) == (1, "")
    written = (rules.parent / "mutants.txt").read_text(encoding="utf-8")
    assert "Smallest document that shows it, screened on" in written
    assert written.splitlines()[-1] == "Mutation score: 0.0% (0 of 2 noticed)."


def test_one_rule_alone(fakturavakt: Run, rules: Path) -> None:
    """Its scenarios notice all that is done to it; the table counts nothing else."""
    named = ("--rule", "no-creditor-relationship", "--threads", "1")
    done = fakturavakt("rules", "mutate", "rules", *named)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("Mutasjonsdekning: 100")
    assert "tidsrom" not in done.stdout
    elsewhere = fakturavakt("rules", "mutate", *named, "--features", "features")
    assert elsewhere.stdout == done.stdout


def test_wrong_input_is_exit_code_2(fakturavakt: Run, rules: Path) -> None:
    """An unknown rule, features that fail or that there are none of, a rule book that cannot be read."""
    done = fakturavakt("rules", "mutate", "rules", "--rule", "no-creditor-relationships")
    assert done.returncode == 2
    assert "Mente du «no-creditor-relationship»?" in done.stderr
    assert fakturavakt("rules", "mutate", "rules", "--sample", "0").returncode == 2

    feature = rules.parent / "features" / Path(RELATIONSHIP).name
    content = feature.read_text(encoding="utf-8")
    feature.write_text(content.replace("er «ja»", "er «nei»").replace("sendt", "stoppet"), "utf-8")
    done = fakturavakt("rules", "mutate", "rules", "--sample", "5", "--lang", "en")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Mend them first" in done.stderr
    assert "FAILED" in done.stderr
    feature.unlink()
    done = fakturavakt("rules", "mutate", "rules")
    assert done.returncode == 2
    assert "her er ingen scenarier" in done.stderr

    (rules / "rulebook.yaml").write_text("rulebook: [", encoding="utf-8")
    done = fakturavakt("rules", "mutate", "rules")
    assert (done.returncode, done.stdout) == (2, "")
    assert "rules/rulebook.yaml:2:1" in done.stderr
