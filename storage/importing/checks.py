"""Checks across rows: references, owners, cycles, orders of dates, and values that are hard to believe."""

from datetime import datetime
from zoneinfo import available_timezones

from storage.importing.aliases import derive_aliases
from storage.importing.batch import Batch
from storage.importing.cycles import cycle_of_links, cycles_of_parents, written
from storage.importing.known import Known
from storage.importing.layout import LAYOUT, LAYOUTS, Field, Kind
from storage.importing.mapping import closest
from storage.importing.report import Problem
from storage.importing.staging import Row, Staged
from storage.vocabulary import PersonKind

IMPLAUSIBLE_DELAY_MINUTES = 730 * 1440
IMPLAUSIBLE_DURATION_MINUTES = 20 * 365 * 1440
DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
HINTS_UP_TO = 2_000  # beyond so many keys, looking for the closest takes too long


def check(batch: Batch) -> None:
    """Leave out every row that cannot be kept, and those that depend on it; say why. Parents become keys we know."""
    _fill_currencies(batch)
    for layout in LAYOUTS:
        if staged := batch.tables.get(layout.name):
            _check_table(batch, staged)
    derive_aliases(batch)


def _check_table(batch: Batch, staged: Staged) -> None:
    if staged.layout.has_source:
        _check_owner(batch, staged)
    if staged.layout.name == "person":
        _match_people(batch, staged)
    _check_orders(staged)
    _check_parents(batch, staged)
    match staged.layout.name:
        case "organisation":
            _check_organisation(staged)
        case "office":
            _check_names(batch.known, staged)
        case "holiday":
            _limit(staged, "minutes", DAY_MINUTES, "A day has 24 hours.")
        case "task":
            _check_summaries(batch, staged)
            _warn_of_implausible(staged)
        case "project":
            _warn_of_implausible(staged)
        case "dependency":
            _check_links(batch, staged)
        case "time_entry":
            _check_hours(staged)
            _fill_rates(batch, staged)
        case "booking":
            _limit(staged, "minutes_per_week", WEEK_MINUTES, "There are 168 hours in a week.")
    if staged.layout.name in ("time_entry", "status_update", "billing_milestone"):
        _check_task_of_project(batch, staged)


def _fill_currencies(batch: Batch) -> None:
    ours = next((row.values.get("currency") for row in batch.rows("organisation")), None)
    for row in batch.rows("project"):
        if not row.values.get("currency"):
            row.values["currency"] = batch.source.currency or ours or batch.known.currency
            row.assumed.add("currency")


def _check_organisation(staged: Staged) -> None:
    bad = {row.number: staged.problem(row, "A store has one organisation.") for row in staged.rows[1:]}
    for row in staged.rows:
        if row.values.get("time_zone", "UTC") not in available_timezones():
            bad[row.number] = staged.problem(row, "There is no such time zone; write it as Europe/Dublin.", "time_zone")
        if not 1 <= row.values.get("week_start", 1) <= 7:
            bad[row.number] = staged.problem(row, "Weekdays are 1 (Monday) to 7.", "week_start")
        if not 1 <= row.values.get("fiscal_year_start_month", 1) <= 12:
            bad[row.number] = staged.problem(row, "Months are 1 to 12.", "fiscal_year_start_month")
    staged.refuse(bad)


def _check_names(known: Known, staged: Staged) -> None:
    """People say where they work by the name of an office: it is that of one only."""
    bad: dict[int, Problem] = {}
    taken = dict(known.key_of_office)
    for row in staged.rows:
        if taken.setdefault(row.values["name"], row.key) != row.key:
            other = taken[row.values["name"]]
            bad[row.number] = staged.problem(row, f"The office '{other}' has this name already.", "name")
    staged.refuse(bad)


def _check_owner(batch: Batch, staged: Staged) -> None:
    """A row belongs to one source; rows of no source are taken over."""
    known, bad = batch.known, {}
    for row in staged.rows:
        present = known.rows[staged.layout.name].get(row.key)
        if present and present.source_id not in (None, known.source_id):
            owner = known.source_names[present.source_id or 0]
            sentence = (
                f"The {staged.layout.name} '{row.key}' belongs to the source '{owner}'; this import may not change it."
            )
            bad[row.number] = staged.problem(row, sentence, "key")
    staged.refuse(bad)


