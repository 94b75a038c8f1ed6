"""The shared computer's own pages: its gate, the screen to log in on, and the way out that forgets everybody.

Whoever stands there isn't logged in to the rest of the site: their secret lies under its own name in the cookie, and
`current_actor()` knows nothing of it.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import (
    Blueprint,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import logout_user

from app import clock
from app.access.errors import NotAKiosk
from app.access.forms import EnrolmentForm, KioskLogInForm
from app.access.kiosk_sessions import Visit, log_in_at_kiosk, visit_of
from app.access.kiosks import enrol, kiosk_of
from app.access.models import Kiosk
from app.access.sessions import end_session
from app.errors import N_
from app.web.access import open_to_all
from app.web.actor import current_actor
from app.web.navigation import Link

bp = Blueprint("kiosk", __name__)

P = ParamSpec("P")
VISIT = "kiosk_visit"
COOKIE_LASTS = 400 * 24 * 3600  # the longest that browsers keep one; renewed with every log-in


def at_kiosk(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Only people logged in at an enrolled computer within the last half minute; each step gives another."""

    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        visit = visit_of(session.get(VISIT), this_kiosk(), now=clock.now())
        if visit is None:
            _forget()
            return redirect(url_for("kiosk.start"), 303)
        g.visit = visit
        return view(*args, **kwargs)

    checked.gate = "kiosk"  # type: ignore[attr-defined]
    return checked


def this_kiosk() -> Kiosk:
    """The kiosk that this browser is; raises NotAKiosk (403)."""
    kiosk = kiosk_of(request.cookies.get(cookie_name()), now=clock.now())
    if kiosk is None:
        raise NotAKiosk
    return kiosk


def is_kiosk() -> bool:
    """Whether this browser is a kiosk: nobody leaves an ordinary log-in behind on it."""
    return kiosk_of(request.cookies.get(cookie_name()), now=clock.now()) is not None


def visit() -> Visit:
    """Who stands here, behind the gate."""
    found: Visit = g.visit
    return found


def cookie_name() -> str:
    """Over TLS the browser itself keeps others from setting it."""
    return "__Host-torangy-kiosk" if current_app.config["TORANGY"].is_https else "torangy-kiosk"


@bp.app_context_processor
def _way_back() -> dict[str, object]:
    """Pages of the site that a kiosk's pages link to (a consent to read) lead back to the kiosk, soon by themselves."""
    if request.path.startswith("/kiosk") or cookie_name() not in request.cookies or not is_kiosk():
        return {}
    url = url_for("kiosk.start")
    return {"nav": [Link(gettext(N_("Kiosk")), url, False)], "foot": [], "kiosk_url": url}


@bp.get("/kiosk")
@open_to_all
def start() -> ResponseReturnValue:
    """The language, the number, the PIN; on any other computer, what a kiosk is."""
    try:
        kiosk = this_kiosk()
    except NotAKiosk as refusal:
        return render_template("kiosk/no_kiosk.html", form=EnrolmentForm(formdata=None)), refusal.status
    if visit_of(session.get(VISIT), kiosk, now=clock.now()):
        return redirect(url_for("kiosk_signups.events"), 303)
    return render_template("kiosk/start.html", form=KioskLogInForm(formdata=None), kiosk=kiosk)


@bp.post("/kiosk")
@open_to_all
def log_in() -> ResponseReturnValue:
    """Number and PIN become half a minute of one's own."""
    form, kiosk, now = KioskLogInForm(), this_kiosk(), clock.now()
    if form.validate_on_submit():
        secret = form.attempt(log_in_at_kiosk, kiosk, str(form.number.data), str(form.pin.data), now=now)
        if secret:
            return _enter(secret, kiosk)
    return render_template("kiosk/start.html", form=form, kiosk=kiosk), form.status


@bp.post("/kiosk/presence")
@at_kiosk
def presence() -> ResponseReturnValue:
    """Somebody touched the screen: another half minute."""
    return jsonify(seconds=visit().seconds)


@bp.post("/kiosk/end")
@open_to_all
def end() -> ResponseReturnValue:
    """Done: nothing of the person is left, here or on the server."""
    found = visit_of(session.get(VISIT), this_kiosk(), now=clock.now())
    if found:
        end_session(found.session_id, now=clock.now())
    _forget()
    return redirect(url_for(".start"), 303)


@bp.route("/kiosk/enrolment", methods=["GET", "POST"])
@open_to_all
def enrolment() -> ResponseReturnValue:
    """The code that the coordinator was shown makes this browser a kiosk; whoever was logged in here is no longer."""
    form, now, actor = EnrolmentForm(), clock.now(), current_actor()
    if form.validate_on_submit():
        secret = form.attempt(enrol, str(form.code.data), address=request.remote_addr or "", now=now, actor=actor)
        if secret:
            if actor.session_id:
                end_session(actor.session_id, now=now)
            logout_user()
            session.clear()
            return _with_cookie(redirect(url_for(".start"), 303), secret)
    if request.method == "GET":
        form.code.data = request.args.get("code", "")[:40]
    return render_template("kiosk/enrolment.html", form=form), form.status


def _enter(secret: str, kiosk: Kiosk) -> ResponseReturnValue:
    """A new cookie for who begins here, in the language chosen on this screen or else the person's own."""
    language = session.get("language")
    session.clear()
    session[VISIT] = secret
    found = visit_of(secret, kiosk, now=clock.now())
    session["language"] = language or (found.actor.language if found else "kk")
    answer = redirect(url_for("kiosk_signups.events"), 303)
    return _with_cookie(answer, request.cookies[cookie_name()])


def _with_cookie(answer: ResponseReturnValue, secret: str) -> ResponseReturnValue:
    response = make_response(answer)
    is_https = current_app.config["TORANGY"].is_https
    response.set_cookie(
        cookie_name(), secret, max_age=COOKIE_LASTS, secure=is_https, httponly=True, samesite="Lax", path="/"
    )
    return response


def _forget() -> None:
    """Empties the cookie but for the token of the forms that are still open on the screen."""
    token = session.get("csrf_token")
    session.clear()
    if token:
        session["csrf_token"] = token
