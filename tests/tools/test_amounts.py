"""Amounts as people write them."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.amounts import AmountUnit, parse_amounts


@pytest.mark.parametrize(
    ("text", "value", "unit", "currency"),
    [
        ("more than $5 million", "5000000", AmountUnit.MONEY, "USD"),
        ("over 2.5m usd", "2500000", AmountUnit.MONEY, "USD"),
        ("under €500k", "500000", AmountUnit.MONEY, "EUR"),
        ("100 thousand dollars", "100000", AmountUnit.MONEY, "USD"),
        ("one point six million", "1600000", AmountUnit.MONEY, None),
        ("half a million", "500000", AmountUnit.MONEY, None),
        ("longer than 300 days", "300", AmountUnit.DAYS, None),
        ("3 weeks", "21", AmountUnit.DAYS, None),
        ("2 working weeks", "10", AmountUnit.DAYS, None),
        ("more than a year", "365", AmountUnit.DAYS, None),
        ("like 16h", "16", AmountUnit.HOURS, None),
        ("at least 20%", "0.2", AmountUnit.SHARE, None),
        ("1,250,000", "1250000", AmountUnit.NUMBER, None),
        ("top five", "5", AmountUnit.NUMBER, None),
        ("$120k", "120000", AmountUnit.MONEY, "USD"),
        ("1.2m", "1200000", AmountUnit.MONEY, None),
        ("eur 2,5 mio", "2500000", AmountUnit.MONEY, "EUR"),
        ("2,5 mio eur", "2500000", AmountUnit.MONEY, "EUR"),
        ("120 keur", "120000", AmountUnit.MONEY, "EUR"),
        ("€1.250.000", "1250000", AmountUnit.MONEY, "EUR"),
        ("1'250'000 chf", "1250000", AmountUnit.MONEY, "CHF"),
        ("500 zł", "500", AmountUnit.MONEY, "PLN"),
        ("5 grand", "5000", AmountUnit.MONEY, None),
        ("2 fte", "2", AmountUnit.PEOPLE, None),
        ("half an fte", "0.5", AmountUnit.PEOPLE, None),
        ("half a day", "0.5", AmountUnit.DAYS, None),
        ("took 3d", "3", AmountUnit.DAYS, None),
        ("3,5 days", "3.5", AmountUnit.DAYS, None),
        ("2 1/2 days", "2.5", AmountUnit.DAYS, None),
        ("two and a half days", "2.5", AmountUnit.DAYS, None),
        ("a week and a half", "10.5", AmountUnit.DAYS, None),
        ("a couple of days", "2", AmountUnit.DAYS, None),
        ("twenty-five days", "25", AmountUnit.DAYS, None),
        ("2 person-days", "2", AmountUnit.DAYS, None),
        ("3 person weeks", "15", AmountUnit.DAYS, None),
        ("5 pd", "5", AmountUnit.DAYS, None),
        ("1h30", "1.5", AmountUnit.HOURS, None),
        ("90 mins", "1.5", AmountUnit.HOURS, None),
        ("10 percent", "0.1", AmountUnit.SHARE, None),
        ("ten per cent", "0.1", AmountUnit.SHARE, None),
        ("half a dozen", "6", AmountUnit.NUMBER, None),
        ("ninety nine", "99", AmountUnit.NUMBER, None),
        ("a hundred", "100", AmountUnit.NUMBER, None),
    ],
)
def test_an_amount_has_a_value_and_a_unit(text: str, value: str, unit: AmountUnit, currency: str | None) -> None:
    (amount,) = parse_amounts(text)

    assert (amount.value, amount.unit, amount.currency) == (Decimal(value), unit, currency)


@pytest.mark.parametrize(
    "text", ["gate-31", "2012-08-01", "1.2.3", "v2", "q3", "a plan", "nobody", "9-20 mar", "5-10 projects"]
)
def test_codes_dates_and_articles_are_no_amounts(text: str) -> None:
    assert parse_amounts(text) == []


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("three to five days", "3", "5"),
        ("3-5 days", "3", "5"),
        ("2 to 3 weeks", "14", "21"),
        ("20-30%", "0.2", "0.3"),
        ("20-30k", "20000", "30000"),
        ("$100k-$150k", "100000", "150000"),
        ("500k to 2m eur", "500000", "2000000"),
    ],
)
def test_two_ends_are_one_amount(text: str, low: str, high: str) -> None:
    (amount,) = parse_amounts(text)

    assert (amount.value, amount.high) == (Decimal(low), Decimal(high))
    assert (amount.start, amount.end) == (0, len(text))


@pytest.mark.parametrize("text", ["between 3 and 5 days", "move it from 3 to 5 days"])
def test_a_change_and_two_bounds_are_two_amounts(text: str) -> None:
    assert [amount.value for amount in parse_amounts(text)] == [3, 5]


def test_a_length_tells_how_it_was_put() -> None:
    (amount,) = parse_amounts("a week and a half")

    assert (amount.value, amount.said, amount.said_unit) == (Decimal("10.5"), Decimal("1.5"), "week")


@given(st.text(alphabet="0123456789 .,-/%$€kmdhw'½and", max_size=40) | st.text(max_size=40))
def test_whatever_is_said_amounts_lie_in_order_within_it(text: str) -> None:
    amounts = parse_amounts(text)

    assert all(0 <= amount.start < amount.end <= len(text) for amount in amounts)
    assert all(before.end <= after.start for before, after in pairwise(amounts))
    assert all(amount.high is None or amount.value < amount.high for amount in amounts)
