"""Why an event can't be moved, or a change of it not taken back, as facts."""

from app.errors import N_, DomainError


class NothingMoves(DomainError):
    """The day, the hours and the place are as they were."""

    type = "nothing-moves"
    message = N_("This is the day and the place that it has already.")
    status = 422
    field = "day"


class HasSetOut(DomainError):
    """They are on their way."""

    type = "has-set-out"
    title = N_("They are on their way")
    message = N_(
        "They have set out already. It can't be moved, postponed or cancelled any more: call those on the way."
    )


class IsOver(DomainError):
    """It took place, or nobody knows whether it did."""

    type = "is-over"
    title = N_("It is over")
    message = N_("It is over already. What is over can't be moved, postponed or cancelled.")


class TooLateToUndo(DomainError):
    """The letters are on their way."""

    type = "too-late-to-undo"
    title = N_("The letters have left")
    message = N_("A change can be taken back for 60 seconds. Now its letters have left: make a new change instead.")


class AlreadyUndone(DomainError):
    """Somebody pressed it before."""

    type = "already-undone"
    message = N_("This change is taken back already.")


class ChangedSince(DomainError):
    """Somebody else changed the same thing in between."""

    type = "changed-since"
    message = N_(
        "Somebody changed this event after that. It can't be taken back any more: look at it and change it anew."
    )


class SeatsTakenSince(DomainError):
    """Whoever came in between sits on seats that the undo would need."""

    type = "seats-taken-since"
    message = N_(
        "Seats that came free were taken since by others. It can't be taken back any more: look at the roster first."
    )
