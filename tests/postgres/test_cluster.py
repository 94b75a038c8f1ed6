"""The throwaway cluster itself: what it promises to the other tests here."""

import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.postgres.cluster import throwaway_cluster

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).resolve().parents[2]
DIE = """
import os
from tests.postgres.cluster import throwaway_cluster
with throwaway_cluster() as url:
    print(url, flush=True)
    os._exit(9)
"""


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True, connect_timeout=2)


def answers(url: str) -> bool:
    try:
        connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def test_a_cluster_is_empty_keeps_kazakh_letters_and_is_gone_afterwards() -> None:
    with throwaway_cluster() as url, connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
        assert connection.execute("SELECT 'Ақтоғай ₸'").fetchone() == ("Ақтоғай ₸",)
        connection.execute("CREATE DATABASE another")
        data = connection.execute("SHOW data_directory").fetchone()
    assert not answers(url)
    assert data and not Path(data[0]).parent.exists()


def test_a_cluster_goes_even_when_its_process_is_killed() -> None:
    done = subprocess.run([sys.executable, "-c", DIE], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 9, done.stderr
    deadline = time.monotonic() + 20
    while answers(done.stdout.strip()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not answers(done.stdout.strip())
