"""The made-up firm: as big as promised, the same every time, sound wherever it lies, and with its stories in it."""

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from storage import models
from storage.engine import Store
from storage.models import (
    Absence,
    Alias,
    BillingMilestone,
    Blocker,
    Booking,
    Dependency,
    Grant,
    Organisation,
    Person,
    Portfolio,
    Practice,
    Program,
    Project,
    ProjectReading,
    Risk,
    StatusUpdate,
    Task,
    TimeEntry,
)
from storage.sample import LAID_AROUND, lay
from storage.sample.quillmere.firm import quillmere
from storage.sample.quillmere.laying import StoreIsNotEmpty
from tests.conftest import MakeStore
from tests.firm import Firm
from tools.readings import warm

# A weekend, the days around a new year, a leap day, and a day when Dublin's clocks change.
OTHER_DAYS = [date(2026, 3, 7), date(2025, 12, 31), date(2027, 1, 1), date(2028, 2, 29), date(2026, 3, 29)]
UNSTABLE = {"change_set"}


@pytest.fixture
def session(firm: Firm) -> Iterator[Session]:
    with firm.store.reading() as session:
        yield session


@pytest.fixture(scope="module", params=OTHER_DAYS, ids=str)
def laid(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[date, Session]]:
    path = tmp_path_factory.mktemp("laid") / "quillmere.db"
    shutil.copyfile(sqlite_template, path)
    store = Store.open(f"sqlite:///{path}")
    lay(store, request.param)
    with store.reading() as session:
        yield request.param, session
    store.close()


def test_it_is_as_big_as_promised(session: Session) -> None:
    counts = {model: count(session, model) for model in (Portfolio, Program, Project, Practice)}
    members = session.exec(select(func.count()).where(Person.kind == "member")).one()

    assert counts == {Portfolio: 1, Program: 3, Project: 14, Practice: 3}
    assert members == 40 and count(session, Person) == 41
    assert 480 <= count(session, Task) <= 520
    assert 3_500 <= count(session, TimeEntry) <= 10_000


def test_each_project_has_a_breakdown_in_phases_with_milestones_and_links(session: Session) -> None:
    for project in session.exec(select(Project)):
        tasks = session.exec(select(Task).where(Task.project_id == project.id)).all()
        phases = {task.id for task in tasks if task.parent_id is None}

        assert 20 <= len(tasks) <= 55 and len(phases) >= 3
        assert all(task.parent_id in phases for task in tasks if task.parent_id is not None)
        assert any(task.is_milestone for task in tasks)
        assert [task.position for task in sorted(tasks, key=lambda each: each.position)] == [*range(1, len(tasks) + 1)]


def test_no_two_tasks_of_a_project_share_a_name(session: Session) -> None:
    names = Counter(session.exec(select(Task.project_id, Task.name)))

    assert [name for name, times in names.items() if times > 1] == []


def test_the_same_day_gives_the_same_rows(new_sqlite_store: MakeStore) -> None:
    first, second = (new_sqlite_store(), new_sqlite_store())
    for store in (first, second):
        lay(store, date(2026, 3, 4))

    assert dump(first) == dump(second)


def test_a_second_sample_is_refused(sqlite_store: Store) -> None:
    lay(sqlite_store, LAID_AROUND)

    with pytest.raises(StoreIsNotEmpty, match="empty store"):
        lay(sqlite_store, LAID_AROUND)


def test_it_lies_on_postgresql_too(new_postgresql_store: MakeStore, firm: Firm) -> None:
    store = new_postgresql_store()
    lay(store, LAID_AROUND)

    with store.reading() as session, firm.store.reading() as other:
        assert count(session, TimeEntry) == count(other, TimeEntry)


def test_wherever_it_lies_weekdays_stay_right(laid: tuple[date, Session]) -> None:
    day, session = laid
    certificates = task(session, "GATE-31")

    assert session.exec(select(Organisation.sample_laid_on)).one() == day
    assert certificates.planned_finish == datetime.combine(monday(day) - timedelta(days=7), time(17))
    assert certificates.waits_since == monday(day) - timedelta(days=11)
    assert {each.weekday() for each in session.exec(select(TimeEntry.worked_on).distinct())} <= {0, 1, 2, 3, 4}


def test_wherever_it_lies_timesheets_end_before_the_day(laid: tuple[date, Session]) -> None:
    day, session = laid
    friday = monday(day) - timedelta(days=3)
    last, approved, pending = (
        session.exec(select(func.max(TimeEntry.worked_on))).one(),
        session.exec(select(func.max(TimeEntry.worked_on)).where(col(TimeEntry.approved))).one(),
        session.exec(select(func.min(TimeEntry.worked_on)).where(~col(TimeEntry.approved))).one(),
    )

    assert last < day and approved == friday
    assert pending is None or pending > friday


