"""The queue as a person with a pencil would keep it: slow and plain, to hold the real one against."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.signups.offer_hours import offer_until


@dataclass
class Party:
    """People in their order, each confirmed, waiting, offered, declined or cancelled."""

    signup_id: str
    number: int
    fewer: bool
    people: dict[str, str]
    passes: int = 0
    offered_until: datetime | None = None

    def who(self, status: str) -> list[str]:
        return [person for person, has in self.people.items() if has == status]


@dataclass
class SimpleLine:
    """One event: its seats, its rule, and everybody who came, in the order in which they came."""

    capacity: int
    pass_limit: int
    promotion: str
    starts_at: datetime
    timezone: str
    parties: dict[str, Party] = field(default_factory=dict)
    numbers: int = 0

    def taken(self) -> int:
        return sum(len(party.who("confirmed")) + len(party.who("offered")) for party in self.parties.values())

    def waiting(self) -> list[Party]:
        return sorted((p for p in self.parties.values() if p.who("waiting")), key=lambda party: party.number)

    def come(self, signup_id: str, people: list[str], *, fewer: bool, now: datetime) -> None:
        self.numbers += 1
        party = Party(signup_id, self.numbers, fewer, dict.fromkeys(people, "waiting"))
        alone = not self.waiting()
        self.parties[signup_id] = party
        if alone:
            for person in self._fits(party):
                party.people[person] = "confirmed"
        else:
            self.promote(now, newcomer=party)

    def leave(self, signup_id: str, people: list[str], *, now: datetime, status: str = "cancelled") -> None:
        party = self.parties[signup_id]
        for person in people:
            party.people[person] = status
        if not party.who("offered"):
            party.offered_until = None
        self.promote(now)

    def grow(self, signup_id: str, people: list[str], *, now: datetime) -> bool:
        party = self.parties[signup_id]
        if party.who("waiting"):
            for again in people:
                party.people.pop(again, None)  # who comes back stands last
            self.numbers += 1
            party.number, party.passes = self.numbers, 0
            party.people |= dict.fromkeys(people, "waiting")
            self.promote(now)
            return True
        if self.waiting() or self.taken() + len(people) > self.capacity:
            return False
        party.people |= dict.fromkeys(people, "confirmed")
        return True

    def answer(self, signup_id: str, *, yes: bool, now: datetime) -> None:
        party = self.parties[signup_id]
        offered = party.who("offered")
        party.offered_until = None
        for person in offered:
            party.people[person] = "confirmed" if yes else "declined"
        if not yes:
            self.promote(now)

    def promote(self, now: datetime, newcomer: Party | None = None) -> None:
        until = self._offered_until(now)
        if now >= self.starts_at or until == "night":
            return
        while going := self._next():
            party, people = going
            for other in self.waiting():
                other.passes += other.number < party.number
            if until is None or party is newcomer:
                status = "confirmed"
            else:
                status, party.offered_until = "offered", until
            for person in people:
                party.people[person] = status

    def _next(self) -> tuple[Party, list[str]] | None:
        for party in self.waiting():
            if people := self._fits(party):
                return party, people
            can_fit = party.fewer or len(party.who("waiting")) <= self.capacity
            if can_fit and party.passes >= self.pass_limit:
                return None
        return None

    def _fits(self, party: Party) -> list[str]:
        free, waiting = self.capacity - self.taken(), party.who("waiting")
        return waiting if len(waiting) <= free else waiting[: max(0, free)] if party.fewer else []

    def _offered_until(self, now: datetime) -> datetime | str | None:
        late = self.promotion == "late-offer" and self.starts_at - now <= timedelta(hours=24)
        if not late and self.promotion != "offer":
            return None
        return offer_until(hours=2, starts_at=self.starts_at, timezone=self.timezone, now=now) or "night"
