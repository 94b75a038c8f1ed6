"""A duty may be held by somebody who comes to work and has no seat.

Revision: 20261122l, after 20261122k.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122l"
down_revision = "20261122k"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is new."""
    _staff_up()


def downgrade() -> None:
    """Takes it away again."""
    _staff_down()


def _staff_up() -> None:
    with op.batch_alter_table("duties", schema=None) as batch_op:
        batch_op.alter_column("place_id", existing_type=sa.String(16), nullable=True)
        batch_op.add_column(sa.Column("person_id", sa.String(16), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_duties_person_id_people"), "people", ["person_id"], ["id"])
        batch_op.create_check_constraint(
            batch_op.f("ck_duties_place_or_person"), "(place_id IS NULL) <> (person_id IS NULL)"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_duties_named_by_coordinator"), "person_id IS NULL OR how = 'placed'"
        )
        batch_op.create_index("uq_duties_person", ["need_id", "person_id"], unique=True)
        batch_op.create_index(batch_op.f("ix_duties_person_id"), ["person_id"], unique=False)


def _staff_down() -> None:
    op.execute("DELETE FROM duties WHERE place_id IS NULL")
    with op.batch_alter_table("duties", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duties_person_id"))
        batch_op.drop_index("uq_duties_person")
        batch_op.drop_constraint(batch_op.f("ck_duties_named_by_coordinator"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_duties_place_or_person"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_duties_person_id_people"), type_="foreignkey")
        batch_op.drop_column("person_id")
        batch_op.alter_column("place_id", existing_type=sa.String(16), nullable=False)
