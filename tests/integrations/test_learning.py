"""`pilothouse learn`: a firm teaches the built-in model how its people talk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from assistant.builtin import intent
from assistant.builtin.intent import examples
from integrations import learning
from integrations.app import Application, CannotDo

EACH = 25  # utterances of every label: enough to tell them apart, and learned in a moment


@pytest.fixture
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The built-in model with a few of its utterances, and without the encoder."""
    folder = tmp_path / "shipped" / "utterances"
    folder.mkdir(parents=True)
    content = {
        label: texts[:: max(1, len(texts) // EACH)] for label, texts in intent.utterances(intent.UTTERANCES).items()
    }
    (folder / "few.yaml").write_text(yaml.safe_dump(content), "utf-8")
    monkeypatch.setattr(examples, "UTTERANCES", folder)
    monkeypatch.setattr(intent.kept, "encoder", lambda: None)
    yield
    intent.use(None)


@pytest.fixture
def home(sample: Application, tmp_path: Path, few: None) -> Application:
    """The sample's store with a home of its own, where nothing was learned yet."""
    settings = sample.settings.model_copy(update={"home": tmp_path, "database_url": sample.settings.store_url})
    return Application(settings, sample.store)


def test_a_firms_own_phrase_is_understood_once_it_was_learned(home: Application) -> None:
    before = home.ask("wie steht es um gateway", home.owner(), surface="test")
    files = learning.of_words(home, "project_status", ["wie steht es um tern gateway", "gimme the pulse of {project}"])
    done = learning.learn(home, files)
    asked = [
        home.ask(text, home.owner(), surface="test") for text in ("wie steht es um GATE", "gimme the pulse of CRM")
    ]

    assert before.tools == []
    assert [[(call.name, call.arguments) for call in each.tools] for each in asked] == [
        [("project_status", {"project": "GATE"})],
        [("project_status", {"project": "CRM"})],
    ]
    assert (done.added, str(done).startswith("Learned 2 new of 2 utterances.")) == (2, True)
    assert learning.render(learning.list_learned(home)).splitlines() == [
        "project_status",
        "  wie steht es um {project}",
        "  gimme the pulse of {project}",
    ]


def test_a_file_takes_the_place_of_the_one_of_its_name(home: Application, tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    for text in ("what brennt", "was glueht"):
        path.write_text(f"surface_risks: [{text}]", "utf-8")
        learning.learn(home, learning.of_files([path]))

    assert learning.list_learned(home) == {"surface_risks": ["was glueht"]}


def test_nothing_is_learned_of_a_file_that_is_wrong(home: Application, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text("my_work: [was liegt an]")
    bad.write_text("my_wrok: [was liegt an]")

    with pytest.raises(CannotDo, match="Did you mean “my_work”"):
        learning.of_files([good, bad])
    with pytest.raises(CannotDo, match=r"no \.yaml file"):
        learning.of_files([tmp_path / "notes.txt"])
    with pytest.raises(CannotDo, match="There is no tool “status”"):
        learning.of_words(home, "status", ["x y"])
    assert learning.render(learning.list_learned(home)).startswith("Nothing learned yet.")


def test_a_training_that_is_cut_off_leaves_what_was_known(home: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(intent, "train", cut_off)
    with pytest.raises(KeyboardInterrupt):
        learning.learn(home, learning.of_words(home, "my_work", ["was liegt an"]))

    assert learning.list_learned(home) == {}
    assert not [path for path in home.settings.home.iterdir() if path.name.startswith(".utterances")]


def test_a_second_file_of_one_name_is_refused(home: Application, tmp_path: Path) -> None:
    with pytest.raises(CannotDo, match=r"Two of the files are called “own.yaml”"):
        learning.of_files([tmp_path / "a" / "own.yaml", tmp_path / "b" / "own.yaml"])
