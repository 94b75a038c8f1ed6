"""Two people correct one figure at the same time: what each changed apart is put together. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Merged:
    """Both corrections in one, and the fields in which they say different things."""

    values: dict[str, Any]
    conflicts: tuple[str, ...]


def merge(base: Values, theirs: Values, mine: Values) -> Merged:
    """What both want of the same figure: whoever changed a field has it; both changed it to the same, or in conflict.

    All three hold the same fields.
    """
    values = {field: theirs[field] if mine[field] == old else mine[field] for field, old in base.items()}
    conflicts = [
        field for field, old in base.items() if mine[field] != old != theirs[field] and mine[field] != theirs[field]
    ]
    return Merged(values, tuple(conflicts))
