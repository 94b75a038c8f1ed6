"""The order of names where somebody is known by id: rosters of thousands are sorted by it.

Revision: 20261122y, after 20261122x.
"""

from alembic import op

revision = "20261122y"
down_revision = "20261122x"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is new."""
    op.create_index("ix_people_order", "people", ["id", "name_sort"])


def downgrade() -> None:
    """Takes it away again."""
    op.drop_index("ix_people_order", table_name="people")
