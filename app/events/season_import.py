"""A season of events from a spreadsheet: every row is checked before anything is written, then each becomes a draft.

A row is known by its programme and key: read again, the file makes only what is missing, so it can be broken off.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.actor import Actor
from app.audit.operations import record
from app.db import Texts, db, lock, transaction
from app.errors import N_, NotFound
from app.events.changing import begin_event, zone_of
from app.events.drafts import USUAL, EventDraft, problems
from app.events.kind_defaults import PLAIN, STARTS, KindDefaults
from app.events.models import Event, Programme, SeasonImport, Site
from app.events.periods import moment
from app.events.queries import PlanChoices, plan_choices
from app.events.season_rows import Problem, SeasonRow, read_row, season_columns
from app.events.starting import bring_along
from app.files import FileStore
from app.people.models import Person
from app.people.names import fold
from app.people.sheets import read_sheet

AT_ONCE = 100
EVENING = time(18)
MOST_ROWS = 1000
TOO_MANY = N_("A season has up to %(most)s events. Divide the file.")


@dataclass(frozen=True)
class CheckedRow:
    """A row and what becomes of it: a draft, nothing because it is there already (`event_id`), or its problems."""

    row: SeasonRow
    start: KindDefaults
    draft: EventDraft | None = None
    event_id: str | None = None
    problems: Sequence[Problem] = ()

    @property
    def state(self) -> str:
        """One of: wrong, known, new."""
        if self.problems:
            return "wrong"
        return "known" if self.event_id else "new"


def keep_season(file_name: str, content: bytes, *, store: FileStore, now: datetime, actor: Actor) -> SeasonImport:
    """Keeps a file that can be read, and forgets what the same person kept before and never used.

    Writes no event. Raises UnreadableFile, ColumnMissing.
    """
    season_columns(read_sheet(content).headings)
    key = store.save(content)
    with transaction() as session:
        mine = SeasonImport.started_by_id == actor.account_id
        forgotten = session.scalars(select(SeasonImport).where(mine, SeasonImport.finished_at.is_(None))).all()
        for old in forgotten:
            session.delete(old)
        season = SeasonImport(file_name=file_name[:200], file_key=key, started_at=now, started_by_id=actor.account_id)
        session.add(season)
        session.flush()
        record(actor, "keep_season", season, now=now)
    for old in forgotten:
        store.delete(old.file_key or "0")
    return season


def season_to_import(actor: Actor, season_id: str) -> SeasonImport:
    """A kept file, for whoever brought it; raises NotFound."""
    season = db.session.get(SeasonImport, season_id)
    if season is None or not (actor.is_admin or season.started_by_id == actor.account_id):
        raise NotFound
    return season


def check_season(season: SeasonImport, *, store: FileStore, now: datetime, actor: Actor) -> list[CheckedRow]:
    """What would become of each row; of a file whose drafts are made, nothing more."""
    return checked_rows(store.read(season.file_key), now=now, actor=actor) if season.file_key else []


def checked_rows(content: bytes, *, now: datetime, actor: Actor) -> list[CheckedRow]:
    """The same for the bytes of a file; raises UnreadableFile, ColumnMissing."""
    sheet = read_sheet(content)
    columns = season_columns(sheet.headings)
    rows = [read_row(row, columns) for row in sheet.rows]
    known = _Known.of(actor, rows)
    seen: set[tuple[str, str] | None] = set()
    checked = []
    for number, row in enumerate(rows):
        one = _check(row, known)
        place = (one.draft.programme_id, row.values["key"]) if one.draft else None
        if number >= MOST_ROWS:
            one = replace(one, problems=[Problem("key", TOO_MANY, {"most": MOST_ROWS})])
        elif place and place in seen:
            one = replace(one, problems=[Problem("key", N_("This key stands in the file twice."))])
        seen.add(place)
        checked.append(one)
    return checked


def make_drafts(season: SeasonImport, *, store: FileStore, now: datetime, actor: Actor) -> int:
    """A draft for each row that holds and is not there yet, a hundred in a transaction; returns how many there are."""
    rows = [one for one in check_season(season, store=store, now=now, actor=actor) if one.state == "new"]
    for first in range(0, len(rows), AT_ONCE):
        with transaction():
            lock(season)
            if season.finished_at is None:
                season.created += _make(rows[first : first + AT_ONCE], now=now, actor=actor)
    with transaction():
        lock(season)
        if season.finished_at is not None:
            return season.created
        key, season.file_key, season.finished_at = season.file_key, None, now
        record(actor, "import_season", season, now=now, changes={"created": (0, season.created)})
    store.delete(key or "0")
    return season.created


def import_rows(rows: Iterable[CheckedRow], *, now: datetime, actor: Actor) -> int:
    """Makes drafts of rows just checked, all at once; returns how many."""
    with transaction():
        return _make([one for one in rows if one.state == "new"], now=now, actor=actor)


def _make(rows: Sequence[CheckedRow], *, now: datetime, actor: Actor) -> int:
    """Those of the rows that nobody made meanwhile."""
    standing = _standing((one.draft.programme_id for one in rows if one.draft), [_key(one) for one in rows])
    made = 0
    for one in rows:
        if one.draft is None or (one.draft.programme_id, _key(one)) in standing:
            continue
        event = begin_event(one.draft, now=now, actor=actor)
        event.import_key = _key(one)
        bring_along(event, one.start, now=now)
        record(actor, "create", event, now=now)
        made += 1
    return made


def _key(one: CheckedRow) -> str:
    return str(one.row.values["key"])


def _standing(programme_ids: Iterable[str], keys: Iterable[str]) -> dict[tuple[str, str | None], str]:
    """{(programme, key): event} of what was read before."""
    query = select(Event.programme_id, Event.import_key, Event.id)
    query = query.where(Event.programme_id.in_(set(programme_ids)), Event.import_key.in_(set(keys)))
    return {(programme_id, key): event_id for programme_id, key, event_id in db.session.execute(query)}


@dataclass(frozen=True)
class _Known:
    """What the words of the file may mean: read once for all rows."""

    choices: PlanChoices
    sites: dict[str, list[Site]]
    programmes: dict[str, list[Programme]]
    people: dict[str, Person]
    standing: dict[tuple[str, str | None], str]

    @classmethod
    def of(cls, actor: Actor, rows: Sequence[SeasonRow]) -> "_Known":
        choices = plan_choices(actor)
        keys = [row.values["key"] for row in rows if "key" in row.values]
        numbers = {fold(one.personnel_number or ""): one for one in choices.coordinators}
        mails = {fold(one.email or ""): one for one in choices.coordinators}
        return cls(
            choices,
            _by_name(choices.sites),
            _by_name(choices.programmes),
            {word: one for word, one in (numbers | mails).items() if word},
            _standing([one.id for one in choices.programmes], keys),
        )


def _by_name(rows: Sequence[Any]) -> dict[str, list[Any]]:
    """{a name in any language, or the short name: what is called so}."""
    named: dict[str, list[Any]] = {}
    for row in rows:
        for word in {fold(text) for text in (row.slug, *row.name.values()) if text}:
            named.setdefault(word, []).append(row)
    return named


def _check(row: SeasonRow, known: _Known) -> CheckedRow:
    start = STARTS[row.values.get("start", "other")]
    found = list(row.problems)
    site = _named(row, "site", known.sites, found)
    programme = _named(row, "programme", known.programmes, found)
    person = known.people.get(fold(row.values.get("coordinator", "")))
    if person is None and "coordinator" in row.values:
        found.append(Problem("coordinator", N_("No coordinator has this personnel number or e-mail.")))
    if found or site is None or programme is None:
        return CheckedRow(row, start, problems=found)
    draft = _draft(row, start, site, programme, person)
    wrong = [Problem(FIELDS.get(name, name), why) for name, why in problems(draft, site).items()]
    event_id = known.standing.get((programme.id, row.values["key"]))
    return CheckedRow(row, start, draft, event_id, wrong)


FIELDS = {"title": "title_kk", "starts_at": "begins", "ends_at": "ends", "signup_closes_at": "day"}


def _named(row: SeasonRow, name: str, named: dict[str, list[Any]], found: list[Problem]) -> Any:
    word = row.values.get(name)
    fitting = named.get(fold(word), []) if word else []
    if word and not fitting:
        found.append(Problem(name, N_("“%(value)s” is not among what you plan for."), {"value": word[:60]}))
    elif len(fitting) > 1:
        slugs = ", ".join(one.slug for one in fitting)
        found.append(Problem(name, N_("Several are called so. Write one of: %(names)s."), {"names": slugs}))
    return fitting[0] if len(fitting) == 1 else None


def _draft(row: SeasonRow, start: KindDefaults, site: Site, programme: Programme, person: Person | None) -> EventDraft:
    """The row on top of what its kind brings along."""
    zone, values = zone_of(site), row.values
    brought: dict[str, Any] = {name: getattr(start, name) for name in (*PLAIN, *USUAL, "kind", "meeting_point")}
    written = {name: values[name] for name in ("capacity", "audience", "min_age") if name in values}
    starts_at = moment(values["day"], values.get("begins", start.begins), zone)
    ends_at = moment(values["day"], values.get("ends", start.ends), zone)
    about = {"site_id": site.id, "programme_id": programme.id, "coordinator_id": person.id if person else None}
    times = {"starts_at": starts_at, "ends_at": ends_at}
    closes = moment(values["day"] - timedelta(days=1), EVENING, zone)
    title = _title(values) or start.title
    return EventDraft(**brought | written | about | times | {"title": title, "signup_closes_at": closes})


def _title(values: dict[str, Any]) -> Texts:
    return {code: values[f"title_{code}"] for code in ("kk", "ru", "en") if f"title_{code}" in values}
