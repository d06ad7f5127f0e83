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


def beside(store: Store, person_id: int | None) -> frozenset[int]:
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

    assert beside(store, reader_id) == {manager, booked, owner}


def test_to_share_a_practice_is_not_to_be_beside(store: Store, add: Add, reader_id: int) -> None:
    with store.reading() as session:
        practice_id = session.get_one(Person, reader_id).practice_id
    add(Person, practice_id=practice_id)

    assert beside(store, reader_id) == frozenset()


def test_nobody_is_beside_an_outsider_or_who_has_no_project(store: Store, add: Add) -> None:
    add(Person)

    assert beside(store, None) == beside(store, add(Person)) == frozenset()
