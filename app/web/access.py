"""The first gate of a route: who gets as far as the policy. Every view function carries one of these marks."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from app.errors import NotAllowed, NotSignedIn
from app.web.actor import current_actor

P = ParamSpec("P")
R = TypeVar("R")


def open_to_all(view: Callable[P, R]) -> Callable[P, R]:
    """Strangers may come in; says so aloud, so that an unmarked route is a mistake."""
    view.gate = "all"  # type: ignore[attr-defined]
    return view


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Only people who logged in; strangers are sent to log in."""

    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        if not current_actor().is_signed_in:
            raise NotSignedIn
        return view(*args, **kwargs)

    checked.gate = "signed_in"  # type: ignore[attr-defined]
    return checked


def with_role(*roles: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Only people who hold one of the roles somewhere; where exactly is the policy's question."""

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            actor = current_actor()
            if not actor.is_signed_in:
                raise NotSignedIn
            if not actor.has_role(*roles):
                raise NotAllowed
            return view(*args, **kwargs)

        checked.gate = roles  # type: ignore[attr-defined]
        return checked

    return mark
