"""Why a plan can't be agreed, or a reason not be kept."""

from app.errors import N_, DomainError


class NothingPlanned(DomainError):
    """An empty plan is none."""

    type = "nothing-planned"
    message = N_("Nothing is planned for this half-year yet. Plan an event first.")


class NoReason(DomainError):
    """No word was written."""

    type = "no-reason"
    message = N_("Say why, in 300 letters at most.")
    status = 422
    field = "text"


class NothingHappened(DomainError):
    """It is neither late nor off."""

    type = "nothing-happened"
    message = N_("This event neither slipped nor was dropped.")
