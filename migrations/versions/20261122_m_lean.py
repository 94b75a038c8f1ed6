"""Nothing yet.

Revision: 20261122m, after 20261122l.
"""

revision = "20261122m"
down_revision = "20261122l"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is new."""


def downgrade() -> None:
    """Takes it away again."""
