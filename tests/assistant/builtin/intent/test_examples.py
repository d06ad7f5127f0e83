"""Utterances become texts as messages do."""

from assistant.builtin.intent.examples import NAMES, examples, foreign_words, in_words, shared_words
from assistant.builtin.intent.reading import as_placeholders, as_read


def test_an_utterance_is_read_as_a_message_is() -> None:
    assert as_read("Whats {x} on my plate this wk, 16h??").split()[:2] == ["what", "is"]
    assert as_read("done w/ xxtaskxx, took 3 days") == "done with xxtaskxx took xxnumberxx"
    assert as_read("is it ready by next friday?") == "is it ready xxtimexx"


def test_place_words_are_spoken_for_the_encoder_and_written_as_placeholders() -> None:
    assert in_words("status of xxprojectxx xxtimexx") == "status of the project next week"
    assert as_placeholders("status of xxprojectxx") == "status of {project}"


def test_a_name_is_learned_as_a_place_and_now_and_then_as_a_stranger() -> None:
    told = list(examples({"project_status": ["status of {project}"] * 3}))

    assert [[each.text for each in texts[:1]] for texts in told] == [["status of xxprojectxx"]] * 3
    assert [texts[1].text.removeprefix("status of ") in NAMES["place"] for texts in told[:1]] == [True]
    assert [len(texts) for texts in told] == [2, 1, 1]


def test_words_are_foreign_where_no_tool_has_them_and_shared_where_several_messages_do() -> None:
    spoken = {"out_of_scope": ["the weather", "a joke"], "my_work": ["the list"]}

    assert foreign_words(spoken) == {"weather", "a", "joke"}
    assert shared_words(spoken) == {"the"}