def _match_people(batch: Batch, staged: Staged) -> None:
    """One e-mail, one person: somebody the store knows without a source keeps their row, under the file's key."""
    bad: dict[int, Problem] = {}
    first: dict[str, Row] = {}
    keys = {row.key for row in staged.rows}
    for row in staged.rows:
        email = row.values.get("email")
        other = batch.known.key_of_email.get(email) if email else None
        if {row.key, other} & batch.known.administrators and _demotes(row):
            bad[row.number] = staged.problem(row, f"'{row.key}' administers this store: no guest, and active.", "kind")
        if not email:
            continue
        if email in first:
            bad[row.number] = staged.problem(row, f"{email} is already that of row {first[email].number}.", "email")
        elif other and other != row.key and (other in keys or not _take_over(batch.known, row, other)):
            bad[row.number] = staged.problem(row, f"{email} already belongs to '{other}'.", "email")
        first.setdefault(email, row)
    staged.refuse(bad)


def _demotes(row: Row) -> bool:
    """An import must not lock out who administers the store."""
    return row.values.get("kind") == PersonKind.GUEST or row.values.get("active") is False


def _take_over(known: Known, row: Row, other: str) -> bool:
    people = known.rows["person"]
    if people[other].source_id is not None or row.key in people:
        return False
    people[row.key] = people[other]
    return True


def _check_orders(staged: Staged) -> None:
    bad = {}
    for first, last in staged.layout.ordered:
        for row in staged.rows:
            start, end = row.values.get(first), row.values.get(last)
            if start is not None and end is not None and end < start:
                sentence = f"{_day(end)} lies before {first.replace('_', ' ')}, {_day(start)}."
                bad[row.number] = staged.problem(row, sentence, last)
    staged.refuse(bad)


def _day(value: datetime) -> str:
    return value.strftime("%Y-%m-%d")


def _check_parents(batch: Batch, staged: Staged) -> None:
    """Look up every parent; rows that refer to a row left out are left out as well, until none is."""
    fields = [field for field in staged.fields if field.kind is Kind.PARENT]
    while fields:
        lookup = _Lookup(batch)
        bad = {}
        for row in staged.rows:
            for field in fields:
                if sentence := _settle(lookup, row, field):
                    bad[row.number] = staged.problem(row, sentence, field.column)
        staged.refuse(bad)
        if not bad or staged.layout.name not in {field.refers for field in fields}:
            return


def _settle(lookup: "_Lookup", row: Row, field: Field) -> str:
    """Replace what the file says by the key it means. Returns what is wrong."""
    said = row.parents.get(field.column)
    if said is None:
        return ""
    table = row.values["level"] if field.refers == "level" else field.refers or ""
    key = lookup.find(table, said)
    if key is None:
        return lookup.why_not(table, said)
    row.parents[field.column] = key
    return ""


