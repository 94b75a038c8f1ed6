"""What somebody asks of a roster: which part, order, columns and page, as an address says it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from app.desk.roster.roster import RosterFilter

PER_PAGE = 100
SIZES_OF_PAGE = (100, 400)
LAST_PAGE = 10_000
SORTS = ("name", "status", "group", "bus", "department", "age", "number", "newest")
# In the order of the table. The name always stands first; what is done by a tap stays.
COLUMNS = (
    "age", "number", "department", "city", "group", "bus", "shift",
    "status", "consent", "labels", "attendance", "gifts",
)  # fmt: skip
USUAL = ("age", "group", "status", "consent", "labels", "attendance", "gifts")
LONGEST = 100
EVERYBODY = RosterFilter()


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter with order, columns and page. `words()` say the same for an address or a saved view."""

    wanted: RosterFilter = EVERYBODY
    sort: str = "name"
    is_down: bool = False
    columns: tuple[str, ...] = USUAL
    page: int = 1
    per: int = PER_PAGE

    def words(self) -> dict[str, str]:
        """Only what is not as usual; the page is left out, because it is no part of a view."""
        said = self.wanted.words()
        if self.sort != "name":
            said["sort"] = self.sort
        if self.is_down:
            said["down"] = "1"
        if self.columns != USUAL:
            said["columns"] = ",".join(self.columns)
        return said | ({"per": str(self.per)} if self.per != PER_PAGE else {})

    def sorted_by(self, sort: str) -> "Asked":
        """The same list in the order of another column; of the same column, the other way round."""
        return replace(self, sort=sort, is_down=self.sort == sort and not self.is_down, page=1)


def asked(said: Mapping[str, str], columns: list[str] | None = None) -> Asked:
    """What these words ask for; words that mean nothing change nothing. `columns` are boxes that were ticked."""
    wanted = RosterFilter(**{field.name: said.get(field.name, "")[:LONGEST] for field in fields(RosterFilter)})
    named = columns or [name for name in said.get("columns", "").split(",") if name]
    chosen = tuple(name for name in COLUMNS if name in named)
    sort = said.get("sort", "")
    return Asked(
        wanted=wanted,
        sort=sort if sort in SORTS else "name",
        is_down=said.get("down") == "1",
        columns=chosen or USUAL,
        page=min(max(_number(said.get("page", ""), 1), 1), LAST_PAGE),
        per=per if (per := _number(said.get("per", ""), PER_PAGE)) in SIZES_OF_PAGE else PER_PAGE,
    )


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else otherwise
