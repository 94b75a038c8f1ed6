"""Why an approval can't be answered any more."""

from app.errors import N_, DomainError


class ApprovalGone(DomainError):
    """Answered, too late, or nobody waits for it."""

    type = "approval-gone"
    title = N_("Answered already")
    message = N_("Nobody waits for this answer any more.")


class ApprovedAlready(ApprovalGone):
    """Somebody said yes."""

    message = N_("This party was approved already.")


class RefusedAlready(ApprovalGone):
    """Somebody said no."""

    message = N_("This party was refused already; its seats went on.")


class ApprovalLapsed(ApprovalGone):
    """The deadline is over."""

    title = N_("Too late")
    message = N_("The time to answer is over; the seats went on.")


GONE = {"approved": ApprovedAlready, "refused": RefusedAlready, "expired": ApprovalLapsed, "withdrawn": ApprovalGone}
