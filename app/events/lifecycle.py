"""From draft to completed: which step leads from which state where. Pure."""

from app.errors import DomainError
from app.events import errors

# step: (states that it starts from, the state that it leads to)
STEPS = {
    "publish": (("draft", "postponed"), "published"),
    "close": (("published",), "closed"),
    "reopen": (("closed",), "published"),
    "postpone": (("published", "closed"), "postponed"),
    "complete": (("draft", "published", "closed", "running"), "completed"),
    "change": (("draft", "published", "closed", "running", "completed", "postponed"), None),
}
WHY_NOT: dict[str, type[DomainError]] = {
    "draft": errors.StillDraft,
    "published": errors.AlreadyPublished,
    "closed": errors.SignUpClosed,
    "running": errors.GoingOn,
    "completed": errors.TookPlace,
    "postponed": errors.IsPostponed,
    "cancelled": errors.IsCancelled,
}


def after(step: str, status: str) -> str:
    """The state after this step; raises the error that names the present state when the step can't be taken from it."""
    starts_from, leads_to = STEPS[step]
    if status not in starts_from:
        raise WHY_NOT[status]
    return leads_to or status


def may(step: str, status: str) -> bool:
    """Whether a page should offer the step."""
    return status in STEPS[step][0]
