"""The power of the proofs: each fault of `mutants.py` is noticed, and without one nothing is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.proof.mutants import MUTANTS, Mutant

ROOT = Path(__file__).parents[2]
COPIED = ("assistant", "evals", "integrations", "knowledge", "storage", "tests", "tools", "pyproject.toml")
A_FEW = MUTANTS[::12]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    chosen = MUTANTS if metafunc.config.getoption("--prove") else A_FEW
    if "mutant" in metafunc.fixturenames:
        metafunc.parametrize("mutant", chosen, ids=lambda each: each.name)
    if "tests" in metafunc.fixturenames:
        metafunc.parametrize("tests", sorted({each.noticed_by for each in chosen}))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The program and its tests, to spoil."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(folder: Path, tests: str) -> tuple[int, str]:
    """What pytest says of these tests, of the program in the folder."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests.split()]
    surroundings = {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **surroundings}, capture_output=True, text=True, timeout=300
    )
    return done.returncode, done.stdout + done.stderr


def is_noticed(code: int, said: str) -> bool:
    """Whether a test failed; one that could not be run has noticed nothing."""
    return code == 1 and "\nFAILED " in said and "\nERROR " not in said


@pytest.mark.parametrize("each", MUTANTS, ids=lambda each: each.name)
def test_no_fault_has_gone_stale(each: Mutant) -> None:
    assert (ROOT / each.file).read_text("utf-8").count(each.old) == 1, f"{each.old!r} is not there once"


def test_the_fault_is_noticed(mutant: Mutant, copy: Path) -> None:
    file = copy / mutant.file
    file.write_text(file.read_text("utf-8").replace(mutant.old, mutant.new), "utf-8")

    code, said = run(copy, mutant.noticed_by)

    assert is_noticed(code, said), said[-3_000:]


def test_without_a_fault_nothing_is_noticed(tests: str, copy: Path) -> None:
    code, said = run(copy, tests)

    assert code == 0, said[-3_000:]
