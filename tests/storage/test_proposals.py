"""Proposals: applied once, by those entitled, on what they were shown; and taken back exactly, or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlmodel import select

from storage import audit
from storage.access import Reader
from storage.edits import Draft, EditNotAllowed, RowEdit
from storage.engine import Store
from storage.errors import NotAccepted
from storage.models import (
    AuditEvent,
    Blocker,
    Booking,
    Dependency,
    Grant,
    History,
    Organisation,
    Person,
    Practice,
    Project,
    Proposal,
    Task,
    TimeEntry,
)
from storage.policies import choose
from storage.proposals import (
    MOST_OPEN,
    NothingToChange,
    NotYoursToConfirm,
    PlanMoved,
    ProposalDecided,
    ProposalNotFound,
    TooManyProposals,
    approve,
    find_proposal,
    list_proposals,
    reject,
    save_proposal,
    supersede,
    undo,
    who_confirms,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FRIDAY = datetime(2026, 3, 6, 17)
LATER = datetime(2026, 3, 13, 17)


@dataclass
class World:
    """One project with a manager, somebody who works on it, one who does not, and the rest of a small firm."""

    store: Store
    gate: int
    task: int
    other: int
    lena: Reader
    tomas: Reader
    dana: Reader
    joanna: Reader
    sam: Reader
    fiona: Reader

    def propose(self, reader: Reader, *edits: RowEdit, title: str = "a change") -> str:
        with self.store.system() as session:
            return save_proposal(session, reader, Draft(title, (), edits), surface="test", at=NOW)

    def record(self, key: str, reader: Reader, at: datetime = NOW):
        with self.store.reading() as session:
            return find_proposal(session, reader, key, at)

    def confirm(self, key: str, reader: Reader, at: datetime = NOW):
        return approve(self.store, reader, key, digest=self.record(key, reader, at).digest, at=at)

    def task_row(self) -> Task:
        with self.store.reading() as session:
            return session.get_one(Task, self.task)

    def set_task(self, **values: object) -> RowEdit:
        return RowEdit("task", self.task, {}, values)

    def plan(self) -> dict[str, list[tuple[object, ...]]]:
        """All rows of the plan, as they are."""
        models = (Project, Task, Dependency, Booking, Blocker, TimeEntry)
        with self.store.reading() as session:
            return {
                model.__name__: [
                    tuple((label, value) for label, value in row if label != "revision")
                    for row in session.exec(select(model).order_by(model.id))
                ]
                for model in models
            }


@pytest.fixture
def world(store: Store, add: Callable[..., int]) -> World:
    practice = add(Practice, name="Integration")

    def person(name: str, **values: object) -> int:
        return add(Person, name=name, email=f"{name.lower()}@example.org", **values)

    lena, tomas, joanna, sam, fiona = (person(name) for name in ("Lena", "Tomas", "Joanna", "Sam", "Fiona"))
    dana = person("Dana", practice_id=practice)
    gate = add(Project, key="GATE", manager_id=lena, budget_minor=100_00)
    task = add(Task, project_id=gate, key="GATE-44", owner_id=tomas, planned_finish=FRIDAY, position=1)
    other = add(Task, project_id=gate, key="GATE-45", position=2)
    add(Grant, person_id=joanna, role="resource_manager", scope_kind="practice", scope_id=practice)
    add(Grant, person_id=sam, role="program_manager")
    add(Grant, person_id=fiona, role="finance")
    readers = (Reader(each) for each in (lena, tomas, dana, joanna, sam, fiona))
    return World(store, gate, task, other, *readers)


def test_a_manager_moves_a_task_of_her_own_project_alone(world: World):
    key = world.propose(world.lena, world.set_task(planned_finish=LATER))

    assert world.task_row().planned_finish == FRIDAY
    assert world.confirm(key, world.lena).is_applied
    assert world.task_row().planned_finish == LATER


def test_an_undo_brings_back_every_row_even_days_later(world: World):
    before = world.plan()
    key = world.propose(
        world.lena,
        world.set_task(planned_finish=LATER, name="Other rules"),
        RowEdit("task", -1, None, {"project_id": world.gate, "name": "Draw up rules"}),
        RowEdit("dependency", -2, None, {"predecessor_id": -1, "successor_id": world.task}),
        RowEdit("task", world.other, {}, None),
    )
    world.confirm(key, world.lena)
    assert len(world.plan()["Dependency"]) == 1

    record = undo(world.store, world.lena, key, at=NOW + timedelta(days=5))

    assert record.status == "undone"
    assert world.plan() == before


def test_an_undo_after_a_later_edit_names_the_conflict_and_changes_nothing(world: World):
    key = world.propose(world.lena, world.set_task(planned_finish=LATER))
    world.confirm(key, world.lena)
    with world.store.writing("by hand") as writer:
        writer.change(Task, world.task, {"planned_finish": datetime(2026, 4, 1, 17)})
    held = world.plan()

    with pytest.raises(PlanMoved) as moved:
        undo(world.store, world.lena, key, at=NOW)

    [conflict] = moved.value.conflicts
    assert (conflict.field, conflict.expected) == ("planned_finish", LATER.isoformat())
    assert world.plan() == held


def test_an_undo_of_a_new_task_that_somebody_works_on_is_refused(world: World, add: Callable[..., int]):
    key = world.propose(world.lena, RowEdit("task", -1, None, {"project_id": world.gate, "name": "Draw up rules"}))
    new = world.confirm(key, world.lena).proposal.applied[0].row_id
    add(TimeEntry, person_id=world.tomas.person_id, project_id=world.gate, task_id=new)

    with pytest.raises(PlanMoved):
        undo(world.store, world.lena, key, at=NOW)

    assert world.record(key, world.lena).status == "applied"


def test_a_new_task_gets_the_next_key_of_its_project(world: World):
    key = world.propose(world.lena, RowEdit("task", -1, None, {"project_id": world.gate, "name": "Draw up rules"}))

    [added] = world.confirm(key, world.lena).proposal.applied

    assert (added.after or {})["key"] == "GATE-46"


def test_a_stale_base_applies_nothing_and_names_what_moved(world: World):
    key = world.propose(world.lena, world.set_task(planned_finish=LATER, name="Other rules"))
    with world.store.writing("import of Jira") as writer:
        writer.change(Task, world.task, {"name": "Rules"})

    with pytest.raises(PlanMoved) as moved:
        world.confirm(key, world.lena)

    assert [(each.field, each.found) for each in moved.value.conflicts] == [("name", "Rules")]
    assert world.task_row().planned_finish == FRIDAY


def test_a_click_on_another_version_than_is_stored_does_nothing(world: World):
    key = world.propose(world.lena, world.set_task(planned_finish=LATER))

    with pytest.raises(PlanMoved):
        approve(world.store, world.lena, key, digest="0" * 64, at=NOW)

    assert world.task_row().planned_finish == FRIDAY


def test_a_click_on_a_card_drawn_for_another_revision_does_nothing(world: World):
    key = world.propose(world.lena, world.set_task(planned_finish=LATER))
    digest = world.record(key, world.lena).digest

    with pytest.raises(PlanMoved):
        approve(world.store, world.lena, key, digest=digest, revisions={world.gate: 99}, at=NOW)


def test_two_clicks_apply_once(world: World):
    key = world.propose(world.lena, RowEdit("task", -1, None, {"project_id": world.gate, "name": "Draw up rules"}))

    assert world.confirm(key, world.lena).is_applied
    assert world.confirm(key, world.lena).is_applied
    assert len(world.plan()["Task"]) == 3


def test_four_people_at_once_apply_once(world: World):
    key = world.propose(world.lena, RowEdit("task", -1, None, {"project_id": world.gate, "name": "Draw up rules"}))
    digest = world.record(key, world.lena).digest
    start, outcomes = Barrier(4), []

    def click(reader: Reader) -> None:
        start.wait()
        outcomes.append(approve(world.store, reader, key, digest=digest, at=NOW).is_applied)

    threads = [Thread(target=click, args=(reader,)) for reader in (world.lena, world.sam, world.lena, world.sam)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == [True] * 4
    assert len(world.plan()["Task"]) == 3


@pytest.mark.parametrize("who", ["tomas", "joanna", "fiona"])
def test_nobody_else_confirms_a_move(world: World, who: str):
    reader = getattr(world, who)
    key = world.propose(world.tomas, world.set_task(planned_finish=LATER))

    with pytest.raises((NotYoursToConfirm, ProposalNotFound)):
        approve(world.store, reader, key, digest=world.record(key, world.lena).digest, at=NOW)

    assert world.task_row().planned_finish == FRIDAY


def test_who_may_is_told_by_name(world: World):
    key = world.propose(world.tomas, world.set_task(planned_finish=LATER))

    with pytest.raises(NotYoursToConfirm, match=r"Lena or Sam can\."):
        world.confirm(key, world.tomas)
    with world.store.reading() as session:
        assert who_confirms(session, world.record(key, world.tomas), world.tomas) == ("Lena", "Sam")


def test_a_member_confirms_the_progress_of_his_own_task_and_his_hours(world: World):
    hours = {"person_id": world.tomas.person_id, "project_id": world.gate, "task_id": world.task}
    key = world.propose(
        world.tomas,
        world.set_task(state="done", done_share=1.0, remaining_minutes=0),
        RowEdit("time_entry", -1, None, {**hours, "worked_on": "2026-03-02", "minutes": 480}),
    )

    assert world.confirm(key, world.tomas).is_applied
    assert world.task_row().state == "done"


def test_nobody_confirms_progress_or_hours_of_somebody_else(world: World):
    hours = {"person_id": world.dana.person_id, "project_id": world.gate}
    done = world.propose(world.dana, world.set_task(state="done"))
    booked = world.propose(
        world.tomas, RowEdit("time_entry", -1, None, {**hours, "worked_on": "2026-03-02", "minutes": 480})
    )

    for key, reader in ((done, world.dana), (booked, world.tomas)):
        with pytest.raises(NotYoursToConfirm):
            world.confirm(key, reader)


def test_rights_that_end_between_card_and_click_end_the_click(world: World):
    key = world.propose(world.lena, world.set_task(planned_finish=LATER))
    digest = world.record(key, world.lena).digest
    with world.store.writing("hand over") as writer:
        writer.change(Project, world.gate, {"manager_id": world.tomas.person_id})

    with pytest.raises(NotYoursToConfirm):
        approve(world.store, world.lena, key, digest=digest, at=NOW)


def test_a_leaver_confirms_nothing(world: World):
    key = world.propose(world.lena, world.set_task(planned_finish=LATER))
    with world.store.writing("left") as writer:
        writer.change(Person, world.lena.person_id or 0, {"active": False})

    with pytest.raises(NotAccepted):
        approve(world.store, world.lena, key, digest=world.record(key, world.sam).digest, at=NOW)


class TestFourEyes:
    def test_a_person_from_outside_wants_a_second_who_answers_for_them(self, world: World):
        key = world.propose(world.lena, world.set_task(owner_id=world.dana.person_id))

        first = world.confirm(key, world.lena)

        assert not first.is_applied
        assert "Joanna" in first.waits_for
        assert world.task_row().owner_id == world.tomas.person_id
        assert world.confirm(key, world.joanna).is_applied
        assert world.task_row().owner_id == world.dana.person_id

    def test_the_same_person_twice_is_one(self, world: World):
        key = world.propose(world.lena, world.set_task(owner_id=world.dana.person_id))

        assert not world.confirm(key, world.lena).is_applied
        assert not world.confirm(key, world.lena).is_applied

    def test_so_are_two_records_with_one_mailbox(self, world: World, add: Callable[..., int]):
        twin = add(Person, name="Lena B", email="LENA+two@example.org")
        add(Grant, person_id=twin, role="program_manager")
        key = world.propose(world.lena, world.set_task(owner_id=world.dana.person_id))

        assert not world.confirm(key, world.lena).is_applied
        assert not world.confirm(key, Reader(twin)).is_applied

    def test_a_first_click_counts_only_while_its_right_lasts(self, world: World):
        key = world.propose(world.lena, world.set_task(owner_id=world.dana.person_id))
        world.confirm(key, world.lena)
        with world.store.writing("hand over") as writer:
            writer.change(Project, world.gate, {"manager_id": world.tomas.person_id})

        assert not world.confirm(key, world.joanna).is_applied

    def test_a_budget_wants_finance_and_another(self, world: World):
        key = world.propose(world.lena, RowEdit("project", world.gate, {}, {"budget_minor": 200_00}))

        assert not world.confirm(key, world.lena).is_applied
        assert world.confirm(key, world.fiona).is_applied

    def test_without_finance_two_managers_change_no_budget(self, world: World):
        key = world.propose(world.lena, RowEdit("project", world.gate, {}, {"budget_minor": 200_00}))

        assert not world.confirm(key, world.lena).is_applied
        assert not world.confirm(key, world.sam).is_applied

    def test_a_firm_may_want_it_for_less(self, world: World):
        choose(world.store, "four_eyes", {"kinds": []})
        key = world.propose(world.lena, world.set_task(owner_id=world.dana.person_id))

        assert world.confirm(key, world.lena).is_applied

    def test_what_two_people_did_one_alone_does_not_undo(self, world: World):
        key = world.propose(world.lena, RowEdit("project", world.gate, {}, {"budget_minor": 200_00}))
        world.confirm(key, world.lena)
        world.confirm(key, world.fiona)

        back = undo(world.store, world.fiona, key, at=NOW).replaced_by

        assert back is not None
        assert not world.confirm(back, world.fiona).is_applied
        assert world.confirm(back, world.sam).is_applied
        with world.store.reading() as session:
            assert session.get_one(Project, world.gate).budget_minor == 100_00
        assert world.record(key, world.fiona).status == "undone"

    def test_who_asks_for_that_undo_again_gets_the_same_proposal(self, world: World):
        key = world.propose(world.lena, RowEdit("project", world.gate, {}, {"budget_minor": 200_00}))
        world.confirm(key, world.lena)
        world.confirm(key, world.fiona)

        first, second = (undo(world.store, world.fiona, key, at=NOW).replaced_by for _ in range(2))

        assert first == second


def test_a_set_that_is_half_somebody_elses_is_not_confirmed(world: World, add: Callable[..., int]):
    foreign = add(Project, key="HUB", manager_id=world.dana.person_id)
    task = add(Task, project_id=foreign, key="HUB-1")
    link = RowEdit("dependency", -1, None, {"predecessor_id": task, "successor_id": world.task})
    key = world.propose(world.lena, world.set_task(planned_finish=LATER), link)

    with pytest.raises(NotYoursToConfirm, match="Sam can"):
        world.confirm(key, world.lena)


def test_a_task_put_below_one_of_another_project_touches_both(world: World, add: Callable[..., int]):
    foreign = add(Project, key="HUB", manager_id=world.dana.person_id)
    parent = add(Task, project_id=foreign, key="HUB-1")
    key = world.propose(world.lena, world.set_task(parent_id=parent))

    with pytest.raises(NotYoursToConfirm):
        world.confirm(key, world.lena)


def test_a_confidential_project_and_its_proposals_do_not_exist_for_others(world: World):
    key = world.propose(world.lena, world.set_task(planned_finish=LATER))
    with world.store.writing("close") as writer:
        writer.change(Project, world.gate, {"confidentiality": "confidential"})

    with pytest.raises(ProposalNotFound) as hidden:
        world.record(key, world.dana)
    with pytest.raises(ProposalNotFound) as missing:
        world.record("P-9999", world.dana)
    assert str(hidden.value).replace(key, "P-9999") == str(missing.value)


def test_those_it_takes_find_it_among_theirs(world: World):
    key = world.propose(world.tomas, world.set_task(planned_finish=LATER))

    def keys(reader: Reader) -> list[str]:
        with world.store.reading() as session:
            return [record.key for record in list_proposals(session, reader, NOW)]

    assert keys(world.tomas) == keys(world.lena) == keys(world.sam) == [key]
    assert keys(world.dana) == keys(world.fiona) == []


def test_what_is_decided_stays_so(world: World):
    rejected = world.propose(world.lena, world.set_task(planned_finish=LATER))
    reject(world.store, world.lena, rejected, note="not now", at=NOW)
    expired = world.propose(world.lena, world.set_task(name="Other rules"))

    with pytest.raises(ProposalDecided):
        world.confirm(rejected, world.lena)
    with pytest.raises(ProposalDecided, match="expired"):
        world.confirm(expired, world.lena, at=NOW + timedelta(days=15))
    with pytest.raises(ProposalDecided):
        undo(world.store, world.lena, rejected, at=NOW)
    assert world.record(expired, world.lena, NOW + timedelta(days=15)).is_expired


def test_the_same_wish_twice_is_one_proposal(world: World):
    edit = world.set_task(planned_finish=LATER)

    assert world.propose(world.lena, edit) == world.propose(world.lena, edit)


def test_that_a_value_holds_already_is_not_told_to_whoever_guesses_it(world: World):
    key = world.propose(world.dana, RowEdit("project", world.gate, {}, {"budget_minor": 100_00}))

    assert world.record(key, world.dana).status == "open"


def test_nothing_is_no_proposal(world: World):
    with pytest.raises(NothingToChange):
        world.propose(world.lena)


def test_one_that_is_put_in_the_place_of_another_leaves_no_copy_behind(world: World):
    key = world.propose(world.lena, world.set_task(planned_finish=LATER))
    reject(world.store, world.lena, key, at=NOW)
    draft = Draft("again", (), (world.set_task(planned_finish=LATER),))

    with pytest.raises(ProposalDecided):
        supersede(world.store, world.lena, key, [draft], at=NOW)

    with world.store.reading() as session:
        assert len(list_proposals(session, world.lena, NOW)) == 1


def test_nobody_floods_the_others_with_cards(world: World):
    for number in range(MOST_OPEN):
        world.propose(world.tomas, world.set_task(name=f"Rules {number}"))

    with pytest.raises(TooManyProposals):
        world.propose(world.tomas, world.set_task(name="One more"))


@pytest.mark.parametrize(
    "edit",
    [
        RowEdit("grant", -1, None, {"person_id": 1, "role": "admin", "scope_kind": "organisation"}),
        RowEdit("person", 1, {}, {"cost_rate_minor": 1}),
        RowEdit("task", 1, {}, {"custom": {}}),
        RowEdit("time_entry", -1, None, {"person_id": 1, "cost_rate_minor": 1}),
        RowEdit("task", -1, {}, {"name": "x"}),
        RowEdit("task", 1, None, {"name": "x"}),
    ],
)
def test_no_proposal_holds_what_none_may_write(world: World, edit: RowEdit):
    with pytest.raises(EditNotAllowed):
        world.propose(world.lena, edit)


def test_nobody_writes_a_note_in_somebody_elses_name(world: World):
    note = {"project_id": world.gate, "author_id": world.tomas.person_id, "written_on": "2026-03-02", "note": "fine"}

    with pytest.raises(NotAccepted):
        world.propose(world.lena, RowEdit("status_update", -1, None, note))


def test_each_click_and_each_refusal_has_its_line_in_the_audit(world: World):
    key = world.propose(world.tomas, world.set_task(planned_finish=LATER))
    with pytest.raises(NotYoursToConfirm):
        world.confirm(key, world.tomas)
    world.confirm(key, world.lena)
    undo(world.store, world.lena, key, at=NOW)

    with world.store.reading() as session:
        told = [(each.person_id, each.action, each.outcome) for each in session.exec(select(AuditEvent))]
        assert audit.verify(session).altered_id is None
    tomas, lena = world.tomas.person_id, world.lena.person_id
    assert told == [
        (tomas, "propose", "open"),
        (tomas, "approve proposal", "refused"),
        (lena, "approve proposal", "applied"),
        (lena, "undo proposal", "undone"),
    ]


def test_history_tells_whose_click_it_was_and_why(world: World):
    key = world.propose(world.tomas, world.set_task(planned_finish=LATER), title="move GATE-44")
    world.confirm(key, world.lena)

    with world.store.reading() as session:
        [edit] = session.exec(select(History).where(History.field == "planned_finish"))
        stored = session.exec(select(Proposal)).one()
    assert (edit.person_id, edit.cause) == (world.lena.person_id, f"{key}: move GATE-44")
    assert edit.change_set == stored.change_set


def test_the_organisation_counts_a_confirmed_set_as_one_write(world: World):
    key = world.propose(world.lena, world.set_task(planned_finish=LATER))

    def revision() -> int:
        with world.store.reading() as session:
            return session.exec(select(Organisation.revision)).one()

    before = revision()
    world.confirm(key, world.lena)
    assert revision() == before + 1
