"""Sizes of an item: reading them from one line, and which of them suits a person. Pure."""

import re
from collections.abc import Sequence
from typing import NamedTuple

LONGEST_SIZE = 10
MOST_SIZES = 30
CHILD, ADULT = "child", "adult"


class Missing(NamedTuple):
    """So many pieces of a thing in a size; an empty size where it has none, or where any would do."""

    thing: str
    size: str
    number: int


def read_sizes(line: str) -> list[str]:
    """ "S, M; L" -> [S, M, L]: each once, in the order given."""
    words = (" ".join(part.split()) for part in re.split(r"[,;\n]", line))
    return list(dict.fromkeys(word for word in words if word))


def size_by_kind(kind: str) -> str:
    """For what comes for children and for adults only: which of the two a person of this kind gets."""
    return CHILD if kind == "child" else ADULT


def suitable(sizes: Sequence[str], *wishes: str) -> str:
    """The first wish that the item comes in, else an empty word; capital letters make no difference."""
    for wish in wishes:
        if wish in sizes:
            return wish
        folded = wish.strip().casefold()
        same = next((size for size in sizes if size.casefold() == folded), "") if folded else ""
        if same:
            return same
    return ""
