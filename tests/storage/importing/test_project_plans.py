"""Plans of MS Project: what is kept of them, how they are met by what is on file, and what is refused."""

from collections.abc import Callable
from csv import DictReader
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from storage.engine import Store
from storage.importing.foreign import is_foreign
from storage.models import Assignment, Baseline, Calendar, Dependency, Person, Project, Task
from storage.vocabulary import ConstraintKind, DurationBasis, TaskState
from tests.storage.importing.conftest import AT, Import

SHARED = Path(__file__).parents[4] / "shared" / "data"

Plan = Callable[..., Path]
Rows = Callable[[type[Any]], list[Any]]


def element(name: str, **parts: object) -> str:
    """An element by its parts: text, or elements written already (in a list)."""
    inside = "".join(
        "".join(part) if isinstance(part, list) else f"<{label}>{part}</{label}>" for label, part in parts.items()
    )
    return f"<{name}>{inside}</{name}>"


def task(uid: int, level: int = 1, **parts: object) -> str:
    given = {"UID": uid, "Name": f"Task {uid}", "OutlineLevel": level, "Duration": "PT16H0M0S", "DurationFormat": 7}
    dates = {"Start": "2026-03-02T08:00:00", "Finish": "2026-03-03T17:00:00"}
    return element("Task", **(given | dates | parts))


def link(before: int, **parts: object) -> str:
    return element("PredecessorLink", PredecessorUID=before, **({"Type": 1, "LinkLag": 0, "LagFormat": 7} | parts))


def day(number: int, *shifts: tuple[str, str]) -> str:
    times = [element("WorkingTime", FromTime=start, ToTime=end) for start, end in shifts]
    working = element("WorkingTimes", times=times) if times else ""
    return element("WeekDay", DayType=number, DayWorking=int(bool(shifts)), times=[working])


def calendar(uid: int, *days: str, **parts: object) -> str:
    return element("Calendar", UID=uid, Name=f"Calendar {uid}", days=[element("WeekDays", days=list(days))], **parts)


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """Write a plan with these tasks, and whatever else of the file's collections."""

    def plan(*tasks: str, title: str = "CRM rollout", **collections: Any) -> Path:
        head = collections.pop("head", {})
        parts = {name: [element(name, parts=list(found))] for name, found in collections.items()}
        text = element("Project", Title=title, **head, Tasks=[element("Tasks", parts=list(tasks))], **parts)
        path = tmp_path / "plan.xml"
        path.write_text(text.replace("<Project>", '<Project xmlns="http://schemas.microsoft.com/project">', 1))
        return path

    return plan


@pytest.fixture
def rows(sqlite_store: Store) -> Rows:
    def rows(model: type[Any]) -> list[Any]:
        with Session(sqlite_store.engine) as session:
            return list(session.exec(select(model).order_by(col(model.position if model is Task else model.id))))

    return rows


def test_the_outline_dates_and_progress_are_kept(plan: Plan, do_import: Import, rows: Rows) -> None:
    report = do_import(
        plan(
            element("Task", UID=0, Name="CRM rollout", OutlineLevel=0),
            task(1, Name="Testing", WBS="1"),
            task(2, 2, WBS="1.1", Notes="By the client", PercentComplete=50, Work="PT20H0M0S", Cost="123456"),
            element("Task", UID=3, IsNull=1),
            task(4, 2, WBS="1.2", Milestone=1, Duration="PT0H0M0S", Deadline="2026-03-31T17:00:00"),
            task(5, PercentComplete=100, ActualFinish="2026-03-03T17:00:00", ActualStart="2026-03-02T08:00:00"),
            task(6, DurationFormat=8, Duration="PT48H0M0S", Active=0),
        )
    )

    tasks = {each.key: each for each in rows(Task)}
    assert report.problems == report.warnings == []
    assert [rows(Project)[0].key, rows(Project)[0].name] == ["CRM-ROLLOUT", "CRM rollout"]
    assert list(tasks) == [f"CRM-ROLLOUT-{uid}" for uid in (1, 2, 4, 5, 6)]
    heading, half, milestone, done, left = tasks.values()
    assert (half.parent_id, milestone.parent_id, done.parent_id) == (heading.id, heading.id, None)
    assert (half.wbs, half.description, half.done_share, half.effort_minutes) == ("1.1", "By the client", 0.5, 1200)
    assert (half.planned_start, half.planned_duration_minutes) == (datetime(2026, 3, 2, 8), 960)
    assert (half.planned_cost_minor, half.state) == (123456, TaskState.IN_PROGRESS)
    assert (milestone.is_milestone, milestone.deadline) == (True, date(2026, 3, 31))
    assert (done.state, done.actual_finish) == (TaskState.DONE, datetime(2026, 3, 3, 17))
    assert (left.state, left.duration_basis, left.planned_duration_minutes) == (
        TaskState.CANCELLED,
        DurationBasis.ELAPSED,
        2880,
    )


