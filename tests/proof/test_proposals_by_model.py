"""Whatever people do in whatever order, the plan is what a model of a few lines says it is."""

import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from storage import audit
from storage.access import Reader
from storage.edits import Draft, RowEdit
from storage.engine import Store
from storage.errors import NotAccepted
from storage.models import Task
from storage.proposals import DAYS_OPEN, approve, find_proposal, reject, save_proposal, undo
from tests.proof.conftest import Runs
from tests.proof.small_firm import NOW, SmallFirm, lay

NAMES = st.sampled_from(["Rules", "Keys", "Codes", "Tests"])
STATES = st.sampled_from(["not_started", "in_progress", "done"])
PEOPLE = st.sampled_from(["manager", "member", "stranger"])
PLACES = st.integers(min_value=0, max_value=3)


@dataclass
class Expected:
    """A proposal as the model knows it: what it sets where, what it found there, and where it stands."""

    place: int
    sets: dict[str, str]
    found: dict[str, str]
    proposer: str
    made: int
    status: str = "open"
    replaced: dict[str, str] = field(default_factory=dict)


def is_entitled(who: str, expected: Expected) -> bool:
    """The manager to all of it; who owns the task to its state alone."""
    return who == "manager" or (who == "member" and set(expected.sets) == {"state"})


class People(RuleBasedStateMachine):
    template: Path
    proposals = Bundle("proposals")

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        shutil.copyfile(self.template, self.folder / "store.db")
        self.store = Store.open(f"sqlite:///{self.folder / 'store.db'}")
        self.firm: SmallFirm = lay(self.store)
        self.plan = [{"name": f"Task {number}", "state": "not_started"} for number in range(1, 5)]
        self.expected: dict[str, Expected] = {}
        self.days = 0

    @rule(target=proposals, who=PEOPLE, place=PLACES, name=st.none() | NAMES, state=st.none() | STATES)
    def propose(self, who: str, place: int, name: str | None, state: str | None) -> str | None:
        wanted = {label: value for label, value in (("name", name), ("state", state)) if value is not None}
        draft = Draft("a change", (), (RowEdit("task", self.firm.tasks[place], {}, wanted),))
        try:
            with self.store.system() as session:
                key = save_proposal(session, self.reader(who), draft, surface="proof", at=self.now)
        except NotAccepted:
            open_ones = [each for each in self.expected.values() if each.proposer == who and each.status == "open"]
            assert not wanted or len(open_ones) >= 20
            return None
        assert wanted
        found = {label: self.plan[place][label] for label in wanted}
        self.expected.setdefault(key, Expected(place, wanted, found, who, self.days))
        return key

    @rule(key=proposals, who=PEOPLE)
    def confirm(self, key: str | None, who: str) -> None:
        if key is None:
            return
        expected = self.expected[key]
        was_applied = expected.status == "applied"
        holds = all(self.plan[expected.place][label] == value for label, value in expected.found.items())
        may = is_entitled(who, expected)
        is_applied = self.attempt(
            lambda: approve(self.store, self.reader(who), key, digest=self.digest(key), at=self.now)
        )
        if was_applied:
            assert is_applied is (may or who == expected.proposer)
            return
        assert is_applied is (expected.status == "open" and may and holds and not self.is_expired(expected))
        if is_applied:
            expected.status = "applied"
            self.plan[expected.place] |= expected.sets

    @rule(key=proposals, who=PEOPLE)
    def say_no(self, key: str | None, who: str) -> None:
        if key is None:
            return
        expected = self.expected[key]
        concerned = is_entitled(who, expected) or who == expected.proposer
        is_rejected = self.attempt(lambda: reject(self.store, self.reader(who), key, at=self.now))
        was_open = expected.status == "open" and not self.is_expired(expected)
        assert is_rejected is (concerned and (was_open or expected.status == "rejected"))
        if is_rejected:
            expected.status = "rejected"

    @rule(key=proposals, who=PEOPLE)
    def take_back(self, key: str | None, who: str) -> None:
        if key is None:
            return
        expected = self.expected[key]
        concerned = is_entitled(who, expected) or who == expected.proposer
        holds = all(self.plan[expected.place][label] == value for label, value in expected.sets.items())
        is_undone = self.attempt(lambda: undo(self.store, self.reader(who), key, at=self.now))
        if expected.status == "undone":
            assert is_undone is concerned
            return
        assert is_undone is (expected.status == "applied" and is_entitled(who, expected) and holds)
        if is_undone:
            expected.status = "undone"
            self.plan[expected.place] |= expected.found

    @rule(place=PLACES, name=NAMES)
    def change_by_hand(self, place: int, name: str) -> None:
        with self.store.writing("import of Jira") as writer:
            writer.change(Task, self.firm.tasks[place], {"name": name})
        self.plan[place]["name"] = name

    @rule(days=st.integers(min_value=1, max_value=9))
    def wait(self, days: int) -> None:
        self.days += days

    @invariant()
    def the_plan_is_as_expected(self) -> None:
        if not hasattr(self, "store"):
            return
        with self.store.reading() as session:
            tasks = [session.get_one(Task, task) for task in self.firm.tasks]
            assert [{"name": task.name, "state": task.state} for task in tasks] == self.plan

    def teardown(self) -> None:
        if hasattr(self, "store"):
            with self.store.reading() as session:
                assert audit.verify(session).altered_id is None
            self.store.close()
            shutil.rmtree(self.folder)

    @property
    def now(self) -> Any:
        return NOW + timedelta(days=self.days)

    def is_expired(self, expected: Expected) -> bool:
        return self.days - expected.made >= DAYS_OPEN

    def reader(self, who: str) -> Reader:
        reader: Reader = getattr(self.firm, who)
        return reader

    def digest(self, key: str) -> str:
        with self.store.reading() as session:
            return find_proposal(session, self.firm.manager, key, self.now).digest

    def attempt(self, act: Any) -> bool:
        try:
            act()
        except NotAccepted:
            return False
        return True


def test_the_plan_is_what_the_model_says(sqlite_template: Path, runs: Runs) -> None:
    class OnTemplate(People):
        template = sqlite_template

    run_state_machine_as_test(
        OnTemplate,
        settings=settings(
            max_examples=runs(15, 200),
            stateful_step_count=runs(25, 50),
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
