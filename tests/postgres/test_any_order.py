"""Every way in which a seat comes free, in any order, on PostgreSQL."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.postgres, pytest.mark.slow]


def test_any_order_of_events_leaves_the_line_as_it_should_be(database_url: str, tmp_path: Path):
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    command += ["tests/signups/test_any_order.py"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    environ |= {"TORANGY_TEST_DATABASE": database_url, "TORANGY_INSTANCE": str(tmp_path)}
    run = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=300)
    assert run.returncode == 0, run.stdout[-6000:]
