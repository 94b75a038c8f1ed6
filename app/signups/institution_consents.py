"""Consents of an institution's children: its legal representative agrees, or a contact uploads the signed paper.

A contact has no login, so that an uploaded paper is an answer of the institution with a scan, not one that a
colleague recorded.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from app.accounts.actor import Actor
from app.audit.operations import record
from app.consents.cover import OPTIONAL, required_kinds
from app.consents.giving import Speaker, write_answers
from app.consents.queries import covered_children, standing_of
from app.db import db, transaction
from app.events.models import Event
from app.signups.institution_errors import NobodyOnList, NoRepresentative
from app.signups.institution_locking import opened, row_as_seen
from app.signups.invitation_mails import mail_list_changed
from app.signups.invitation_queries import list_of
from app.signups.models import Invitation, InvitationContact, Place

CONSENT_WITHIN = timedelta(days=3)


def consent_due(event: Event, invitation: Invitation, *, now: datetime) -> datetime:
    """Until when a seat waits for the consent: the deadline for names, three days at least, the start at most."""
    return min(max(invitation.names_due_at, now + CONSENT_WITHIN), event.starts_at)


def agree_for(
    contact: InvitationContact,
    place_ids: Sequence[str],
    *,
    photos: bool,
    read: Mapping[str, str],
    now: datetime,
    actor: Actor,
) -> list[Place]:
    """The legal representative agrees for these children to all that the event asks. `read` is {kind: text's id}.

    Raises NoRepresentative, NobodyOnList, TextChanged. Ids of other lists and of adults count for nothing.
    """
    with transaction():
        event = opened(contact, now=now, for_names=False)
        if not contact.is_representative:
            raise NoRepresentative
        wanted = set(place_ids)
        places = [place for place in _children(event, contact.invitation) if place.id in wanted]
        if not places:
            raise NobodyOnList
        speaker = _speaker(contact, actor)
        for place in places:
            write_answers(event, place.person_id, _yes(event, photos=photos), by=speaker, now=now, read=read)
            record(actor, "give_consent", place, now=now, changes={"contact_id": (None, contact.id)})
        _settle(event, places, contact.invitation, now=now)
        return places


def file_paper(
    contact: InvitationContact,
    place_id: str,
    *,
    scan_key: str,
    signed_by: str,
    photos: bool,
    version: str,
    now: datetime,
    actor: Actor,
) -> Place:
    """One child's signed paper, under the name of who signed it. Raises RowChanged, RowGone, NobodyOnList."""
    with transaction():
        event = opened(contact, now=now, for_names=False)
        place = row_as_seen(contact, place_id, version=version)
        if not place.person.is_minor_on(event.local_date):
            raise NobodyOnList
        speaker = _speaker(contact, actor, name=signed_by, scan_key=scan_key)
        write_answers(event, place.person_id, _yes(event, photos=photos), by=speaker, now=now)
        record(actor, "file_paper", place, now=now, changes={"contact_id": (None, contact.id)})
        _settle(event, [place], contact.invitation, now=now)
        return place


def take_back(contact: InvitationContact, place_id: str, *, now: datetime, actor: Actor) -> Place:
    """The representative agrees no longer for one child: the seat is freed unless somebody agrees in time."""
    with transaction():
        event = opened(contact, now=now, for_names=False)
        if not contact.is_representative:
            raise NoRepresentative
        places = [place for place in _children(event, contact.invitation) if place.id == place_id]
        if not places:
            raise NobodyOnList
        no = dict.fromkeys((*required_kinds(event), *OPTIONAL), False)
        write_answers(event, places[0].person_id, no, by=_speaker(contact, actor), now=now)
        record(actor, "revoke_consent", places[0], now=now, changes={"contact_id": (None, contact.id)})
        _settle(event, places, contact.invitation, now=now)
        mail_list_changed(contact.invitation, now=now)
        return places[0]


def let_lapse(event: Event, place: Place, invitation: Invitation, *, now: datetime) -> None:
    """Another name or birthday: what was agreed to for somebody else counts no more."""
    for consent in standing_of(event.id, [place.person_id]):
        consent.lapsed_at = now
    minor = place.person.is_minor_on(event.local_date)
    place.consent_due_at = consent_due(event, invitation, now=now) if minor else None


def _children(event: Event, invitation: Invitation) -> list[Place]:
    return [place for place in list_of(invitation) if place.person.is_minor_on(event.local_date)]


def _yes(event: Event, *, photos: bool) -> dict[str, bool]:
    return dict.fromkeys(required_kinds(event), True) | (dict.fromkeys(OPTIONAL, True) if photos else {})


def _speaker(contact: InvitationContact, actor: Actor, *, name: str = "", scan_key: str | None = None) -> Speaker:
    return Speaker(
        guardian_id=None,
        language=actor.language,
        channel="institution",
        name=name or contact.name,
        institution_id=contact.invitation.institution_id,
        scan_key=scan_key,
    )


def _settle(event: Event, places: Sequence[Place], invitation: Invitation, *, now: datetime) -> None:
    """A covered child owes nothing; who isn't covered, because a parent is against it perhaps, owes still."""
    db.session.flush()
    covered = covered_children(event, [place.person_id for place in places])
    for place in places:
        due = consent_due(event, invitation, now=now)
        place.consent_due_at = None if place.person_id in covered else due
