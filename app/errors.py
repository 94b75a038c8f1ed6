"""A rule said no: the errors that operations raise, each with the sentence to show.

Sentences are English source texts marked with N_ for the translators; the edge translates them for the reader.
"""

from typing import ClassVar


def N_(message: str) -> str:
    """Marks a text for translation without translating it: rules don't know the reader's language."""
    return message


class DomainError(Exception):
    """A rule said no. `type` is stable for programs, `message` % `params` is for people; status is HTTP's."""

    type: ClassVar[str] = "refused"
    title: ClassVar[str] = N_("This is not possible")
    message: ClassVar[str] = N_("This is not possible.")
    status: ClassVar[int] = 409
    field: ClassVar[str | None] = None

    def __init__(self, **params: object) -> None:
        super().__init__(self.message % params if params else self.message)
        self.params = params


class NotFound(DomainError):
    """There is no such thing, or this person may not know of it."""

    type = "not-found"
    title = N_("Not found")
    message = N_("There is nothing here. Perhaps the address is mistyped or the page was removed.")
    status = 404


class NotSignedIn(DomainError):
    """Who asks is not known yet."""

    type = "not-signed-in"
    title = N_("Please log in")
    message = N_("Log in to go on.")
    status = 401


class NotAllowed(DomainError):
    """The person may see this, but not do that."""

    type = "not-allowed"
    title = N_("Not allowed")
    message = N_("You are not allowed to do this. Ask your coordinator.")
    status = 403


class Invalid(DomainError):
    """Fields hold something that can't be: {field: sentence}, each shown beside its field."""

    type = "invalid"
    title = N_("Please correct the marked fields")
    message = N_("Please correct the marked fields.")
    status = 422

    def __init__(self, errors: dict[str, str], **params: object) -> None:
        super().__init__(**params)
        self.errors = errors


def require(allowed: bool) -> None:
    """Raises NotAllowed unless a policy said yes."""
    if not allowed:
        raise NotAllowed
