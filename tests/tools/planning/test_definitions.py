"""Stories about the settings that figures depend on."""

import pytest

from tools.planning.definitions import Definitions, HealthThresholds


def test_another_setting_is_another_meaning():
    digests = {
        Definitions().digest,
        Definitions(overhead_share=0.18).digest,
        Definitions(exchange_rates={"GBP": 1.2}).digest,
        Definitions(health=HealthThresholds(red_cpi=0.8)).digest,
    }

    assert len(digests) == 4
    assert Definitions(overhead_share=0.18).digest in digests


def test_money_is_converted_by_the_firms_own_rates_or_not_at_all():
    firm = Definitions(currency="EUR", exchange_rates={"GBP": 1.25})

    assert (firm.into("EUR"), firm.into("GBP"), firm.into("USD")) == (1.0, 0.8, None)


@pytest.mark.parametrize("wrong", [{"overhead_share": -0.1}, {"exchange_rates": {"GBP": 0}}])
def test_settings_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValueError, match="Overhead"):
        Definitions(**wrong)
