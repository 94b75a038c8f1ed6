"""First tables: everything that "Decided once" names.

Revision: 20261122a, the first one.
"""

import sqlalchemy as sa
from alembic import op

import app.columns

revision = "20261122a"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds what is new."""
    op.create_table(
        "cities",
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("region", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_cities")),
    )
    op.create_table(
        "consent_texts",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("published_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('participation', 'photo')", name=op.f("ck_consent_texts_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_texts")),
    )
    with op.batch_alter_table("consent_texts", schema=None) as batch_op:
        batch_op.create_index("uq_consent_texts_version", ["kind", "version"], unique=True)

    op.create_table(
        "failed_logins",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("login", sa.String(length=254), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_logins")),
    )
    with op.batch_alter_table("failed_logins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_failed_logins_address"), ["address"], unique=False)
        batch_op.create_index(batch_op.f("ix_failed_logins_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_failed_logins_login"), ["login"], unique=False)

    op.create_table(
        "gift_items",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("sizes", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("deactivated_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_items")),
        sa.UniqueConstraint("slug", name=op.f("uq_gift_items_slug")),
    )
    op.create_table(
        "mail_suppressions",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("since", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason IN ('bounced', 'unsubscribed')", name=op.f("ck_mail_suppressions_reason_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_suppressions")),
        sa.UniqueConstraint("address", name=op.f("uq_mail_suppressions_address")),
    )
    op.create_table(
        "programmes",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("last_year", sa.Integer(), nullable=False),
        sa.Column("planned_tenge", sa.BigInteger(), nullable=True),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("deactivated_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("first_year <= last_year", name=op.f("ck_programmes_years_in_order")),
        sa.CheckConstraint("planned_tenge >= 0", name=op.f("ck_programmes_plan_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
        sa.UniqueConstraint("slug", name=op.f("uq_programmes_slug")),
    )
    op.create_table(
        "institutions",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("city", sa.String(length=40), nullable=True),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=True),
        sa.Column("deactivated_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["city"], ["cities.slug"], name=op.f("fk_institutions_city_cities")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institutions")),
        sa.UniqueConstraint("slug", name=op.f("uq_institutions_slug")),
    )
    op.create_table(
        "sites",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("city", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("min_age", sa.Integer(), nullable=True),
        sa.Column("adult_child_ratio", sa.Integer(), nullable=True),
        sa.Column("ppe", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("facts", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("deactivated_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('nature', 'museum', 'leisure', 'water', 'coast', 'smelter', 'green-zone', 'solar', 'other')",
            name=op.f("ck_sites_kind_known"),
        ),
        sa.CheckConstraint("adult_child_ratio > 0", name=op.f("ck_sites_ratio_positive")),
        sa.CheckConstraint("min_age >= 0", name=op.f("ck_sites_min_age_not_negative")),
        sa.ForeignKeyConstraint(["city"], ["cities.slug"], name=op.f("fk_sites_city_cities")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
        sa.UniqueConstraint("slug", name=op.f("uq_sites_slug")),
    )
    with op.batch_alter_table("sites", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sites_city"), ["city"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("surname", sa.String(length=100), nullable=False),
        sa.Column("given_name", sa.String(length=100), nullable=False),
        sa.Column("patronymic", sa.String(length=100), nullable=False),
        sa.Column("name_sort", sa.String(length=400), nullable=False),
        sa.Column("name_search", sa.String(length=800), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("language_chosen_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("personnel_number", sa.String(length=20), nullable=True),
        sa.Column("city", sa.String(length=40), nullable=True),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("institution_id", sa.String(length=16), nullable=True),
        sa.Column("school_class", sa.String(length=20), nullable=False),
        sa.Column("tshirt_size", sa.String(length=10), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("deactivated_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("erased_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind <> 'employee' OR personnel_number IS NOT NULL", name=op.f("ck_people_employee_has_number")
        ),
        sa.CheckConstraint("kind IN ('employee', 'child', 'other')", name=op.f("ck_people_kind_known")),
        sa.CheckConstraint("language IN ('kk', 'ru', 'en')", name=op.f("ck_people_language_known")),
        sa.CheckConstraint("surname <> '' OR given_name <> ''", name=op.f("ck_people_has_a_name")),
        sa.ForeignKeyConstraint(["city"], ["cities.slug"], name=op.f("fk_people_city_cities")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_people_institution_id_institutions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index("ix_people_city_sort", ["city", "name_sort", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_deactivated_at"), ["deactivated_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_institution_id"), ["institution_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_name_sort"), ["name_sort"], unique=False)
        batch_op.create_index(
            "uq_people_personnel_number",
            ["personnel_number"],
            unique=True,
            sqlite_where=sa.text("personnel_number IS NOT NULL"),
            postgresql_where=sa.text("personnel_number IS NOT NULL"),
        )

    op.create_table(
        "access_codes",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('activation', 'password')", name=op.f("ck_access_codes_purpose_known")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_access_codes_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_access_codes_code_hash")),
    )
    with op.batch_alter_table("access_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_codes_person_id"), ["person_id"], unique=False)

    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("activated_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("deactivated_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_accounts_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("person_id", name=op.f("uq_accounts_person_id")),
    )
    op.create_table(
        "guardianships",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("guardian_id", sa.String(length=16), nullable=False),
        sa.Column("child_id", sa.String(length=16), nullable=False),
        sa.Column("child_key", sa.String(length=300), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("relation IN ('parent', 'representative')", name=op.f("ck_guardianships_relation_known")),
        sa.CheckConstraint("guardian_id <> child_id", name=op.f("ck_guardianships_two_people")),
        sa.ForeignKeyConstraint(["child_id"], ["people.id"], name=op.f("fk_guardianships_child_id_people")),
        sa.ForeignKeyConstraint(["guardian_id"], ["people.id"], name=op.f("fk_guardianships_guardian_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardianships")),
    )
    with op.batch_alter_table("guardianships", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guardianships_child_id"), ["child_id"], unique=False)
        batch_op.create_index("uq_guardianships_key", ["guardian_id", "child_key"], unique=True)
        batch_op.create_index("uq_guardianships_pair", ["guardian_id", "child_id"], unique=True)

    op.create_table(
        "medical_notes",
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("text", app.columns.EncryptedText(), nullable=False),
        sa.Column("keep", sa.Boolean(), nullable=False),
        sa.Column("updated_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_medical_notes_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_medical_notes")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor_account_id", sa.String(length=16), nullable=True),
        sa.Column("verb", sa.String(length=60), nullable=False),
        sa.Column("object_type", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=40), nullable=False),
        sa.Column("fields", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_account_id"], ["accounts.id"], name=op.f("fk_audit_entries_actor_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_actor_account_id"), ["actor_account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_at"), ["at"], unique=False)
        batch_op.create_index("ix_audit_entries_object", ["object_type", "object_id", "at"], unique=False)

    op.create_table(
        "events",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=True),
        sa.Column("programme_id", sa.String(length=16), nullable=False),
        sa.Column("site_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("title", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("description", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("meeting_point", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("bring", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("starts_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("date_precision", sa.String(length=10), nullable=False),
        sa.Column("timezone", sa.String(length=40), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("seats_taken", sa.Integer(), nullable=False),
        sa.Column("on_full", sa.String(length=10), nullable=False),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("institution_id", sa.String(length=16), nullable=True),
        sa.Column("min_age", sa.Integer(), nullable=True),
        sa.Column("max_age", sa.Integer(), nullable=True),
        sa.Column("lunch", sa.Boolean(), nullable=False),
        sa.Column("signup_opens_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("signup_closes_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("coordinator_id", sa.String(length=16), nullable=True),
        sa.Column("calendar_sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.String(length=16), nullable=True),
        sa.Column("published_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("postponed_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("completed_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by_id", sa.String(length=16), nullable=True),
        sa.Column("cancel_reason", app.columns.Json(none_as_null=True), nullable=False),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancelled_at IS NOT NULL)", name=op.f("ck_events_cancelled_has_time")
        ),
        sa.CheckConstraint(
            "audience IN ('employees', 'families', 'children', 'institution', 'everyone')",
            name=op.f("ck_events_audience_known"),
        ),
        sa.CheckConstraint(
            "date_precision IN ('minute', 'day', 'month', 'half-year', 'year')",
            name=op.f("ck_events_date_precision_known"),
        ),
        sa.CheckConstraint(
            "kind IN ('cleanup', 'planting', 'stocking', 'excursion', 'celebration', 'visit', 'other')",
            name=op.f("ck_events_kind_known"),
        ),
        sa.CheckConstraint("on_full IN ('waitlist', 'refuse')", name=op.f("ck_events_on_full_known")),
        sa.CheckConstraint(
            "status IN ('draft', 'published', 'closed', 'running', 'completed', 'postponed', 'cancelled')",
            name=op.f("ck_events_status_known"),
        ),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_events_capacity_positive")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_events_ends_after_start")),
        sa.CheckConstraint("min_age <= max_age", name=op.f("ck_events_ages_in_order")),
        sa.CheckConstraint("seats_taken >= 0 AND seats_taken <= capacity", name=op.f("ck_events_never_oversold")),
        sa.CheckConstraint("signup_opens_at < signup_closes_at", name=op.f("ck_events_window_in_order")),
        sa.ForeignKeyConstraint(["cancelled_by_id"], ["accounts.id"], name=op.f("fk_events_cancelled_by_id_accounts")),
        sa.ForeignKeyConstraint(["coordinator_id"], ["people.id"], name=op.f("fk_events_coordinator_id_people")),
        sa.ForeignKeyConstraint(["created_by_id"], ["accounts.id"], name=op.f("fk_events_created_by_id_accounts")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_events_institution_id_institutions")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_events_programme_id_programmes")),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_events_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("slug", name=op.f("uq_events_slug")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_events_coordinator_id"), ["coordinator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_events_programme_id"), ["programme_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_events_site_id"), ["site_id"], unique=False)
        batch_op.create_index("ix_events_status_start", ["status", "starts_at"], unique=False)

    op.create_table(
        "idempotency_keys",
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("request_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", app.columns.Json(none_as_null=True), nullable=True),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_idempotency_keys_account_id_accounts")),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_table(
        "import_runs",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_key", sa.String(length=40), nullable=True),
        sa.Column("city", sa.String(length=40), nullable=True),
        sa.Column("institution_id", sa.String(length=16), nullable=True),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("is_dry_run", sa.Boolean(), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("leavers", sa.Integer(), nullable=False),
        sa.Column("refused", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("started_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("started_by_id", sa.String(length=16), nullable=True),
        sa.Column("finished_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('employees', 'children')", name=op.f("ck_import_runs_kind_known")),
        sa.CheckConstraint("rows_done <= rows_total", name=op.f("ck_import_runs_done_within_total")),
        sa.ForeignKeyConstraint(["city"], ["cities.slug"], name=op.f("fk_import_runs_city_cities")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["institutions.id"], name=op.f("fk_import_runs_institution_id_institutions")
        ),
        sa.ForeignKeyConstraint(["started_by_id"], ["accounts.id"], name=op.f("fk_import_runs_started_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_runs")),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_account_id"), ["account_id"], unique=False)

    op.create_table(
        "tokens",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("expires_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_tokens_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tokens_token_hash")),
    )
    with op.batch_alter_table("tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tokens_account_id"), ["account_id"], unique=False)

    op.create_table(
        "audit_values",
        sa.Column("entry_id", sa.String(length=16), nullable=False),
        sa.Column("changes", app.columns.Json(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["audit_entries.id"], name=op.f("fk_audit_values_entry_id_audit_entries"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_values")),
    )
    op.create_table(
        "buses",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("driver", sa.String(length=200), nullable=False),
        sa.CheckConstraint("seats > 0", name=op.f("ck_buses_seats_positive")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_buses_event_id_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buses")),
    )
    with op.batch_alter_table("buses", schema=None) as batch_op:
        batch_op.create_index("uq_buses_name", ["event_id", "name"], unique=True)

    op.create_table(
        "consents",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("child_id", sa.String(length=16), nullable=False),
        sa.Column("guardian_id", sa.String(length=16), nullable=False),
        sa.Column("text_id", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("bound_to", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("given_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.String(length=16), nullable=True),
        sa.CheckConstraint("kind IN ('participation', 'photo')", name=op.f("ck_consents_kind_known")),
        sa.ForeignKeyConstraint(["child_id"], ["people.id"], name=op.f("fk_consents_child_id_people")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_consents_event_id_events")),
        sa.ForeignKeyConstraint(["guardian_id"], ["people.id"], name=op.f("fk_consents_guardian_id_people")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["accounts.id"], name=op.f("fk_consents_revoked_by_id_accounts")),
        sa.ForeignKeyConstraint(["text_id"], ["consent_texts.id"], name=op.f("fk_consents_text_id_consent_texts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consents_child_id"), ["child_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consents_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consents_guardian_id"), ["guardian_id"], unique=False)
        batch_op.create_index(
            "uq_consents_standing",
            ["event_id", "child_id", "guardian_id", "kind"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "event_gifts",
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_event_gifts_event_id_events")),
        sa.ForeignKeyConstraint(["item_id"], ["gift_items.id"], name=op.f("fk_event_gifts_item_id_gift_items")),
        sa.PrimaryKeyConstraint("event_id", "item_id", name=op.f("pk_event_gifts")),
    )
    op.create_table(
        "expenses",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("programme_id", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=True),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("amount_tenge", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("supplier", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.String(length=16), nullable=True),
        sa.Column("withdrawn_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("stage IN ('planned', 'committed', 'actual')", name=op.f("ck_expenses_stage_known")),
        sa.CheckConstraint("amount_tenge > 0", name=op.f("ck_expenses_amount_positive")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_expenses_event_id_events")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_expenses_programme_id_programmes")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["accounts.id"], name=op.f("fk_expenses_recorded_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expenses")),
    )
    with op.batch_alter_table("expenses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_expenses_event_id"), ["event_id"], unique=False)
        batch_op.create_index("ix_expenses_programme", ["programme_id", "stage"], unique=False)

    op.create_table(
        "grants",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("scope_key", sa.String(length=80), nullable=False),
        sa.Column("city", sa.String(length=40), nullable=True),
        sa.Column("programme_id", sa.String(length=16), nullable=True),
        sa.Column("event_id", sa.String(length=16), nullable=True),
        sa.Column("valid_on", sa.Date(), nullable=True),
        sa.Column("granted_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", sa.String(length=16), nullable=True),
        sa.Column("revoked_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('employee', 'coordinator', 'gift_keeper', 'safety_officer', 'admin')",
            name=op.f("ck_grants_role_known"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_grants_account_id_accounts")),
        sa.ForeignKeyConstraint(["city"], ["cities.slug"], name=op.f("fk_grants_city_cities")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_grants_event_id_events")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["accounts.id"], name=op.f("fk_grants_granted_by_id_accounts")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_grants_programme_id_programmes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grants_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            "uq_grants_standing",
            ["account_id", "role", "scope_key"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "groups",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("leader_id", sa.String(length=16), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_groups_event_id_events")),
        sa.ForeignKeyConstraint(["leader_id"], ["people.id"], name=op.f("fk_groups_leader_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
    )
    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.create_index("uq_groups_name", ["event_id", "name"], unique=True)

    op.create_table(
        "hand_outs",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=16), nullable=False),
        sa.Column("size", sa.String(length=10), nullable=False),
        sa.Column("collected_by", sa.String(length=200), nullable=False),
        sa.Column("at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.String(length=16), nullable=True),
        sa.Column("undone_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_hand_outs_event_id_events")),
        sa.ForeignKeyConstraint(["item_id"], ["gift_items.id"], name=op.f("fk_hand_outs_item_id_gift_items")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_hand_outs_person_id_people")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["accounts.id"], name=op.f("fk_hand_outs_recorded_by_id_accounts")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["accounts.id"], name=op.f("fk_hand_outs_undone_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_outs")),
    )
    with op.batch_alter_table("hand_outs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hand_outs_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_hand_outs_standing",
            ["event_id", "person_id", "item_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )

    op.create_table(
        "mails",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("template", sa.String(length=80), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("recipient_name", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=True),
        sa.Column("event_id", sa.String(length=16), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("context", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("calendar", app.columns.Json(none_as_null=True), nullable=True),
        sa.Column("optional", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("not_before", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("due_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.String(length=32), nullable=True),
        sa.Column("lease_until", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("sent_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_mails_sent_has_time")),
        sa.CheckConstraint(
            "status IN ('queued', 'sending', 'sent', 'failed', 'cancelled', 'missed')",
            name=op.f("ck_mails_status_known"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_mails_attempts_counted")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_mails_event_id_events")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_mails_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("key", name=op.f("uq_mails_key")),
    )
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.create_index(
            "ix_mails_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("status IN ('queued', 'sending')"),
            postgresql_where=sa.text("status IN ('queued', 'sending')"),
        )
        batch_op.create_index(batch_op.f("ix_mails_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mails_person_id"), ["person_id"], unique=False)

    op.create_table(
        "outcomes",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("metric", sa.String(length=40), nullable=False),
        sa.Column("quantity", app.columns.Thousandths(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("evidence", sa.String(length=300), nullable=False),
        sa.Column("said_by", sa.String(length=200), nullable=False),
        sa.Column("by_contractor", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.String(length=16), nullable=True),
        sa.Column("corrects_id", sa.String(length=16), nullable=True),
        sa.Column("withdrawn_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "method IN ('measured', 'weighed', 'counted', 'estimated', 'reported')",
            name=op.f("ck_outcomes_method_known"),
        ),
        sa.CheckConstraint(
            "metric IN ('waste_removed', 'coast_cleaned', 'trees_planted', 'fish_released', 'participants', 'children')",
            name=op.f("ck_outcomes_metric_known"),
        ),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_outcomes_quantity_not_negative")),
        sa.ForeignKeyConstraint(["corrects_id"], ["outcomes.id"], name=op.f("fk_outcomes_corrects_id_outcomes")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_outcomes_event_id_events")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["accounts.id"], name=op.f("fk_outcomes_recorded_by_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
        sa.UniqueConstraint("corrects_id", name=op.f("uq_outcomes_corrects_id")),
    )
    with op.batch_alter_table("outcomes", schema=None) as batch_op:
        batch_op.create_index("ix_outcomes_event_metric", ["event_id", "metric"], unique=False)

    op.create_table(
        "reminder_runs",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("occurrence", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("queued", sa.Integer(), nullable=False),
        sa.Column("finished_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("missed_reason", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_reminder_runs_event_id_events")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_runs")),
    )
    with op.batch_alter_table("reminder_runs", schema=None) as batch_op:
        batch_op.create_index("uq_reminder_runs_once", ["event_id", "kind", "occurrence"], unique=True)

    op.create_table(
        "shifts",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("name", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("starts_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_shifts_capacity_positive")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_shifts_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_shifts_event_id_events"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
    )
    with op.batch_alter_table("shifts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shifts_event_id"), ["event_id"], unique=False)

    op.create_table(
        "signups",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("leader_id", sa.String(length=16), nullable=False),
        sa.Column("accept_fewer", sa.Boolean(), nullable=False),
        sa.Column("queue_number", sa.Integer(), nullable=False),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.String(length=16), nullable=True),
        sa.Column("cancelled_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by_id", sa.String(length=16), nullable=True),
        sa.CheckConstraint("queue_number > 0", name=op.f("ck_signups_queue_number_positive")),
        sa.ForeignKeyConstraint(["cancelled_by_id"], ["accounts.id"], name=op.f("fk_signups_cancelled_by_id_accounts")),
        sa.ForeignKeyConstraint(["created_by_id"], ["accounts.id"], name=op.f("fk_signups_created_by_id_accounts")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_signups_event_id_events")),
        sa.ForeignKeyConstraint(["leader_id"], ["people.id"], name=op.f("fk_signups_leader_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signups")),
    )
    with op.batch_alter_table("signups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signups_leader_id"), ["leader_id"], unique=False)
        batch_op.create_index("uq_signups_queue", ["event_id", "queue_number"], unique=True)

    op.create_table(
        "stock_entries",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=16), nullable=False),
        sa.Column("size", sa.String(length=10), nullable=False),
        sa.Column("store", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=True),
        sa.Column("person_id", sa.String(length=16), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "kind IN ('receipt', 'transfer', 'reservation', 'hand_out', 'exchange', 'return', 'loss', 'correction')",
            name=op.f("ck_stock_entries_kind_known"),
        ),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_stock_entries_quantity_not_zero")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_stock_entries_event_id_events")),
        sa.ForeignKeyConstraint(["item_id"], ["gift_items.id"], name=op.f("fk_stock_entries_item_id_gift_items")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_stock_entries_person_id_people")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["accounts.id"], name=op.f("fk_stock_entries_recorded_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(["store"], ["cities.slug"], name=op.f("fk_stock_entries_store_cities")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_entries")),
    )
    with op.batch_alter_table("stock_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stock_entries_event_id"), ["event_id"], unique=False)
        batch_op.create_index("ix_stock_entries_item", ["item_id", "size", "store"], unique=False)

    op.create_table(
        "stops",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.String(length=16), nullable=True),
        sa.Column("title", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("note", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("arrives_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("departs_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("departs_at >= arrives_at", name=op.f("ck_stops_departs_after_arrival")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_stops_event_id_events"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["site_id"], ["sites.id"], name=op.f("fk_stops_site_id_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stops")),
    )
    with op.batch_alter_table("stops", schema=None) as batch_op:
        batch_op.create_index("uq_stops_position", ["event_id", "position"], unique=True)

    op.create_table(
        "tasks",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("text", app.columns.Json(none_as_null=True), nullable=False),
        sa.Column("city", sa.String(length=40), nullable=True),
        sa.Column("event_id", sa.String(length=16), nullable=True),
        sa.Column("person_id", sa.String(length=16), nullable=True),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("done_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "kind IN ('instruction', 'bad-address', 'possible-duplicate', 'conflict')", name=op.f("ck_tasks_kind_known")
        ),
        sa.ForeignKeyConstraint(["city"], ["cities.slug"], name=op.f("fk_tasks_city_cities")),
        sa.ForeignKeyConstraint(["done_by_id"], ["accounts.id"], name=op.f("fk_tasks_done_by_id_accounts")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_tasks_event_id_events")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_tasks_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("key", name=op.f("uq_tasks_key")),
    )
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tasks_city"), ["city"], unique=False)
        batch_op.create_index(batch_op.f("ix_tasks_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tasks_person_id"), ["person_id"], unique=False)

    op.create_table(
        "places",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("signup_id", sa.String(length=16), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("ticket", sa.String(length=8), nullable=False),
        sa.Column("tshirt_size", sa.String(length=10), nullable=False),
        sa.Column("shift_id", sa.String(length=16), nullable=True),
        sa.Column("group_id", sa.String(length=16), nullable=True),
        sa.Column("bus_id", sa.String(length=16), nullable=True),
        sa.Column("created_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("promoted_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("offer_expires_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("consent_due_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", app.columns.UtcDateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by_id", sa.String(length=16), nullable=True),
        sa.Column("cancel_reason", sa.String(length=40), nullable=True),
        sa.CheckConstraint(
            "(status IN ('cancelled', 'declined')) = (cancelled_at IS NOT NULL)",
            name=op.f("ck_places_cancelled_has_time"),
        ),
        sa.CheckConstraint("role IN ('participant', 'escort')", name=op.f("ck_places_role_known")),
        sa.CheckConstraint(
            "status IN ('confirmed', 'waiting', 'offered', 'declined', 'cancelled')",
            name=op.f("ck_places_status_known"),
        ),
        sa.ForeignKeyConstraint(["bus_id"], ["buses.id"], name=op.f("fk_places_bus_id_buses")),
        sa.ForeignKeyConstraint(["cancelled_by_id"], ["accounts.id"], name=op.f("fk_places_cancelled_by_id_accounts")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_places_event_id_events")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_places_group_id_groups")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_places_person_id_people")),
        sa.ForeignKeyConstraint(["shift_id"], ["shifts.id"], name=op.f("fk_places_shift_id_shifts")),
        sa.ForeignKeyConstraint(["signup_id"], ["signups.id"], name=op.f("fk_places_signup_id_signups")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("ticket", name=op.f("uq_places_ticket")),
    )
    with op.batch_alter_table("places", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_places_bus_id"), ["bus_id"], unique=False)
        batch_op.create_index("ix_places_event_status", ["event_id", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_places_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_places_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_places_signup_id"), ["signup_id"], unique=False)
        batch_op.create_index(
            "uq_places_one_per_person",
            ["event_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("status IN ('confirmed', 'waiting', 'offered')"),
            postgresql_where=sa.text("status IN ('confirmed', 'waiting', 'offered')"),
        )

    op.create_table(
        "attendance_entries",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("event_id", sa.String(length=16), nullable=False),
        sa.Column("place_id", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", app.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.String(length=16), nullable=True),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("undone_by_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "kind IN ('check_in', 'check_out', 'absent', 'excused', 'undo')",
            name=op.f("ck_attendance_entries_kind_known"),
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_attendance_entries_event_id_events")),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name=op.f("fk_attendance_entries_place_id_places")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["accounts.id"], name=op.f("fk_attendance_entries_recorded_by_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"],
            ["attendance_entries.id"],
            name=op.f("fk_attendance_entries_undone_by_id_attendance_entries"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_entries")),
    )
    with op.batch_alter_table("attendance_entries", schema=None) as batch_op:
        batch_op.create_index("ix_attendance_entries_event", ["event_id", "kind"], unique=False)
        batch_op.create_index(
            "uq_attendance_entries_standing",
            ["place_id", "kind"],
            unique=True,
            sqlite_where=sa.text("undone_by_id IS NULL AND kind <> 'undo'"),
            postgresql_where=sa.text("undone_by_id IS NULL AND kind <> 'undo'"),
        )


def downgrade() -> None:
    """Takes it back."""
    with op.batch_alter_table("attendance_entries", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_attendance_entries_standing",
            sqlite_where=sa.text("undone_by_id IS NULL AND kind <> 'undo'"),
            postgresql_where=sa.text("undone_by_id IS NULL AND kind <> 'undo'"),
        )
        batch_op.drop_index("ix_attendance_entries_event")

    op.drop_table("attendance_entries")
    with op.batch_alter_table("places", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_places_one_per_person",
            sqlite_where=sa.text("status IN ('confirmed', 'waiting', 'offered')"),
            postgresql_where=sa.text("status IN ('confirmed', 'waiting', 'offered')"),
        )
        batch_op.drop_index(batch_op.f("ix_places_signup_id"))
        batch_op.drop_index(batch_op.f("ix_places_person_id"))
        batch_op.drop_index(batch_op.f("ix_places_group_id"))
        batch_op.drop_index("ix_places_event_status")
        batch_op.drop_index(batch_op.f("ix_places_bus_id"))

    op.drop_table("places")
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tasks_person_id"))
        batch_op.drop_index(batch_op.f("ix_tasks_event_id"))
        batch_op.drop_index(batch_op.f("ix_tasks_city"))

    op.drop_table("tasks")
    with op.batch_alter_table("stops", schema=None) as batch_op:
        batch_op.drop_index("uq_stops_position")

    op.drop_table("stops")
    with op.batch_alter_table("stock_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_stock_entries_item")
        batch_op.drop_index(batch_op.f("ix_stock_entries_event_id"))

    op.drop_table("stock_entries")
    with op.batch_alter_table("signups", schema=None) as batch_op:
        batch_op.drop_index("uq_signups_queue")
        batch_op.drop_index(batch_op.f("ix_signups_leader_id"))

    op.drop_table("signups")
    with op.batch_alter_table("shifts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shifts_event_id"))

    op.drop_table("shifts")
    with op.batch_alter_table("reminder_runs", schema=None) as batch_op:
        batch_op.drop_index("uq_reminder_runs_once")

    op.drop_table("reminder_runs")
    with op.batch_alter_table("outcomes", schema=None) as batch_op:
        batch_op.drop_index("ix_outcomes_event_metric")

    op.drop_table("outcomes")
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mails_person_id"))
        batch_op.drop_index(batch_op.f("ix_mails_event_id"))
        batch_op.drop_index(
            "ix_mails_due",
            sqlite_where=sa.text("status IN ('queued', 'sending')"),
            postgresql_where=sa.text("status IN ('queued', 'sending')"),
        )

    op.drop_table("mails")
    with op.batch_alter_table("hand_outs", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_hand_outs_standing",
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_hand_outs_person_id"))

    op.drop_table("hand_outs")
    with op.batch_alter_table("groups", schema=None) as batch_op:
        batch_op.drop_index("uq_groups_name")

    op.drop_table("groups")
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_grants_standing",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_grants_account_id"))

    op.drop_table("grants")
    with op.batch_alter_table("expenses", schema=None) as batch_op:
        batch_op.drop_index("ix_expenses_programme")
        batch_op.drop_index(batch_op.f("ix_expenses_event_id"))

    op.drop_table("expenses")
    op.drop_table("event_gifts")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_consents_standing",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_consents_guardian_id"))
        batch_op.drop_index(batch_op.f("ix_consents_event_id"))
        batch_op.drop_index(batch_op.f("ix_consents_child_id"))

    op.drop_table("consents")
    with op.batch_alter_table("buses", schema=None) as batch_op:
        batch_op.drop_index("uq_buses_name")

    op.drop_table("buses")
    op.drop_table("audit_values")
    with op.batch_alter_table("tokens", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tokens_account_id"))

    op.drop_table("tokens")
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sessions_account_id"))

    op.drop_table("sessions")
    op.drop_table("import_runs")
    op.drop_table("idempotency_keys")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index("ix_events_status_start")
        batch_op.drop_index(batch_op.f("ix_events_site_id"))
        batch_op.drop_index(batch_op.f("ix_events_programme_id"))
        batch_op.drop_index(batch_op.f("ix_events_coordinator_id"))

    op.drop_table("events")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entries_object")
        batch_op.drop_index(batch_op.f("ix_audit_entries_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entries_actor_account_id"))

    op.drop_table("audit_entries")
    op.drop_table("medical_notes")
    with op.batch_alter_table("guardianships", schema=None) as batch_op:
        batch_op.drop_index("uq_guardianships_pair")
        batch_op.drop_index("uq_guardianships_key")
        batch_op.drop_index(batch_op.f("ix_guardianships_child_id"))

    op.drop_table("guardianships")
    op.drop_table("accounts")
    with op.batch_alter_table("access_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_codes_person_id"))

    op.drop_table("access_codes")
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_people_personnel_number",
            sqlite_where=sa.text("personnel_number IS NOT NULL"),
            postgresql_where=sa.text("personnel_number IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_people_name_sort"))
        batch_op.drop_index(batch_op.f("ix_people_institution_id"))
        batch_op.drop_index(batch_op.f("ix_people_email"))
        batch_op.drop_index(batch_op.f("ix_people_deactivated_at"))
        batch_op.drop_index("ix_people_city_sort")

    op.drop_table("people")
    with op.batch_alter_table("sites", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sites_city"))

    op.drop_table("sites")
    op.drop_table("institutions")
    op.drop_table("programmes")
    op.drop_table("mail_suppressions")
    op.drop_table("gift_items")
    with op.batch_alter_table("failed_logins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_failed_logins_login"))
        batch_op.drop_index(batch_op.f("ix_failed_logins_at"))
        batch_op.drop_index(batch_op.f("ix_failed_logins_address"))

    op.drop_table("failed_logins")
    with op.batch_alter_table("consent_texts", schema=None) as batch_op:
        batch_op.drop_index("uq_consent_texts_version")

    op.drop_table("consent_texts")
    op.drop_table("cities")
