"""Pages of consents behind the link of an institution's contact: agreeing as the representative, uploading papers."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from app import clock
from app.consents.cover import kinds_for, required_kinds
from app.consents.queries import texts_in_force
from app.consents.scans import keep_scan
from app.errors import N_
from app.files import open_store
from app.signups.institution_consents import agree_for, file_paper, take_back
from app.signups.institution_forms import PaperForm
from app.signups.institution_routes import actor_of, contact_here, frame, speak_their_language
from app.signups.invitation_queries import list_of, row_of
from app.signups.row_versions import version_of
from app.web.access import open_to_all

bp = Blueprint("list_consents", __name__)
bp.before_request(speak_their_language)


@bp.route("/invitations/<secret>/consents", methods=["GET", "POST"])
@open_to_all
def index(secret: str) -> ResponseReturnValue:
    """The texts, and the children whom nobody has answered for yet."""
    contact = contact_here(secret)
    event = contact.invitation.event
    if request.method == "POST":
        # Who answers has the texts before them; another version in the meantime is said so.
        read = {kind: text for kind, _, text in (item.partition(":") for item in request.form.getlist("read"))}
        places = agree_for(
            contact, request.form.getlist("place"), photos="photos" in request.form, read=read,
            now=clock.now(), actor=actor_of(contact),
        )  # fmt: skip
        text = ngettext("Consent for %(num)s child is written down.", "Consents for %(num)s children are written down.",
                        len(places))  # fmt: skip
        flash(text, "ok")
        return redirect(url_for("lists.show", secret=secret), 303)
    owing = [place for place in list_of(contact.invitation) if place.consent_due_at]
    return render_template(
        "signups/institution_consents.html",
        owing=owing,
        texts=texts_in_force(kinds_for(event)),
        required=required_kinds(event),
        **frame(contact),
    )


@bp.route("/invitations/<secret>/people/<place_id>/paper", methods=["GET", "POST"])
@open_to_all
def paper(secret: str, place_id: str) -> ResponseReturnValue:
    """The signed paper of one child."""
    contact, form = contact_here(secret), PaperForm()
    place = row_of(contact.invitation, place_id)
    if form.validate_on_submit():
        store = open_store(current_app.config["TORANGY"])
        key = form.attempt(keep_scan, form.scan.data.read(), store=store)
        if key:
            file_paper(
                contact, place_id, scan_key=key, signed_by=form.signed_by.data or "", photos=bool(form.photos.data),
                version=request.form.get("version", ""), now=clock.now(), actor=actor_of(contact),
            )  # fmt: skip
            flash(gettext(N_("The paper for %(name)s is kept."), name=place.person.short_name), "ok")
            return redirect(url_for("lists.show", secret=secret), 303)
    return render_template(
        "signups/institution_paper.html", form=form, place=place, version=version_of(place), **frame(contact)
    ), form.status


@bp.post("/invitations/<secret>/people/<place_id>/consent/revocation")
@open_to_all
def revocation(secret: str, place_id: str) -> ResponseReturnValue:
    """The representative agrees no longer."""
    contact = contact_here(secret)
    place = take_back(contact, place_id, now=clock.now(), actor=actor_of(contact))
    flash(gettext(N_("The consent for %(name)s is taken back."), name=place.person.short_name), "look")
    return redirect(url_for("lists.show", secret=secret), 303)
