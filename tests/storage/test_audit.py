"""The audit chain: it only grows, and a row that was altered behind its back is named."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from storage import audit
from storage.engine import Store

TUESDAY = datetime(2026, 3, 3, 9, 30, 0, 123456, tzinfo=UTC)


def test_events_as_they_were_written_hold_together(store):
    note(store, "ask", details={"tools": ["project_status"], "ms": 12.5, "as_of": TUESDAY.date()})
    note(store, "ask", subject="naïve \x00\ud800 words")
    note(store, "refuse")

    check = verify(store)

    assert (check.events, check.altered_id) == (3, None)
    assert check.sentence.startswith("All 3 audit events are as they were written")


def test_an_empty_chain_is_whole(store):
    assert verify(store) == audit.AuditCheck(0, audit.FIRST_HASH, None)


def test_an_event_whose_content_was_erased_on_record_is_whole(store):
    for action in ("ask", "refuse", "ask"):
        note(store, action)

    with store.system() as session:
        audit.erase(session, [2], person_id=None, subject="person:former", at=TUESDAY)

    assert (verify(store).events, verify(store).altered_id) == (4, None)
    with store.reading() as session:
        told = [(each.id, each.action, each.subject) for each in audit.latest(session, 10)]
    assert told == [
        (4, "erase", "person:former"),
        (3, "ask", "project:GATE"),
        (2, "refuse", "erased"),
        (1, "ask", "project:GATE"),
    ]


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE audit_event SET outcome = 'done'",
        "DELETE FROM audit_event",
        "UPDATE audit_content SET subject = 'project:OTHER'",
    ],
)
def test_the_database_refuses_to_alter_events(store, edit):
    note(store, "refuse")

    with pytest.raises(DBAPIError, match="Audit events are never changed"), store.system() as session:
        session.execute(text(edit))
    assert verify(store).events == 1


@pytest.mark.parametrize("table", ["audit_event, audit_content", "audit_content"])
def test_postgresql_refuses_to_empty_the_table(new_postgresql_store, table):
    store = new_postgresql_store()
    note(store, "refuse")

    with pytest.raises(DBAPIError, match="Audit events are never changed"), store.system() as session:
        session.execute(text(f"TRUNCATE {table}"))
    store.close()


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE audit_event SET outcome = 'done' WHERE id = 2",
        "UPDATE audit_event SET action = 'grant' WHERE id = 2",
        "UPDATE audit_content SET details = '{}' WHERE event_id = 2",
        "UPDATE audit_content SET subject = 'project:OTHER' WHERE event_id = 2",
        "DELETE FROM audit_content WHERE event_id = 2",
    ],
)
def test_the_first_altered_event_is_named(sqlite_store, edit):
    tampered(sqlite_store, edit)

    check = verify(sqlite_store)

    assert (check.events, check.altered_id) == (1, 2)
    assert check.sentence.startswith("Audit event 2 is not as it was written")


def test_an_event_that_is_gone_shows_at_the_next(sqlite_store):
    tampered(sqlite_store, "DELETE FROM audit_content WHERE event_id = 2", "DELETE FROM audit_event WHERE id = 2")

    assert verify(sqlite_store).altered_id == 3


def tampered(store: Store, *edits: str) -> None:
    """Three events, edited by somebody who owns the file and takes the triggers away."""
    for action in ("ask", "refuse", "ask"):
        note(store, action, details={"words": action})
    with store.system() as session:
        session.execute(text("DROP TRIGGER audit_event_no_update"))
        session.execute(text("DROP TRIGGER audit_event_no_delete"))
        session.execute(text("DROP TRIGGER audit_content_no_update"))
        for edit in edits:
            session.execute(text(edit))


def note(store: Store, action: str, subject: str = "project:GATE", details: dict[str, object] | None = None) -> None:
    with store.system() as session:
        audit.append(
            session, person_id=None, action=action, subject=subject, outcome="refused", details=details, at=TUESDAY
        )


def verify(store: Store) -> audit.AuditCheck:
    with store.reading() as session:
        return audit.verify(session)
