"""Why somebody of a bulk action was left out, and what makes a bulk action impossible as a whole."""

from app.errors import N_, DomainError, Invalid


class NobodyPicked(DomainError):
    """No row was ticked, or nobody fits the filter any more."""

    type = "nobody-picked"
    title = N_("Nobody is picked")
    message = N_("Tick somebody on the list first, or choose all who fit the filter.")


class NotSeatedYet(DomainError):
    """A party that waits gets no seat out of its turn; the queue's own reason says why."""

    type = "not-seated-yet"
    message = N_("No seat is free.")


class NotOpen(NotSeatedYet):
    """The event gives no seats."""

    message = N_("The event gives no seats now: it is off, over, or has begun.")


class TooLarge(NotSeatedYet):
    """Not enough seats for all of them."""

    message = N_("Some seats are free, but not enough for the whole party.")


class TooLargeForEvent(NotSeatedYet):
    """It can never fit."""

    message = N_("The party is larger than the whole event. Split it in two.")


class KeptForFirst(NotSeatedYet):
    """Seats are kept for a larger party."""

    message = N_("The free seats are kept for a larger party in front, which was passed over often enough.")


class OthersFirst(NotSeatedYet):
    """Somebody in front would get the seat by the rule."""

    message = N_("Others wait in front of them.")


class IsGone(DomainError):
    """Who withdrew or declined is no part of the event."""

    type = "is-gone"
    message = N_("They withdrew or left the seat to others.")


class TargetFull(DomainError):
    """The group, bus or shift has no room."""

    type = "target-full"
    message = N_("%(name)s is full.")


class SamePlaceAlready(DomainError):
    """Nothing to do."""

    type = "there-already"
    message = N_("They are there already.")


class OutOfReach(DomainError):
    """No letter about them can go anywhere."""

    type = "out-of-reach"
    message = N_("Nobody has an e-mail address for them.")


class HasNoLabel(DomainError):
    """Taking away what isn't there."""

    type = "no-such-label"
    message = N_("They don't have this label.")


class CantSwap(DomainError):
    """Two parties change places only one for one."""

    type = "cannot-swap"
    title = N_("These two can't change places")
    message = N_("One party must have its seats, the other must wait as a whole, and both must be of the same size.")


class IsHereAlready(CantSwap):
    """Somebody who came keeps the seat."""

    type = "is-here-already"
    message = N_("%(name)s was marked as present and keeps the seat.")


def no_such_target() -> Invalid:
    """A group, bus or shift of another event, or none at all."""
    return Invalid({"target": N_("There is no such group, bus or shift at this event.")})
