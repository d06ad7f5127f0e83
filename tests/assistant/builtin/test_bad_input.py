"""Whatever people send: it is understood, asked back or declined in a sentence; nothing raises."""

import pytest

from assistant.builtin import replies
from storage.directory import NameRow
from storage.vocabulary import Level
from tests.assistant.builtin.conftest import Understand
from tools.facts import Clarification, Refusal
from tools.resolve import which

SAM = "sam.okafor@quillmere.example"


@pytest.mark.parametrize(
    "text",
    [
        "le projet gateway est en retard ?",
        "wie ist der status von dem crm projekt",
        "как дела с проектом",
        "プロジェクトの状況は？",
        "🎉🎉🔥",
        "SELECT * FROM tasks WHERE 1=1; --",
        "<script>alert(1)</script>",
        "<b>status</b> &amp; more",
        "def f(x):\n    return x + 1",
        '{"ask": ["status", {"of": null}]}',
        "?!?! ... ,,, ;;;",
        "\ud800\udfff\ud800",
        "\u202eMRC si woh",
        "tasks due last week of next February 30",
        "projects that are late and not late",
        "a" * 5_000,
    ],
)
def test_it_is_answered_in_a_sentence(read_as: Understand, text: str) -> None:
    understood = read_as(text, "quillmere", SAM)
    said = understood.instead

    assert understood.tool is not None or said is not None
    sentence = said.sentence if isinstance(said, Refusal) else said.question if isinstance(said, Clarification) else "."
    assert sentence.rstrip()[-1] in ".?”)"
    assert "\n" not in sentence


@pytest.mark.parametrize(
    "text",
    [
        *("le projet gateway est en retard ?", "wie ist der status von dem crm projekt"),
        *("какие проекты опаздывают?", "プロジェクトの状況は？", "哪些项目延期了？", "ما هي المشاريع المتأخرة؟"),
        *("ποια έργα καθυστερούν;", "어떤 프로젝트가 늦었나요?", "где проект Tern Gateway", "是"),
    ],
)
def test_other_languages_are_told_so(read_as: Understand, text: str) -> None:
    said = read_as(text, "quillmere", SAM).instead

    assert isinstance(said, Refusal)
    assert "English" in said.sentence


def test_one_name_in_other_letters_makes_a_message_no_other_language(read_as: Understand) -> None:
    said = read_as("where is Иван", "quillmere", SAM).instead

    assert isinstance(said, Refusal)
    assert "English" not in said.sentence


@pytest.mark.parametrize(
    "text",
    ["how is C\u200bR\u200bM rollout doing", "how\u00a0is ＣＲＭ rollout doing", "how is crm\u2060 rollout doing"],
)
def test_characters_that_cannot_be_seen_change_no_name(read_as: Understand, text: str) -> None:
    assert read_as(text, "quillmere", SAM).arguments == {"project": "CRM"}


def test_of_forty_thousand_characters_the_beginning_is_read_and_that_is_said(read_as: Understand) -> None:
    understood = read_as("how is crm rollout doing? " + "and so on " * 4_000, "quillmere", SAM)

    assert "I read the first 4,000" in understood.note + str(understood.instead)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("projects with passwd", "“passwd”"),
        ("budget of ../../etc/passwd", "“etc/passwd”"),
        (f"which projects are {'x' * 499}", f"“{'x' * 79}…”"),
    ],
)
def test_what_was_typed_is_quoted_as_typed_and_in_short(read_as: Understand, text: str, quoted: str) -> None:
    said = read_as(text, "quillmere", SAM).instead

    assert isinstance(said, Refusal)
    assert quoted in said.sentence


def test_a_long_name_stands_in_a_question_back_in_short_and_a_little_word_in_quotation_marks() -> None:
    long = [NameRow(Level.PROJECT, number, f"P{number}", f"{number} {'x' * 499}") for number in (1, 2)]

    assert which("x", long).options[0].label == f"1 {'x' * 77}… (P1)"
    assert replies.reading("list_tasks", "my") == "the tasks of “my”"
    assert replies.reading("list_tasks", "CRM rollout") == "the tasks of CRM rollout"
