"""Nothing yet.

Revision: 20261122r, after 20261122q.
"""

revision = "20261122r"
down_revision = "20261122q"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is new."""


def downgrade() -> None:
    """Takes it away again."""
