"""A follow-up as somebody writes it down, and what is wrong with it."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from app.accounts.actor import Actor
from app.db import Texts, db
from app.errors import N_, Invalid, require
from app.events.models import Event
from app.impact.follow_up.policy import can_follow_up
from app.people.models import City, Person

LONGEST = 2000


@dataclass(frozen=True)
class Draft:
    """`number` is a colleague's personnel number; `owner` somebody outside. Without an event it belongs to a city."""

    text: Texts
    city: str = ""
    event_id: str = ""
    number: str = ""
    owner: str = ""
    owner_email: str = ""
    owner_language: str = "kk"
    due_on: date | None = None


@dataclass(frozen=True)
class Checked:
    """The same, looked up."""

    columns: dict[str, object] = field(default_factory=dict)
    event: Event | None = None


def check(draft: Draft, *, actor: Actor) -> Checked:
    """The columns of a task that this draft says. Raises Invalid by field; NotAllowed where they coordinate nothing."""
    wrong = _wrong_words(draft)
    event = db.session.get(Event, draft.event_id) if draft.event_id else None
    if draft.event_id and event is None:
        wrong["event_id"] = N_("Choose one of the list.")
    if not draft.event_id and (not draft.city or db.session.get(City, draft.city) is None):
        wrong["city"] = N_("Choose the city, or the event it comes from.")
    person = _colleague(draft.number)
    if draft.number and person is None:
        wrong["number"] = N_("Nobody here has this personnel number.")
    if wrong:
        raise Invalid(wrong)
    city = event.site.city if event else draft.city
    require(can_follow_up(actor, city=city, event=event))
    same = {name: getattr(draft, name) for name in ("text", "owner", "owner_email", "owner_language", "due_on")}
    own = {"city": city, "event_id": event.id if event else None, "owner_id": person.id if person else None}
    return Checked(same | own, event)


def _wrong_words(draft: Draft) -> dict[str, str]:
    wrong = {}
    if not any(words.strip() for words in draft.text.values()):
        wrong["text"] = N_("Write what is to be done.")
    if any(len(words) > LONGEST for words in draft.text.values()):
        wrong["text"] = N_("Two thousand letters at most.")
    if draft.number and (draft.owner or draft.owner_email):
        wrong["number"] = N_("Either a colleague or somebody outside: leave one of them empty.")
    if draft.owner_email and not draft.owner:
        wrong["owner"] = N_("Write whose address it is.")
    return wrong


def _colleague(number: str) -> Person | None:
    if not number:
        return None
    query = select(Person).where(Person.personnel_number == number, Person.deactivated_at.is_(None))
    return db.session.scalar(query)
