"""Amounts as people write them."""

from decimal import Decimal

import pytest

from tools.amounts import AmountUnit, parse_amounts


@pytest.mark.parametrize(
    ("text", "value", "unit", "currency"),
    [
        ("more than $5 million", "5000000", AmountUnit.MONEY, "USD"),
        ("over 2.5m usd", "2500000", AmountUnit.MONEY, "USD"),
        ("under €500k", "500000", AmountUnit.MONEY, "EUR"),
        ("100 thousand dollars", "100000", AmountUnit.MONEY, "USD"),
        ("half a million", "500000", AmountUnit.MONEY, None),
        ("longer than 300 days", "300", AmountUnit.DAYS, None),
        ("3 weeks", "21", AmountUnit.DAYS, None),
        ("2 working weeks", "10", AmountUnit.DAYS, None),
        ("more than a year", "365", AmountUnit.DAYS, None),
        ("like 16h", "16", AmountUnit.HOURS, None),
        ("at least 20%", "0.2", AmountUnit.SHARE, None),
        ("1,250,000", "1250000", AmountUnit.NUMBER, None),
        ("top five", "5", AmountUnit.NUMBER, None),
    ],
)
def test_an_amount_has_a_value_and_a_unit(text: str, value: str, unit: AmountUnit, currency: str | None) -> None:
    (amount,) = parse_amounts(text)

    assert (amount.value, amount.unit, amount.currency) == (Decimal(value), unit, currency)


@pytest.mark.parametrize("text", ["gate-31", "2012-08-01", "1.2.3", "v2", "q3", "a plan", "nobody"])
def test_codes_dates_and_articles_are_no_amounts(text: str) -> None:
    assert parse_amounts(text) == []
