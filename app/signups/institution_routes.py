"""Pages behind the link of an institution's contact: its list, names, files. Whoever holds the link may; no account.

Everything is looked up through the link's invitation; of any other list nothing is visible.
"""

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext, refresh

from app import clock
from app.accounts.actor import Actor
from app.errors import N_, DomainError
from app.people.forms import heading_of
from app.people.names import child_key
from app.rosters.tickets import PER_SHEET, tickets_of_event
from app.signups.institution_answers import unanswered
from app.signups.institution_forms import EscortForm, FileForm, PupilForm, RowsForm, entry_of
from app.signups.institution_report import Report, report_of
from app.signups.institution_roster import (
    change_row,
    name_from_file,
    name_known,
    name_person,
    remove_row,
    replace_row,
)
from app.signups.invitation_queries import contact_of_secret, known_people, list_of, progress_of, row_of
from app.signups.models import InvitationContact, Place
from app.signups.qr import qr_path
from app.signups.row_versions import version_of
from app.web.access import open_to_all
from app.web.actor import current_actor

bp = Blueprint("lists", __name__)

PersonForm = EscortForm | PupilForm


@bp.before_request
def speak_their_language() -> None:
    """The contact's own language, until this browser chooses another."""
    secret = (request.view_args or {}).get("secret")
    if secret is None or current_actor().is_signed_in or "language" in session:
        return
    try:
        session["language"] = contact_of_secret(secret, now=clock.now()).language
    except DomainError:
        return  # the page itself says why
    refresh()


@bp.get("/invitations/<secret>")
@open_to_all
def show(secret: str) -> ResponseReturnValue:
    """The list and what is missing; printed, it is the list to take along."""
    contact = contact_here(secret)
    invitation = contact.invitation
    return render_template(
        "signups/institution.html",
        rows=list_of(invitation),
        unanswered=unanswered(invitation),
        **frame(contact),
    )


@bp.route("/invitations/<secret>/escorts/new", methods=["GET", "POST"])
@open_to_all
def new_escort(secret: str) -> ResponseReturnValue:
    """One more adult who leads the children."""
    return _new(secret, EscortForm, "other")


@bp.route("/invitations/<secret>/pupils/new", methods=["GET", "POST"])
@open_to_all
def new_pupil(secret: str) -> ResponseReturnValue:
    """One more child, typed in or picked from those who came before."""
    return _new(secret, PupilForm, "child")


@bp.post("/invitations/<secret>/known")
@open_to_all
def known(secret: str) -> ResponseReturnValue:
    """People whom the institution brought before, as ticked."""
    contact = contact_here(secret)
    chosen = request.form.getlist("person")[:500]
    places = name_known(contact, chosen, now=clock.now(), actor=actor_of(contact))
    flash(ngettext("%(num)s person is on the list.", "%(num)s people are on the list.", len(places)), "ok")
    return _back(secret)


@bp.route("/invitations/<secret>/file", methods=["GET", "POST"])
@open_to_all
def file(secret: str) -> ResponseReturnValue:
    """A spreadsheet of pupils: chosen, then looked through row by row. Nothing is changed yet."""
    contact, form = contact_here(secret), FileForm()
    report, rows = None, ""
    if form.validate_on_submit():
        looked = form.attempt(form.check, form.file.data.read(), today=clock.now().date())
        if looked:
            checked, rows = looked
            report = _report(contact, checked)
    return render_template(
        "signups/institution_file.html", form=form, report=report, rows=rows, why=_why, **frame(contact)
    ), form.status


@bp.post("/invitations/<secret>/file/rows")
@open_to_all
def file_rows(secret: str) -> ResponseReturnValue:
    """Adds the rows that were looked through, but for those refused."""
    contact, form = contact_here(secret), RowsForm()
    form.validate()
    entries = [entry_of(one) for one in form.check(today=clock.now().date()) if not one.refusals]
    others = [int(number) for number in request.form.getlist("another") if number.isdecimal() and len(number) < 9]
    places, passed = name_from_file(contact, entries, others=others, now=clock.now(), actor=actor_of(contact))
    text = ngettext("%(num)s child was added.", "%(num)s children were added.", len(places))
    if passed:
        text += " " + gettext(N_("On the list already: %(num)s."), num=passed)
    flash(text, "ok" if places else "look")
    return _back(secret)


@bp.route("/invitations/<secret>/people/<place_id>", methods=["GET", "POST"])
@open_to_all
def row(secret: str, place_id: str) -> ResponseReturnValue:
    """One person of the list: correcting, replacing, taking off."""
    contact = contact_here(secret)
    place = row_of(contact.invitation, place_id)
    form = _form_of(place, contact)
    if form.validate_on_submit():
        done = form.attempt(
            change_row, contact, place_id, form.values(), version=_version(), now=clock.now(), actor=actor_of(contact)
        )
        if done:
            flash(gettext(N_("Saved.")), "ok")
            return _back(secret)
    # Where somebody was faster, the page is drawn anew: with what was typed, and with what stands there now.
    return render_template(
        "signups/institution_row.html", form=form, place=place, version=version_of(place), **frame(contact)
    ), form.status


