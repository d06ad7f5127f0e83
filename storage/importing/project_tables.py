"""An MS Project plan as tables of our own format, so that it takes the road of every other import."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from storage.importing.project_calendars import plan_calendars
from storage.importing.project_xml import Element, ProjectFile
from storage.importing.report import Problem
from storage.importing.tables import Table
from storage.vocabulary import ConstraintKind, DurationBasis, LinkKind, TaskState

KEY_LIMIT = 30
NOBODY = "-65535"  # the resource of work that is not assigned yet
WORK = "1"  # the type of a resource that is people
LINK_KINDS = {"0": LinkKind.FF, "1": LinkKind.FS, "2": LinkKind.SF, "3": LinkKind.SS}
AS_LATE_AS_POSSIBLE = "1"
CONSTRAINTS = {
    "2": ConstraintKind.MUST_START_ON,
    "3": ConstraintKind.MUST_FINISH_ON,
    "4": ConstraintKind.START_NO_EARLIER,
    "5": ConstraintKind.START_NO_LATER,
    "6": ConstraintKind.FINISH_NO_EARLIER,
    "7": ConstraintKind.FINISH_NO_LATER,
}
# Units in which a duration or lag is shown: minutes 3, elapsed ones 4, hours 5 ...; estimated ones are 32 higher.
ELAPSED_FORMATS = {"4", "6", "8", "10", "12", "20", "36", "38", "40", "42", "44", "52"}
PERCENT_FORMATS = {"19", "20", "51", "52"}
DURATION = re.compile(r"(-?)P(?:(\d{1,6})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.\d+)?S)?)?")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")

Cells = dict[str, str]
Rows = list[tuple[int, Cells]]


class PlanTables:
    """The tables of one plan. A row's number is that of its element among its like in the file."""

    def __init__(self, plan: ProjectFile, path: Path, as_project: str | None) -> None:
        self.warnings: list[Problem] = []
        self._file, self._head = path.name, plan.head
        self._title = plan.head.get("Title") or path.stem
        self._key = as_project or _project_key(self._title)
        self._calendars = plan_calendars(plan.records["Calendar"])
        numbered = list(enumerate(plan.records["Task"], start=1))
        # The task 0 stands for the project, and blank lines of the outline are tasks that are null.
        self._tasks = [(n, task) for n, task in numbered if task.get("UID") != "0" and task.get("IsNull") != "1"]
        self._left_out = {task.get("UID") for _, task in numbered} - {task.get("UID") for _, task in self._tasks}
        self._by_uid = {task.get("UID"): task for _, task in self._tasks}
        self._resources = {resource.get("UID"): resource for resource in plan.records["Resource"]}
        self._assignments = self._real_assignments(plan)
        self._people = self._person_keys()

    def tables(self) -> dict[str, Table]:
        """By the names of our layouts; one without rows is left out."""
        rows = {
            "person": list(self._person_rows()),
            "calendar": list(self._calendar_rows()),
            "project": [(1, self._project_row())],
            "task": list(self._task_rows()),
            "assignment": list(self._assignment_rows()),
            "dependency": list(self._link_rows()),
            "baseline": list(self._baseline_rows()),
        }
        self._warn()
        return {name: self._table(name, found) for name, found in rows.items() if found}

    def _table(self, name: str, rows: Rows) -> Table:
        header = list(dict.fromkeys(column for _, cells in rows for column in cells))
        cells = [(number, [given.get(column, "") for column in header]) for number, given in rows]
        return Table(f"{self._file}, {name}", header, cells)

    def _project_row(self) -> Cells:
        row = {
            "name": self._title,
            "planned_start": _moment(self._head.get("StartDate")),
            "planned_finish": _moment(self._head.get("FinishDate")),
            "currency": self._head.get("CurrencyCode"),
            "calendar": self._calendar_key(self._head.get("CalendarUID")),
        }
        return {"key": self._key} | {name: cell for name, cell in row.items() if cell}

    def _task_rows(self) -> Iterator[tuple[int, Cells]]:
        above, owners = self._outline(), self._owners()
        summaries = set(above.values())
        for number, task in self._tasks:
            uid = task.get("UID")
            cells = self._planned(task) | {"parent": self._task_key(above[number]) if number in above else ""}
            if self._assignments:
                cells["owner"] = owners.get(uid, "")
            yield number, cells | ({} if uid in summaries else _progress(task))

    def _outline(self) -> dict[int, str]:
        """The UID of the summary above each task, by the task's number. Levels may skip."""
        above: dict[int, str] = {}
        line: list[tuple[int, str]] = []
        for number, task in self._tasks:
            level = int(text) if (text := task.get("OutlineLevel")).isdecimal() and len(text) < 5 else 1
            while line and line[-1][0] >= level:
                line.pop()
            if line:
                above[number] = line[-1][1]
            line.append((level, task.get("UID")))
        return above

    def _planned(self, task: Element) -> Cells:
        is_manual = task.get("Manual") == "1"
        starts, ends = (
            (task.get(f"Manual{name}") if is_manual else "") or task.get(name) for name in ("Start", "Finish")
        )
        kind, bound = CONSTRAINTS.get(task.get("ConstraintType")), _moment(task.get("ConstraintDate"))
        return {
            "key": self._task_key(task.get("UID")),
            "project": self._key,
            "name": task.get("Name") or "(no name)",
            "wbs": task.get("WBS") or task.get("OutlineNumber"),
            "description": task.get("Notes"),
            "state": _state(task),
            "is_milestone": _yes(task.get("Milestone") == "1"),
            "planned_start": _moment(starts),
            "planned_finish": _moment(ends),
            "actual_start": _moment(task.get("ActualStart")),
            "actual_finish": _moment(task.get("ActualFinish")),
            "deadline": _moment(task.get("Deadline")),
            "constraint": kind.value if kind and bound else "",
            "constraint_at": bound if kind else "",
            "pinned": _yes(is_manual or task.get("ExternalTask") == "1"),
            "calendar": self._calendar_key(task.get("CalendarUID")),
        }

    def _link_rows(self) -> Iterator[tuple[int, Cells]]:
        links = [(task, link) for _, task in self._tasks for link in task.all("PredecessorLink")]
        seen = set()
        for number, (task, link) in enumerate(links, start=1):
            before = link.get("PredecessorUID")
            kind = LINK_KINDS.get(link.get("Type"), LinkKind.FS)
            if before in self._left_out or self._leads_elsewhere(link) or (before, task.get("UID"), kind) in seen:
                continue
            seen.add((before, task.get("UID"), kind))
            yield (
                number,
                {
                    "predecessor": self._task_key(before),
                    "successor": self._task_key(task.get("UID")),
                    "kind": kind.value,
                    "lag_minutes": self._lag(link),
                    "lag_basis": _basis(link.get("LagFormat")),
                },
            )

    def _leads_elsewhere(self, link: Element) -> bool:
        return link.get("CrossProject") == "1" and link.get("PredecessorUID") not in self._by_uid

    def _lag(self, link: Element) -> str:
        """In minutes. The file has tenths of them, or percents of what the predecessor lasts."""
        lag = link.get("LinkLag") or "0"
        if not re.fullmatch(r"-?\d{1,12}", lag):
            return lag
        if link.get("LagFormat") not in PERCENT_FORMATS:
            return str(round(int(lag) / 10))
        before = self._by_uid.get(link.get("PredecessorUID"))
        lasts = _minutes(before.get("Duration")) if before else ""
        return str(round(int(lag) * int(lasts) / 100)) if lasts.isdecimal() else "0"

    def _baseline_rows(self) -> Iterator[tuple[int, Cells]]:
        taken = self._head.get("CreationDate") or self._head.get("LastSaved") or self._head.get("StartDate")
        for number, task in self._tasks:
            for baseline in task.all("Baseline"):
                which = baseline.get("Number")
                cells = {
                    "project": self._key,
                    "task": self._task_key(task.get("UID")),
                    "name": "Baseline" if which in ("", "0") else f"Baseline {which}",
                    "taken_on": _moment(taken) or _moment(baseline.get("Start")),
                    "planned_start": _moment(baseline.get("Start")),
                    "planned_finish": _moment(baseline.get("Finish")),
                    "planned_duration_minutes": _minutes(baseline.get("Duration")),
                    "planned_cost": _money(baseline.get("Cost")),
                    "effort_minutes": _minutes(baseline.get("Work")),
                }
                if cells["planned_start"] > cells["planned_finish"] > "":
                    self._warning(f"{cells['name']} of task {number} ends before it starts; it was left out.")
                elif cells["planned_start"] or cells["planned_finish"]:
                    yield number, cells

    def _calendar_rows(self) -> Iterator[tuple[int, Cells]]:
        """Those that the project or a task goes by; resources' own are not imported."""
        used = {self._head.get("CalendarUID"), *(task.get("CalendarUID") for _, task in self._tasks)}
        for number, (uid, calendar) in enumerate(self._calendars.items(), start=1):
            if uid in used:
                key, week, differing = self._calendar_key(uid), calendar.week_cell, calendar.exceptions_cell
                yield number, {"key": key, "name": calendar.name, "week": week, "exceptions": differing}

    def _calendar_key(self, uid: str) -> str:
        return f"{self._key}-CALENDAR-{uid}" if uid in self._calendars else ""

    def _task_key(self, uid: str) -> str:
        return f"{self._key}-{uid}" if uid else ""

    def _real_assignments(self, plan: ProjectFile) -> dict[tuple[str, str], list[tuple[int, Element]]]:
        """Assignments of people, by task and resource; those of material, cost, roles and nobody are left out."""
        real = defaultdict(list)
        for number, assignment in enumerate(plan.records["Assignment"], start=1):
            task, resource = assignment.get("TaskUID"), assignment.get("ResourceUID")
            known = self._resources.get(resource)
            is_of_person = resource != NOBODY if known is None else _is_person(known)
            if task not in self._left_out and is_of_person:
                real[task, resource].append((number, assignment))
        return dict(real)

    def _person_keys(self) -> dict[str, str]:
        """By the UIDs of the resources that are assigned and have a name."""
        keys: dict[str, str] = {}
        for uid in dict.fromkeys(resource for _, resource in self._assignments):
            if resource := self._resources.get(uid):
                email = resource.get("EmailAddress")
                key = _person_key(email.partition("@")[0] if EMAIL.fullmatch(email) else resource.get("Name"))
                keys[uid] = f"{key}.{uid}" if key in keys.values() else key
        return keys

    def _person_rows(self) -> Iterator[tuple[int, Cells]]:
        for number, (uid, key) in enumerate(self._people.items(), start=1):
            resource = self._resources[uid]
            email = resource.get("EmailAddress")
            cells = {"key": key, "name": resource.get("Name"), "email": email if EMAIL.fullmatch(email) else ""}
            yield number, cells

    def _assignment_rows(self) -> Iterator[tuple[int, Cells]]:
        for (task, resource), parts in self._assignments.items():
            yield (
                parts[0][0],
                {
                    "task": self._task_key(task),
                    "person": self._people.get(resource, f"resource {resource}"),
                    "units": str(sum(_number(part.get("Units"), 1.0) for _, part in parts)),
                    "effort_minutes": str(sum(_whole_minutes(part.get("Work")) for _, part in parts)),
                },
            )

    def _owners(self) -> dict[str, str]:
        """Whoever has most work on a task, by its UID; the first of several."""
        most: dict[str, tuple[int, str]] = {}
        for (task, resource), parts in self._assignments.items():
            work = sum(_whole_minutes(part.get("Work")) for _, part in parts)
            if resource in self._people and (task not in most or work > most[task][0]):
                most[task] = work, self._people[resource]
        return {task: person for task, (_, person) in most.items()}

    def _warn(self) -> None:
        elsewhere = sum(self._leads_elsewhere(link) for _, task in self._tasks for link in task.all("PredecessorLink"))
        late = sum(task.get("ConstraintType") == AS_LATE_AS_POSSIBLE for _, task in self._tasks)
        if elsewhere:
            self._warning(f"{elsewhere} links to tasks of other files were left out.")
        if late:
            self._warning(f"{late} tasks are to be as late as possible; they are planned as early as possible here.")
        if self._head.get("ScheduleFromStart") == "0":
            self._warning("The plan is scheduled from its finish; its dates were taken as they are.")

    def _warning(self, sentence: str) -> None:
        self.warnings.append(Problem(sentence, self._file))


