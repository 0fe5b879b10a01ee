"""Scenarios as their owners run them: a feature, a rule book, ``fakturavakt accept`` or ``pytest``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.cli.conftest import Run

from fakturavakt.shipped import shipped_folder

RULES = shipped_folder("rules")
PASSES = """\
# language: no
Egenskap: Fakturaer uten avtale

  Scenario: Fordringen må avklares når det ikke er noen avtale
    Gitt en faktura som kan sendes
    Og at det ikke er etablert en avtale med mottakeren
    Og at det er ukjent om det er etablert en fordring på mottakeren
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
    Og det eneste som mangler, er om det er etablert en fordring på mottakeren
"""
FAILS = """
  Scenario: Uten fordring skal den gå likevel
    Gitt en faktura som kan sendes
    Og at det verken er avtale eller fordring mellom mottakeren og kreditor
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
    Og fakturaen går som eFaktura
"""
Pytest = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run_pytest(tmp_path: Path) -> Pytest:
    """Pytest in the folder of the test, with the plugins that are installed."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        clean = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
            cwd=tmp_path,
            env=clean,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


def test_a_folder_of_a_rule_book_and_one_feature_needs_no_more(
    fakturavakt: Run, run_pytest: Pytest, tmp_path: Path
) -> None:
    """No configuration, no conftest, no test module; the rule book beside is the one that is tested."""
    shutil.copytree(RULES, tmp_path / "rules")
    (tmp_path / "mitt.feature").write_text(PASSES, encoding="utf-8")
    done = fakturavakt("accept")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 scenario" in done.stdout
    assert run_pytest().returncode == 0
    # Whose rule book it is shows when it is another.
    rule = tmp_path / "rules" / "prohibitions" / "no-creditor-relationship.yaml"
    written = rule.read_text(encoding="utf-8")
    rule.write_text(
        written.replace("relationship.agreement: yes", "relationship.agreement: no"),
        encoding="utf-8",
    )
    assert rule.read_text(encoding="utf-8") != written
    assert fakturavakt("accept").returncode == 1
    assert run_pytest().returncode == 1


def test_in_an_empty_folder_the_features_that_ship_are_run(fakturavakt: Run) -> None:
    """And that is said; every clause of the source has a scenario."""
    done = fakturavakt("accept", "--clauses")
    assert done.returncode == 0
    assert "de som følger med" in done.stderr
    assert "Alle" in done.stdout


@pytest.mark.parametrize(
    ("language", "said"),
    [("nb", "Ventet «sendt», fikk «stoppet»."), ("en", "Expected “sent”, got “blocked”.")],
)
def test_what_came_out_otherwise_is_said_in_words(
    fakturavakt: Run, run_pytest: Pytest, tmp_path: Path, language: str, said: str
) -> None:
    """Which scenario, where, the steps up to the one that failed, and what was instead; exit code 1."""
    (tmp_path / "mitt.feature").write_text(PASSES + FAILS, encoding="utf-8")
    done = fakturavakt("accept", "--lang", language)
    assert done.returncode == 1
    assert said in done.stdout
    assert "mitt.feature:12" in done.stdout
    assert "Så blir fakturaen sendt" in done.stdout
    assert "fakturaen går som" not in done.stdout
    if language == "nb":
        by_pytest = run_pytest()
        assert by_pytest.returncode == 1
        assert "mitt.feature:16: Så blir fakturaen sendt" in by_pytest.stdout
        assert said in by_pytest.stdout


def test_reports_for_machines_leave_the_text_to_people(fakturavakt: Run, tmp_path: Path) -> None:
    """JUnit and Cucumber's JSON say the same counts; how it went is told on stderr."""
    (tmp_path / "mitt.feature").write_text(PASSES + FAILS, encoding="utf-8")
    junit = fakturavakt("accept", "--format", "junit")
    assert junit.returncode == 1
    suites = ET.fromstring(junit.stdout)  # noqa: S314 (it was written here)
    assert (suites.get("tests"), suites.get("failures")) == ("2", "1")
    assert "stoppet" in junit.stderr
    done = fakturavakt("accept", "--format", "cucumber", "--output", "run.json")
    assert (done.returncode, done.stdout) == (1, "")
    (feature,) = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert feature["name"] == "Fakturaer uten avtale"


