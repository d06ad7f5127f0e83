"""What this store adds to the lexicon: its fields and states, its sources' words, and values people ask for."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

from sqlmodel import Session

from assistant.builtin.words import Phrasebook, common_phrases, filler, lexicon
from storage.access import Reader
from storage.catalogue import Catalogue, Field, FieldKind
from storage.fields import catalogue, never_given
from storage.names import firm_words
from storage.values import distinct_values
from storage.vocabulary import Level
from tools.names import NameIndex, plain, words_of

LEVELS = (Level.TASK, Level.PROJECT, Level.PROGRAM, Level.PORTFOLIO)


@dataclass(frozen=True)
class FieldValue:
    """Values of one field that a phrase stands for: "completed" may be two states of a source."""

    level: Level
    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Phrases for fields, states, levels and values of one store, as one reader may know them."""

    catalogues: Mapping[Level, Catalogue]
    phrases: Phrasebook
    values: Mapping[str, tuple[FieldValue, ...]]
    level_words: Mapping[Level, str]
    never_given: frozenset[str] = frozenset()  # fields that only sources give, and none did
    client_words: frozenset[str] = frozenset()  # that are words of nothing else here

    @classmethod
    def of(cls, session: Session, reader: Reader, index: NameIndex) -> "Vocabulary":
        """The vocabulary that belongs to these names, made once for each."""
        if index not in _KEPT:
            _KEPT[index] = cls._read(session, reader, index)
        return _KEPT[index]

    @classmethod
    def _read(cls, session: Session, reader: Reader, index: NameIndex) -> "Vocabulary":
        catalogues = {level: catalogue(session, level) for level in LEVELS}
        words = firm_words(session)
        given = list(distinct_values(session, reader))
        values = {**_short_names(given, index), **_value_phrases(given)}
        phrases = Phrasebook(_catalogue_phrases(catalogues.values()))
        for word in words:
            kind, value = ("levels", word.level.value) if word.field is None else ("fields", word.field)
            for form in _both_numbers(word.word) if word.field is None else (word.word,):
                phrases.add(kind, value, form)
        own_words = phrases.words
        for phrase in values:
            phrases.add("value", phrase, phrase)
        level_words = {word.level: word.word for word in reversed(words) if word.field is None}
        clients = {word.text for _, field, value in given if field == "client" for word in words_of(plain(value))}
        return cls(catalogues, phrases, values, level_words, never_given(session), frozenset(clients - own_words))

    def field(self, level: Level, sense: str) -> Field | None:
        """The field of a level that a sense of the lexicon, or a catalogue key, stands for; None where it has none.

        Of several, one that its source gave; a text may have any key, if it is called so.
        """
        fields = self.catalogues[level].fields
        keys = [*lexicon()["senses"].get(sense, ()), sense]
        found = [fields[key] for key in keys if key in fields]
        found += [each for each in fields.values() if each.kind is FieldKind.TEXT and set(each.names) & set(keys)]
        return next((each for each in found if each.key not in self.never_given), found[0] if found else None)

    def is_label(self, sense: str, words: str) -> bool:
        """Whether these words are the field's very name, and not only a way to speak of it."""
        fields = (self.field(level, sense) for level in LEVELS)
        return any(field is not None and field.label == words for field in fields)

    def is_client(self, phrase: str) -> bool:
        """Whether a phrase stands for clients and for nothing else."""
        return all(value.field == "client" for value in self.values[phrase])

    @cached_property
    def spellings(self) -> list[str]:
        """The words that phrases are made of, for mending slips."""
        return sorted(
            {word for word in (*common_phrases().words, *self.phrases.words) if word.isalpha() and len(word) > 3}
        )

    def level_with(self, sense: str, among: Iterable[Level] = LEVELS) -> Level | None:
        """The first of these levels that has the field."""
        return next((level for level in among if self.field(level, sense)), None)


_KEPT: WeakKeyDictionary[NameIndex, Vocabulary] = WeakKeyDictionary()
_FEWEST_WORDS = 2  # a value of one word is a value only beside its field, since "health" may be so much else
_ALONE = frozenset({"source_state", "deliverable_type", "client", "contract_type"})
_SHORTEST_NAME = 4  # letters
_CODE = re.compile(r"^\d+\s*-\s*")


def _catalogue_phrases(catalogues: Iterable[Catalogue]) -> Iterator[tuple[str, str, str]]:
    """Their words; but counts and what is not so are composed of their parts: "late" "tasks", "not" "closed"."""
    too_common = frozenset(lexicon()["too_common"])
    for each in catalogues:
        for key, field in each.fields.items():
            if field.kind is not FieldKind.COUNT:
                names = (field.label, *field.words, key.replace("_", " "))
                forms = [form for name in names for form in (*_numbers(name), *_verbs(name))]
                yield from (("fields", key, form) for form in forms if form not in too_common)
        for key, state in each.states.items():
            names = (state.label, *state.words)
            yield from (
                ("states", key, name) for name in names if not name.startswith("not ") and name not in too_common
            )


def _value_phrases(values: Iterable[tuple[Level, str, str]]) -> dict[str, tuple[FieldValue, ...]]:
    """Each value by itself, without its number, and by those of its parts that are no other value's."""
    by_phrase: dict[str, dict[tuple[Level, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    for level, field, value in values:
        for phrase in _names_of(value):
            if field in _ALONE or len(words_of(phrase)) >= _FEWEST_WORDS:
                by_phrase[phrase][level, field].append(value)
    return {
        phrase: tuple(FieldValue(level, field, tuple(found)) for (level, field), found in places.items())
        for phrase, places in by_phrase.items()
    }


def _short_names(values: Iterable[tuple[Level, str, str]], index: NameIndex) -> dict[str, tuple[FieldValue, ...]]:
    """Words that only one client is called by, where they are no name and no word of ours: "Avocet" of a bank."""
    clients = {value: level for level, field, value in values if field == "client"}
    held = Counter(word for value in clients for word in {each.text for each in words_of(plain(value))})
    return {
        word.text: (FieldValue(level, "client", (value,)),)
        for value, level in clients.items()
        for word in words_of(plain(value))
        if held[word.text] == 1 and len(word.text) >= _SHORTEST_NAME and not _is_taken(word.text, index)
    }


def _is_taken(word: str, index: NameIndex) -> bool:
    return index.holds(word) or common_phrases().knows(word) or word in filler()


def _names_of(value: str) -> list[str]:
    whole = plain(value)
    named = _CODE.sub("", whole)
    parts = [part.strip() for part in re.split(r"\s-\s|/", named)]
    plurals = [f"{part}s" for part in parts if not part.endswith("s")]
    return list(dict.fromkeys(phrase for phrase in (whole, named, *parts, *plurals) if words_of(phrase)))


def _numbers(name: str) -> tuple[str, ...]:
    return (name,) if name.endswith("s") or len(name) < 3 else _both_numbers(name)


def _verbs(name: str) -> Sequence[str]:
    """ "rated" for a CIO rating."""
    verbs: Sequence[str] = lexicon()["verbs"].get(name.split()[-1].lower() if name.split() else "", ())
    return verbs


def _both_numbers(word: str) -> tuple[str, str]:
    """A level's word and its plural."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word, f"{word[:-1]}ies"
    return word, f"{word}s"
