"""Photos and documents of figures: kept, opened, taken away. Part of the outcomes' blueprint."""

from collections.abc import Sequence

from flask import Blueprint, Response, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app import clock
from app.accounts.actor import COORDINATOR, MANAGEMENT
from app.errors import require
from app.events.queries import visible_event
from app.files import FileStore, open_store
from app.impact.outcomes.models import Outcome, OutcomeFile
from app.impact.outcomes.policy import can_record_outcome
from app.impact.outcomes.proofs import ENDINGS, Proof, add_proofs, remove_proof
from app.impact.outcomes.queries import proof_of
from app.web.access import with_role
from app.web.actor import current_actor

bp = Blueprint("proofs", __name__)


@bp.get("/outcomes/proofs/<proof_id>")
@with_role(COORDINATOR, MANAGEMENT)
def show(proof_id: str) -> Response:
    """The photo or document itself, to be saved: it is opened by the reader's own program, not on our page."""
    file, outcome = proof_of(proof_id)
    visible_event(current_actor(), outcome.event_id)
    response = Response(_store().read(file.key), mimetype=file.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="proof-{file.id}.{ENDINGS[file.media_type]}"'
    return response


@bp.post("/outcomes/proofs/<proof_id>/removal")
@with_role(COORDINATOR)
def remove(proof_id: str) -> ResponseReturnValue:
    """Takes away what was attached by mistake."""
    actor = current_actor()
    file, outcome = proof_of(proof_id)
    require(can_record_outcome(actor, visible_event(actor, outcome.event_id)))
    outcome_id = outcome.id
    remove_proof(file, store=_store(), now=clock.now(), actor=actor)
    flash(gettext("Taken away."), "ok")
    return redirect(url_for("outcomes.entry", outcome_id=outcome_id), 303)


def keep_proofs(outcome: Outcome, proofs: Sequence[Proof], *, required: bool = False) -> list[OutcomeFile]:
    """Keeps what was sent with a figure; nothing at all is fine unless `required`."""
    if not proofs and not required:
        return []
    return add_proofs(outcome, proofs, store=_store(), now=clock.now(), actor=current_actor())


def _store() -> FileStore:
    return open_store(current_app.config["TORANGY"])
