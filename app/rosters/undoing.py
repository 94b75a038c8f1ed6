"""Taking back a move, a postponement or a cancellation within its minute, before a letter has left.

Only what the change itself touched becomes what it was. Whoever signed up, cancelled or answered in between stays as
they are; seats and the queue are counted anew from the places, under the event's lock.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, literal, select, update

from app.accounts.actor import Actor
from app.audit.operations import record
from app.consents.models import Consent
from app.consents.queries import standing_of
from app.db import connection, db, lock, transaction
from app.errors import require
from app.events.models import Event
from app.events.policy import can_manage_event
from app.mail.locking import in_order
from app.mail.models import Mail
from app.rosters import journal
from app.rosters.change_errors import AlreadyUndone, ChangedSince, SeatsTakenSince, TooLateToUndo
from app.rosters.change_models import EventChange
from app.rosters.telling_anew import tell_newcomers
from app.signups.capacity import standing_places
from app.signups.consenting import ask_again
from app.signups.mails import take_letters_back
from app.signups.models import SEATED, STANDING, Place, SignUp
from app.signups.seating import promote

QUESTIONS = ("offers", "approvals")
LEFT = {"sending", "sent"}  # letters that can't be called back


def undo_change(change: EventChange, *, now: datetime, actor: Actor) -> None:
    """Everything is as it was, but for what others did meanwhile; the letters of the change never leave.

    Raises NotAllowed, TooLateToUndo, AlreadyUndone, ChangedSince, SeatsTakenSince.
    """
    with transaction():
        event = db.session.get_one(Event, change.event_id)
        lock(event)
        lock(change)
        require(can_manage_event(actor, event))
        _check(change, now=now)
        mine = journal.ids_touched(change.before, "places")
        moved_to = event.starts_at
        _put_event_back(event, change)
        _drop_letters(change, now=now)
        restored = _put_rows_back(event, change, now=now)
        change.undone_at, change.undone_by_id = now, actor.account_id
        record(actor, "undo_change", event, now=now, changes={"kind": (change.kind, "")})
        _settle(event, change, moved_to=moved_to, others=mine - restored, now=now, actor=actor)


def _check(change: EventChange, *, now: datetime) -> None:
    if change.undone_at is not None:
        raise AlreadyUndone
    if not change.is_undoable_at(now):
        raise TooLateToUndo


def _put_event_back(event: Event, change: EventChange) -> None:
    """Its own columns, unless somebody has changed one of them since."""
    for group in journal.changed_rows(change.before, "events"):
        became = dict(group.became)
        counted = event.calendar_sequence - became.pop("calendar_sequence", event.calendar_sequence)
        if any(getattr(event, name) != value for name, value in became.items()):
            raise ChangedSince
        for name, value in group.was.items():
            setattr(event, name, value)
        event.calendar_sequence += counted  # a new title since stays, and its step with it
    # Seats are counted at the end; until then none of the rules about them may stand in the way.
    event.seats_taken, event.people_waiting = 0, 0
    db.session.flush()
    db.session.expire(event, ["site"])


def _drop_letters(change: EventChange, *, now: datetime) -> None:
    """They never leave, and their keys are free for letters that say what is true."""
    mails = journal.table("mails")
    for some in journal.portions(change.before["added"].get("mails", [])):
        mine = update(mails).where(mails.c.id.in_(some))
        # Whoever waited for the event's lock may come after the minute, and a worker asks for no such lock.
        held = select(mails.c.status).where(mails.c.id.in_(some)).with_for_update()
        if not LEFT.isdisjoint(connection().scalars(held)):
            raise TooLateToUndo
        connection().execute(mine.where(mails.c.status == "queued").values(status="cancelled", cancelled_at=now))
        connection().execute(mine.values(key=literal("undone:").concat(mails.c.id)))


def _put_rows_back(event: Event, change: EventChange, *, now: datetime) -> set[str]:
    """All other rows; says which places are what they were."""
    _remove_added(change)
    _put_consents_back(event, change, now=now)
    changed, places = change.before, journal.table("places")
    groups = journal.changed_rows(changed, "places")
    restored = journal.put_back("places", groups, but=_came_back(event, groups))
    stands = exists().where(places.c.signup_id == journal.table("signups").c.id, places.c.status.in_(STANDING))
    journal.put_back("signups", journal.changed_rows(changed, "signups"), where=stands)
    for name in (*QUESTIONS, "stops", "shifts", "grants"):
        journal.put_back(name, journal.changed_rows(changed, name))
    letters = journal.put_back("mails", journal.changed_rows(changed, "mails"))
    _wake(letters)
    db.session.expire_all()
    _count_anew(event)
    return restored


def _remove_added(change: EventChange) -> None:
    """Questions that nobody has answered, and moves in the queue that never came to be."""
    for name in (*QUESTIONS, "queue_moves"):
        rows = journal.table(name)
        key = next(iter(rows.primary_key.columns))
        ids: Iterable[Any] = change.before["added"].get(name, ())
        gone = delete(rows).where(key.in_([int(one) for one in ids] if name == "queue_moves" else list(ids)))
        if name in QUESTIONS:
            gone = gone.where(rows.c.answered_at.is_(None))
        connection().execute(gone)


def _put_consents_back(event: Event, change: EventChange, *, now: datetime) -> None:
    """What lapsed holds again; a guardian's no that came since outweighs it, a yes to the other day makes room."""
    ids = [row_id for group in journal.changed_rows(change.before, "consents") for row_id in group.ids]
    if not ids:
        return
    lapsed = list(db.session.scalars(select(Consent).where(Consent.id.in_(ids))))
    newer = {_about(row): row for row in standing_of(event.id, {row.child_id for row in lapsed})}
    for row in lapsed:
        other = newer.get(_about(row))
        if other is not None and not other.is_yes:
            continue
        if other is not None:
            other.lapsed_at = now
            db.session.flush()
        if row.revoked_at is None:
            row.lapsed_at = None
    db.session.flush()


