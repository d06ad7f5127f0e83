"""The stores that scenarios and benchmarks ask: the made-up firm, the federal portfolio, and firms of any size."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from evals.oracles import Ground
from storage import sample
from storage.engine import Store
from storage.importing import import_paths
from storage.models import Person, Portfolio, Program, Project, Task, TimeEntry
from storage.people import create_owner, find_owner, find_person_by_email
from tools.readings import warm

SAMPLE_DAY = date(2026, 3, 2)
FEDERAL_FILES = Path(sample.__file__).parent / "hhs-it-portfolio"
OWNER = "owner@evals.example"


@dataclass(frozen=True)
class World:
    """A store, the day its clock shows, and where oracles find the raw material."""

    store: Store
    today: date
    ground: Ground

    def person_id(self, email: str | None) -> int:
        """Of the person with this e-mail; of the store's owner without one."""
        with self.store.reading() as session:
            found = find_person_by_email(session, email) if email else find_owner(session)
        if found is None:
            raise LookupError(f"Nobody in this world has the e-mail {email}.")
        return found.id


def build(name: str, folder: Path) -> World:
    """The world of that name in a fresh store below `folder`."""
    return BUILDERS[name](folder)


def quillmere(folder: Path) -> World:
    world = _empty(folder / "quillmere.db", folder)
    sample.lay(world.store, SAMPLE_DAY)
    warm(world.store, SAMPLE_DAY)
    return world


def federal(folder: Path) -> World:
    world = _empty(folder / "federal.db", FEDERAL_FILES)
    create_owner(world.store, "Owner", OWNER)
    import_paths(world.store, [FEDERAL_FILES], at=datetime(2026, 3, 2, tzinfo=UTC))
    warm(world.store, SAMPLE_DAY)
    return world


BUILDERS: dict[str, Callable[[Path], World]] = {"quillmere": quillmere, "hhs-it-portfolio": federal}


def _empty(database: Path, files: Path) -> World:
    database.parent.mkdir(parents=True, exist_ok=True)
    store = Store.open(f"sqlite:///{database}")
    store.migrate()
    return World(store, SAMPLE_DAY, Ground(files=files, database=database))


ADJECTIVES = [
    "Amber",
    "Blue",
    "Cedar",
    "Delta",
    "Ember",
    "Falcon",
    "Granite",
    "Harbor",
    "Indigo",
    "Juniper",
    "Kestrel",
    "Lunar",
    "Maple",
    "Nimbus",
    "Onyx",
]
NOUNS = [
    "Billing",
    "Catalog",
    "Claims",
    "Data",
    "Delivery",
    "Fleet",
    "Gateway",
    "Identity",
    "Ledger",
    "Mobile",
    "Payroll",
    "Portal",
    "Search",
    "Supply",
]
KINDS = ["Upgrade", "Rollout", "Migration", "Pilot", "Release", "Integration"]
STEPS = ["Plan", "Design", "Build", "Review", "Test", "Fix", "Document", "Train", "Approve", "Deploy"]


def grown(folder: Path, projects: int, tasks_each: int = 200) -> World:
    """A made-up firm of any size: programs of ten projects, tasks in a row over a year, time on each done one."""
    world = _empty(folder / f"grown-{projects}.db", folder)
    create_owner(world.store, "Owner", OWNER)
    begins = datetime(2025, 9, 1, 9)
    with world.store.writing(cause="benchmark", at=datetime(2026, 3, 2, tzinfo=UTC)) as writer:
        people = writer.add(Person, [_person(number) for number in range(max(10, projects // 2))])
        [portfolio] = writer.add(Portfolio, [{"key": "ALL", "name": "All Delivery"}])
        programs = writer.add(Program, [_program(number, portfolio) for number in range(-(-projects // 10))])
        ids = writer.add(Project, [_project(number, programs[number // 10]) for number in range(projects)])
        for number, project_id in enumerate(ids):
            tasks = [_task(number, step, project_id, people, begins) for step in range(tasks_each)]
            task_ids = writer.add(Task, tasks)
            writer.add(TimeEntry, _time(project_id, task_ids, tasks))
    warm(world.store, SAMPLE_DAY)
    return world


def project_name(number: int) -> str:
    """A name of its own for each number."""
    adjective, rest = ADJECTIVES[number % len(ADJECTIVES)], number // len(ADJECTIVES)
    noun, rest = NOUNS[rest % len(NOUNS)], rest // len(NOUNS)
    kind, rest = KINDS[rest % len(KINDS)], rest // len(KINDS)
    return f"{adjective} {noun} {kind}" + (f" {rest + 1}" if rest else "")


def _person(number: int) -> dict[str, object]:
    return {"key": f"p{number}", "name": f"Worker {number}", "email": f"worker{number}@evals.example"}


def _program(number: int, portfolio_id: int) -> dict[str, object]:
    return {"key": f"PG{number}", "name": f"Program {number}", "portfolio_id": portfolio_id}


def _project(number: int, program_id: int) -> dict[str, object]:
    return {
        "key": f"PJ{number}",
        "name": project_name(number),
        "program_id": program_id,
        "client": f"Client {number % 40}",
        "state": "active",
        "reported_health": ("green", "green", "amber", "red")[number % 4],
        "currency": "EUR",
        "budget_minor": 20_000_000,
        "contract_type": "fixed_price",
        "contract_value_minor": 28_000_000,
    }


def _task(number: int, step: int, project_id: int, people: list[int], begins: datetime) -> dict[str, object]:
    start = begins + timedelta(days=step * 365 // 200)
    finish = start + timedelta(days=3, hours=8)
    done = finish.date() < SAMPLE_DAY - timedelta(days=number % 30)
    return {
        "key": f"PJ{number}-{step + 1}",
        "project_id": project_id,
        "position": step + 1,
        "name": f"{STEPS[step % len(STEPS)]} part {step // len(STEPS) + 1}",
        "owner_id": people[(number + step) % len(people)],
        "state": "done" if done else "not_started",
        "planned_start": start,
        "planned_finish": finish,
        "actual_finish": finish if done else None,
        "effort_minutes": 960,
        "remaining_minutes": 0 if done else 960,
    }


def _time(project_id: int, task_ids: list[int], tasks: list[dict[str, object]]) -> list[dict[str, object]]:
    return [
        {
            "person_id": task["owner_id"],
            "project_id": project_id,
            "task_id": task_id,
            "worked_on": task["planned_finish"].date(),  # type: ignore[attr-defined]
            "minutes": 900,
            "approved": True,
            "cost_rate_minor": 5_000,
        }
        for task_id, task in zip(task_ids, tasks, strict=True)
        if task["state"] == "done"
    ]
