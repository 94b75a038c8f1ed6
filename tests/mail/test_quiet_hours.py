"""Nothing optional leaves between ten at night and eight in the morning of whoever reads, to the second."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.accounts.actor import SYSTEM
from app.db import db, transaction
from app.mail import delivery
from app.mail.models import Mail
from app.mail.quiet_hours import after_quiet_hours, is_night
from app.mail.resending import resend
from app.mail.sending_models import MailAttempt
from tests.mail.sink import Sink
from tests.mail.test_delivery import deliver, mail, queue, templates

__all__ = ["templates"]

assert clock  # the pinned zones
ALMATY = ZoneInfo("Asia/Almaty")
ZONES = st.sampled_from(["Asia/Almaty", "Asia/Oral", "Europe/Moscow", "America/New_York", "Australia/Lord_Howe"])
MOMENTS = st.datetimes(datetime(2023, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))
EDGES = st.builds(
    lambda day, hour, off, zone: datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC) + off,
    st.dates(datetime(2023, 1, 1).date(), datetime(2030, 12, 31).date()),
    st.sampled_from([8, 22]),
    st.timedeltas(timedelta(seconds=-1), timedelta(seconds=1)),
    ZONES,
)
INSTANT = timedelta(microseconds=1)
NIGHT = datetime(2030, 5, 17, 22, tzinfo=ALMATY)
MORNING = datetime(2030, 5, 18, 8, tzinfo=ALMATY)


@given(st.one_of(MOMENTS, EDGES), ZONES)
def test_a_letter_leaves_at_once_by_day_and_at_eight_sharp_after_a_night(moment: datetime, zone: str) -> None:
    on_the_wall = moment.astimezone(ZoneInfo(zone)).time()
    assert is_night(moment, zone) == (on_the_wall >= time(22) or on_the_wall < time(8))
    leaves = after_quiet_hours(moment, zone)
    if is_night(moment, zone):
        assert leaves > moment and leaves.astimezone(ZoneInfo(zone)).time() == time(8)
        assert leaves - moment <= timedelta(hours=11)  # a night may have one hour more
        assert is_night(leaves - INSTANT, zone)
    assert not is_night(leaves, zone) and after_quiet_hours(leaves, zone) == leaves


def test_who_has_no_zone_is_never_asleep() -> None:
    assert not is_night(NIGHT, None)


def queue_for(*names: str, zone: str | None = "Asia/Almaty", at: datetime = NIGHT - timedelta(hours=1)) -> None:
    for name in names:
        queue(name, now=at, optional=True)
    with transaction():
        named = db.session.query(Mail).filter(Mail.key.in_([f"test:{name}" for name in names]))
        named.update({"reader_zone": zone}, synchronize_session=False)


@pytest.mark.parametrize("at", [NIGHT, NIGHT + timedelta(seconds=59), MORNING - INSTANT])
@pytest.mark.full
def test_what_waits_in_the_night_leaves_at_eight_and_not_a_minute_later(app: Flask, sink: Sink, at: datetime) -> None:
    queue_for("nurlan")
    queue_for("dina", zone="Europe/Moscow")  # two hours behind
    queue_for("stan", zone=None)
    in_moscow = at < NIGHT + timedelta(hours=2)
    deliver(app, now=at)
    awake = ["stan", "dina"] if in_moscow else ["stan"]
    assert {one.recipient for one in sink.received} == {f"{name}@torangy.example" for name in awake}
    waiting = mail("nurlan")
    assert (waiting.status, waiting.attempts, waiting.lease) == ("queued", 0, None)
    assert waiting.due_at == waiting.not_before == MORNING, "so that nobody takes it for late"
    deliver(app, now=MORNING - timedelta(seconds=1))
    assert mail("nurlan").status == "queued"
    deliver(app, now=MORNING)
    assert mail("nurlan").status == "sent"


@pytest.mark.full
def test_ten_at_night_strikes_between_two_letters_of_one_batch(
    app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue_for("nurlan", "dina", "stan")
    bag = delivery.Bag
    monkeypatch.setattr(delivery, "Bag", lambda _: bag(lambda: NIGHT if sink.received else NIGHT - INSTANT))
    deliver(app, now=NIGHT - timedelta(seconds=1))
    assert len(sink.received) == 1, "it was handed over before ten, and the others were not"
    assert db.session.query(Mail).filter_by(status="queued", attempts=0).count() == 2
    assert db.session.query(MailAttempt).count() == 0
    monkeypatch.setattr(delivery, "Bag", bag)
    deliver(app, now=NIGHT + timedelta(seconds=2))
    deliver(app, now=MORNING)
    assert len(sink.received) == 3 and len({one.recipient for one in sink.received}) == 3


@pytest.mark.full
def test_a_letter_sent_again_at_night_waits_too(app: Flask, sink: Sink) -> None:
    queue_for("nurlan")
    deliver(app, now=NIGHT - timedelta(minutes=30))
    again = resend(mail("nurlan"), now=NIGHT, actor=SYSTEM)
    assert again.reader_zone == "Asia/Almaty"
    deliver(app, now=NIGHT + timedelta(hours=1))
    assert len(sink.received) == 1