def _about(row: Consent) -> tuple[str, str, str | None]:
    return row.child_id, row.kind, row.guardian_id


def _came_back(event: Event, groups: Collection[journal.Group]) -> frozenset[str]:
    """Places whose people have signed up anew since: the new one stays, nobody gets two."""
    ids = [row_id for group in groups for row_id in group.ids]
    standing = select(Place.id, Place.person_id).where(Place.event_id == event.id, Place.status.in_(STANDING))
    now_at = {person_id: place_id for place_id, person_id in db.session.execute(standing)}
    back: set[str] = set()
    for some in journal.portions(ids):
        for place_id, person_id in db.session.execute(select(Place.id, Place.person_id).where(Place.id.in_(some))):
            if now_at.get(person_id, place_id) != place_id:
                back.add(place_id)
    return frozenset(back)


def _wake(letter_ids: Collection[str]) -> None:
    """A letter that a worker held when it was called back, and gave up since, waits again."""
    for some in journal.portions(sorted(letter_ids)):
        asleep = update(Mail).where(
            in_order(Mail.id.in_(some), Mail.status == "cancelled", Mail.cancelled_at.is_(None))
        )
        db.session.execute(asleep.values(status="queued").execution_options(synchronize_session=False))


def _count_anew(event: Event) -> None:
    """Seats and queue as the places say."""
    waits = select(func.count()).where(Place.signup_id == SignUp.id, Place.status == "waiting")
    counted = waits.scalar_subquery()
    recount = update(SignUp).where(SignUp.event_id == event.id, SignUp.waiting != counted).values(waiting=counted)
    # The session has just forgotten all rows; whoever asks for one reads the new number.
    db.session.execute(recount.execution_options(synchronize_session=False))
    by_status = select(Place.status, func.count()).where(Place.event_id == event.id).group_by(Place.status)
    people: dict[str, int] = {row[0]: row[1] for row in db.session.execute(by_status)}
    seats = sum(people.get(status, 0) for status in SEATED)
    if event.capacity is not None and seats > event.capacity:
        raise SeatsTakenSince
    event.seats_taken, event.people_waiting = seats, people.get("waiting", 0)
    db.session.flush()


def _settle(
    event: Event, change: EventChange, *, moved_to: datetime, others: set[str], now: datetime, actor: Actor
) -> None:
    """Whoever came, left or answered in between meets the day as it is again."""
    _take_back_of_those_who_left(event, change, now=now)
    if change.kind == "move":
        places = standing_places(event)
        tell_newcomers(event, change, places, touched=others, moved_to=moved_to, now=now)
        ask_again(event, places, now=now, actor=actor)
    promote(event, now=now, actor=actor, cause="moved")


def _take_back_of_those_who_left(event: Event, change: EventChange, *, now: datetime) -> None:
    """A reminder that waits again is not for whoever cancelled meanwhile; what they were told about that stays."""
    left = select(Place).where(
        Place.event_id == event.id, Place.status.not_in(STANDING), Place.cancelled_at >= change.made_at
    )
    gone = list(db.session.scalars(left))
    if not gone:
        return
    take_letters_back(event, gone, now=now)
    newer = (
        Mail.event_id == event.id,
        Mail.created_at > change.made_at,
        Mail.cancelled_at == now,
        Mail.key.not_like("undone:%"),
    )
    for was, again in (("cancelled", "queued"), ("sending", "sending")):
        kept = update(Mail).where(in_order(*newer, Mail.status == was)).values(status=again, cancelled_at=None)
        db.session.execute(kept.execution_options(synchronize_session=False))
