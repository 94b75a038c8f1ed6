"""Nothing yet.

Revision: 20261122u, after 20261122t.
"""

revision = "20261122u"
down_revision = "20261122t"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is new."""


def downgrade() -> None:
    """Takes it away again."""
