"""The walk of a working day in Slack: ask, follow up, change, confirm, undo, record, over both ways in."""

from tests.integrations.slack.conftest import GATE, LENA, TOMAS, Talk


def test_asking_changing_confirming_and_undoing(talk: Talk):
    slack = talk.slack
    talk.ask(TOMAS, "wheres the gateway at??")
    first = talk.read(TOMAS)
    assert "Tern Gateway" in first and "62" in first, talk.log

    talk.ask(TOMAS, "who manages it")
    assert "Lena Brandt" in talk.read(TOMAS, count=2)

    talk.ask(LENA, "move GATE-52 to 13 march")
    talk.click(LENA, "card:confirm")
    done = slack.wait_for(lambda: next(each for each in slack.seen_by(LENA, slack.direct(LENA)) if "Done" in each))
    assert "GATE-52" in done and "Undo" in done

    talk.click(LENA, "card:undo")
    slack.wait_for(lambda: next(each for each in slack.seen_by(LENA, slack.direct(LENA)) if "Undone" in each))

    assert slack.refused == []
    assert talk.log == ""


def test_recording_what_a_message_says(talk: Talk):
    slack = talk.slack
    message = slack.says(TOMAS, GATE, "The certificates will be late again, says Tern.")
    slack.shortcut(LENA, message, "record_risk")
    slack.wait_for(lambda: slack.world.views)
    slack.submits(LENA, {"subject": "GATE"})

    talk.click(LENA, "card:confirm", GATE)

    slack.wait_for(lambda: next(each for each in slack.seen_by(LENA, GATE) if "Done" in each))
    assert not any("Done" in each for each in slack.seen_by(TOMAS, GATE))
    assert slack.refused == []
    assert talk.log == ""
