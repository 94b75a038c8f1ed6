"""Hosts and guides of a trip: naming them, inviting them by letter, and what they answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.accounts.actor import Actor
from app.audit.operations import differences, record
from app.db import db, lock, new_id, transaction
from app.errors import N_, Invalid, NotFound, require
from app.events.models import Event, Stop
from app.events.policy import can_manage_event
from app.events.trip_models import HOST_KINDS, Host
from app.rosters.host_mails import mail_declined, mail_invited, mail_list, take_invitation_back
from app.rosters.host_queries import closes_at, hosts_of
from app.rosters.trip_errors import AnswerClosed, HostThere, NoAddress, NobodyConfirmed, NotYetPublic
from app.tasks.models import Task

OPEN = ("published", "closed", "running")
ASKED_FOR = {
    "kk": "%s келе алмайды. Басқа қабылдаушы немесе экскурсия жүргізуші табыңыз.",
    "ru": "%s не сможет. Найдите другого принимающего или экскурсовода.",
    "en": "%s can't come. Find another host or guide.",
}


@dataclass(frozen=True)
class HostDraft:
    """A host as a coordinator names them; no stop means the whole trip."""

    name: str
    kind: str = "host"
    stop_id: str | None = None
    email: str = ""
    phone: str = ""
    language: str = "kk"
    note: str = ""


def add_host(event: Event, draft: HostDraft, *, now: datetime, actor: Actor) -> Host:
    """Names a host; nothing is sent yet. Raises Invalid by field, HostThere, NotAllowed."""
    with transaction() as session:
        lock(event)
        require(can_manage_event(actor, event))
        _check(event, draft)
        host = Host(id=new_id(), event_id=event.id, created_at=now, created_by_id=actor.account_id, **vars(draft))
        session.add(host)
        session.flush()
        record(actor, "add_host", event, now=now, changes={"host": (None, host.name)})
    return host


def change_host(host: Host, draft: HostDraft, *, now: datetime, actor: Actor) -> None:
    """Corrects a host. Another e-mail address is another reader: the old link ends, and they are asked anew."""
    with transaction():
        lock(host.event)
        lock(host)
        require(can_manage_event(actor, host.event))
        _check(host.event, draft, but=host)
        changes = differences(host, vars(draft))
        for name, value in vars(draft).items():
            setattr(host, name, value)
        if "email" in changes:
            _forget_answer(host, now=now)
        if changes:
            record(actor, "change_host", host.event, now=now, changes=changes)


def remove_host(host: Host, *, now: datetime, actor: Actor) -> None:
    """They receive us no longer: the link ends, letters that wait are taken back."""
    with transaction():
        lock(host.event)
        lock(host)
        require(can_manage_event(actor, host.event))
        if host.removed_at is None:
            host.removed_at = now
            take_invitation_back(host, now=now)
            record(actor, "remove_host", host.event, now=now, changes={"host": (host.name, None)})


def invite_host(host: Host, *, now: datetime, actor: Actor) -> None:
    """Sends the letter with the link; pressed again, the letter goes again. Raises NoAddress, NotYetPublic."""
    with transaction():
        lock(host.event)
        lock(host)
        require(can_manage_event(actor, host.event))
        _standing(host)
        if host.event.status not in OPEN or now >= closes_at(host.event):
            raise NotYetPublic
        if not host.email:
            raise NoAddress(name=host.name)
        ask_host(host, now=now)
        record(actor, "invite_host", host.event, now=now, changes={"host": (None, host.name)})


def ask_host(host: Host, *, now: datetime) -> None:
    """The letter itself, for a locked host: what was answered for another day counts no more."""
    if host.asked_for_at != host.event.starts_at:
        host.confirmed_at = host.declined_at = None
        host.answer_note = ""
    host.invited_at, host.asked_for_at = now, host.event.starts_at
    mail_invited(host, now=now)


def answer_host(host: Host, is_yes: bool, *, note: str = "", now: datetime, actor: Actor) -> None:
    """Confirms or declines, by the link or as a coordinator heard it; may change until the day. A no makes a task.

    Raises AnswerClosed.
    """
    with transaction() as session:
        lock(host.event)
        lock(host)
        _standing(host)
        if now >= closes_at(host.event) or host.event.status not in OPEN:
            raise AnswerClosed
        before = host.state
        host.confirmed_at, host.declined_at = (now, None) if is_yes else (None, now)
        host.answer_note = note
        if host.asked_for_at is None:
            host.invited_at, host.asked_for_at = now, host.event.starts_at
        session.flush()
        _follow_up(host, before, now=now)
        changes = {"state": (before, host.state), "note": (None, note)} if note else {"state": (before, host.state)}
        record(actor, "answer_host", host.event, now=now, changes=changes | {"host": (None, host.name)})


def send_list(event: Event, *, now: datetime, actor: Actor) -> int:
    """Tells all hosts who confirmed that the final list is there; says to how many. Raises NobodyConfirmed."""
    with transaction():
        lock(event)
        require(can_manage_event(actor, event))
        receiving = [host for host in hosts_of(event) if host.state == "confirmed" and host.email]
        if not receiving:
            raise NobodyConfirmed
        for host in receiving:
            host.list_sent_at = now
            mail_list(host, now=now)
        record(actor, "send_list", event, now=now, changes={"hosts": (None, [host.name for host in receiving])})
    return len(receiving)


def _check(event: Event, draft: HostDraft, but: Host | None = None) -> None:
    wrong = {}
    if not draft.name:
        wrong["name"] = N_("Write the name.")
    if draft.kind not in HOST_KINDS:
        wrong["kind"] = N_("Choose one of the list.")
    if draft.stop_id is not None and db.session.scalar(_stop(event, draft.stop_id)) is None:
        wrong["stop_id"] = N_("Choose one of the list.")
    if wrong:
        raise Invalid(wrong)
    if draft.email and any(host.email == draft.email and host is not but for host in hosts_of(event)):
        raise HostThere


def _standing(host: Host) -> None:
    """Somebody may have taken them out while we waited."""
    if host.removed_at is not None:
        raise NotFound


def _stop(event: Event, stop_id: str) -> Any:
    return select(Stop.id).where(Stop.id == stop_id, Stop.event_id == event.id)


def _forget_answer(host: Host, *, now: datetime) -> None:
    take_invitation_back(host, now=now)
    host.link_number += 1
    host.invited_at = host.asked_for_at = host.confirmed_at = host.declined_at = host.list_sent_at = None
    host.answer_note = ""


def _follow_up(host: Host, before: str, *, now: datetime) -> None:
    """A no is something to be done by the day; a yes after it takes the task away again."""
    task = db.session.scalar(select(Task).where(Task.key == f"host:{host.id}", Task.done_at.is_(None)))
    if host.state == "confirmed" and task is not None:
        task.done_at, task.key = now, f"host:{host.id}:{now.isoformat()}"
    if host.state == "declined" and task is None:
        text = {code: sentence % host.name for code, sentence in ASKED_FOR.items()}
        _add_task(host, text, now=now)
    if host.state == "declined" and before != "declined":
        mail_declined(host, now=now)


def _add_task(host: Host, text: Mapping[str, str], *, now: datetime) -> None:
    event = host.event
    task = Task(key=f"host:{host.id}", kind="conflict", text=dict(text), city=event.site.city, event_id=event.id)
    task.person_id, task.due_on, task.created_at = event.coordinator_id, event.local_date, now
    db.session.add(task)
