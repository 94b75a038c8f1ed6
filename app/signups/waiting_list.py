"""Who gets a freed seat. Pure: the first party in the queue that fits, with a limit to how often one is passed over.

A larger party is passed over by at most `pass_limit` others; then free seats are kept for it until it fits. Who came
earlier was passed over at least as often as who came later, so the first that waits decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Member:
    """One who waits, in the party's order of preference."""

    is_minor: bool = False
    is_escort: bool = False


@dataclass(frozen=True)
class WaitingParty:
    """A party in the queue: how many of it wait, whether it takes fewer seats, how many others were let by.

    `members` need be known only of parties that take fewer; `has_adult` and `has_child` speak of those already seated.
    """

    signup_id: str
    size: int
    accept_fewer: bool = False
    passed_over: int = 0
    members: Sequence[Member] = field(default=())
    has_adult: bool = False
    has_child: bool = False


@dataclass(frozen=True)
class Promotion:
    """These of the party, by their place in its order, get seats."""

    signup_id: str
    chosen: tuple[int, ...]

    @property
    def seats(self) -> int:
        """How many."""
        return len(self.chosen)


def promotions(
    free: int, queue: Sequence[WaitingParty], *, pass_limit: int, capacity: int | None = None
) -> list[Promotion]:
    """Seats in the order of the queue; a party that doesn't fit is passed over, as long as the limit allows it.

    A party larger than the whole event (`capacity`) can never fit and holds nobody up.
    """
    given: list[Promotion] = []
    most_passed: int | None = None
    for party in queue:
        if free <= 0 or is_held(most_passed, pass_limit):
            break
        chosen = seats_for(party, free)
        if chosen:
            given.append(Promotion(party.signup_id, chosen))
            free -= len(chosen)
            most_passed = None if most_passed is None else most_passed + 1
        elif can_ever_fit(party, capacity):
            most_passed = max(party.passed_over, most_passed or 0)
    return given


def is_held(most_passed: int | None, pass_limit: int) -> bool:
    """Whether somebody in front was let down often enough, so that the seats are kept for them."""
    return most_passed is not None and most_passed >= pass_limit


def can_ever_fit(party: WaitingParty, capacity: int | None) -> bool:
    """Whether the event is large enough for the party at all."""
    return party.accept_fewer or capacity is None or party.size <= capacity


def seats_for(party: WaitingParty, free: int) -> tuple[int, ...]:
    """Which of the party get seats when so many are free: all, or of a party that takes fewer the first that may."""
    if party.size <= free:
        return tuple(range(party.size))
    return fewer(party, free) if party.accept_fewer and free > 0 else ()


def fewer(party: WaitingParty, free: int) -> tuple[int, ...]:
    """As many as there are seats, in the party's order; a child never without an adult who came along."""
    members = party.members or [Member()] * party.size
    adults = [index for index, member in enumerate(members) if not member.is_minor]
    for count in range(min(free, len(members)), 0, -1):
        first = tuple(range(count))
        with_adult = tuple(sorted({*first[: count - 1], adults[0]})) if adults else ()
        for chosen in (first, with_adult):
            if chosen and _goes_well(party, members, chosen):
                return chosen
    return ()


def _goes_well(party: WaitingParty, members: Sequence[Member], chosen: Sequence[int]) -> bool:
    """No child is left to strangers, no escort comes for nobody."""
    going = [members[index] for index in chosen]
    children = [member for member in going if member.is_minor]
    adults = [member for member in going if not member.is_minor]
    party_has_adult = party.has_adult or any(not member.is_minor for member in members)
    if children and party_has_adult and not (adults or party.has_adult):
        return False
    only_escorts = all(member.is_escort for member in going)
    return not only_escorts or bool(children) or party.has_child
