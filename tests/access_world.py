"""One event in Balkhash with everything that an address may name, and a browser for each role."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy import inspect

from app import clock
from app.access.models import Kiosk
from app.access.sessions import hashed
from app.access.tokens import create_token
from app.accounts.actor import SYSTEM
from app.accounts.models import Account, Delegation, Grant
from app.attendance.incident_models import Incident, IncidentPhoto
from app.attendance.models import AttendanceEntry
from app.db import db
from app.desk.log.conflict_models import DeskConflict, WalkIn
from app.desk.phone.models import DeskDevice
from app.desk.roster.models import Message, PlaceNote, RosterView
from app.desk.trip.models import Collector, LegDeparture
from app.events.models import ChecklistItem, Event, Question, SeasonImport
from app.events.trip_models import Host
from app.files import FileStore
from app.gifts.models import EventGift, GiftItem, HandOut
from app.impact.money.models import Expense
from app.impact.money.paper_models import ExpenseDocument, ExpenseImport
from app.impact.outcomes.models import Outcome, OutcomeFile, OwnMetric
from app.impact.pictures.models import Picture
from app.mail.models import Mail, Suppression
from app.people.import_models import ImportMapping
from app.people.models import ImportRun, Person
from app.rosters.change_models import EventChange
from app.rosters.duty_models import Duty, Need
from app.rosters.models import Bus, BusStop, Group
from app.signups.models import Invitation, InvitationContact, Place
from app.tasks.models import Task
from tests import factories
from tests.signups.parties import asked, offered

LogIn = Callable[[Person], FlaskClient]


@dataclass
class World:
    """`names` fills the parts of an address: {"event_id": ...}."""

    people: dict[str, Person]
    names: dict[str, str]

    def client(self, role: str, app: Flask, log_in: LogIn) -> FlaskClient:
        """This role's browser; a stranger's is new each time."""
        if role == "stranger":
            return app.test_client()
        return log_in(self.person(role))

    def person(self, role: str) -> Person:
        """Who acts; read anew, because the tables may have been put back since."""
        return db.session.get_one(Person, inspect(self.people[role]).identity)

    def token(self, role: str) -> str:
        """A program's key that acts as this role; a stranger's is forged."""
        if role == "stranger":
            return "forged"
        person = self.person(role)
        account = db.session.query(Account).filter_by(person_id=person.id).one_or_none()
        account = account or factories.account(person)
        return create_token(account, name="test", now=clock.now(), actor=SYSTEM)

    def filled(self, address: str) -> str:
        """The address with the ids of this world in place of <name>."""
        for name, value in self.names.items():
            address = address.replace(f"<{name}>", value)
        return address


def make_world() -> World:
    """Nurlan and his daughter Dina go to Aigul's event; Zhan coordinates elsewhere; Stan has nothing to do with it."""
    factories.consent_texts()
    people = {
        "nurlan": factories.employee(),
        "stan": factories.employee("Стан", "Стэн"),
        "aigul": factories.coordinator("balkhash"),
        "zhan": factories.coordinator("zhezkazgan"),
        "keeper": factories.employee("Кенже", "Кеңес"),
        "safety": factories.employee("Сақ", "Саят"),
        "admin": factories.admin(),
    }
    factories.account(people["nurlan"])
    factories.account(people["keeper"], "gift_keeper", city="balkhash")
    factories.account(people["safety"], "safety_officer", city="balkhash")
    return World(people, _names(people))


