"""Rooms that are about work, and what people are told unasked."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "room",
        sa.Column("id", BIG, nullable=False),
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("project_id", BIG, nullable=True),
        sa.Column("program_id", BIG, nullable=True),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("bound_by", BIG, nullable=False),
        sa.Column("bound_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("(project_id IS NULL) <> (program_id IS NULL)", name="ck_room_about_one"),
        sa.CheckConstraint("audience IN ('public', 'firm', 'team')", name="ck_room_audience"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["bound_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("team", "channel", name="uq_room"),
    )
    for column in ("project_id", "program_id", "bound_by"):
        op.create_index(op.f(f"ix_room_{column}"), "room", [column], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("proposal_id", BIG, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("kind IN ('moved', 'taken_back')", name="ck_notice_kind"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("person_id", "proposal_id", "kind", name="uq_notice"),
    )
    for column in ("person_id", "proposal_id", "at", "told_at"):
        op.create_index(op.f(f"ix_notice_{column}"), "notice", [column], unique=False)
    op.create_table(
        "notice_choice",
        sa.Column("person_id", BIG, nullable=False, autoincrement=False),
        sa.Column("is_muted", sa.Boolean(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("person_id"),
    )


def downgrade() -> None:
    for table in ("notice_choice", "notice", "room"):
        op.drop_table(table)
