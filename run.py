#!/usr/bin/env python3
"""Runs, tests, checks and measures Torangy; needs Python 3.11 or newer and nothing else.

    python3 run.py              web, worker and mailbox on this machine, with the Torangy programme as sample data
    python3 run.py test         everything that CI runs; --soak adds what is long; other arguments go to pytest
    python3 run.py check        style, types and fast tests, under a minute
    python3 run.py bench ...    the measurements in bench/
    python3 run.py flask ...    any Flask command: serve, worker, doctor, backup FILE, ...

What is needed goes into .venv, from the hashed locks, and only when they have changed.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
POSIX = os.name == "posix"
PYTHON = VENV / ("bin/python" if POSIX else "Scripts/python.exe")
RUNTIME, DEV = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
FLASK = (PYTHON, "-m", "flask", "--app", ROOT / "wsgi")
IN_CI = bool(os.environ.get("CI"))

SECONDS_TO_ANSWER = 60
SAID_WHY = 2  # a command of ours that refuses ends with this code, after one line that says why
SECONDS_TO_STOP = 10
MAILBOX_OFFSET = 2  # its SMTP port, counted from PORT, as in config.py
DEMO_LOGINS = """
Demo logins, password torangy-demo
  aigul@torangy.example     coordinator
  nurlan@torangy.example    employee with two children
  admin@torangy.example     administrator
