"""Who gets a freed seat. Pure: the first party in the queue that fits, again and again until none does."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class WaitingParty:
    """A party in the queue: how many of it wait, and whether it takes fewer seats than that."""

    signup_id: str
    size: int
    accept_fewer: bool = False


@dataclass(frozen=True)
class Promotion:
    """So many seats go to this party."""

    signup_id: str
    seats: int


def promotions(free: int, queue: Sequence[WaitingParty]) -> list[Promotion]:
    """Seats in the order of the queue; a party that doesn't fit is passed over, not split against its will."""
    given = []
    for party in queue:
        if free <= 0:
            break
        if party.size <= free or party.accept_fewer:
            seats = min(party.size, free)
            given.append(Promotion(party.signup_id, seats))
            free -= seats
    return given
