"""What may be done with an API key."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("apikey") as table:
        table.add_column(sa.Column("scope", sa.String(), nullable=True))
    op.execute("UPDATE apikey SET scope = 'confirm'")
    with op.batch_alter_table("apikey") as table:
        table.alter_column("scope", existing_type=sa.String(), nullable=False)
        table.create_check_constraint("ck_apikey_scope", "scope IN ('read', 'confirm', 'admin')")


def downgrade() -> None:
    with op.batch_alter_table("apikey") as table:
        table.drop_constraint("ck_apikey_scope", type_="check")
        table.drop_column("scope")
