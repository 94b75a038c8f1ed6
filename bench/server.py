"""A real server in processes of its own, as `flask serve` starts it, for measurements and burst tests."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(environ: dict[str, str], *, workers: int = 2) -> Iterator[int]:
    """Serves the app (with the limit routes) on a free port until the block ends; yields the port."""
    port = free_port()
    process = started(environ, port, workers=workers)
    try:
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def started(environ: dict[str, str], port: int, *, workers: int = 2) -> "subprocess.Popen[bytes]":
    """The same, once it answers; whoever starts it ends it, with all of its group."""
    threads = 2 if environ.get("DATABASE_URL") else 1  # as `flask serve` has it
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "bench.served:app", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads), "--backlog", "1024"]
    command += ["--respawn-failed-workers", "--log-level", "warning"]
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environ, "PORT": str(port)}, start_new_session=True
    )
    _wait_for(port, process)
    return process


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped at once, code {process.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")
