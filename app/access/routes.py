"""Pages of getting in and of one's own login."""

from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, refresh
from flask_login import login_user, logout_user

from app import clock
from app.access.account_routes import bp as accounts
from app.access.codes import ACTIVATION, PASSWORD, person_of_code
from app.access.delegation_routes import bp as delegation
from app.access.devices import device_name
from app.access.errors import CodeEnded
from app.access.forms import (
    ActivationForm,
    ChangePasswordForm,
    ForgottenForm,
    LogInForm,
    NewPasswordForm,
    PinForm,
    SlipForm,
)
from app.access.inviting_routes import bp as inviting
from app.access.joining import (
    activate_by_link,
    activate_by_slip,
    ask_for_password,
    change_password,
    choose_language,
    set_forgotten_password,
)
from app.access.kiosk_door_routes import is_kiosk
from app.access.logging_in import log_in as open_for
from app.access.login import load_visitor
from app.access.pins import set_pin
from app.access.queries import devices_of, tokens_of
from app.access.sessions import end_session, hashed, open_session
from app.access.tokens import revoke_token
from app.accounts.models import Account
from app.db import db
from app.people.models import Person
from app.web.access import open_to_all, signed_in
from app.web.actor import current_actor

bp = Blueprint("access", __name__)
bp.register_blueprint(accounts)
bp.register_blueprint(inviting)
bp.register_blueprint(delegation)
bp.app_template_filter("device_name")(device_name)


@bp.route("/login", methods=["GET", "POST"])
@open_to_all
def log_in() -> ResponseReturnValue:
    """Log in, then go on to where one wanted to go. At a kiosk nobody leaves a password behind."""
    if is_kiosk():
        return redirect(url_for("kiosk.start"), 303)
    if current_actor().is_signed_in and request.method == "GET":
        return redirect(url_for("events.index"), 303)
    if wanted := own_path(request.args.get("next")):
        session["after_login"] = wanted
    form = LogInForm()
    if form.validate_on_submit():
        who, password = str(form.login.data), str(form.password.data)
        secret = form.attempt(open_for, who, password, address=_address(), device=_device(), now=clock.now())
        if secret:
            return _enter(secret)
    return render_template("access/log_in.html", form=form), form.status


@bp.post("/logout")
@open_to_all
def log_out() -> ResponseReturnValue:
    """Ends this device's session."""
    actor = current_actor()
    if actor.session_id:
        end_session(actor.session_id, now=clock.now())
    language = session.get("language")
    logout_user()
    session.clear()
    if language:
        session["language"] = language
    return redirect(url_for("events.index"), 303)


@bp.post("/language")
@open_to_all
def language() -> ResponseReturnValue:
    """The page's language: a person's own from now on, else this browser's."""
    actor, chosen = current_actor(), request.form.get("language", "")
    if chosen in current_app.config["TORANGY"].languages:
        session["language"] = chosen
        if actor.is_signed_in:
            choose_language(chosen, now=clock.now(), actor=actor)
        refresh()
    return redirect(own_path(request.form.get("next")) or url_for("events.index"), 303)


@bp.route("/password/forgotten", methods=["GET", "POST"])
@open_to_all
def forgotten() -> ResponseReturnValue:
    """Asks for a letter with a link; the answer is the same whether somebody is known or not."""
    form = ForgottenForm()
    if form.validate_on_submit():
        ask_for_password(str(form.login.data), address=_address(), now=clock.now())
        flash(gettext("If we know this address or number, a letter is on its way. Its link holds for 3 days."), "ok")
        return redirect(url_for("access.log_in"), 303)
    return render_template("access/forgotten.html", form=form), form.status


@bp.route("/password/<code>", methods=["GET", "POST"])
@open_to_all
def new_password(code: str) -> ResponseReturnValue:
    """The link of the letter about a forgotten password."""
    return _by_link(code, PASSWORD)


@bp.route("/activation/<code>", methods=["GET", "POST"])
@open_to_all
def activate(code: str) -> ResponseReturnValue:
    """The link of the letter that invites."""
    return _by_link(code, ACTIVATION)


@bp.route("/activation", methods=["GET", "POST"])
@open_to_all
def activation() -> ResponseReturnValue:
    """The personnel number and the code of a printed slip."""
    form, now = SlipForm(), clock.now()
    if form.validate_on_submit():
        number, code = str(form.number.data), str(form.code.data)
        account = form.attempt(
            activate_by_slip,
            number,
            code,
            password=str(form.password.data),
            address=_address(),
            now=now,
            pin=form.pin.data or "",
        )
        if account:
            flash(gettext("Welcome! Your login is ready."), "ok")
            return _enter(open_session(account, device=_device(), now=now))
    return render_template("access/activation.html", form=form), form.status


