"""The first gate of a route: who gets as far as the policy. Every view function carries one of these marks."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import current_app, g

from app.errors import NotAllowed, NotSignedIn
from app.web.actor import Visitor, current_actor

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


def desk_program(*roles: str, sealed: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Programs of people with one of the roles, and phones that took this very event along; the address names it.

    `sealed` lets those in too that may only hand over what they sealed.
    """

    def mark(view: Callable[P, R]) -> Callable[P, R]:
        by_role = with_role(*roles)(view)

        @wraps(view)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            phone = _asking_phone(str(kwargs["event_id"]))
            if phone is None:
                return by_role(*args, **kwargs)
            if phone.is_drop and not sealed:
                raise NotSignedIn
            g.desk_phone = phone
            if not phone.is_drop:
                # What Flask-Login would have found, had it been a person's cookie or a program's token.
                g._login_user = Visitor("", phone.actor)
            return view(*args, **kwargs)

        checked.gate = roles  # type: ignore[attr-defined]
        return checked

    return mark


def desk_phone() -> Any:
    """The phone that asks, as app/desk/phone/phones.py has it; None for programs and people."""
    return g.get("desk_phone")


def _asking_phone(event_id: str) -> Any:
    """This room knows no phones: the wiring says who does."""
    found: Callable[[str], Any] = current_app.extensions["desk_phones"]
    return found(event_id)
