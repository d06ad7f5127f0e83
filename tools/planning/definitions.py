"""The settings that figures depend on: one firm's choices, with versions, so that a figure can say what it means."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from json import dumps

from tools.planning.calendar import OFFICE_WEEK, WorkingCalendar

METHOD = "2"  # grows whenever a computation changes, so that figures kept from before are computed again


@dataclass(frozen=True)
class HealthThresholds:
    """From where on a project is amber, and red: common practice, which a firm may change."""

    version: str = "H-1"
    amber_spi: float = 0.95
    red_spi: float = 0.85
    amber_cpi: float = 0.95
    red_cpi: float = 0.90
    red_days_late: int = 10
    amber_late_tasks_share: float = 0.10
    red_late_tasks_share: float = 0.50
    amber_idle_days: int = 15
    amber_without_estimate_share: float = 0.50
    least_share: float = 0.05  # SPI and CPI of the first twentieth of a project are noise

    def __post_init__(self) -> None:
        if not (self.red_spi <= self.amber_spi and self.red_cpi <= self.amber_cpi):
            raise ValueError("Red cannot begin before amber: lower the red SPI or CPI.")


@dataclass(frozen=True)
class Definitions:
    """What one organisation computes with. `exchange_rates`: one unit of a currency in the organisation's own."""

    currency: str = "EUR"
    overhead_share: float = 0.0
    exchange_rates: Mapping[str, float] = field(default_factory=dict)
    weekday_minutes: tuple[int, ...] = OFFICE_WEEK
    health: HealthThresholds = HealthThresholds()

    def __post_init__(self) -> None:
        if self.overhead_share < 0 or any(rate <= 0 for rate in self.exchange_rates.values()):
            raise ValueError("Overhead cannot be below zero, and an exchange rate must be above it.")

    @property
    def calendar(self) -> WorkingCalendar:
        return WorkingCalendar.of_minutes(self.weekday_minutes)

    @property
    def digest(self) -> str:
        """Names this set of definitions: figures with another digest mean something else."""
        content = asdict(self) | {"method": METHOD}
        return sha256(dumps(content, sort_keys=True).encode()).hexdigest()[:12]

    def into(self, currency: str) -> float | None:
        """How much of `currency` one unit of the organisation's own is; None where no rate is set."""
        if currency == self.currency:
            return 1.0
        rate = self.exchange_rates.get(currency)
        return None if rate is None else 1 / rate
