"""Nothing yet.

Revision: 20261122q, after 20261122p.
"""

revision = "20261122q"
down_revision = "20261122p"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is new."""


def downgrade() -> None:
    """Takes it away again."""
