"""Pages of events: the timetable, one event, and what coordinators plan."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, Actor
from app.attendance.no_shows import blocked_of_family
from app.db import db
from app.errors import N_, NotFound
from app.events import forms, words
from app.events.catalogue_routes import bp as catalogue
from app.events.changing import zone_of
from app.events.drafts import stops_version
from app.events.lifecycle import may
from app.events.mail_facts import calendar_facts, event_path
from app.events.models import KINDS, Event
from app.events.operations import (
    change_stops,
    close_event,
    complete_event,
    create_event,
    reopen_event,
)
from app.events.periods import local_day
from app.events.policy import can_manage_event, can_see_roster
from app.events.queries import (
    FOR_WHOM,
    Filters,
    PlanChoices,
    all_cities,
    contact_of,
    event_to_manage,
    past_events,
    plan_choices,
    planned_events,
    site_named,
    upcoming_events,
    visible_event,
)
from app.events.question_routes import bp as questions
from app.events.readiness import before_publishing, to_think_of
from app.events.timetable import state_of, time_of, timetable
from app.gifts.models import GiftItem
from app.gifts.queries import gifts_of
from app.mail.calendar import calendar_feed, calendar_file
from app.people.models import City
from app.people.queries import institutions
from app.people.values import SIZES
from app.rosters.operations import postpone_event, publish_event
from app.signups.capacity import change_event
from app.signups.panel import panel_for
from app.signups.queries import my_states, waiting_counts
from app.web.access import open_to_all, with_role
from app.web.actor import current_actor
from app.web.forms import language
from app.web.words import in_language

bp = Blueprint("events", __name__)
bp.register_blueprint(catalogue)
bp.register_blueprint(questions)

FEED = 200
SEATS = 40


@bp.get("/")
@open_to_all
def index() -> ResponseReturnValue:
    """What is on, as a timetable; the filters live in the address."""
    actor, now = current_actor(), clock.now()
    cities = all_cities()
    chosen = _filters({city.slug for city in cities})
    page = upcoming_events(now=now, filters=chosen, cursor=request.args.get("cursor"))
    ids = [event.id for event in page.items]
    full = [event.id for event in page.items if event.seats_free == 0]
    return render_template(
        "events/index.html",
        months=timetable(page.items, language(), now=now),
        waiting=waiting_counts(full) if full else {},
        mine=my_states(actor, ids) if actor.person_id else {},
        cities=cities,
        chosen=chosen,
        **_neighbours("events.index", page.next, vars(chosen)),
    )


@bp.get("/events/past")
@open_to_all
def past() -> ResponseReturnValue:
    """What took place, latest first."""
    now, cities = clock.now(), all_cities()
    chosen = _filters({city.slug for city in cities})
    page = past_events(now=now, filters=chosen, cursor=request.args.get("cursor"))
    return render_template(
        "events/past.html",
        months=timetable(page.items, language(), now=now),
        cities=cities,
        chosen=chosen,
        **_neighbours("events.past", page.next, vars(chosen)),
    )


@bp.get("/events/<event_id>")
@open_to_all
def show(event_id: str) -> ResponseReturnValue:
    """One event: facts, the trip, and the sheet to sign up on."""
    actor, now = current_actor(), clock.now()
    event = visible_event(actor, event_id)
    gifts = gifts_of(event.id)
    manages, blocked = can_manage_event(actor, event), blocked_of_family(event, actor, now=now)
    absences = {one.person.id: one.times for one in blocked}
    return render_template(
        "events/show.html",
        event=event,
        city=in_language(db.session.get_one(City, event.site.city).name, language()),
        state=state_of(event, now),
        time=time_of(event),
        blocked=blocked,
        home_cities=[city.name for city in all_cities() if city.slug in event.cities] if event.cities else [],
        gifts=gifts,
        panel=panel_for(event, actor, now, sizes=_sizes(gifts, event), absences=absences),
        waiting=waiting_counts([event.id]).get(event.id, 0) if event.seats_free == 0 else 0,
        contact=contact_of(event) if actor.is_signed_in else None,
        manages=manages,
        missing=before_publishing(event, now) if manages and event.status in ("draft", "postponed") else [],
        links=_desk_links(event, actor) if event.is_visible else [],
        begun=event.starts_at <= now,
        cancel_url=_cancel_page(event),
        may=may,
    )


@bp.get("/events/<event_id>/event.ics")
@open_to_all
def calendar(event_id: str) -> ResponseReturnValue:
    """The event for one's own calendar; there is none while its hour is unknown."""
    event = visible_event(current_actor(), event_id)
    if event.date_precision != "minute":
        raise NotFound
    return _ics(calendar_file(_calendar_entry(event), language(), now=clock.now()), "event.ics")


