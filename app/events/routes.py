"""Pages of events: the timetable, one event, and what coordinators plan."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, Actor
from app.attendance.no_shows import blocked_of_family
from app.errors import N_, NotFound
from app.events import forms, words
from app.events.catalogue_routes import bp as catalogue
from app.events.checklist_routes import bp as checklist
from app.events.checklists import overdue_items
from app.events.kind_defaults import BLANK, STARTS, start_named
from app.events.lifecycle import may
from app.events.mail_facts import calendar_facts, event_path
from app.events.models import KINDS, Event
from app.events.operations import (
    close_event,
    complete_event,
    reopen_event,
)
from app.events.periods import local_day
from app.events.plan_forms import begun_with, move_typed, plan_form, zone_chosen
from app.events.planning_queries import event_warnings
from app.events.planning_routes import bp as plans
from app.events.policy import can_manage_event
from app.events.queries import (
    FOR_WHOM,
    Filters,
    all_cities,
    contact_of,
    event_to_manage,
    past_events,
    plan_choices,
    planned_events,
    upcoming_events,
    visible_event,
)
from app.events.question_routes import bp as questions
from app.events.readiness import before_publishing, to_think_of
from app.events.season_routes import bp as season
from app.events.starting import start_event
from app.events.timetable import state_of, time_of, timetable
from app.events.trip_routes import bp as trip
from app.gifts.queries import EventItem, gifts_of
from app.mail.calendar import calendar_feed, calendar_file
from app.mail.letters import sender_from
from app.people.values import SIZES
from app.rosters.change_forms import as_planned, for_other_date
from app.rosters.change_queries import undoable_change
from app.rosters.publishing import publish_event
from app.rosters.replanning import dates_left, save_plan
from app.signups.panel import panel_for
from app.signups.queries import my_states, waiting_counts
from app.web.access import open_to_all, with_role
from app.web.actor import current_actor
from app.web.dates import HOME_ZONE
from app.web.forms import language
from app.web.words import in_language

bp = Blueprint("events", __name__)
bp.register_blueprint(catalogue)
bp.register_blueprint(questions)
bp.register_blueprint(checklist)
bp.register_blueprint(plans)
bp.register_blueprint(season)
bp.register_blueprint(trip)

FEED = 200


@bp.get("/")
@open_to_all
def index() -> ResponseReturnValue:
    """What is on, as a timetable; the filters live in the address."""
    actor, now = current_actor(), clock.now()
    cities = all_cities()
    chosen = _filters({city.slug for city in cities})
    page = upcoming_events(now=now, filters=chosen, cursor=request.args.get("cursor"), hidden=actor.is_signed_in)
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
    hidden = current_actor().is_signed_in
    page = past_events(now=now, filters=chosen, cursor=request.args.get("cursor"), hidden=hidden)
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
        city=in_language(event.site.home.name, language()),
        state=state_of(event, now),
        time=time_of(event),
        blocked=blocked,
        home_cities=[city.name for city in all_cities() if city.slug in event.cities] if event.cities else [],
        gifts=gifts,
        panel=panel_for(event, actor, now, sizes=_sizes(gifts, event), absences=absences),
        waiting=waiting_counts([event.id]).get(event.id, 0) if event.seats_free == 0 else 0,
        contact=contact_of(event) if actor.is_signed_in else None,
        manages=manages,
        **(_planned(event, actor, now) if manages else {}),
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
    now = clock.now()
    return _ics(calendar_file(_calendar_entry(event, now), language(), now=now), "event.ics")


@bp.get("/events.ics")
@open_to_all
def feed() -> ResponseReturnValue:
    """All that is on, for calendars that subscribe."""
    now, cursor, entries = clock.now(), None, list[dict[str, Any]]()
    while True:
        page = upcoming_events(now=now, limit=FEED, cursor=cursor)
        entries += [_calendar_entry(event) for event in page.items if event.date_precision == "minute"]
        cursor = page.next
        if cursor is None:
            break
    return _ics(calendar_feed(entries, language(), name=gettext("Torangy"), now=now), "events.ics")


@bp.get("/planning")
@with_role(COORDINATOR)
def planning() -> ResponseReturnValue:
    """All that the coordinator plans, with what each event still lacks."""
    actor, now = current_actor(), clock.now()
    is_past = request.args.get("past") == "1"
    page = planned_events(actor, now=now, past=is_past, cursor=request.args.get("cursor"))
    late = overdue_items([event.id for event in page.items], today=local_day(now, HOME_ZONE)) if not is_past else {}
    return render_template(
        "events/planning.html",
        late=late,
        rows=[(event, time_of(event), to_think_of(event, now)) for event in page.items],
        cities={city.slug: city.name for city in all_cities()},
        is_past=is_past,
        **_neighbours("events.planning", page.next, {"past": "1" if is_past else None}),
    )


@bp.route("/events/new", methods=["GET", "POST"])
@with_role(COORDINATOR)
def new() -> ResponseReturnValue:
    """A new event: first its kind, then one sheet that is filled in already. It begins as a draft nobody else sees."""
    actor, now = current_actor(), clock.now()
    start = start_named(request.args.get("start")) or (BLANK if request.method == "POST" else None)
    day = request.args.get("day")
    if start is None:
        return render_template("events/kinds.html", starts=STARTS.values(), day=day)
    choices = plan_choices(actor)
    begun = begun_with(start, choices, day=_day_asked(day, now), coordinator_id=actor.person_id)
    form = plan_form(choices, data=begun)
    if form.validate_on_submit():
        event = form.attempt(start_event, form.draft(zone_chosen(form)), start, now=now, actor=actor)
        if event:
            flash(gettext("The draft is saved. Publish it when it is ready."), "ok")
            return redirect(url_for("events.show", event_id=event.id), 303)
    return render_template("events/edit.html", form=form, event=None, choices=choices), form.status


@bp.route("/events/<event_id>/edit", methods=["GET", "POST"])
@with_role(COORDINATOR)
def edit(event_id: str) -> ResponseReturnValue:
    """The same sheet for an event that stands; one date of a series may change the others with it."""
    actor, now = current_actor(), clock.now()
    event = event_to_manage(actor, event_id)
    choices = plan_choices(actor, event)
    form = plan_form(choices, data=forms.typed(event))
    if form.validate_on_submit():
        saved = _save_plan(form, event, now=now, actor=actor)
        if saved:
            return redirect(saved, 303)
    return render_template("events/edit.html", form=form, event=event, choices=choices), form.status


@bp.post("/events/<event_id>/publication")
@with_role(COORDINATOR)
def publication(event_id: str) -> ResponseReturnValue:
    """Everybody sees it. For one that was put off, first a look at whom its new day is told."""
    event = event_to_manage(current_actor(), event_id)
    if event.status == "postponed":
        return redirect(url_for("changes.show", event_id=event_id, to="move", **as_planned(event)), 303)
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


def _planned(event: Event, actor: Actor, now: datetime) -> dict[str, Any]:
    """What only those who plan the event see on its page: what is missing, what is to know, what can be undone."""
    return {
        "missing": before_publishing(event, now) if event.status in ("draft", "postponed") else [],
        "warned": event_warnings(event, now=now, actor=actor),
        "undoable": undoable_change(event.id, now=now),
    }


def _save_plan(form: forms.EventForm, event: Event, *, now: datetime, actor: Actor) -> str | None:
    """Saves the sheet, but for a day that others are told of; returns the page to go on with, None if it can't be."""
    values, all_dates = form.values(zone_chosen(form)), form.apply_to.data == "all"
    asked, before = move_typed(form, event), forms.typed(event)
    moves = form.attempt(save_plan, event, values, all_dates=all_dates, now=now, actor=actor)
    if moves is None:
        return None
    hours = all_dates and any(form[name].data != before[name] for name in ("starts_at", "ends_at"))
    if moves:
        flash(
            gettext("All else is saved. Here is what the new day or place means: nobody is told before you press."),
            "look",
        )
        return url_for("changes.show", event_id=event.id, to="move", all=int(hours) or None, **asked)
    flash(gettext("Saved."), "ok")
    left = (
        dates_left(event, form.starts_at.data or forms.BEGINS, form.ends_at.data or forms.ENDS, now=now)
        if hours
        else []
    )
    if left:
        return url_for("changes.show", event_id=left[0].id, to="move", **for_other_date(left[0], asked))
    return url_for("events.show", event_id=event.id)


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


