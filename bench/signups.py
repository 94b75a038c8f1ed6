"""600 parties of one to four, parents with their children, want 400 seats at once."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Flask

from app.consents.operations import install_first_texts
from bench.data import Visitor, log_in_all, make_children, make_employees, make_event, make_ground, now
from bench.load import Outcome, Request, fire

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Party:
    """Who signs up, with their children."""

    visitor: Visitor
    children: list[str]

    @property
    def size(self) -> int:
        """How many people go."""
        return 1 + len(self.children)


def prepare(app: Flask, *, people: int = 600, seats: int = 400, first: int = 100_000) -> tuple[str, list[Party]]:
    """An event and everybody who wants to go, a login for each party; returns the event's id and the parties."""
    with app.app_context():
        moment = now()
        install_first_texts(now=moment)
        event_id = make_event(make_ground(now=moment), capacity=seats, now=moment)
        employees = make_employees(people, now=moment, first=first)
        families = make_children(employees, now=moment, first=first)
        visitors = log_in_all(app, employees, now=moment)
        return event_id, [Party(visitor, children) for visitor, children in zip(visitors, families, strict=True)]


def sign_up_requests(event_id: str, parties: list[Party]) -> list[Request]:
    """The form as the event's page sends it, one a party."""
    return [
        Request(
            path=f"/events/{event_id}/signups",
            headers={**FORM, "Cookie": party.visitor.cookie},
            body=urlencode(
                [
                    ("csrf_token", party.visitor.csrf_token),
                    *(("people", person_id) for person_id in (party.visitor.person_id, *party.children)),
                    *(("consents", child_id) for child_id in party.children),
                ]
            ).encode(),
        )
        for party in parties
    ]


def burst(port: int, event_id: str, parties: list[Party]) -> Outcome:
    """Everybody at once, over 50 connections."""
    return fire(port, sign_up_requests(event_id, parties))


def limit(port: int, path: str, parties: list[Party], *, count: int) -> Outcome:
    """The same clients on a route that shows the server's limit."""
    some = [parties[number % len(parties)].visitor for number in range(count)]
    return fire(port, [Request(path=path, headers={**FORM, "Cookie": v.cookie}, body=b"x=1") for v in some])
