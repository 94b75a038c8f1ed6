"""An invited school for tests: Aigul invites, Gulnar the director answers consents, Serik the teacher types names."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.access.sessions import actor_from
from app.accounts.actor import COORDINATOR, Actor
from app.accounts.models import Account, Grant
from app.db import db
from app.events.models import Event
from app.mail.models import Mail
from app.people.models import Person
from app.signups.institution_roster import name_person
from app.signups.institution_seating import CHILD, ESCORT, Entry
from app.signups.inviting import NewContact, invite_institution
from app.signups.models import Invitation, InvitationContact, Place
from tests import factories

NOW = datetime(2030, 5, 1, 6, 0, tzinfo=factories.SATURDAY.tzinfo)
DUE = datetime(2030, 5, 15, 13, 0, tzinfo=factories.SATURDAY.tzinfo)
DIRECTOR = NewContact("Гүлнар Ахметова", "gulnar@school.example", "kk", is_representative=True)
TEACHER = NewContact("Серік Оспанов", "serik@school.example", "ru")
BORN = date(2018, 3, 5)


@dataclass
class School:
    """One invitation with two contacts and their links."""

    event: Event
    invitation: Invitation
    director: InvitationContact
    teacher: InvitationContact
    aigul: Person

    @property
    def coordinator(self) -> Actor:
        """Aigul."""
        return actor_of(self.aigul)


def invited_school(*, seats: int = 20, ratio: int | None = 5, capacity: int = 40, **event: object) -> School:
    """A school invited to a children's excursion where one adult leads `ratio` children."""
    factories.consent_texts()
    aigul = factories.coordinator(email="aigul@torangy.example")
    at = factories.event(
        audience="institution",
        kind="excursion",
        capacity=capacity,
        coordinator_id=aigul.id,
        site=factories.site(adult_child_ratio=ratio),
        **event,
    )
    invitation = invite_institution(
        at,
        factories.institution(f"school-{seats}-{capacity}"),
        contacts=[DIRECTOR, TEACHER],
        seats=seats,
        names_due_at=DUE,
        now=NOW,
        actor=actor_of(aigul),
    )
    by_mail = {contact.email: contact for contact in db.session.query(InvitationContact)}
    return School(at, invitation, by_mail[DIRECTOR.email], by_mail[TEACHER.email], aigul)


def actor_of(person: Person) -> Actor:
    """A logged-in coordinator."""
    account = db.session.query(Account).filter_by(person_id=person.id).one()
    grants = db.session.query(Grant).filter_by(account_id=account.id, role=COORDINATOR).all()
    return actor_from(account.id, person, grants)


def voice(contact: InvitationContact) -> Actor:
    """A contact as the pages see them: no account, a name."""
    return Actor(name=contact.name, language=contact.language)


def link_of(contact: InvitationContact) -> str:
    """The link in the latest letter."""
    letters = db.session.query(Mail).filter(Mail.key.startswith(f"invitation:invitation:{contact.id}"))
    newest = letters.filter(Mail.key.endswith(contact.secret_hash[:12])).one()
    return str(newest.context["url"])


def escort(given_name: str = "Әлия") -> Entry:
    """An adult of the school."""
    return Entry("Тұрсынова", given_name, role=ESCORT)


def pupil(given_name: str = "Дина", *, born: date = BORN, surname: str = "Сейітқали", **fields: object) -> Entry:
    """A child of the school."""
    return Entry(surname, given_name, birth_date=born, role=CHILD, **fields)  # type: ignore[arg-type]


def later(hours: float) -> datetime:
    """So many hours after the invitation."""
    return NOW + timedelta(hours=hours)


def named(contact: InvitationContact, entry: Entry, *, now: datetime = NOW, **options: Any) -> Place:
    """This contact writes somebody on the list."""
    return name_person(contact, entry, now=now, actor=voice(contact), **options)


def letters(key: str) -> list[Mail]:
    """Letters of invitations whose key begins like this."""
    return db.session.query(Mail).filter(Mail.key.startswith(key)).order_by(Mail.key).all()