def test_links_constraints_and_pins_are_kept(plan: Plan, do_import: Import, rows: Rows) -> None:
    do_import(
        plan(
            task(1, Manual=1, ManualStart="2026-03-09T08:00:00", ManualFinish="2026-03-10T17:00:00"),
            task(2, ConstraintType=4, ConstraintDate="2026-03-16T08:00:00", links=[link(1, LinkLag=-4800)]),
            task(3, links=[link(2, Type=0, LinkLag=14400, LagFormat=8), link(1, Type=3, LinkLag=50, LagFormat=19)]),
            task(4, links=[link(3, Type=2), link(3, Type=2)]),
        )
    )

    found = [(each.kind, each.lag_minutes, each.lag_basis) for each in rows(Dependency)]
    pinned, bound, *_ = rows(Task)
    assert found == [("FS", -480, "working"), ("FF", 1440, "elapsed"), ("SS", 480, "working"), ("SF", 0, "working")]
    assert (pinned.is_pinned, pinned.planned_start) == (True, datetime(2026, 3, 9, 8))
    assert (bound.constraint_kind, bound.constraint_at) == (ConstraintKind.START_NO_EARLIER, datetime(2026, 3, 16, 8))
    assert not bound.is_pinned


def test_calendars_derive_from_their_base_and_have_exceptions(plan: Plan, do_import: Import, rows: Rows) -> None:
    office = [day(number, ("08:00:00", "12:00:00"), ("13:00:00", "17:00:00")) for number in range(2, 7)]
    every_week = element(
        "Exception",
        TimePeriod=[element("TimePeriod", FromDate="2026-03-02T00:00:00", ToDate="2026-03-20T23:59:00")],
        Type=6,
        Period=2,
        DaysOfWeek=0b0100000,  # Fridays
        DayWorking=0,
    )
    holiday = element(
        "WeekDay",
        DayType=0,
        DayWorking=0,
        period=[element("TimePeriod", FromDate="2026-12-24T00:00:00", ToDate="2026-12-25T23:59:00")],
    )
    late = calendar(2, day(7, ("22:00:00", "00:00:00")), holiday, BaseCalendarUID=1)
    base = calendar(1, day(1), *office, day(7), Exceptions=[element("Exceptions", parts=[every_week])])
    do_import(plan(task(1, CalendarUID=2), head={"CalendarUID": 1}, Calendars=[late, base, calendar(3)]))

    derived, standard = sorted(rows(Calendar), key=lambda each: str(each.key), reverse=True)
    shifts = [[480, 720], [780, 1020]]
    assert standard.week == [shifts] * 5 + [[], []]
    assert standard.exceptions == {"2026-03-06": [], "2026-03-20": []}
    assert derived.week == [shifts] * 5 + [[[1320, 1440]], []]
    assert derived.exceptions == {"2026-03-06": [], "2026-03-20": [], "2026-12-24": [], "2026-12-25": []}
    assert (rows(Project)[0].calendar_id, rows(Task)[0].calendar_id) == (standard.id, derived.id)


