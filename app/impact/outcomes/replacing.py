"""Which row took whose place: corrections, and later recounts of the same plants."""

from sqlalchemy import select

from app.db import db
from app.impact.outcomes.models import Outcome


def end_of_chain(outcome: Outcome) -> Outcome:
    """The last correction of this figure; itself where there is none."""
    newest = outcome
    while True:
        correction = db.session.scalar(select(Outcome).where(Outcome.corrects_id == newest.id))
        if correction is None:
            return newest
        newest = correction


def standing_recount(row: Outcome) -> Outcome | None:
    """The count of the same plants that stands now."""
    query = select(Outcome).where(
        Outcome.event_id == row.event_id,
        Outcome.metric == row.metric,
        Outcome.detail == row.detail,
        Outcome.counting(),
    )
    return db.session.scalar(query)


def take_place(old: Outcome, new: Outcome, *, later: bool = True) -> None:
    """`new` counts from now on, in the place of `old`; an earlier recount (not `later`) is only kept beside it.

    Both never stand at once, not even for a moment: the table forbids it of recounts.
    """
    follower = old.replaced_by_id
    new.replaced_by_id = old.id
    db.session.add(new)
    db.session.flush()
    if not later:
        return
    old.replaced_by_id = new.id
    db.session.flush()
    new.replaced_by_id = follower
    db.session.flush()


def what_it_recounted(outcome: Outcome) -> Outcome | None:
    """The recount before this one, which stands again when this one is withdrawn."""
    own = [outcome.id]
    while (corrected := db.session.get_one(Outcome, own[-1]).corrects_id) is not None:
        own.append(corrected)
    query = select(Outcome).where(
        Outcome.replaced_by_id.in_(own), Outcome.id.not_in(own), Outcome.withdrawn_at.is_(None)
    )
    last_first = (Outcome.said_on.desc().nulls_last(), Outcome.recorded_at.desc())
    return db.session.scalars(query.order_by(*last_first).limit(1)).first()
