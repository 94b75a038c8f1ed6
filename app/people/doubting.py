"""Addresses that look mistyped where nobody can be asked: they are taken, and whoever sent them is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.errors import N_
from app.people.domains_in_use import domains_in_use
from app.people.mail_domains import doubt, is_usual

DOUBTED = N_("Did you mean %(meant)s? %(address)s is taken as it stands.")


@dataclass(frozen=True, slots=True)
class Doubt:
    """An address and the one that was probably meant; `row` is where it stands in a file."""

    address: str
    meant: str
    row: int = 0

    def as_json(self) -> dict[str, Any]:
        """As an import run keeps it, in the shape of its refusals."""
        params = {"address": self.address, "meant": self.meant}
        return {"row": self.row, "field": "email", "why": DOUBTED, "params": params}


def doubts_of(addresses: Iterable[tuple[int, str]], *, before: datetime | None = None) -> list[Doubt]:
    """Those of (row, address) that look mistyped; each domain is looked at once.

    `before` leaves out people who came later: six slips of one file must not prove each other right.
    """
    rare = [(row, address) for row, address in addresses if not is_usual(address)]
    known = domains_in_use(before=before) if rare else []
    meant: dict[str, str] = {}
    found = []
    for row, address in rare:
        local, _, domain = address.rpartition("@")
        if domain not in meant:
            meant[domain] = (doubt(address, known) or "").rpartition("@")[2]
        if meant[domain]:
            found.append(Doubt(address, f"{local}@{meant[domain]}", row))
    return found


def doubt_about(address: str | None) -> Doubt | None:
    """The same for one address; None where there is nothing to say."""
    return next(iter(doubts_of([(0, address)])), None) if address else None
