"""The app as it is served, with two routes beside it that show the server's own limits."""

from flask import Flask, request
from flask.typing import ResponseReturnValue

from app import csrf
from app.web.access import open_to_all, signed_in
from wsgi import app as served


def with_limits(app: Flask) -> Flask:
    """Adds /bench/empty (does nothing) and /bench/account (only loads who is logged in)."""

    @app.route("/bench/empty", methods=["GET", "POST"])
    @open_to_all
    def empty() -> ResponseReturnValue:
        request.get_data()
        return "", 204

    @app.route("/bench/account", methods=["GET", "POST"])
    @signed_in
    def account() -> ResponseReturnValue:
        request.get_data()
        return "", 204

    csrf.exempt(empty)
    csrf.exempt(account)
    return app


app = with_limits(served)
