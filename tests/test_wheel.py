"""The wheel works alone: built, installed in an empty environment, run in an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FEATURE = """\
# language: no
Egenskap: Fakturaer uten avtale

  Scenario: Fordringen må avklares når det ikke er noen avtale
    Gitt en faktura som kan sendes
    Og at det ikke er etablert en avtale med mottakeren
    Og at det er ukjent om det er etablert en fordring på mottakeren
    Når fakturaen kontrolleres
    Så blir fakturaen satt på vent
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_carries_rules_features_schemas_and_samples(wheel: Path) -> None:
    """Every file of the folders at the top of the repository is in it, and the type marker."""
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("rules", "features", "samples"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                assert f"fakturavakt/shipped/{path.relative_to(ROOT)}" in names
    assert "fakturavakt/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_an_installed_wheel_screens_its_samples_in_an_empty_folder(
    wheel: Path, tmp_path: Path
) -> None:
    """No checkout, no tests, nothing but the wheel and what it depends on."""
    venv.create(tmp_path / "venv", with_pip=True)
    binaries = tmp_path / "venv" / "bin"
    subprocess.run(
        [
            binaries / "python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "-c",
            ROOT / "requirements.lock",
            wheel,
        ],
        check=True,
        capture_output=True,
    )
    empty = tmp_path / "empty"
    empty.mkdir()
    clean = {
        name: value
        for name, value in os.environ.items()
        if name != "PYTHONPATH" and not name.startswith("FAKTURAVAKT_")
    }

    def run(
        *arguments: str, program: str = "fakturavakt", folder: Path = empty
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [binaries / program, *arguments],
            cwd=folder,
            env=clean,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    assert run("rules", "check").returncode == 0
    assert run("init", "mine").returncode == 0
    # Without pytest everything else works, and what needs it says so.
    for command in ("check", "coverage", "test"):
        assert run("rules", command, "mine/rules").returncode == 0, command
    for needs_it in (("accept",), ("rules", "mutate", "mine/rules")):
        done = run(*needs_it)
        assert (done.returncode, "fakturavakt[acceptance]" in done.stderr) == (2, True), done.stderr
    done = run(
        *("screen", "mine/samples", "--evidence", "mine/samples/evidence"),
        *("--format", "ndjson", "--as-of", "2021-02-02"),
    )
    assert done.returncode == 1, done.stderr
    verdicts = {json.loads(line)["decision"] for line in done.stdout.splitlines()}
    assert verdicts == {"send", "block", "hold", "out_of_scope"}
    subprocess.run(
        [
            *(binaries / "python", "-m", "pip", "install", "--quiet"),
            *("-c", ROOT / "requirements.lock", f"{wheel}[acceptance]"),
        ],
        check=True,
        capture_output=True,
    )
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    done = run("accept", "--clauses", folder=nothing)
    assert (done.returncode, "de som følger med" in done.stderr) == (0, True)
    # Nothing but a rule book and a feature: no configuration, no conftest, no module of tests.
    alone = tmp_path / "alone"
    alone.mkdir()
    (empty / "mine" / "rules").rename(alone / "rules")
    (alone / "mitt.feature").write_text(FEATURE, encoding="utf-8")
    for program, arguments in (("fakturavakt", ["accept"]), ("pytest", [])):
        done = run(*arguments, program=program, folder=alone)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "rules" in done.stdout or "1 bestått" in done.stdout
    written = (alone / "mitt.feature").read_text(encoding="utf-8")
    (alone / "mitt.feature").write_text(written.replace("satt på vent", "sendt"), encoding="utf-8")
    for program, arguments in (("fakturavakt", ["accept"]), ("pytest", [])):
        done = run(*arguments, program=program, folder=alone)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "Ventet «sendt», fikk «satt på vent»" in done.stdout
