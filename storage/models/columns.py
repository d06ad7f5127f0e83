"""Column types and checks the tables share."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, DateTime, ForeignKey, Integer
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Column, Field

# SQLite numbers rows itself only in a column declared INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")


class Instant(TypeDecorator[datetime]):
    """A moment in UTC; SQLite drops the zone, so it is stored naive and given back aware."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


def row_id() -> Any:
    return Field(default=None, sa_column=Column(BigId, primary_key=True))


def link(target: str, *, required: bool = False, index: bool = True, on_delete: str | None = None) -> Any:
    """A foreign key to `target` ("task.id")."""
    column = Column(BigId, ForeignKey(target, ondelete=on_delete), nullable=not required, index=index)
    return Field(sa_column=column) if required else Field(default=None, sa_column=column)


def minor(*, required: bool = False) -> Any:
    """Money in integer minor units of the currency its row names."""
    column = Column(BigInteger, nullable=not required)
    return Field(sa_column=column) if required else Field(default=None, sa_column=column)


def instant(*, required: bool = True, index: bool = False) -> Any:
    column = Column(Instant, nullable=not required, index=index)
    return Field(sa_column=column) if required else Field(default=None, sa_column=column)


def moment(*, index: bool = False) -> Any:
    """A plan moment: local in its project's calendar, without a zone."""
    return Field(default=None, sa_column=Column(DateTime, nullable=True, index=index))


def document(default: type[dict[str, Any]] | type[list[Any]] = dict) -> Any:
    """A JSON column, empty unless given."""
    return Field(default_factory=default, sa_column=Column(JSON, nullable=False))


def anything() -> Any:
    """A JSON column for one value of any type, None unless given."""
    return Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))


def one_of(table: str, column: str, allowed: type[StrEnum]) -> CheckConstraint:
    """The database refuses a word that the enumeration does not have."""
    words = ", ".join(f"'{member.value}'" for member in allowed)
    return CheckConstraint(f"{column} IN ({words})", name=f"ck_{table}_{column}")


def in_order(table: str, first: str, last: str) -> CheckConstraint:
    """The database refuses a window that ends before it starts."""
    return CheckConstraint(f"{first} <= {last}", name=f"ck_{table}_{first}_{last}")


def is_share(table: str, column: str) -> CheckConstraint:
    """The database refuses a share outside 0 to 1."""
    return CheckConstraint(f"{column} BETWEEN 0 AND 1", name=f"ck_{table}_{column}")


def not_negative(table: str, column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} >= 0", name=f"ck_{table}_{column}")
