"""Sign-ups in depth: the queue's rules, offers and moves, approvals, questions, institutions, brigades, rotations, kiosks.

Revision: 20261122b, after 20261122a. What stood before gets its counts of the queue from its places.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261122b"
down_revision = "20261122a"
branch_labels = None
depends_on = None

CONSENT_KINDS = ("participation", "transport", "photo", "medical")
TASK_KINDS = ("instruction", "bad-address", "possible-duplicate", "conflict", "appeal")
NEWER = {"consents": "'transport', 'medical'", "consent_texts": "'transport', 'medical'", "tasks": "'appeal'"}


def upgrade() -> None:
    """Adds what is new."""
    op.create_table(
        "brigades",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("leader_id", sa.String(length=16), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("ck_brigades_has_a_name")),
        sa.ForeignKeyConstraint(["leader_id"], ["people.id"], name=op.f("fk_brigades_leader_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brigades")),
    )
    with op.batch_alter_table("brigades", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_brigades_leader_id"), ["leader_id"], unique=False)

    op.create_table(
        "work_stretches",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_work_stretches_days_in_order")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_work_stretches_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_stretches")),
    )
    with op.batch_alter_table("work_stretches", schema=None) as batch_op:
        batch_op.create_index("uq_work_stretches_start", ["person_id", "starts_on"], unique=True)

    op.create_table(
        "brigade_members",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("brigade_id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("joined_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("left_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("left_by_id", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["brigade_id"], ["brigades.id"], name=op.f("fk_brigade_members_brigade_id_brigades")),
        sa.ForeignKeyConstraint(["left_by_id"], ["accounts.id"], name=op.f("fk_brigade_members_left_by_id_accounts")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_brigade_members_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brigade_members")),
    )
    with op.batch_alter_table("brigade_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_brigade_members_brigade_id"), ["brigade_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_brigade_members_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_brigade_members_standing",
            ["brigade_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )

    op.create_table(
        "kiosks",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("city", sa.String(length=40), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.String(length=16), nullable=True),
        sa.Column("last_used_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("ck_kiosks_has_a_name")),
        sa.ForeignKeyConstraint(["city"], ["cities.slug"], name=op.f("fk_kiosks_city_cities")),
        sa.ForeignKeyConstraint(["created_by_id"], ["accounts.id"], name=op.f("fk_kiosks_created_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosks")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_kiosks_secret_hash")),
    )
    with op.batch_alter_table("kiosks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kiosks_city"), ["city"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("institution_id", sa.String(length=16), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("names_due_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.String(length=16), nullable=True),
        sa.Column("revoked_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("seats > 0", name=op.f("ck_invitations_seats_positive")),
        sa.ForeignKeyConstraint(["created_by_id"], ["accounts.id"], name=op.f("fk_invitations_created_by_id_accounts")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_invitations_event_id_events")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_invitations_institution_id_institutions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
    )
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitations_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitations_institution_id"), ["institution_id"], unique=False)
        batch_op.create_index(
            "uq_invitations_standing",
            ["event_id", "institution_id"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "questions",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("label", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("options", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("is_per_person", sa.Boolean(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("shown_if_id", sa.String(length=16), nullable=True),
        sa.Column("shown_if_answer", sa.String(length=60), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("deactivated_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('text', 'choice', 'size', 'yes-no')", name=op.f("ck_questions_kind_known")),
        sa.CheckConstraint("shown_if_id IS NULL OR shown_if_answer <> ''", name=op.f("ck_questions_shown_if_whole")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_questions_event_id_events")),
        sa.ForeignKeyConstraint(["shown_if_id"], ["questions.id"], name=op.f("fk_questions_shown_if_id_questions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.create_index("ix_questions_event", ["event_id", "position"], unique=False)

    op.create_table(
        "invitation_contacts",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("invitation_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("is_representative", sa.Boolean(), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("language IN ('kk', 'ru', 'en')", name=op.f("ck_invitation_contacts_language_known")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitations.id"], name=op.f("fk_invitation_contacts_invitation_id_invitations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation_contacts")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_invitation_contacts_secret_hash")),
    )
    with op.batch_alter_table("invitation_contacts", schema=None) as batch_op:
        batch_op.create_index(
            "uq_invitation_contacts_standing",
            ["invitation_id", "email"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "approvals",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("signup_id", sa.String(length=16), nullable=False),
        sa.Column("asked", sa.String(length=12), nullable=False),
        sa.Column("asked_person_id", sa.String(length=16), nullable=True),
        sa.Column("asked_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("answered_by_id", sa.String(length=16), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "answer IN ('approved', 'refused', 'expired', 'withdrawn')", name=op.f("ck_approvals_answer_known")
        ),
        sa.CheckConstraint("asked IN ('coordinator', 'manager')", name=op.f("ck_approvals_asked_known")),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_approvals_answer_has_time")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["people.id"], name=op.f("fk_approvals_answered_by_id_people")),
        sa.ForeignKeyConstraint(["asked_person_id"], ["people.id"], name=op.f("fk_approvals_asked_person_id_people")),
        sa.ForeignKeyConstraint(["signup_id"], ["signups.id"], name=op.f("fk_approvals_signup_id_signups")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
    )
    with op.batch_alter_table("approvals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approvals_asked_person_id"), ["asked_person_id"], unique=False)
        batch_op.create_index(
            "uq_approvals_open",
            ["signup_id"],
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )

    op.create_table(
        "offers",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("signup_id", sa.String(length=16), nullable=False),
        sa.Column("made_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("answered_by_id", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "answer IN ('accepted', 'declined', 'expired', 'withdrawn')", name=op.f("ck_offers_answer_known")
        ),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_offers_answer_has_time")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["people.id"], name=op.f("fk_offers_answered_by_id_people")),
        sa.ForeignKeyConstraint(["signup_id"], ["signups.id"], name=op.f("fk_offers_signup_id_signups")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
    )
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.create_index(
            "uq_offers_open",
            ["signup_id"],
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )

    op.create_table(
        "queue_moves",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("signup_id", sa.String(length=16), nullable=False),
        sa.Column("at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("queue_number", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.CheckConstraint(
            "kind IN ('seated', 'offered', 'accepted', 'declined', 'expired', 'left', 'grew', 'shrank', 'moved')",
            name=op.f("ck_queue_moves_kind_known"),
        ),
        sa.CheckConstraint("people > 0", name=op.f("ck_queue_moves_people_positive")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_queue_moves_event_id_events")),
        sa.ForeignKeyConstraint(["signup_id"], ["signups.id"], name=op.f("fk_queue_moves_signup_id_signups")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_queue_moves")),
    )
    with op.batch_alter_table("queue_moves", schema=None) as batch_op:
        batch_op.create_index("ix_queue_moves_event", ["event_id", "number"], unique=False)
        batch_op.create_index(
            "ix_queue_moves_passing",
            ["event_id", "queue_number"],
            unique=False,
            sqlite_where=sa.text("kind IN ('seated', 'offered')"),
            postgresql_where=sa.text("kind IN ('seated', 'offered')"),
        )
        batch_op.create_index(batch_op.f("ix_queue_moves_signup_id"), ["signup_id"], unique=False)

    op.create_table(
        "question_answers",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("question_id", sa.String(length=16), nullable=False),
        sa.Column("signup_id", sa.String(length=16), nullable=False),
        sa.Column("place_id", sa.String(length=16), nullable=True),
        sa.Column("value", sa.String(length=1000), nullable=False),
        sa.Column("answered_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_question_answers_place_id_places")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_question_answers_question_id_questions")
        ),
        sa.ForeignKeyConstraint(["signup_id"], ["signups.id"], name=op.f("fk_question_answers_signup_id_signups")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_answers")),
    )
    with op.batch_alter_table("question_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_answers_place_id"), ["place_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_answers_signup_id"), ["signup_id"], unique=False)
        batch_op.create_index(
            "uq_question_answers_party",
            ["question_id", "signup_id"],
            unique=True,
            sqlite_where=sa.text("place_id IS NULL"),
            postgresql_where=sa.text("place_id IS NULL"),
        )
        batch_op.create_index("uq_question_answers_place", ["question_id", "place_id"], unique=True)

    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pin_hash", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("pin_set_at", app.columns.UtcDateTime(timezone=True), nullable=True))

    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("given_by_name", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("institution_id", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("is_yes", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("channel", sa.String(length=12), server_default="page", nullable=False))
        batch_op.add_column(sa.Column("recorded_by_id", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("scan_key", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("revoked_by_person_id", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("lapsed_at", app.columns.UtcDateTime(timezone=True), nullable=True))
        batch_op.alter_column("guardian_id", existing_type=sa.VARCHAR(length=16), nullable=True)
        batch_op.create_index(
            "uq_consents_standing_institution",
            ["event_id", "child_id", "kind"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL AND lapsed_at IS NULL AND guardian_id IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL AND lapsed_at IS NULL AND guardian_id IS NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_consents_revoked_by_person_id_people"), "people", ["revoked_by_person_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_consents_recorded_by_id_accounts"), "accounts", ["recorded_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_consents_institution_id_institutions"), "institutions", ["institution_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_consents_given_by_somebody"),
            "guardian_id IS NOT NULL OR (given_by_name <> '' AND institution_id IS NOT NULL)",
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_consents_channel_known"), "channel IN ('page', 'link', 'paper', 'institution', 'api')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_consents_paper_has_recorder"), "(channel = 'paper') = (recorded_by_id IS NOT NULL)"
        )

    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("people_waiting", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("last_queue_number", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("promotion", sa.String(length=12), server_default="late-offer", nullable=False))
        batch_op.add_column(sa.Column("offer_hours", sa.Integer(), server_default="2", nullable=False))
        batch_op.add_column(sa.Column("offer_from_hours", sa.Integer(), server_default="24", nullable=False))
        batch_op.add_column(sa.Column("pass_limit", sa.Integer(), server_default="3", nullable=False))
        batch_op.add_column(
            sa.Column("cities", app.columns.Json(none_as_null=True), server_default="[]", nullable=False)
        )
        batch_op.add_column(
            sa.Column("departments", app.columns.Json(none_as_null=True), server_default="[]", nullable=False)
        )
        batch_op.add_column(sa.Column("places_per_employee", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("approval", sa.String(length=12), server_default="none", nullable=False))
        batch_op.add_column(sa.Column("approval_hours", sa.Integer(), server_default="48", nullable=False))
        batch_op.add_column(sa.Column("no_show_limit", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("transport", sa.String(length=10), server_default="own", nullable=False))
        batch_op.add_column(sa.Column("asks_size", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("asks_diet", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("asks_medical", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("cancel_closes_at", app.columns.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(batch_op.f("ck_events_transport_known"), "transport IN ('own', 'bus')")
        batch_op.create_check_constraint(
            batch_op.f("ck_events_promotion_known"), "promotion IN ('at-once', 'late-offer', 'offer')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_events_approval_known"), "approval IN ('none', 'coordinator', 'manager')"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_events_queue_not_negative"), "people_waiting >= 0 AND last_queue_number >= 0"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_events_offer_hours_sane"), "offer_hours BETWEEN 1 AND 72 AND offer_from_hours >= 0"
        )
        batch_op.create_check_constraint(batch_op.f("ck_events_pass_limit_not_negative"), "pass_limit >= 0")
        batch_op.create_check_constraint(
            batch_op.f("ck_events_places_per_employee_positive"), "places_per_employee > 0"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_events_approval_hours_sane"), "approval_hours BETWEEN 1 AND 336"
        )
        batch_op.create_check_constraint(batch_op.f("ck_events_no_show_limit_positive"), "no_show_limit > 0")

    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.add_column(sa.Column("diet", sa.String(length=20), server_default="", nullable=False))
        batch_op.add_column(sa.Column("manager_id", sa.String(length=16), nullable=True))
        batch_op.create_index(batch_op.f("ix_people_manager_id"), ["manager_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_people_manager_id_people"), "people", ["manager_id"], ["id"])

    with op.batch_alter_table("places", schema=None) as batch_op:
        batch_op.add_column(sa.Column("awaits", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("diet", sa.String(length=20), server_default="", nullable=False))
        batch_op.add_column(sa.Column("medical_note", app.columns.EncryptedText(), nullable=True))
        batch_op.create_index(
            "ix_places_consent_due",
            ["consent_due_at"],
            unique=False,
            sqlite_where=sa.text("consent_due_at IS NOT NULL"),
            postgresql_where=sa.text("consent_due_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_places_offer",
            ["offer_expires_at"],
            unique=False,
            sqlite_where=sa.text("status = 'offered'"),
            postgresql_where=sa.text("status = 'offered'"),
        )
        batch_op.create_check_constraint(batch_op.f("ck_places_awaits_known"), "awaits IN ('answer', 'approval')")
        batch_op.create_check_constraint(
            batch_op.f("ck_places_offered_awaits_something"), "(status = 'offered') = (awaits IS NOT NULL)"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_places_offer_ends"), "status <> 'offered' OR offer_expires_at IS NOT NULL"
        )

    with op.batch_alter_table("signups", schema=None) as batch_op:
        batch_op.add_column(sa.Column("waiting", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("brigade_id", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("invitation_id", sa.String(length=16), nullable=True))
        batch_op.create_index(batch_op.f("ix_signups_invitation_id"), ["invitation_id"], unique=False)
        batch_op.create_index(
            "ix_signups_waiting",
            ["event_id", "queue_number"],
            unique=False,
            sqlite_where=sa.text("waiting > 0"),
            postgresql_where=sa.text("waiting > 0"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_signups_invitation_id_invitations"), "invitations", ["invitation_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_signups_brigade_id_brigades"), "brigades", ["brigade_id"], ["id"])
        batch_op.create_check_constraint(batch_op.f("ck_signups_waiting_not_negative"), "waiting >= 0")

    with op.batch_alter_table("sites", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hazard_class", sa.String(length=10), server_default="none", nullable=False))
        batch_op.create_check_constraint(
            batch_op.f("ck_sites_hazard_class_known"), "hazard_class IN ('none', 'raised', 'high')"
        )

    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index("uq_consents_standing")
        batch_op.create_index(
            "uq_consents_standing",
            ["event_id", "child_id", "guardian_id", "kind"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL AND lapsed_at IS NULL AND guardian_id IS NOT NULL"),
            postgresql_where=sa.text("revoked_at IS NULL AND lapsed_at IS NULL AND guardian_id IS NOT NULL"),
        )
    _words("consents", "kind", CONSENT_KINDS)
    _words("consent_texts", "kind", CONSENT_KINDS)
    _words("tasks", "kind", TASK_KINDS)
    _count_queues()


def downgrade() -> None:
    """Takes it back."""
    for table, kinds in NEWER.items():
        op.execute(f"DELETE FROM {table} WHERE kind IN ({kinds})")
    op.execute("DELETE FROM consents WHERE guardian_id IS NULL OR revoked_at IS NULL AND lapsed_at IS NOT NULL")
    op.execute("UPDATE places SET status = 'waiting', awaits = NULL WHERE status = 'offered'")
    _words("tasks", "kind", TASK_KINDS[:-1])
    _words("consent_texts", "kind", ("participation", "photo"))
    _words("consents", "kind", ("participation", "photo"))
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index("uq_consents_standing")
        batch_op.create_index(
            "uq_consents_standing",
            ["event_id", "child_id", "guardian_id", "kind"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
    with op.batch_alter_table("sites", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_sites_hazard_class_known"), type_="check")
        batch_op.drop_column("hazard_class")

    with op.batch_alter_table("signups", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_signups_waiting_not_negative"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_signups_brigade_id_brigades"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_signups_invitation_id_invitations"), type_="foreignkey")
        batch_op.drop_index(
            "ix_signups_waiting", sqlite_where=sa.text("waiting > 0"), postgresql_where=sa.text("waiting > 0")
        )
        batch_op.drop_index(batch_op.f("ix_signups_invitation_id"))
        batch_op.drop_column("invitation_id")
        batch_op.drop_column("brigade_id")
        batch_op.drop_column("waiting")

    with op.batch_alter_table("places", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_places_awaits_known"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_places_offered_awaits_something"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_places_offer_ends"), type_="check")
        batch_op.drop_index(
            "ix_places_offer",
            sqlite_where=sa.text("status = 'offered'"),
            postgresql_where=sa.text("status = 'offered'"),
        )
        batch_op.drop_index(
            "ix_places_consent_due",
            sqlite_where=sa.text("consent_due_at IS NOT NULL"),
            postgresql_where=sa.text("consent_due_at IS NOT NULL"),
        )
        batch_op.drop_column("medical_note")
        batch_op.drop_column("diet")
        batch_op.drop_column("awaits")

    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_people_manager_id_people"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_people_manager_id"))
        batch_op.drop_column("manager_id")
        batch_op.drop_column("diet")

    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_events_transport_known"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_events_promotion_known"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_events_approval_known"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_events_queue_not_negative"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_events_offer_hours_sane"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_events_pass_limit_not_negative"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_events_places_per_employee_positive"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_events_approval_hours_sane"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_events_no_show_limit_positive"), type_="check")
        batch_op.drop_column("cancel_closes_at")
        batch_op.drop_column("asks_medical")
        batch_op.drop_column("asks_diet")
        batch_op.drop_column("asks_size")
        batch_op.drop_column("transport")
        batch_op.drop_column("no_show_limit")
        batch_op.drop_column("approval_hours")
        batch_op.drop_column("approval")
        batch_op.drop_column("places_per_employee")
        batch_op.drop_column("departments")
        batch_op.drop_column("cities")
        batch_op.drop_column("pass_limit")
        batch_op.drop_column("offer_from_hours")
        batch_op.drop_column("offer_hours")
        batch_op.drop_column("promotion")
        batch_op.drop_column("last_queue_number")
        batch_op.drop_column("people_waiting")

    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_consents_given_by_somebody"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_consents_channel_known"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_consents_paper_has_recorder"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_consents_institution_id_institutions"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_consents_recorded_by_id_accounts"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_consents_revoked_by_person_id_people"), type_="foreignkey")
        batch_op.drop_index(
            "uq_consents_standing_institution",
            sqlite_where=sa.text("revoked_at IS NULL AND lapsed_at IS NULL AND guardian_id IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL AND lapsed_at IS NULL AND guardian_id IS NULL"),
        )
        batch_op.alter_column("guardian_id", existing_type=sa.VARCHAR(length=16), nullable=False)
        batch_op.drop_column("lapsed_at")
        batch_op.drop_column("revoked_by_person_id")
        batch_op.drop_column("scan_key")
        batch_op.drop_column("recorded_by_id")
        batch_op.drop_column("channel")
        batch_op.drop_column("is_yes")
        batch_op.drop_column("institution_id")
        batch_op.drop_column("given_by_name")

    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_column("pin_set_at")
        batch_op.drop_column("pin_hash")

    with op.batch_alter_table("question_answers", schema=None) as batch_op:
        batch_op.drop_index("uq_question_answers_place")
        batch_op.drop_index(
            "uq_question_answers_party",
            sqlite_where=sa.text("place_id IS NULL"),
            postgresql_where=sa.text("place_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_question_answers_signup_id"))
        batch_op.drop_index(batch_op.f("ix_question_answers_place_id"))

    op.drop_table("question_answers")
    with op.batch_alter_table("queue_moves", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_queue_moves_signup_id"))
        batch_op.drop_index("ix_queue_moves_passing")
        batch_op.drop_index("ix_queue_moves_event")

    op.drop_table("queue_moves")
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_offers_open",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )

    op.drop_table("offers")
    with op.batch_alter_table("approvals", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_approvals_open",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_approvals_asked_person_id"))

    op.drop_table("approvals")
    with op.batch_alter_table("invitation_contacts", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_invitation_contacts_standing",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.drop_table("invitation_contacts")
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.drop_index("ix_questions_event")

    op.drop_table("questions")
    with op.batch_alter_table("invitations", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_invitations_standing",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_invitations_institution_id"))
        batch_op.drop_index(batch_op.f("ix_invitations_event_id"))

    op.drop_table("invitations")
    with op.batch_alter_table("kiosks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kiosks_city"))

    op.drop_table("kiosks")
    with op.batch_alter_table("brigade_members", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_brigade_members_standing",
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_brigade_members_person_id"))
        batch_op.drop_index(batch_op.f("ix_brigade_members_brigade_id"))

    op.drop_table("brigade_members")
    with op.batch_alter_table("work_stretches", schema=None) as batch_op:
        batch_op.drop_index("uq_work_stretches_start")

    op.drop_table("work_stretches")
    with op.batch_alter_table("brigades", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_brigades_leader_id"))

    op.drop_table("brigades")


def _words(table: str, column: str, words: tuple[str, ...]) -> None:
    """The check that a column holds one of these words, in place of the one before."""
    name = f"ck_{table}_{column}_known"
    listed = ", ".join(f"'{word}'" for word in words)
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(name), type_="check")
        batch_op.create_check_constraint(batch_op.f(name), f"{column} IN ({listed})")


def _count_queues() -> None:
    waiting = "SELECT COUNT(*) FROM places WHERE places.status = 'waiting'"
    op.execute(f"UPDATE signups SET waiting = ({waiting} AND places.signup_id = signups.id)")
    op.execute(f"UPDATE events SET people_waiting = ({waiting} AND places.event_id = events.id)")
    highest = "SELECT COALESCE(MAX(queue_number), 0) FROM signups WHERE signups.event_id = events.id"
    op.execute(f"UPDATE events SET last_queue_number = ({highest})")
