"""Calendar files as an independent reader (vobject) understands them, and a calendar that obeys RFC 5546."""

from datetime import UTC, datetime, timedelta
from typing import Any

import vobject

from app.mail.calendar import calendar_feed, calendar_file, with_attendee

NOW = datetime(2030, 5, 1, 4, 0, tzinfo=UTC)
START = datetime(2030, 5, 18, 4, 0, tzinfo=UTC)


def facts(**changes: Any) -> dict[str, Any]:
    """An entry of a cleanup in Balkhash."""
    values: dict[str, Any] = {
        "uid": "e1@torangy",
        "sequence": 0,
        "method": "REQUEST",
        "starts_at": START,
        "ends_at": START + timedelta(hours=4),
        "summary": {"kk": "Таза жағалау", "ru": "Чистый берег", "en": "Clean coast; bring gloves, please"},
        "location": {"en": "City coast"},
        "description": {"en": "At the gate"},
        "url": "https://torangy.example/events/e1",
        "organizer": "events@torangy.example",
        "organizer_name": "Омарова Айгүл",
    }
    return values | changes


class Calendar:
    """What a calendar keeps: by uid, the newest by sequence and then by stamp; a cancellation removes the entry."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}
        self.newest: dict[str, tuple[int, datetime]] = {}

    def receive(self, file: bytes) -> None:
        """One attachment."""
        calendar = vobject.readOne(file.decode())
        entry = calendar.vevent
        age = int(entry.sequence.value), entry.dtstamp.value
        if age <= self.newest.get(entry.uid.value, (-1, NOW)):
            return
        self.newest[entry.uid.value] = age
        if calendar.method.value == "CANCEL":
            self.kept.pop(entry.uid.value, None)
        else:
            self.kept[entry.uid.value] = entry


def test_an_invitation_says_who_where_when_and_wakes_its_reader_twice():
    file = with_attendee(calendar_file(facts(), "en", now=NOW), "nurlan@torangy.example", "Сейітқали Нұрлан")
    calendar = vobject.readOne(file.decode())
    entry = calendar.vevent
    assert (calendar.method.value, entry.status.value) == ("REQUEST", "CONFIRMED")
    assert (entry.dtstart.value, entry.dtend.value) == (START, START + timedelta(hours=4))
    assert entry.summary.value == "Clean coast; bring gloves, please"
    assert (entry.location.value, entry.description.value) == ("City coast", "At the gate")
    assert (entry.organizer.value, entry.organizer.params["CN"]) == ("mailto:events@torangy.example", ["Омарова Айгүл"])
    assert entry.attendee.value == "mailto:nurlan@torangy.example"
    assert entry.attendee.params["CN"] == ["Сейітқали Нұрлан"]
    assert entry.attendee.params["PARTSTAT"] == ["ACCEPTED"] and entry.attendee.params["ROLE"] == ["REQ-PARTICIPANT"]
    alarms = [part for part in entry.getChildren() if part.name == "VALARM"]
    assert [part.trigger.value for part in alarms] == [timedelta(days=-1), timedelta(hours=-2)]
    assert {part.action.value for part in alarms} == {"DISPLAY"}


def test_an_update_moves_the_entry_and_a_cancellation_removes_it():
    mine = Calendar()
    mine.receive(calendar_file(facts(), "kk", now=NOW))
    later = START + timedelta(days=7)
    moved = facts(sequence=1, starts_at=later, ends_at=later + timedelta(hours=4))
    mine.receive(calendar_file(moved, "kk", now=NOW + timedelta(hours=1)))
    assert [entry.dtstart.value for entry in mine.kept.values()] == [later]
    mine.receive(calendar_file(facts(), "kk", now=NOW))  # the first letter, delivered late
    assert [entry.dtstart.value for entry in mine.kept.values()] == [later]
    mine.receive(calendar_file(moved | {"sequence": 2, "method": "CANCEL"}, "kk", now=NOW + timedelta(hours=2)))
    assert not mine.kept


def test_a_cancellation_wakes_nobody_and_says_so_in_its_status():
    entry = vobject.readOne(calendar_file(facts(method="CANCEL"), "en", now=NOW).decode()).vevent
    assert entry.status.value == "CANCELLED"
    assert not [part for part in entry.getChildren() if part.name == "VALARM"]


def test_names_begin_no_line_and_close_no_quote():
    name = 'Нұрлан", "X\r\nATTENDEE:mailto:stan@example.org' + "Ұ" * 80
    file = with_attendee(calendar_file(facts(organizer_name=name), "en", now=NOW), "n@torangy.example", name)
    entry = vobject.readOne(file.decode()).vevent
    assert [one.value for one in entry.attendee_list] == ["mailto:n@torangy.example"]
    assert entry.organizer.value == "mailto:events@torangy.example"
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))


def test_a_title_with_line_breaks_stays_one_line():
    title = {"en": "Clean\r\nBEGIN:VEVENT\r\ncoast"}
    calendar = vobject.readOne(calendar_file(facts(summary=title), "en", now=NOW).decode())
    assert len(calendar.vevent_list) == 1 and "coast" in calendar.vevent.summary.value


def test_a_feed_is_published_and_says_how_often_to_look():
    many = [facts(uid=f"e{number}@torangy", method="PUBLISH") for number in range(3)]
    calendar = vobject.readOne(calendar_feed(many, "ru", name="Torangy", now=NOW).decode())
    assert (calendar.method.value, len(calendar.vevent_list)) == ("PUBLISH", 3)
    assert calendar.contents["refresh-interval"][0].value == "PT1H"
    assert calendar.contents["x-published-ttl"][0].value == "PT1H"
