"""Follow-ups: written down, moved on, answered by a link, reminded of once each, with a history that only grows."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.exc import IntegrityError

from app.access.signed_links import LinkExpired, LinkWrong
from app.accounts.actor import Actor
from app.db import db, transaction
from app.errors import Invalid, NotAllowed, NotFound
from app.events.models import Event, Stop
from app.files import FileStore
from app.impact.follow_up.answering import answer_follow_up
from app.impact.follow_up.drafts import Draft
from app.impact.follow_up.errors import (
    ChangedMeanwhile,
    FileTooLarge,
    FileUnfit,
    IsOver,
    NobodyToWrite,
    NoReason,
    NoSuchMove,
    NothingSaid,
)
from app.impact.follow_up.evidence import LARGEST, Upload, keep_evidence
from app.impact.follow_up.links import answer_path, follow_up_by_link
from app.impact.follow_up.operations import (
    add_follow_up,
    adopt_instructions,
    ask_owner,
    change_follow_up,
    move_follow_up,
    note_follow_up,
    note_told,
)
from app.impact.follow_up.queries import Filters, board, of_event
from app.impact.follow_up.readers import with_its_own
from app.impact.follow_up.reminding import remind_of_follow_ups
from app.mail.models import Mail
from app.privacy.purging import purge
from app.tasks.models import Task, TaskEntry
from tests import factories
from tests.events.drafting import NOW, coordinating
from tests.rosters.test_hosts import queries_of
from tests.signups.parties import words

DUE = date(2030, 6, 15)
SNOW = Draft(
    {"kk": "Қар тазалайтын техниканы көбейту", "ru": "Добавить снегоуборочной техники"},
    owner="KazAutoZhol", owner_email="office@kazautozhol.example", owner_language="ru", due_on=DUE,
)  # fmt: skip


@pytest.fixture
def event(app) -> Event:
    return factories.event(kind="visit", status="completed")


@pytest.fixture
def aigul(event) -> Actor:
    return coordinating(factories.coordinator())


@pytest.fixture
def snow(event, aigul) -> Task:
    return add_follow_up(replace(SNOW, event_id=event.id), now=NOW, actor=aigul)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "uploads")


def letters(template: str) -> list[Mail]:
    return db.session.query(Mail).filter_by(template=f"impact/{template}").order_by(Mail.created_at, Mail.id).all()


def history(task: Task) -> list[str]:
    rows = db.session.query(TaskEntry).filter_by(task_id=task.id).order_by(TaskEntry.at)
    return [row.kind for row in rows]


def token(task: Task) -> str:
    return answer_path(task, now=NOW).rpartition("/")[2]


def photo(place: str = "51 degrees north") -> bytes:
    image, out = Image.new("RGB", (80, 40), "white"), io.BytesIO()
    exif = image.getexif()
    exif[0x010E] = place
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_an_owner_outside_gets_a_letter_in_their_language_with_a_link(snow, client):
    (letter,) = letters("follow_up_given")
    assert (letter.recipient, letter.language) == ("office@kazautozhol.example", "ru")
    subject, text, html = words(letter)
    assert "снегоуборочной" in subject and "15.06.2030" in text and "/follow-ups/answer/" in html
    before = history(snow)
    for _ in range(2):
        assert client.get(letter.context["url"]).status_code == 200
    db.session.expire_all()
    assert (snow.state, history(snow)) == ("open", before), "mail scanners open every address"
    assert sorted(before) == ["asked", "made"]


def test_a_colleague_is_named_by_number_and_one_without_mail_waits_on_the_coordinators_list(aigul, event):
    nurlan = factories.employee(email=None)
    own = Draft({"en": "Call the bus firm"}, event_id=event.id, number=nurlan.personnel_number or "", due_on=DUE)
    task = add_follow_up(own, now=NOW, actor=aigul)
    assert (task.owner_id, task.owner, with_its_own(task).owner_name) == (nurlan.id, "", nurlan.short_name)
    assert letters("follow_up_given") == []
    shown = board(aigul, Filters(unreached=True), now=NOW)
    assert [one.task.id for column in shown.columns for one in column.cards] == [task.id] and shown.unreached == 1
    with pytest.raises(NobodyToWrite):
        ask_owner(task, now=NOW, actor=aigul)
    note_told(task, now=NOW, actor=aigul)
    assert board(aigul, Filters(), now=NOW).unreached == 0 and "told" in history(task)


def test_what_is_wrong_is_said_beside_its_field(aigul, event):
    for draft, fields in (
        (replace(SNOW, text={}), {"text", "city"}),
        (replace(SNOW, event_id="nowhere"), {"event_id"}),
        (Draft({"en": "x"}, city="balkhash", number="0"), {"number"}),
        (Draft({"en": "x"}, city="balkhash", owner_email="a@b.example"), {"owner"}),
        (Draft({"en": "x"}, city="balkhash", owner="A", number="1"), {"number"}),
    ):
        with pytest.raises(Invalid) as refusal:
            add_follow_up(draft, now=NOW, actor=aigul)
        assert set(refusal.value.errors) == fields
    assert db.session.query(Task).count() == 0


def test_a_stranger_and_another_citys_coordinator_write_and_move_nothing(snow, event):
    zhan = coordinating(factories.coordinator("zhezkazgan"), "zhezkazgan")
    for actor in (Actor(), zhan):
        with pytest.raises(NotAllowed):
            add_follow_up(replace(SNOW, event_id=event.id), now=NOW, actor=actor)
        with pytest.raises(NotAllowed):
            move_follow_up(snow, "done", now=NOW, actor=actor)
        assert sum(column.count for column in board(actor, Filters(), now=NOW).columns) == 0


def test_it_is_dropped_with_a_reason_alone_and_opened_again_with_all_of_its_history(snow, aigul):
    with pytest.raises(NoReason):
        move_follow_up(snow, "dropped", now=NOW, actor=aigul)
    move_follow_up(snow, "working", now=NOW, actor=aigul)
    move_follow_up(snow, "dropped", note="The road was given to another firm", now=NOW, actor=aigul)
    assert (snow.state, snow.is_over, snow.next_step_on) == ("dropped", True, None)
    with pytest.raises(NoSuchMove):
        move_follow_up(snow, "done", now=NOW, actor=aigul)
    with pytest.raises(IsOver):
        change_follow_up(snow, SNOW, version=0, now=NOW, actor=aigul)
    move_follow_up(snow, "open", now=NOW, actor=aigul)
    assert (snow.state, snow.dropped_reason, snow.next_step_on) == ("open", "", DUE - timedelta(days=7))
    assert history(snow).count("moved") == 3


def test_the_database_refuses_a_drop_without_reason_and_a_second_reminder_of_one_day(snow):
    with pytest.raises(IntegrityError), transaction():
        snow.done_at = snow.dropped_at = NOW
    for again in (False, True):
        row = TaskEntry(task_id=snow.id, at=NOW, kind="reminded", occasion="late-1:2030-06-15")
        if again:
            with pytest.raises(IntegrityError):
                factories.saved(row)
        else:
            factories.saved(row)


def test_who_was_slower_is_told_and_overwrites_knowingly(snow, aigul, event):
    later = replace(SNOW, event_id=event.id, due_on=DUE + timedelta(days=7))
    change_follow_up(snow, later, version=0, now=NOW, actor=aigul)
    with pytest.raises(ChangedMeanwhile):
        change_follow_up(snow, replace(SNOW, event_id=event.id), version=0, now=NOW, actor=aigul)
    assert snow.due_on == DUE + timedelta(days=7)
    assert sorted(letter.context["is_changed"] for letter in letters("follow_up_given")) == [False, True]


def test_another_owner_ends_the_old_link_and_the_old_owners_letters(snow, aigul, event, client):
    old = token(snow)
    change_follow_up(
        snow, replace(SNOW, event_id=event.id, owner_email="new@kazautozhol.example"), version=0, now=NOW, actor=aigul
    )
    assert client.get(f"/follow-ups/answer/{old}").status_code == 404
    given = letters("follow_up_given")
    assert {letter.recipient: letter.status for letter in given} == {
        "office@kazautozhol.example": "cancelled", "new@kazautozhol.example": "queued",
    }  # fmt: skip
    with pytest.raises(LinkWrong):
        follow_up_by_link("forged", now=NOW)
    with pytest.raises(LinkExpired):
        follow_up_by_link(token(snow), now=NOW + timedelta(days=400))


def test_the_owner_answers_without_login_and_the_coordinator_hears_of_it(snow, client):
    where = f"/follow-ups/answer/{token(snow)}"
    assert client.post(where, data={"state": "working"}).status_code == 303
    db.session.expire_all()
    assert snow.state == "working" and letters("follow_up_answered") == [], "at it: nobody need do anything"
    sent = {"state": "done", "note": "Двадцать машин вышло", "file": (io.BytesIO(photo()), "дорога.jpg")}
    assert client.post(where, data=sent, content_type="multipart/form-data").status_code == 303
    db.session.expire_all()
    (letter,) = letters("follow_up_answered")
    assert snow.state == "done" and "Двадцать машин вышло" in words(letter)[1]
    assert client.get(where).status_code == 200 and client.post(where, data={"state": "done"}).status_code == 409
    entry = db.session.query(TaskEntry).filter(TaskEntry.file_key.is_not(None)).one()
    assert (entry.kind, entry.by_owner, entry.media_type) == ("answered", True, "image/jpeg")


def test_what_the_owner_can_not_do_stays_open_and_needs_words(snow, store):
    one, owner = with_its_own(snow), Actor(name="KazAutoZhol")
    with pytest.raises(NothingSaid):
        answer_follow_up(one, "cant", store=store, now=NOW, actor=owner)
    with pytest.raises(NoSuchMove):
        answer_follow_up(one, "dropped", store=store, now=NOW, actor=owner)
    answer_follow_up(one, "cant", note="Нет денег", store=store, now=NOW, actor=owner)
    assert snow.state == "open" and len(letters("follow_up_answered")) == 1


def test_a_file_is_what_its_bytes_say_and_loses_where_it_was_taken(snow, aigul, store):
    for content, refusal in (
        (b"<script>alert(1)</script>", FileUnfit),
        (b"\xff\xd8\xff and nothing more", FileUnfit),
        (b"%PDF-" + b"0" * LARGEST, FileTooLarge),
    ):
        with pytest.raises(refusal):
            note_follow_up(snow, "", Upload("photo.jpg", content), store=store, now=NOW, actor=aigul)
    assert not store.folder.exists(), "nothing of what was refused is kept"
    assert b"51 degrees" in photo()
    kept = keep_evidence(Upload("..\\evil/road.jpg", photo()), store=store)
    assert b"51 degrees" not in store.read(kept.key) and kept.name == "road.jpg"


@pytest.mark.parametrize("side", [8_000, 12_000])
def test_a_bomb_of_pixels_is_never_unpacked(store, side: int):
    out = io.BytesIO()
    Image.new("1", (side, side)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(FileUnfit):
        keep_evidence(Upload("small.png", out.getvalue()), store=store)


def test_a_refused_act_leaves_no_file_behind(snow, store):
    with pytest.raises(NotAllowed):
        note_follow_up(snow, "", Upload("road.jpg", photo()), store=store, now=NOW, actor=Actor())
    assert list(store.folder.iterdir()) == []


def run_until(day: date, *, start: date = date(2030, 5, 2)) -> None:
    """A worker that looks every six hours."""
    moment = NOW.replace(year=start.year, month=start.month, day=start.day)
    while moment.date() <= day:
        while remind_of_follow_ups(now=moment):
            pass
        moment += timedelta(hours=6)


@pytest.mark.full
def test_reminders_go_once_each_by_day_and_late_ones_reach_the_coordinator(snow, aigul):
    run_until(DUE + timedelta(days=40))
    assert [letter.context["days"] for letter in letters("follow_up_due")] == [-7, -1, 1, 7]
    assert [letter.context["days"] for letter in letters("follow_up_late")] == [3, 14]
    assert {letter.reader_zone for letter in letters("follow_up_due")} == {"Asia/Almaty"}
    assert (history(snow).count("reminded"), history(snow).count("escalated")) == (4, 2)
    assert all(3 <= letter.created_at.hour < 17 for letter in letters("follow_up_due")), "by day, in Almaty"
    assert "3" in words(letters("follow_up_late")[0])[1] and "15.06.2030" in words(letters("follow_up_due")[0])[0]


def test_nobody_is_reminded_of_what_is_done_and_the_unreachable_come_on_the_list(snow, aigul, event):
    alone = add_follow_up(Draft({"en": "x"}, event_id=event.id, owner="Акимат", due_on=DUE), now=NOW, actor=aigul)
    note_told(alone, now=NOW, actor=aigul)
    move_follow_up(snow, "done", now=NOW, actor=aigul)
    moment = NOW.replace(month=6, day=14)
    assert remind_of_follow_ups(now=moment) and not remind_of_follow_ups(now=moment)
    assert letters("follow_up_due") == [] and alone.unreached_at == moment


def test_instructions_of_the_stops_are_followed_up_once(event, aigul):
    said = [{"kk": "Зауытты жүктеу"}, {"kk": "Техника әкелу"}]
    factories.saved(Stop(event_id=event.id, position=1, title={"en": "Plant"}, instructions=said))
    factories.saved(Stop(event_id=event.id, position=2, title={"en": "Road"}, instructions=[SNOW.text, {"kk": ""}]))
    add_follow_up(replace(SNOW, event_id=event.id), now=NOW, actor=aigul)
    assert adopt_instructions(event, now=NOW, actor=aigul) == 2, "what somebody wrote down already is there"
    assert adopt_instructions(event, now=NOW, actor=aigul) == 0
    assert sorted(one.task.text["kk"] for one in of_event(event)) == sorted(one["kk"] for one in [*said, SNOW.text])


def test_other_tasks_stay_as_they_are_and_stand_on_no_board(event, aigul):
    kind = {"kind": "bad-address", "city": "balkhash", "created_at": NOW}
    factories.saved(Task(key="bad", text={"en": "x"}, event_id=event.id, **kind))
    assert sum(column.count for column in board(aigul, Filters(), now=NOW).columns) == 0


@pytest.mark.full
def test_the_board_filters_and_pages(event, aigul):
    for number in range(15):
        due = DUE + timedelta(days=number)
        add_follow_up(Draft({"en": f"{number}"}, event_id=event.id, owner="Акимат", due_on=due), now=NOW, actor=aigul)
    add_follow_up(Draft({"en": "nobody's"}, city="balkhash"), now=NOW, actor=aigul)
    first = board(aigul, Filters(), now=NOW).columns[0]
    assert (first.count, len(first.cards), first.cards[0].task.text["en"]) == (16, 12, "0") and first.next
    after = board(aigul, Filters(), state="open", cursor=first.next, now=NOW).columns[0]
    assert [one.task.text["en"] for one in after.cards] == ["12", "13", "14", "nobody's"]
    later = NOW.replace(month=6, day=18)
    assert board(aigul, Filters(late=True), now=later).columns[0].count == 3
    for filters, count in (
        (Filters(owner="nobody"), 1), (Filters(owner="outside:Акимат"), 15), (Filters(event_id=event.id), 15),
        (Filters(city="zhezkazgan"), 0), (Filters(city="balkhash"), 16),
    ):  # fmt: skip
        assert sum(column.count for column in board(aigul, filters, now=NOW).columns) == count


@pytest.mark.full
def test_the_pages_of_a_coordinator_from_the_first_word_to_the_protocol(event, log_in: Callable[..., FlaskClient]):
    aigul = log_in(factories.coordinator())
    draft = {"text-ru": "Добавить техники", "event_id": event.id, "owner": "KazAutoZhol", "due_on": "15.06.2030"}
    assert aigul.post("/follow-ups/new", data=draft).status_code == 303
    task = db.session.query(Task).one()
    page = f"/follow-ups/{task.id}"
    assert aigul.post(f"{page}/telling").status_code == 303
    assert aigul.post(f"{page}/state", data={"state": "dropped"}).status_code == 422
    assert aigul.post(f"{page}/notes", data={"note": "Позвонили"}).status_code == 303
    assert aigul.post(f"{page}/edit", data={**draft, "due_on": "20.06.2030", "version": "0"}).status_code == 303
    late = aigul.post(f"{page}/edit", data={**draft, "due_on": "25.06.2030", "version": "0"})
    assert late.status_code == 422 and "20.06.2030" in late.text and "25.06.2030" in late.text
    again = {**draft, "due_on": "25.06.2030", "version": "1"}
    assert 'name="version" type="hidden" value="1"' in late.text
    assert aigul.post(f"{page}/edit", data=again).status_code == 303
    for address, said in (
        (page, "Позвонили"), ("/follow-ups", "Добавить техники"), ("/follow-ups?state=open", "KazAutoZhol"),
        (f"/events/{event.id}/protocol", "25.06.2030"), ("/my/follow-ups", ""), (f"{page}/edit", "KazAutoZhol"),
    ):  # fmt: skip
        found = aigul.get(address)
        assert found.status_code == 200 and said in found.text, address
    paper = aigul.get(f"/events/{event.id}/protocol.pdf")
    assert paper.data.startswith(b"%PDF-") and paper.mimetype == "application/pdf"


def test_a_file_is_given_to_keep_and_to_coordinators_alone(snow, log_in):
    aigul, stan = log_in(factories.coordinator()), log_in(factories.employee("Стан", "Стэн"))
    sent = {"note": "", "file": (io.BytesIO(photo()), "road.jpg")}
    aigul.post(f"/follow-ups/{snow.id}/notes", data=sent, content_type="multipart/form-data")
    entry = db.session.query(TaskEntry).filter(TaskEntry.file_key.is_not(None)).one()
    address = f"/follow-ups/{snow.id}/files/{entry.id}"
    found = aigul.get(address)
    assert found.status_code == 200 and found.headers["Content-Disposition"].startswith("attachment")
    assert found.headers["X-Content-Type-Options"] == "nosniff" and stan.get(address).status_code == 403


def test_a_year_after_it_is_over_nobody_is_named_and_the_file_is_gone(snow, aigul, store):
    note_follow_up(snow, "Называет имя", Upload("a.jpg", photo()), store=store, now=NOW, actor=aigul)
    move_follow_up(snow, "dropped", note="Так решил Нурлан", now=NOW, actor=aigul)
    purge(store=store, now=NOW + timedelta(days=364))
    assert snow.owner == "KazAutoZhol" and list(store.folder.iterdir())
    purge(store=store, now=NOW + timedelta(days=366))
    db.session.expire_all()
    rows = db.session.query(TaskEntry).filter_by(task_id=snow.id).all()
    assert (snow.text, snow.owner, snow.owner_email, snow.dropped_reason, snow.state) == ({}, "", "", "-", "dropped")
    assert {(row.note, row.file_key, row.file_name) for row in rows} == {("", None, "")}
    assert all(row.changes == {} for row in rows) and list(store.folder.iterdir()) == []


def test_the_link_of_one_is_no_link_of_another(snow, aigul, event):
    other = add_follow_up(replace(SNOW, event_id=event.id, text={"en": "y"}), now=NOW, actor=aigul)
    assert follow_up_by_link(token(other), now=NOW).task.id == other.id
    with transaction():
        other.kind = "conflict"
    with pytest.raises(NotFound):
        follow_up_by_link(token(other), now=NOW)


@pytest.mark.full
def test_the_pages_ask_little_whatever_there_is(event, aigul, log_in, banner_is_known):
    for number in range(20):
        own = Draft({"en": f"{number}"}, event_id=event.id, number=factories.employee().personnel_number or "")
        task = add_follow_up(own, now=NOW, actor=aigul)
        move_follow_up(task, ("working", "done")[number % 2], note="At it", now=NOW, actor=aigul)
    page, event_id, task_id = log_in(factories.coordinator()), event.id, task.id
    for address in ("/follow-ups", f"/follow-ups/{task_id}", f"/events/{event_id}/protocol", "/follow-ups/new"):
        assert queries_of(page, address) <= 12, address