def _names(people: dict[str, Person]) -> dict[str, str]:
    nurlan = people["nurlan"]
    dina = factories.child(nurlan)
    programme = factories.programme()
    event = factories.event(audience="families", programme=programme)
    place = factories.place(event, nurlan)
    child_place = factories.place(event, dina)
    item = factories.saved(
        GiftItem(slug="cap", name={"en": "Cap"}, sizes=["child", "adult"], created_at=factories.LONG_AGO)
    )
    factories.saved(EventGift(event_id=event.id, item_id=item.id))
    return {
        "event_id": event.id,
        "delegation_id": _delegation(people["aigul"], people["admin"]),
        "site_id": event.site_id,
        "programme_id": programme.id,
        "person_id": nurlan.id,
        "brigade_id": factories.brigade(nurlan).id,
        "child_id": dina.id,
        "signup_id": place.signup_id,
        "place_id": child_place.id,
        "print_kind": "roster",
        "view_id": _view(people["aigul"]),
        "message_id": _message(event),
        "note_id": factories.saved(PlaceNote(place_id=child_place.id, text="Late", at=factories.LONG_AGO)).id,
        "ticket": child_place.ticket,
        "kiosk_id": factories.saved(
            Kiosk(name="Gate", city="balkhash", secret_hash="k", created_at=factories.LONG_AGO)
        ).id,
        "kind": "participation",
        "consent_id": _signed_paper(event, dina, nurlan),
        "item_id": item.id,
        **_planned(event.id, people["aigul"]),
        "appeal_id": _appeal(event.id, people["stan"]),
        "account_id": db.session.query(Account).filter_by(person_id=nurlan.id).one().id,
        **_invited(event),
        "host_id": _host(event),
        **_duty(event, place),
        "offer_id": offered(factories.event(programme=programme), nurlan).id,
        "approval_id": asked(factories.event(programme=programme), nurlan).id,
        **_carriers(event.id),
        "change_id": _change(event),
        "conflict_id": _conflict(event, place),
        "device_id": _device(event, people["aigul"]),
        "language": "kk",
        "walk_in_id": _walk_in(event.id),
        **_incident(event),
        **_trip(event, dina),
        "leg": "out",
        "picture_id": _picture(event, people["aigul"]),
        "size": "small",
        "loan_id": "no-such-loan",
        "line": "ratio",
        "room": "signups",
        "name": "confirmed",
        **_entries(event.id, programme.id, item.id, nurlan, place.id),
    }


def _change(event: Event) -> str:
    """Put off long ago: nobody takes it back any more."""
    then, until = factories.LONG_AGO, factories.LONG_AGO + timedelta(seconds=60)
    before: dict[str, Any] = {"changed": {}, "added": {}}
    change = EventChange(event_id=event.id, kind="postpone", made_at=then, undoable_until=until, before=before)
    return str(factories.saved(change).id)


def _conflict(event: Event, place: Place) -> str:
    """Somebody was let in without a seat, says a phone that nobody knows any more."""
    told = {"word": f"no-seat|p:{place.id}|", "kind": "no-seat", "key": f"p:{place.id}", "operations": []}
    row = DeskConflict(event_id=event.id, place_id=place.id, severity="low", found_at=factories.LONG_AGO, **told)
    return str(factories.saved(row).id)


def _trip(event: Event, dina: Person) -> dict[str, str]:
    """A bus left long ago; an aunt may collect Dina."""
    then = factories.LONG_AGO
    left = LegDeparture(id="l" * 36, event_id=event.id, leg="out", version=1, decision="complete", departed_at=then)
    left.people, left.missing = [], []
    aunt = Collector(child_id=dina.id, name="Гүлнар", entered_at=then)
    return {"departure_id": factories.saved(left).id, "collector_id": factories.saved(aunt).id}


def _incident(event: Event) -> dict[str, str]:
    """Somebody slipped, with a photograph."""
    then, told = factories.LONG_AGO, {"text": "Slipped", "action": ""}
    photo = IncidentPhoto(id="f" * 36, event_id=event.id, image="", recorded_at=then)
    told |= {"photos": [photo.id]}
    row = Incident(id="i" * 36, event_id=event.id, kind="near_miss", at=then, recorded_at=then, **told)
    return {"incident_id": factories.saved(row).id, "photo_id": factories.saved(photo).id}


def _picture(event: Event, aigul: Person) -> str:
    """Aigul's picture, described; nobody else has looked at it yet."""
    store, then = FileStore(current_app.config["TORANGY"].instance / "uploads"), factories.LONG_AGO
    keys = {f"{size}_key": store.save(b"a picture") for size in ("small", "medium", "large")}
    said = {"shows": "nobody", "alt": {"kk": "Жаға", "ru": "Берег", "en": "The shore"}, "width": 2000, "height": 1500}
    mine = {"uploaded_by_id": factories.account(aigul).id, "uploaded_at": then, "kept_at": then, "digest": "d"}
    return str(factories.saved(Picture(event_id=event.id, **keys, **said, **mine)).id)


def _walk_in(event_id: str) -> str:
    """Somebody came without a place."""
    then = factories.LONG_AGO
    row = WalkIn(id="came", event_id=event_id, surname="Ахметов", came_at=then, recorded_at=then)
    return str(factories.saved(row).id)


