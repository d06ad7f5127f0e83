"""Cycles are found wherever they hide, and written out from their first key."""

import itertools

from storage.importing.cycles import cycle_of_links, cycles_of_parents


def test_a_chain_has_no_cycle() -> None:
    assert cycle_of_links([("A", "B"), ("B", "C"), ("A", "C")]) == []
    assert cycles_of_parents({"A": "B", "B": "C"}) == {}


def test_a_cycle_behind_a_chain_and_before_another_is_found() -> None:
    links = [("A", "X"), ("X", "Y"), ("Y", "Z"), ("Z", "X"), ("Z", "END")]

    assert cycle_of_links(links) == ["X", "Y", "Z"]


def test_only_the_tasks_on_a_cycle_are_named() -> None:
    assert cycles_of_parents({"A": "B", "B": "A", "C": "A"}) == {"A": "A > B > A", "B": "A > B > A"}


def test_a_long_chain_is_no_trouble() -> None:
    keys = [str(number) for number in range(100_000)]

    assert cycle_of_links(itertools.pairwise(keys)) == []
    assert cycles_of_parents(dict(itertools.pairwise(keys))) == {}