@bp.post("/invitations/<secret>/people/<place_id>/removal")
@open_to_all
def removal(secret: str, place_id: str) -> ResponseReturnValue:
    """Takes somebody off the list."""
    contact = contact_here(secret)
    name = row_of(contact.invitation, place_id).person.short_name
    remove_row(contact, place_id, version=_version(), now=clock.now(), actor=actor_of(contact))
    flash(gettext(N_("%(name)s is taken off the list."), name=name), "ok")
    return _back(secret)


@bp.route("/invitations/<secret>/people/<place_id>/replacement", methods=["GET", "POST"])
@open_to_all
def replacement(secret: str, place_id: str) -> ResponseReturnValue:
    """Somebody else takes this seat."""
    contact = contact_here(secret)
    place = row_of(contact.invitation, place_id)
    form = _form(EscortForm if place.role == "escort" else PupilForm, contact)
    if form.validate_on_submit():
        done = form.attempt(
            replace_row, contact, place_id, form.entry(), version=_version(), is_another=bool(form.is_another.data),
            now=clock.now(), actor=actor_of(contact),
        )  # fmt: skip
        if done:
            flash(gettext(N_("%(name)s is on the list."), name=done.person.short_name), "ok")
            return _back(secret)
    return render_template(
        "signups/institution_person.html", form=form, place=place, version=version_of(place), known=[], **frame(contact)
    ), form.status


@bp.get("/invitations/<secret>/tickets")
@open_to_all
def tickets(secret: str) -> ResponseReturnValue:
    """The tickets of the whole list, six to a page."""
    contact = contact_here(secret)
    event, ids = contact.invitation.event, [place.id for place in list_of(contact.invitation)]
    found = tickets_of_event(event, place_ids=ids)[0] if ids else []
    return render_template(
        "signups/institution_tickets.html", tickets=found, per_sheet=PER_SHEET, qr_path=qr_path, **frame(contact)
    )


def contact_here(secret: str) -> InvitationContact:
    """Whose link this is; raises NotFound, InvitationOver."""
    return contact_of_secret(secret, now=clock.now())


def actor_of(contact: InvitationContact) -> Actor:
    """Who acts: no account, a name, and the language in which the page was read."""
    return replace(Actor(name=contact.name), language=current_actor().language)


def frame(contact: InvitationContact) -> dict[str, Any]:
    """What every page of the list shows; the secret that its addresses need."""
    invitation, now = contact.invitation, clock.now()
    return {
        "secret": (request.view_args or {})["secret"],
        "contact": contact,
        "invitation": invitation,
        "event": invitation.event,
        "progress": progress_of([invitation])[invitation.id],
        "names_open": now < invitation.names_due_at,
        "is_ahead": now < invitation.event.starts_at and invitation.event.status in ("published", "closed"),
    }


def _new(secret: str, kind: type[PersonForm], of_kind: str) -> ResponseReturnValue:
    contact = contact_here(secret)
    form = _form(kind, contact)
    if form.validate_on_submit():
        place = form.attempt(
            name_person, contact, form.entry(), is_another=bool(form.is_another.data),
            now=clock.now(), actor=actor_of(contact),
        )  # fmt: skip
        if place:
            flash(gettext(N_("%(name)s is on the list."), name=place.person.short_name), "ok")
            return redirect(request.path, 303)
    people = known_people(contact.invitation, of_kind)
    page = render_template(
        "signups/institution_person.html", form=form, place=None, version="", known=people, **frame(contact)
    )
    return page, form.status


def _form(kind: type[PersonForm], contact: InvitationContact, **data: Any) -> PersonForm:
    form = kind(today=clock.now().date(), **data)
    form.asking(contact.invitation.event)
    return form


def _form_of(place: Place, contact: InvitationContact) -> PersonForm:
    person = place.person
    data: dict[str, Any] = {name: getattr(person, name) for name in ("surname", "given_name", "patronymic", "phone")}
    data |= {"school_class": person.school_class, "tshirt_size": place.tshirt_size, "diet": place.diet}
    data |= {"medical_note": place.medical_note or ""}
    data["birth_date"] = person.birth_date.strftime("%d.%m.%Y") if person.birth_date else ""
    return _form(EscortForm if place.role == "escort" else PupilForm, contact, data=data)


def _version() -> str:
    return request.form.get("version", "")


def _report(contact: InvitationContact, checked: list[Any]) -> Report:
    listed = {_key(place.person) for place in list_of(contact.invitation)}
    before = {_key(person) for person in known_people(contact.invitation, "child")}
    entries = [entry_of(one) for one in checked if not one.refusals]
    return report_of(checked, entries, listed=listed, known=before)


def _key(person: Any) -> str:
    return child_key(person.surname, person.given_name, person.birth_date)


def _why(refusal: Any) -> str:
    """The column and the sentence of a refused cell."""
    text = gettext(refusal.why)
    sentence = text % refusal.params if refusal.params else text
    return f"{heading_of('children', refusal.field)}: {sentence}"


def _back(secret: str) -> ResponseReturnValue:
    return redirect(url_for("lists.show", secret=secret), 303)
