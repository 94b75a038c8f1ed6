"""Nothing yet.

Revision: 20261122s, after 20261122r.
"""

revision = "20261122s"
down_revision = "20261122r"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is new."""


def downgrade() -> None:
    """Takes it away again."""
