"""The log of the day: what phones and pages said, phones, conflicts, people without a seat. Marks and gifts so far are
copied into it.

Revision: 20261123a, after 20261122y.
"""

from collections.abc import Iterator
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261123a"
down_revision = "20261122y"
branch_labels = None
depends_on = None

AT_ONCE = 500
KINDS = (
    "check_in", "check_out", "absent", "excused", "hand_out", "exchange", "return", "kit_out", "kit_back",
    "stock_open", "stock_close", "board", "alight", "headcount", "departure", "confirm", "hand_over", "walk_in",
    "incident", "briefing", "briefing_signature", "pack_opened", "undo", "solve", "accept",
)  # fmt: skip


def upgrade() -> None:
    """Adds what is new."""
    with op.batch_alter_table("accounts") as accounts:
        accounts.add_column(sa.Column("pin_check", sa.SmallInteger, nullable=True))
        accounts.add_column(sa.Column("pin_check_salt", sa.String(32), nullable=True))
    _devices()
    _operations()
    _days_and_conflicts()
    _walk_ins()
    _copy()


def downgrade() -> None:
    """Takes it away again; marks and gifts stand in their own tables."""
    for name in ("walk_ins", "desk_conflicts", "desk_days", "desk_operations", "desk_devices"):
        op.drop_table(name)
    with op.batch_alter_table("accounts") as accounts:
        for name in ("pin_check_salt", "pin_check"):
            accounts.drop_column(name)


