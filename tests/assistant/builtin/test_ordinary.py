"""Names that are words of any question: they change no ordinary question, and are found where they stand as names."""

from collections.abc import Callable

import pytest

from assistant.builtin.ordinary import Ordinary
from assistant.builtin.understanding import Understanding, understand
from assistant.builtin.words import Phrase
from storage.directory import NameRow
from storage.vocabulary import Level
from tests.firm import MONDAY, Firm
from tools.names import NameIndex, words_of

Read = Callable[[str], Understanding]
PROJECTS = (
    *("Late", "Red", "Quiet", "all", "projects", "tomorrow", "my", "Budget", "This Week", "of my", "Open Tasks", "it"),
    *(
        "Who",
        "What",
        "yes",
        "99",
        "Plate",
        "Status",
        "Over Budget",
        "Free",
        "Monday",
        "Blocked",
        "going",
        "late projects",
    ),
)
PEOPLE = ("Open", "Everyone", "Mark Done")


def named(names: tuple[str, ...], level: Level) -> list[NameRow]:
    return [NameRow(level, 9_000 + number, f"{level[:2]}{number}", name) for number, name in enumerate(names)]


@pytest.fixture
def read(firm: Firm) -> Read:
    return reading(firm, [])


@pytest.fixture
def read_hostile(firm: Firm) -> Read:
    """The same firm with projects and people whose names are words of questions."""
    return reading(firm, [*named(PROJECTS, Level.PROJECT), *named(PEOPLE, Level.PERSON)])


def reading(firm: Firm, more: list[NameRow]) -> Read:
    with firm.store.reading() as session:
        index = NameIndex([*NameIndex.of(session).rows, *more])

    def read(text: str) -> Understanding:
        with firm.store.reading() as session:
            return understand(text, session=session, reader=firm.reader("ruth"), index=index, today=MONDAY)

    return read


@pytest.mark.parametrize(
    "text",
    [
        "which projects are late/red",
        "what is late",
        "how is all going",
        "what is due tomorrow",
        "which of my projects are late",
        "which greens arent really green",
        "tasks due this week in CRM rollout",
        "how many open tasks does each project have?",
        "how many tasks are open in tern gateway",
        "number of open tasks",
        "whats on my plate this wk",
        "burn vs budget on tern, will we go over",
        "who knows terraform and has time next week",
        "which project is gonna hurt the others",
        "just approve it for me",
        "one pager for monday pls",
        "is the project late",
        "what is everyone working on",
        "what's over budget",
        "who is free next week",
        "list of late projects",
    ],
)
def test_an_ordinary_question_reads_as_without_them(read: Read, read_hostile: Read, text: str) -> None:
    before, after = read(text), read_hostile(text)

    assert (after.tool, after.arguments, after.instead) == (before.tool, before.arguments, before.instead)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("project Late", "Late"),
        ("status of late", "Late"),
        ("where is Late", "Late"),
        ("how is Late doing", "Late"),
        ("Late's budget", "Late"),
        ("is Late red?", "Late"),
        ("tell me about Red", "Red"),
        ("who manages project tomorrow", "tomorrow"),
        ("tasks of project my", "my"),
        ('status of "all"', "all"),
        ('budget of "this week"', "This Week"),
        ("how is pr3 doing", "all"),
    ],
)
def test_they_are_found_where_a_name_would_stand(read_hostile: Read, text: str, name: str) -> None:
    understood = read_hostile(text).arguments

    assert f"pr{PROJECTS.index(name)}" in (understood.get("project"), understood.get("scope"))


def test_a_client_called_so_is_meant_only_beside_the_word_for_it() -> None:
    late = (Phrase("states", "late", 0, 1), Phrase("value", "late", 0, 1))
    beside = (Phrase("fields", "client", 0, 1), Phrase("states", "late", 1, 2), Phrase("value", "late", 1, 2))

    def kept(text: str, phrases: tuple[Phrase, ...]) -> list[str]:
        said = Ordinary(text, words_of(text), phrases, (), ())
        return [each.kind for each in said.without_clients(lambda _: True)]

    assert kept("late projects", late) == ["states"]
    assert kept("client late", beside) == ["fields", "states", "value"]


def test_a_quoted_name_is_that_name_and_not_a_text_to_search_for(read: Read) -> None:
    assert read('status of "CRM rollout"').arguments == {"project": "CRM"}
    assert read('projects called "CRM rollout"').arguments["where"] == ["name contains crm rollout"]
