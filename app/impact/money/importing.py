"""Sums from a spreadsheet: every line is shown with what becomes of it, then all of them are kept, or none.

A file that was read is known by its bytes; a line is known by what it says, so that a file saved anew or with more
lines adds only what isn't there, what was corrected or withdrawn since included.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.accounts.actor import Actor
from app.audit.operations import Act, record, record_many
from app.db import db, lock, new_id, transaction
from app.errors import N_, NotFound
from app.events.models import Programme
from app.files import FileStore
from app.impact.money.errors import FileReadBefore, LinesWrong
from app.impact.money.lookup import Places, places_for
from app.impact.money.measuring import Ledger, ledger, refusal
from app.impact.money.models import Expense
from app.impact.money.paper_models import ExpenseImport
from app.impact.money.sheet_rows import Problem, SumRow, read_sum_row, sum_columns
from app.impact.numbers import grouped
from app.people.sheets import read_sheet

MOST_ROWS = 1000
AT_ONCE = 400
TOO_MANY = N_("A file has up to %(most)s lines. Divide it.")
TWICE = N_("The same sum stands already, entered by hand.")
LIKE_THOUSANDS = N_("“24,370” may be 24 or 24 thousand. It is taken as %(figure)s ₸.")


@dataclass(frozen=True)
class CheckedLine:
    """A line and what becomes of it: an entry (`expense`), nothing because it was read before (`known_id`), or its
    problems. `doubts` are asked: somebody must say that the sum is right."""

    row: SumRow
    expense: Expense | None = None
    known_id: str | None = None
    problems: Sequence[Problem] = ()
    doubts: Sequence[Problem] = ()

    @property
    def state(self) -> str:
        """One of: wrong, known, asked, new."""
        if self.problems:
            return "wrong"
        if self.known_id:
            return "known"
        return "asked" if self.doubts else "new"


def keep_file(
    file_name: str, content: bytes, *, unit: str, store: FileStore, now: datetime, actor: Actor
) -> ExpenseImport:
    """Keeps a file that can be read, and forgets what the same person kept before and never used. Writes no entry.

    Raises UnreadableFile, ColumnMissing, UnitsDiffer, FileReadBefore.
    """
    sum_columns(read_sheet(content).headings, unit=unit)
    digest = hashlib.sha256(content).hexdigest()
    _check_not_read(digest)
    key = store.save(content)
    with transaction() as session:
        mine = ExpenseImport.started_by_id == actor.account_id
        forgotten = session.scalars(select(ExpenseImport).where(mine, ExpenseImport.finished_at.is_(None))).all()
        for old in forgotten:
            session.delete(old)
        row = ExpenseImport(file_name=file_name[:200], file_key=key, digest=digest, unit=unit, started_at=now)
        row.started_by_id = actor.account_id
        session.add(row)
        session.flush()
        record(actor, "keep_sums_file", row, now=now)
    for old in forgotten:
        store.delete(old.file_key or "0")
    return row


def import_of(actor: Actor, import_id: str) -> ExpenseImport:
    """A kept file, for whoever brought it; raises NotFound."""
    row = db.session.get(ExpenseImport, import_id)
    if row is None or not (actor.is_admin or row.started_by_id == actor.account_id):
        raise NotFound
    return row


def check_lines(kept: ExpenseImport, *, store: FileStore, actor: Actor) -> list[CheckedLine]:
    """What would become of each line; of a file whose entries are made, nothing more."""
    return checked_lines(store.read(kept.file_key), unit=kept.unit, actor=actor) if kept.file_key else []


def checked_lines(content: bytes, *, unit: str, actor: Actor) -> list[CheckedLine]:
    """The same for the bytes of a file; raises UnreadableFile, ColumnMissing, UnitsDiffer."""
    sheet = read_sheet(content)
    columns = sum_columns(sheet.headings, unit=unit)
    rows = [read_sum_row(row, columns, unit=unit) for row in sheet.rows]
    places = places_for(actor, {str(row.values.get("programme", "")) for row in rows})
    lines = [_placed(row, places, number) for number, row in enumerate(rows)]
    expenses = [line.expense for line in lines if line.expense]
    beside = ledger({one.programme_id for one in expenses}, {one.category for one in expenses})
    known = _known([one.import_key for one in expenses if one.import_key])
    return [_weighed(line, beside, known) for line in lines]


def make_entries(
    kept: ExpenseImport, *, sure: Collection[int], store: FileStore, now: datetime, actor: Actor
) -> ExpenseImport:
    """Keeps every line that isn't there yet, all at once. `sure` are the numbers of the lines that were asked about
    and are right. Raises LinesWrong, and then nothing is kept; FileReadBefore."""
    content = store.read(kept.file_key) if kept.file_key else b""
    with transaction() as session:
        lock(kept)
        if kept.finished_at is not None:
            return kept
        # Whoever reads the same lines from another file waits here, and sees them then.
        session.execute(select(Programme.id).order_by(Programme.id).with_for_update())
        _check_not_read(kept.digest)
        lines = checked_lines(content, unit=kept.unit, actor=actor)
        if any(one.state == "wrong" or (one.state == "asked" and one.row.number not in sure) for one in lines):
            raise LinesWrong
        made = _made(lines, kept, now=now, actor=actor)
        key, kept.file_key, kept.finished_at = kept.file_key, None, now
        kept.created, kept.total_tenge = len(made), sum(one.amount_tenge for one in made)
        record(actor, "import_sums", kept, now=now, changes={"created": (0, kept.created)})
    store.delete(key or "0")
    return kept


def _made(lines: Sequence[CheckedLine], kept: ExpenseImport, *, now: datetime, actor: Actor) -> list[Expense]:
    """The entries of all lines that aren't there yet, written down."""
    rows = [one.expense for one in lines if one.expense and one.state != "known"]
    for row in rows:
        row.id, row.import_id = new_id(), kept.id
        row.recorded_at, row.recorded_by_id = now, actor.account_id
    session = db.session()
    session.add_all(rows)
    session.flush()
    record_many(actor, (Act("record", "expenses", one.id, event_id=one.event_id) for one in rows), now=now)
    return rows