def test_wherever_it_lies_progress_agrees_with_dates(laid: tuple[date, Session]) -> None:
    day, session = laid
    for each in session.exec(select(Task)):
        assert (each.state == "done") == (each.actual_finish is not None), each.key
        assert (each.state == "not_started") == (each.actual_start is None), each.key
        if each.actual_start is not None:
            assert each.actual_start <= (each.actual_finish or datetime.combine(day, time(9))), each.key
        if each.actual_finish is not None:
            assert each.actual_finish.date() < max(day, monday(day)) and not each.remaining_minutes, each.key


def test_wherever_it_lies_the_same_tasks_are_late(laid: tuple[date, Session]) -> None:
    day, session = laid

    assert late_tasks(session, "GATE", monday(day)) == {"GATE-31", "GATE-44"}


def test_a_task_begins_by_itself_only_after_what_it_waits_for(laid: tuple[date, Session]) -> None:
    _, session = laid

    assert {task(session, key).state for key in ("GATE-45", "GATE-46", "GATE-47", "GATE-50")} == {"not_started"}


def test_nobody_books_time_while_away_before_starting_or_beyond_a_day(session: Session) -> None:
    away = select(TimeEntry.id).join(Absence, col(Absence.person_id) == TimeEntry.person_id)
    days = session.exec(
        select(TimeEntry.person_id, func.sum(TimeEntry.minutes)).group_by(col(TimeEntry.person_id), TimeEntry.worked_on)
    )
    early = select(TimeEntry.id).join(Person).where(col(TimeEntry.worked_on) < col(Person.employed_from))

    assert not session.exec(
        away.where(TimeEntry.worked_on >= Absence.starts_on, TimeEntry.worked_on <= Absence.ends_on)
    ).all()
    assert not session.exec(early).all()
    assert max(minutes for _, minutes in days) <= 480


def test_links_point_forward_and_some_cross_projects(session: Session) -> None:
    tasks = {each.id: each for each in session.exec(select(Task))}
    links = [(each, tasks[each.predecessor_id], tasks[each.successor_id]) for each in session.exec(select(Dependency))]
    backwards = [
        f"{before.key} > {after.key}"
        for link, before, after in links
        if link.kind == "FS" and link.lag_minutes >= 0 and after.planned_start < before.planned_finish
    ]

    assert backwards == []
    assert {link.kind for link, _, _ in links} >= {"FS", "SS", "FF"}
    assert sum(before.project_id != after.project_id for _, before, after in links) >= 8


def test_the_booked_hours_are_the_hours_the_work_took(session: Session) -> None:
    booked = session.exec(select(func.sum(TimeEntry.minutes))).one()
    done = sum((each.effort_minutes or 0) * (each.done_share or 0) for each in session.exec(select(Task)))

    assert booked == pytest.approx(done, rel=0.05)


def test_everybody_of_the_stories_has_their_part(session: Session) -> None:
    managed = select(Project.key, Person.key).join(Person, col(Person.id) == Project.manager_id)
    managers = dict(session.exec(managed).all())
    grants = set(session.exec(select(Person.key, Grant.role, Grant.scope_kind).join(Grant)))

    assert managers["GATE"] == "lena.brandt" and managers["FIELD"] == "hugo.lindqvist"
    assert {("ruth.halloran", role, "organisation") for role in ("admin", "executive", "finance")} <= grants
    assert {
        ("ruth.halloran", "portfolio_manager", "portfolio"),
        ("joanna.lis", "resource_manager", "practice"),
    } <= grants
    assert ("colm.reidy", "executive", "organisation") in grants and ("fiona.daly", "finance", "organisation") in grants
    assert not [grant for grant in grants if grant[0] in ("tomas.reyes", "hanna.berg")]


def test_sam_runs_nine_projects(session: Session) -> None:
    sam = person(session, "sam.okafor")
    below = session.exec(select(Project.key).join(Program).where(Program.manager_id == sam.id)).all()

    assert set(below) == {"GATE", "LEDG", "MOB", "TRAIN", "FIELD", "CRM", "HUB", "AUDIT", "PORT"}


def test_names_are_alike_where_people_mix_them_up(session: Session) -> None:
    first_names = Counter(name.split()[0] for name in session.exec(select(Person.name)))
    gateways = session.exec(
        select(Project.name)
        .join(Alias, col(Alias.entity_id) == Project.id)
        .where(Alias.level == "project", Alias.text == "gateway")
    ).all()

    assert first_names["Priya"] == first_names["Anna"] == 2
    assert set(gateways) == {"Tern Gateway", "Hub Gateway"}


