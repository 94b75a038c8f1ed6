"""Nothing yet.

Revision: 20261122k, after 20261122j.
"""

revision = "20261122k"
down_revision = "20261122j"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is new."""


def downgrade() -> None:
    """Takes it away again."""
