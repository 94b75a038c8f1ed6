"""What the code writes into the log, read from the code itself: verbs, and fields whose names stand there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from app.attendance.models import KINDS as MARKS
from app.desk.tables.settling import GIFT_VERBS
from app.desk.trip.settling import VERBS as TRIP_VERBS
from app.gifts.models import ENTRY_KINDS
from app.rosters.change_models import KINDS as CHANGES

_NAMED = re.compile(r"\b(changes|wanted)\b")
# Who writes an act, and which of its arguments is the verb.
NAMES = {"record": 1, "_record": 1, "Act": 0}
APP = Path(__file__).resolve().parents[2] / "app"
# Verbs that are put together when they are written: {the expression: what it can become}.
MADE = {
    "GIFT_VERBS[target.kind]": set(GIFT_VERBS.values()),
    "f'{wanted.kind}_at_once'": {f"{kind}_at_once" for kind in CHANGES},
    "f'mark_{kind}'": {f"mark_{kind}" for kind in MARKS if kind != "undo"},
    "f'mark_{one.kind}'": {f"mark_{kind}" for kind in (*MARKS, "walk_in") if kind != "undo"},
    "VERBS[target.kind]": {*TRIP_VERBS.values()},
    "f'set_{word}'": {"set_shifts", "set_sections", "set_needs"},
    "f'enter_{entry.kind}'": {f"enter_{kind}" for kind in ENTRY_KINDS},
    "f'send_{purpose}_link'": {"send_activation_link", "send_password_link"},
}


def calls() -> Iterator[tuple[Path, ast.Module, ast.Call]]:
    """Every record(...) and Act(...) of the app, and what passes a verb on to one."""
    for path in sorted(APP.rglob("*.py")):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            # mail/recorder.py has a record() of its own, which takes outcomes alone.
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in NAMES and len(node.args) > 1:
                yield path, tree, node


def verbs() -> dict[str, str]:
    """{verb: the file that writes it}; a verb that can't be read stands there as its expression."""
    found: dict[str, str] = {}
    for path, tree, call in calls():
        for verb in _verbs(call.args[NAMES[getattr(call.func, "id", "")]], tree):
            found[verb] = str(path.relative_to(APP))
    return found


def fields() -> dict[str, str]:
    """{field: the file that writes it} of all changes={...} whose names stand in the code."""
    found: dict[str, str] = {}
    for path, tree, _call in calls():
        for node in ast.walk(tree):
            said = node.value if isinstance(node, ast.keyword) and node.arg == "changes" else None
            if isinstance(node, ast.Assign | ast.AnnAssign) and _NAMED.search(ast.unparse(node).split("=")[0]):
                said = node.value
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
                    found[str(target.slice.value)] = str(path.relative_to(APP))
            for part in ast.walk(said) if said is not None else ():
                if isinstance(part, ast.Dict):
                    keys = [str(key.value) for key in part.keys if isinstance(key, ast.Constant)]
                    found |= dict.fromkeys(keys, str(path.relative_to(APP)))
    return found


def _verbs(said: ast.expr, tree: ast.Module) -> set[str]:
    if isinstance(said, ast.Constant):
        return {str(said.value)}
    if isinstance(said, ast.IfExp):
        return _verbs(said.body, tree) | _verbs(said.orelse, tree)
    if isinstance(said, ast.Name):
        return _passed(said.id, tree)
    return MADE.get(ast.unparse(said), {ast.unparse(said)})


def _passed(name: str, tree: ast.Module) -> set[str]:
    """What a variable of this name can be in this file: of a loop, of an assignment, or passed to a parameter."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            found |= _given(node, name, tree)
        elif isinstance(node, ast.For) and name in ast.unparse(node.target):
            found |= {c.value for c in ast.walk(node.iter) if isinstance(c, ast.Constant) and isinstance(c.value, str)}
        elif isinstance(node, ast.Assign) and name == ast.unparse(node.targets[0]):
            found |= _verbs(node.value, tree)
    return found or {name}


def _given(function: ast.FunctionDef, name: str, tree: ast.Module) -> set[str]:
    """What calls in this file pass to a parameter of this name."""
    every, found = [one.arg for one in (*function.args.args, *function.args.kwonlyargs)], set()
    for call in ast.walk(tree) if name in every else ():
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == function.name:
            at = every.index(name)
            given = [one.value for one in call.keywords if one.arg == name] or call.args[at : at + 1]
            found |= {verb for one in given if not isinstance(one, ast.Name) for verb in _verbs(one, tree)}
    return found
