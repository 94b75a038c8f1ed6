"""A person's own calendar: the page where its secret address is made anew, and the calendar itself."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from app import clock
from app.access.tries import count_miss, require_few_misses
from app.errors import NotFound
from app.events.mail_facts import calendar_facts, event_path
from app.events.models import Event
from app.mail.calendar import calendar_feed
from app.mail.letters import sender_from
from app.people.models import Person
from app.signups.feeds import address_made_at, end_address, events_of, make_address, person_of_address
from app.web.access import open_to_all, signed_in
from app.web.actor import current_actor

bp = Blueprint("feeds", __name__)


@bp.get("/me/calendar")
@signed_in
def mine() -> ResponseReturnValue:
    """Since when one's calendar has an address, and a button for a new one."""
    return render_template("signups/feed.html", made_at=address_made_at(_me()), address=None)


@bp.post("/me/calendar/address")
@signed_in
def renewal() -> ResponseReturnValue:
    """A new address; it is shown this once, so the answer is the page itself."""
    secret = make_address(_me(), now=clock.now(), actor=current_actor())
    address = current_app.config["TORANGY"].base_url + url_for("signups.feeds.feed", token=secret)
    page = render_template("signups/feed.html", made_at=clock.now(), address=address)
    return page, {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


@bp.post("/me/calendar/ending")
@signed_in
def ending() -> ResponseReturnValue:
    """No address any more."""
    end_address(_me(), now=clock.now(), actor=current_actor())
    flash(gettext("The address has ended. Calendars that know it find nothing."), "ok")
    return redirect(url_for(".mine"), 303)


@bp.get("/people/<token>/events.ics")
@open_to_all
def feed(token: str) -> ResponseReturnValue:
    """The calendar of whoever made this address, in their language; nobody is logged in by it."""
    now, address = clock.now(), request.remote_addr or ""
    require_few_misses("calendar", address=address, now=now)
    try:
        person = person_of_address(token)
    except NotFound:  # a guess is counted, then answered as any unknown address
        count_miss("calendar", address=address, now=now)
        raise
    return Response(_file(person), headers=_headers())


def _file(person: Person) -> bytes:
    now, base = clock.now(), current_app.config["TORANGY"].base_url
    with force_locale(person.language):
        name = gettext("My Torangy events")
    facts = [_entry(event, base) for event in events_of(person, now=now)]
    return calendar_feed(facts, person.language, name=name, now=now)


def _entry(event: Event, base: str) -> dict[str, object]:
    method = "CANCEL" if event.status == "cancelled" else "PUBLISH"
    organizer = sender_from(current_app.config["TORANGY"].mail_default_sender).address
    return calendar_facts(event, method=method) | {"url": base + event_path(event), "organizer": organizer}


def _headers() -> dict[str, str]:
    return {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": 'inline; filename="events.ics"',
        "Cache-Control": "private, max-age=900",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
    }


def _me() -> str:
    """Whose page it is; raises NotFound for a login without a person."""
    person_id = current_actor().person_id
    if person_id is None:
        raise NotFound
    return person_id
