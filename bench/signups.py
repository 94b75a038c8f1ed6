"""600 employees want 400 seats at once."""

from urllib.parse import urlencode

from flask import Flask

from bench.data import Visitor, log_in_all, make_employees, make_event, make_ground, now
from bench.load import Outcome, Request, fire

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def prepare(app: Flask, *, people: int = 600, seats: int = 400) -> tuple[str, list[Visitor]]:
    """An event and everybody who wants to go, logged in; returns the event's id and the visitors."""
    with app.app_context():
        moment = now()
        ground = make_ground(now=moment)
        event_id = make_event(ground, capacity=seats, now=moment)
        return event_id, log_in_all(app, make_employees(people, now=moment), now=moment)


def sign_up_requests(event_id: str, visitors: list[Visitor]) -> list[Request]:
    """The form as the event's page sends it, one a person."""
    return [
        Request(
            path=f"/events/{event_id}/signups",
            headers={**FORM, "Cookie": visitor.cookie},
            body=urlencode({"csrf_token": visitor.csrf_token, "people": visitor.person_id}).encode(),
        )
        for visitor in visitors
    ]


def burst(port: int, event_id: str, visitors: list[Visitor]) -> Outcome:
    """Everybody at once, from 8 processes."""
    return fire(port, sign_up_requests(event_id, visitors))


def limit(port: int, path: str, visitors: list[Visitor], *, count: int) -> Outcome:
    """The same clients on a route that shows the server's limit."""
    some = [visitors[number % len(visitors)] for number in range(count)]
    return fire(port, [Request(path=path, headers={**FORM, "Cookie": v.cookie}, body=b"x=1") for v in some])
