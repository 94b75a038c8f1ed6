"""Flask-Login's loaders: from the cookie's secret, or under /api/ from the bearer token, to the visitor."""

from dataclasses import replace

from flask import Request, current_app, request

from app import clock
from app.access.sessions import actor_of
from app.access.tokens import actor_of_token
from app.web.actor import Visitor

API = "/api/"


def load_visitor(secret: str) -> Visitor | None:
    """The visitor of this secret, None when the session is over.

    Under /api/ a cookie counts for nothing: what needs no CSRF token must not act for whom a browser is logged in as.
    """
    if request.path.startswith(API):
        return None
    actor = actor_of(secret, now=clock.now())
    return Visitor(secret, actor) if actor else None


def load_program(asked: Request) -> Visitor | None:
    """The visitor of a bearer token; answers are in the language that the program asks for, else in its account's."""
    secret = bearer_token(asked)
    if secret is None or not asked.path.startswith(API):
        return None
    actor = actor_of_token(secret, now=clock.now())
    if actor is None:
        return None
    language = asked.accept_languages.best_match(current_app.config["TORANGY"].languages)
    return Visitor("", replace(actor, language=language or actor.language))


def bearer_token(asked: Request) -> str | None:
    """What stands in the Authorization header, None without one."""
    kind, _, secret = asked.headers.get("Authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" and secret.strip() else None