def test_one_project_is_confidential_one_public_and_one_a_bid(session: Session) -> None:
    projects = {each.key: each for each in session.exec(select(Project))}

    assert [key for key, each in projects.items() if each.confidentiality == "confidential"] == ["PENS"]
    assert [key for key, each in projects.items() if each.confidentiality == "public"] == ["PORT"]
    assert [key for key, each in projects.items() if each.state == "candidate"] == ["ALDER"]
    assert len({each.contract_type for each in projects.values()}) == 5


def test_the_certificates_wait_and_hold_up_three_tasks(session: Session) -> None:
    certificates = task(session, "GATE-31")
    held_up = session.exec(
        select(Task.key)
        .join(Dependency, col(Dependency.successor_id) == Task.id)
        .where(Dependency.predecessor_id == certificates.id)
    ).all()

    assert certificates.owner_id == person(session, "ines.duarte").id
    assert (certificates.waits_on, certificates.waits_since) == ("Tern's security team", date(2026, 2, 19))
    assert set(held_up) == {"GATE-45", "GATE-46", "GATE-50"}
    assert session.exec(select(Blocker).where(Blocker.task_id == certificates.id)).one().cleared_on is None


def test_lenas_note_contradicts_the_record(session: Session) -> None:
    certificates = task(session, "GATE-31")
    notes = session.exec(select(StatusUpdate).where(StatusUpdate.task_id == certificates.id)).all()
    lena = person(session, "lena.brandt")

    assert certificates.state == "in_progress"
    assert [each.written_on for each in notes if each.author_id == lena.id and "signed off" in each.note] == [
        date(2026, 2, 26)
    ]