def test_people_on_file_are_met_and_others_made(plan: Plan, do_import: Import, rows: Rows, sqlite_store: Store) -> None:
    with sqlite_store.writing("test", None, AT) as writer:
        writer.add(
            Person, [{"key": "dana", "name": "Dana Kowal"}, {"key": "k", "name": "K. W.", "email": "k@q.example"}]
        )
    resources = [
        element("Resource", UID=1, Name="Dana Kowal", Type=1),
        element("Resource", UID=2, Name="Kasia Wolska", Type=1, EmailAddress="K@q.example"),
        element("Resource", UID=3, Name="Zoë Ó Briain", Type=1),
        element("Resource", UID=4, Name="Concrete", Type=0),
        element("Resource", UID=5, Name="Tester", Type=1, IsGeneric=1),
        element("Resource", UID=6, Name="Idle", Type=1),
    ]
    work = [
        element("Assignment", TaskUID=1, ResourceUID=resource, Units=0.5, Work=f"PT{hours}H0M0S")
        for resource, hours in [(1, 4), (2, 12), (3, 1), (4, 9), (5, 9), (-65535, 9)]
    ]
    path = plan(task(1), Resources=resources, Assignments=work)
    do_import(path)
    again = do_import(path)

    people = {each.key: each.id for each in rows(Person)}
    assert list(people) == ["dana", "k", "zoe.o.briain"]
    assert [(each.person_id, each.share, each.effort_minutes) for each in rows(Assignment)] == [
        (people["dana"], 0.5, 240),
        (people["k"], 0.5, 720),
        (people["zoe.o.briain"], 0.5, 60),
    ]
    assert rows(Task)[0].owner_id == people["k"]
    assert not again.applied
    assert not again.problems


def test_baselines_are_kept_as_old_as_the_file(plan: Plan, do_import: Import, rows: Rows) -> None:
    parts = {"Start": "2026-02-02T08:00:00", "Finish": "2026-02-03T17:00:00", "Duration": "PT16H0M0S"}
    wrong = parts | {"Number": 2, "Finish": "2026-02-01T17:00:00"}
    baselines = [element("Baseline", **each) for each in ({"Number": 0} | parts, {"Number": 1} | parts, wrong)]
    report = do_import(plan(task(1, baselines=baselines), head={"CreationDate": "2026-01-12T09:30:00"}))

    assert [(each.name, each.taken_on, each.planned_duration_minutes) for each in rows(Baseline)] == [
        ("Baseline", date(2026, 1, 12), 960),
        ("Baseline 1", date(2026, 1, 12), 960),
    ]
    assert report.warnings[0].sentence == "Baseline 2 of task 1 ends before it starts; it was left out."


def test_a_newer_file_changes_what_differs(plan: Plan, do_import: Import, rows: Rows) -> None:
    do_import(plan(task(1), task(2)))
    report = do_import(plan(task(1, Name="Renamed"), task(3)))

    assert (report.counts["tasks"].changed, report.counts["tasks"].added) == (1, 1)
    assert report.counts["tasks"].gone_names == ["CRM-ROLLOUT-2"]
    assert [each.name for each in rows(Task)] == ["Renamed", "Task 2", "Task 3"]


def test_a_plan_can_be_the_tasks_of_a_project_on_file(small_plan: Path, plan: Plan, do_import: Import) -> None:
    do_import(small_plan)
    report = do_import(plan(task(71)), as_project="GATE")

    assert report.counts["tasks"].added == 1
    assert "projects" not in report.counts or not report.counts["projects"].added


