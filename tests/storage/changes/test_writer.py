"""The writer: every edit has its history, every touched project a new revision, and nothing is written twice."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from storage import models
from storage.changes.writer import RowNotFound, UnknownField
from storage.engine import Store
from storage.models import Booking, Dependency, History, Person, Portfolio, Project, Task
from storage.vocabulary import TaskState

TUESDAY = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


def test_rows_are_added_in_order_with_ids_and_defaults(store):
    with store.writing("Import") as writer:
        [gate] = writer.add(Project, [{"key": "GATE", "currency": "EUR"}])
        ids = writer.add(Task, [task(gate, 1), task(gate, 2, state=TaskState.DONE), task(gate, 3, done_share=0.5)])

    with store.reading() as session:
        first, second, third = session.exec(select(Task).order_by(col(Task.position))).all()
    assert [first.id, second.id, third.id] == ids
    assert (first.state, second.state, third.done_share) == ("not_started", "done", 0.5)
    assert first.custom == {} and first.planned_finish is None


def test_an_added_row_is_kept_whole_in_history(store):
    with store.writing("Import of March", at=TUESDAY) as writer:
        [gate] = writer.add(Project, [{"key": "GATE", "currency": "EUR", "promised_finish": date(2026, 3, 20)}])

    [entry] = history(store)
    assert (entry.table, entry.row_id, entry.project_id, entry.field) == ("project", gate, gate, None)
    assert (entry.cause, entry.at, entry.before) == ("Import of March", TUESDAY, None)
    assert entry.after["promised_finish"] == "2026-03-20"
    assert "budget_minor" not in entry.after


def test_a_change_keeps_before_and_after_of_each_field(store, gateway):
    with store.writing("Move", person_id=gateway["dana"]) as writer:
        moved = {"planned_finish": datetime(2026, 3, 12, 17), "done_share": 0.25, "name": "Write"}
        writer.change(Task, gateway["write"], moved)

    entries = {entry.field: entry for entry in history(store, "Move")}
    assert entries.keys() == {"planned_finish", "done_share"}
    assert entries["planned_finish"].before is None
    assert entries["planned_finish"].after == "2026-03-12T17:00:00"
    assert entries["done_share"].person_id == gateway["dana"]
    assert len({entry.change_set for entry in entries.values()}) == 1


def test_writing_what_already_stands_changes_nothing(store, gateway):
    before = store.revision(), project_revision(store, "GATE")

    with store.writing("Same again") as writer:
        custom = {"seen_on": date(2026, 3, 1), "words": ["a"]}
        assert writer.change_many(Task, {gateway["write"]: {"name": "Write", "state": "not_started", "custom": custom}})
    with store.writing("And again") as writer:
        assert writer.change_many(Task, {gateway["write"]: {"name": "Write", "custom": custom}}) == 0

    assert history(store, "And again") == []
    assert (store.revision(), project_revision(store, "GATE")) == (before[0] + 1, before[1] + 1)


def test_a_removed_row_is_kept_whole_in_history_and_its_id_is_not_used_again(store, gateway):
    with store.writing("Clear") as writer:
        writer.remove(Task, gateway["check"])
        [later] = writer.add(Task, [task(gateway["gate"], 9)])

    [removed, _] = history(store, "Clear")
    assert (removed.before["name"], removed.after) == ("Check", None)
    assert later > gateway["check"]


def test_an_exception_leaves_neither_rows_nor_history(store, gateway):
    known, revision = len(history(store)), store.revision()

    with pytest.raises(IntegrityError), store.writing("Half an import") as writer:
        writer.change(Task, gateway["write"], {"name": "Rewrite"})
        writer.add(Task, [task(gateway["gate"], 10), task(gateway["gate"], 10)])

    assert (len(history(store)), store.revision()) == (known, revision)


def test_tasks_may_change_places(store, gateway):
    with store.writing("Reorder") as writer:
        writer.change_many(Task, {gateway["write"]: {"position": 2}, gateway["check"]: {"position": 1}})

    with store.reading() as session:
        assert session.exec(select(Task.position).order_by(col(Task.id)).limit(2)).all() == [2, 1]


def test_rows_of_one_batch_can_refer_to_each_other(store, gateway):
    with store.writing("Import") as writer:
        parent, child = writer.reserve(Task, 2)
        writer.add(Task, [task(gateway["gate"], 5, id=parent), task(gateway["gate"], 6, id=child, parent_id=parent)])

    with store.reading() as session:
        assert session.exec(select(Task.parent_id).where(Task.id == child)).one() == parent


def test_a_row_that_was_loaded_shows_what_was_written(store, gateway):
    with store.writing("Rename") as writer:
        loaded = writer.session.get_one(Task, gateway["write"])
        writer.change(Task, gateway["write"], {"name": "Rewrite"})

        assert loaded.name == "Rewrite"


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (models.Booking, {"starts_on": date(2026, 3, 2), "ends_on": date(2026, 3, 6), "minutes_per_week": 480}),
        (models.TimeEntry, {"worked_on": date(2026, 3, 2), "minutes": 60, "cost_rate_minor": 1, "person_id": "dana"}),
        (models.Expense, {"spent_on": date(2026, 3, 2), "amount_minor": 1, "label": "train"}),
        (models.BillingMilestone, {"label": "half", "amount_minor": 1}),
        (models.Baseline, {"name": "first", "taken_on": date(2026, 3, 2)}),
        (models.StatusUpdate, {"written_on": date(2026, 3, 2)}),
        (models.Risk, {"key": "R-1", "title": "rain", "opened_on": date(2026, 3, 2)}),
        (models.Blocker, {"task_id": "write", "note": "no access", "opened_on": date(2026, 3, 2)}),
    ],
)
def test_whatever_belongs_to_a_project_raises_its_revision(store, gateway, model, values):
    row = {field: gateway.get(value, value) for field, value in values.items()}
    if "task_id" not in row:
        row["project_id"] = gateway["gate"]
    before = project_revision(store, "GATE")

    with store.writing("Add") as writer:
        [row_id] = writer.add(model, [row])
    with store.writing("Remove") as writer:
        writer.remove(model, row_id)

    assert project_revision(store, "GATE") == before + 2
    assert [entry.project_id for entry in history(store, "Remove")] == [gateway["gate"]]
    assert project_revision(store, "OTHER") == 1


def test_a_link_between_projects_raises_the_revision_of_both(store, gateway):
    with store.writing("Link") as writer:
        writer.add(Dependency, [{"predecessor_id": gateway["elsewhere"], "successor_id": gateway["write"]}])

    assert (project_revision(store, "GATE"), project_revision(store, "OTHER")) == (2, 2)
    assert history(store, "Link")[0].project_id == gateway["gate"]


def test_a_task_that_moves_raises_the_revision_of_both_projects(store, gateway):
    with store.writing("Move") as writer:
        writer.change(Task, gateway["check"], {"project_id": gateway["other"], "position": 7})

    assert (project_revision(store, "GATE"), project_revision(store, "OTHER")) == (2, 2)


def test_a_person_raises_the_revision_of_the_projects_they_work_in(store, gateway):
    with store.writing("Assign") as writer:
        writer.change(Task, gateway["write"], {"owner_id": gateway["dana"]})
    with store.writing("Leave") as writer:
        leave = {"person_id": gateway["dana"], "starts_on": date(2026, 3, 2), "ends_on": date(2026, 3, 3)}
        writer.add(models.Absence, [leave])
    with store.writing("Part time") as writer:
        writer.change(Person, gateway["dana"], {"weekday_minutes": [480, 480, 480, 480, 0]})

    assert (project_revision(store, "GATE"), project_revision(store, "OTHER")) == (4, 1)


def test_the_stores_revision_grows_once_a_transaction(store, gateway):
    before = store.revision()

    with store.writing("A lot") as writer:
        writer.add(Portfolio, [{"key": "F", "name": "First"}, {"key": "S", "name": "Second"}])
        writer.change(Task, gateway["write"], {"name": "Rewrite"})

    assert store.revision() == before + 1


def test_history_outlives_its_project(store, gateway):
    with store.writing("Wind up") as writer:
        writer.remove(Task, gateway["elsewhere"])
        writer.remove(Project, gateway["other"])

    assert [entry.table for entry in history(store) if entry.project_id == gateway["other"]] == [
        "project", "task", "task", "project",
    ]  # fmt: skip


def test_a_field_that_does_not_exist_is_refused(store, gateway):
    with pytest.raises(UnknownField, match="task has no field colour"), store.writing("Paint") as writer:
        writer.add(Task, [task(gateway["gate"], 5, colour="blue")])
    with pytest.raises(UnknownField, match="colour"), store.writing("Paint") as writer:
        writer.change(Task, gateway["write"], {"colour": "blue"})


def test_a_row_that_is_gone_cannot_be_changed(store, gateway):
    with pytest.raises(RowNotFound, match="no booking row with the id 77"), store.writing("Book") as writer:
        writer.change(Booking, 77, {"minutes_per_week": 60})


@pytest.fixture
def gateway(store: Store) -> dict[str, int]:
    """Two projects, three tasks and a person, by nickname."""
    with store.writing("Set up", at=TUESDAY) as writer:
        [dana] = writer.add(Person, [{"key": "dana", "name": "Dana Kowal"}])
        gate, other = writer.add(Project, [{"key": key, "currency": "EUR"} for key in ("GATE", "OTHER")])
        rows = [task(gate, 1, name="Write"), task(gate, 2, name="Check"), task(other, 1, name="Elsewhere")]
        write, check, elsewhere = writer.add(Task, rows)
    return {"dana": dana, "gate": gate, "other": other, "write": write, "check": check, "elsewhere": elsewhere}


def task(project_id: int, position: int, **values: Any) -> dict[str, Any]:
    return {"key": f"{project_id}-{position}", "project_id": project_id, "position": position, "name": "Task"} | values


def history(store: Store, cause: str | None = None) -> list[History]:
    with store.reading() as session:
        rows = session.exec(select(History).order_by(col(History.id))).all()
    return [row for row in rows if cause in (None, row.cause)]


def project_revision(store: Store, key: str) -> int:
    with store.reading() as session:
        return session.exec(select(Project.revision).where(Project.key == key)).one()
