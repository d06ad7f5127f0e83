"""An organisation's own utterances: checked, kept in a folder of its home, and learned."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from reprlib import repr as short
from typing import Any

import yaml
from sqlmodel import Session

from assistant.builtin import intent
from assistant.builtin.focus import Focus
from assistant.builtin.masking import masked
from assistant.builtin.message import Asker, Message
from assistant.builtin.vocabulary import Vocabulary
from assistant.builtin.words import written_out
from storage.access import Reader
from tools.catalog import TOOLS
from tools.names import NameIndex, plain

LONGEST = 300  # characters of an utterance
PLACEHOLDERS = ("project", "program", "portfolio", "task", "person", "skill", "client", "time", "number")
LABELS = (*(tool.name for tool in TOOLS), intent.FOREIGN)
Utterances = Mapping[str, list[str]]


class CannotLearn(Exception):
    """Something that cannot be learned; the sentence says what and why."""


def read_utterances(path: Path) -> Utterances:
    """The utterances of a file: a tool's name, and below it what people say for it. Raises CannotLearn."""
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=_NoKeyTwice)
    except (OSError, UnicodeDecodeError) as error:
        raise CannotLearn(f"“{path}” cannot be read as text: {error}.") from error
    except RecursionError as error:
        raise CannotLearn(f"“{path}” is nested too deeply: below each tool stands one list of utterances.") from error
    except yaml.YAMLError as error:
        raise CannotLearn(f"“{path}” is not YAML: {' '.join(str(error).split())}.") from error
    if not isinstance(content, dict) or not content:
        raise CannotLearn(f"“{path}” holds no tool with a list of utterances, like “project_status: [how is it]”.")
    return {check_label(label): check_texts(label, texts) for label, texts in content.items()}


def check_label(label: Any) -> str:
    if label in LABELS:
        return str(label)
    near = get_close_matches(str(label), LABELS, 1)
    hint = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(LABELS)}."
    raise CannotLearn(f"There is no tool “{label!s:.60}”. {hint}")


def check_texts(label: Any, texts: Any) -> list[str]:
    if not isinstance(texts, list) or not texts:
        raise CannotLearn(f"Below “{label}” stands no list of utterances.")
    for text in texts:
        if not isinstance(text, str) or not any(sign.isalpha() for sign in text):
            shown = text if isinstance(text, str) else short(text)
            raise CannotLearn(f"“{shown:.60}” below “{label}” is no sentence: put it in quotation marks, in words.")
        if len(text) > LONGEST:
            raise CannotLearn(f"“{text:.40}...” is longer than the {LONGEST} characters that one utterance may have.")
        _check_placeholders(text)
    return [" ".join(text.split()) for text in texts]


def _check_placeholders(text: str) -> None:
    strange = _BRACED.search(_PLACEHOLDER.sub("", text))
    if strange:
        known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
        raise CannotLearn(f"“{strange.group():.40}” in “{text:.60}” is no placeholder. There are: {known}.")


class _NoKeyTwice(yaml.SafeLoader):
    """A safe loader that refuses a key that stands twice, of which YAML would keep the last in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
        if twice := next((key for key, times in keys.items() if times > 1), None):
            raise CannotLearn(f"“{twice:.60}” stands twice in one file: put all of its utterances into one list.")
        return super().construct_mapping(node, deep)


def with_placeholders(text: str, session: Session, reader: Reader, index: NameIndex, today: date) -> str:
    """An utterance with {project}, {time} and so on for what this store knows, so that it holds for any other too."""
    if "{" in text:
        return text
    seen = index.seen_by(session, reader)
    asker = Asker(session, reader, seen, today, Vocabulary.of(session, reader, seen))
    _, pieces = Message(asker, Focus.of(None), text).read(written_out(plain(text)))
    return intent.as_placeholders(masked(pieces))


def keep(folder: Path, name: str, utterances: Utterances) -> None:
    """Write a file of utterances into the folder, in place of one of that name."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(yaml.safe_dump(dict(utterances), allow_unicode=True, sort_keys=True), "utf-8")


def kept_in(folder: Path) -> Utterances:
    """Everything the folder holds."""
    return joined(read_utterances(path) for path in sorted(folder.glob("*.yaml")))


def joined(parts: Iterable[Utterances]) -> Utterances:
    """Several lists as one, each utterance once."""
    found: dict[str, dict[str, None]] = {}
    for part in parts:
        for label, texts in part.items():
            found.setdefault(label, {}).update(dict.fromkeys(texts))
    return {label: list(texts) for label, texts in found.items()}


_PLACEHOLDER = re.compile(rf"\{{(?:{'|'.join(PLACEHOLDERS)})\}}")
_BRACED = re.compile(r"\{[^{}]*\}?|\}")
