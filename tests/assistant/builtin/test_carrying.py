"""Messages that live on the talk before them: reports of a task, a way out for somebody, numbers without a unit."""

import pytest

from assistant.builtin.carrying import asks_for_parts, calls_for_way_out, reported, with_unit
from assistant.builtin.focus import Focus, Referent, Said
from storage.vocabulary import Level
from tests.assistant.builtin.conftest import Understand

TASK, PERSON = Referent(Level.TASK, "LEDG-20"), Referent(Level.PERSON, "dana.kowal")


@pytest.mark.parametrize("text", ["its done since friday", "finished", "it is blocked since monday", "ok, that's done"])
def test_a_report_is_of_the_task_talked_about(text: str) -> None:
    said = reported(Focus(subjects=(TASK,)), text)

    assert said is not None
    assert said.it == TASK


@pytest.mark.parametrize("text", ["is it done?", "it's done?", "done projects", "blocked tasks", "who is done"])
def test_a_question_is_no_report(text: str) -> None:
    assert reported(Focus(subjects=(TASK,)), text) is None


def test_nothing_is_reported_of_a_project_nor_without_any_talk() -> None:
    assert reported(Focus(subjects=(Referent(Level.PROJECT, "LEDG"),)), "done") is None
    assert reported(Focus(), "done") is None


@pytest.mark.parametrize("text", ["ok fix that", "any suggestions?", "ok then make a suggestion how we solve"])
def test_a_way_out_is_for_whose_load_it_is(text: str) -> None:
    assert calls_for_way_out(Focus(subjects=(PERSON,), tool="utilisation"), text) == Said("fix it", PERSON)
    assert calls_for_way_out(Focus(subjects=(TASK,), tool="task_details"), text) is None


@pytest.mark.parametrize(
    ("earlier", "text", "meant"),
    [
        ("1m and 8 people what do we fund", "make it 1.4", "make it 1.4 m"),
        ("1m and 8 people what do we fund", "make it 10", "make it 10 people"),
        ("what if the devices are 2 weeks late", "or 3?", "or 3 weeks"),
        ("what if the devices are late", "make it 3", "make it 3"),
        ("1m and 8 people what do we fund", "make it 2 people", "make it 2 people"),
    ],
)
def test_a_bare_number_has_the_unit_of_what_it_comes_nearest_to(earlier: str, text: str, meant: str) -> None:
    assert with_unit(Focus(question=(Said(earlier),)), text) == meant


def test_parts_of_the_last_answer_are_asked_for() -> None:
    assert asks_for_parts("ok split that by practice")
    assert not asks_for_parts("split the load test in two")


def test_the_releases_of_a_program_are_its_projects(read_as: Understand) -> None:
    told = read_as("tell me about HITECH")

    understood = read_as("which of its releases cost most", focus=told.focus)

    assert understood.arguments["scope"] == "009-000236620"
    assert understood.arguments["level"] == "project"
