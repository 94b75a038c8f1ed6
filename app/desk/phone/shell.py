"""The app that a phone takes along, as files: what it consists of, and one version for all of it.

Whatever changes in one of them is a new version; a phone has all files of one version, or none.
"""

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from config import ROOT

STATIC = ROOT / "static"
OWN = "desk"
WORKER = "sw.js"
DRESS = ("theme.css", "favicon.svg", "vendor/bootstrap.min.css")
VENDORED = (
    "vendor/idb/index.js",
    "vendor/zxing/reader/index.js",
    "vendor/zxing/share.js",
    "vendor/zxing/zxing_reader.wasm",
)
FONTS = "vendor/noto-sans"


def shell_files() -> list[str]:
    """Names below static/ of every file that the app needs without a network, in a fixed order."""
    own = [path for path in (STATIC / OWN).rglob("*") if path.is_file() and path.name != WORKER]
    fonts = list((STATIC / FONTS).glob("*.woff2"))
    named = [STATIC / name for name in (*DRESS, *VENDORED)]
    return sorted({path.relative_to(STATIC).as_posix() for path in (*own, *fonts, *named) if path.is_file()})


def version_of(names: Sequence[str], more: Iterable[str]) -> str:
    """16 letters that change with any of these files, the worker, or `more` (what is made rather than stored)."""
    stamps = tuple((name, *_stamp(STATIC / name)) for name in (*names, f"{OWN}/{WORKER}"))
    return _digest(stamps, tuple(more))


def worker_text() -> str:
    """The worker, without what the server puts before it."""
    return (STATIC / OWN / WORKER).read_text()


@lru_cache(8)
def _digest(stamps: tuple[tuple[str, int, int], ...], more: tuple[str, ...]) -> str:
    found = hashlib.sha256()
    for name, _, _ in stamps:
        found.update(name.encode() + b"\0" + (STATIC / name).read_bytes())
    for text in more:
        found.update(b"\0" + text.encode())
    return found.hexdigest()[:16]


def _stamp(path: Path) -> tuple[int, int]:
    """Enough to see that a file was changed without reading it."""
    found = path.stat()
    return found.st_mtime_ns, found.st_size
