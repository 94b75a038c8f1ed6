"""No page of planning asks the database more than twelve times, however much is planned."""

from datetime import timedelta

import pytest
from sqlalchemy import event as sqlalchemy_event

from app import clock
from app.db import db, transaction
from app.events.checklists import add_items
from app.events.series import make_series
from tests import factories
from tests.events.drafting import NOW, coordinating

MOST = 12


def queries(page, address):
    asked = []

    def note(*told):
        asked.append(told[2])

    db.session.remove()
    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert page.get(address).status_code == 200
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)
    return len([one for one in asked if one.lstrip().upper().startswith("SELECT")])


@pytest.mark.parametrize(
    "address",
    ["/planning", "/events/{}", "/events/{}/edit", "/events/new", "/events/new?start=grove", "/events/{}/checklist",
     "/events/{}/series",
     "/events/{}/clone", "/planning/season", "/planning/warnings?day=18.05.2030&site_id={site}"],
)  # fmt: skip
@pytest.mark.full
def test_a_full_season_takes_twelve_queries_at_most(app, log_in, address):
    aigul = factories.coordinator(language="en")
    page, event = log_in(aigul), factories.event()
    first, weekday = event.local_date, event.local_date.weekday()
    span = {"first": first, "last": first + timedelta(days=200), "weekday": weekday}
    for one in make_series(event, **span, now=NOW, actor=coordinating(aigul)):
        with transaction():
            add_items(one, [(300, {"en": "Bags"})] * 3, now=clock.now())
    assert queries(page, address.format(event.id, site=event.site_id)) <= MOST