def test_what_would_pass_and_test_nothing_is_an_error(
    fakturavakt: Run, run_pytest: Pytest, tmp_path: Path
) -> None:
    """Exit code 2 with the place, with and without a run; nothing of the feature is run."""
    file = tmp_path / "mitt.feature"
    file.write_text(PASSES + "\n  Scenario: Ingenting\n", encoding="utf-8")
    for arguments in (("accept",), ("accept", "--lint")):
        done = fakturavakt(*arguments)
        assert done.returncode == 2
        assert done.stderr.startswith("mitt.feature:12:3: ")
    assert run_pytest().returncode != 0
    file.write_text(PASSES, encoding="utf-8")
    assert fakturavakt("accept", "--lint").returncode == 0


def test_a_conftest_adds_steps_and_overrides_them(
    fakturavakt: Run, run_pytest: Pytest, tmp_path: Path
) -> None:
    """Whoever knows Python may; a step of one's own goes before the one that ships."""
    (tmp_path / "mitt.feature").write_text(
        PASSES.replace("Gitt en faktura som kan sendes", "Gitt en faktura fra i går"),
        encoding="utf-8",
    )
    assert fakturavakt("accept").returncode == 2
    conftest = tmp_path / "conftest.py"
    conftest.write_text(
        "from pytest_bdd import given\n"
        "@given('en faktura fra i går')\n"
        "def yesterday(case):\n"
        "    case.set('invoice.issue_date', '2021-02-01')\n",
        encoding="utf-8",
    )
    assert fakturavakt("accept").returncode == 0
    assert run_pytest().returncode == 0
    conftest.write_text(
        conftest.read_text(encoding="utf-8")
        + "from pytest_bdd import then\n"
        + "@then('blir fakturaen satt på vent')\n"
        + "def held(case):\n"
        + "    assert False, 'min egen mening'\n",
        encoding="utf-8",
    )
    done = fakturavakt("accept")
    assert done.returncode == 1
    assert "min egen mening" in done.stdout


def test_a_scenario_that_was_not_run_has_not_passed(fakturavakt: Run, tmp_path: Path) -> None:
    """Whoever deselects or skips it, the balance says so."""
    (tmp_path / "mitt.feature").write_text(PASSES, encoding="utf-8")
    (tmp_path / "conftest.py").write_text(
        "def pytest_collection_modifyitems(items):\n    del items[:]\n", encoding="utf-8"
    )
    done = fakturavakt("accept")
    assert done.returncode == 1
    assert "1 ikke kjørt" in done.stdout


