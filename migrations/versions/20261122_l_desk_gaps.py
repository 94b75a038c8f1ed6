"""Nothing yet.

Revision: 20261122l, after 20261122k.
"""

revision = "20261122l"
down_revision = "20261122k"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is new."""


def downgrade() -> None:
    """Takes it away again."""