@bp.get("/events.ics")
@open_to_all
def feed() -> ResponseReturnValue:
    """What is on, for calendars that subscribe."""
    now = clock.now()
    page = upcoming_events(now=now, limit=FEED)
    entries = [_calendar_entry(event) for event in page.items if event.date_precision == "minute"]
    return _ics(calendar_feed(entries, language(), name=gettext("Torangy"), now=now), "events.ics")


@bp.get("/planning")
@with_role(COORDINATOR)
def planning() -> ResponseReturnValue:
    """All that the coordinator plans, with what each event still lacks."""
    actor, now = current_actor(), clock.now()
    is_past = request.args.get("past") == "1"
    page = planned_events(actor, now=now, past=is_past, cursor=request.args.get("cursor"))
    return render_template(
        "events/planning.html",
        rows=[(event, time_of(event), to_think_of(event, now)) for event in page.items],
        cities={city.slug: city.name for city in all_cities()},
        is_past=is_past,
        **_neighbours("events.planning", page.next, {"past": "1" if is_past else None}),
    )


@bp.route("/events/new", methods=["GET", "POST"])
@with_role(COORDINATOR)
def new() -> ResponseReturnValue:
    """A new event on one sheet; it begins as a draft that nobody else sees."""
    actor, now = current_actor(), clock.now()
    choices = plan_choices(actor)
    day = (now + timedelta(days=14)).date()
    saturday = day + timedelta(days=(5 - day.weekday()) % 7)
    form = _event_form(choices, data={"day": saturday, "coordinator_id": actor.person_id, "capacity": SEATS})
    if form.validate_on_submit():
        event = form.attempt(create_event, form.draft(_zone(form)), now=now, actor=actor)
        if event:
            flash(gettext("The draft is saved. Publish it when it is ready."), "ok")
            return redirect(url_for("events.show", event_id=event.id), 303)
    return render_template("events/edit.html", form=form, event=None, choices=choices), form.status


@bp.route("/events/<event_id>/edit", methods=["GET", "POST"])
@with_role(COORDINATOR)
def edit(event_id: str) -> ResponseReturnValue:
    """The same sheet for an event that stands."""
    actor, now = current_actor(), clock.now()
    event = event_to_manage(actor, event_id)
    choices = plan_choices(actor, event)
    form = _event_form(choices, data=forms.typed(event))
    if form.validate_on_submit():
        form.attempt(change_event, event, form.values(_zone(form)), now=now, actor=actor)
        if not form.errors:
            flash(gettext("Saved."), "ok")
            return redirect(url_for("events.show", event_id=event_id), 303)
    return render_template("events/edit.html", form=form, event=event, choices=choices), form.status


@bp.route("/events/<event_id>/stops", methods=["GET", "POST"])
@with_role(COORDINATOR)
def stops(event_id: str) -> ResponseReturnValue:
    """The stops of the trip; "add a stop" only draws one more row."""
    actor, now = current_actor(), clock.now()
    event = event_to_manage(actor, event_id)
    held = {"version": stops_version(event.stops), "stops": [forms.typed_stop(stop, event) for stop in event.stops]}
    form = forms.StopsForm(data=held)
    if "add" in request.form or not form.stops.entries:
        form.stops.append_entry()
    elif form.validate_on_submit():
        version = forms.sent(form.version)
        form.attempt(change_stops, event, form.drafts(event), version=version, now=now, actor=actor)
        if not form.errors:
            flash(gettext("Saved."), "ok")
            return redirect(url_for("events.show", event_id=event_id), 303)
    several_days = event.local_date != local_day(event.ends_at, event.timezone)
    return render_template("events/stops.html", form=form, event=event, several_days=several_days), form.status


@bp.post("/events/<event_id>/publication")
@with_role(COORDINATOR)
def publication(event_id: str) -> ResponseReturnValue:
    """Everybody sees it."""
    return _step(event_id, publish_event, N_("Published. Everybody sees it now."))


@bp.post("/events/<event_id>/closing")
@with_role(COORDINATOR)
def closing(event_id: str) -> ResponseReturnValue:
    """No more sign-ups."""
    return _step(event_id, close_event, N_("Sign-up is closed."))


@bp.post("/events/<event_id>/reopening")
@with_role(COORDINATOR)
def reopening(event_id: str) -> ResponseReturnValue:
    """Sign-ups again."""
    return _step(event_id, reopen_event, N_("Sign-up is open again."))


@bp.post("/events/<event_id>/postponement")
@with_role(COORDINATOR)
def postponement(event_id: str) -> ResponseReturnValue:
    """Not on its day; a new one follows."""
    return _step(event_id, postpone_event, N_("Postponed. Give it a new date, then publish it again."))


@bp.post("/events/<event_id>/completion")
@with_role(COORDINATOR)
def completion(event_id: str) -> ResponseReturnValue:
    """It took place."""
    return _step(event_id, complete_event, N_("It took place. Now record what was achieved."))


@bp.app_template_filter("event_kind")
def _kind(word: str) -> str:
    return gettext(words.KINDS.get(word, word))


