"""Which optional letters a reader wants, kind by kind. What is about a seat, a change or a consent always goes."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import Base, db, transaction
from app.errors import N_
from app.mail.models import Suppression
from app.mail.unsubscribing import suppress

# A kind stands here once its letters are queued as optional.
KINDS = {
    "reminder": N_("Reminders before an event"),
    "digest": N_("The coordinators' daily letter"),
}


def wanted_kinds(address: str) -> set[str]:
    """The kinds of optional letters that still go to this address."""
    said = select(Suppression.kind).where(Suppression.address == address.lower(), Suppression.reason != "bounced")
    refused = set(db.session.scalars(said))
    return set() if "" in refused else set(KINDS) - refused


def choose_letters(
    address: str, wanted: Collection[str], *, now: datetime, actor: Actor | None = None, about: Base | None = None
) -> None:
    """From now on just these kinds of optional letters go to this address. Who chooses anew takes a complaint back.

    `about` is the person in whose history it stands, where one is logged in.
    """
    with transaction() as session:
        before = wanted_kinds(address)
        theirs = (Suppression.address == address.lower(), Suppression.reason != "bounced")
        kept = Suppression.kind.in_([kind for kind in KINDS if kind not in wanted])
        session.execute(delete(Suppression).where(*theirs, ~kept).execution_options(synchronize_session=False))
        for kind in KINDS:
            if kind not in wanted:
                suppress(address, "unsubscribed", now=now, kind=kind)
        after = set(KINDS) & set(wanted)
        if actor is not None and about is not None and before != after:
            record(actor, "choose_letters", about, now=now, changes={"letters": (sorted(before), sorted(after))})
