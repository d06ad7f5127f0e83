"""Digests: seldom, in each one's own hours, in words of what they may see then; and never twice."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from statistics import median
from typing import Any

import pytest
from sqlmodel import SQLModel, select

from assistant import notices
from assistant.notices import MOST_A_WEEK, MOST_LINES, WEEK, Digest
from storage.access import Reader
from storage.edits import Draft, RowEdit
from storage.engine import Store
from storage.leaving import leave
from storage.models import Absence, Holiday, Notice, Person, Project, Task
from storage.notices import KEPT_DAYS
from storage.proposals import approve, find_proposal, save_proposal, undo

MONDAY = datetime(2026, 3, 2, 10)  # by Tomas's clock
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass
class World:
    """Lena manages; the tasks of others are moved. Everybody lives by UTC."""

    store: Store
    lena: int
    tomas: int
    project: int
    count: int = 0

    def add(self, row: SQLModel) -> int:
        with self.store.system() as session:
            session.add(row)
            session.flush()
            return int(row.id)  # type: ignore[attr-defined]

    def task(self, *, owner: int, finish: datetime, project: int | None = None, name: str = "Retry rules") -> int:
        self.count += 1
        place = {"project_id": project or self.project, "position": self.count, "key": f"GATE-{self.count}"}
        return self.add(Task(**place, name=name, owner_id=owner, planned_finish=finish))

    def move(self, *tasks: int, to: datetime, at: datetime = MONDAY, by: int | None = None) -> str:
        edits = tuple(RowEdit("task", task, {}, {"planned_finish": to}) for task in tasks)
        reader, when = Reader(by or self.lena), at.replace(tzinfo=UTC)
        with self.store.system() as session:
            key = save_proposal(session, reader, Draft("a move", (), edits), surface="test", at=when)
        with self.store.reading() as session:
            digest = find_proposal(session, reader, key, when).digest
        assert approve(self.store, reader, key, digest=digest, at=when).is_applied
        return key

    def moved(self, *, days: int, at: datetime = MONDAY) -> int:
        """A task of Tomas's whose finish moves from so many days ahead to a day later."""
        finish = at.replace(hour=17) + timedelta(days=days)
        task = self.task(owner=self.tomas, finish=finish)
        self.move(task, to=finish + DAY, at=at)
        return task

    def due(self, at: datetime = MONDAY, who: int | None = None) -> Digest | None:
        return notices.digest_for(self.store, who or self.tomas, local=at, now=at.replace(tzinfo=UTC))

    def told(self, at: datetime) -> tuple[str, ...]:
        """What Tomas is told then: nothing, or the lines of the digest, which is claimed."""
        digest = self.due(at)
        return digest.lines if digest and notices.claim(self.store, digest, at.replace(tzinfo=UTC)) else ()

    def waiting(self) -> int:
        with self.store.reading() as session:
            return len(session.exec(select(Notice).where(Notice.told_at == None)).all())  # noqa: E711


@pytest.fixture
def world(sqlite_store: Store) -> World:
    world = World(sqlite_store, 0, 0, 0)
    world.lena, world.tomas = (
        world.add(Person(key=name.lower(), name=name, slack_id=f"T0TEAM/U0{name.upper()}"))
        for name in ("Lena", "Tomas")
    )
    world.project = world.add(Project(key="GATE", name="Gateway", currency="EUR", manager_id=world.lena))
    return world


def test_a_digest_says_which_date_moved_from_where_to_where_and_by_whom(world: World):
    world.moved(days=4)

    digest = world.due()

    assert digest is not None
    assert digest.heading == "A date of yours moved."
    [line] = digest.lines
    assert line == "[GATE-1] Retry rules: finish Fri 6 Mar → Sat 7 Mar (Lena)"


def test_a_date_that_moved_twice_is_told_from_its_first_to_its_last(world: World):
    task = world.moved(days=4)
    world.move(task, to=datetime(2026, 3, 12, 17))

    [line] = world.told(MONDAY)

    assert "Fri 6 Mar → Thu 12 Mar" in line


def test_a_date_that_is_back_where_it_was_is_not_told_and_costs_no_message(world: World):
    task = world.moved(days=4)
    world.move(task, to=datetime(2026, 3, 6, 17))

    assert world.told(MONDAY) == ()
    assert world.waiting() == 0

    world.moved(days=30)
    assert len(world.told(MONDAY + HOUR)) == 1


