"""Erasure: a person's name and words are nowhere in the store, its figures are as they were, and the audit holds."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import SQLModel, select

from storage import api_keys, audit
from storage.access import Reader
from storage.conversations import save_exchange
from storage.edits import Draft, RowEdit
from storage.engine import Store
from storage.erasing import StillHere, erase
from storage.leaving import leave
from storage.models import Absence, Blocker, Person, Project, Skill, StatusUpdate, Task, TimeEntry
from storage.people import Member, add_person
from storage.proposals import list_proposals, save_proposal

NOW = datetime(2026, 3, 6, 17, tzinfo=UTC)
DAY = date(2026, 3, 6)


@pytest.fixture
def people(store: Store) -> tuple[Member, Member]:
    """Ana, who leaves, and Ben; both have worked, talked, and are talked about."""
    ana = add_person(store, "Ana María Ruiz", "ana.ruiz@example.org")
    ben = add_person(store, "Ben Okafor", "ben@example.org")
    with store.writing("Set up", person_id=ana.id) as writer:
        writer.change(Person, ana.id, {"job_title": "Analyst Extraordinary", "office": "Cádiz", "grade": "G7"})
        [project] = writer.add(Project, [{"key": "GATE", "currency": "EUR", "manager_id": ana.id}])
        task = {
            "key": "GATE-1",
            "project_id": project,
            "position": 1,
            "name": "Call ANA MARÍA RUIZ",
            "owner_id": ana.id,
        }
        [first] = writer.add(
            Task, [task | {"description": "Ask ana.ruiz@example.org; Ana María Ruizsson knows nothing."}]
        )
        worked = {"person_id": ana.id, "project_id": project, "worked_on": DAY, "minutes": 60, "cost_rate_minor": 1}
        writer.add(TimeEntry, [worked])
        writer.add(Absence, [{"person_id": ana.id, "starts_on": DAY, "ends_on": DAY, "reason": "A broken leg"}])
        writer.add(Skill, [{"person_id": ana.id, "name": "Falconry", "level": "expert"}])
        writer.add(Blocker, [{"task_id": first, "note": "Waits for Ana María Ruiz.", "opened_on": DAY}])
        note = {"project_id": project, "author_id": ben.id, "written_on": DAY, "note": "Ask ana.ruiz, or Ben."}
        writer.add(StatusUpdate, [note])
    with store.system() as session:
        for person in (ana, ben):
            answer = {"text": "Ana María Ruiz", "facts": [{"owner": {"value": "ana.ruiz@example.org"}}]}
            save_exchange(
                session, Reader(person.id), f"t{person.id}", surface="cli", question="what does Ana María Ruiz do",
                text="Ana María Ruiz is busy.", answer=answer, focus={"person": "ana.ruiz"}, at=NOW,
            )  # fmt: skip
            audit.append(
                session, person_id=person.id, action="ask", subject="my_work", outcome="answered",
                details={"arguments": [{"person": "ana.ruiz@example.org"}]},
            )  # fmt: skip
        edit = RowEdit("absence", -1, None, {"person_id": ana.id, "starts_on": "2026-03-09", "ends_on": "2026-03-09"})
        draft = Draft("Ana María Ruiz is away", (), (edit,), reasons=("a broken leg",))
        save_proposal(session, Reader(ana.id), draft, surface="cli", at=NOW)
    api_keys.make_key(store, ana.id, "Ana's laptop")
    leave(store, ana.id, on=DAY, at=NOW)
    return ana, ben


def test_nothing_that_says_who_it_was_is_left(store, people):
    ana, ben = people

    gone = erase(store, ana.id, at=NOW, by=ben.id)

    left = "\n".join(every_row(store))
    words = ("Ana", "ANA M", "ana.ruiz", "broken leg", "Falconry", "Extraordinary", "Cádiz", "G7", "laptop")
    assert {word: left.count(word) for word in words if word in left} == {
        "Ana": 2
    }  # another one's name, there and in the history
    assert "Ana María Ruizsson knows nothing" in left
    assert left.count(gone.name) >= 5
    with store.reading() as session:
        row = session.get_one(Person, ana.id)
        assert (row.name, row.key, row.email, row.active) == (gone.name, gone.key, None, False)
        assert session.exec(select(TimeEntry.minutes).where(TimeEntry.person_id == ana.id)).all() == [60]
        assert session.exec(select(Absence.starts_on, Absence.reason)).all() == [(DAY, None)]
        assert session.exec(select(Task.owner_id)).all() == [ana.id]
        assert list_proposals(session, Reader(ben.id), NOW) == []


def test_the_audit_holds_and_names_what_was_erased(store, people):
    ana, ben = people

    gone = erase(store, ana.id, at=NOW, by=ben.id)

    with store.reading() as session:
        assert audit.verify(session).altered_id is None
        events = audit.latest(session, 100)
    assert (events[0].action, events[0].person, events[0].subject) == ("erase", "ben", f"person:{gone.key}")
    erased = [event.id for event in events if event.subject == "erased"]
    assert sorted(erased) == events[0].details["events"]
    assert len(erased) == gone.audit_events >= 4


def test_what_others_said_stays_theirs(store, people):
    ana, _ = people
    erase(store, ana.id, at=NOW)

    kept = [row for row in every_row(store) if row.startswith(("conversation", "message"))]

    assert len(kept) == 3
    assert all("former-" in row.lower() for row in kept)


def test_an_erased_key_opens_no_door(store, people):
    ana, _ = people
    erase(store, ana.id, at=NOW)

    with store.reading() as session:
        assert api_keys.keys_were_made(session)
        assert [key.label for key in api_keys.list_keys(session)] == ["erased"]


def test_whoever_is_here_is_not_erased(store, people):
    _, ben = people
    before = every_row(store)

    with pytest.raises(StillHere, match="Ben Okafor is still active"):
        erase(store, ben.id, at=NOW)
    assert every_row(store) == before


def test_a_name_that_is_a_word_takes_no_words_with_it(store):
    """Somebody whose key is a state's name."""
    done = add_person(store, "Done", "done@example.org")
    with store.writing("Set up") as writer:
        [project] = writer.add(Project, [{"key": "GATE", "currency": "EUR"}])
        writer.add(Task, [{"key": "GATE-1", "project_id": project, "position": 1, "name": "Write", "state": "done"}])
    leave(store, done.id, on=DAY, at=NOW)

    erase(store, done.id, at=NOW)

    with store.reading() as session:
        assert session.exec(select(Task.state)).all() == ["done"]


def every_row(store: Store) -> list[str]:
    with store.reading() as session:
        return [
            f"{table.name} {tuple(row)!r}"
            for table in SQLModel.metadata.sorted_tables
            for row in session.execute(select(table))
        ]
