from datetime import date

import pytest

from assistant.narration import narrate
from tests.firm import MONDAY
from tools.utilisation import utilisation

FEBRUARY = {"start": date(2026, 2, 1), "end": date(2026, 2, 28)}
MARCH = {"start": date(2026, 3, 1), "end": date(2026, 3, 31)}
AUTUMN = {"start": date(2025, 10, 20), "end": date(2025, 10, 24)}  # days of her leave


def told(firm, who, **arguments) -> str:
    return narrate(utilisation(firm.context(who), **arguments), today=MONDAY).text


def test_a_figure_of_finance_is_taken_up_in_the_verdict(firm):
    verdict, both, *_ = told(firm, "ruth", **FEBRUARY, compared_with=0.78).splitlines()

    assert verdict == "**69.9 % billable, target 75 %. The 78 % is the same hours over a smaller base: 77.5 %.**"
    assert "4,303 h billable ÷ 6,160 h" in both
    assert "÷ 5,552 h (without 608 h of people in no practice)" in both


def test_a_figure_nothing_gives_is_not_made_to_fit(firm):
    text = told(firm, "ruth", **FEBRUARY, compared_with=0.9)

    assert "No definition gives 90 %; the nearest gives 80.4 %." in text
    assert "For 90 % ours would need 1,241 h more." in text


def test_a_larger_base_is_told_by_what_it_has_more(firm):
    verdict, both, *_ = told(firm, "ruth", **FEBRUARY, compared_with=0.68).splitlines()

    assert "the same hours over a larger base" in verdict
    assert "(with 168 h of public holidays)" in both


def test_our_own_figure_rounded_is_the_same(firm):
    assert "The 70 % is the same figure." in told(firm, "ruth", **FEBRUARY, compared_with=0.7)


def test_who_may_not_know_hours_is_told_bookings_and_why(firm):
    text = told(firm, "tomas", **FEBRUARY, compared_with=0.78)

    assert text.startswith("**66.3 % booked")
    assert "Whether 78 % is right, bookings cannot tell" in text
    assert "Hours worked are for those who look after these people" in text
    assert "billable" not in text


@pytest.mark.parametrize(
    ("arguments", "opens"),
    [
        ({**MARCH, "about": "overbooked"}, "**Dana Kowal is overbooked: 110 h in 80 h from Mon 9 Mar to Fri 20 Mar"),
        ({"scope": "dana.kowal", "about": "overbooked"}, "**Yes: Dana Kowal is booked 110 h in 80 h"),
        ({"scope": "owen.breen", "about": "overbooked"}, "**No: Owen Breen is in no week overbooked"),
        ({"scope": "data", "about": "overbooked"}, "**Nobody in Data is overbooked"),
        ({"scope": "owen.breen", "about": "bench"}, "**Yes: Owen Breen is booked for 40 %"),
        ({"scope": "kasia.wolska", **AUTUMN}, "**Kasia Wolska is not at work"),
        ({"start": date(2026, 3, 7), "end": date(2026, 3, 8)}, "**Nobody is at work"),
        ({"about": "definition"}, "**Utilisation here is billable hours over contracted hours less public holidays"),
    ],
)  # fmt: skip
def test_the_verdict_comes_first(firm, arguments, opens):
    assert told(firm, "sam", **arguments).startswith(opens)


def test_answers_are_short(firm):
    for who in ("ruth", "tomas"):
        for arguments in ({**FEBRUARY, "compared_with": 0.78}, MARCH, {"about": "bench"}, {"about": "definition"}):
            text = told(firm, who, **arguments)

            assert len(text.splitlines()) <= 6
            assert len(text.split()) <= 110
