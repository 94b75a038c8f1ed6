"""Actor: who is asking, as plain values. Every policy takes one; nothing in it is a database row."""

from dataclasses import dataclass, field

COORDINATOR = "coordinator"
GIFT_KEEPER = "gift_keeper"
SAFETY_OFFICER = "safety_officer"
ADMIN = "admin"
EMPLOYEE = "employee"
HELPER = "helper"  # of one event on its days: marks who comes, hands gifts out
MANAGEMENT = "management"  # reads figures, and no names
ROLES = (EMPLOYEE, COORDINATOR, GIFT_KEEPER, SAFETY_OFFICER, ADMIN, HELPER, MANAGEMENT)


@dataclass(frozen=True)
class Scope:
    """A role and where it holds; None means everywhere."""

    role: str
    city: str | None = None
    programme_id: str | None = None
    event_id: str | None = None
    lent_by: str | None = None  # the account whose grant it is, while its holder is away

    def covers(self, *, city: str | None, programme_id: str | None, event_id: str | None) -> bool:
        """Whether a thing in this city, programme and event lies inside the scope."""
        return (
            (self.city is None or self.city == city)
            and (self.programme_id is None or self.programme_id == programme_id)
            and (self.event_id is None or self.event_id == event_id)
        )


@dataclass(frozen=True)
class Actor:
    """Who acts: a logged-in account with its grants, a stranger, or the system itself (no account)."""

    account_id: str | None = None
    person_id: str | None = None
    name: str = ""
    language: str = "kk"
    city: str | None = None
    scopes: tuple[Scope, ...] = field(default=())
    session_id: str | None = None
    # Through whose lent grant the last question was answered with yes; the log says "for" them.
    _through: list[str | None] = field(default_factory=list, compare=False, repr=False)

    @property
    def lent_by(self) -> str | None:
        """The account for which they act just now: what allowed the last thing was lent by it."""
        return self._through[-1] if self._through else None

    @property
    def is_signed_in(self) -> bool:
        """Whether we know who it is."""
        return self.account_id is not None

    @property
    def is_admin(self) -> bool:
        """Whether everything is theirs to do."""
        return any(scope.role == ADMIN for scope in self.scopes)

    @property
    def is_staff(self) -> bool:
        """Whether they have any role beyond signing themselves up."""
        return any(scope.role != EMPLOYEE for scope in self.scopes)

    def has_role(self, *roles: str) -> bool:
        """Whether they hold one of the roles anywhere at all (for menus; admins hold all)."""
        return self.is_admin or any(scope.role in roles for scope in self.scopes)

    def holds(
        self, *roles: str, city: str | None = None, programme_id: str | None = None, event_id: str | None = None
    ) -> bool:
        """Whether one of the roles is theirs for a thing in this city, programme, event."""
        if self.is_admin:
            return True
        covering = [
            scope
            for scope in self.scopes
            if scope.role in roles and scope.covers(city=city, programme_id=programme_id, event_id=event_id)
        ]
        if covering:
            own = any(scope.lent_by is None for scope in covering)
            self._through[:] = [None if own else covering[0].lent_by]
        return bool(covering)

    def cities(self, *roles: str) -> frozenset[str] | None:
        """The cities where a role holds, None for all of them."""
        wanted = [scope for scope in self.scopes if scope.role in roles]
        if self.is_admin or any(s.city is None and not s.programme_id and not s.event_id for s in wanted):
            return None
        return frozenset(scope.city for scope in wanted if scope.city)


STRANGER = Actor()
SYSTEM = Actor(name="system")
