"""The one organisation a store belongs to, with the settings every figure depends on."""

from datetime import date
from typing import Any

from sqlmodel import Field, SQLModel

from storage.models.columns import document


class Organisation(SQLModel, table=True):
    """One row. `revision` grows with every plan write and names the state that caches belong to."""

    id: int = Field(default=1, primary_key=True)
    name: str
    currency: str = Field(default="EUR", max_length=3)
    time_zone: str = "UTC"
    week_start: int = 1  # ISO weekday
    fiscal_year_start_month: int = 1
    revision: int = 0
    metric_versions: dict[str, str] = document()
    policies: dict[str, Any] = document()
    sample_laid_on: date | None = None  # the day the built-in sample was laid around; None in a real store
