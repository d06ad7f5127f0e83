"""An organisation's own utterances: what is taken, what is refused and why, and how names become placeholders."""

import re
from pathlib import Path

import pytest

from assistant.builtin import intent, learning
from assistant.builtin.learning import CannotLearn
from tests.firm import MONDAY, Firm
from tools.names import NameIndex


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("project_statu: [how is it]", "Did you mean “project_status”?"),
        ("zzz: [how is it]", "There are: project_status"),
        ("project_status: how is it", "no list of utterances"),
        ("project_status: []", "no list of utterances"),
        ("project_status: [12]", "is no sentence"),
        ("project_status: ['???']", "is no sentence"),
        (f"project_status: ['{'long ' * 70}']", "longer than the 300 characters"),
        ("- how is it", "holds no tool"),
        ("project_status: [how", "is not YAML"),
        ("[" * 3_000, "nested too deeply"),
        ("my_work: ['{nosuch} hi']", "“{nosuch}” in “{nosuch} hi” is no placeholder. There are: {project}, {program}"),
        ("my_work: ['how is {project']", "is no placeholder"),
        ("my_work: [whats up]\nmy_work: [whats on]", "“my_work” stands twice"),
        ("my_work: [[[1]]]", "is no sentence"),
    ],
)
def test_what_cannot_be_learned_is_told_in_a_sentence(tmp_path: Path, content: str, complaint: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(content)

    with pytest.raises(CannotLearn, match=re.escape(complaint)):
        learning.read_utterances(path)


def test_a_file_that_is_not_there_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(CannotLearn, match="cannot be read"):
        learning.read_utterances(tmp_path / "none.yaml")


def test_what_is_kept_is_read_back_each_utterance_once(tmp_path: Path) -> None:
    learning.keep(tmp_path, "a.yaml", {"my_work": ["whats up", "na was gibts"]})
    learning.keep(tmp_path, "b.yaml", {"my_work": ["whats up"], "out_of_scope": ["oida"]})

    assert learning.kept_in(tmp_path) == {"my_work": ["whats up", "na was gibts"], "out_of_scope": ["oida"]}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("wie steht es um tern gateway", "wie steht es um {project}"),
        ("was macht {person} {time}", "was macht {person} {time}"),
        ("gimme the pulse of GATE-31 next week", "give me the pulse of {task} {time}"),
    ],
)
def test_names_of_the_store_become_placeholders(firm: Firm, text: str, kept: str) -> None:
    with firm.store.reading() as session:
        index, reader = NameIndex.of(session), firm.reader("lena.brandt")

        assert learning.with_placeholders(text, session, reader, index, MONDAY) == kept


def test_the_placeholders_are_those_of_the_utterances_that_come_with_it() -> None:
    ours = (text for label, texts in intent.utterances(intent.UTTERANCES).items() for text in texts if "{{" not in text)

    assert {found for text in ours for found in re.findall(r"\{(\w+)\}", text)} == set(learning.PLACEHOLDERS)
