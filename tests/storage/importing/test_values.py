"""Cells, as people write them, and as attackers do."""

from datetime import date, datetime

import pytest

from storage.importing import values
from storage.importing.values import NotReadable, Style
from storage.vocabulary import TaskState

PLAIN = Style()
GERMAN = Style(decimal=",", dates="%d.%m.%Y")


def test_money_is_exact_to_the_minor_unit() -> None:
    assert values.money("0.143", PLAIN, 1_000_000) == 14_300_000
    assert values.money("1.234,56", GERMAN, 1) == 123_456
    assert values.money("-0.1", PLAIN, 1) == -10


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("NaN", "no finite number"),
        ("-inf", "no finite number"),
        ("Infinity", "no finite number"),
        ("1e400", "too large"),
        ("9" * 400, "too large"),
        ("1,000", "Write 1234.5 without grouping marks"),
        ("abc", "is not a number"),
        ("0x10", "is not a number"),
        ("=1+1", "is not a number"),
    ],
)
def test_what_is_no_number_is_said(cell: str, sentence: str) -> None:
    with pytest.raises(NotReadable, match=sentence):
        values.number(cell, PLAIN)


def test_absurd_amounts_are_refused() -> None:
    with pytest.raises(NotReadable, match="more money than there is"):
        values.money("999999999999999999", PLAIN, 1_000_000)
    with pytest.raises(NotReadable, match="longer than a hundred years"):
        values.duration("999999", PLAIN, 1440)


def test_dates_are_iso_unless_the_mapping_says_otherwise() -> None:
    assert values.day("2026-03-02", PLAIN) == date(2026, 3, 2)
    assert values.moment("2026-03-02 09:30", PLAIN) == datetime(2026, 3, 2, 9, 30)
    assert values.day("02.03.2026", GERMAN) == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("2026-02-30", "no such day"),
        ("31/12/2026", "Write it as 2026-03-31"),
        ("0001-01-01", "outside 1900 to 2199"),
        ("2026-03-02T09:00Z", "time zone"),
        ("soon", "is not a date"),
    ],
)
def test_impossible_dates_are_said(cell: str, sentence: str) -> None:
    with pytest.raises(NotReadable, match=sentence):
        values.moment(cell, PLAIN)


def test_shares_are_shares_or_percent() -> None:
    assert values.share("0.4", PLAIN, percent=False) == 0.4
    assert values.share("40", PLAIN, percent=True) == values.share("40 %", PLAIN, percent=False) == 0.4
    with pytest.raises(NotReadable, match="outside 0 to 1"):
        values.share("40", PLAIN, percent=False)


def test_a_name_is_no_novel() -> None:
    assert values.name("n" * 500) == "n" * 500
    with pytest.raises(NotReadable, match="501 characters"):
        values.name("n" * 501)


def test_words_are_read_in_any_case_and_spelling() -> None:
    assert values.word("In-Progress", TaskState) == values.word("in progress", TaskState) == "in_progress"
    with pytest.raises(NotReadable, match="is none of not_started, in_progress, done, cancelled"):
        values.word("nearly", TaskState)


def test_a_long_cell_is_quoted_short() -> None:
    with pytest.raises(NotReadable) as error:
        values.number("x" * 1_000_000, PLAIN)

    assert len(str(error.value)) < 100
