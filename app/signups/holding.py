"""Seats that are kept while somebody is asked: the party itself by an offer, or whoever approves. The lock is held."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, literal, select, union_all, update

from app.db import db
from app.events.models import Event
from app.people.models import Person
from app.rows import read
from app.signups.approval_mails import mail_approval_asked, take_approval_back
from app.signups.line import count, join_line, leave_line, log_move
from app.signups.models import SEATED, Approval, Offer, Place, SignUp
from app.signups.offer_mails import mail_offered

OPEN_QUESTIONS = union_all(
    *(
        select(literal(awaits).label("awaits")).where(
            model.signup_id == bindparam("signup_id"), model.answered_at.is_(None)
        )
        for awaits, model in (("answer", Offer), ("approval", Approval))
    )
)
OPEN_AMONG = union_all(
    *(
        select(literal(awaits).label("awaits"), model.signup_id).where(
            model.signup_id.in_(bindparam("signup_ids", expanding=True)), model.answered_at.is_(None)
        )
        for awaits, model in (("answer", Offer), ("approval", Approval))
    )
)
PARTIES_AT_ONCE = 1000
QUESTIONS: dict[str, type[Offer] | type[Approval]] = {"answer": Offer, "approval": Approval}


def hold(event: Event, places: list[Place], *, awaits: str, until: datetime) -> None:
    """Seats are kept for these people until somebody answers."""
    more = sum(place.status not in SEATED for place in places)
    count(event, seats=more, waiting=-leave_line(places))
    for place in places:
        place.status = "offered"
        place.awaits = awaits
        place.offer_expires_at = until


def offer_seats(event: Event, signup: SignUp, places: list[Place], *, until: datetime, now: datetime) -> Offer:
    """Asks the party whether it still wants to go; a question that is open already is asked anew, about all of them."""
    places = _asked_together(signup, places, awaits="answer", now=now)
    hold(event, places, awaits="answer", until=until)
    offer = Offer(signup_id=signup.id, made_at=now, expires_at=until)
    db.session.add(offer)
    db.session.flush()
    mail_offered(signup, places, offer, now=now)
    return offer


def ask_approval(event: Event, signup: SignUp, places: list[Place], *, now: datetime) -> Approval:
    """Asks the leader's line manager, or the coordinator, whether the party may go."""
    due_at = min(now + timedelta(hours=event.approval_hours), event.starts_at)
    places = _asked_together(signup, places, awaits="approval", now=now)
    hold(event, places, awaits="approval", until=due_at)
    manager_id = db.session.get_one(Person, signup.leader_id).manager_id if event.approval == "manager" else None
    approval = Approval(
        signup_id=signup.id,
        asked="manager" if manager_id else "coordinator",
        asked_person_id=manager_id or event.coordinator_id,
        asked_at=now,
        due_at=due_at,
        note="",
    )
    db.session.add(approval)
    db.session.flush()
    mail_approval_asked(signup, places, approval, now=now)
    return approval


def back_to_line(event: Event, places: Sequence[Place], *, now: datetime) -> None:
    """Seats that are kept for an answer are nobody's again: these people wait where they waited."""
    held = [place for place in places if place.awaits == "answer"]
    count(event, seats=-len(held))
    for place in held:
        join_line(event, place.signup, [place])
        log_move(place.signup, "moved", people=1, reason="postponed", now=now)
    withdraw_questions(list({place.signup_id: place.signup for place in held}.values()), now=now)


def withdraw_questions(signups: Sequence[SignUp], *, now: datetime) -> None:
    """Nobody need answer any more: no place of these parties waits for an answer of that kind.

    What is open is asked at once, of thousands as of one.
    """
    parties = {signup.id: signup for signup in signups}
    for signup_id, awaits in _open_questions(list(parties)):
        signup = parties[signup_id]
        if awaits not in {place.awaits for place in signup.places if place.is_offered}:
            _withdraw(signup, awaits=awaits, now=now)


def _open_questions(signup_ids: Sequence[str]) -> list[tuple[str, str]]:
    """(party's id, what kind of question about it nobody has answered yet), each once; most parties have none."""
    if len(signup_ids) == 1:  # hundreds ask this at once: it goes the short way
        return sorted({(signup_ids[0], row.awaits) for row in read(OPEN_QUESTIONS, {"signup_id": signup_ids[0]})})
    found = set[tuple[str, str]]()
    for first in range(0, len(signup_ids), PARTIES_AT_ONCE):
        rows = db.session.execute(OPEN_AMONG, {"signup_ids": list(signup_ids[first : first + PARTIES_AT_ONCE])})
        found.update((row.signup_id, row.awaits) for row in rows)
    return sorted(found)


def _asked_together(signup: SignUp, places: list[Place], *, awaits: str, now: datetime) -> list[Place]:
    held = [place for place in signup.places if place.awaits == awaits and place not in places]
    if held:
        _withdraw(signup, awaits=awaits, now=now)
    return [*held, *places]


def _withdraw(signup: SignUp, *, awaits: str, now: datetime) -> None:
    model = QUESTIONS[awaits]
    wanted = update(model).where(model.signup_id == signup.id, model.answered_at.is_(None))
    closed = wanted.values(answered_at=now, answer="withdrawn").returning(model)
    for question in db.session.scalars(closed.execution_options(synchronize_session="fetch")).all():
        if isinstance(question, Approval):
            take_approval_back(question, now=now)
