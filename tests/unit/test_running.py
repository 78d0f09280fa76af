"""The run of the tests says what it left out, and fails where it may leave nothing out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import REQUIRED, scope

ROOT = Path(__file__).resolve().parents[2]
TESTS = """
import pytest

def test_that_needs_a_database():
    pytest.skip("absent: PostgreSQL 15")

@pytest.mark.browser
def test_that_needs_a_browser():
    pytest.skip("nothing to look with")

def test_that_needs_data():
    pytest.skip("absent: the data")

@pytest.mark.xfail
def test_of_postgres_that_is_known_to_fail():
    assert False

def test_that_needs_nothing():
    pass
"""


@pytest.fixture
def run(tmp_path):
    """Runs the tests above by the rules of this project; its code and what it said."""
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = browser\n", encoding="utf-8")
    (tmp_path / "test_it.py").write_text(TESTS, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.running", "-p", "no:cacheprovider"]

    def running(required):
        done = subprocess.run(
            [*command, str(tmp_path)],
            cwd=ROOT,
            env={**os.environ, REQUIRED: required, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    return running


def test_the_last_line_names_each_skipped_test_with_its_reason(run):
    code, said = run("")
    assert code == 0
    last = said.rstrip().splitlines()[-1]
    assert last.startswith("skipped 3: ")
    for part in (
        "test_it.py::test_that_needs_a_database: absent: PostgreSQL 15",
        "test_it.py::test_that_needs_a_browser: nothing to look with",
        "test_it.py::test_that_needs_data: absent: the data",
    ):
        assert part in last


def test_what_must_be_there_is_no_reason_to_skip(run):
    code, said = run("browser,postgres")
    assert code == 1
    assert "2 failed, 1 passed, 1 skipped, 1 xfailed" in said
    assert f"postgres must be there ({REQUIRED}): absent: PostgreSQL 15" in said
    assert f"browser must be there ({REQUIRED}): nothing to look with" in said
    assert said.rstrip().splitlines()[-1].startswith("skipped 1: ")


def test_a_file_stays_on_one_core():
    assert scope("tests/unit/test_a.py::test_b[c::d]") == "tests/unit/test_a.py"
