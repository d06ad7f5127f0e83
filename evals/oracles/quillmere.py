"""Truths about the made-up firm as of 2 March 2026, by plain SQL over the rows of its store."""

import json
import sqlite3
from typing import Any

import numpy
import pandas  # type: ignore[import-untyped]

from evals.oracles import Ground, Truth

DAY = "2026-03-02"


# Public holidays on weekdays of the first half of 2026, by the country of the office.
HOLIDAYS = {
    "IE": ("2026-01-01", "2026-02-02", "2026-03-17", "2026-04-06", "2026-05-04", "2026-06-01"),
    "PL": ("2026-01-01", "2026-01-06", "2026-04-06", "2026-05-01", "2026-06-04"),
    "SE": ("2026-01-01", "2026-01-06", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14"),
}


def utilisation_of_february(ground: Ground, practice: str = "", told: str = "") -> Truth:
    """Billable hours over contracted hours less public holidays; finance's without the people of no practice."""
    days = _days_of_people(ground, "2026-02-01", "2026-02-28")
    entries = _frame(ground, "SELECT person_id, worked_on, minutes FROM time_entry WHERE billable")
    entries = entries[entries.worked_on.between("2026-02-01", "2026-02-28") & entries.person_id.isin(days.person_id)]
    billable = entries.groupby("person_id").minutes.sum()
    people = days.groupby("person_id").agg(practice=("practice", "first"), base=("less_holidays", "sum"))
    people["billable"] = billable.reindex(people.index).fillna(0)
    inside = people[people.practice == practice] if practice else people
    counted, base = inside.billable.sum() / 60, inside.base.sum() / 60
    truth = {"counted": round(counted, 2), "base": round(base, 2), "share": counted / base}
    if told:
        theirs = people[people.practice.notna()]
        truth |= {"compared_with": float(told), "other_share": theirs.billable.sum() / theirs.base.sum()}
    return Truth(truth)


def booked_in(ground: Ground, first: str, last: str) -> Truth:
    """Firm bookings over the hours people are there, each week spread over the usual days of the person."""
    days = _held_days(ground, first, last)
    available, booked = days.available.sum() / 60, days.booked.sum() / 60
    return Truth(
        {"available": round(available, 2), "booked": round(booked, 2), "booked_share": booked / available,
         "overbooked": _overbooked(days)}
    )  # fmt: skip


def overbooked_in(ground: Ground, first: str, last: str) -> Truth:
    return Truth({"overbooked": _overbooked(_held_days(ground, first, last))})


def people_who_know(ground: Ground, skill: str, first: str, last: str, hours: str) -> Truth:
    """Who has a skill on file, and how many of them have the hours free, whatever tentative bookings come."""
    known = _frame(
        ground, f"SELECT person_id, key FROM skill JOIN person ON person.id = person_id WHERE skill.name = '{skill}'"
    )
    days = _held_days(ground, first, last, statuses=("firm", "tentative"))
    days = days[days.person_id.isin(known.person_id)]
    weeks = days.groupby(["person_id", pandas.to_datetime(days.day).dt.isocalendar().week])[
        ["available", "booked"]
    ].sum()
    free = (weeks.available - weeks.booked).clip(lower=0).groupby("person_id").sum() / 60
    return Truth({"known": len(known), "enough": int((free >= float(hours)).sum())}, rows=set(known.key))


def capacity_of(ground: Ground, title: str, first: str, last: str) -> Truth:
    """Hours of the people of a job title, what is firmly booked of them or of their role, and full-time people left."""
    days = _held_days(ground, first, last)
    titled = _frame(ground, f"SELECT id FROM person WHERE job_title = '{title}' AND active")
    days = days[days.person_id.isin(titled.id)]
    query = "SELECT starts_on, ends_on, minutes_per_week, probability, status FROM booking"
    unnamed = _frame(ground, f"{query} WHERE person_id IS NULL AND role = '{title}'")
    weekdays = pandas.bdate_range(first, last).strftime("%Y-%m-%d")
    minutes = [
        (
            row.status,
            row.probability,
            row.minutes_per_week / 5 * ((weekdays >= row.starts_on) & (weekdays <= row.ends_on)).sum(),
        )
        for row in unnamed.itertuples()
    ]
    available = days.available.sum()
    firm = days.booked.sum() + sum(each for status, _, each in minutes if status == "firm")
    return Truth(
        {"available": round(available / 60, 2), "firm": round(firm / 60, 2),
         "left_firm": round((available - firm) / len(weekdays) / 480, 1), "people": len(titled)}
    )  # fmt: skip


def serious_risks_of(ground: Ground, program: str) -> Truth:
    """Open tasks of a program that are late or wait for others and hold others up, contracts that end before the work
    of their people, promises missed by more than a week; and the open entries of the register."""
    tasks = _frame(
        ground,
        "SELECT task.id, task.key, task.project_id, owner_id, waits_since, task_reading.finish FROM task"
        " JOIN task_reading ON task_id = task.id JOIN project ON project.id = task.project_id"
        " JOIN program ON program.id = program_id"
        f" WHERE is_leaf AND task_reading.is_open AND program.key = '{program}'",
    )
    links = _frame(
        ground, "SELECT predecessor_id AS id FROM dependency JOIN task_reading ON task_id = successor_id WHERE is_open"
    )
    stuck = tasks[((tasks.finish < DAY) | tasks.waits_since.notna()) & tasks.id.isin(links.id)]
    until = _frame(ground, "SELECT id AS owner_id, employed_until FROM person WHERE employed_until IS NOT NULL")
    last = (
        tasks.merge(until, on="owner_id")
        .groupby(["owner_id", "project_id", "employed_until"])
        .finish.max()
        .reset_index()
    )
    ending = last[last.finish.str[:10] > last.employed_until]
    slips = _frame(
        ground,
        "SELECT promise_slip_days FROM project_reading JOIN project ON project.id = project_id"
        f" JOIN program ON program.id = program_id WHERE program.key = '{program}'"
        " AND promise_slip_days > 5 AND is_open",
    )
    register = _frame(
        ground,
        "SELECT risk.key FROM risk JOIN project ON project.id = project_id JOIN program ON program.id = program_id"
        f" WHERE program.key = '{program}' AND closed_on IS NULL",
    )
    return Truth({"serious": len(stuck) + len(ending) + len(slips), "registered": len(register)})


def _overbooked(days: pandas.DataFrame) -> int:
    weeks = days.groupby(["person_id", pandas.to_datetime(days.day).dt.isocalendar().week])
    sums = weeks[["available", "booked"]].sum()
    return int(sums[sums.booked > sums.available + 1].index.get_level_values(0).nunique())


def _held_days(ground: Ground, first: str, last: str, statuses: tuple[str, ...] = ("firm",)) -> pandas.DataFrame:
    days = _days_of_people(ground, first, last)
    held = _frame(ground, "SELECT person_id, starts_on, ends_on, minutes_per_week, status FROM booking")
    held = held[held.status.isin(statuses)]
    pairs = days.merge(held, on="person_id")
    on = pairs[(pairs.starts_on <= pairs.day) & (pairs.day <= pairs.ends_on)]
    on = on.assign(booked=on.minutes_per_week * on.available / on.week)
    booked = on.groupby(["person_id", "day"]).booked.sum().rename("booked").reset_index()
    return days.merge(booked, on=["person_id", "day"], how="left").fillna({"booked": 0})


def _days_of_people(ground: Ground, first: str, last: str) -> pandas.DataFrame:
    """A row for each member of the firm and day: minutes contracted, less holidays, and available."""
    people = _frame(
        ground,
        "SELECT person.id AS person_id, practice.name AS practice, country, weekday_minutes, employed_from,"
        " employed_until FROM person LEFT JOIN practice ON practice.id = practice_id"
        " LEFT JOIN office ON office.name = person.office WHERE kind = 'member' AND active",
    )
    weeks = {row.person_id: json.loads(row.weekday_minutes) or [480] * 5 for row in people.itertuples()}
    frame = people.merge(pandas.DataFrame({"day": pandas.date_range(first, last)}), how="cross")
    patterns = zip(frame.person_id, frame.day.dt.day_of_week, strict=True)
    frame["contracted"] = [dict(enumerate(weeks[person])).get(weekday, 0) for person, weekday in patterns]
    frame["week"] = frame.person_id.map(lambda person: sum(weeks[person]))
    frame["day"] = frame.day.dt.strftime("%Y-%m-%d")
    gone = (frame.employed_from > frame.day) | (frame.employed_until < frame.day)
    frame.loc[gone, "contracted"] = 0
    free = [day in HOLIDAYS[country] for day, country in zip(frame.day, frame.country, strict=True)]
    frame["less_holidays"] = frame.contracted.where(~pandas.Series(free), 0)
    absences = _frame(ground, "SELECT person_id, starts_on, ends_on FROM absence").merge(frame, on="person_id")
    away = absences[(absences.starts_on <= absences.day) & (absences.day <= absences.ends_on)]
    is_away = frame.set_index(["person_id", "day"]).index.isin(away.set_index(["person_id", "day"]).index)
    frame["available"] = frame.less_holidays.where(~is_away, 0)
    return frame


def _frame(ground: Ground, query: str) -> pandas.DataFrame:
    with sqlite3.connect(f"file:{ground.database}?mode=ro", uri=True) as connection:
        return pandas.read_sql_query(query, connection)


def late_tasks_of_gateway(ground: Ground) -> Truth:
    rows = _rows(
        ground,
        "SELECT task.key FROM task JOIN project ON project.id = project_id WHERE project.key = 'GATE'"
        " AND task.state NOT IN ('done', 'cancelled') AND date(task.planned_finish) < ?"
        " AND task.id NOT IN (SELECT parent_id FROM task WHERE parent_id IS NOT NULL)",
        DAY,
    )
    return Truth({"matched": len(rows)}, rows={key for (key,) in rows})


def open_tasks_by_project(ground: Ground) -> Truth:
    rows = _rows(
        ground,
        "SELECT project.key, count(*) FROM task JOIN project ON project.id = project_id"
        " WHERE task.state NOT IN ('done', 'cancelled')"
        " AND task.id NOT IN (SELECT parent_id FROM task WHERE parent_id IS NOT NULL) GROUP BY project.key",
    )
    return Truth(groups=dict(sorted(rows, key=lambda row: -row[1])[:3]))


def contract_value_of_tern(ground: Ground) -> Truth:
    [(total,)] = _rows(ground, _TERN.format("sum(contract_value_minor)"))
    return Truth({"value": total / 100})


def money_of_tern(ground: Ground) -> Truth:
    """Time at its cost rates with the firm's overhead, and expenses; budgets and contracts as in the rows."""
    [(overhead,)] = _rows(ground, "SELECT json_extract(policies, '$.overhead_share') FROM organisation")
    [(contract, budget)] = _rows(ground, _TERN.format("sum(contract_value_minor), sum(budget_minor)"))
    inside = _TERN.format("project.id")
    [(labour,)] = _rows(
        ground,
        "SELECT sum(minutes * cost_rate_minor / 60.0) FROM time_entry"
        f" WHERE date(worked_on) < ? AND project_id IN ({inside})",
        DAY,
    )
    [(expenses,)] = _rows(
        ground,
        f"SELECT coalesce(sum(amount_minor), 0) FROM expense WHERE date(spent_on) < ? AND project_id IN ({inside})",
        DAY,
    )
    spent = (labour * (1 + overhead) + expenses) / 100
    return Truth({"contract_value": contract / 100, "budget": budget / 100, "spent": round(spent, 2)})


def green_not_green(ground: Ground) -> Truth:
    """By the kept readings: what makes a project amber or red is planning's, and is tested there."""
    rows = _rows(
        ground,
        "SELECT project.key FROM project JOIN project_reading ON project_id = project.id"
        " WHERE date(day) = ? AND reported_health = 'green' AND computed_health IN ('amber', 'red')",
        DAY,
    )
    return Truth({"matched": len(rows)}, rows={key for (key,) in rows})


_TERN = "SELECT {} FROM project JOIN program ON program.id = program_id WHERE program.key = 'TERN'"


def tasks_that_are(ground: Ground, place: str, state: str = "open") -> Truth:
    """Tasks of a project or program, by key, that are open, late or blocked on the day."""
    rows = _tasks(ground, place, state)
    return Truth({"matched": len(rows)}, rows={key for (key,) in rows})


def number_of_tasks(ground: Ground, place: str, state: str = "open") -> Truth:
    return Truth({"value": len(_tasks(ground, place, state))})


def owner_of_task(ground: Ground, task: str) -> Truth:
    [(name,)] = _rows(
        ground, "SELECT person.name FROM task JOIN person ON person.id = owner_id WHERE task.key = ?", task
    )
    return Truth({"owner": name, "task": task})


def status_of(ground: Ground, project: str) -> Truth:
    """The project asked about, who manages it, and how many of its tasks are late."""
    [(name, manager)] = _rows(
        ground,
        "SELECT project.name, person.name FROM project JOIN person ON person.id = manager_id WHERE project.key = ?",
        project,
    )
    late = len(_tasks(ground, project, "late"))
    return Truth({"project": project, "name": name, "manager": manager, "tasks_late": late})


def cost_of_tern(ground: Ground, measure: str) -> Truth:
    """ "sum" or "avg" of the budgets of its projects, which are what they are planned to cost."""
    [(value,)] = _rows(ground, _TERN.format(f"{measure}(budget_minor)"))
    return Truth({"value": round(value / 100, 2)})


def plate_of(ground: Ground, person: str) -> Truth:
    [(name,)] = _rows(ground, "SELECT name FROM person WHERE key = ?", person)
    return Truth({"person": name})


def finish_by_links(ground: Ground, project: str) -> Truth:
    """The last finish of open tasks that push one another along their links from the day on, Monday to Friday."""
    columns = "task.id, task.state, is_milestone, task_reading.start, task_reading.finish, task_reading.done_share"
    rows = _rows(
        ground,
        f"SELECT {columns}, task.actual_start, task.actual_finish FROM task"
        " JOIN task_reading ON task_reading.task_id = task.id"
        " JOIN project ON project.id = task.project_id WHERE project.key = ? AND task.state <> 'cancelled'"
        " AND task.id NOT IN (SELECT parent_id FROM task WHERE parent_id IS NOT NULL)",
        project,
    )
    links = _rows(ground, "SELECT predecessor_id, successor_id, kind, lag_minutes FROM dependency")
    ids = {row[0] for row in rows}
    held = {link[0] for link in links} | {link[1] for link in links if link[2][0] == "F"}
    today, starts, lengths, fixed = _worked(DAY), {}, {}, {}
    for task, state, milestone, start, finish, share, began, ended in rows:
        first, last = _worked(began or start), _worked(ended or finish, evening=True)
        length = 0 if milestone else _worked(finish, evening=True) - _worked(start)
        if state == "done":
            fixed[task], lengths[task] = first, last - first
        elif state == "in_progress":
            fixed[task], lengths[task] = first, max(first, today) + round(length * (1 - (share or 0))) - first
        elif task in held or milestone:
            starts[task], lengths[task] = max(today, _worked(start)), length
    placed = starts | fixed
    for _ in rows:
        for before, behind, kind, lag in links:
            if before in placed and behind in starts and {before, behind} <= ids:
                reached = placed[before] + lag + (lengths[before] if kind[0] == "F" else 0)
                needed = reached - (lengths[behind] if kind[1] == "F" else 0)
                starts[behind] = placed[behind] = max(placed[behind], needed)
    still_open = [row[0] for row in rows if row[1] != "done" and row[0] in placed and (row[0] in held or row[2])]
    last = max(placed[task] + lengths[task] for task in still_open)
    return Truth({"finish": str(numpy.busday_offset("1970-01-01", (last - 1) // 480, roll="forward"))})


def following(ground: Ground, task: str, days: str) -> Truth:
    """How many open tasks the links push out of their planned days when this one is moved so many days of work."""
    query = "SELECT id, key, state, is_milestone, planned_start, planned_finish FROM task WHERE planned_finish NOT NULL"
    starts, finishes = {}, {}
    for row, key, state, milestone, start, finish in _rows(ground, query):
        if state in ("done", "cancelled"):
            continue
        finishes[row] = _worked(finish, evening=True)
        starts[row] = finishes[row] if milestone or start is None else _worked(start)
        if key == task:
            moved = {row: 480 * int(days)}
    links = _rows(ground, "SELECT predecessor_id, successor_id, kind, lag_minutes FROM dependency")
    for _ in starts:
        for before, behind, kind, lag in links:
            if before in moved and behind in starts:
                pushing = (finishes if kind[0] == "F" else starts)[before] + moved[before] + lag
                pushed = (finishes if kind[1] == "F" else starts)[behind]
                if pushing > pushed:
                    moved[behind] = max(moved.get(behind, 0), pushing - pushed)
    return Truth({"follow": len(moved) - 1} if len(moved) > 1 else {"follow": None})


def _worked(moment: str, *, evening: bool = False) -> int:
    """Minutes worked since 1970 before a moment, nine to five; of a whole day those before its morning or evening."""
    day, _, clock = moment.partition(" ")
    minutes = int(clock[:2] or 0) * 60 + int(clock[3:5] or 0)
    within = 480 if evening and not minutes else min(480, max(0, minutes - 540))
    worked = 480 * int(numpy.busday_count("1970-01-01", day))
    return worked + (within if numpy.is_busday(day) else 0)


def _tasks(ground: Ground, place: str, state: str) -> list[Any]:
    return _rows(
        ground,
        "SELECT task.key FROM task JOIN project ON project.id = project_id"
        " LEFT JOIN program ON program.id = project.program_id"
        " WHERE (project.key = ? OR program.key = ?) AND task.state NOT IN ('done', 'cancelled')"
        f" AND {_STATES[state]}"
        " AND task.id NOT IN (SELECT parent_id FROM task WHERE parent_id IS NOT NULL)",
        place,
        place,
    )


_STATES = {
    "open": "1",
    "late": f"date(task.planned_finish) < '{DAY}'",
    "late and blocked": f"date(task.planned_finish) < '{DAY}' AND task.waits_on IS NOT NULL",
    "due in march": "date(task.planned_finish) BETWEEN '2026-03-01' AND '2026-03-31'",
    "due in april": "date(task.planned_finish) BETWEEN '2026-04-01' AND '2026-04-30'",
}


def _rows(ground: Ground, query: str, *values: str) -> list[Any]:
    with sqlite3.connect(f"file:{ground.database}?mode=ro", uri=True) as connection:
        return connection.execute(query, values).fetchall()
