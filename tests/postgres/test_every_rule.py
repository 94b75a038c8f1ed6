"""Every fast test once more, on PostgreSQL: pages, commands and workers behave alike on both databases.

In four runs, so that all cores have one; tests/conftest.py leaves out what touches no database. Those that take longer
than the others (`full`) come last, in the long proofs: they are half of the time and say the same of a larger day.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

ROOT = Path(__file__).resolve().parents[2]
# The house rules, the look and the fuzz of arguments say nothing of a database.
LEFT_OUT = ("tests/test_architecture.py", "tests/test_translations.py", "tests/web", "tests/api/test_fuzz.py")
FIRST, SECOND = ("tests/signups", "tests/people"), ("tests/mail", "tests/rosters", "tests/attendance")
THIRD = ("tests/desk", "tests/gifts", "tests/api", "--ignore=tests/api/test_fuzz.py")
REST = ("tests", *(f"--ignore={path}" for path in (*FIRST, *SECOND, *THIRD[:3], *LEFT_OUT)))
FAST = "not slow and not soak and not browser and not postgres"

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


in_parts = pytest.mark.parametrize("part", [FIRST, SECOND, THIRD, REST], ids=["first", "second", "third", "rest"])


@in_parts
def test_every_fast_test_passes_on_postgres_too(part: tuple[str, ...], database_url: str, tmp_path: Path):
    run_there(part, f"{FAST} and not full", database_url, tmp_path)


@pytest.mark.soak
@in_parts
def test_the_longer_ones_pass_on_postgres_too(part: tuple[str, ...], database_url: str, tmp_path: Path):
    run_there(part, f"{FAST} and full", database_url, tmp_path)


def run_there(part: tuple[str, ...], chosen: str, database_url: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *part, "-m", chosen]
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    environ |= {"TORANGY_TEST_DATABASE": database_url, "TORANGY_INSTANCE": str(tmp_path)}
    with (tmp_path / "log").open("w+") as log:
        run = subprocess.run(command, cwd=ROOT, env=environ, stdout=log, stderr=log, check=False, timeout=580)
        log.seek(0)
        assert run.returncode == 0, log.read()[-6000:]
    engine = create_engine(database_url)
    assert "places" in inspect(engine).get_table_names(), "the tests ran elsewhere"
    engine.dispose()
