"""The directory: whom the reader works with."""

from collections.abc import Callable

import pytest

from storage.access import Reader
from storage.directory import people_beside
from storage.engine import Store
from storage.models import Booking, Person, Practice, Project, Task

Add = Callable[..., int]


@pytest.fixture
def reader_id(add: Add) -> int:
    return add(Person, practice_id=add(Practice))


def beside(store: Store, person_id: int | None) -> tuple[frozenset[int], frozenset[int]]:
    with store.reading() as session:
        return people_beside(session, Reader(person_id))


def test_beside_are_those_of_own_projects_who_manage_are_booked_or_have_tasks(
    store: Store, add: Add, reader_id: int
) -> None:
    manager, booked, owner, stranger = (add(Person) for _ in range(4))
    project = add(Project, manager_id=manager)
    add(Booking, project_id=project, person_id=reader_id)
    add(Booking, project_id=project, person_id=booked)
    add(Task, project_id=project, owner_id=owner)
    add(Task, project_id=project)
    add(Task, project_id=add(Project), owner_id=stranger)

    assert beside(store, reader_id)[0] == {manager, booked, owner}


def test_beside_are_those_of_the_own_practice(store: Store, add: Add) -> None:
    change, data = add(Practice), add(Practice)
    reader, colleague = add(Person, practice_id=change), add(Person, practice_id=change)
    add(Person, practice_id=data)
    add(Person)

    assert beside(store, reader)[1] == {colleague}


def test_nobody_is_beside_an_outsider_or_who_has_no_practice(store: Store, add: Add) -> None:
    add(Person)

    assert beside(store, None) == beside(store, add(Person)) == (frozenset(), frozenset())