@bp.app_template_filter("event_audience")
def _audience(word: str, at_length: bool = False) -> str:
    labels = words.AUDIENCES_AT_LENGTH if at_length else words.AUDIENCES
    return gettext(labels.get(word, word))


@bp.app_template_filter("site_kind")
def _site_kind(word: str) -> str:
    return gettext(words.SITE_KINDS.get(word, word))


@bp.app_template_filter("spoken")
def _spoken(sentence: str) -> str:
    return gettext(sentence)


@bp.app_template_filter("ppe")
def _ppe(word: str) -> str:
    return gettext(words.PPE.get(word, word))


def _filters(cities: set[str]) -> Filters:
    """The filters of the address; words that mean nothing filter nothing."""
    known = {"city": cities, "for_whom": set(FOR_WHOM), "kind": set(KINDS)}
    given = {name: request.args.get(name) for name in known}
    return Filters(**{name: given[name] if given[name] in known[name] else None for name in known})


def _neighbours(endpoint: str, next_cursor: str | None, where: dict[str, str | None]) -> dict[str, str | None]:
    """The addresses of the next page and, from a later one, of the first."""
    values: dict[str, Any] = {name: value for name, value in where.items() if value}
    return {
        "next": url_for(endpoint, cursor=next_cursor, **values) if next_cursor else None,
        "first": url_for(endpoint, **values) if "cursor" in request.args else None,
    }


def _calendar_entry(event: Event) -> dict[str, Any]:
    method = "CANCEL" if event.status == "cancelled" else "PUBLISH"
    return calendar_facts(event, method=method) | {"url": current_app.config["TORANGY"].base_url + event_path(event)}


def _ics(content: bytes, name: str) -> ResponseReturnValue:
    disposition = f'attachment; filename="{name}"'
    return content, {"Content-Type": "text/calendar; charset=utf-8", "Content-Disposition": disposition}


def _step(event_id: str, operation: Callable[..., object], words: str) -> ResponseReturnValue:
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    operation(event, now=clock.now(), actor=actor)
    flash(gettext(words), "ok")
    return redirect(url_for("events.show", event_id=event_id), 303)


def _desk_links(event: Event, actor: Actor) -> list[tuple[str, str]]:
    """Where the day and its report are worked on: (words, address)."""
    pages = [(N_("Roster"), "desk.roster", can_see_roster), (N_("Outcomes"), "impact.outcomes", can_manage_event)]
    if event.status in ("published", "closed"):
        pages.append((N_("Sign up somebody who called"), "signups.someone", can_manage_event))
        pages.append((N_("No letters reach them"), "parties.unreached", can_manage_event))
        pages.append((N_("Invited institutions"), "invitations.index", can_manage_event))
    pages.append((N_("Tickets"), "tickets.event", can_manage_event))
    if event.audience != "employees":
        pages.append((N_("Consents"), "consents.roll.index", can_manage_event))
    if event.people_waiting:
        pages.append((N_("Queue"), "queues.of_event", can_manage_event))
    if event.no_show_limit is not None:
        pages.append((N_("Letters to the coordinator"), "appeals.index", can_manage_event))
    return [
        (gettext(label), url_for(endpoint, event_id=event.id))
        for label, endpoint, allowed in pages
        if endpoint in current_app.view_functions and allowed(actor, event)
    ]


def _cancel_page(event: Event) -> str | None:
    """Where the reason for cancelling is asked; nobody cancels what is over."""
    if event.status in ("completed", "cancelled"):
        return None
    return url_for("rosters.cancellation", event_id=event.id)


def _event_form(choices: PlanChoices, *, data: dict[str, Any]) -> forms.EventForm:
    form = forms.EventForm(data=data)
    spoken = language()
    form.programme_id.choices = forms.offered((p.id, in_language(p.name, spoken)) for p in choices.programmes)
    form.site_id.choices = {
        in_language(city.name, spoken): forms.offered(
            (site.id, in_language(site.name, spoken)) for site in choices.sites if site.city == city.slug
        )
        for city in choices.cities
    }
    people = ((person.id, person.short_name) for person in choices.coordinators)
    form.coordinator_id.choices = forms.offered(people, may_be_none=True)
    invited = ((one.id, in_language(one.name, spoken)) for one in institutions())
    form.institution_id.choices = forms.offered(invited, may_be_none=True)
    form.cities.choices = forms.offered((city.slug, in_language(city.name, spoken)) for city in all_cities())
    return form


def _zone(form: forms.EventForm) -> str:
    return zone_of(site_named(form.site_id.data))


def _sizes(gifts: list[GiftItem], event: Event) -> list[str]:
    """The sizes to ask for at sign-up: those of the T-shirt that the event gives, or all where clothing must fit."""
    usual = list(SIZES) if event.asks_size or event.site.ppe else []
    return next((list(item.sizes) for item in gifts if item.slug.startswith("t-shirt")), usual)