def _device(event: Event, aigul: Person) -> str:
    """Aigul's phone, which has the event with it; nobody knows its keys."""
    account_id = db.session.query(Account).filter_by(person_id=aigul.id).one().id
    told = {"token_hash": "t", "drop_hash": "d", "proof_hash": "p", "envelope_key": "k", "pin_salt": "s", "powers": []}
    times = {"issued_at": factories.LONG_AGO, "expires_at": event.ends_at}
    row = DeskDevice(event_id=event.id, account_id=account_id, install_id="1", **told, **times)
    return str(factories.saved(row).id)


def _carriers(event_id: str) -> dict[str, str]:
    """A group, and a bus that stops once."""
    group = factories.saved(Group(event_id=event_id, name="1"))
    bus = factories.saved(Bus(event_id=event_id, name="1"))
    stop = factories.saved(BusStop(bus_id=bus.id, position=1, place={"en": "Square"}, leaves_at=time(8, 10)))
    named = {"container_id": group.id, "group_id": group.id, "bus_id": bus.id, "stop_id": stop.id}
    return named | {"any(groups,buses):what": "groups"}


def _planned(event_id: str, aigul: Person) -> dict[str, str]:
    """A line of the checklist, and a file of a season that Aigul brought."""
    then, aigul_account = factories.LONG_AGO, factories.account(aigul).id
    line = factories.saved(ChecklistItem(event_id=event_id, text={"en": "Bags"}, days_before=5, created_at=then))
    season = factories.saved(SeasonImport(file_name="s.xlsx", started_at=then, started_by_id=aigul_account))
    sums = ExpenseImport(file_name="s.xlsx", digest="d" * 64, unit="tenge", started_at=then)
    sums.started_by_id = aigul_account
    return {"line_id": line.id, "season_id": season.id, "import_id": factories.saved(sums).id}


def _proof_and_metric(outcome_id: str) -> dict[str, str]:
    """A document that proves the figure, and something that coordinators count besides."""
    key = FileStore(current_app.config["TORANGY"].instance / "uploads").save(b"%PDF-1.7")
    then = factories.LONG_AGO
    proof = OutcomeFile(outcome_id=outcome_id, key=key, media_type="application/pdf", size=8, added_at=then)
    metric = OwnMetric(key="houses", texts={"en": "Bird houses"}, unit="pieces", created_at=then)
    return {"proof_id": factories.saved(proof).id, "metric_key": factories.saved(metric).key}


def _signed_paper(event: Event, dina: Person, nurlan: Person) -> str:
    """Photographs of Dina: on paper, with its scan."""
    store = FileStore(current_app.config["TORANGY"].instance / "uploads")
    fields = {"channel": "paper", "scan_key": store.save(b"%PDF-1.7"), "recorded_by_id": factories.account(nurlan).id}
    return str(factories.consent(event, dina, nurlan, "photo", **fields)[0].id)


def _entries(event_id: str, programme_id: str, item_id: str, nurlan: Person, place_id: str) -> dict[str, str]:
    then = factories.LONG_AGO
    entry = AttendanceEntry(
        id="e" * 36, event_id=event_id, place_id=place_id, kind="check_in", at=then, recorded_at=then
    )
    given = HandOut(id="h" * 36, event_id=event_id, person_id=nurlan.id, item_id=item_id, at=then, recorded_at=then)
    outcome = Outcome(
        event_id=event_id, metric="waste_removed", quantity=43, unit="t", method="weighed", recorded_at=then
    )
    expense = Expense(programme_id=programme_id, amount_tenge=100, category="food", recorded_at=then)
    bread = Expense(programme_id=programme_id, amount_tenge=9, category="food", recorded_at=then)
    paper = _paper(factories.saved(bread))
    mail = Mail(
        key="k", template="signups/confirmed", recipient="a@torangy.example", language="kk", context={},
        event_id=event_id, created_at=then, not_before=then, due_at=then, status="failed",
    )  # fmt: skip
    run = ImportRun(kind="employees", file_name="f.csv", city="balkhash", started_at=then, finished_at=then)
    task = Task(
        key="t", kind="instruction", text={"en": "x"}, event_id=event_id, created_at=then, due_on=date(2030, 1, 1)
    )
    grant = db.session.query(Grant).filter_by(role="gift_keeper").first()
    rows = {"mark_id": entry, "hand_out_id": given, "outcome_id": outcome, "expense_id": expense, "mail_id": mail}
    silent = Suppression(address=str(nurlan.email), reason="bounced", since=then)
    rows |= {"suppression_id": silent, "document_id": paper}
    mapping = ImportMapping(kind="employees", heading="tab sap", title="Tab SAP", field="phone", assigned_at=then)
    rows |= {"mapping_id": mapping}
    rows |= {"run_id": run, "task_id": task, "question_id": _question(event_id)}
    ids = {name: factories.saved(row).id for name, row in rows.items()}
    ids |= _proof_and_metric(ids["outcome_id"])
    return ids | {
        "grant_id": grant.id if grant else "",
        "code": "nosuchcode",
        "token": "nosuchtoken",
        "suffix": "csv",
        "int:number": "1",
        "int:position": "0",
    }


