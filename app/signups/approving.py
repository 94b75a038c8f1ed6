"""Saying whether a party may go: yes, no, or nobody answered in time. Answered once; freed seats go on at once."""

from datetime import datetime

from sqlalchemy import select, update

from app.accounts.actor import SYSTEM, Actor
from app.audit.operations import record
from app.db import db, lock, transaction
from app.errors import NotFound, require
from app.signups.approval_errors import GONE, ApprovalLapsed
from app.signups.approval_mails import mail_approval_expired, mail_approval_refused, take_approval_back
from app.signups.approvers import can_answer_approval
from app.signups.mails import mail_confirmed
from app.signups.models import Approval, Place, SignUp
from app.signups.seating import free, promote, seat


def approve(approval_id: str, *, now: datetime, actor: Actor, by: str | None = None) -> SignUp:
    """The party may go: its held seats are its own, and it is told. `by` is the person who answered.

    Raises ApprovalGone when it was answered or is too late, NotAllowed for whom nobody asked.
    """
    with transaction():
        approval = _locked(approval_id)
        require(can_answer_approval(actor, approval))
        _answer(approval, "approved", by=by or actor.person_id, now=now)
        signup, places = approval.signup, held_places(approval.signup)
        seat(signup.event, places, now=now)
        take_approval_back(approval, now=now)
        mail_confirmed(signup, places, now=now)
        record(actor, "approve", approval, now=now)
        return signup


def refuse(approval_id: str, *, now: datetime, actor: Actor, by: str | None = None, note: str = "") -> list[SignUp]:
    """The party may not go: its seats go to the queue, and it is told with the note. Returns who got seats.

    Raises ApprovalGone when it was answered or is too late, NotAllowed for whom nobody asked.
    """
    with transaction():
        approval = _locked(approval_id)
        require(can_answer_approval(actor, approval))
        _answer(approval, "refused", by=by or actor.person_id, note=note, now=now)
        places = _turned_away(approval, reason="not-approved", now=now, actor=actor)
        promoted = promote(approval.signup.event, now=now, actor=actor, cause="not-approved")
        mail_approval_refused(approval.signup, places, approval, now=now)
        record(actor, "refuse", approval, now=now)
        return promoted


def expire_approvals(*, now: datetime) -> bool:
    """Frees the seats of one party that nobody answered in time, and mails it. Says whether there may be more."""
    due = select(Approval.id).where(Approval.answered_at.is_(None), Approval.due_at <= now)
    approval_id = db.session.scalar(due.order_by(Approval.due_at, Approval.id).limit(1))
    if approval_id is None:
        return False
    with transaction():
        approval = _locked(approval_id)
        if not _claim(approval, "expired", now=now):
            return True  # somebody answered between the look and the lock
        places = _turned_away(approval, reason="approval-expired", now=now, actor=SYSTEM)
        promote(approval.signup.event, now=now, actor=SYSTEM, cause="approval-expired")
        mail_approval_expired(approval.signup, places, approval, now=now)
        record(SYSTEM, "expire", approval, now=now)
    return True


def held_places(signup: SignUp) -> list[Place]:
    """Those whose seats wait for the answer."""
    return [place for place in signup.places if place.is_offered and place.awaits == "approval"]


def _locked(approval_id: str) -> Approval:
    approval = db.session.get(Approval, approval_id)
    if approval is None:
        raise NotFound
    lock(approval.signup.event)
    lock(approval)
    db.session.refresh(approval.signup, attribute_names=["places", "waiting", "cancelled_at"])
    return approval


def _answer(approval: Approval, answer: str, *, by: str | None, note: str = "", now: datetime) -> None:
    if approval.answered_at is None and approval.due_at <= now:
        raise ApprovalLapsed
    if not _claim(approval, answer, by=by, note=note, now=now):
        raise GONE[approval.answer or "withdrawn"]


def _claim(approval: Approval, answer: str, *, by: str | None = None, note: str = "", now: datetime) -> bool:
    """Whether the answer is ours to give: of many that come together the table takes one."""
    open_row = update(Approval).where(Approval.id == approval.id, Approval.answered_at.is_(None))
    values = {"answered_at": now, "answer": answer, "answered_by_id": by, "note": note}
    taken = db.session.execute(open_row.values(values).returning(Approval.id)).first() is not None
    db.session.refresh(approval)
    return taken


def _turned_away(approval: Approval, *, reason: str, now: datetime, actor: Actor) -> list[Place]:
    """Frees what is held and takes the rest of the party from the queue; who was approved before stays."""
    leaving = [place for place in approval.signup.standing_places if not place.is_confirmed]
    free(approval.signup.event, leaving, reason=reason, now=now, actor=actor, status="declined")
    return leaving