def _devices() -> None:
    moment, words = app.columns.UtcDateTime(), app.columns.EncryptedText()
    op.create_table(
        "desk_devices",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.Column("account_id", sa.String(16), nullable=False),
        sa.Column("session_id", sa.String(64), nullable=True),
        sa.Column("install_id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("drop_hash", sa.String(64), nullable=False),
        sa.Column("proof_hash", sa.String(64), nullable=False),
        sa.Column("envelope_key", words, nullable=False),
        sa.Column("powers", app.columns.Json(), nullable=False),
        sa.Column("pin_salt", sa.String(32), nullable=False),
        sa.Column("issued_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("last_seen_at", moment, nullable=True),
        sa.Column("last_sent_at", moment, nullable=True),
        sa.Column("unsent", sa.Integer, nullable=False),
        sa.Column("clock_off", sa.Integer, nullable=False),
        sa.Column("version", sa.String(16), nullable=False),
        sa.Column("revoked_at", moment, nullable=True),
        sa.Column("revoked_by_id", sa.String(16), nullable=True),
        sa.Column("wiped_at", moment, nullable=True),
        sa.CheckConstraint("unsent >= 0", name=op.f("ck_desk_devices_unsent_not_negative")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_desk_devices_event_id_events")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_desk_devices_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_desk_devices_session_id_sessions"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["revoked_by_id"], ["accounts.id"], name=op.f("fk_desk_devices_revoked_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_devices")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_desk_devices_token_hash")),
        sa.UniqueConstraint("drop_hash", name=op.f("uq_desk_devices_drop_hash")),
    )
    stands = sa.text("revoked_at IS NULL")
    op.create_index(
        "uq_desk_devices_standing",
        "desk_devices",
        ["event_id", "account_id", "install_id"],
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )
    op.create_index(op.f("ix_desk_devices_account_id"), "desk_devices", ["account_id"])
    op.create_index(op.f("ix_desk_devices_session_id"), "desk_devices", ["session_id"])


def _operations() -> None:
    moment = app.columns.UtcDateTime()
    is_server = op.get_bind().dialect.name == "postgresql"
    written_by = sa.text("(pg_current_xact_id()::text::bigint)" if is_server else "0")
    kinds = ", ".join(f"'{kind}'" for kind in KINDS)
    op.create_table(
        "desk_operations",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("tx", sa.BigInteger, server_default=written_by, nullable=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("place_id", sa.String(16), nullable=True),
        sa.Column("names", sa.String(36), nullable=True),
        sa.Column("after", app.columns.Json(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("corrected_at", moment, nullable=False),
        sa.Column("recorded_at", moment, nullable=False),
        sa.Column("account_id", sa.String(16), nullable=True),
        sa.Column("device_id", sa.String(16), nullable=True),
        sa.Column("device", sa.String(60), nullable=False),
        sa.Column("verified_by_id", sa.String(16), nullable=True),
        sa.Column("body", app.columns.Json(), nullable=False),
        sa.Column("secret", app.columns.EncryptedText(), nullable=True),
        sa.Column("late_at", moment, nullable=True),
        sa.CheckConstraint(f"kind IN ({kinds})", name=op.f("ck_desk_operations_kind_known")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_desk_operations_event_id_events")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_desk_operations_place_id_places")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_desk_operations_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["desk_devices.id"],
            name=op.f("fk_desk_operations_device_id_desk_devices"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["verified_by_id"], ["accounts.id"], name=op.f("fk_desk_operations_verified_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_desk_operations")),
        sa.UniqueConstraint("id", name=op.f("uq_desk_operations_id")),
    )
    op.create_index("ix_desk_operations_feed", "desk_operations", ["event_id", "tx", "number"])
    op.create_index("ix_desk_operations_key", "desk_operations", ["event_id", "key"])
    for column in ("place_id", "names"):
        filled = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_desk_operations_{column}", "desk_operations", [column], sqlite_where=filled, postgresql_where=filled
        )


def _days_and_conflicts() -> None:
    moment = app.columns.UtcDateTime()
    op.create_table(
        "desk_days",
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.Column("closed_at", moment, nullable=False),
        sa.Column("closed_by_id", sa.String(16), nullable=True),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("reopened_at", moment, nullable=True),
        sa.CheckConstraint("reopened_at IS NULL OR reopened_at >= closed_at", name=op.f("ck_desk_days_closed_first")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_desk_days_event_id_events")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["accounts.id"], name=op.f("fk_desk_days_closed_by_id_accounts")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_desk_days")),
    )
    op.create_table(
        "desk_conflicts",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.Column("word", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("place_id", sa.String(16), nullable=True),
        sa.Column("operations", app.columns.Json(), nullable=False),
        sa.Column("severity", sa.String(4), nullable=False),
        sa.Column("found_at", moment, nullable=False),
        sa.Column("gone_at", moment, nullable=True),
        sa.Column("solved_at", moment, nullable=True),
        sa.Column("solved_by_id", sa.String(16), nullable=True),
        sa.Column("choice", sa.String(36), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.CheckConstraint("severity IN ('low', 'high')", name=op.f("ck_desk_conflicts_severity_known")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_desk_conflicts_event_id_events")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_desk_conflicts_place_id_places")),
        sa.ForeignKeyConstraint(
            ["solved_by_id"], ["accounts.id"], name=op.f("fk_desk_conflicts_solved_by_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_conflicts")),
    )
    still_open, filled = sa.text("solved_at IS NULL AND gone_at IS NULL"), sa.text("place_id IS NOT NULL")
    op.create_index("uq_desk_conflicts_word", "desk_conflicts", ["event_id", "word"], unique=True)
    op.create_index(
        "ix_desk_conflicts_open",
        "desk_conflicts",
        ["event_id", "found_at"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_index(
        "ix_desk_conflicts_place_id", "desk_conflicts", ["place_id"], sqlite_where=filled, postgresql_where=filled
    )


def _walk_ins() -> None:
    moment = app.columns.UtcDateTime()
    op.create_table(
        "walk_ins",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("event_id", sa.String(16), nullable=False),
        sa.Column("person_id", sa.String(16), nullable=True),
        sa.Column("place_id", sa.String(16), nullable=True),
        sa.Column("surname", sa.String(100), nullable=False),
        sa.Column("given_name", sa.String(100), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("personnel_number", sa.String(20), nullable=False),
        sa.Column("birth_date", sa.Date, nullable=True),
        sa.Column("is_child", sa.Boolean, nullable=False),
        sa.Column("came_at", moment, nullable=False),
        sa.Column("recorded_at", moment, nullable=False),
        sa.Column("recorded_by_id", sa.String(16), nullable=True),
        sa.Column("undone_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_walk_ins_event_id_events")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_walk_ins_person_id_people")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_walk_ins_place_id_places")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["accounts.id"], name=op.f("fk_walk_ins_recorded_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk_ins")),
    )
    op.create_index(op.f("ix_walk_ins_event_id"), "walk_ins", ["event_id"])
    op.create_index(op.f("ix_walk_ins_place_id"), "walk_ins", ["place_id"])


MOMENT = app.columns.UtcDateTime()
OPERATIONS = sa.table(
    "desk_operations",
    sa.column("id", sa.String),
    sa.column("event_id", sa.String),
    sa.column("kind", sa.String),
    sa.column("key", sa.String),
    sa.column("place_id", sa.String),
    sa.column("names", sa.String),
    sa.column("after", app.columns.Json()),
    sa.column("at", MOMENT),
    sa.column("corrected_at", MOMENT),
    sa.column("recorded_at", MOMENT),
    sa.column("account_id", sa.String),
    sa.column("device", sa.String),
    sa.column("body", app.columns.Json()),
)


def _times() -> list[sa.ColumnClause]:
    return [sa.column("at", MOMENT), sa.column("recorded_at", MOMENT), sa.column("recorded_by_id", sa.String)]


ENTRIES = sa.table(
    "attendance_entries",
    *[
        sa.column(name, sa.String)
        for name in ("id", "event_id", "place_id", "kind", "device", "reason", "undone_by_id")
    ],
    *_times(),
)
GIVEN = sa.table(
    "hand_outs",
    *[sa.column(name, sa.String) for name in ("id", "event_id", "person_id", "item_id", "size", "collected_by")],
    *[sa.column("undone_at", MOMENT), sa.column("undone_by_id", sa.String)],
    *_times(),
)
PLACES = sa.table("places", *[sa.column(name, sa.String) for name in ("id", "event_id", "person_id", "status")])


def _copy() -> None:
    connection = op.get_bind()
    seen: set[object] = set()
    for source in (_marks, _gifts):
        # A mark and a gift never share an id unless somebody sent one id twice: the mark came first.
        rows = [row for row in source(connection) if row["id"] not in seen]
        seen.update(row["id"] for row in rows)
        for first in range(0, len(rows), AT_ONCE):
            connection.execute(sa.insert(OPERATIONS), rows[first : first + AT_ONCE])


def _marks(connection: sa.Connection) -> Iterator[dict[str, object]]:
    """Marks by place. An undo names the arrival that it took back, with which its leaving went; absent and excused that
    replaced each other knew of each other."""
    marks: dict[str, list[sa.Row[tuple[object, ...]]]] = {}
    for mark in connection.execute(sa.select(ENTRIES).order_by(ENTRIES.c.recorded_at, ENTRIES.c.id)).all():
        marks.setdefault(mark.place_id, []).append(mark)
    for of_place in marks.values():
        took: dict[str, list[sa.Row[tuple[object, ...]]]] = {}
        for mark in of_place:
            if mark.undone_by_id:
                took.setdefault(mark.undone_by_id, []).append(mark)
        for mark in of_place:
            taken = sorted(took.get(mark.id, ()), key=lambda one: one.kind != "check_in")
            yield {
                **_row(mark, mark.kind, f"p:{mark.place_id}", mark.place_id),
                "names": taken[0].id if mark.kind == "undo" and taken else None,
                "after": _known_to(mark, of_place, taken),
                "device": mark.device,
                "body": {"reason": mark.reason} if mark.reason else {},
            }


def _known_to(mark, of_place, taken) -> list[str]:
    if mark.kind == "check_out":
        return [one.id for one in of_place if one.kind == "check_in" and one.undone_by_id == mark.undone_by_id]
    if mark.kind in ("absent", "excused"):
        return [one.id for one in taken]
    if mark.kind == "check_in":
        return [one.id for one in of_place if one.kind in ("absent", "excused")]
    return []


def _gifts(connection: sa.Connection) -> Iterator[dict[str, object]]:
    """Hand-outs of people who have or had a place; a gift that came back is a return of its own."""
    standing: dict[tuple[str, str], str] = {}
    is_over = PLACES.c.status.in_(("cancelled", "declined"))
    with_gifts = sa.select(GIVEN.c.person_id)
    asked = sa.select(PLACES).where(PLACES.c.person_id.in_(with_gifts)).order_by(is_over, PLACES.c.id)
    for place in connection.execute(asked):
        standing.setdefault((place.event_id, place.person_id), place.id)
    for given in connection.execute(sa.select(GIVEN)).all():
        place_id = standing.get((given.event_id, given.person_id))
        if place_id is None:
            continue
        key, body = f"p:{place_id}", {"item_id": given.item_id, "size": given.size}
        if given.collected_by:
            body["collected_by"] = given.collected_by
        yield {**_row(given, "hand_out", key, place_id), "body": body}
        if given.undone_at:
            back = {"id": str(uuid5(NAMESPACE_URL, f"torangy:return:{given.id}")), "names": given.id}
            when = dict.fromkeys(("at", "corrected_at", "recorded_at"), given.undone_at)
            yield {**_row(given, "return", key, place_id), **back, **when, "account_id": given.undone_by_id}


def _row(row: sa.Row, kind: str, key: str, place_id: str) -> dict[str, object]:
    return {
        "id": row.id,
        "event_id": row.event_id,
        "kind": kind,
        "key": key,
        "place_id": place_id,
        "names": None,
        "after": [],
        "at": row.at,
        "corrected_at": row.at,
        "recorded_at": row.recorded_at,
        "account_id": row.recorded_by_id,
        "device": "",
        "body": {},
    }
