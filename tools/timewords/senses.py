"""Whether words that may be about time are: "may", "march", "sun" or 2026 are other things unless something says so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lark import Token, Tree

from tools.timewords.tokens import OTHER, is_weak


def is_meant(tree: Tree[Token], text: str, tokens: Sequence[Token], after: Token | None) -> bool:
    """Whether the phrase that these tokens make means time here; `after` is the token behind it."""
    place = _Place.of(text, tokens)
    if _ends_with_short_year(tree, place.tokens) and _COUNTED.match(place.follows):
        return False
    is_single = len(place.tokens) == 1
    match tree.data:
        case "month" if place.says_this_may and after is not None and after.type == OTHER and after.isalpha():
            return False
        case "month" | "weekday" if is_single:
            return not is_weak(place.words) or place.is_cued_plainly or place.is_month_by_place
        case "season" if is_single:
            return place.is_cued
        case "year" if is_single and place.words.isdigit():
            return place.is_cued_plainly and not place.is_all  # a year alone may be a project's key
        case "slashed":
            return place.is_cued or place.is_put_there or not _is_fraction_or_version(place)
        case "bare":
            return _is_a_day(place)
        case "period":
            is_weekend = place.tokens[0] == "weekend" and (place.is_cued or place.has_article)
            return not is_single or is_weekend or place.is_whose
        case "counted_after" | "counted_from":
            return not _A_WEEK.search(place.precedes)
        case "bare_end":
            return place.is_cued and _inner(tree).data in _PERIODS
        case "third":
            return not _is_state(tree, place)
        case "nth_of_year":
            return not place.follows.lstrip().startswith("of ")
        case "day_of_month" if place.words.startswith("may ") and len(place.tokens) == 2:
            return place.is_cued or not _COUNTED.match(place.follows)
        case "range" | "joined" if all(each.data == "year" for each in tree.iter_subtrees() if each is not tree):
            return place.tokens[0].type != "YEAR" or (place.is_cued and not place.is_all)
        case _:
            return True


@dataclass(frozen=True)
class _Place:
    """Where a phrase stands. `is_cued_plainly`: a word such as "in" or "since" stands right before it, no article."""

    tokens: Sequence[Token]  # without the article
    words: str
    precedes: str
    follows: str
    has_article: bool
    is_cued: bool
    is_all: bool  # nothing else is said

    @classmethod
    def of(cls, text: str, tokens: Sequence[Token]) -> "_Place":
        start, end = tokens[0].start_pos or 0, tokens[-1].end_pos or 0
        has_article = tokens[0].type == "_THE"
        core = tokens[1:] if has_article else tokens
        before, follows = text[max(0, start - _REACH) : start].lower(), text[end : end + _REACH].lower()
        is_first = start <= _REACH and _FOLLOWING_ON.fullmatch(before)
        is_all = bool(is_first) and not follows.strip(_SIGNS)
        words = text[core[0].start_pos or 0 : end].lower()
        return cls(core, words, before, follows, has_article, is_all or bool(_CUE.search(before)), is_all)

    @property
    def says_this_may(self) -> bool:
        return self.words == "this may" or (self.words == "may" and self.precedes.endswith("this "))

    @property
    def is_whose(self) -> bool:
        """ "my week", "how's the week looking"."""
        is_seen = bool(_LOOKING.match(self.follows)) and (self.has_article or bool(_WHOSE.search(self.precedes)))
        return is_seen or bool(_MY.search(self.precedes))

    @property
    def is_month_by_place(self) -> bool:
        """Whether "march" or "may" stands where no verb would: "the gateway team march please"."""
        if self.has_article or _SOMEBODY.search(self.precedes):
            return False
        is_march = self.words == "march" and not _MARCHING.match(self.follows)
        return is_march or (self.words in _AT_AN_END and bool(_ENDING.match(self.follows)))

    @property
    def is_put_there(self) -> bool:
        return bool(_PUT.search(self.precedes))

    @property
    def is_cued_plainly(self) -> bool:
        return self.is_cued and not self.has_article


def _is_fraction_or_version(place: _Place) -> bool:
    return place.tokens[0].type == "SHORTDATE" or bool(_VERSION.fullmatch(place.words))


def _ends_with_short_year(tree: Tree[Token], tokens: Sequence[Token]) -> bool:
    numbers = [token for token in tokens if token.type in ("NUMBER", "NTH", "ORDINAL")]
    least = {"day_of_month": 2, "part_of_year": 1}.get(str(tree.data), 9)
    return tokens[-1].type == "NUMBER" and len(numbers) >= least


def _is_a_day(place: _Place) -> bool:
    """ "the 15th" is a day, and "the 3rd project" is none."""
    if not (place.is_cued or place.has_article):
        return False
    if place.tokens[0].type == "ORDINAL" and int(place.tokens[0]) <= _RANKED:
        return False
    return int(place.tokens[0]) > _RANKED or not _NOUN.match(place.follows)


def _is_state(tree: Tree[Token], place: _Place) -> bool:
    """Whether "late last week" speaks of what is late, and not of the end of last week."""
    if place.tokens[0] == "1":
        return False
    inner = _inner(tree)
    is_last = any(True for _ in inner.scan_values(lambda leaf: isinstance(leaf, Token) and leaf.type == "LAST"))
    is_relative = inner.data == "period" and (place.tokens[0] == "2" or is_last)
    return bool(_STATED.search(place.precedes)) or (is_relative and not place.is_cued)


def _inner(tree: Tree[Token]) -> Tree[Token]:
    return next(child for child in reversed(tree.children) if isinstance(child, Tree))


_REACH = 40  # characters around a phrase that are looked at
_RANKED = 5  # "the 3rd" may rank what follows; what ranks higher is a day
_SIGNS = " ?!.,;:'\""
_CUE = re.compile(
    r"(?:(?:^|[^\w'])(?:in|by|of|on|for|from|this|next|last|past|till?|until|since|after|before|during|through|thru|within"
    r"|early|late|mid|between|than|due|come|around|starting|starts?|ending|ends?|make|hit|reach|meet|as\s+at)\s+|[<>=]\s*)$"
)
_AT_AN_END = frozenset({"may", "mar", "mon", "wed"})
_ENDING = re.compile(r"\s*(?:$|[?!.,;:)]|(?:please|pls|plz|too|only|then|thanks|thx)\b)")
_SOMEBODY = re.compile(
    r"(?:^|\b(?:a|an|the|i|you|we|they|he|she|it|that|this|who|which|what|to|will|must|should|lets|let's|as))\s*$"
)
_MARCHING = re.compile(r"\s+(?:on|into|ahead|forward|over|up|towards?|past)\b")
_MY = re.compile(r"\b(?:my|your|our|his|her|their|whose|\w+'s)\s+(?:(?:whole|entire|own)\s+)?$")
_WHOSE = re.compile(r"\b(?:how|hows|how's|how is|what|of)\s+(?:[\w']+\s+){0,2}$")
_LOOKING = re.compile(r"\s+(?:look|looks|looking|ahead|shaping|going|shape)\b")
_A_WEEK = re.compile(r"\b(?:days?|hours?|hrs?|times?|h|d|fte)\s+(?:(?:a|an|per|each|every)\s+)?$")
_PUT = re.compile(r"(?:^|\s)(?:to|at|@|onto)\s+$")
_FOLLOWING_ON = re.compile(r"\W*(?:(?:and|so|ok|okay|then|or|what|how|about|only)\W+)*")
_COUNTED = re.compile(r"\s+(?!(?:is|was|as|this|its|vs|does|has|us|plus|yes|status)\b)(?:[a-z]+s|people|ppl|of)\b|\s?%")
_NOUN = re.compile(
    r"\s+(?!(?:or|and|to|until|till|at|for|is|was|in|with|already|please|pls|then|as|on|if|still|be|by|so|latest)\b)[a-z]"
)
_STATED = re.compile(r"\b(?:are|is|was|were|be|been|being|running|runs|ran|how|so|too|very|not)\s+$")
_VERSION = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2}")
_PERIODS = frozenset({"month", "iso_month", "part_of_year", "numbered", "year", "iso_week"})
