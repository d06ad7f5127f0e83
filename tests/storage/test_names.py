"""What things are called: keys, names of tasks, and the firm's own words and fields."""

from collections.abc import Callable

import pytest

from storage.access import FieldClass, Reader
from storage.engine import Store
from storage.models import CustomField, Person, Practice, Project, SourceWord, Task
from storage.names import (
    FirmWord,
    closest,
    custom_fields,
    every_task_name,
    firm_words,
    practice_names,
    spellings,
    task_keyed,
    tasks_among,
    tasks_named,
)
from storage.vocabulary import Confidentiality, Level

Add = Callable[..., int]


def test_a_task_is_found_by_its_key_in_any_letter_case(store: Store, add: Add) -> None:
    reader = Reader(add(Person))
    add(Task, key="GATE-31", project_id=add(Project, key="GATE", name="Tern Gateway"))
    with store.reading() as session:
        task = task_keyed(session, reader, " gate-31")
        assert task is not None
        assert (task.key, task.project_key, task.project_name) == ("GATE-31", "GATE", "Tern Gateway")
        assert task_keyed(session, reader, "GATE-32") is None


def test_words_of_a_task_name_find_it_shortest_first(store: Store, add: Add) -> None:
    reader = Reader(add(Person))
    project, other = add(Project), add(Project)
    for name in ("Retry rules for the gateway", "Retry rules", "Error codes"):
        add(Task, name=name, project_id=project)
    add(Task, name="RETRY again", project_id=other)
    with store.reading() as session:
        everywhere = [task.name for task in tasks_named(session, reader, ["retry"])]
        inside = [task.name for task in tasks_named(session, reader, ["rules", "retry"], [project])]
        first = tasks_named(session, reader, ["retry"], limit=1)

    assert everywhere == ["Retry rules", "RETRY again", "Retry rules for the gateway"]
    assert inside == ["Retry rules", "Retry rules for the gateway"]
    assert [task.name for task in first] == ["Retry rules"]


def test_hidden_tasks_are_no_candidates(store: Store, add: Add) -> None:
    reader = Reader(add(Person))
    secret = add(Project, confidentiality=Confidentiality.CONFIDENTIAL)
    add(Task, key="SECRET-1", name="Merger talks", project_id=secret)
    with store.reading() as session:
        assert tasks_named(session, reader, ["merger"], [secret]) == []
        assert task_keyed(session, reader, "SECRET-1") is None


def test_of_an_index_of_all_tasks_only_visible_ones_are_given_out(store: Store, add: Add) -> None:
    reader = Reader(add(Person))
    open_task = add(Task, name="Plain", project_id=add(Project))
    hidden = add(Task, name="Secret", project_id=add(Project, confidentiality=Confidentiality.CONFIDENTIAL))
    with store.reading() as session:
        assert {task_id for _, task_id, _ in every_task_name(session)} == {open_task, hidden}
        assert [task.name for task in tasks_among(session, reader, [open_task, hidden])] == ["Plain"]
        assert tasks_among(session, reader, []) == []


def test_practices_are_named_in_order(store: Store, add: Add) -> None:
    add(Practice, key="DATA", name="Data")
    add(Practice, key="CHG", name="Change")
    with store.reading() as session:
        assert practice_names(session) == [("CHG", "Change"), ("DATA", "Data")]


@pytest.mark.parametrize("words", [[], [""], ["%"], ["_"], ["100%"], ["\0"], ["\ud800"], ["'; DROP TABLE task"]])
def test_odd_words_match_only_what_they_say(store: Store, add: Add, words: list[str]) -> None:
    reader = Reader(add(Person))
    add(Task, name="Plain", project_id=add(Project))
    with store.reading() as session:
        assert tasks_named(session, reader, words) == []


def test_the_firms_words_and_fields_are_listed(store: Store, add: Add) -> None:
    add(SourceWord, level=Level.TASK, word="activity")
    add(SourceWord, level=Level.PROJECT, field="budget_minor", word="allocation")
    add(CustomField, level=Level.PROJECT, key="fee", label="Fee", kind="money", currency="USD", field_class="money")
    with store.reading() as session:
        words, [fee] = firm_words(session), custom_fields(session)

    assert words == [
        FirmWord(Level.TASK, None, "activity"),
        FirmWord(Level.PROJECT, "budget_minor", "allocation"),
    ]
    assert (fee.level, fee.key, fee.currency, fee.field_class) == (Level.PROJECT, "fee", "USD", FieldClass.MONEY)


def test_a_key_is_tried_as_written_and_in_both_cases() -> None:
    assert spellings(" Gate-31 ") == ["Gate-31", "GATE-31", "gate-31"]
    assert closest([], "x") is None