def _calendar_entry(event: Event, now: datetime | None = None) -> dict[str, Any]:
    """For anybody's calendar: without the coordinator's name, which only those who are signed in read."""
    method = "CANCEL" if event.status == "cancelled" else "PUBLISH"
    settings = current_app.config["TORANGY"]
    ours = {"url": settings.base_url + event_path(event), "organizer_name": ""}
    ours["organizer"] = sender_from(settings.mail_default_sender).address
    return calendar_facts(event, method=method, now=now) | ours


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
    pages = [(N_("Outcomes"), "outcomes.of_event", can_manage_event)]
    if event.status in ("published", "closed"):
        pages.append((N_("Sign up somebody who called"), "signups.someone", can_manage_event))
        pages.append((N_("No letters reach them"), "parties.unreached", can_manage_event))
        pages.append((N_("Invited institutions"), "invitations.index", can_manage_event))
    pages.append((N_("Messages"), "desk.messages.index", can_manage_event))
    pages.append((N_("Tickets"), "tickets.event", can_manage_event))
    pages.append((N_("Hosts and guides"), "hosts.index", can_manage_event))
    if event.lunch:
        pages.append((N_("Lunch"), "lunches.show", can_manage_event))
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
    return url_for("changes.show", event_id=event.id, to="cancel")


def _day_asked(word: str | None, now: datetime) -> date:
    """The day that the calendar named; else the first Saturday that leaves two weeks to plan."""
    try:
        return date.fromisoformat(word or "")
    except ValueError:
        day = (now + timedelta(days=14)).date()
        return day + timedelta(days=(5 - day.weekday()) % 7)


def _sizes(gifts: list[EventItem], event: Event) -> list[str]:
    """The sizes to ask for at sign-up: those of the T-shirt that the event gives, or all where clothing must fit."""
    usual = list(SIZES) if event.asks_size or event.site.ppe else []
    return next((list(item.sizes) for item in gifts if item.slug.startswith("t-shirt")), usual)
