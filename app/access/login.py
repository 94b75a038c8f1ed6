"""Flask-Login's loader: from the cookie's secret to the visitor."""

from app import clock
from app.access.sessions import actor_of
from app.web.actor import Visitor


def load_visitor(secret: str) -> Visitor | None:
    """The visitor of this secret, None when the session is over."""
    actor = actor_of(secret, now=clock.now())
    return Visitor(secret, actor) if actor else None
