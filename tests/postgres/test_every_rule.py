"""Every fast test once more, on PostgreSQL: pages, commands and workers behave alike on both databases."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

ROOT = Path(__file__).resolve().parents[2]
# The house rules, the look and the fuzz of arguments say nothing of a database.
LEFT_OUT = ("tests/test_architecture.py", "tests/test_translations.py", "tests/web", "tests/api/test_fuzz.py")

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


def test_every_fast_test_passes_on_postgres_too(database_url: str, tmp_path: Path):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "tests"]
    command += ["-m", "not slow and not soak and not browser and not postgres"]
    command += [f"--ignore={path}" for path in LEFT_OUT]
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    environ |= {"TORANGY_TEST_DATABASE": database_url, "TORANGY_INSTANCE": str(tmp_path)}
    run = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=1500)
    assert run.returncode == 0, run.stdout[-6000:]
    engine = create_engine(database_url)
    assert "places" in inspect(engine).get_table_names(), "the tests ran elsewhere"
    engine.dispose()
