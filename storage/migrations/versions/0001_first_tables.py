"""The first tables, and the triggers that keep audit events as they were written."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alias",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("entity_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint("level IN ('portfolio', 'program', 'project', 'task', 'person')", name="ck_alias_level"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("level", "entity_id", "text", name="uq_alias"),
    )
    op.create_index("ix_alias_text", "alias", ["text"], unique=False)
    op.create_table(
        "customfield",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("field_class", sa.String(), nullable=False),
        sa.Column("also_called", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("level", "key", name="uq_custom_field"),
    )
    op.create_table(
        "office",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("subdivision", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("week_start", sa.Integer(), nullable=False),
        sa.Column("fiscal_year_start_month", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("metric_versions", sa.JSON(), nullable=False),
        sa.Column("policies", sa.JSON(), nullable=False),
        sa.Column("sample_laid_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "practice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("utilisation_target_share", sa.Float(), nullable=True),
        sa.CheckConstraint("utilisation_target_share BETWEEN 0 AND 1", name="ck_practice_utilisation_target_share"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("data_as_of", sa.Date(), nullable=True),
        sa.Column("synced_at", sa.DateTime(), nullable=True),
        sa.Column("owns", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "sourceword",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=True),
        sa.Column("word", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("level", "field", "word", name="uq_source_word"),
    )
    op.create_table(
        "calendar",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("week", sa.JSON(), nullable=False),
        sa.Column("exceptions", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_calendar_source_id", "calendar", ["source_id"], unique=False)
    op.create_table(
        "holiday",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes >= 0", name="ck_holiday_minutes"),
        sa.ForeignKeyConstraint(
            ["office_id"],
            ["office.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("office_id", "day", name="uq_holiday"),
    )
    op.create_index("ix_holiday_day", "holiday", ["day"], unique=False)
    op.create_index("ix_holiday_office_id", "holiday", ["office_id"], unique=False)
    op.create_table(
        "import_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ran_at", sa.DateTime(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_import_run_source_id", "import_run", ["source_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("practice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("office", sa.String(), nullable=True),
        sa.Column("grade", sa.String(), nullable=True),
        sa.Column("job_title", sa.String(), nullable=True),
        sa.Column("weekday_minutes", sa.JSON(), nullable=False),
        sa.Column("employed_from", sa.Date(), nullable=True),
        sa.Column("employed_until", sa.Date(), nullable=True),
        sa.Column("cost_rate_minor", sa.BigInteger(), nullable=True),
        sa.Column("bill_rate_minor", sa.BigInteger(), nullable=True),
        sa.Column("slack_id", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('member', 'guest')", name="ck_person_kind"),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practice.id"],
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email"),
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("slack_id"),
    )
    op.create_index("ix_person_name", "person", ["name"], unique=False)
    op.create_index("ix_person_practice_id", "person", ["practice_id"], unique=False)
    op.create_index("ix_person_source_id", "person", ["source_id"], unique=False)
    op.create_table(
        "absence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint("starts_on <= ends_on", name="ck_absence_starts_on_ends_on"),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_absence_person_id", "absence", ["person_id"], unique=False)
    op.create_table(
        "apikey",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
    )
    op.create_index("ix_apikey_person_id", "apikey", ["person_id"], unique=False)
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hash"),
    )
    op.create_index("ix_audit_event_person_id", "audit_event", ["person_id"], unique=False)
    op.create_table(
        "conversation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("thread", sa.String(), nullable=False),
        sa.Column("surface", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("latest_at", sa.DateTime(), nullable=False),
        sa.Column("focus", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "thread", name="uq_conversation_thread"),
    )
    op.create_index("ix_conversation_person_id", "conversation", ["person_id"], unique=False)
    op.create_table(
        "grant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("scope_kind", sa.String(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "role IN ('team', 'project_manager', 'program_manager', 'portfolio_manager', "
            "'resource_manager', 'finance', 'executive', 'admin')",
            name="ck_grant_role",
        ),
        sa.CheckConstraint(
            "scope_kind IN ('organisation', 'portfolio', 'program', 'project', 'practice')", name="ck_grant_scope_kind"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_grant_person_id", "grant", ["person_id"], unique=False)
    op.create_table(
        "history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("change_set", sa.String(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("table", sa.String(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=True),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_history_at", "history", ["at"], unique=False)
    op.create_index("ix_history_change_set", "history", ["change_set"], unique=False)
    op.create_index("ix_history_person_id", "history", ["person_id"], unique=False)
    op.create_index("ix_history_project_id", "history", ["project_id"], unique=False)
    op.create_index("ix_history_row", "history", ["table", "row_id"], unique=False)
    op.create_table(
        "portfolio",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("manager_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["manager_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_portfolio_manager_id", "portfolio", ["manager_id"], unique=False)
    op.create_index("ix_portfolio_name", "portfolio", ["name"], unique=False)
    op.create_index("ix_portfolio_source_id", "portfolio", ["source_id"], unique=False)
    op.create_table(
        "skill",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("noted_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.CheckConstraint("level IN ('learning', 'good', 'strong', 'expert')", name="ck_skill_level"),
        sa.CheckConstraint("source IN ('own', 'manager', 'certificate')", name="ck_skill_source"),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "name", name="uq_skill"),
    )
    op.create_index("ix_skill_name", "skill", ["name"], unique=False)
    op.create_index("ix_skill_person_id", "skill", ["person_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("conversation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("conversation_id", "number", name="uq_message"),
    )
    op.create_table(
        "program",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("portfolio_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("manager_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["manager_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["portfolio_id"],
            ["portfolio.id"],
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_program_manager_id", "program", ["manager_id"], unique=False)
    op.create_index("ix_program_name", "program", ["name"], unique=False)
    op.create_index("ix_program_portfolio_id", "program", ["portfolio_id"], unique=False)
    op.create_index("ix_program_source_id", "program", ["source_id"], unique=False)
    op.create_table(
        "feedback",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('wrong_figure', 'misunderstood', 'incomplete', 'unclear', 'other')", name="ck_feedback_reason"
        ),
        sa.CheckConstraint("verdict IN ('up', 'down')", name="ck_feedback_verdict"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id", "person_id", name="uq_feedback"),
    )
    op.create_index("ix_feedback_person_id", "feedback", ["person_id"], unique=False)
    op.create_table(
        "project",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("portfolio_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("program_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("client", sa.String(), nullable=True),
        sa.Column("manager_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("confidentiality", sa.String(), nullable=False),
        sa.Column("contract_type", sa.String(), nullable=True),
        sa.Column("reported_health", sa.String(), nullable=True),
        sa.Column("reported_health_on", sa.Date(), nullable=True),
        sa.Column("planned_start", sa.DateTime(), nullable=True),
        sa.Column("planned_finish", sa.DateTime(), nullable=True),
        sa.Column("planned_duration_minutes", sa.BigInteger(), nullable=True),
        sa.Column("duration_basis", sa.String(), nullable=False),
        sa.Column("promised_finish", sa.Date(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("planned_cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("budget_minor", sa.BigInteger(), nullable=True),
        sa.Column("contract_value_minor", sa.BigInteger(), nullable=True),
        sa.Column("target_margin_share", sa.Float(), nullable=True),
        sa.Column("reported_cost_variance_minor", sa.BigInteger(), nullable=True),
        sa.Column("reported_delay_minutes", sa.BigInteger(), nullable=True),
        sa.Column("calendar_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "confidentiality IN ('public', 'internal', 'confidential')", name="ck_project_confidentiality"
        ),
        sa.CheckConstraint(
            "contract_type IN ('fixed_price', 'time_and_materials', "
            "'retainer', 'capped_time_and_materials', 'internal')",
            name="ck_project_contract_type",
        ),
        sa.CheckConstraint("duration_basis IN ('working', 'elapsed')", name="ck_project_duration_basis"),
        sa.CheckConstraint("reported_health IN ('green', 'amber', 'red')", name="ck_project_reported_health"),
        sa.CheckConstraint(
            "state IN ('candidate', 'active', 'on_hold', 'done', 'cancelled', 'unknown')", name="ck_project_state"
        ),
        sa.CheckConstraint("planned_duration_minutes >= 0", name="ck_project_planned_duration_minutes"),
        sa.CheckConstraint("planned_start <= planned_finish", name="ck_project_planned_start_planned_finish"),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["calendar.id"],
        ),
        sa.ForeignKeyConstraint(
            ["manager_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["portfolio_id"],
            ["portfolio.id"],
        ),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["program.id"],
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_project_calendar_id", "project", ["calendar_id"], unique=False)
    op.create_index("ix_project_client", "project", ["client"], unique=False)
    op.create_index("ix_project_manager_id", "project", ["manager_id"], unique=False)
    op.create_index("ix_project_name", "project", ["name"], unique=False)
    op.create_index("ix_project_portfolio_id", "project", ["portfolio_id"], unique=False)
    op.create_index("ix_project_program_id", "project", ["program_id"], unique=False)
    op.create_index("ix_project_source_id", "project", ["source_id"], unique=False)
    op.create_table(
        "booking",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("minutes_per_week", sa.Integer(), nullable=False),
        sa.Column("do_not_move", sa.Boolean(), nullable=False),
        sa.CheckConstraint("status IN ('firm', 'tentative')", name="ck_booking_status"),
        sa.CheckConstraint("minutes_per_week >= 0", name="ck_booking_minutes_per_week"),
        sa.CheckConstraint("probability BETWEEN 0 AND 1", name="ck_booking_probability"),
        sa.CheckConstraint("starts_on <= ends_on", name="ck_booking_starts_on_ends_on"),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_booking_person_id", "booking", ["person_id"], unique=False)
    op.create_index("ix_booking_person_project", "booking", ["person_id", "project_id"], unique=False)
    op.create_index("ix_booking_project_id", "booking", ["project_id"], unique=False)
    op.create_table(
        "expense",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("billable", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_expense_project_id", "expense", ["project_id"], unique=False)
    op.create_table(
        "flag",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reporter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.Column("reply", sa.String(), nullable=True),
        sa.Column("replied_at", sa.DateTime(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
        ),
        sa.ForeignKeyConstraint(
            ["reporter_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_flag_project_id", "flag", ["project_id"], unique=False)
    op.create_index("ix_flag_reporter_id", "flag", ["reporter_id"], unique=False)
    op.create_table(
        "project_reading",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("definitions", sa.String(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("start", sa.DateTime(), nullable=True),
        sa.Column("finish", sa.DateTime(), nullable=True),
        sa.Column("dates_basis", sa.String(), nullable=False),
        sa.Column("tasks_start", sa.DateTime(), nullable=True),
        sa.Column("tasks_finish", sa.DateTime(), nullable=True),
        sa.Column("actual_start", sa.DateTime(), nullable=True),
        sa.Column("actual_finish", sa.DateTime(), nullable=True),
        sa.Column("tasks", sa.Integer(), nullable=False),
        sa.Column("tasks_open", sa.Integer(), nullable=False),
        sa.Column("tasks_done", sa.Integer(), nullable=False),
        sa.Column("tasks_late", sa.Integer(), nullable=False),
        sa.Column("tasks_blocked", sa.Integer(), nullable=False),
        sa.Column("tasks_unowned", sa.Integer(), nullable=False),
        sa.Column("tasks_without_estimate", sa.Integer(), nullable=False),
        sa.Column("tasks_without_progress", sa.Integer(), nullable=False),
        sa.Column("progress_share", sa.Float(), nullable=True),
        sa.Column("planned_share", sa.Float(), nullable=True),
        sa.Column("progress_basis", sa.String(), nullable=False),
        sa.Column("effort_minutes", sa.BigInteger(), nullable=True),
        sa.Column("duration_minutes", sa.BigInteger(), nullable=True),
        sa.Column("remaining_minutes", sa.BigInteger(), nullable=True),
        sa.Column("spent_minutes", sa.Integer(), nullable=False),
        sa.Column("billable_minutes", sa.Integer(), nullable=False),
        sa.Column("cost_people", sa.Integer(), nullable=False),
        sa.Column("days_late", sa.Integer(), nullable=True),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("finished_late", sa.Boolean(), nullable=False),
        sa.Column("promise_slip_days", sa.Integer(), nullable=True),
        sa.Column("last_activity_on", sa.Date(), nullable=True),
        sa.Column("budget_minor", sa.BigInteger(), nullable=True),
        sa.Column("budget_basis", sa.String(), nullable=False),
        sa.Column("tasks_cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("planned_value_minor", sa.BigInteger(), nullable=True),
        sa.Column("earned_value_minor", sa.BigInteger(), nullable=True),
        sa.Column("actual_cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("labour_cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("expense_minor", sa.BigInteger(), nullable=True),
        sa.Column("estimate_at_completion_minor", sa.BigInteger(), nullable=True),
        sa.Column("estimate_by_remaining_minor", sa.BigInteger(), nullable=True),
        sa.Column("revenue_minor", sa.BigInteger(), nullable=True),
        sa.Column("revenue_at_completion_minor", sa.BigInteger(), nullable=True),
        sa.Column("schedule_performance", sa.Float(), nullable=True),
        sa.Column("cost_performance", sa.Float(), nullable=True),
        sa.Column("margin_share", sa.Float(), nullable=True),
        sa.Column("margin_at_completion_share", sa.Float(), nullable=True),
        sa.Column("computed_health", sa.String(), nullable=True),
        sa.Column("health_reasons", sa.JSON(), nullable=False),
        sa.Column("is_watermelon", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("project_id", "day", name="uq_project_reading"),
    )
    op.create_index("ix_project_reading_day", "project_reading", ["day"], unique=False)
    op.create_index("ix_project_reading_project_id", "project_reading", ["project_id"], unique=False)
    op.create_table(
        "risk",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("likelihood_share", sa.Float(), nullable=True),
        sa.Column("impact_share", sa.Float(), nullable=True),
        sa.Column("mitigation", sa.String(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("impact_share BETWEEN 0 AND 1", name="ck_risk_impact_share"),
        sa.CheckConstraint("likelihood_share BETWEEN 0 AND 1", name="ck_risk_likelihood_share"),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_risk_owner_id", "risk", ["owner_id"], unique=False)
    op.create_index("ix_risk_project_id", "risk", ["project_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("wbs", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("source_state", sa.String(), nullable=True),
        sa.Column("is_milestone", sa.Boolean(), nullable=False),
        sa.Column("deliverable_type", sa.String(), nullable=True),
        sa.Column("planned_start", sa.DateTime(), nullable=True),
        sa.Column("planned_finish", sa.DateTime(), nullable=True),
        sa.Column("planned_duration_minutes", sa.BigInteger(), nullable=True),
        sa.Column("duration_basis", sa.String(), nullable=False),
        sa.Column("start_delay_minutes", sa.BigInteger(), nullable=True),
        sa.Column("actual_start", sa.DateTime(), nullable=True),
        sa.Column("actual_finish", sa.DateTime(), nullable=True),
        sa.Column("actual_duration_minutes", sa.BigInteger(), nullable=True),
        sa.Column("effort_minutes", sa.BigInteger(), nullable=True),
        sa.Column("effort_low_minutes", sa.BigInteger(), nullable=True),
        sa.Column("effort_high_minutes", sa.BigInteger(), nullable=True),
        sa.Column("remaining_minutes", sa.BigInteger(), nullable=True),
        sa.Column("done_share", sa.Float(), nullable=True),
        sa.Column("deadline", sa.Date(), nullable=True),
        sa.Column("constraint_kind", sa.String(), nullable=True),
        sa.Column("constraint_at", sa.DateTime(), nullable=True),
        sa.Column("is_pinned", sa.Boolean(), nullable=False),
        sa.Column("calendar_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("waits_on", sa.String(), nullable=True),
        sa.Column("waits_since", sa.Date(), nullable=True),
        sa.Column("planned_cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("custom", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "constraint_kind IN ('must_start_on', 'must_finish_on', 'start_no_earlier_than', "
            "'start_no_later_than', 'finish_no_earlier_than', 'finish_no_later_than')",
            name="ck_task_constraint_kind",
        ),
        sa.CheckConstraint("duration_basis IN ('working', 'elapsed')", name="ck_task_duration_basis"),
        sa.CheckConstraint("state IN ('not_started', 'in_progress', 'done', 'cancelled')", name="ck_task_state"),
        sa.CheckConstraint("done_share BETWEEN 0 AND 1", name="ck_task_done_share"),
        sa.CheckConstraint("effort_minutes >= 0", name="ck_task_effort_minutes"),
        sa.CheckConstraint("planned_duration_minutes >= 0", name="ck_task_planned_duration_minutes"),
        sa.CheckConstraint("planned_start <= planned_finish", name="ck_task_planned_start_planned_finish"),
        sa.CheckConstraint("remaining_minutes >= 0", name="ck_task_remaining_minutes"),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["calendar.id"],
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["task.id"],
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
        ),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["source.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("project_id", "position", name="uq_task_position"),
    )
    op.create_index("ix_task_calendar_id", "task", ["calendar_id"], unique=False)
    op.create_index("ix_task_deliverable_type", "task", ["deliverable_type"], unique=False)
    op.create_index("ix_task_name", "task", ["name"], unique=False)
    op.create_index("ix_task_owner_project", "task", ["owner_id", "project_id"], unique=False)
    op.create_index("ix_task_parent_id", "task", ["parent_id"], unique=False)
    op.create_index("ix_task_project_id", "task", ["project_id"], unique=False)
    op.create_index("ix_task_source_id", "task", ["source_id"], unique=False)
    op.create_index("ix_task_source_state", "task", ["source_state"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("effort_minutes", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("effort_minutes >= 0", name="ck_assignment_effort_minutes"),
        sa.CheckConstraint("share >= 0", name="ck_assignment_share"),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["task.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("task_id", "person_id", name="uq_assignment"),
    )
    op.create_index("ix_assignment_person_task", "assignment", ["person_id", "task_id"], unique=False)
    op.create_index("ix_assignment_task_id", "assignment", ["task_id"], unique=False)
    op.create_table(
        "baseline",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("planned_start", sa.DateTime(), nullable=True),
        sa.Column("planned_finish", sa.DateTime(), nullable=True),
        sa.Column("planned_duration_minutes", sa.BigInteger(), nullable=True),
        sa.Column("planned_cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("effort_minutes", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["task.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_baseline_project_id", "baseline", ["project_id"], unique=False)
    op.create_index("ix_baseline_task_id", "baseline", ["task_id"], unique=False)
    op.create_table(
        "billing_milestone",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("invoiced_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["task.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_billing_milestone_project_id", "billing_milestone", ["project_id"], unique=False)
    op.create_index("ix_billing_milestone_task_id", "billing_milestone", ["task_id"], unique=False)
    op.create_table(
        "blocker",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("cleared_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["task.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_blocker_task_id", "blocker", ["task_id"], unique=False)
    op.create_table(
        "dependency",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("predecessor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("successor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("lag_minutes", sa.Integer(), nullable=False),
        sa.Column("lag_basis", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('FS', 'SS', 'FF', 'SF')", name="ck_dependency_kind"),
        sa.CheckConstraint("lag_basis IN ('working', 'elapsed')", name="ck_dependency_lag_basis"),
        sa.ForeignKeyConstraint(
            ["predecessor_id"],
            ["task.id"],
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["task.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("predecessor_id", "successor_id", "kind", name="uq_dependency"),
    )
    op.create_index("ix_dependency_predecessor_id", "dependency", ["predecessor_id"], unique=False)
    op.create_index("ix_dependency_successor_id", "dependency", ["successor_id"], unique=False)
    op.create_table(
        "status_update",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("health", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("health IN ('green', 'amber', 'red')", name="ck_status_update_health"),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["task.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_status_update_author_id", "status_update", ["author_id"], unique=False)
    op.create_index("ix_status_update_project_id", "status_update", ["project_id"], unique=False)
    op.create_index("ix_status_update_task_id", "status_update", ["task_id"], unique=False)
    op.create_index("ix_status_update_written_on", "status_update", ["written_on"], unique=False)
    op.create_table(
        "task_reading",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("is_leaf", sa.Boolean(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("start", sa.DateTime(), nullable=True),
        sa.Column("finish", sa.DateTime(), nullable=True),
        sa.Column("actual_start", sa.DateTime(), nullable=True),
        sa.Column("actual_finish", sa.DateTime(), nullable=True),
        sa.Column("done_share", sa.Float(), nullable=True),
        sa.Column("duration_minutes", sa.BigInteger(), nullable=True),
        sa.Column("effort_minutes", sa.BigInteger(), nullable=True),
        sa.Column("remaining_minutes", sa.BigInteger(), nullable=True),
        sa.Column("cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("finished_late", sa.Boolean(), nullable=False),
        sa.Column("days_finished_late", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("task_id"),
    )
    op.create_index("ix_task_reading_finish", "task_reading", ["finish"], unique=False)
    op.create_index("ix_task_reading_project_id", "task_reading", ["project_id"], unique=False)
    op.create_table(
        "time_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("task_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("worked_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("billable", sa.Boolean(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("cost_rate_minor", sa.BigInteger(), nullable=False),
        sa.Column("bill_rate_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("minutes >= 0", name="ck_time_entry_minutes"),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["project_id"],
            ["project.id"],
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["task.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_time_entry_person_id", "time_entry", ["person_id"], unique=False)
    op.create_index("ix_time_entry_project_id", "time_entry", ["project_id"], unique=False)
    op.create_index("ix_time_entry_task_id", "time_entry", ["task_id"], unique=False)
    op.create_index("ix_time_entry_worked_on", "time_entry", ["worked_on"], unique=False)

    _refuse_edits_of_audit_events()


def downgrade() -> None:
    op.drop_index("ix_time_entry_worked_on", table_name="time_entry")
    op.drop_index("ix_time_entry_task_id", table_name="time_entry")
    op.drop_index("ix_time_entry_project_id", table_name="time_entry")
    op.drop_index("ix_time_entry_person_id", table_name="time_entry")
    op.drop_table("time_entry")
    op.drop_index("ix_task_reading_project_id", table_name="task_reading")
    op.drop_index("ix_task_reading_finish", table_name="task_reading")
    op.drop_table("task_reading")
    op.drop_index("ix_status_update_written_on", table_name="status_update")
    op.drop_index("ix_status_update_task_id", table_name="status_update")
    op.drop_index("ix_status_update_project_id", table_name="status_update")
    op.drop_index("ix_status_update_author_id", table_name="status_update")
    op.drop_table("status_update")
    op.drop_index("ix_dependency_successor_id", table_name="dependency")
    op.drop_index("ix_dependency_predecessor_id", table_name="dependency")
    op.drop_table("dependency")
    op.drop_index("ix_blocker_task_id", table_name="blocker")
    op.drop_table("blocker")
    op.drop_index("ix_billing_milestone_task_id", table_name="billing_milestone")
    op.drop_index("ix_billing_milestone_project_id", table_name="billing_milestone")
    op.drop_table("billing_milestone")
    op.drop_index("ix_baseline_task_id", table_name="baseline")
    op.drop_index("ix_baseline_project_id", table_name="baseline")
    op.drop_table("baseline")
    op.drop_index("ix_assignment_task_id", table_name="assignment")
    op.drop_index("ix_assignment_person_task", table_name="assignment")
    op.drop_table("assignment")
    op.drop_index("ix_task_source_state", table_name="task")
    op.drop_index("ix_task_source_id", table_name="task")
    op.drop_index("ix_task_project_id", table_name="task")
    op.drop_index("ix_task_parent_id", table_name="task")
    op.drop_index("ix_task_owner_project", table_name="task")
    op.drop_index("ix_task_name", table_name="task")
    op.drop_index("ix_task_deliverable_type", table_name="task")
    op.drop_index("ix_task_calendar_id", table_name="task")
    op.drop_table("task")
    op.drop_index("ix_risk_project_id", table_name="risk")
    op.drop_index("ix_risk_owner_id", table_name="risk")
    op.drop_table("risk")
    op.drop_index("ix_project_reading_project_id", table_name="project_reading")
    op.drop_index("ix_project_reading_day", table_name="project_reading")
    op.drop_table("project_reading")
    op.drop_index("ix_flag_reporter_id", table_name="flag")
    op.drop_index("ix_flag_project_id", table_name="flag")
    op.drop_table("flag")
    op.drop_index("ix_expense_project_id", table_name="expense")
    op.drop_table("expense")
    op.drop_index("ix_booking_project_id", table_name="booking")
    op.drop_index("ix_booking_person_project", table_name="booking")
    op.drop_index("ix_booking_person_id", table_name="booking")
    op.drop_table("booking")
    op.drop_index("ix_project_source_id", table_name="project")
    op.drop_index("ix_project_program_id", table_name="project")
    op.drop_index("ix_project_portfolio_id", table_name="project")
    op.drop_index("ix_project_name", table_name="project")
    op.drop_index("ix_project_manager_id", table_name="project")
    op.drop_index("ix_project_client", table_name="project")
    op.drop_index("ix_project_calendar_id", table_name="project")
    op.drop_table("project")
    op.drop_index("ix_feedback_person_id", table_name="feedback")
    op.drop_table("feedback")
    op.drop_index("ix_program_source_id", table_name="program")
    op.drop_index("ix_program_portfolio_id", table_name="program")
    op.drop_index("ix_program_name", table_name="program")
    op.drop_index("ix_program_manager_id", table_name="program")
    op.drop_table("program")
    op.drop_table("message")
    op.drop_index("ix_skill_person_id", table_name="skill")
    op.drop_index("ix_skill_name", table_name="skill")
    op.drop_table("skill")
    op.drop_index("ix_portfolio_source_id", table_name="portfolio")
    op.drop_index("ix_portfolio_name", table_name="portfolio")
    op.drop_index("ix_portfolio_manager_id", table_name="portfolio")
    op.drop_table("portfolio")
    op.drop_index("ix_history_row", table_name="history")
    op.drop_index("ix_history_project_id", table_name="history")
    op.drop_index("ix_history_person_id", table_name="history")
    op.drop_index("ix_history_change_set", table_name="history")
    op.drop_index("ix_history_at", table_name="history")
    op.drop_table("history")
    op.drop_index("ix_grant_person_id", table_name="grant")
    op.drop_table("grant")
    op.drop_index("ix_conversation_person_id", table_name="conversation")
    op.drop_table("conversation")
    op.drop_index("ix_audit_event_person_id", table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_index("ix_apikey_person_id", table_name="apikey")
    op.drop_table("apikey")
    op.drop_index("ix_absence_person_id", table_name="absence")
    op.drop_table("absence")
    op.drop_index("ix_person_source_id", table_name="person")
    op.drop_index("ix_person_practice_id", table_name="person")
    op.drop_index("ix_person_name", table_name="person")
    op.drop_table("person")
    op.drop_index("ix_import_run_source_id", table_name="import_run")
    op.drop_table("import_run")
    op.drop_index("ix_holiday_office_id", table_name="holiday")
    op.drop_index("ix_holiday_day", table_name="holiday")
    op.drop_table("holiday")
    op.drop_index("ix_calendar_source_id", table_name="calendar")
    op.drop_table("calendar")
    op.drop_table("sourceword")
    op.drop_table("source")
    op.drop_table("practice")
    op.drop_table("organisation")
    op.drop_table("office")
    op.drop_table("customfield")
    op.drop_index("ix_alias_text", table_name="alias")
    op.drop_table("alias")

    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_audit_edit()")


def _refuse_edits_of_audit_events() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_event_no_{verb.lower()} BEFORE {verb} ON audit_event "
                "BEGIN SELECT RAISE(ABORT, 'Audit events are never changed.'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_audit_edit() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'Audit events are never changed.'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_event_no_edit BEFORE UPDATE OR DELETE ON audit_event "
        "FOR EACH ROW EXECUTE FUNCTION refuse_audit_edit()"
    )
    op.execute(
        "CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_edit()"
    )
