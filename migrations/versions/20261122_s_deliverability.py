"""Why an address gets no mail, one row for each reason; what mail servers reported about letters.

Revision: 20261122s, after 20261122r.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261122s"
down_revision = "20261122r"
branch_labels = None
depends_on = None

MOMENT = app.columns.UtcDateTime(timezone=True)
KINDS = "kind IN ('bounced', 'soft', 'refused', 'delayed', 'complaint')"


def upgrade() -> None:
    """Adds what is new; an address keeps the reason that it has."""
    with op.batch_alter_table("mail_suppressions") as suppressions:
        suppressions.add_column(sa.Column("kind", sa.String(20), server_default="", nullable=False))
        suppressions.drop_constraint(op.f("uq_mail_suppressions_address"), type_="unique")
        suppressions.drop_constraint(op.f("ck_mail_suppressions_reason_known"), type_="check")
        suppressions.create_check_constraint(
            op.f("ck_mail_suppressions_reason_known"), "reason IN ('bounced', 'complained', 'unsubscribed')"
        )
        suppressions.create_check_constraint(
            op.f("ck_mail_suppressions_kind_of_letters"), "kind = '' OR reason = 'unsubscribed'"
        )
        suppressions.create_unique_constraint(
            op.f("uq_mail_suppressions_address_reason_kind"), ["address", "reason", "kind"]
        )
    op.create_table(
        "mail_reports",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("mail_id", sa.String(16), nullable=True),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_mail_reports_kind_known")),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["mails.id"], name=op.f("fk_mail_reports_mail_id_mails"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_reports")),
        sa.UniqueConstraint("digest", name=op.f("uq_mail_reports_digest")),
    )
    op.create_index(op.f("ix_mail_reports_mail_id"), "mail_reports", ["mail_id"])
    op.create_index("ix_mail_reports_address_at", "mail_reports", ["address", "at"])


def downgrade() -> None:
    """Takes it away again: an address keeps one reason, the bounce if there is one."""
    op.drop_table("mail_reports")
    op.execute("DELETE FROM mail_suppressions WHERE reason = 'complained' OR kind != ''")
    op.execute(
        "DELETE FROM mail_suppressions WHERE reason = 'unsubscribed' AND address IN"
        " (SELECT bounced.address FROM mail_suppressions AS bounced WHERE bounced.reason = 'bounced')"
    )
    with op.batch_alter_table("mail_suppressions") as suppressions:
        suppressions.drop_constraint(op.f("uq_mail_suppressions_address_reason_kind"), type_="unique")
        suppressions.drop_constraint(op.f("ck_mail_suppressions_kind_of_letters"), type_="check")
        suppressions.drop_constraint(op.f("ck_mail_suppressions_reason_known"), type_="check")
        suppressions.create_check_constraint(
            op.f("ck_mail_suppressions_reason_known"), "reason IN ('bounced', 'unsubscribed')"
        )
        suppressions.create_unique_constraint(op.f("uq_mail_suppressions_address"), ["address"])
        suppressions.drop_column("kind")
