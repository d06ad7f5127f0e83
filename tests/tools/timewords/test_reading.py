"""Time words on Monday 2 March 2026, in a firm whose fiscal year starts in October; and, by a table, on other days."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tools.timewords import TimeRole, TimeSpan, parse_times

HERE = Path(__file__).parent

MONDAY = date(2026, 3, 2)


def only(text: str, **options: bool) -> TimeSpan:
    (span,) = parse_times(text, MONDAY, 10, **options)
    return span


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2012-08-01", "2012-08-01", "2012-08-01"),
        ("1 aug 2012", "2012-08-01", "2012-08-01"),
        ("august 1st, 2012", "2012-08-01", "2012-08-01"),
        ("the 1st of august 2012", "2012-08-01", "2012-08-01"),
        ("august 2012", "2012-08-01", "2012-08-31"),
        ("q3 2012", "2012-07-01", "2012-09-30"),
        ("2012 q3", "2012-07-01", "2012-09-30"),
        ("the second quarter of 2012", "2012-04-01", "2012-06-30"),
        ("h1 2012", "2012-01-01", "2012-06-30"),
        ("second half of 2011", "2011-07-01", "2011-12-31"),
        ("fy2012", "2011-10-01", "2012-09-30"),
        ("fiscal year 2012", "2011-10-01", "2012-09-30"),
        ("fy 12", "2011-10-01", "2012-09-30"),
        ("q1 fy 2012", "2011-10-01", "2011-12-31"),
        ("in 2012", "2012-01-01", "2012-12-31"),
        ("2026-w10", "2026-03-02", "2026-03-08"),
        ("week 10", "2026-03-02", "2026-03-08"),
        ("today", "2026-03-02", "2026-03-02"),
        ("yesterday", "2026-03-01", "2026-03-01"),
        ("tmrw", "2026-03-03", "2026-03-03"),
        ("this wk", "2026-03-02", "2026-03-08"),
        ("next week", "2026-03-09", "2026-03-15"),
        ("last month", "2026-02-01", "2026-02-28"),
        ("next quarter", "2026-04-01", "2026-06-30"),
        ("last year", "2025-01-01", "2025-12-31"),
        ("this fiscal year", "2025-10-01", "2026-09-30"),
        ("on friday", "2026-03-06", "2026-03-06"),
        ("last friday", "2026-02-27", "2026-02-27"),
        ("next friday", "2026-03-13", "2026-03-13"),
        ("in march", "2026-03-01", "2026-03-31"),
        ("in december", "2025-12-01", "2025-12-31"),
        ("next january", "2027-01-01", "2027-01-31"),
        ("the 15th", "2026-03-15", "2026-03-15"),
        ("eow", "2026-03-08", "2026-03-08"),
        ("end of next month", "2026-04-30", "2026-04-30"),
        ("end of fy2012", "2012-09-30", "2012-09-30"),
        ("in the next 2 weeks", "2026-03-02", "2026-03-16"),
        ("last 30 days", "2026-01-31", "2026-03-02"),
        ("past three months", "2025-12-02", "2026-03-02"),
        ("in 10 working days", "2026-03-16", "2026-03-16"),
        ("3 weeks ago", "2026-02-09", "2026-02-09"),
        ("between 2012-01-01 and 2012-03-31", "2012-01-01", "2012-03-31"),
        ("between march and june 2012", "2012-03-01", "2012-06-30"),
        ("from 9 to 13 march", "2026-03-09", "2026-03-13"),
        ("june 2011 - august 2011", "2011-06-01", "2011-08-31"),
        ("from january 2011 until march 2011", "2011-01-01", "2011-03-31"),
    ],
)
def test_a_phrase_means_a_window(text: str, first: str, last: str) -> None:
    span = only(text)

    assert (str(span.first), str(span.last), span.problem) == (first, last, "")


@pytest.mark.parametrize(
    ("text", "role", "first", "last"),
    [
        ("before march 2012", TimeRole.BEFORE, None, "2012-02-29"),
        ("by friday", TimeRole.BY, None, "2026-03-06"),
        ("until 2012-08-01", TimeRole.BY, None, "2012-08-01"),
        ("no later than 5 may", TimeRole.BY, None, "2026-05-05"),
        ("on or before 2012-08-01", TimeRole.BY, None, "2012-08-01"),
        ("before the end of 2012", TimeRole.BY, None, "2012-12-31"),
        ("after 2012-03-01", TimeRole.AFTER, "2012-03-02", None),
        ("after march 2012", TimeRole.AFTER, "2012-04-01", None),
        ("since last monday", TimeRole.SINCE, "2026-02-23", None),
        ("on or after 2012-03-01", TimeRole.SINCE, "2012-03-01", None),
        ("in 2012 or later", TimeRole.SINCE, "2012-01-01", None),
        ("as of 2012-08-01", TimeRole.AS_OF, "2012-08-01", "2012-08-01"),
        ("before xmas", TimeRole.BEFORE, None, "2026-12-24"),
    ],
)
def test_the_words_before_a_date_say_which_side_of_it(
    text: str, role: TimeRole, first: str | None, last: str | None
) -> None:
    span = only(text)

    found = [None if day is None else str(day) for day in (span.first, span.last)]
    assert (span.role, found) == (role, [first, last])


@pytest.mark.parametrize(
    "text", ["may i see it", "march on", "the sun shines", "project 2012", "gate-31", "section 3", ""]
)
def test_words_that_only_look_like_time_are_left_alone(text: str) -> None:
    assert parse_times(text, MONDAY) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2012-02-30", "“2012-02-30” is not a date: February 2012 has 29 days."),
        ("2012-13-01", "“2012-13-01” is not a date: there is no month 13."),
        ("31 april 2026", "“31 april 2026” is not a date: April 2026 has 30 days."),
        ("week 60", "“week 60” is not a week: 2026 has no week 60."),
        ("between 2012-06-01 and 2012-01-01", "“between 2012-06-01 and 2012-01-01” ends before it starts."),
    ],
)
def test_an_impossible_day_is_said_in_a_sentence(text: str, problem: str) -> None:
    assert only(text).problem == problem


def test_the_order_of_day_and_month_follows_the_country() -> None:
    assert only("01/08/2012").first == date(2012, 8, 1)
    assert only("01/08/2012", month_first=True).first == date(2012, 1, 8)
    assert only("13/08/2012", month_first=True).first == date(2012, 8, 13)


def test_a_week_starts_on_the_day_the_firm_says() -> None:
    (span,) = parse_times("this week", date(2026, 3, 1), week_start=7)

    assert (span.first, span.last) == (date(2026, 3, 1), date(2026, 3, 7))


def test_a_span_says_where_it_stands() -> None:
    text = "which tasks are due by friday please"
    span = only(text)

    assert text[span.start : span.end] == "by friday"


def test_years_beyond_the_calendar_are_no_crash() -> None:
    spans = parse_times("in 999 years and 9999-12-31 or 0000-01-01", date(9999, 12, 1))

    assert all(span.problem or span.first or span.last for span in spans)


def phrases() -> Iterator[Any]:
    for world in yaml.safe_load((HERE / "phrases.yaml").read_text("utf-8")):
        clock = {name: world[name] for name in ("today", "fiscal_year_start_month", "week_start")}
        yield from (
            pytest.param(clock, words, days, id=f"{world['today']} {words}") for words, days in world["phrases"].items()
        )


def shown(span: TimeSpan) -> str:
    if span.problem:
        return f"! {span.problem}"
    return str(span.first) if span.first == span.last else f"{span.first or ''}..{span.last or ''}"


@pytest.mark.parametrize(("clock", "words", "days"), list(phrases()))
def test_a_phrase_of_the_table_means_its_days(clock: dict[str, Any], words: str, days: str) -> None:
    assert " and ".join(shown(span) for span in parse_times(words, **clock)) == days.replace("-", "", days == "-")


@pytest.mark.parametrize("sentence", (HERE / "ordinary.txt").read_text("utf-8").splitlines())
def test_an_ordinary_sentence_holds_no_time(sentence: str) -> None:
    assert parse_times(sentence, MONDAY) == []


def test_a_name_that_is_known_is_no_slip() -> None:
    (slip,) = parse_times("the decembre plan", MONDAY)

    assert (slip.first, slip.last) == (date(2025, 12, 1), date(2025, 12, 31))
    assert parse_times("the decembre plan", MONDAY, known=lambda word: word == "decembre") == []


def test_what_the_grammar_takes_is_never_read_otherwise() -> None:
    """dateparser takes "Q3 2027" for a day of March, and "may" and "a" for days."""
    (quarter,) = parse_times("q3 2027", MONDAY)

    assert (quarter.first, quarter.last) == (date(2027, 7, 1), date(2027, 9, 30))
    assert [parse_times(word, MONDAY) for word in ("a", "second", "so", "am", "de")] == [[]] * 5


def test_days_given_in_full_are_told_from_those_that_were_worked_out() -> None:
    assert [only(words).exact for words in ("by 2026-04-15", "2026-04-01 to 2026-04-15", "15 april", "friday")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_long_message_is_read_in_no_time() -> None:
    message = ("which tasks of the gateway are due by the end of next month, and who owns them? " * 60)[:4_000]
    parse_times(message, MONDAY)

    started = perf_counter()
    parse_times(message, MONDAY)

    assert perf_counter() - started < 0.3  # 15 ms on a quiet machine


WORDS = (
    "a the of in by on to and or from since until before after between within last next this coming first second third"
    " half q3 h1 w10 fy26 2026 '27 12 15th 31 2026-02-30 30/2 1.1. friday mon march may feb week month quarter year"
    " days working end start early late rest ago now today eow ytd xmas easter summer 5pm eod - , .."
    " 99999999999 gate-31 \ud800"
)
MESSAGES = st.lists(st.sampled_from(WORDS.split()), max_size=10).map(" ".join) | st.text(max_size=60)
DAYS = st.dates() | st.sampled_from([date.min, date.max, date(2024, 2, 29)])


@given(MESSAGES, DAYS, st.integers(1, 12), st.integers(1, 7), st.booleans())
def test_whatever_is_said_gives_spans_in_order_with_days_or_a_problem(
    text: str, today: date, fiscal_year_start_month: int, week_start: int, month_first: bool
) -> None:
    spans = parse_times(text, today, fiscal_year_start_month, week_start, month_first=month_first)

    assert [(span.start, span.end) for span in spans] == sorted((span.start, span.end) for span in spans)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    for span in spans:
        assert text[span.start : span.end] == span.words != ""
        assert span.problem or span.first or span.last
        assert span.problem or not (span.first and span.last) or span.first <= span.last