@bp.get("/me")
@signed_in
def mine() -> ResponseReturnValue:
    """One's own data, language, password and devices."""
    return _mine(ChangePasswordForm())


@bp.post("/me/password")
@signed_in
def new_own_password() -> ResponseReturnValue:
    """A new password for oneself; other devices are logged out."""
    form, actor = ChangePasswordForm(), current_actor()
    if form.validate_on_submit():
        present, password = str(form.present.data), str(form.password.data)
        form.attempt(change_password, present, password, address=_address(), now=clock.now(), actor=actor)
        if not form.errors:
            flash(gettext("Your new password holds. All other devices are logged out."), "ok")
            return redirect(url_for("access.mine"), 303)
    return _mine(form)


@bp.post("/me/pin")
@signed_in
def new_own_pin() -> ResponseReturnValue:
    """A PIN for the shared computer at the gate."""
    form, actor = PinForm(prefix="pin-"), current_actor()
    if form.validate_on_submit():
        pin, present = str(form.pin.data), str(form.present.data)
        form.attempt(set_pin, pin, present=present, address=_address(), now=clock.now(), actor=actor)
        if not form.errors:
            flash(gettext("Your PIN holds. At the kiosk you log in with your personnel number and this PIN."), "ok")
            return redirect(url_for("access.mine"), 303)
    return _mine(ChangePasswordForm(formdata=None), form)


@bp.post("/me/devices/<session_id>/logout")
@signed_in
def end_device(session_id: str) -> ResponseReturnValue:
    """Logs another of one's own devices out."""
    end_session(session_id, now=clock.now(), account_id=current_actor().account_id)
    flash(gettext("That device is logged out."), "ok")
    return redirect(url_for("access.mine"), 303)


@bp.post("/me/tokens/<token_id>/revocation")
@signed_in
def end_token(token_id: str) -> ResponseReturnValue:
    """Ends one of one's own keys of programs."""
    revoke_token(token_id, now=clock.now(), actor=current_actor())
    flash(gettext("That key opens nothing any more."), "ok")
    return redirect(url_for("access.mine"), 303)


def own_path(wanted: str | None) -> str | None:
    """The address, if it is a page of ours; a link from outside must not lead on to a stranger's page."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")) or not wanted.isprintable():
        return None
    parts = urlsplit(wanted)
    return None if parts.scheme or parts.netloc else wanted


def _by_link(code: str, purpose: str) -> ResponseReturnValue:
    now = clock.now()
    person = person_of_code(code.replace("\x00", ""), purpose=purpose, now=now)
    if person is None:
        raise CodeEnded
    with_pin = purpose == ACTIVATION and person.personnel_number
    form = ActivationForm() if with_pin else NewPasswordForm()
    if form.validate_on_submit():
        operation = activate_by_link if purpose == ACTIVATION else set_forgotten_password
        more = {"pin": form.pin.data or ""} if isinstance(form, ActivationForm) else {}
        account: Account | None = form.attempt(operation, code, str(form.password.data), now=now, **more)
        if account:
            flash(gettext("Welcome! Your password holds."), "ok")
            return _enter(open_session(account, device=_device(), now=now))
    return render_template("access/new_password.html", form=form, person=person, purpose=purpose), form.status


def _enter(secret: str) -> ResponseReturnValue:
    """The cookie of a logged-in browser, made anew, and on to where the person wanted to go; at a kiosk to its door."""
    if is_kiosk():
        end_session(hashed(secret), now=clock.now())
        return redirect(url_for("kiosk.start"), 303)
    wanted = own_path(session.get("after_login"))
    session.clear()
    session.permanent = True
    login_user(load_visitor(secret))
    return redirect(wanted or url_for("events.index"), 303)


def _mine(form: ChangePasswordForm, pin_form: PinForm | None = None) -> ResponseReturnValue:
    actor, account = current_actor(), db.session.get_one(Account, current_actor().account_id)
    pin_form = pin_form or PinForm(prefix="pin-", formdata=None)
    person = db.session.get_one(Person, actor.person_id)
    devices, tokens = devices_of(str(actor.account_id), now=clock.now()), tokens_of(str(actor.account_id))
    facts = {"person": person, "devices": devices, "tokens": tokens, "pin_set_at": account.pin_set_at}
    page = render_template("access/mine.html", form=form, pin_form=pin_form, **facts)
    return page, max(form.status, pin_form.status)


def _address() -> str:
    return request.remote_addr or ""


def _device() -> str:
    return request.user_agent.string