def test_what_is_taken_back_after_it_was_told_is_told_the_other_way_round(world: World):
    task = world.task(owner=world.tomas, finish=datetime(2026, 3, 6, 17))
    key = world.move(task, to=datetime(2026, 3, 9, 17))
    world.told(MONDAY)
    undo(world.store, Reader(world.lena), key, at=MONDAY.replace(tzinfo=UTC))

    [line] = world.told(MONDAY + DAY)

    assert "Mon 9 Mar → Fri 6 Mar" in line


def test_many_dates_are_eight_lines_and_a_count(world: World):
    tasks = [world.task(owner=world.tomas, finish=datetime(2026, 3, 6, 17)) for _ in range(MOST_LINES + 3)]
    world.move(*tasks, to=datetime(2026, 3, 9, 17))

    lines = world.told(MONDAY)

    assert len(lines) == MOST_LINES + 1
    assert lines[-1] == "And 3 more."


def test_what_is_no_longer_theirs_to_see_has_no_line_and_costs_no_message(world: World):
    hush = {"key": "HUSH", "manager_id": world.lena, "currency": "EUR", "confidentiality": "confidential"}
    project = world.add(Project(**hush))
    task = world.task(owner=world.tomas, finish=datetime(2026, 3, 6, 17), project=project)
    world.move(task, to=datetime(2026, 3, 9, 17))
    with world.store.writing("handed over") as writer:
        writer.change(Task, task, {"owner_id": world.lena})

    assert (world.due() or pytest.fail()).lines == ()
    assert world.told(MONDAY) == ()
    assert world.waiting() == 0

    world.moved(days=30)
    assert len(world.told(MONDAY + HOUR)) == 1


def test_a_name_from_outside_stays_on_its_line(world: World):
    task = world.task(owner=world.tomas, finish=datetime(2026, 3, 6, 17), name="Rules\n\u202eor else")
    world.move(task, to=datetime(2026, 3, 9, 17))

    [line] = world.told(MONDAY)

    assert not {"\n", "\u202e"} & set(line)


@pytest.mark.parametrize(
    ("at", "is_due"), [(time(8, 59), False), (time(9), True), (time(16, 59), True), (time(17), False), (time(0), False)]
)
def test_it_comes_within_working_hours(world: World, at: time, is_due: bool):
    world.moved(days=4)

    assert bool(world.due(datetime.combine(MONDAY + DAY, at))) is is_due


@pytest.mark.parametrize(
    "day", [date(2026, 3, 7), date(2026, 3, 8), date(2026, 3, 4), date(2026, 3, 5), date(2026, 3, 6)]
)
def test_it_comes_on_no_weekend_day_off_holiday_or_absence(world: World, day: date):
    with world.store.writing("a four-day week") as writer:
        writer.change(Person, world.tomas, {"weekday_minutes": [480, 480, 480, 480, 0]})
    world.add(Holiday(day=date(2026, 3, 4), name="Founders' day"))
    world.add(Absence(person_id=world.tomas, starts_on=date(2026, 3, 5), ends_on=date(2026, 3, 5)))
    world.moved(days=10)

    assert world.due(datetime.combine(day, time(10))) is None
    assert world.due(datetime(2026, 3, 9, 10)) is not None


def test_who_left_is_told_nothing(world: World):
    world.moved(days=4)
    leave(world.store, world.tomas, on=MONDAY.date(), at=MONDAY.replace(tzinfo=UTC))

    assert world.due() is None


def test_quiet_hours_hold(world: World):
    notices.choose(world.store, Reader(world.tomas), quiet_from=9 * 60, quiet_until=12 * 60)
    world.moved(days=4)

    assert [bool(world.due(MONDAY.replace(hour=hour))) for hour in (9, 11, 12)] == [False, False, True]


def test_what_presses_may_come_daily_but_never_twice_a_day_and_three_times_in_seven_days(world: World):
    told = []
    for hours in range(9, 9 + 24 * 11):
        at = datetime(2026, 3, 2) + hours * HOUR
        if at.hour == 8 and at.weekday() < 5:
            world.moved(days=2, at=at)
        if world.told(at):
            told.append(at)
        elif at == datetime(2026, 3, 2, 9):
            world.moved(days=2, at=at)

    assert len(told) >= MOST_A_WEEK
    assert all(count == 1 for count in Counter(at.date() for at in told).values())
    assert all(sum(at <= other < at + WEEK for other in told) <= MOST_A_WEEK for at in told)


