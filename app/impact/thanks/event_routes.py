"""The coordinator's pages: what an event does afterwards, what its groups brought in, and what people said."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, MANAGEMENT
from app.errors import require
from app.events.models import Event
from app.events.policy import can_manage_event
from app.events.queries import event_to_manage, visible_event
from app.impact.thanks import queries, words
from app.impact.thanks.drawing import drawn
from app.impact.thanks.forms import ThanksForm, show_what_stands, typed_waste, waste_form
from app.impact.thanks.operations import choose_thanks, enter_group_waste, waste_of
from app.impact.thanks.policy import can_read_programme, can_read_results, can_read_words
from app.impact.thanks.small_numbers import LEAST, Tally, summed
from app.impact.thanks.survey import end_survey
from app.web.access import with_role
from app.web.actor import current_actor
from app.web.forms import BaseForm, language

bp = Blueprint("of_events", __name__)
NOTHING = Tally("", {}, {})


@bp.route("/events/<event_id>/thanks", methods=["GET", "POST"])
@with_role(COORDINATOR)
def show(event_id: str) -> ResponseReturnValue:
    """Whether the event thanks by letter and asks how it was, what has left, and what its groups brought in."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    row = queries.thanks_of(event.id)
    is_on = {"letters": not (row and row.letters_off_at), "survey": not (row and row.survey_off_at)}
    form = ThanksForm(data=is_on)
    if form.validate_on_submit():
        chosen = {"letters": form.letters.data, "survey": form.survey.data}
        form.attempt(choose_thanks, event, **chosen, now=clock.now(), actor=actor)
        if not form.errors:
            flash(gettext("Saved."), "ok")
            return redirect(url_for(".show", event_id=event_id), 303)
    return _page(event, form, _waste(event))


@bp.post("/events/<event_id>/thanks/groups")
@with_role(COORDINATOR)
def groups(event_id: str) -> ResponseReturnValue:
    """What each group brought in."""
    actor = current_actor()
    event = event_to_manage(actor, event_id)
    form = _waste(event)
    if form.validate_on_submit():
        typed = typed_waste(form, queries.groups_of(event.id))
        form.attempt(enter_group_waste, event, typed, now=clock.now(), actor=actor)
        if not form.errors:
            flash(gettext("Saved."), "ok")
            return redirect(url_for(".show", event_id=event_id), 303)
        show_what_stands(form, waste_of(event.id))
    row = queries.thanks_of(event.id)
    is_on = {"letters": not (row and row.letters_off_at), "survey": not (row and row.survey_off_at)}
    return _page(event, ThanksForm(formdata=None, data=is_on), form)


@bp.get("/events/<event_id>/survey")
@with_role(COORDINATOR, MANAGEMENT)
def results(event_id: str) -> ResponseReturnValue:
    """What people said, once the survey has ended and five answered, beside the programme's other events."""
    actor = current_actor()
    event = visible_event(actor, event_id)
    require(can_read_results(actor, event))
    trend = queries.tallies_of(event.programme_id)
    tally = next((one.tally for one in trend if one.event.id == event.id), None)
    told = queries.words_said(event.id) if tally and can_read_words(actor, event) else ()
    return render_template(
        "impact/thanks/results.html", event=event, row=queries.thanks_of(event.id), tally=tally, trend=trend,
        drawn=drawn(tally or NOTHING, trend, language=language()), told=told, least=LEAST,
        may_end=can_manage_event(actor, event), answers=queries.answers_so_far(event.id),
    )  # fmt: skip


@bp.post("/events/<event_id>/survey/ending")
@with_role(COORDINATOR)
def ending(event_id: str) -> ResponseReturnValue:
    """Nobody answers any more, and the results are shown."""
    actor = current_actor()
    end_survey(event_to_manage(actor, event_id), now=clock.now(), actor=actor)
    flash(gettext("The questions are closed."), "ok")
    return redirect(url_for(".results", event_id=event_id), 303)


@bp.get("/programmes/<programme_id>/survey")
@with_role(COORDINATOR, MANAGEMENT)
def programme(programme_id: str) -> ResponseReturnValue:
    """The same over a programme's events, perhaps of one year or city alone; sums are over shown events only."""
    actor, year, city = current_actor(), request.args.get("year", ""), request.args.get("city", "")
    of = queries.programme_with_surveys(programme_id)
    require(can_read_programme(actor, of))
    trend = queries.tallies_of(of.id)
    kept = [one for one in trend if _fits(one.event, year, city)]
    total = summed(one.tally for one in kept)
    return render_template(
        "impact/thanks/programme.html", programme=of, trend=kept, tally=total, least=LEAST,
        drawn=drawn(total, kept, language=language()), years=sorted({one.event.local_date.year for one in trend}),
        cities={one.event.site.city: one.event.site.home.name for one in trend}, year=year, city=city,
    )  # fmt: skip


def _fits(event: Event, year: str, city: str) -> bool:
    return year in ("", str(event.local_date.year)) and city in ("", event.site.city)


def _waste(event: Event) -> BaseForm:
    return waste_form(queries.groups_of(event.id), waste_of(event.id), language())


def _page(event: Event, form: ThanksForm, waste: BaseForm) -> ResponseReturnValue:
    row = queries.thanks_of(event.id)
    page = render_template(
        "impact/thanks/event.html", event=event, form=form, waste=waste, row=row, reasons=words.REASONS,
        groups=queries.groups_of(event.id), now=clock.now(), answers=queries.answers_so_far(event.id),
    )  # fmt: skip
    return page, max(form.status, waste.status)
