"""Nothing yet.

Revision: 20261122t, after 20261122s.
"""

revision = "20261122t"
down_revision = "20261122s"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is new."""


def downgrade() -> None:
    """Takes it away again."""
