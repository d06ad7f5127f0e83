"""A firm in which everything that is not for everybody holds a mark of its own, and who may see which mark.

Who may see what is said here once more, from the design's rights table and the rows as they were laid, without a line
of the product: an oracle that cannot share its mistakes.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlmodel import SQLModel

from storage import models
from storage.engine import Store

TODAY = date(2026, 3, 2)
MARKUP = "<img src=x onerror=alert(1)>"  # in the names of what everybody sees
MONDAY = datetime(2026, 3, 2, 9)

Sees = Callable[[str], bool]


@dataclass
class Mark:
    """A text that stands in one cell, and the people who may see it."""

    text: str
    seen_by: frozenset[str]


@dataclass
class SecretsWorld:
    """The firm, by the keys people and projects have; `marks` are all secrets."""

    people: dict[str, int] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)  # of projects, tasks, programs and people
    marks: list[Mark] = field(default_factory=list)

    def forbidden(self, person: str) -> list[str]:
        """The marks that must never reach this person, nor a model that answers them."""
        return [mark.text for mark in self.marks if person not in mark.seen_by]


# Who stands where, in the words of the rights table.
MANAGERS = {"PUB": "pm", "INT": "pm", "CON": "pm-con", "FAR": "pm-far"}
TEAM = {"PUB": {"teammate"}, "INT": {"teammate"}, "CON": {"insider"}, "FAR": {"faraway"}}
PROGRAM_OF = {"PUB": "NEAR", "INT": "NEAR", "CON": "NEAR", "FAR": "OTHER"}
CONFIDENTIALITY = {"PUB": "public", "INT": "internal", "CON": "confidential", "FAR": "confidential"}
PEOPLE = (
    "outsider",
    "guest",
    "member",
    "teammate",
    "insider",
    "faraway",
    "pm",
    "pm-con",
    "pm-far",
    "program-manager",
    "portfolio-manager",
    "resource-manager",
    "finance",
    "executive",
    "admin",
    "leaver",
)
MEMBERS = frozenset(PEOPLE) - {"outsider", "guest", "leaver"}


def sees_project(person: str, project: str) -> bool:
    """Open fields: everybody of the firm; of a confidential one its team, those above it, finance and executives."""
    if person in ("outsider", "guest", "leaver"):
        return CONFIDENTIALITY[project] == "public"
    return CONFIDENTIALITY[project] != "confidential" or is_close(person, project) or person in ("finance", "executive")


def is_close(person: str, project: str) -> bool:
    return person in TEAM[project] or is_above(person, project)


def is_above(person: str, project: str) -> bool:
    above = {"program-manager": PROGRAM_OF[project] == "NEAR", "portfolio-manager": True}
    return MANAGERS[project] == person or above.get(person, False)


def sees_team(person: str, project: str) -> bool:
    return is_close(person, project)


def sees_money(person: str, project: str) -> bool:
    return is_above(person, project) or person in ("finance", "executive")


def lay(store: Store, *, seed: int = 0, change_for: str | None = None) -> SecretsWorld:
    """Lay the firm. With `change_for`, all that this person may not see is other than without."""
    return _Laying(store, random.Random(seed), change_for).done()


class _Laying:
    def __init__(self, store: Store, chance: random.Random, change_for: str | None) -> None:
        self.store, self.chance, self.change_for = store, chance, change_for
        self.world = SecretsWorld()
        self.count = 0

    def done(self) -> SecretsWorld:
        with self.store.system() as session:

            def add(row: SQLModel) -> int:
                session.add(row)
                session.flush()
                return int(row.id)  # type: ignore[attr-defined]

            self._add = add
            self._people()
            self._projects()
        return self.world

    def secret(self, what: str, sees: Sees) -> str:
        """A text that only those may see; another one in the world that is changed for somebody who may not."""
        self.count += 1
        seen_by = frozenset(each for each in PEOPLE if sees(each))
        is_changed = self.change_for is not None and self.change_for not in seen_by
        text = f"{what} {'wyv' if is_changed else 'zqx'}{self.count:03}q"
        self.world.marks.append(Mark(text.split()[-1], seen_by))
        return text

    def amount(self, minor: int, sees: Sees) -> int:
        """Money that only those may see, a little more where somebody who may not must not be able to tell."""
        seen_by = frozenset(each for each in PEOPLE if sees(each))
        shown = f"{minor / 100:.2f}"
        self.world.marks += [Mark(form, seen_by) for form in (shown, f"{minor / 100:,.2f}")]
        return minor + 7 if self.change_for is not None and self.change_for not in seen_by else minor

    def _people(self) -> None:
        add, people = self._add, self.world.people
        add(models.Organisation(name="Marked Ltd", policies={"exchange_rates": {}}))
        practice = add(models.Practice(key="data", name="Data"))

        def sees_rate(person: str) -> bool:
            return person == "finance"

        for number, key in enumerate(PEOPLE[1:], 1):
            people[key] = add(
                models.Person(
                    key=key,
                    name=f"{key.replace('-', ' ').title()} Person",
                    email=f"{key}@example.org",
                    kind="guest" if key == "guest" else "member",
                    active=key != "leaver",
                    practice_id=practice if key in ("teammate", "insider") else None,
                    cost_rate_minor=self.amount(91_00 + 137 * number, sees_rate),
                    bill_rate_minor=self.amount(191_00 + 139 * number, sees_rate),
                )
            )
            reason = self.secret("because", lambda person, own=key: person == own and own in MEMBERS)
            add(
                models.Absence(
                    person_id=people[key], starts_on=date(2026, 3, 19), ends_on=date(2026, 3, 20), reason=reason
                )
            )
        grants = {
            "finance": ("finance", "organisation", None),
            "executive": ("executive", "organisation", None),
            "admin": ("admin", "organisation", None),
            "resource-manager": ("resource_manager", "practice", practice),
            "leaver": ("portfolio_manager", "organisation", None),
        }
        for key, (role, kind, scope) in grants.items():
            add(models.Grant(person_id=people[key], role=role, scope_kind=kind, scope_id=scope))
        self.world.keys["person"] = list(people)

    def _projects(self) -> None:
        add, people = self._add, self.world.people
        portfolio = add(models.Portfolio(key="ALL", name="All of it", manager_id=people["portfolio-manager"]))
        programs = {
            key: add(models.Program(key=key, name=f"{key.title()} program", portfolio_id=portfolio, manager_id=manager))
            for key, manager in (("NEAR", people["program-manager"]), ("OTHER", None))
        }
        self.world.keys |= {"program": list(programs), "project": list(MANAGERS), "task": []}
        for number, key in enumerate(MANAGERS, 1):
            self._project(key, number, programs[PROGRAM_OF[key]])

    def _project(self, key: str, number: int, program: int) -> None:
        add, people = self._add, self.world.people

        def is_open(person: str) -> bool:
            return sees_project(person, key)

        def is_team(person: str) -> bool:
            return sees_team(person, key) and is_open(person)

        def is_money(person: str) -> bool:
            return sees_money(person, key) and is_open(person)

        owner = sorted(TEAM[key])[0]

        def sees_work(person: str) -> bool:
            leads = person == "resource-manager" and owner in ("teammate", "insider")
            return is_team(person) or (is_open(person) and (person == owner or leads))

        hidden = CONFIDENTIALITY[key] != "public"
        base = 1_000_000_13 + number * 1_111_111_07
        project = add(
            models.Project(
                key=key,
                name=self.secret(f"Plan {key.title()}", is_open) if hidden else f"Plan {key.title()}",
                client=self.secret("Client", is_open) if hidden else "Client of many",
                program_id=program,
                manager_id=people[MANAGERS[key]],
                state="active",
                confidentiality=CONFIDENTIALITY[key],
                contract_type="fixed_price",
                reported_health="green",
                planned_start=MONDAY - timedelta(days=42),
                planned_finish=MONDAY + timedelta(days=42),
                promised_finish=TODAY + timedelta(days=40),
                currency="EUR",
                budget_minor=self.amount(base, is_money),
                planned_cost_minor=self.amount(base - 3_000_17, is_money),
                contract_value_minor=self.amount(base + 200_000_19, is_money),
            )
        )
        tasks = []
        for place in range(1, 5):
            tasks.append(
                add(
                    models.Task(
                        key=f"{key}-{place}",
                        name=self.secret(f"Step {place}", is_open) if hidden else f"Step {place} {MARKUP}",
                        project_id=project,
                        position=place,
                        owner_id=people[owner],
                        state="in_progress" if place == 1 else "not_started",
                        waits_on=self.secret("somebody", sees_work) if place == 1 else None,
                        waits_since=date(2026, 2, 20) if place == 1 else None,
                        planned_start=MONDAY + timedelta(days=7 * (place - 2)),
                        planned_finish=MONDAY + timedelta(days=7 * (place - 2) + 4, hours=8),
                        effort_minutes=2_400,
                        remaining_minutes=2_400 - 600 * (place == 1),
                        done_share=0.25 if place == 1 else 0.0,
                        planned_cost_minor=self.amount(base // 10 + place * 101_03, is_money),
                    )
                )
            )
            self.world.keys["task"].append(f"{key}-{place}")
        for before, after in pairwise(tasks):
            add(models.Dependency(predecessor_id=before, successor_id=after))
        of_project: dict[str, Any] = {"project_id": project}
        of_owner: dict[str, Any] = {"project_id": project, "person_id": people[owner]}
        add(models.Booking(**of_owner, starts_on=TODAY, ends_on=date(2026, 4, 3), minutes_per_week=1_200))
        add(models.Blocker(task_id=tasks[1], note=self.secret("Blocked", sees_work), opened_on=date(2026, 2, 25)))
        add(
            models.Risk(
                **of_project,
                key=f"R-{number}",
                title=self.secret("Risk", is_team),
                owner_id=people[owner],
                likelihood_share=0.5,
                impact_share=0.5,
                mitigation=self.secret("Mend", is_team),
                opened_on=date(2026, 2, 2),
            )
        )
        add(
            models.StatusUpdate(
                **of_project,
                author_id=people[MANAGERS[key]],
                written_on=date(2026, 2, 26),
                health="green",
                note=self.secret("Noted", is_team),
            )
        )
        spent, due = self.amount(base // 20, is_money), self.amount(base // 30, is_money)
        label = self.secret("Spent on", is_money)
        add(models.Expense(**of_project, spent_on=date(2026, 2, 20), amount_minor=spent, label=label))
        label = self.secret("Invoice", is_money)
        add(models.BillingMilestone(**of_project, label=label, amount_minor=due, due_on=date(2026, 3, 30)))
        for day in range(2, 7):
            worked: dict[str, Any] = {"task_id": tasks[0], "worked_on": date(2026, 2, day), "minutes": 240}
            add(models.TimeEntry(**of_owner, **worked, cost_rate_minor=80_00, bill_rate_minor=160_00, approved=True))


def every_string(world: SecretsWorld) -> Iterator[str]:
    """What an attacker who knows the code and the data's shape would name."""
    for found in world.keys.values():
        yield from found
    yield from (f"{person}@example.org" for person in world.people)
    yield from ("budget", "cost_rate", "margin", "reason", "confidential", "note", "client", "name")
