"""The list of names goes to whoever leads the group or the bus: one letter for each version of the list."""

from dataclasses import dataclass
from datetime import datetime

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import lock, transaction
from app.errors import require
from app.events.mail_facts import event_facts
from app.events.models import Event
from app.events.policy import can_manage_event
from app.mail.outbox import Recipient, mail_row, queue_mails
from app.people.models import Person
from app.rosters.lists import NameList, lists_of
from app.rosters.models import BusStop
from app.rosters.placing import open_containers


@dataclass(frozen=True, slots=True)
class Sent:
    """How many lists went out, how many leaders have the newest one already, and which containers got none."""

    sent: int
    known: int
    without_leader: tuple[str, ...]
    without_address: tuple[str, ...]


def send_lists(event: Event, what: str, *, now: datetime, actor: Actor) -> Sent:
    """Mails each leader the names as they stand. Whoever has this version already gets nothing."""
    with transaction():
        lock(event)
        require(can_manage_event(actor, event))
        lists = lists_of(event, what, open_containers(event.id, what))
        led = [one for one in lists if one.leader is not None]
        reachable = [one for one in led if one.leader and one.leader.email]
        new = [one for one in reachable if one.container.list_digest != one.digest]
        for one in new:
            one.container.list_version += 1
            one.container.list_digest = one.digest
            one.container.published_at = now
        queue_mails([_letter(event, what, one, one.leader, now=now) for one in new if one.leader])
        if new:
            names = ", ".join(one.container.name for one in new)
            record(actor, "send_lists", event, now=now, changes={what: (None, names)})
    return Sent(
        sent=len(new),
        known=len(reachable) - len(new),
        without_leader=tuple(one.container.name for one in lists if one.leader is None),
        without_address=tuple(one.container.name for one in led if one not in reachable),
    )


def _letter(event: Event, what: str, one: NameList, leader: Person, *, now: datetime) -> dict[str, object]:
    container = one.container
    stops = {stop.id: stop for stop in one.stops}
    to = Recipient(leader.email or "", leader.short_name, leader.language, leader.id, leader.given_name)
    context = {
        "event": event_facts(event),
        "url": f"/events/{event.id}/{what}/{container.id}",
        "what": what,
        "title": container.name,
        "version": container.list_version,
        "name": leader.given_name or leader.surname,
        "people": [
            {
                "name": line.name,
                "age": line.age,
                "elsewhere": line.elsewhere,
                "stop": stops[line.stop_id].place if line.stop_id in stops else None,
            }
            for line in one.lines
        ],
        "stops": [_stop(stop) for stop in one.stops],
    }
    key = f"list:{what}:{container.id}:{container.list_version}:{leader.id}"
    letter = mail_row(key=key, template="rosters/list", to=to, context=context, now=now, event_id=event.id)
    return letter | {"expires_at": event.ends_at}


def _stop(stop: BusStop) -> dict[str, object]:
    return {"clock": f"{stop.leaves_at:%H:%M}", "place": stop.place, "direction": stop.direction}
