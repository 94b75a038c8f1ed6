"""Two people changed one entry: what only one of them changed is kept, what both changed differently is asked. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Merged:
    """`values` is the entry with both changes; `clashing` names the fields that both changed, each to something else
    (there `values` hold mine); `theirs_kept` those that only the other one changed."""

    values: dict[str, Any]
    clashing: tuple[str, ...] = ()
    theirs_kept: tuple[str, ...] = ()


def merge(before: Values, theirs: Values, mine: Values) -> Merged:
    """Brings both changes of `before` together; all three have the same fields."""
    values, clashing, kept = {}, [], []
    for name, was in before.items():
        i_changed, they_changed = mine[name] != was, theirs[name] != was
        values[name] = mine[name] if i_changed else theirs[name]
        if i_changed and they_changed and mine[name] != theirs[name]:
            clashing.append(name)
        if they_changed and not i_changed:
            kept.append(name)
    return Merged(values, tuple(clashing), tuple(kept))
