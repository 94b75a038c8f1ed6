"""Letters about approvals: whoever is asked, and the party that waits for the answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.events.mail_facts import event_facts
from app.mail.outbox import Recipient, cancel_mails, mail_row, post
from app.signups.answer_links import approval_path
from app.signups.approvers import approvers
from app.signups.models import Approval, Place, SignUp
from app.signups.readers import by_reader, deciders, first_names, named_to, who


def mail_approval_asked(signup: SignUp, places: Sequence[Place], approval: Approval, *, now: datetime) -> None:
    """May these people go? To the line manager or the coordinator; and to the party: you will hear."""
    due = {"due_at": approval.due_at.isoformat()}
    rows = []
    for reader in approvers(approval, now=now):
        own = {**due, **asked_about(signup, places), "url": approval_path(approval, reader)}
        rows.append(_row("approval_asked", places, reader, approval, more=own, now=now))
    for reader in deciders(signup, places):
        own = {**due, "names": named_to(reader, signup, places), "asked": approval.asked}
        rows.append(_row("approval_pending", places, reader, approval, more=own, now=now))
    post([row | {"expires_at": approval.due_at} for row in rows])


def mail_approval_refused(signup: SignUp, places: Sequence[Place], approval: Approval, *, now: datetime) -> None:
    """These people can't go this time, with what the approver wrote."""
    _mail_ended("approval_refused", signup, places, approval, now=now)


def mail_approval_expired(signup: SignUp, places: Sequence[Place], approval: Approval, *, now: datetime) -> None:
    """Nobody said yes in time, so the seats went on."""
    _mail_ended("approval_expired", signup, places, approval, now=now)


def take_approval_back(approval: Approval, *, now: datetime) -> None:
    """Questions and promises of an approval that is answered don't leave any more."""
    for place in approval.signup.places:
        for letter in ("approval_asked", "approval_pending"):
            cancel_mails(now=now, key_prefix=f"signup:{letter}:{place.id}:{approval.id}:")


def asked_about(signup: SignUp, places: Sequence[Place]) -> dict[str, Any]:
    """What an approver needs to know: who asks, the adults by name, of the children how many they are."""
    day = signup.event.local_date
    adults = [place.person for place in places if not place.person.is_minor_on(day)]
    return {
        "leader": signup.leader.short_name,
        "adults": [person.short_name for person in adults],
        "departments": sorted({person.department for person in adults if person.department}),
        "children": len(places) - len(adults),
    }


def _mail_ended(letter: str, signup: SignUp, places: Sequence[Place], approval: Approval, *, now: datetime) -> None:
    take_approval_back(approval, now=now)
    rows = []
    for reader, concerned in by_reader(signup.event, places):
        note = approval.note if reader.person_id == signup.leader_id else ""  # about the party: its leader's to read
        more = {"names": first_names(concerned), "note": note, "url": f"/events/{signup.event_id}"}
        rows.append(_row(letter, concerned, reader, approval, more=more, now=now))
    post(rows)


def _row(
    letter: str, places: Sequence[Place], reader: Recipient, approval: Approval, *, more: dict[str, Any], now: datetime
) -> dict[str, Any]:
    event = approval.signup.event
    shared = {"event": event_facts(event), "name": reader.given_name or reader.name, "url": "/my"}
    key = f"signup:{letter}:{places[0].id}:{approval.id}:{who(reader)}"
    row = mail_row(key=key, template=f"signups/{letter}", to=reader, context=shared | more, now=now)
    return row | {"event_id": event.id}