def test_tomas_has_37_hours_of_work_for_30_free_hours(session: Session) -> None:
    tomas = person(session, "tomas.reyes")
    week = select(Task).where(
        Task.owner_id == tomas.id, Task.state != "done", Task.planned_start < datetime(2026, 3, 7)
    )
    left = {each.key: (each.remaining_minutes or 0) // 60 for each in session.exec(week)}
    internal = session.exec(
        select(Booking.minutes_per_week)
        .join(Project)
        .where(Booking.person_id == tomas.id, Project.contract_type == "internal")
    ).one()

    assert left == {"GATE-44": 6, "GATE-52": 14, "MOB-18": 12, "CRM-07": 5}
    assert (sum(tomas.weekday_minutes) - internal) // 60 == 30


def test_dana_alone_is_booked_beyond_her_hours(session: Session) -> None:
    load: Counter[str] = Counter()
    rows = session.exec(
        select(Person.key, Booking)
        .join(Booking)
        .where(Booking.status == "firm", Booking.starts_on <= date(2026, 3, 9), Booking.ends_on >= date(2026, 3, 20))
    ).all()
    for key, booking in rows:
        load[key] += booking.minutes_per_week
    contracted = {each.key: sum(each.weekday_minutes) or 2_400 for each in session.exec(select(Person))}
    fixed = [booking.minutes_per_week for key, booking in rows if key == "dana.kowal" and booking.do_not_move]

    assert {key for key, minutes in load.items() if minutes > contracted[key]} == {"dana.kowal"}
    assert load["dana.kowal"] / 2_400 == pytest.approx(1.375)
    assert fixed == [25 * 60]


def test_the_plan_holds_a_role_without_a_name_and_work_that_may_not_come(session: Session) -> None:
    tentative = session.exec(select(Booking).where(Booking.status == "tentative")).all()

    assert {each.probability for each in tentative} == {0.4}
    assert session.exec(select(Booking.role).where(col(Booking.person_id).is_(None), Booking.status == "firm")).all()


def test_marek_leaves_before_his_work_does(session: Session) -> None:
    marek = person(session, "marek.zielinski")
    last = session.exec(select(func.max(Task.planned_finish)).where(Task.owner_id == marek.id)).one()

    assert marek.employed_until == date(2026, 4, 30) < last.date()


def test_harbour_has_no_estimate_for_anything_still_open(session: Session) -> None:
    harbour = project(session, "HARB")
    parents = select(Task.parent_id).where(Task.project_id == harbour.id, col(Task.parent_id).is_not(None))
    work = select(Task).where(
        Task.project_id == harbour.id, ~col(Task.is_milestone), Task.state != "done", col(Task.id).not_in(parents)
    )

    assert {each.name for each in session.exec(work) if each.effort_minutes} == {"Project management"}


def test_six_timesheets_of_the_last_month_are_missing(session: Session) -> None:
    missing = [(person(session, each["who"]).id, each["week"]) for each in quillmere().page["missing_timesheets"]]
    booked = {(each.person_id, monday(each.worked_on)) for each in session.exec(select(TimeEntry))}

    assert len(missing) == 6 and {week.month for _, week in missing} == {2}
    assert booked.isdisjoint(missing)
    assert {who for who, _ in missing} <= {who for who, _ in booked}


def test_the_risk_and_the_invoice_behind_the_certificates(session: Session) -> None:
    risk = session.exec(select(Risk).where(Risk.key == "R-14")).one()
    invoice = session.exec(select(BillingMilestone).where(BillingMilestone.amount_minor == 180_000_00)).one()

    assert risk.owner_id == person(session, "lena.brandt").id and risk.closed_on is None
    assert task(session, "GATE-54").id == invoice.task_id and invoice.invoiced_on is None


def test_figures_say_what_the_stories_say(session: Session) -> None:
    readings = {
        key: (reported, reading)
        for key, reported, reading in session.exec(
            select(Project.key, Project.reported_health, ProjectReading)
            .join(ProjectReading)
            .where(ProjectReading.day == LAID_AROUND)
        )
    }
    computed = {key: reading.computed_health for key, (_, reading) in readings.items()}
    better_than_it_is = {key for key, (_, reading) in readings.items() if reading.is_watermelon}
    gateway = readings["GATE"][1]

    assert {key for key, health in computed.items() if health == "red"} == {"FIELD", "HARB", "KNOW"}
    assert {key for key, health in computed.items() if health == "amber"} == {"GATE", "LEDG", "PENS"}
    assert better_than_it_is == {"GATE", "LEDG", "HARB", "KNOW"}
    assert gateway.progress_share == pytest.approx(0.62, abs=0.01)
    assert gateway.planned_share == pytest.approx(0.68, abs=0.015)
    assert gateway.tasks_late == 2


def test_the_verdicts_hold_all_week(sqlite_store: Store) -> None:
    sunday = LAID_AROUND + timedelta(days=6)
    lay(sqlite_store, sunday)
    warm(sqlite_store, sunday)

    with sqlite_store.reading() as session:
        judged = select(Project.key, ProjectReading.computed_health).join(ProjectReading)
        computed = dict(session.exec(judged).all())

    assert {key for key, health in computed.items() if health == "red"} == {"FIELD", "HARB", "KNOW"}
    assert {key for key, health in computed.items() if health == "amber"} == {"GATE", "LEDG", "PENS"}


def test_terns_margin_heads_for_less_than_it_was_sold_at(session: Session) -> None:
    tern = session.exec(
        select(Project, ProjectReading)
        .join(ProjectReading)
        .join(Program, col(Program.id) == Project.program_id)
        .where(Program.key == "TERN", ProjectReading.day == LAID_AROUND)
    ).all()
    contract = sum(project.contract_value_minor for project, _ in tern)
    budget = sum(project.budget_minor for project, _ in tern)
    trend = sum(reading.estimate_at_completion_minor for _, reading in tern)
    bookings = sum(reading.estimate_by_remaining_minor for _, reading in tern)

    assert (contract, budget) == (1_240_000_00, 868_000_00)
    assert 0.25 <= 1 - trend / contract <= 1 - bookings / contract <= 0.28
    assert sum(reading.actual_cost_minor for _, reading in tern) == pytest.approx(512_000_00, rel=0.03)


def dump(store: Store) -> dict[str, list[Any]]:
    with store.reading() as session:
        return {name: rows(session, getattr(models, name)) for name in models.__all__}


def rows(session: Session, model: type[SQLModel]) -> list[Any]:
    columns = [column for column in model.__table__.columns if column.name not in UNSTABLE]  # type: ignore[attr-defined]
    return list(session.execute(select(*columns)).all())


def count(session: Session, model: type[SQLModel]) -> int:
    return session.exec(select(func.count()).select_from(model)).one()


def task(session: Session, key: str) -> Task:
    return session.exec(select(Task).where(Task.key == key)).one()


def person(session: Session, key: str) -> Person:
    return session.exec(select(Person).where(Person.key == key)).one()


def project(session: Session, key: str) -> Project:
    return session.exec(select(Project).where(Project.key == key)).one()


def late_tasks(session: Session, key: str, day: date) -> set[str]:
    late = (
        select(Task.key)
        .join(Project)
        .where(
            Project.key == key,
            col(Task.parent_id).is_not(None),
            Task.state != "done",
            Task.planned_finish < datetime.combine(day, time.min),
        )
    )
    return set(session.exec(late))


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
