"""Who is due what an event gives: all, children or adults, within an age. Pure.

Presence is asked apart: nobody absent gets anything, whoever comes late does.
"""

from typing import NamedTuple, Protocol

ALL, CHILDREN, ADULTS = "all", "children", "adults"
FOR_WHOM = (ALL, CHILDREN, ADULTS)
OLDEST = 120
OF_AGE = 18  # an adult whose birthday nobody knows is at least so old


class Rule(Protocol):
    """What an event says of one item; a row or a plain value."""

    @property
    def for_whom(self) -> str:
        """All, children or adults."""

    @property
    def min_age(self) -> int | None:
        """In whole years, None for any."""

    @property
    def max_age(self) -> int | None:
        """In whole years, None for any."""


class Due(NamedTuple):
    """The same as a plain value: by default everybody."""

    for_whom: str = ALL
    min_age: int | None = None
    max_age: int | None = None


EVERYBODY = Due()


def is_due(rule: Rule, *, is_child: bool, age: int | None) -> bool:
    """Whether the item is meant for somebody of this age; of a child whose age nobody knows the table decides."""
    if rule.for_whom not in (ALL, CHILDREN if is_child else ADULTS):
        return False
    if age is None and is_child:
        return True
    years = OF_AGE if age is None else age
    if rule.min_age is not None and years < rule.min_age:
        return False
    return rule.max_age is None or years <= rule.max_age or (age is None and rule.max_age >= OF_AGE)
