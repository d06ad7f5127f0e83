import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.grounding import passages
from assistant.grounding.streaming import LONGEST


def test_sentences_and_lines_come_as_soon_as_they_are_whole():
    deltas = iter(["**Gate is late", ".** It waits on {{f1.rows.", "A. B.name}}. Done\n", "- x"])

    assert list(passages(deltas)) == ["**Gate is late.** ", "It waits on {{f1.rows.A. B.name}}. ", "Done\n", "- x"]


@pytest.mark.parametrize(
    "whole",
    [
        "It is 3.5 days, e.g. for testing.",
        "Ask Dr. Smith or J. Doe about it.",
        "See {{f1.rows.GATE-31. x}} first.",
        "1. The list goes on.",
        "That is so approx. now, i.e. today.",
    ],
)
def test_abbreviations_decimals_references_and_items_end_no_sentence(whole: str):
    assert list(passages([*whole])) == [whole]


def test_what_a_cut_stream_leaves_comes_last():
    assert list(passages(["It is done. And the re"])) == ["It is done. ", "And the re"]


def test_text_without_a_full_stop_is_cut_at_a_blank_and_never_inside_a_reference():
    parts = list(passages(["word " * 119, "{{f1.rows.GATE-31.name}} ", "word " * 200]))

    assert max(map(len, parts)) <= LONGEST
    assert all(part.count("{{") == part.count("}}") for part in parts)


@given(st.lists(st.text(alphabet="ab. \n{}!?1", max_size=12)))
def test_passages_joined_are_the_stream(deltas: list[str]):
    assert "".join(passages(deltas)) == "".join(deltas)
