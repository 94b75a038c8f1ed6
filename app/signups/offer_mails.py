"""Letters about offers: a seat is held for you, the time for an answer is over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.db import db
from app.events.mail_facts import event_facts
from app.mail.outbox import Recipient, cancel_mails, mail_row, post
from app.signups.answer_links import offer_path
from app.signups.models import Offer, Place, SignUp
from app.signups.readers import deciders, named_to, who


def mail_offered(signup: SignUp, places: Sequence[Place], offer: Offer, *, now: datetime) -> None:
    """A seat is held for you until then: to the leader and the children's guardians, each with a link of their own."""
    more = {"expires_at": offer.expires_at.isoformat()}
    rows = []
    for reader in deciders(signup, places):
        key = f"signup:offer:{places[0].id}:{offer.id}:{who(reader)}"
        own = {**more, "url": offer_path(offer, reader)}
        row = _row("offer", signup, places, reader, key=key, more=own, now=now)
        rows.append(row | {"expires_at": offer.expires_at})
    post(rows)


def take_offer_back(offer: Offer, *, now: datetime) -> None:
    """It was answered: the other parent's letter, if it has not left yet, asks nothing any more."""
    cancel_mails(now=now, event_id=offer.signup.event_id, about=[offer.id])


def mail_offer_expired(signup: SignUp, places: Sequence[Place], *, now: datetime) -> None:
    """The time to answer is over and the seat went on; says how to stand in the queue again."""
    offer_id = db.session.scalar(
        select(Offer.id).where(Offer.signup_id == signup.id).order_by(Offer.made_at.desc(), Offer.id).limit(1)
    )
    more, start = {"url": f"/events/{signup.event_id}"}, f"signup:offer_expired:{places[0].id}:{offer_id}"
    rows = [
        _row("offer_expired", signup, places, reader, key=f"{start}:{who(reader)}", more=more, now=now)
        for reader in deciders(signup, places)
    ]
    post([row | {"expires_at": signup.event.starts_at} for row in rows])


def _row(
    letter: str,
    signup: SignUp,
    places: Sequence[Place],
    reader: Recipient,
    *,
    key: str,
    more: dict[str, Any],
    now: datetime,
) -> dict[str, Any]:
    context = {
        "event": event_facts(signup.event),
        "names": named_to(reader, signup, places),
        "name": reader.given_name or reader.name,
        **more,
    }
    row = mail_row(key=key, template=f"signups/{letter}", to=reader, context=context, now=now)
    return row | {"event_id": signup.event_id}