def _check_not_read(digest: str) -> None:
    read = select(ExpenseImport).where(ExpenseImport.digest == digest, ExpenseImport.finished_at.is_not(None))
    before = db.session.scalar(read)
    if before is not None and before.finished_at is not None:
        day = f"{before.finished_at:%d.%m.%Y}"
        raise FileReadBefore(day=day, count=before.created, figure=grouped(before.total_tenge))


def _placed(row: SumRow, places: Places, number: int) -> CheckedLine:
    """The line with its programme and event, as the entry that it would become; without a session."""
    found = list(row.problems)
    if number >= MOST_ROWS:
        found.append(Problem("amount_tenge", TOO_MANY, {"most": MOST_ROWS}))
    place = places.find(row.values.get("programme"), row.values.get("event"), found)
    if found or place is None:
        return CheckedLine(row, problems=found)
    programme_id, event_id = place
    values = row.values
    expense = Expense(programme_id=programme_id, event_id=event_id, stage=values["stage"])
    expense.amount_tenge, expense.category = values["amount_tenge"], values["category"]
    expense.supplier, expense.note = values.get("supplier", ""), values.get("note", "")
    expense.document_no, expense.spent_on = values.get("document_no", ""), values.get("spent_on")
    expense.import_key = places.key_of(expense)
    return CheckedLine(row, expense)


def _known(keys: Sequence[str]) -> dict[str, str]:
    """{key: entry} of lines that were read before."""
    found: dict[str, str] = {}
    for first in range(0, len(keys), AT_ONCE):
        some = keys[first : first + AT_ONCE]
        query = select(Expense.import_key, Expense.id).where(Expense.import_key.in_(some))
        found |= {str(key): id_ for key, id_ in db.session.execute(query)}
    return found


def _weighed(line: CheckedLine, beside: Ledger, known: dict[str, str]) -> CheckedLine:
    row = line.expense
    if row is None or row.import_key is None:
        return line
    if row.import_key in known:
        return CheckedLine(line.row, row, known_id=known[row.import_key])
    doubts = []
    if found := beside.doubt(row):
        asked = refusal(row.amount_tenge, found)
        doubts.append(Problem("amount_tenge", asked.short, asked.params))
    elif line.row.is_ambiguous:
        doubts.append(Problem("amount_tenge", LIKE_THOUSANDS, {"figure": grouped(row.amount_tenge)}))
    if beside.holds(row):
        doubts.append(Problem("note", TWICE))
    return CheckedLine(line.row, row, doubts=doubts)
