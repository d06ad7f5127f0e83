"""Finds the time words of a message: the longest phrase of the grammar at each place, and the words around it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput
from lark.lexer import Lexer
from lark.parsers.lalr_interactive_parser import InteractiveParser

from tools.timewords.clock import Clock, NoSuchDay, Window
from tools.timewords.meaning import NotTime, window_of
from tools.timewords.outside import dates_outside
from tools.timewords.roles import lean_of, role_after, role_before, sided
from tools.timewords.senses import is_meant
from tools.timewords.spans import TimeRole, TimeSpan
from tools.timewords.tokens import OTHER, tokens_of

_LONGEST = 16  # words of one phrase
_MOST = 30  # phrases of one message, and places where one is looked for in vain


def parse_times(
    text: str,
    today: date,
    fiscal_year_start_month: int = 1,
    week_start: int = 1,
    *,
    month_first: bool = False,
    known: Callable[[str], bool] = lambda _word: False,
) -> list[TimeSpan]:
    """All time words of `text`, in order, the longest reading of each place. `known` words are no slips of the pen."""
    clock = Clock(today, fiscal_year_start_month, week_start, month_first)
    tokens = tokens_of(text, known)
    spans = list(_phrases(text, tokens, clock)) if any(token.type in _TELLING for token in tokens) else []
    taken = [(span.start, span.end) for span in spans]
    spans += [_of_day(text, start, end, day) for start, end, day in dates_outside(text, taken, clock)]
    return sorted(spans, key=lambda span: span.start)


def _phrases(text: str, tokens: Sequence[Token], clock: Clock) -> Iterator[TimeSpan]:
    reached = 0  # in the text: the words before a phrase may not be part of the one before it
    tried = 0
    for at, token in enumerate(tokens):
        if tried < _MOST and (token.start_pos or 0) >= reached and _may_begin(token):
            span, is_tried = _span_at(text, tokens[at : at + _LONGEST + 1], reached, clock)
            tried += is_tried
            if span:
                reached = span.end
                yield span


def _span_at(text: str, tokens: Sequence[Token], reached: int, clock: Clock) -> tuple[TimeSpan | None, bool]:
    """What the longest phrase that the tokens begin with means; and whether they begin with any phrase at all."""
    is_phrase = False
    for tree, length in _trees(tokens[:_LONGEST]):
        is_phrase = True
        after = tokens[length] if length < len(tokens) else None
        if is_meant(tree, text, tokens[:length], after):
            start, end = tokens[0].start_pos or 0, tokens[length - 1].end_pos or 0
            if span := _span(text, start, end, tree, reached, clock):
                return span, True
    return None, is_phrase


def _trees(tokens: Sequence[Token]) -> Iterator[tuple[Tree[Token], int]]:
    """The phrases that the tokens begin with, the longest first."""
    parser = _started()
    ends: list[int] = []
    for length, token in enumerate(tokens, 1):
        if token.type not in _choices(parser) or not _takes(parser, token):
            break
        if "$END" in _choices(parser):
            ends.append(length)
    for length in reversed(ends):
        if tree := _tree(tokens[:length]):
            yield tree, length


def _takes(parser: InteractiveParser, token: Token) -> bool:
    try:
        parser.feed_token(token)
    except UnexpectedInput:
        return False
    return True


def _tree(tokens: Sequence[Token]) -> Tree[Token] | None:
    parser = _started()
    try:
        for token in tokens:
            parser.feed_token(token)
        tree: Tree[Token] = parser.feed_eof(tokens[-1])  # type: ignore[no-untyped-call]
    except UnexpectedInput:
        return None
    return tree


def _span(text: str, start: int, end: int, tree: Tree[Token], reached: int, clock: Clock) -> TimeSpan | None:
    """The span of a phrase and the words around it that say which side is meant; None where it means no days."""
    before = role_before(text[:start], start) if start > reached else None
    before = before if before and before[0] >= reached else None
    words = text[start:end]
    try:
        window = window_of(tree, words, clock.leaning(lean_of(before and before[1], text, start)))
    except NotTime:
        return None
    except NoSuchDay as problem:
        return TimeSpan(start, end, words, problem=str(problem))
    except (OverflowError, ValueError):
        return TimeSpan(start, end, words, problem=f"“{words[:60]}” is outside the years I can count with.")
    span = TimeSpan(
        start,
        end,
        words,
        first=window.first,
        last=window.last,
        ranged=window.ranged,
        counted_from=window.counted_from,
        exact=_is_exact(tree),
    )
    if window.first > window.last:
        return replace(span, problem=f"“{words}” ends before it starts.")
    return span if window.ranged else _with_role(span, window, text, before)


def _with_role(span: TimeSpan, window: Window, text: str, before: tuple[int, TimeRole] | None) -> TimeSpan:
    if after := role_after(text, span.end):
        end, role = after
        start = before[0] if before and before[1] in (TimeRole.WITHIN, role) else span.start
    elif before:
        (start, role), end = before, span.end
    else:
        return span
    if role is TimeRole.BEFORE and _AN_END.match(span.words):
        role = TimeRole.BY  # nobody who says "before the end of March" leaves out the 31st
    try:
        return sided(replace(span, start=start, end=end, words=text[start:end]), window, role)
    except OverflowError:
        return replace(span, problem=f"“{span.words}” is outside the years I can count with.")


def _of_day(text: str, start: int, end: int, day: date) -> TimeSpan:
    span = TimeSpan(start, end, text[start:end], first=day, last=day, exact=True)
    return _with_role(span, Window.of_day(day), text, role_before(text[:start], start))


def _is_exact(tree: Tree[Token]) -> bool:
    parts = [tree] if tree.data != "range" else [part for part in tree.children if isinstance(part, Tree)]
    return all(part.data == "stamp" for part in parts)


def _may_begin(token: Token) -> bool:
    return token.type != OTHER and token.type in _beginnings()


class _NoLexer(Lexer):
    """The tokens are made before parsing."""

    def __init__(self, lexer_conf: object) -> None:
        pass

    def lex(self, lexer_state: object, parser_state: object) -> Iterator[Token]:
        return iter(())


def _choices(parser: InteractiveParser) -> Mapping[str, object]:
    choices: Mapping[str, object] = parser.choices()  # type: ignore[no-untyped-call]
    return choices


def _started() -> InteractiveParser:
    started: InteractiveParser = _parser().copy()  # type: ignore[no-untyped-call]
    return started


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(_choices(_parser()))


@cache
def _parser() -> InteractiveParser:
    grammar = Path(__file__).with_name("grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer=_NoLexer).parse_interactive("")


# Every phrase holds one of these: a message without them needs no parser.
_KINDS = (
    "STAMP ISOWEEK ISOMONTH SLASHED SHORTDATE QUARTER HALF WEEKNO FYEAR YEAR NTH MONTH WEEKDAY UNIT ORDINAL RELDAY"
    " HOLIDAY SEASON EOP TODATE _EOD _DAYPART _WEEKOF"
)
_TELLING = frozenset(_KINDS.split())
_AN_END = re.compile(r"(?:the\s+)?(?:end|close|eo|month.end|quarter.end|year.end)", re.IGNORECASE)
