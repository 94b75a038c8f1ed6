"""Who is asking: unwraps the login proxy once, so that nothing further in sees it."""

from collections.abc import Callable
from dataclasses import replace

from flask import session
from flask_babel import get_locale
from flask_login import UserMixin, current_user

from app.accounts.actor import STRANGER, Actor


class Visitor(UserMixin):
    """What Flask-Login carries: the secret of the session and the actor it stands for."""

    def __init__(self, secret: str, actor: Actor) -> None:
        self.secret = secret
        self.actor = actor

    def get_id(self) -> str:
        """The session's secret; its row says whose it is and until when."""
        return self.secret


def current_actor() -> Actor:
    """The logged-in actor, or a stranger who reads the page's language."""
    actor = getattr(current_user, "actor", None)
    return actor if isinstance(actor, Actor) else replace(STRANGER, language=str(get_locale() or "kk"))


def chosen_language(languages: tuple[str, ...], accepted: Callable[[tuple[str, ...]], str | None]) -> str:
    """A logged-in person's own language; else what this browser chose; else what it asks for; else the first."""
    actor = getattr(current_user, "actor", None)
    if isinstance(actor, Actor) and actor.language in languages:
        return actor.language
    if session.get("language") in languages:
        return str(session["language"])
    return accepted(languages) or languages[0]
