"""What a person reads while a tool works: plain words with the subject's name, never a tool's."""

import pytest

from assistant.progress import say_progress
from tests.firm import Firm
from tools.catalog import BUILT, COMING
from tools.names import NameIndex


@pytest.fixture(scope="module")
def index(firm: Firm) -> NameIndex:
    with firm.store.reading() as session:
        return NameIndex.of(session).seen_by(session, firm.reader("sam.okafor"))


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("project_status", {"project": "GATE"}, "Looking at Tern Gateway"),
        ("list_tasks", {"scope": "GATE", "state": "late"}, "Looking at the tasks of Tern Gateway"),
        ("list_tasks", {"state": "late"}, "Looking at tasks"),
        ("my_work", {"person": "lena.brandt@quillmere.example"}, "Looking at the work of Lena Brandt"),
        ("my_work", {}, "Looking at your work"),
        ("task_details", {"task": "GATE-31"}, "Looking at the task"),
        ("finances", {"scope": "no such *key*"}, "Adding up the money"),
        ("finances", {"scope": ["GATE"]}, "Adding up the money"),
        ("a_tool_to_come", {"scope": "GATE"}, "Looking at Tern Gateway"),
    ],
)
def test_a_tool_at_work_is_told_in_plain_words(index: NameIndex, tool: str, arguments: dict, said: str) -> None:
    assert say_progress(tool, arguments, index) == said


def test_no_tool_is_told_by_its_name(index: NameIndex) -> None:
    for tool in (*BUILT, *COMING):
        assert "_" not in say_progress(tool, {"scope": "GATE"}, index)