@pytest.mark.parametrize(
    ("tasks", "collections", "sentence"),
    [
        ([task(1, links=[link(2)]), task(2, links=[link(1)])], {}, "The links run in a circle: CRM-ROLLOUT-"),
        ([task(1), task(1)], {}, "The key 'CRM-ROLLOUT-1' is already that of row 1."),
        ([task(1, links=[link(9)])], {}, "There is no task 'CRM-ROLLOUT-9'"),
        ([task(1, Duration="-PT8H0M0S")], {}, "'-480' is below zero."),
        ([task(1, Duration="a while")], {}, "'a while' is not a number"),
        ([task(1, Start="0000-01-01T08:00:00")], {}, "is not a date"),
        ([task(1, Finish="9999-12-31T17:00:00")], {}, "The year 9999 is outside 1900 to 2199."),
        ([task(1, links=[link(1)])], {}, "'CRM-ROLLOUT-1' cannot wait for itself."),
        ([task(1, links=[link(2, LinkLag=10**12)]), task(2)], {}, "is longer than a hundred years"),
        (
            [task(1)],
            {"Assignments": [element("Assignment", TaskUID=1, ResourceUID=7)]},
            "There is no person 'resource 7'.",
        ),
        (
            [task(1, CalendarUID=1)],
            {"Calendars": [calendar(1, *(day(number) for number in range(1, 8)))]},
            "A calendar without any working time cannot be planned with.",
        ),
        (
            [task(1, CalendarUID=1)],
            {"Calendars": [calendar(1, day(2, ("17:00:00", "08:00:00")))]},
            "'17:00-08:00' are no shifts of one day",
        ),
    ],
)
def test_what_cannot_be_planned_with_is_refused(
    plan: Plan, do_import: Import, rows: Rows, tasks: list[str], collections: dict[str, Any], sentence: str
) -> None:
    report = do_import(plan(*tasks, **collections))

    assert report.refused
    assert sentence in " ".join(problem.sentence for problem in report.problems)
    assert rows(Task) == rows(Calendar) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('<!DOCTYPE Project [<!ENTITY a "b">]><Project><Title>&a;</Title></Project>', "declares a document type"),
        ('<!DOCTYPE Project SYSTEM "file:///etc/passwd"><Project/>', "declares a document type"),
        ("<Project><Tasks><Task>", "is cut off"),
        ("not xml at all", "no well-formed XML"),
        ("<plan/>", "no MS Project plan: it begins with <plan>"),
        ("<Project>" + "<a>" * 200_000, "more than 50 deep"),
        ("<Project><ExtendedAttributes>" + "<a>" * 200_000, "more than 50 deep"),
        ("<Project a='" + "x" * 9_000_000 + "'/>", "A single tag of the file has millions of characters"),
        ("<Project><Tasks><Task><Notes>" + "x" * 1_100_000, "more than 1,000,000 characters"),
        ("<Project><Tasks><Task>" + "<Name/>" * 200_001, "has over 200,000 parts"),
        ("<?xml version='1.0' encoding='no-such'?><Project/>", "no well-formed XML"),
    ],
)
def test_hostile_xml_is_refused_in_a_sentence(
    tmp_path: Path, do_import: Import, rows: Rows, text: str, sentence: str
) -> None:
    path = tmp_path / "plan.xml"
    path.write_text(text)
    report = do_import(path)

    assert report.refused
    assert sentence in report.problems[0].sentence
    assert rows(Project) == []


def test_recurring_days_without_end_are_refused(plan: Plan, do_import: Import) -> None:
    forever = element(
        "Exception",
        TimePeriod=[element("TimePeriod", FromDate="1900-01-01T00:00:00", ToDate="2199-12-31T00:00:00")],
        Type=1,
        DayWorking=0,
    )
    report = do_import(
        plan(task(1, CalendarUID=1), Calendars=[calendar(1, Exceptions=[element("Exceptions", parts=[forever])])])
    )

    assert "more than 20,000 days differ" in report.problems[0].sentence


def test_attacks_do_nothing(do_import: Import, rows: Rows, tmp_path: Path) -> None:
    attacks = SHARED / "attacks" / "xxe"
    if not attacks.is_dir():
        pytest.skip(f"{attacks} is not there")
    for number, path in enumerate(path for path in attacks.rglob("*") if path.is_file()):
        copy = tmp_path / f"attack-{number}.xml"
        copy.write_bytes(path.read_bytes())
        assert do_import(copy).refused

    assert rows(Project) == []


def test_every_file_of_other_tools_is_imported_or_refused(do_import: Import) -> None:
    files = SHARED / "project-files"
    if not files.is_dir():
        pytest.skip(f"{files} is not there")
    reports = {path.name: do_import(path, dry_run=True) for path in sorted(files.glob("*.xml")) if not is_foreign(path)}

    assert len(reports) > 10
    assert [name for name, report in reports.items() if report.refused] == []


def test_a_real_release_plan_keeps_its_dates(do_import: Import, rows: Rows) -> None:
    folder = SHARED / "fedora-20"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    report = do_import(folder / "fedora-20.xml")

    with (folder / "expected_dates.csv").open() as file:
        lines = [(line["Name"].strip(), line["Start"], line["End"]) for line in DictReader(file, delimiter=";")]
    tasks = {each.id: each for each in rows(Task)}
    found = [
        (each.name, f"{each.planned_start:%Y-%m-%d}", f"{each.planned_finish:%Y-%m-%d}") for each in tasks.values()
    ]
    assert (report.counts["tasks"].added, report.counts["dependencies"].added) == (414, 369)
    assert sorted(found) == sorted(lines)
    assert all(each.wbs.startswith(f"{tasks[each.parent_id].wbs}.") for each in tasks.values() if each.parent_id)
    assert sum(each.parent_id is None for each in tasks.values()) == 1