"""
FAST = "not slow and not full and not soak and not browser and not postgres"


def main(arguments: list[str]) -> int:
    """One command from the table above; the number is the exit code."""
    commands = {"test": test, "check": check, "bench": bench, "flask": flask}
    if arguments and arguments[0] not in commands:
        asked = arguments[0] in ("-h", "--help", "help")
        print(__doc__, file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    require_python()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell script's `&` would have us ignore it
    try:
        return commands[arguments[0]](arguments[1:]) if arguments else start()
    except KeyboardInterrupt:
        return 130


# --- start -----------------------------------------------------------------------------------------------------


def start() -> int:
    """Everything on one machine until Ctrl-C; the exit code of the first part that fails."""
    port = read_port()
    with_mailbox = not os.environ.get("MAIL_SERVER")
    if port:
        require_free_ports(port, with_mailbox)
    make_ready(RUNTIME)
    if not port:
        return call(*FLASK, "prepare") or 2
    return supervise(port, with_mailbox)


def read_port() -> int | None:
    """Where we shall answer; None for what is no port: `prepare` refuses it, like every other wrong setting."""
    text = os.environ.get("PORT") or "5000"
    return int(text) if text.isdecimal() and 0 < int(text) <= 65535 else None


def require_free_ports(port: int, with_mailbox: bool) -> None:
    needed = {0: "Torangy", **({MAILBOX_OFFSET: "the mailbox"} if with_mailbox else {})}
    for offset, what in needed.items():
        if port + offset <= 65535 and not is_free(port + offset):
            free = f"PORT={port % 60000 + 50} python3 run.py"
            stop_with(f"Port {port + offset}, which {what} needs, is taken by another program. Try another: {free}")


def is_free(port: int) -> bool:
    """Whether nobody answers there and we could."""
    with contextlib.suppress(OSError), socket.create_connection(("localhost", port), timeout=1):
        return False
    with socket.socket() as probe:
        if POSIX:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def supervise(port: int, with_mailbox: bool) -> int:
    """Keep the parts running together: when one ends or a signal comes, all end."""
    asked_to_stop: list[int] = []  # a list, not an exception: nothing comes between a start and its place in children
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, _: asked_to_stop.append(number))
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        return watch(children, asked_to_stop, port, with_mailbox)
    finally:
        stop_children(children, asked_to_stop)


def start_child(*words: str) -> subprocess.Popen[bytes]:
    """A Flask command as the head of its own process group, so that a signal for it reaches its workers too."""
    command = [str(part) for part in (*FLASK, *words)]
    return subprocess.Popen(command, cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL, start_new_session=POSIX)


def watch(children: dict[str, subprocess.Popen[bytes]], asked_to_stop: list[int], port: int, with_mailbox: bool) -> int:
    """The web first and alone, so that somebody who waits for the page has both cores; the rest once it answers."""
    children["serve"] = start_child("serve", "--prepare")
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while not asked_to_stop:
        for name, child in children.items():
            if child.poll() is not None:
                if child.returncode != SAID_WHY:
                    print(f"{name} ended with exit code {child.returncode}; stopping everything.", file=sys.stderr)
                return max(child.returncode, 1)
        if len(children) == 1 and answers(port):
            for name in ("mailbox", "worker") if with_mailbox else ("worker",):
                children[name] = start_child(name)
            print_welcome(port, with_mailbox)
        if len(children) == 1 and time.monotonic() > deadline:
            print(f"serve gave no answer within {SECONDS_TO_ANSWER} s; stopping everything.", file=sys.stderr)
            return 1
        time.sleep(0.1)
    print("\nStopping.", flush=True)
    return 0


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def stop_children(children: dict[str, subprocess.Popen[bytes]], asked_to_stop: list[int]) -> None:
    """Last started, first asked: the worker before the mailbox it delivers to; a second Ctrl-C waits no longer."""
    signals_before = len(asked_to_stop)
    for child in reversed(children.values()):
        signal_group(child, signal.SIGTERM)
        patience = time.monotonic() + SECONDS_TO_STOP
        while child.poll() is None and time.monotonic() < patience and len(asked_to_stop) == signals_before:
            time.sleep(0.05)
        signal_group(child, getattr(signal, "SIGKILL", signal.SIGTERM))
        child.wait()


def signal_group(child: subprocess.Popen[bytes], number: int) -> None:
    if not POSIX:
        child.terminate()
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):  # a group that is gone; macOS says the latter
        os.killpg(child.pid, number)


def print_welcome(port: int, with_mailbox: bool) -> None:
    address = (os.environ.get("BASE_URL") or f"http://localhost:{port}").rstrip("/")
    with_demo = (os.environ.get("TORANGY_DEMO") or "1").lower() in ("1", "true", "yes")
    print(f"\nTorangy   {address}")
    if with_demo and with_mailbox:
        print(f"Mailbox   {address}/mailbox   (all mail is caught there and never leaves this machine)")
    elif with_mailbox:
        print("Mail is caught on this machine and reaches nobody until MAIL_SERVER is set.")
    if with_demo:
        print(DEMO_LOGINS.rstrip())
    print("\nCtrl-C stops all of it.", flush=True)


# --- test, check, bench, flask ---------------------------------------------------------------------------------


def test(arguments: list[str]) -> int:
    """Everything; exit code 0 only if every step passed and, in CI, nothing was skipped."""
    steps = Steps()
    steps.run("dependencies", lambda: make_ready(DEV))
    missing = steps.run("system packages", install_system_packages)
    for marker, package in missing.items():
        print(f"SKIPPED: the {marker} tests, because {package} is missing (on Debian: apt-get install {package}).")
    if missing and IN_CI:
        steps.failed.append("system packages (in CI nothing may be skipped)")
    run_style_and_types(steps)
    left_out = [*missing, *([] if "--soak" in arguments else ["soak"])]
    chosen = ["-m", " and ".join(f"not {marker}" for marker in left_out)] if left_out else []
    ignored = [f"--ignore=tests/{marker}" for marker in missing]
    run_pytest(steps, [*chosen, *ignored, "--durations=30", *(word for word in arguments if word != "--soak")])
    return steps.finish()


def check(arguments: list[str]) -> int:
    """What a developer runs before every commit."""
    steps = Steps()
    steps.run("dependencies", lambda: make_ready(DEV))
    run_style_and_types(steps)
    run_pytest(steps, ["-m", FAST, "--ignore=tests/browser", "--ignore=tests/postgres", *arguments])
    return steps.finish()


def bench(arguments: list[str]) -> int:
    make_ready(RUNTIME)
    return become(PYTHON, "-m", "bench", *arguments)


def flask(arguments: list[str]) -> int:
    make_ready(RUNTIME)
    return become(*FLASK, *arguments)


class Steps:
    """How long each step took and which failed; all are run, so that one round shows everything."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    def run(self, name: str, action: Callable[[], Any]) -> Any:
        """The action's answer; an exit code other than 0 is a failure."""
        print(f"--- {name}", flush=True)
        begun = time.monotonic()
        answer = action()
        self.seconds[name] = time.monotonic() - begun
        if isinstance(answer, int) and answer:
            self.failed.append(name)
        return answer

    def finish(self) -> int:
        print("Seconds: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in self.seconds.items()))
        if self.failed:
            print("FAILED: " + ", ".join(self.failed))
        return 1 if self.failed else 0


def run_style_and_types(steps: Steps) -> None:
    steps.run("ruff check", lambda: call(PYTHON, "-m", "ruff", "check", "--quiet", "."))
    steps.run("ruff format", lambda: call(PYTHON, "-m", "ruff", "format", "--check", "."))
    steps.run("mypy", lambda: call(PYTHON, "-m", "mypy", "--no-error-summary"))


def run_pytest(steps: Steps, arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        fixed = ["-n", "3", "--maxschedchunk=2", f"--junit-xml={report}", "-o", "junit_logging=no"]
        steps.run("pytest", lambda: call(PYTHON, "-m", "pytest", *fixed, *arguments))
        skips = ElementTree.parse(report).iter("skipped") if report.exists() else ()
        if IN_CI and any(skip.get("type") == "pytest.skip" for skip in skips):  # expected failures have another type
            steps.failed.append("pytest (in CI nothing may be skipped)")


def install_system_packages() -> dict[str, str]:
    """{marker: package} of the tests that can't run for want of it; as root on Debian it is installed first."""

    def absent() -> dict[str, str]:
        debian_programs = os.pathsep.join(map(str, Path("/usr/lib/postgresql").glob("*/bin")))
        browsers = ("chromium", "chromium-browser", "google-chrome")
        there = {
            "chromium": any(map(shutil.which, browsers)),
            "postgresql": shutil.which("initdb") or shutil.which("initdb", path=debian_programs),
            "dovecot-imapd": shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin"),
        }
        markers = {"chromium": "browser", "postgresql": "postgres", "dovecot-imapd": "imap"}
        return {markers[package]: package for package in there if not there[package]}

    if absent() and POSIX and os.geteuid() == 0 and shutil.which("apt-get"):
        apt_get("update")
        apt_get("install", "-y", "--no-install-recommends", *absent().values())
    return absent()


def apt_get(*words: str) -> None:
    """Quiet, unless it fails."""
    print("apt-get", *words, flush=True)
    command = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120", *words]
    quiet = environment(DEBIAN_FRONTEND="noninteractive")
    done = subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr.strip(), file=sys.stderr)


# --- what they share -------------------------------------------------------------------------------------------


def require_python() -> None:
    if sys.version_info < (3, 11):
        stop_with(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    if not all(importlib.util.find_spec(name) for name in ("venv", "ensurepip")):
        stop_with("Python's venv is missing. On Debian and Ubuntu: apt-get install python3-venv")


def make_ready(lock: Path) -> None:
    """.venv holds what the lock says, and every translation is compiled."""
    install(lock)
    compile_translations()


def install(lock: Path) -> None:
    """A stamp tells what is there already; the dev lock contains the other one, so it stands for both."""
    stamp = VENV / "installed"
    known = stamp.read_text().splitlines() if PYTHON.exists() and stamp.exists() else []
    python = "python {}.{}".format(*sys.version_info)
    locks = [f"{each.name} {hashlib.sha256(each.read_bytes()).hexdigest()}" for each in {RUNTIME: 1, lock: 1}]
    if {python, *locks} <= set(known):
        return
    print("Installing what the lock says into .venv; the first time takes about a minute ...", file=sys.stderr)
    if python not in known:
        must(sys.executable, "-m", "venv", "--clear", VENV)
        stamp.write_text(f"{python}\n")
    must(PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes", "-r", lock)
    stamp.write_text("\n".join([python, *locks]) + "\n")


def compile_translations() -> None:
    def is_stale(source: Path) -> bool:
        made = source.with_suffix(".mo")
        return not made.exists() or made.stat().st_mtime < source.stat().st_mtime

    if any(map(is_stale, ROOT.glob("translations/*/LC_MESSAGES/*.po"))):
        must(PYTHON, "-m", "babel.messages.frontend", "-q", "compile", "-d", ROOT / "translations")


def must(*command: str | Path) -> None:
    code = call(*command)
    if code:
        stop_with(f"This did not work (exit code {code}): {' '.join(str(part) for part in command)}")


def call(*command: str | Path) -> int:
    """Run to the end, in our folder. Ctrl-C reaches the child by itself; a SIGTERM for us is passed on as one."""
    child = subprocess.Popen([str(part) for part in command], cwd=ROOT, env=environment())
    try:
        code = child.wait()
        return code if code >= 0 else 128 - code
    except (KeyboardInterrupt, SystemExit) as asked:
        if isinstance(asked, SystemExit):
            child.send_signal(signal.SIGINT if POSIX else signal.SIGTERM)
        try:
            child.wait(SECONDS_TO_STOP)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            child.kill()
        raise


def become(*command: str | Path) -> int:
    """Run in the caller's folder (file names are meant from there), in place of this process where that exists."""
    words = [str(part) for part in command]
    settings = environment(PYTHONPATH=os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])))
    if POSIX:
        os.execve(words[0], words, settings)
    return subprocess.run(words, env=settings, check=False).returncode


def environment(**changes: str) -> dict[str, str]:
    """Ours, but modules stay compiled between starts, whatever it says: without that each start takes twice as long."""
    return {**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "", **changes}


def stop_with(message: str) -> None:
    print(message, file=sys.stderr)
    raise SystemExit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
