"""Status notes, risks and blockers as they stood on a day."""

from collections.abc import Callable
from datetime import date

from storage.access import Reader
from storage.engine import Store
from storage.judgement import latest_status, latest_task_status, open_blockers, open_risks
from storage.models import Blocker, Booking, Person, Project, Risk, StatusUpdate, Task
from storage.vocabulary import Health

Add = Callable[..., int]
TODAY = date(2026, 3, 2)


def team_and_stranger(add: Add, project: int) -> tuple[Reader, Reader]:
    mate = add(Person, name="Lena")
    add(Booking, project_id=project, person_id=mate)
    return Reader(mate), Reader(add(Person))


def test_health_is_open_and_the_note_is_the_teams(store: Store, add: Add) -> None:
    project = add(Project)
    mate, stranger = team_and_stranger(add, project)
    add(StatusUpdate, project_id=project, author_id=mate.person_id, health=Health.GREEN, note="on track")
    with store.reading() as session:
        told, kept = (latest_status(session, reader, [project], TODAY)[project] for reader in (mate, stranger))

    assert (told.health, told.note, told.author and told.author.name) == ("green", "on track", "Lena")
    assert (kept.health, kept.note, kept.author) == ("green", None, None)


def test_the_latest_update_is_the_last_one_up_to_the_day(store: Store, add: Add) -> None:
    project, other = add(Project), add(Project)
    mate, stranger = team_and_stranger(add, project)
    task = add(Task, project_id=project)
    add(StatusUpdate, project_id=project, written_on=date(2026, 2, 20), health=Health.RED, note="red")
    add(StatusUpdate, project_id=project, written_on=date(2026, 2, 26), note="only a note")
    add(StatusUpdate, project_id=project, written_on=date(2026, 3, 3), health=Health.GREEN)
    add(StatusUpdate, project_id=project, task_id=task, written_on=date(2026, 2, 27), note="signed off")
    add(StatusUpdate, project_id=other, written_on=date(2026, 2, 1), health=Health.AMBER)
    with store.reading() as session:
        told = latest_status(session, mate, [project, other], TODAY)
        kept = latest_status(session, stranger, [project, other], TODAY)
        of_task = latest_task_status(session, mate, task, TODAY)
        hidden = latest_task_status(session, stranger, task, TODAY)

    assert {key: (status.written_on, status.note) for key, status in told.items()} == {
        project: (date(2026, 2, 26), "only a note"),
        other: (date(2026, 2, 1), None),
    }
    assert kept[project].health == "red"
    assert of_task is not None and of_task.note == "signed off"
    assert hidden is None


def test_risks_open_on_the_day_come_gravest_first_and_only_to_the_team(store: Store, add: Add) -> None:
    project = add(Project)
    mate, stranger = team_and_stranger(add, project)
    add(Risk, key="R-1", project_id=project, likelihood_share=0.2, impact_share=0.5)
    add(Risk, key="R-2", project_id=project, likelihood_share=0.8, impact_share=0.9, owner_id=mate.person_id)
    add(Risk, key="R-3", project_id=project, closed_on=TODAY)
    add(Risk, key="R-4", project_id=project, opened_on=date(2026, 3, 3))
    with store.reading() as session:
        risks = open_risks(session, mate, [project], TODAY)
        assert open_risks(session, stranger, [project], TODAY) == []

    assert [risk.key for risk in risks] == ["R-2", "R-1"]
    assert risks[0].owner is not None and risks[0].owner.name == "Lena"


def test_blockers_stand_until_they_are_cleared(store: Store, add: Add) -> None:
    project = add(Project)
    mate, stranger = team_and_stranger(add, project)
    task = add(Task, key="GATE-31", project_id=project, owner_id=mate.person_id)
    add(Blocker, task_id=task, note="certificates", opened_on=date(2026, 2, 19))
    add(Blocker, task_id=task, note="cleared later", opened_on=date(2026, 2, 20), cleared_on=date(2026, 3, 3))
    add(Blocker, task_id=task, note="cleared", opened_on=date(2026, 2, 18), cleared_on=TODAY)
    with store.reading() as session:
        blockers = open_blockers(session, mate, [project], TODAY)
        assert open_blockers(session, stranger, [project], TODAY) == []

    assert [(each.task_key, each.note) for each in blockers] == [
        ("GATE-31", "certificates"),
        ("GATE-31", "cleared later"),
    ]
