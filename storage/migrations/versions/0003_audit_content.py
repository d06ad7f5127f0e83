"""What audit events were about in a table of its own, so that erasing a person's data keeps the chain whole.

The chain is computed anew, both ways: the last hash of before and after differ. Down, what was erased is empty.
"""

import json
import secrets
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CHUNK = 1_000
FIRST_HASH = "0" * 64

Row = dict[str, Any]


def upgrade() -> None:
    _drop_triggers("audit_event")
    op.create_table(
        "audit_content",
        sa.Column(
            "event_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["audit_event.id"]),
        sa.PrimaryKeyConstraint("event_id"),
    )
    op.add_column("audit_event", sa.Column("content_hash", sa.String(), nullable=True))
    contents = sa.table("audit_content", sa.column("event_id"), sa.column("salt"), sa.column("subject"), _details())

    def apart(event: Row, previous: str) -> Row:
        content = {"salt": secrets.token_hex(16), "subject": event["subject"], "details": event["details"]}
        op.get_bind().execute(sa.insert(contents).values(event_id=event["id"], **content))
        content_hash = _digest(list(content.values()))
        written = [previous, event["at"], event["person_id"], event["action"], event["outcome"], content_hash]
        return {"content_hash": content_hash, "previous_hash": previous, "hash": _digest(written)}

    _write_anew(apart)
    with op.batch_alter_table("audit_event") as table:
        table.alter_column("content_hash", existing_type=sa.String(), nullable=False)
        table.drop_column("subject")
        table.drop_column("details")
    _create_triggers("audit_event", "UPDATE", "DELETE")
    _create_triggers("audit_content", "UPDATE")


def downgrade() -> None:
    _drop_triggers("audit_event")
    op.add_column("audit_event", sa.Column("subject", sa.String(), nullable=True))
    op.add_column("audit_event", sa.Column("details", sa.JSON(), nullable=True))

    def together(event: Row, previous: str) -> Row:
        columns = sa.table("audit_content", sa.column("event_id"), sa.column("subject"), _details()).c
        query = sa.select(columns.subject, columns.details).where(columns.event_id == event["id"])
        subject, details = op.get_bind().execute(query).first() or ("", {})
        written = [previous, event["at"], event["person_id"], event["action"], subject, event["outcome"], details]
        return {"subject": subject, "details": details, "previous_hash": previous, "hash": _digest(written)}

    _write_anew(together)
    with op.batch_alter_table("audit_event") as table:
        table.alter_column("subject", existing_type=sa.String(), nullable=False)
        table.alter_column("details", existing_type=sa.JSON(), nullable=False)
        table.drop_column("content_hash")
    op.drop_table("audit_content")
    _create_triggers("audit_event", "UPDATE", "DELETE")


def _write_anew(change: Callable[[Row, str], Row]) -> None:
    """Change each event, oldest first, given the hash of the one before."""
    columns = (
        *map(sa.column, ("id", "person_id", "action", "subject", "outcome", "previous_hash", "hash")),
        _details(),
    )
    events = sa.table("audit_event", *columns, sa.column("at", sa.DateTime()), sa.column("content_hash"))
    previous = FIRST_HASH
    for event in _events(events):
        changed = change({**event, "at": f"{event['at'].isoformat()}+00:00"}, previous)
        op.get_bind().execute(sa.update(events).where(events.c.id == event["id"]).values(changed))
        previous = changed["hash"]


def _events(events: sa.TableClause) -> Iterator[Row]:
    query = sa.select(*(column for column in events.c if column.name != "content_hash")).order_by(events.c.id)
    last = 0
    while chunk := op.get_bind().execute(query.where(events.c.id > last).limit(CHUNK)).mappings().all():
        yield from map(dict, chunk)
        last = chunk[-1]["id"]


def _details() -> sa.ColumnClause[Any]:
    return sa.column("details", sa.JSON())


def _digest(content: list[Any]) -> str:
    return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _create_triggers(table: str, *verbs: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in verbs:
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'Audit events are never changed.'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_no_edit BEFORE {' OR '.join(verbs)} ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_audit_edit()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_edit()"
    )


def _drop_triggers(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {table}_no_update")
        op.execute(f"DROP TRIGGER {table}_no_delete")
        return
    op.execute(f"DROP TRIGGER {table}_no_edit ON {table}")
    op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
