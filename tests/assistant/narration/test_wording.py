from datetime import date
from decimal import Decimal

import pytest

from assistant.narration.wording import counted, fitting, inert, listed, number_word, say, say_date, say_money, shorten
from tools.facts import Figure, Unit

MONDAY = date(2026, 3, 2)


def test_a_day_of_this_year_reads_with_its_weekday_and_another_with_its_year():
    assert say_date(date(2026, 3, 20), MONDAY) == "Fri 20 Mar"
    assert say_date(date(2012, 8, 1), MONDAY) == "1 Aug 2012"


@pytest.mark.parametrize(
    ("amount", "prose", "exact"),
    [
        ("512345", "€512k", "€512,345"),
        ("1240000", "€1,240k", "€1.24M"),
        ("10141000", "€10.1M", "€10.141M"),
        ("14300000", "€14.3M", "€14.3M"),
        ("9840.50", "€9.8k", "€9,840.50"),
        ("-42000", "−€42k", "−€42,000"),
        ("0", "€0", "€0"),
    ],
)
def test_money_is_short_in_prose_and_whole_where_it_was_asked_for(amount, prose, exact):
    assert say_money(Decimal(amount), "EUR") == prose
    assert say_money(Decimal(amount), "EUR", exact=True) == exact


def test_a_currency_without_a_sign_of_its_own_is_named():
    assert say_money(Decimal("25000"), "PLN") == "PLN 25k"


def test_a_share_becomes_whole_per_cent_and_one_decimal_where_it_was_asked_for():
    share = Figure(value=0.7143, unit=Unit.SHARE)

    assert say(share, MONDAY) == "71 %"
    assert say(share, MONDAY, exact=True) == "71.4 %"


def test_days_are_whole_in_prose_and_say_their_kind_where_they_were_asked_for():
    assert say(Figure(value=17.38, unit=Unit.WORKING_DAYS), MONDAY) == "17 days"
    assert say(Figure(value=1, unit=Unit.CALENDAR_DAYS), MONDAY) == "1 day"
    assert say(Figure(value=17.5, unit=Unit.WORKING_DAYS), MONDAY, exact=True) == "17.5 working days"
    assert say(Figure(value=1, unit=Unit.CALENDAR_DAYS), MONDAY, exact=True) == "1 calendar day"


def test_no_figure_says_nothing():
    assert say(None, MONDAY) == ""
    assert say(Figure(value=None, unit=Unit.COUNT), MONDAY) == ""


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "**bold**",
        "[click](javascript:x)",
        "![x](http://x)",
        "`code`",
        "_it_",
        "a|b",
        "# head",
    ],
)
def test_a_stored_name_cannot_become_markup(name):
    from markdown_it import MarkdownIt

    shown = MarkdownIt().renderInline(inert(name))

    assert "<" not in shown.replace("&lt;", "").replace("&gt;", "")


def test_direction_marks_and_line_breaks_leave_a_name():
    assert inert("a\u202eb\u200bc\nd") == "a b c d"


def test_a_long_name_is_cut_at_a_word():
    assert shorten("one two three four", 10) == "one two…"


def test_counts_and_lists_read_as_people_say_them():
    assert counted(1, "task") == "1 task"
    assert counted(1200, "task") == "1,200 tasks"
    assert number_word(3) == "Three"
    assert number_word(40) == "40"
    assert listed(["a", "b", "c"]) == "a, b and c"


def test_rows_of_many_words_are_shown_fewer_at_a_time():
    long, short = "word " * 20, "word"

    assert len(fitting([long] * 6)) == 2
    assert len(fitting([short] * 6)) == 6
