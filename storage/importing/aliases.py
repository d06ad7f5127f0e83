"""Other names for people and levels: those a mapping gives, and those found in names by its rules."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from storage.importing.batch import Batch
from storage.importing.layout import ALIAS
from storage.importing.mapping import TableMap
from storage.importing.staging import Row, Staged
from storage.vocabulary import Level

ACRONYM = re.compile(r"\(([A-Za-z0-9][\w&/.-]{1,14})\)")
PREFIX = re.compile(r"([A-Z0-9][\w.]{1,14})(?:: | - )")


@dataclass(frozen=True)
class OtherName:
    """A name that a mapping gives to the thing of a row, or finds in that row's own name."""

    table: str
    row: Row
    text: str


def derive_aliases(batch: Batch) -> None:
    """Other names from the mappings. One that is found on two things, or names another, is left out."""
    given, found = [], []
    for table, staged in batch.tables.items():
        known, rules = staged.mapping.aliases.known, staged.mapping.aliases.from_names
        for row in staged.rows if known or rules else []:
            texts = known.get(row.key, known.get(row.raw_key, []))
            given += [OtherName(table, row, text) for text in texts]
            found += [OtherName(table, row, text) for text in _in_name(row.values.get("name") or "", rules)]
    times = Counter(name.text.casefold() for name in found)
    taken = {name.text.casefold() for name in given} | _all_keys(batch)
    found = [name for name in found if times[name.text.casefold()] == 1 and name.text.casefold() not in taken]
    _add_aliases(batch, given + found)


def _all_keys(batch: Batch) -> set[str]:
    return {row.key.casefold() for table in Level for row in batch.rows(table)}


def _in_name(name: str, rules: Sequence[str]) -> list[str]:
    texts = ACRONYM.findall(name) if "acronyms" in rules else []
    if "prefixes" in rules and (prefix := PREFIX.match(name)):
        texts.append(prefix[1])
    return [text for text in dict.fromkeys(texts) if sum(letter.isupper() for letter in text) >= 2]


def _add_aliases(batch: Batch, names: list[OtherName]) -> None:
    if not names:
        return
    staged = batch.tables.setdefault(ALIAS.name, Staged(ALIAS, TableMap(file=ALIAS.file, columns={}), "aliases"))
    staged.fields = list(ALIAS.fields)
    for name in names:
        values = {"level": name.table, "text": name.text}
        staged.rows.append(Row(name.row.number, values, {"entity_id": name.row.key}, {}))
