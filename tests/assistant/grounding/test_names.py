from time import perf_counter

from assistant.grounding import Ground, Names
from assistant.grounding.names import like_names, words_of
from storage.directory import NameRow
from storage.vocabulary import Level
from tools.names import NameIndex


def found(text: str, names: Names) -> list[str]:
    words = words_of(text)
    return [text[words[first].start : words[last - 1].end] for first, last in names.found(words)]


def test_the_longest_name_at_a_place_is_found_however_it_is_written():
    names = Names(["Tern", "Tern Gateway", "GATE", "Żółw Audit"], ["Lena Brandt"])

    assert found("tern gateway, the zolw audit and GATE of Lena's", names) == [
        "tern gateway",
        "zolw audit",
        "GATE",
        "Lena's",
    ]


def test_a_word_of_plain_english_is_a_name_only_with_its_capital():
    names = Names(["Training", "IT"])

    assert found("training of it", names) == []
    assert found("see Training", names) == ["Training"]


def test_capitals_inside_a_sentence_look_like_a_name():
    text = "Ask Jane Miller. She knows SPI, I think: Everything."
    words = words_of(text)

    assert [[word.written for word in words[first:last]] for first, last in like_names(text, words)] == [
        ["Jane", "Miller"]
    ]


def test_names_are_read_once_for_an_index():
    index = NameIndex([NameRow(Level.PROJECT, 1, "GATE", "Tern Gateway", ("the gate",))])

    assert Names.of(index) is Names.of(index)
    assert found("the gate", Names.of(index)) == ["the gate"]


def test_ten_thousand_projects_cost_an_answer_next_to_nothing():
    index = NameIndex(NameRow(Level.PROJECT, at, f"PJ{at}", f"Amber Billing Rollout {at}") for at in range(10_000))
    Ground.of([], "", Names.of(index)).check("Ready?")
    started = perf_counter()
    Ground.of([], "", Names.of(index)).check("Nothing of it waits on amber billing.")

    assert perf_counter() - started < 0.2
