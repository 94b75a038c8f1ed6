"""Whoever works behind people's backs lets those go first who wait for a page, but not for ever."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import turns

HASTE = """
import sys, time
from app.turns import hurry
with hurry(sys.argv[1]):
    print("now", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Iterator[str]:
    yield str(tmp_path / "hurry")
    turns.go_last(0.0)
    turns._seen_at = 0.0


@pytest.fixture
def somebody(path: str) -> Iterator[subprocess.Popen[bytes]]:
    """In a hurry, in a process of their own, until their input ends."""
    command = [sys.executable, "-c", HASTE, path]
    root = Path(__file__).parents[1]
    process = subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None and process.stdout.readline() == b"now\n"
    yield process
    process.kill()
    process.communicate()


def waited(path: str) -> float:
    begun = time.monotonic()
    with turns.hurry(path):
        return time.monotonic() - begun


def test_people_wait_for_nobody(path: str, somebody: subprocess.Popen[bytes]):
    assert waited(path) < 0.05


def test_who_goes_last_waits_for_them_and_for_a_calm_moment(path: str, somebody: subprocess.Popen[bytes]):
    turns.go_last(0.2)
    assert 0.2 <= waited(path) < 1, "it has patience, and then it goes"
    turns.go_last(10)
    somebody.send_signal(signal.SIGTERM)
    assert turns.CALM / 2 < waited(path) < 5
    assert waited(path) < 0.02, "nobody was seen for a while"
