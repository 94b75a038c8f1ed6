"""Guardians' answers for children who have a place: on the sheet, on a page, by a link, on paper, from a program.

Every answer takes the event's lock, so that a deadline that passes at the same moment frees nobody who has agreed.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from app.accounts.actor import Actor
from app.audit.operations import record
from app.consents.binding import bound_to
from app.consents.cover import is_covered, kinds_for, required_kinds
from app.consents.errors import NeedsNoConsent, NoAnswer, NotAGuardian, NotAsked
from app.consents.giving import Speaker, new_answers, write_answers
from app.consents.models import Consent
from app.consents.queries import deciders_among, newest_texts, said_by_child, standing_of
from app.consents.scans import keep_scan
from app.db import db, lock, transaction
from app.errors import require
from app.events.models import Event
from app.events.policy import can_manage_event
from app.files import FileStore
from app.people.models import Person
from app.people.queries import may_decide_for
from app.people.recipients import Guardians
from app.rows import add_rows
from app.signups.answers import Answers
from app.signups.consent_deadlines import (
    CONSENT_WITHIN,
    ask_again,
    free_unconsented,
    settle,
    settle_child,
)
from app.signups.consent_mails import mail_consent_given, mail_consent_revoked
from app.signups.errors import EventHasBegun, NothingToCancel
from app.signups.models import Place


def write_signup_consents(
    event: Event,
    people: Sequence[Person],
    *,
    answers: Answers,
    leader_id: str,
    actor: Actor,
    now: datetime,
    guardians: Guardians | None = None,
    texts: Mapping[str, str] | None = None,
) -> set[str]:
    """What the leader agreed to on the sheet, for those whom they are guardian of; joins the sign-up's transaction.

    Returns the children who are not covered: their places owe a consent. One tick stands for all that is required.
    `guardians` of the children and the `texts` in force spare the queries.
    """
    minors = [person for person in people if person.is_minor_on(event.local_date)]
    if not minors:
        return set()
    deciders = deciders_among(minors, guardians)
    standing = standing_of(event.id, [person.id for person in people])
    speaker = Speaker(leader_id, actor.language, account_id=actor.account_id)
    texts = texts or (newest_texts() if answers.consents or answers.photos else {})
    new: list[Consent] = []
    planned = bound_to(event)
    for child in minors:
        agreed = _ticked(event, child.id, answers)
        if agreed and leader_id in deciders[child.id]:
            own = [row for row in standing if row.child_id == child.id]
            new += new_answers(event, child.id, agreed, by=speaker, now=now, standing=own, texts=texts, planned=planned)
    add_rows(new)
    standing += new
    said = said_by_child(event, [row for row in standing if row.revoked_at is None], planned)
    kinds = required_kinds(event)
    return {child.id for child in minors if not is_covered(said.get(child.id, ()), deciders[child.id], kinds)}


def _ticked(event: Event, child_id: str, answers: Answers) -> dict[str, bool]:
    kinds = required_kinds(event) if child_id in answers.consents else ()
    return dict.fromkeys((*kinds, "photo") if child_id in answers.photos else kinds, True)


def give_consent(place: Place, *, now: datetime, actor: Actor) -> None:
    """A guardian agrees to all that the event requires."""
    answer_consents(place, dict.fromkeys(required_kinds(place.event), True), now=now, actor=actor)


def revoke_consent(
    place: Place,
    *,
    now: datetime,
    actor: Actor,
    kinds: Collection[str] = (),
    guardian_id: str | None = None,
    channel: str = "page",
) -> None:
    """Either guardian takes consent back (of these kinds; all, unless some are named), and that outweighs every yes.

    It stands until this guardian agrees again; the place owes a consent meanwhile.
    """
    answers = dict.fromkeys(kinds or kinds_for(place.event), False)
    answer_consents(place, answers, now=now, actor=actor, guardian_id=guardian_id, channel=channel)


def answer_consents(
    place: Place,
    answers: Mapping[str, bool],
    *,
    now: datetime,
    actor: Actor,
    guardian_id: str | None = None,
    channel: str = "page",
    language: str | None = None,
    read: Mapping[str, str] | None = None,
) -> list[Consent]:
    """A guardian's yes or no to each kind; the other guardians are told. Returns the answers that are new.

    By default the actor is the guardian; a coordinator's program may name one. Raises NotAllowed for everybody else,
    NotAsked, NoAnswer, TextChanged, NothingToCancel, EventHasBegun, NeedsNoConsent.
    """
    with transaction():
        lock(place.event)
        lock(place)
        who = guardian_id or str(actor.person_id)
        coordinates = can_manage_event(actor, place.event)
        require(who == actor.person_id or coordinates)
        _check_guardian(place, who, stranger=not coordinates)
        if place.event.starts_at <= now:
            raise EventHasBegun
        speaker = Speaker(who, language or actor.language, channel, account_id=actor.account_id)
        return _write(place, answers, by=speaker, now=now, actor=actor, read=read)


def record_paper_consent(
    place: Place,
    answers: Mapping[str, bool],
    *,
    guardian_id: str,
    language: str,
    scan: bytes,
    store: FileStore,
    now: datetime,
    actor: Actor,
) -> list[Consent]:
    """A coordinator writes down what a guardian signed, with the scan; possible until the event is over.

    Raises NotAllowed, NotAGuardian, NoAnswer, NotAsked, ScanMissing, ScanTooLarge, ScanUnfit.
    """
    require(can_manage_event(actor, place.event) and actor.account_id is not None)
    key = keep_scan(scan, store=store)
    try:
        with transaction():
            lock(place.event)
            lock(place)
            _check_guardian(place, guardian_id)
            if place.event.ends_at <= now:
                raise EventHasBegun
            speaker = Speaker(guardian_id, language, "paper", account_id=actor.account_id, scan_key=key)
            new = _write(place, answers, by=speaker, now=now, actor=actor)
    except BaseException:
        store.delete(key)
        raise
    if not new:
        store.delete(key)
    return new


def _check_guardian(place: Place, guardian_id: str, *, stranger: bool = False) -> None:
    """Only who decides for the child today; others are strangers here, but for those who run the event."""
    if not may_decide_for(guardian_id, place.person_id):
        require(not stranger)
        raise NotAGuardian(name=_first_name(place))
    if not place.is_standing:
        raise NothingToCancel
    if not place.person.is_minor_on(place.event.local_date):
        raise NeedsNoConsent(name=_first_name(place))


def _write(
    place: Place,
    answers: Mapping[str, bool],
    *,
    by: Speaker,
    now: datetime,
    actor: Actor,
    read: Mapping[str, str] | None = None,
) -> list[Consent]:
    event = place.event
    if not answers:
        raise NoAnswer
    if not set(answers) <= set(kinds_for(event)):
        raise NotAsked
    new = write_answers(event, place.person_id, answers, by=by, now=now, read=read)
    db.session.flush()
    settle(event, [place], now=now)
    required = [row for row in new if row.kind in required_kinds(event)]
    if required:
        _tell(place, required, by=by, now=now)
    for is_yes, verb in ((True, "give_consent"), (False, "revoke_consent")):
        kinds = [row.kind for row in new if row.is_yes == is_yes]
        if kinds:
            changes = {"kinds": ("", ", ".join(kinds)), "guardian": ("", by.guardian_id), "channel": ("", by.channel)}
            record(actor, verb, place, now=now, changes=changes)
    return new


def _tell(place: Place, answers: Sequence[Consent], *, by: Speaker, now: datetime) -> None:
    guardian = db.session.get_one(Person, by.guardian_id)
    mail = mail_consent_given if all(row.is_yes for row in answers) else mail_consent_revoked
    mail(place, guardian.short_name, but=guardian.id, occasion=answers[0].id, now=now)


def _first_name(place: Place) -> str:
    return place.person.given_name or place.person.surname


__all__ = [
    "CONSENT_WITHIN",
    "answer_consents",
    "ask_again",
    "free_unconsented",
    "give_consent",
    "record_paper_consent",
    "revoke_consent",
    "settle_child",
    "write_signup_consents",
]
