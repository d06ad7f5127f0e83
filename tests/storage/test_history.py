"""History read back: what moved since a moment, what stood there before, and only what the reader may see."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.access import Reader
from storage.engine import Store
from storage.history import Edit, changes_of, net, tasks_at
from storage.models import Person, Project, Task
from storage.vocabulary import Level

MONDAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture
def world(store: Store) -> dict[str, int]:
    """A project laid on Monday, managed by Priya, with two tasks, and Max who only works in the firm."""
    with store.writing("Laid", at=MONDAY) as writer:
        priya, dana, max_ = writer.add(Person, [{"key": key, "name": key.title()} for key in ("priya", "dana", "max")])
        [gate] = writer.add(Project, [{"key": "GATE", "name": "Gateway", "currency": "EUR", "manager_id": priya}])
        rows = [
            {"key": "GATE-1", "name": "Write", "planned_finish": datetime(2026, 3, 6, 17), "effort_minutes": 480},
            {"key": "GATE-2", "name": "Check", "planned_finish": datetime(2026, 3, 9, 17)},
        ]
        write, check = writer.add(
            Task, [{"project_id": gate, "position": place, "owner_id": dana} | row for place, row in enumerate(rows)]
        )
    return {"priya": priya, "dana": dana, "max": max_, "gate": gate, "write": write, "check": check}


def test_a_moved_date_is_told_with_before_after_cause_and_who(store, world):
    move(store, world, "write", days=2)

    with store.reading() as session:
        [change] = changes_of(session, Reader(world["priya"]), world["gate"], since=MONDAY)
    assert (change.edit, change.level, change.key, change.field) == (
        Edit.CHANGED,
        Level.TASK,
        "GATE-1",
        "planned_finish",
    )
    assert (change.before, change.after) == (datetime(2026, 3, 6, 17), datetime(2026, 3, 8, 17))
    assert (change.cause, change.person.name, change.at) == ("Moved", "Dana", MONDAY + timedelta(hours=2))


def test_edits_before_and_after_the_window_are_left_out(store, world):
    move(store, world, "write", days=2)
    later = MONDAY + timedelta(days=1)

    with store.reading() as session:
        reader = Reader(world["priya"])
        assert changes_of(session, reader, world["gate"], since=later) == []
        assert changes_of(session, reader, world["gate"], since=MONDAY, until=MONDAY + timedelta(hours=1)) == []


def test_several_edits_of_one_field_are_one_net_change(store, world):
    move(store, world, "write", days=2)
    move(store, world, "write", days=5, hour=3)
    move(store, world, "check", days=1, hour=4)
    move(store, world, "check", days=-1, hour=5, start=datetime(2026, 3, 10, 17))

    with store.reading() as session:
        changes = net(changes_of(session, Reader(world["priya"]), world["gate"], since=MONDAY))
    assert [(change.key, change.before.day, change.after.day) for change in changes] == [("GATE-1", 6, 11)]


def test_tasks_that_came_and_went_are_told_once(store, world):
    with store.writing("Replanned", at=MONDAY + timedelta(hours=1)) as writer:
        new = {"key": "GATE-3", "name": "Ship", "project_id": world["gate"], "position": 3}
        [ship] = writer.add(Task, [new])
        writer.change(Task, ship, {"name": "Ship it"})
        writer.change(Task, world["check"], {"name": "Check all"})
        writer.remove(Task, world["check"])

    with store.reading() as session:
        changes = net(changes_of(session, Reader(world["priya"]), world["gate"], since=MONDAY))
    told = [(change.edit, change.key, change.name, change.field) for change in changes]
    assert told == [(Edit.ADDED, "GATE-3", "Ship it", None), (Edit.REMOVED, "GATE-2", "Check all", None)]


def test_the_project_itself_has_a_history_too(store, world):
    with store.writing("Reported", at=MONDAY + timedelta(hours=1)) as writer:
        writer.change(Project, world["gate"], {"reported_health": "red", "budget_minor": 5_000_00})

    with store.reading() as session:
        seen = changes_of(session, Reader(world["priya"]), world["gate"], since=MONDAY)
        by_max = changes_of(session, Reader(world["max"]), world["gate"], since=MONDAY)
    assert {change.field for change in seen} == {"reported_health", "budget_minor"}
    assert [(change.field, change.key, change.after) for change in by_max] == [("reported_health", "GATE", "red")]


def test_who_may_not_see_team_fields_sees_dates_only(store, world):
    with store.writing("Moved for Dana's sake", person_id=world["dana"], at=MONDAY + timedelta(hours=1)) as writer:
        edits = {"effort_minutes": 960, "owner_id": world["priya"], "waits_on": "Tern", "planned_cost_minor": 1_00}
        writer.change(Task, world["write"], edits | {"state": "in_progress", "custom": {"margin": 3}})

    with store.reading() as session:
        [change] = changes_of(session, Reader(world["max"]), world["gate"], since=MONDAY)
    assert (change.field, change.cause, change.person) == ("state", None, None)


def test_a_confidential_project_has_no_history_for_others(store, world):
    move(store, world, "write", days=2)
    with store.writing("Hidden", at=MONDAY + timedelta(hours=3)) as writer:
        writer.change(Project, world["gate"], {"confidentiality": "confidential"})

    with store.reading() as session:
        assert changes_of(session, Reader(world["max"]), world["gate"], since=MONDAY) == []
        assert changes_of(session, Reader(world["priya"], (world["max"],)), world["gate"], since=MONDAY) == []
        assert tasks_at(session, Reader(None), world["gate"], MONDAY, ["planned_finish"]) == {}


def test_tasks_stand_as_they_stood_then(store, world):
    move(store, world, "write", days=2)
    move(store, world, "write", days=5, hour=3)
    with store.writing("Replanned", at=MONDAY + timedelta(hours=4)) as writer:
        new = {"key": "GATE-3", "name": "Ship", "project_id": world["gate"], "position": 3}
        writer.add(Task, [new])

    with store.reading() as session:
        reader, fields = Reader(world["priya"]), ["planned_finish", "effort_minutes"]
        on_monday = tasks_at(session, reader, world["gate"], MONDAY, fields)
        in_between = tasks_at(session, reader, world["gate"], MONDAY + timedelta(hours=2.5), fields)
        for_max = tasks_at(session, Reader(world["max"]), world["gate"], MONDAY, fields)
    assert on_monday[world["write"]] == {"planned_finish": datetime(2026, 3, 6, 17), "effort_minutes": 480}
    assert in_between[world["write"]]["planned_finish"] == datetime(2026, 3, 8, 17)
    assert on_monday.keys() == {world["write"], world["check"]}
    assert for_max[world["write"]] == {"planned_finish": datetime(2026, 3, 6, 17)}


def move(
    store: Store, world: dict[str, int], task: str, *, days: int, hour: int = 2, start: datetime | None = None
) -> None:
    """Dana moves a task by some days from where it was laid, so many hours after Monday's start."""
    laid = {"write": datetime(2026, 3, 6, 17), "check": datetime(2026, 3, 9, 17)}[task]
    with store.writing("Moved", person_id=world["dana"], at=MONDAY + timedelta(hours=hour)) as writer:
        writer.change(Task, world[task], {"planned_finish": (start or laid) + timedelta(days=days)})
