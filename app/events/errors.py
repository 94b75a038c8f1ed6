"""What can stand in the way of an event, as facts; each names the state and the next step."""

from app.errors import N_, DomainError


class StillDraft(DomainError):
    """Only published events have a sign-up to close, or a date that people rely on."""

    type = "event-is-draft"
    message = N_("This event is still a draft. Publish it first.")


class AlreadyPublished(DomainError):
    """It is open to see and to sign up."""

    type = "event-is-published"
    message = N_("This event is published already.")


class SignUpClosed(DomainError):
    """Nobody can sign up now."""

    type = "event-is-closed"
    message = N_("The sign-up of this event is closed already.")


class GoingOn(DomainError):
    """People are there."""

    type = "event-is-running"
    message = N_("This event is going on right now.")


class TookPlace(DomainError):
    """It is history."""

    type = "event-is-completed"
    message = N_("This event has taken place already.")


class IsPostponed(DomainError):
    """It waits for a new date."""

    type = "event-is-postponed"
    message = N_("This event is postponed. Give it a new date and publish it again.")


class IsCancelled(DomainError):
    """People were told; there is no way back."""

    type = "event-is-cancelled"
    message = N_("This event is cancelled for good. Plan a new one instead.")


class NotReady(DomainError):
    """Something is missing before people may see it; the sentence says what."""

    type = "event-not-ready"

    def __init__(self, sentence: str) -> None:
        super().__init__()
        self.message = sentence  # type: ignore[misc]


class NotBegun(DomainError):
    """What hasn't begun can't have taken place."""

    type = "event-not-begun"
    message = N_("This event has not begun yet. You can complete it once it has.")


class StaleForm(DomainError):
    """Saving would overwrite what somebody else changed in between."""

    type = "stale-form"
    message = N_(
        "Somebody changed this event meanwhile. Nothing is saved yet: open the page anew and repeat your change."
    )
    field = "version"


class CapacityBelowSeated(DomainError):
    """Seats that people hold can't be taken away by a number."""

    type = "capacity-below-seated"
    message = N_("%(seated)s seats are taken already. There can't be fewer.")
    field = "capacity"
