"""Questions in a room that is about one project: they mean that project, and are seldom put back."""

from collections.abc import Iterator

import pytest

from integrations.app import Application, Hearing
from storage.access import Circle, Reader, all_of_team
from storage.vocabulary import Level
from tests.integrations.conftest import MONDAY

HERE = """
    whats late|what's overdue here|wheres it at|how are we doing|are we on track|status?|status update pls|whats next
    what is due this week|who is on this|whos working on it|who manages this|when is client test|next milestone
    any blockers|whats blocked|what is waiting on tern|top risks|any risks we should worry about|critical path
    how much slack in testing|how many tasks are open|which tasks have no owner|which tasks have no estimate
    list open tasks|show me the plan|what are the milestones|how late is it|is it green|timeline
"""
ELSEWHERE = "whats on my plate|am i blocking anyone|whos free next week|what is late in the firm|which projects are red"


class OnMonday(Application):
    def today(self):
        return MONDAY


@pytest.fixture
def in_room(sample: Application) -> Iterator:
    application = OnMonday(sample.settings, sample.store)
    with sample.store.reading() as session:
        from sqlmodel import select

        from storage.models import Project

        gate = session.exec(select(Project.id).where(Project.key == "GATE")).one()
    hearing = Hearing((Circle(projects=frozenset({gate or 0})),), (Level.PROJECT, "GATE"), is_shared=True)
    tomas = application.person("tomas.reyes@quillmere.example")

    def ask(text: str):
        return application.ask(text, tomas, surface="slack", thread=f"room-{text}", hearing=hearing)

    yield ask


def test_what_is_asked_in_a_room_is_about_its_project(in_room):
    questions = [each.strip() for each in HERE.replace("\n", "|").split("|") if each.strip()]
    answers = {text: in_room(text) for text in questions}

    asked_back = [text for text, answer in answers.items() if answer.outcome == "asked_back"]
    assert len(asked_back) <= 0.08 * len(questions), asked_back
    elsewhere = {
        text: answer.text
        for text, answer in answers.items()
        if answer.outcome == "answered" and "GATE" not in answer.text and "Gateway" not in answer.text
    }
    assert elsewhere == {}
    assert not [text for text, answer in answers.items() if answer.outcome == "failed"]


def test_what_is_not_about_it_is_not_bent_to_it(in_room):
    for text in ELSEWHERE.split("|"):
        answer = in_room(text)
        assert answer.outcome == "answered", text
        assert not answer.text.startswith(("**Tern Gateway", "[GATE")), answer.text


def test_a_thread_of_several_people_is_about_what_any_of_them_said_last(in_room, sample: Application):
    application = OnMonday(sample.settings, sample.store)
    hearing = Hearing((Circle(),), is_shared=True)
    lena, tomas = (application.person(f"{each}@quillmere.example") for each in ("lena.brandt", "tomas.reyes"))
    application.ask("wheres tern gateway", lena, surface="slack", thread="shared", hearing=hearing)

    there = application.ask("who manages it?", tomas, surface="slack", thread="shared", hearing=hearing)
    alone = application.ask("who manages it?", tomas, surface="slack", thread="shared-2", hearing=hearing)
    elsewhere = application.ask("who manages it?", tomas, surface="api", thread="shared", hearing=Hearing())

    assert "Lena Brandt" in there.text
    assert alone.outcome == "asked_back"
    assert "Lena Brandt" in elsewhere.text  # their own thread of that name, by what they asked in it


def test_a_circle_sees_what_its_team_sees_and_nothing_that_is_one_persons(sample: Application):
    from sqlmodel import col, func, select

    from storage.access import FieldClass, resolve
    from storage.models import Person, Project

    with sample.store.reading() as session:
        gate = session.exec(select(Project).where(Project.key == "GATE")).one()
        tomas = session.exec(select(Person).where(Person.key == "tomas.reyes")).one()
        colm = session.exec(select(Person).where(Person.key == "colm.reidy")).one()
        team = Circle(projects=frozenset({gate.id or 0}))
        access = resolve(session, Reader(tomas.id, (team,)))

        def sees(field_class: FieldClass) -> set[str]:
            return set(session.exec(select(Project.key).where(access.projects(field_class))))

        assert sees(FieldClass.TEAM) == {"GATE"}
        assert sees(FieldClass.MONEY) == set()
        private = select(func.count()).select_from(Person).where(access.private(col(Person.id)))
        assert session.scalar(private) == 0
        assert all_of_team(session, [tomas.id or 0], team)
        assert not all_of_team(session, [tomas.id or 0, colm.id or 0], team)