def _progress(task: Element) -> Cells:
    """What only tasks without tasks below have; a summary's is derived."""
    work = _minutes(task.get("Work"))
    return {
        "planned_duration_minutes": _minutes(task.get("Duration")),
        "duration_basis": _basis(task.get("DurationFormat")),
        "effort_minutes": "" if work == "0" else work,
        "remaining_minutes": "" if work == "0" else _minutes(task.get("RemainingWork")),
        "done_percent": task.get("PercentComplete"),
        "planned_cost": _money(task.get("Cost")),
    }


def _state(task: Element) -> str:
    if task.get("Active") == "0":
        return TaskState.CANCELLED.value
    done = task.get("PercentComplete")
    if done == "100" or (not done and _moment(task.get("ActualFinish"))):
        return TaskState.DONE.value
    begun = _moment(task.get("ActualStart")) or done not in ("", "0")
    return (TaskState.IN_PROGRESS if begun else TaskState.NOT_STARTED).value


def _is_person(resource: Element) -> bool:
    """A named one of the type work; a role that stands for somebody is none."""
    is_work = resource.get("Type") in ("", WORK)
    return is_work and bool(resource.get("Name")) and "1" not in (resource.get("IsGeneric"), resource.get("IsNull"))


def _project_key(title: str) -> str:
    plain = unicodedata.normalize("NFKC", title).removesuffix(".mpp").upper()
    return re.sub(r"[^\w]+", "-", plain).strip("-_")[:KEY_LIMIT].rstrip("-_") or "PLAN"


def _person_key(name: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    return re.sub(r"[^\w]+", ".", plain).strip("._") or "somebody"


def _moment(text: str) -> str:
    return "" if text == "NA" else text


def _basis(shown_as: str) -> str:
    return (DurationBasis.ELAPSED if shown_as in ELAPSED_FORMATS else DurationBasis.WORKING).value


def _minutes(text: str) -> str:
    """A duration such as PT40H0M0S in whole minutes; what is none stays, to be refused where it stands."""
    if not (found := DURATION.fullmatch(text)):
        return text
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    return f"{found[1]}{days * 1440 + hours * 60 + minutes + round(seconds / 60)}"


def _whole_minutes(text: str) -> int:
    minutes = _minutes(text)
    return int(minutes) if re.fullmatch(r"-?\d{1,12}", minutes) else 0


def _money(text: str) -> str:
    """The file writes hundredths of the currency; nothing and zero are alike."""
    value = _number(text, 0.0)
    return f"{value / 100:.2f}" if value else ""


def _number(text: str, otherwise: float) -> float:
    return float(text) if re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", text) else otherwise


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"
