"""Tasks by words of their names: most of a name, the nearest project's, and never one that is hidden."""

from collections.abc import Callable

import pytest

from assistant.builtin.linking import clearest, link_tasks, tasks_said
from storage.access import Reader
from storage.people import find_person_by_email
from tests.firm import Firm

Link = Callable[..., str | None]


@pytest.fixture
def linked(firm: Firm) -> Link:
    """The key of the task that words speak of, to one of the firm's people."""

    def link(text: str, who: str = "tomas.reyes") -> str | None:
        with firm.store.reading() as session:
            person = find_person_by_email(session, f"{who}@quillmere.example")
            reader = Reader(person.id if person else None)
            found = clearest(link_tasks(session, reader, dict(enumerate(text.split()))), session, reader)
            return found.task.key if found else None

    return link


def said(firm: Firm, text: str, near: list[int] | None = None) -> list[tuple[int, int, str, bool]]:
    with firm.store.reading() as session:
        ruth = find_person_by_email(session, "ruth.halloran@quillmere.example")
        found = tasks_said(session, Reader(ruth.id if ruth else None), dict(enumerate(text.split())), near or [])
        return [(first, last, task.key, whole) for first, last, task, whole in found]


def test_part_of_a_name_is_enough_where_nothing_else_is_called_so(linked: Link) -> None:
    assert linked("the cert exchange") == "GATE-31"
    assert linked("chargebacks what is missing") == "LEDG-15"
    assert linked("practise enviroment") == "TRAIN-10"


def test_words_of_no_name_mean_no_task(linked: Link) -> None:
    assert linked("xyzzy plugh") is None
    assert linked("") is None


def test_a_name_that_holds_a_shorter_one_is_meant_where_all_of_it_is_said(firm: Firm) -> None:
    assert said(firm, "load test at double volume is late") == [(0, 5, "GATE-51", True)]


def test_words_far_apart_are_no_name(firm: Firm) -> None:
    assert said(firm, "the certificate was lost when we moved the exchange") == []


def test_of_two_tasks_of_one_name_the_one_nearby_is_meant(firm: Firm) -> None:
    with firm.store.reading() as session:
        ruth = find_person_by_email(session, "ruth.halloran@quillmere.example")
        both = link_tasks(session, Reader(ruth.id if ruth else None), {0: "user", 1: "test"})
    crm = next(each.task for each in both if each.task.project_key == "CRM" and each.task.name == "User test")

    assert said(firm, "push the user test") == [(2, 4, "CRM-27", True)]  # the other is of a bid yet
    assert [key for _, _, key, _ in said(firm, "push the user test", [crm.project_id])] == [crm.key]


def test_who_may_not_know_a_project_finds_none_of_its_tasks(linked: Link) -> None:
    assert linked("certificate exchange", "nobody") is None