def test_what_does_not_press_waits_a_week_after_the_last(world: World):
    world.moved(days=40)
    assert world.told(MONDAY)
    world.moved(days=40)

    waited = [at for days in range(1, 9) if world.due(at := MONDAY + days * DAY + HOUR)]

    assert waited[0] == MONDAY + WEEK + HOUR


def test_what_could_not_be_sent_is_told_later(world: World):
    world.moved(days=4)
    digest = world.due() or pytest.fail()
    assert notices.claim(world.store, digest, MONDAY.replace(tzinfo=UTC))
    assert world.due() is None

    notices.give_back(world.store, digest)

    assert world.due() == digest


def test_of_two_who_make_the_same_digest_one_sends_it(world: World):
    world.moved(days=4)
    first, second = world.due() or pytest.fail(), world.due() or pytest.fail()

    assert notices.claim(world.store, first, MONDAY.replace(tzinfo=UTC))
    assert not notices.claim(world.store, second, MONDAY.replace(tzinfo=UTC))


def test_what_was_told_long_ago_is_forgotten(world: World):
    world.moved(days=4)
    world.told(MONDAY)
    later = MONDAY + 8 * WEEK + DAY

    world.moved(days=4, at=later)
    world.told(later)

    with world.store.reading() as session:
        assert len(session.exec(select(Notice)).all()) == 1


# Four weeks of a firm: who is where, works when, wants what; and a few hundred moves.

START = datetime(2026, 3, 2)
WEEKS = 4
OFFSETS = (0, 1, 5.5, -5)  # hours from UTC of where people are
PATTERNS: tuple[list[int], ...] = ([], [480] * 4 + [0], [0, 480, 480, 480, 0], [240] * 5)
FREE_DAY = date(2026, 3, 11)


@dataclass
class Employee:
    id: int
    offset: timedelta
    pattern: list[int]
    away: tuple[date, date] | None
    is_muted: bool
    quiet: tuple[int, int] | None
    told: list[datetime] = field(default_factory=list)  # by their own clock

    def would_mind(self, at: datetime) -> str:
        """Why a message at this time of their clock is a nuisance; empty where it is none."""
        minute, pattern = at.hour * 60 + at.minute, self.pattern or [480] * 5
        if self.is_muted:
            return "muted"
        if at.weekday() >= len(pattern) or not pattern[at.weekday()] or not 9 <= at.hour < 17:
            return "outside their hours"
        if at.date() == FREE_DAY or (self.away and self.away[0] <= at.date() <= self.away[1]):
            return "on holiday"
        return "quiet hours" if self.quiet and self.quiet[0] <= minute < self.quiet[1] else ""


def test_nobody_is_pestered_in_four_weeks(world: World, pytestconfig: pytest.Config):
    """The check "Pings", at its full size with --prove."""
    is_whole = bool(pytestconfig.getoption("--prove"))
    people, moves, step = (120, 400, 15) if is_whole else (24, 70, 90)
    chance = Random(5)
    staff = [_employee(world, chance, number) for number in range(people)]
    by_id = {each.id: each for each in staff}
    tasks = _tasks(world, chance, staff)
    plan = sorted(_working_moment(chance) for _ in range(moves))
    applied: list[tuple[str, int]] = []
    told: Counter[int] = Counter()
    noted: dict[int, tuple[int, datetime]] = {}

    for minutes in range(0, WEEKS * 7 * 24 * 60, step):
        now = START + timedelta(minutes=minutes)
        while plan and plan[0] <= now:
            _change(world, chance, tasks, applied, plan.pop(0))
            noted |= _noted(world)
        for person_id, _ in notices.people_to_tell(world.store, now.replace(tzinfo=UTC)):
            local = now + by_id[person_id].offset
            digest = notices.digest_for(world.store, person_id, local=local, now=now.replace(tzinfo=UTC))
            if digest is None or not notices.claim(world.store, digest, now.replace(tzinfo=UTC)):
                continue
            assert not notices.claim(world.store, digest, now.replace(tzinfo=UTC))  # a second process, at once
            if chance.random() < 0.05:  # Slack did not take it
                notices.give_back(world.store, digest)
                continue
            assert by_id[person_id].would_mind(local) == ""
            by_id[person_id].told.append(local)
            told.update(digest.notice_ids)

    a_week = [count for each in staff for count in _by_week(each.told)]
    busy = [len(each.told) / WEEKS for each in staff if each.told]
    assert len(busy) > people / 2
    assert median(a_week) <= 1
    assert median(busy) <= 1
    assert max(_most_in_seven_days(each.told) for each in staff) <= 3
    assert all(len({at.date() for at in each.told}) == len(each.told) for each in staff)
    assert set(told.values()) == {1}
    _all_told_or_explained(world, by_id, noted, set(told))


