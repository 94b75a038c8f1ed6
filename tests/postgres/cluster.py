"""A PostgreSQL server of our own for the length of a test run: made, used and thrown away.

The server hangs on a pipe to this process: when we end, however we end, it stops and its folder goes.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

SECONDS_TO_START = 30
SECONDS_TO_STOP = 20
DEBIAN = Path("/usr/lib/postgresql")  # Debian keeps the server's programs there, outside PATH
KEEPER = """
folder=$1; shift
"$@" <&- >>"$folder/log" 2>&1 &
server=$!
read -r _
kill -INT $server
wait $server
rm -rf "$folder"
"""


class NoPostgres(Exception):
    """This machine can't run a cluster; the text says what is missing."""


@contextmanager
def throwaway_cluster(*, durable: bool = False) -> Iterator[str]:
    """The SQLAlchemy URL of the empty database `torangy`, whose user is a superuser and may make more of them.

    Not durable means that nothing is synced to disk: right for tests, wrong for measurements.
    Raises NoPostgres if the server's programs are missing or it doesn't start.
    """
    folder = Path(tempfile.mkdtemp(prefix="torangy-pg-"))
    keeper = None
    try:
        if owner := _owner():
            shutil.chown(folder, owner)
        _make_data(folder)
        port = _free_port()
        keeper = _start(folder, port, durable=durable)
        _make_database(folder, port)
        yield f"postgresql+psycopg://torangy@127.0.0.1:{port}/torangy"
    finally:
        if keeper:
            _stop(keeper)
        shutil.rmtree(folder, ignore_errors=True)


def find_program(name: str) -> str:
    """The path of a PostgreSQL program, the newest version first; raises NoPostgres if there is none."""
    versions = sorted(DEBIAN.glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
    for folder in [*map(str, versions), None]:
        found = shutil.which(name, path=folder)
        if found:
            return found
    raise NoPostgres(f"{name} is missing (on Debian: apt-get install postgresql).")


def _owner() -> str | None:
    """Whom the server runs as: PostgreSQL refuses root."""
    return "postgres" if os.geteuid() == 0 else None


def _environment() -> dict[str, str]:
    """Ours, without the PG... variables that would point its programs elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}


def _make_data(folder: Path) -> None:
    options = ["--username=torangy", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    done = subprocess.run(
        [find_program("initdb"), "-D", folder / "data", *options],
        user=_owner(), group=_owner(), extra_groups=[] if _owner() else None,
        cwd=folder, env=_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise NoPostgres(f"initdb failed: {done.stderr.strip()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(folder: Path, port: int, *, durable: bool) -> subprocess.Popen[bytes]:
    settings: dict[str, object] = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": folder,
        "max_connections": 100,
        "timezone": "UTC",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    options = [f"--{name}={value}" for name, value in settings.items()]
    server = [find_program("postgres"), "-D", str(folder / "data"), *options]
    return subprocess.Popen(
        ["sh", "-c", KEEPER, "keeper", str(folder), *server],
        user=_owner(), group=_owner(), extra_groups=[] if _owner() else None,
        cwd=folder, env=_environment(), stdin=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def _make_database(folder: Path, port: int) -> None:
    """Waits until the server answers."""
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            where = f"host=127.0.0.1 port={port} user=torangy dbname=postgres"
            with psycopg.connect(where, autocommit=True, connect_timeout=2) as connection:
                connection.execute("CREATE DATABASE torangy")
            return
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise NoPostgres(f"The server doesn't answer: {error} {(folder / 'log').read_text()}") from error
            time.sleep(0.05)


def _stop(keeper: subprocess.Popen[bytes]) -> None:
    assert keeper.stdin
    keeper.stdin.close()
    try:
        keeper.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        os.killpg(keeper.pid, 9)
        keeper.wait()
