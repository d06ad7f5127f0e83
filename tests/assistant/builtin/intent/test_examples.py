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
    texts = [each.text for each in examples({"project_status": ["status of {project}"]})]

    assert texts[0] == "status of xxprojectxx"
    assert texts[1].removeprefix("status of ") in NAMES["place"]


def test_words_are_foreign_where_no_tool_has_them_and_shared_where_several_messages_do() -> None:
    spoken = {"out_of_scope": ["the weather", "a joke"], "my_work": ["the list"]}

    assert foreign_words(spoken) == {"weather", "a", "joke"}
    assert shared_words(spoken) == {"the"}
