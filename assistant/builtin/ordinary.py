"""Names that are words of any question, such as a project called "Late" or "This week": where they stand as names."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from assistant.builtin.words import Phrase, filler
from storage.vocabulary import Level
from tools.names import How, Mention, Word


@dataclass(frozen=True)
class Ordinary:
    """The words of one message, with the phrases and the times among them."""

    text: str
    words: Sequence[Word]
    phrases: Sequence[Phrase]
    times: Collection[tuple[int, int]]
    quotes: Collection[tuple[int, int]]

    def without(self, mentions: Iterable[Mention]) -> list[Mention]:
        """The mentions but for those of words that mean something here by themselves, and do not stand as a name."""
        return [each for each in mentions if self._is_meant(each)]

    def without_clients(self, is_client: Callable[[str], bool]) -> list[Phrase]:
        """The phrases but for clients called by such words; beside the word for it they are meant."""
        fields = {each.last for each in self.phrases if (each.kind, each.value) == ("fields", "client")}
        return [
            each
            for each in self.phrases
            if each.kind != "value"
            or each.first in fields
            or not is_client(each.value)
            or not self.kinds(each.first, each.last)
        ]

    def kinds(self, first: int, last: int) -> frozenset[str]:
        """What the words in this place are made of, where all of them mean something; else nothing."""
        if (first, last) in self.times:
            return frozenset({"time"})
        found: dict[int, frozenset[str]] = {first: frozenset()}
        for at in range(first, last):
            for end, kind in self._steps(at, last) if at in found else ():
                found.setdefault(end, found[at] | {kind})
        return found.get(last, frozenset())

    def _steps(self, at: int, last: int) -> list[tuple[int, str]]:
        """Where each phrase that begins here ends, the longest first."""
        steps = [(each.last, each.kind) for each in self.phrases if each.first == at and each.last <= last]
        steps = sorted((step for step in steps if step[1] != "value"), reverse=True)
        return [*steps, (at + 1, "filler")] if self.words[at].text in filler() else steps

    def _is_meant(self, mention: Mention) -> bool:
        first, last = mention.first, mention.last
        kinds = self.kinds(first, last)
        if not kinds or (mention.how is How.CODE and self._is_number(mention)):
            return not self._says_who(mention)
        if (first, last) in self.quotes or self._follows_level(mention):
            return True
        return mention.how > How.PART and kinds <= _names_made_of(mention) and self._stands_as_name(first, last)

    def _says_who(self, mention: Mention) -> bool:
        """ "who is free" asks for people, though a project be called so."""
        before = self._said(mention.first - 2), self._said(mention.first - 1)
        is_person = any(hit.row.level is Level.PERSON for hit in mention.hits)
        return before[0] in _SOMEBODY and before[1] in ("is", "are") and not is_person

    def _is_number(self, mention: Mention) -> bool:
        return all(word.text.isdigit() for word in self.words[mention.first : mention.last])

    def _follows_level(self, mention: Mention) -> bool:
        """ "project Late", but not "which project is late" nor "is the project late"."""
        levels = {hit.row.level for hit in mention.hits}
        before = [each for each in self.phrases if each.kind == "levels" and each.last == mention.first]
        return any(
            Level(each.value) in levels
            and not self._said(each.last - 1).endswith("s")
            and self._said(each.first - 1) not in _DETERMINERS
            for each in before
        )

    def _stands_as_name(self, first: int, last: int) -> bool:
        """ "status of late", "where is Late", "Late's budget", "is Late red"; but not "status of late tasks"."""
        end = self.words[last - 1].end
        if self.text[end : end + 2] == "'s":
            return True
        if any(each.kind == "levels" and each.first == last for each in self.phrases) or self._said(last) in _NOUNS:
            return False
        before, after = self._said(first - 1), self._said(last)
        if before == "is":
            return (self._said(first - 2) in _WHERE and after in _AT) or self._is_state(last)
        return before in _BEFORE_A_NAME

    def _is_state(self, at: int) -> bool:
        return any(each.kind in ("states", "opposites") and each.first == at for each in self.phrases)

    def _said(self, at: int) -> str:
        return self.words[at].text if 0 <= at < len(self.words) else ""


def _names_made_of(mention: Mention) -> frozenset[str]:
    """The kinds of words that may be a name without a word for its level, as long as they stand as one."""
    if mention.how is How.CODE:
        return _STATES | {"filler"}
    return _STATES | {"fields"} if mention.last - mention.first > 1 else _STATES


_STATES = frozenset({"states", "opposites", "topics"})
_DETERMINERS = frozenset(
    {
        "the",
        "a",
        "an",
        "any",
        "which",
        "what",
        "this",
        "that",
        "my",
        "our",
        "your",
        "each",
        "every",
        "no",
        "one",
        "other",
    }
)
_BEFORE_A_NAME = frozenset(
    {"of", "about", "for", "called", "named", "does", "did", "will", "owns", "manages", "runs", "leads"}
)
_SOMEBODY = frozenset({"who", "anyone", "anybody", "someone", "somebody", "nobody"})
_WHERE = frozenset({"where", "how"})
_AT = frozenset({"", "doing", "going", "at", "now", "standing", "today", "please", "pls"})
_NOUNS = frozenset({"one", "ones", "and", "or", "work", "stuff", "things"})
