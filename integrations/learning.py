"""`pilothouse learn`: what an organisation's own people say, added to what the built-in model has learned."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

from assistant.builtin import intent, learning
from assistant.builtin.learning import CannotLearn, Utterances
from integrations.app import Application, CannotDo
from storage.access import Reader
from tools.names import NameIndex

TOLD = "told.yaml"


@dataclass(frozen=True)
class Learned:
    """How many utterances are new, and all that the home holds now."""

    added: int
    utterances: Utterances

    def to_json(self) -> dict[str, Any]:
        return {"added": self.added, "utterances": dict(self.utterances)}

    def __str__(self) -> str:
        total = sum(map(len, self.utterances.values()))
        return f"Learned {self.added} new of {total} utterances. A running server uses them from its next question on."


def of_files(paths: Sequence[Path]) -> Mapping[str, Utterances]:
    """What is to be kept of these files, by name: in place of earlier ones of the same name."""
    if twice := next((name for name, times in Counter(path.name for path in paths).items() if times > 1), None):
        raise CannotDo(f"Two of the files are called “{twice}”: one would take the place of the other.")
    return {path.name: _read(path) for path in paths}


def of_words(application: Application, tool: str, texts: Sequence[str]) -> Mapping[str, Utterances]:
    """What is to be kept so that these words ask for the tool."""
    kept = application.settings.utterances / TOLD
    try:
        told = {learning.check_label(tool): learning.check_texts(tool, list(texts))}
        return {TOLD: learning.joined([learning.read_utterances(kept), told] if kept.exists() else [told])}
    except CannotLearn as problem:
        raise CannotDo(str(problem)) from problem


def learn(application: Application, files: Mapping[str, Utterances]) -> Learned:
    """Learn all that the home holds together with these files, and keep them there once that is done."""
    folder, before = application.settings.utterances, list_learned(application)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as beside:
        trial = Path(beside)
        for path in sorted(folder.glob("*.yaml")):
            copyfile(path, trial / path.name)
        for name, utterances in files.items():
            learning.keep(trial, name, _with_placeholders(application, utterances))
        intent.train(trial)
        _take_over(trial, folder, files)
    after = list_learned(application)
    return Learned(len(_pairs(after) - _pairs(before)), after)


def _take_over(trial: Path, folder: Path, names: Iterable[str]) -> None:
    """Put what was learned in the place of what was known; the model first, which its utterances make count."""
    folder.mkdir(parents=True, exist_ok=True)
    earlier = set(folder.glob("intent-*.npz"))
    models = {path.replace(folder / path.name) for path in trial.glob("intent-*.npz")}
    for name in names:
        (trial / name).replace(folder / name)
    for path in earlier - models:
        path.unlink(missing_ok=True)


def list_learned(application: Application) -> Utterances:
    """What the home holds."""
    try:
        return learning.kept_in(application.settings.utterances)
    except CannotLearn as problem:
        raise CannotDo(str(problem)) from problem


def render(utterances: Utterances) -> str:
    """Utterances below the names of their tools."""
    if not utterances:
        return 'Nothing learned yet. For example: pilothouse learn --tool project_status "how fares {project}"'
    return "\n".join(
        line for label, texts in sorted(utterances.items()) for line in (label, *(f"  {text}" for text in texts))
    )


def _read(path: Path) -> Utterances:
    if path.suffix != ".yaml":
        raise CannotDo(f"“{path}” is no .yaml file.")
    try:
        return learning.read_utterances(path)
    except CannotLearn as problem:
        raise CannotDo(str(problem)) from problem


def _with_placeholders(application: Application, utterances: Utterances) -> Utterances:
    """Names of this store in place of a placeholder would make the words hold for them alone."""
    with application.store.reading() as session:
        index, reader = NameIndex.of(session), Reader(application.owner().id)
        return {
            label: [learning.with_placeholders(text, session, reader, index, application.today()) for text in texts]
            for label, texts in utterances.items()
        }


def _pairs(utterances: Utterances) -> set[tuple[str, str]]:
    return {(label, text) for label, texts in utterances.items() for text in texts}
