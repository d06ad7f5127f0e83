"""The benchmark of understanding runs over the whole road, and its scorer can fail."""

from pathlib import Path

from assistant.answer import Answer, ToolCall
from evals.benchmarks.understanding import confusion, curve, figures, measure, reading
from evals.labelled import Labelled

STATUS = Labelled("quillmere", ("wheres gate",), tools=("project_status",), slots={"project": "GATE"})
WEATHER = Labelled("quillmere", ("will it rain",), out_of_scope=True)
WHICH = Labelled("quillmere", ("is it late",), ambiguous=True)


def answered(tool: str, confidence: float = 0.9, **arguments: str) -> Answer:
    call = ToolCall(name=tool, arguments=arguments, confidence=confidence)
    return Answer(outcome="answered", text="", tools=[call])


DECLINED, ASKED = Answer(outcome="declined", text=""), Answer(outcome="asked_back", text="")


def test_what_is_right_counts_as_right() -> None:
    readings = [
        reading(STATUS, answered("project_status", project="GATE")),
        reading(WEATHER, DECLINED),
        reading(WHICH, ASKED),
    ]

    shares = figures(readings)
    assert (shares["right_tool"], shares["right_tool_and_slots"], shares["needless_questions"]) == (1, 1, 0)
    assert (shares["out_of_scope_turned_away"], shares["ambiguous_asked_back"]) == (1, 1)
    assert all(each.is_well for each in readings)


def test_what_is_wrong_counts_as_wrong() -> None:
    readings = [
        reading(STATUS, answered("project_status", project="CRM")),
        reading(STATUS, answered("finances", confidence=0.4, scope="GATE")),
        reading(STATUS, ASKED),
        reading(WEATHER, answered("forecast", confidence=0.4)),
        reading(WHICH, answered("project_status", project="GATE")),
    ]

    shares = figures(readings)
    assert (shares["right_tool"], shares["right_tool_and_slots"]) == (0.3333, 0)
    assert (shares["needless_questions"], shares["out_of_scope_turned_away"]) == (0.3333, 0)
    assert not any(each.is_well for each in readings)
    assert [(each["confidence"], each["answered"], each["right"]) for each in curve(readings)][-1] == (0.9, 0.25, 1)
    assert "| 3 project_status | 1 |  | **1** | 1 |" in confusion(readings)


def test_a_handful_of_messages_is_asked_and_scored(tmp_path: Path) -> None:
    path = tmp_path / "few.yaml"
    path.write_text(
        "- {world: quillmere, ask: where is GATE, tool: project_status, slots: {project: GATE}}\n"
        "- {world: quillmere, ask: whats the weather like, out_of_scope: true}\n"
    )

    report = measure([path])

    assert report.summary["right_tool_and_slots"] == report.summary["out_of_scope_turned_away"] == 1
    assert report.summary["without_embeddings"]["right_tool"] == 1
    assert report.rows == []