class _Lookup:
    """Keys by what people write: the key, the file's own word for it, or a person's e-mail."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._names: dict[str, dict[str, str]] = {}

    def find(self, table: str, said: str) -> str | None:
        if table not in self._names:
            self._names[table] = self._read(table)
        names = self._names[table]
        return names.get(said) or (names.get(said.casefold()) if table == "person" else None)

    def why_not(self, table: str, said: str) -> str:
        staged, names = self._batch.tables.get(table), self._names[table]
        if table in self._batch.unreadable:
            return f"The {LAYOUT[table].label} could not be read, so '{said}' is not known."
        if staged and said in staged.seen_keys:
            return f"The {table} '{said}' has problems of its own and was left out."
        near = closest(said, list(names)) if len(names) <= HINTS_UP_TO else ""
        return f"There is no {table} '{said}'{f'; the closest is {near!r}' if near else ''}."

    def _read(self, table: str) -> dict[str, str]:
        known = self._batch.known
        names = {key: key for key in known.rows.get(table, {})}
        if table == "person":
            names |= known.key_of_email
        for row in self._batch.rows(table):
            if table == "person" and row.values.get("email"):
                names[row.values["email"]] = row.key
            if row.raw_key:
                names[row.raw_key] = row.key
            names[row.key] = row.key
        return names


def _check_summaries(batch: Batch, staged: Staged) -> None:
    """A task lies under a task of its own project, and never under itself."""
    parent_of = batch.known.parent_of | {
        row.key: row.parents["parent_id"] for row in staged.rows if "parent_id" in row.parents
    }
    project_of = batch.known.project_of | {row.key: row.parents["project_id"] for row in staged.rows}
    in_cycle = cycles_of_parents(parent_of)
    bad = {}
    for row in staged.rows:
        parent = row.parents.get("parent_id")
        if row.key in in_cycle:
            bad[row.number] = staged.problem(row, f"The tasks lie under each other: {in_cycle[row.key]}.", "parent_id")
        elif parent and project_of[parent] != row.parents["project_id"]:
            sentence = f"'{parent}' is a task of another project, '{project_of[parent]}'."
            bad[row.number] = staged.problem(row, sentence, "parent_id")
    staged.refuse(bad)
    if bad:
        _check_parents(batch, staged)


def _check_links(batch: Batch, staged: Staged) -> None:
    bad: dict[int, Problem] = {}
    first: dict[tuple[str, str, str], int] = {}
    for row in staged.rows:
        before, after = row.parents["predecessor_id"], row.parents["successor_id"]
        same = first.setdefault((before, after, row.values.get("kind", "FS")), row.number)
        if before == after:
            bad[row.number] = staged.problem(row, f"'{before}' cannot wait for itself.")
        elif same != row.number:
            bad[row.number] = staged.problem(row, f"The link is already that of row {same}.")
    staged.refuse(bad)
    pairs = {(row.parents["predecessor_id"], row.parents["successor_id"]): row for row in staged.rows}
    cycle = cycle_of_links([*batch.known.links, *pairs])
    bad = {}
    while cycle:
        links = list(zip(cycle, [*cycle[1:], cycle[0]], strict=True))
        ours = [pairs[link] for link in links if link in pairs]
        if not ours:
            break
        last = max(ours, key=lambda row: row.number)
        bad[last.number] = staged.problem(last, f"The links run in a circle: {written(cycle)}.")
        del pairs[last.parents["predecessor_id"], last.parents["successor_id"]]
        cycle = cycle_of_links([*batch.known.links, *pairs]) if len(bad) < 20 else []
    staged.refuse(bad)


def _warn_of_implausible(staged: Staged) -> None:
    delays = [column for column in ("reported_delay_minutes", "start_delay_minutes") if _has(staged, column)]
    durations = [
        c for c in ("planned_duration_minutes", "actual_duration_minutes", "effort_minutes") if _has(staged, c)
    ]
    for row in staged.rows:
        for column in delays:
            _warn_beyond(staged, row, column, IMPLAUSIBLE_DELAY_MINUTES)
        for column in durations:
            _warn_beyond(staged, row, column, IMPLAUSIBLE_DURATION_MINUTES)


def _has(staged: Staged, column: str) -> bool:
    return any(field.column == column for field in staged.fields)


def _warn_beyond(staged: Staged, row: Row, column: str, limit: int) -> None:
    minutes = row.values.get(column)
    if minutes is not None and abs(minutes) >= limit:
        days = f"{minutes / DAY_MINUTES:,.0f} days"
        label = column.removesuffix("_minutes").replace("_", " ")
        sentence = f"A {label} of {days} on '{row.key}' is hard to believe; it was imported as it is."
        staged.warnings.append(staged.problem(row, sentence, column))


def _check_hours(staged: Staged) -> None:
    _limit(staged, "minutes", DAY_MINUTES, "Nobody works more than 24 hours on one day.")


def _limit(staged: Staged, column: str, most: int, sentence: str) -> None:
    staged.refuse(
        {row.number: staged.problem(row, sentence, column) for row in staged.rows if row.values.get(column, 0) > most}
    )


def _fill_rates(batch: Batch, staged: Staged) -> None:
    """The rates of an entry are its person's unless it says otherwise."""
    rates = batch.known.rate_of | {
        row.key: (row.values.get("cost_rate_minor"), row.values.get("bill_rate_minor")) for row in batch.rows("person")
    }
    without = set()
    for row in staged.rows:
        cost, bill = rates.get(row.parents["person_id"], (None, None))
        if row.values.get("cost_rate_minor") is None:
            row.values["cost_rate_minor"] = cost or 0
            row.assumed.add("cost_rate_minor")
            without |= set() if cost else {row.parents["person_id"]}
        if row.values.get("bill_rate_minor") is None:
            row.values["bill_rate_minor"] = bill
            row.assumed.add("bill_rate_minor")
    if without:
        names = ", ".join(sorted(without)[:10])
        sentence = f"{len(without)} people have hours and no cost rate, so their hours cost nothing: {names}."
        staged.warnings.append(Problem(sentence, staged.file))


def _check_task_of_project(batch: Batch, staged: Staged) -> None:
    project_of = batch.known.project_of | {row.key: row.parents["project_id"] for row in batch.rows("task")}
    bad = {}
    for row in staged.rows:
        task = row.parents.get("task_id")
        if task and project_of[task] != row.parents["project_id"]:
            sentence = f"The task '{task}' belongs to '{project_of[task]}', not to '{row.parents['project_id']}'."
            bad[row.number] = staged.problem(row, sentence, "task_id")
    staged.refuse(bad)