def test_every_engine_can_be_asked_for(fakturavakt: Run, tmp_path: Path) -> None:
    """All of them must agree on each scenario."""
    (tmp_path / "mitt.feature").write_text(PASSES, encoding="utf-8")
    for engine in ("reference", "columnar", "all"):
        done = fakturavakt("accept", "--engine", engine)
        assert (done.returncode, engine in done.stdout or engine == "all") == (0, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ingen.feature",), "ingen.feature: finnes ikke"),
        (("tom",), "tom: mappen har ingen scenarier"),
        (("--rules", "ingen"), "ingen"),
        (("--format", "html5"), "html5"),
        (("--as-of", "2021-02-02"), "--as-of hører sammen med --new"),
        (("--steps", "--lint"), "--steps kjører ingen scenarier"),
        (("--steps", "linje", "--new", "mitt.feature"), "kan ikke brukes sammen"),
    ],
)
def test_wrong_use_says_what_to_do(
    fakturavakt: Run, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    """Exit code 2, and no traceback."""
    (tmp_path / "tom").mkdir()
    (tmp_path / "mitt.feature").write_text(PASSES, encoding="utf-8")
    done = fakturavakt("accept", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_conftest_that_cannot_be_read_is_told(fakturavakt: Run, tmp_path: Path) -> None:
    """In pytest's words, with exit code 2."""
    (tmp_path / "mitt.feature").write_text(PASSES, encoding="utf-8")
    (tmp_path / "conftest.py").write_text("import ingen_slik_modul\n", encoding="utf-8")
    done = fakturavakt("accept")
    assert done.returncode == 2
    assert "ingen_slik_modul" in done.stderr
    assert 'Traceback (most recent call last)\n  File "/' not in done.stdout


def test_files_are_named_from_the_feature(fakturavakt: Run, tmp_path: Path) -> None:
    """A document, a register and a rule book of files lie where the feature says, seen from its folder."""
    folder = tmp_path / "scenarier"
    folder.mkdir()
    shutil.copy(shipped_folder("samples") / "10-avis.ndjson", folder)
    shutil.copytree(shipped_folder("samples") / "evidence", folder / "register")
    shutil.copytree(RULES, folder / "rules")
    (folder / "filer.feature").write_text(
        """\
# language: no
Egenskap: Filer

  Scenario: Ett av flere dokumenter
    Gitt regelboken i mappen «rules»
    Og dokument nummer 2 i filen «10-avis.ndjson»
    Og registeret i mappen «register»
    Og at kontrolldatoen er 2. februar 2021
    Når fakturaen kontrolleres
    Så er forfallsdatoen meldt som feil av slaget «form»

  Scenario: En fil som ikke finnes
    Gitt fakturaen i filen «borte.xml»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt

  Scenario: Hvilket dokument, når det er flere
    Gitt fakturaen i filen «10-avis.ndjson»
    Når fakturaen kontrolleres
    Så blir fakturaen sendt
""",
        encoding="utf-8",
    )
    done = fakturavakt("accept", "scenarier")
    assert done.returncode == 1
    assert "3 scenarier inn = 1 bestått + 2 feilet + 0 ikke kjørt" in done.stdout
    assert "Filen «borte.xml» finnes ikke" in done.stdout
    assert "Si hvilket" in done.stdout


def test_an_invoice_becomes_a_scenario_and_the_steps_are_listed(
    fakturavakt: Run, tmp_path: Path
) -> None:
    """What is written passes; a file that is no invoice is told, and nothing is written."""
    samples = shipped_folder("samples")
    done = fakturavakt(
        *("accept", "--new", str(samples / "10-avis.ndjson"), "--as-of", "2021-02-02"),
        *("--evidence", str(samples / "evidence"), "--output", "nytt.feature"),
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert fakturavakt("accept").returncode == 0
    (tmp_path / "ingen.json").write_text("hei", encoding="utf-8")
    done = fakturavakt("accept", "--new", "ingen.json", "--output", "ingen.feature")
    assert done.returncode == 2
    assert "ingen.json #1" in done.stderr
    assert not (tmp_path / "ingen.feature").exists()
    assert "Gitt en faktura som kan sendes" in fakturavakt("accept", "--steps").stdout
    assert "vedlegg" in fakturavakt("accept", "--steps", "vedlegg").stdout


def test_the_page_the_site_and_the_history(fakturavakt: Run, tmp_path: Path) -> None:
    """Each run is added to the history; a folder of other things is let be."""
    (tmp_path / "mitt.feature").write_text(PASSES, encoding="utf-8")
    arguments = ("accept", "--format", "html", "--output", "side.html", "--history", "h.ndjson")
    for _ in range(2):
        assert fakturavakt(*arguments, "--site", "site").returncode == 0
    assert len((tmp_path / "h.ndjson").read_text(encoding="utf-8").splitlines()) == 2
    assert "Fakturaer uten avtale" in (tmp_path / "side.html").read_text(encoding="utf-8")
    assert (tmp_path / "site" / "index.md").is_file()
    done = fakturavakt("accept", "--site", ".")
    assert done.returncode == 2
    assert "annet enn sider" in done.stderr
