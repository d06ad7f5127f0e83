"""An answer on a terminal and in a pipe."""

import io

from assistant.answer import Answer, Citation
from integrations.rendering.terminal import console_for, marked_text, render_answer


def shown(answer: Answer) -> str:
    stream = io.StringIO()
    render_answer(console_for(stream, color=True), answer.contract())
    return stream.getvalue()


def test_a_pipe_gets_plain_words() -> None:
    citation = Citation(id="task:GATE-31", kind="task", label="certificates", url="/record/task/GATE-31")
    text = shown(
        Answer(outcome="answered", text="**Amber.** See [GATE-31].", understood="status of GATE", citations=[citation])
    )

    assert text == "Amber. See [GATE-31].\nUnderstood: status of GATE\nSources: task:GATE-31\nBuilt-in model\n"


def test_bold_and_italics_are_styles() -> None:
    text = marked_text("**Amber.** Two late.\n_As of Monday._")

    assert text.plain == "Amber. Two late.\nAs of Monday."
    assert [(span.start, span.end, span.style) for span in text.spans] == [(0, 6, "bold"), (17, 30, "italic")]


def test_lists_keep_their_lines() -> None:
    assert marked_text("Late:\n- one\n- two\n\nThat is all.").plain == "Late:\n• one\n• two\nThat is all."


def test_a_name_cannot_steer_the_terminal() -> None:
    text = shown(Answer(outcome="answered", text="Task \x1b]0;owned\x07\x1b[2J is late."))

    assert "\x1b" not in text and "\x07" not in text
