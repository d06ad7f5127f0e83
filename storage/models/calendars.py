"""When work is done: working calendars of plans, and the offices with the holidays people there keep."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.models.columns import document, link, not_negative, row_id

Shifts = list[list[int]]  # [[480, 720], [780, 1020]]: from and to, in minutes since midnight


class Calendar(SQLModel, table=True):
    """A working calendar of plans: the shifts of each weekday, Monday first, and of the days that differ."""

    id: int | None = row_id()
    key: str = Field(unique=True)
    source_id: int | None = link("source.id")
    name: str
    week: list[Shifts] = document(list)
    exceptions: dict[str, Shifts] = document()  # by ISO date; no shifts: a day off


class Office(SQLModel, table=True):
    """A place people work at; its country says which public holidays they keep."""

    id: int | None = row_id()
    key: str = Field(unique=True)
    name: str = Field(unique=True)  # as Person.office has it
    country: str | None = Field(default=None, max_length=2)  # ISO 3166-1
    subdivision: str | None = None  # ISO 3166-2, without the country


class Holiday(SQLModel, table=True):
    """A day on which an office (without one: the firm) works otherwise; it goes before the country's calendar."""

    __table_args__ = (
        UniqueConstraint("office_id", "day", name="uq_holiday"),
        not_negative("holiday", "minutes"),
    )

    id: int | None = row_id()
    office_id: int | None = link("office.id")
    day: date = Field(index=True)
    name: str
    minutes: int = 0  # most that a full-time person works that day; a public holiday that is worked has a full day's
