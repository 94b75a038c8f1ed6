"""Pages that many open: the public event page."""

from bench.data import Visitor
from bench.load import Outcome, Request, fire


def event_page(port: int, event_id: str, *, count: int) -> Outcome:
    """Strangers look at one event, over 50 connections."""
    return fire(port, [Request(f"/events/{event_id}")] * count)


def as_client(port: int, path: str, visitor: Visitor | None, *, count: int, connections: int = 50) -> Outcome:
    """The same clients on a route that shows the server's limit."""
    headers = {"Cookie": visitor.cookie} if visitor else {}
    return fire(port, [Request(path, headers)] * count, processes=min(2, connections), connections=connections)
