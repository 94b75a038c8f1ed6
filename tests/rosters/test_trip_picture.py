"""The picture of the day of a trip: stops, lunch and buses lie on one line of hours, each as long as it takes."""

from datetime import time, timedelta

from app.db import db
from app.events.models import Event, Stop
from app.rosters.bus_stops import add_stop
from app.rosters.models import Bus
from app.rosters.trip import trip_of
from tests import factories
from tests.events.drafting import NOW, coordinating

HOUR = timedelta(hours=1)


def riding(app, *names: str, **said: object) -> Event:
    """Nine to thirteen by the clock of the place; the buses leave at eight and are back at half past one."""
    event, aigul = factories.event(), coordinating(factories.coordinator())
    for name in names:
        bus = factories.saved(Bus(event_id=event.id, name=name, seats=40, **said))
        add_stop(bus, {"kk": "Алаң"}, time(8, 0), now=NOW, actor=aigul)
        add_stop(bus, {"kk": "Вокзал"}, time(8, 20), now=NOW, actor=aigul)
        add_stop(bus, {"kk": "Алаң"}, time(13, 30), direction="back", now=NOW, actor=aigul)
    begins = event.starts_at
    first = Stop(
        event_id=event.id, position=1, title={"kk": "Цех"}, arrives_at=begins + HOUR, departs_at=begins + 2 * HOUR
    )
    factories.saved(first)
    db.session.expire_all()
    return event


def test_a_bus_is_drawn_from_its_first_place_to_the_first_stop_and_back(app):
    event = riding(app, "1")
    line = trip_of(event).line
    lanes, hours = dict(line.lanes), line.ticks[-1][1] - line.ticks[0][1]
    assert line.ticks[0][1] == event.starts_at - HOUR, "the hour of the first bus"

    def at(moment):
        return round(100 * ((moment - line.ticks[0][1]) / hours), 2)

    rides = [bar for bar in lanes["leg"] if bar.width]
    assert [bar.left for bar in rides] == [at(event.starts_at - HOUR), at(event.starts_at + 2 * HOUR)]
    (stop,) = lanes["stop"]
    assert abs(rides[0].left + rides[0].width - stop.left) < 0.02, "it arrives where the stop begins"
    assert abs(rides[1].left - stop.left - stop.width) < 0.02, "and leaves where it ends"
    assert [bar.left for bar in lanes["leg"] if not bar.width] == [
        at(event.starts_at + minutes * timedelta(minutes=1)) for minutes in (-60, -40, 270)
    ]
    assert [bar.mark for bar in rides] == ["1", "1"]


def test_many_buses_are_counted_and_a_closed_one_is_not_on_the_road(app, log_in):
    event = riding(app, *(f"{number}-автобус" for number in range(1, 5)))
    assert {bar.mark for bar in dict(trip_of(event).line.lanes)["leg"] if bar.width} == {"× 4"}
    page = log_in(factories.coordinator()).get(f"/events/{event.id}/trip").text
    assert "day-line" in page and "× 4" in page
    closed = riding(app, "1", closed_at=NOW)
    assert "leg" not in dict(trip_of(closed).line.lanes) and "leg" not in {part.kind for part in trip_of(closed).parts}
