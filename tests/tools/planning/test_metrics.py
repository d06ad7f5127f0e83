"""Every metric is defined once and completely."""

import pytest

from tools.planning.definitions import HealthThresholds
from tools.planning.metrics import METRICS, Metric


def test_the_terms_of_the_field_are_there():
    assert {"SPI", "CPI", "EAC", "BAC", "PV", "EV", "AC", "CV", "SV", "VAC", "TCPI"} <= METRICS.keys()


def test_health_says_the_limits_it_is_judged_by():
    formula = METRICS["computed_health"].formula

    assert f"SPI below {HealthThresholds().red_spi}" in formula
    assert METRICS["computed_health"].version == HealthThresholds().version


def test_a_metric_without_a_formula_is_refused():
    with pytest.raises(ValueError, match="in words"):
        Metric("guess", "a guess", "ratio", "")
