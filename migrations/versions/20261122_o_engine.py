"""Nothing yet.

Revision: 20261122o, after 20261122n.
"""

revision = "20261122o"
down_revision = "20261122n"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is new."""


def downgrade() -> None:
    """Takes it away again."""
