"""Nothing yet.

Revision: 20261122p, after 20261122o.
"""

revision = "20261122p"
down_revision = "20261122o"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is new."""


def downgrade() -> None:
    """Takes it away again."""
