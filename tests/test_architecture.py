"""The house rules that a machine can check. Each failure says what to do instead."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "app"
# From left to right: a room may import only from rooms to its left.
ORDER = (
    "errors clock turns columns sending prepared engines db rows files web audit accounts tasks mail people access "
    "events consents signups rosters attendance gifts desk reminders impact webhooks search history privacy"
).split()
EDGE = {"cli", "worker", "api", "demo", "upkeep", "models", "__init__"}
INNER_FILES = {"models", "operations", "queries", "policy", "mails"}
EDGE_FILES = {"routes", "forms"}
FORBIDDEN_NAMES = {"util", "utils", "helper", "helpers", "common", "manager", "service", "services", "misc", "base"}
FILE_LINES, FUNCTION_LINES, TEMPLATE_LINES = 400, 25, 400
WIRING = {APP / "__init__.py", APP / "desk" / "routes.py"}
# Who acts (Actor) is a plain value that the log writes down and the edge hands in.
MAY_ALSO = {"audit": {"accounts"}, "web": {"accounts"}}


def python_files(folder: Path = APP) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def room_of(path: Path) -> str:
    return path.relative_to(APP).parts[0].removesuffix(".py")


def imports_of(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "app":
                yield from ((f"app.{alias.name}", node.lineno) for alias in node.names)
            else:
                yield node.module, node.lineno


def test_imports_point_only_to_the_left():
    wrong = []
    for path in python_files():
        room = room_of(path)
        if room in EDGE or path.stem in EDGE_FILES or path.stem.endswith("_routes"):
            continue
        for module, line in imports_of(path):
            parts = module.split(".")
            if parts[0] != "app" or len(parts) < 2:
                continue
            other = parts[1]
            allowed = other == room or (other in ORDER and ORDER.index(other) < ORDER.index(room))
            if not allowed and other not in MAY_ALSO.get(room, set()):
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {module}")
    assert not wrong, (
        "These imports point to the right (DESIGN: Direction). Move the operation to the rightmost slice that it "
        "touches, or let the right one read the rows:\n" + "\n".join(wrong)
    )


def test_nothing_imports_the_edge_but_the_wiring():
    wrong = []
    for path in python_files():
        if room_of(path) in EDGE:
            continue
        for module, line in imports_of(path):
            is_edge = re.match(r"app\.(cli|worker|api|demo)\b|app\.[\w.]+\.routes$", module)
            if is_edge and path not in WIRING:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {module}")
    assert not wrong, "Only app/__init__.py may import the edge:\n" + "\n".join(wrong)


def test_rules_know_nothing_of_the_web():
    wrong = []
    for path in python_files():
        room = room_of(path)
        if (
            room in EDGE | {"web", "db", "clock"}
            or path.stem in EDGE_FILES
            or path.stem.endswith(("_routes", "_forms"))
        ):
            continue
        if path.stem not in INNER_FILES and not _is_inner(path):
            continue
        for module, line in imports_of(path):
            if module.split(".")[0] in {"flask", "flask_login", "flask_babel", "flask_wtf", "wtforms", "werkzeug"}:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {module}")
    assert not wrong, "Rules take plain values; the edge reads the request. Pass what is needed in:\n" + "\n".join(
        wrong
    )


def _is_inner(path: Path) -> bool:
    """A file that operations, queries, models or policies of any slice import is inner too."""
    return path.stem in {
        "rules",
        "waiting_list",
        "seating",
        "signing_up",
        "cancelling",
        "capacity",
        "due",
        "changing",
        "lifecycle",
    }


def test_there_is_one_commit():
    hits = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in python_files()
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(r"\.commit\(\)", line)
    ]
    assert len(hits) == 1 and hits[0].startswith("app/db.py:"), (
        f"Only transaction() commits. Wrap the use case in `with transaction():` instead: {hits}"
    )


def test_files_and_functions_stay_small():
    long = []
    for path in [*python_files(), *python_files(ROOT / "bench")]:
        text = path.read_text()
        lines = text.count("\n")
        if lines > FILE_LINES:
            long.append(f"{path.relative_to(ROOT)} has {lines} lines: which nouns live in it? Give each a file")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = [n for n in node.body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))]
                length = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
                if length > FUNCTION_LINES:
                    long.append(
                        f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {length} lines: split it by verb"
                    )
    for path in (ROOT / "templates").rglob("*.html"):
        lines = path.read_text().count("\n")
        if lines > TEMPLATE_LINES:
            long.append(f"{path.relative_to(ROOT)} has {lines} lines: take parts out")
    assert not long, "\n".join(long)


def test_names_say_what_a_file_holds():
    wrong = [
        str(path.relative_to(ROOT))
        for path in python_files()
        if FORBIDDEN_NAMES & set(re.split(r"[_/.]", str(path.relative_to(APP)).lower()))
    ]
    assert not wrong, "Find the noun; there is no utils.py:\n" + "\n".join(wrong)


def test_every_module_opens_with_what_lives_there():
    silent = [
        str(path.relative_to(ROOT))
        for path in [*python_files(), *python_files(ROOT / "bench")]
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent, "Begin with a sentence or two on what lives here:\n" + "\n".join(silent)


def test_slices_init_files_are_empty():
    full = [str(p.relative_to(ROOT)) for p in APP.glob("*/**/__init__.py") if p.read_text().strip()]
    assert not full, "A slice's __init__.py stays empty; import from the file that holds it:\n" + "\n".join(full)


def test_only_the_edge_reads_the_clock():
    wrong = []
    for path in python_files():
        if path.stem in EDGE_FILES or room_of(path) in EDGE | {"clock"} or path.stem.endswith("_routes"):
            continue
        if path.name in {"login.py", "mailbox.py"}:
            continue
        wrong += [
            f"{path.relative_to(ROOT)}:{number}"
            for number, line in enumerate(path.read_text().splitlines(), start=1)
            if re.search(r"datetime\.now\(|utcnow|date\.today\(|clock\.now\(", line)
        ]
    assert not wrong, "Take `now` as an argument; only the edge asks app.clock:\n" + "\n".join(wrong)


@pytest.mark.parametrize("pattern", [r"\bTODO\b", r"\bFIXME\b", r"print\(\"debug"])
def test_nothing_is_left_half_done(pattern: str):
    hits = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in python_files()
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(pattern, line)
    ]
    assert not hits, "\n".join(hits)