def _employee(world: World, chance: Random, number: int) -> Employee:
    name, pattern = f"P{number}", chance.choice(PATTERNS)
    row = Person(key=name.lower(), name=name, slack_id=f"T0TEAM/U0{name}", weekday_minutes=pattern)
    person_id = world.add(row)
    away = None
    if chance.random() < 0.3:
        first = (START + timedelta(days=chance.randrange(WEEKS * 7))).date()
        away = (first, first + timedelta(days=chance.randrange(1, 12)))
        world.add(Absence(person_id=person_id, starts_on=away[0], ends_on=away[1]))
    quiet = (9 * 60, 13 * 60) if chance.random() < 0.2 else None
    is_muted = chance.random() < 0.1
    choice: dict[str, Any] = {"quiet_from": quiet[0], "quiet_until": quiet[1]} if quiet else {}
    notices.choose(world.store, Reader(person_id), is_muted=is_muted, **choice)
    return Employee(person_id, timedelta(hours=chance.choice(OFFSETS)), pattern, away, is_muted, quiet)


def _tasks(world: World, chance: Random, staff: list[Employee]) -> list[int]:
    """Two tasks for each; ten times as many for a few whose work never stands still."""
    world.add(Holiday(day=FREE_DAY, name="Founders' day"))
    owners = [*staff, *staff, *(each for each in staff[:3] for _ in range(20))]
    finishes = (START + timedelta(days=chance.randrange(1, 90), hours=17) for _ in owners)
    return [world.task(owner=each.id, finish=finish) for each, finish in zip(owners, finishes, strict=True)]


def _working_moment(chance: Random) -> datetime:
    day = chance.choice([day for day in range(WEEKS * 7) if day % 7 < 5])
    return START + timedelta(days=day, minutes=chance.randrange(8 * 60, 18 * 60))


def _change(world: World, chance: Random, tasks: list[int], applied: list[tuple[str, int]], at: datetime) -> None:
    """Move some tasks, or take back what was moved last where nothing has touched it since."""
    if applied and chance.random() < 0.08:
        undo(world.store, Reader(world.lena), applied.pop()[0], at=at.replace(tzinfo=UTC))
        return
    chosen = chance.sample(tasks, chance.choice((1, 1, 1, 2, 5)))
    to = at.replace(hour=17, minute=0) + timedelta(days=chance.randrange(1, 90), minutes=chance.randrange(60))
    applied.append((world.move(*chosen, to=to, at=at), len(chosen)))


def _noted(world: World) -> dict[int, tuple[int, datetime]]:
    with world.store.reading() as session:
        rows = session.exec(select(Notice)).all()
    return {row.id or 0: (row.person_id, row.at.replace(tzinfo=None)) for row in rows}


def _by_week(told: list[datetime]) -> list[int]:
    weeks = Counter((at - START).days // 7 for at in told)
    return [weeks[week] for week in range(WEEKS)]


def _most_in_seven_days(told: list[datetime]) -> int:
    return max((sum(at <= other < at + WEEK for other in told) for at in told), default=0)


def _all_told_or_explained(
    world: World, by_id: dict[int, Employee], noted: dict[int, tuple[int, datetime]], told: set[int]
) -> None:
    """What was neither told nor withdrawn waits for its week to end, or for somebody who is away."""
    left, end = _noted(world), START + WEEKS * WEEK
    untold = defaultdict(list)
    for notice_id in (noted.keys() & left.keys()) - told:
        person_id, at = noted[notice_id]
        untold[person_id].append(at)
    for person_id, moments in untold.items():
        person = by_id[person_id]
        assert not person.is_muted
        assert person.away or end - min(moments) < timedelta(days=KEPT_DAYS), (person, moments)