def _paper(expense: Expense) -> ExpenseDocument:
    """An invoice, in the store."""
    key = FileStore(current_app.config["TORANGY"].instance / "uploads").save(b"%PDF-1.7")
    paper = ExpenseDocument(expense_id=expense.id, file_key=key, media_type="application/pdf", size_bytes=8, digest="d")
    paper.kept_at = factories.LONG_AGO
    return paper


def _invited(event: Event) -> dict[str, str]:
    """A school with its link: whoever holds the link may, logged in or not."""
    school = factories.institution()
    values = {"seats": 5, "names_due_at": event.starts_at, "created_at": factories.LONG_AGO}
    invitation = factories.saved(Invitation(event_id=event.id, institution_id=school.id, **values))
    secret = "the-link-of-the-school"
    contact = factories.saved(
        InvitationContact(
            invitation_id=invitation.id, name="Гүлнар", email="school@torangy.example", secret_hash=hashed(secret),
            is_representative=True, created_at=factories.LONG_AGO,
        )
    )  # fmt: skip
    named = {"institution_id": school.id, "invitation_id": invitation.id, "contact_id": contact.id}
    return named | {"secret": secret}


def _appeal(event_id: str, stan: Person) -> str:
    values = {"event_id": event_id, "person_id": stan.id, "created_at": factories.LONG_AGO}
    row: Task = factories.saved(Task(key="a", kind="appeal", text={"en": "Please."}, **values))
    return row.id


def _duty(event: Event, place: Place) -> dict[str, str]:
    need = factories.saved(Need(event_id=event.id, position=1, role="water", minimum=1, maximum=2, skill=""))
    duty = factories.saved(Duty(need_id=need.id, place_id=place.id, how="chosen", taken_at=factories.LONG_AGO))
    return {"need_id": need.id, "duty_id": duty.id}


def _view(aigul: Person) -> str:
    values = {"account_id": factories.account(aigul).id, "name": "Mine", "query": {}, "created_at": factories.LONG_AGO}
    return str(factories.saved(RosterView(**values)).id)


def _message(event: Event) -> str:
    """To leave in 2040."""
    then, counted = factories.LONG_AGO, {"people_then": 1, "letters_then": 1}
    words: dict[str, Any] = {"subject": {"kk": "Автобус"}, "text": {"kk": "Сағат жетіде"}, "query": {}}
    message = Message(
        event_id=event.id, batch="b", send_at=then.replace(year=2040), created_at=then, **words, **counted
    )
    return str(factories.saved(message).id)


def _host(event: Event) -> str:
    values = {"email": "host@museum.example", "created_at": factories.LONG_AGO}
    return str(factories.saved(Host(event_id=event.id, kind="guide", name="Сәуле", **values)).id)


def _delegation(lender: Person, deputy: Person) -> str:
    then, accounts = factories.LONG_AGO, [factories.account(person).id for person in (lender, deputy)]
    values = {"from_account_id": accounts[0], "to_account_id": accounts[1], "reason": "Leave", "created_at": then}
    days = {"from_on": then.date(), "until_on": then.date()}
    row: Delegation = factories.saved(Delegation(**values, **days))
    return row.id


def _question(event_id: str) -> Question:
    then = factories.LONG_AGO
    return Question(event_id=event_id, position=1, kind="yes-no", label={"en": "A spade?"}, created_at=then)
