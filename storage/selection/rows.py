"""The few selected rows that an answer shows, and what is known of all the rest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import String, and_, case, cast, func, literal, null, or_, select
from sqlmodel import Session

from storage import fields
from storage.access import Reader
from storage.catalogue import Field, FieldKind, Right
from storage.expressions import Expression, day_minutes
from storage.selection.frames import Clock, Frame, Selection
from storage.selection.measures import Measured
from storage.vocabulary import Level

MOST_ROWS = 50


@dataclass(frozen=True)
class Value:
    """A field of one row: raw, with its unit, and the key of the row that it names."""

    raw: Any
    unit: str | None = None
    key: str | None = None


@dataclass(frozen=True)
class Row:
    """A selected row with the fields asked for; those its reader may not see are None."""

    id: int
    key: str
    name: str
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Holders:
    """The first rows that hold a value, and how many do."""

    rows: list[Row]
    total: int


@dataclass(frozen=True)
class Known:
    """Of all rows of a place: how many there are, allow each right, and have a value in each field."""

    rows: int
    allowed: dict[Right, int]
    present: dict[str, int]


@dataclass(frozen=True, eq=False)
class RowOrder:
    """By a field; rows without a value come last, equals in the order they were stored."""

    field: Field
    descending: bool = False


def list_ids(session: Session, reader: Reader, selection: Selection) -> list[int]:
    """The ids of all selected rows; one query."""
    frame = _frame(session, reader, selection)
    query = frame.select({"id": frame.id}, frame.conditions(selection), [frame.id])
    return [row.id for row in session.execute(query)]


def list_rows(
    session: Session,
    reader: Reader,
    selection: Selection,
    columns: Sequence[Field],
    *,
    order: RowOrder | None = None,
    limit: int = MOST_ROWS,
) -> list[Row]:
    """The first selected rows with these fields; one query."""
    frame = _frame(session, reader, selection)
    ranks = [*_ranks(frame, order), frame.id]
    first = frame.select({"id": frame.id}, frame.conditions(selection), ranks).limit(min(limit, MOST_ROWS))
    # Cells are made for the rows that are shown, not for all that are sorted.
    query = frame.select(_labelled(frame, columns), [frame.id.in_(select(first.subquery("first").c.id))], ranks)
    return [_row(found, columns) for found in frame.run(query)]


def list_holders(
    session: Session,
    reader: Reader,
    selection: Selection,
    field: Field,
    columns: Sequence[Field],
    *,
    held: Sequence[Measured],
    limit: int = MOST_ROWS,
) -> Holders:
    """The rows whose field has one of these values, each in its unit; one query."""
    frame = _frame(session, reader, selection)
    where = [*frame.conditions(selection), frame.allows(field.right), or_(*(_equals(field, each) for each in held))]
    counted = {"id": frame.id, "total": func.count().over()}
    holding = frame.select(counted, where, [frame.id]).limit(min(limit, MOST_ROWS)).subquery("holding")
    total = select(func.max(holding.c.total)).scalar_subquery()
    shown = {**_labelled(frame, columns), "total": total}
    found = frame.run(frame.select(shown, [frame.id.in_(select(holding.c.id))], [frame.id])).all()
    return Holders([_row(each, columns) for each in found], found[0].total if found else 0)


def tally(session: Session, reader: Reader, selection: Selection, counted: Sequence[Field]) -> dict[str, int]:
    """How many rows are selected ("matched"), and the sum of each of these fields over them; one query."""
    frame = _frame(session, reader, selection)
    columns = {each.key: frame.shown(each) for each in counted}
    every = frame.select({"id": frame.id, **columns}, frame.conditions(selection)).subquery("selected")
    sums = (func.sum(every.c[each.key]).label(each.key) for each in counted)
    found = frame.run(select(func.count().label("matched"), *sums)).one()
    return {label: int(value or 0) for label, value in found._mapping.items()}


def sums_by_unit(
    session: Session, reader: Reader, selection: Selection, summed: Sequence[Field]
) -> dict[str, dict[str, int]]:
    """The sum of each of these fields over the selected rows, by unit and key; those without any value are absent.

    All of them come in the unit of the first. One query.
    """
    frame = _frame(session, reader, selection)
    columns = {each.key: frame.shown(each) for each in summed} | {"unit": _unit(summed[0])}
    every = frame.select(columns, frame.conditions(selection)).subquery("selected")
    sums = (func.sum(every.c[each.key]).label(each.key) for each in summed)
    found = frame.run(select(every.c.unit, *sums).where(every.c.unit.is_not(None)).group_by(every.c.unit)).mappings()
    return {
        row["unit"]: {each.key: int(row[each.key]) for each in summed if row[each.key] is not None} for row in found
    }


def known(
    session: Session,
    reader: Reader,
    selection: Selection,
    asked: Sequence[Field],
    rights: Iterable[Right],
    *,
    sums: bool,
) -> Known:
    """What the place has, whatever the conditions, of these fields and rights, as sums may show it; one query."""
    frame = Frame(session, reader, selection.level, selection.clock, selection.place, sums=sums)
    every_right = dict.fromkeys([*rights, *(each.right for each in asked)])
    columns: dict[str, Expression] = {"id": frame.id}
    columns |= {f"allowed_{right.name}": case((frame.allows(right), 1)) for right in every_right}
    columns |= {f"present_{each.key}": frame.shown(each) for each in asked}
    every = frame.select(columns, []).subquery("place")
    counts = (func.count(column).label(label) for label, column in every.c.items())
    found = frame.run(select(*counts)).one()._mapping
    return Known(
        rows=found["id"],
        allowed={right: found[f"allowed_{right.name}"] for right in every_right},
        present={each.key: found[f"present_{each.key}"] for each in asked},
    )


def list_words(session: Session, reader: Reader, level: Level, field: Field) -> list[str]:
    """The words that visible rows of a level have in a field, in order; one query."""
    frame = Frame(session, reader, level, Clock(date.min))
    words = select(field.value.label("word")).where(field.value.is_not(None)).distinct().subquery("words")
    said = frame.select({"word": field.value}, [field.value == words.c.word, frame.allows(field.right)])
    query = select(words.c.word).where(said.correlate(words).exists()).order_by(words.c.word)
    return list(frame.run(query).scalars())


def find_client(session: Session, reader: Reader, name: str) -> str | None:
    """The client of visible projects that is called so, as it is written there; None where there is none."""
    frame = Frame(session, reader, Level.PROJECT, Clock(date.min))
    client = fields.PROJECT.c.client
    query = frame.select({"client": client}, [func.lower(client) == name.strip().lower()]).limit(1)
    return frame.run(query).scalar()


def clocks(session: Session, reader: Reader, selection: Selection) -> list[date]:
    """The days on which the projects of the place are read, latest first; one query."""
    frame = Frame(session, reader, Level.PROJECT, selection.clock, selection.place)
    query = frame.select({"day": fields.DAY}, []).distinct()
    return sorted(frame.run(query).scalars(), reverse=True) or [selection.clock.as_of or selection.clock.today]


def _frame(session: Session, reader: Reader, selection: Selection) -> Frame:
    return Frame(session, reader, selection.level, selection.clock, selection.place)


def _labelled(frame: Frame, columns: Sequence[Field]) -> dict[str, Expression]:
    labelled: dict[str, Expression] = {"id": frame.id, "key": frame.key, "name": frame.name}
    for index, each in enumerate(columns):
        labelled[f"value_{index}"] = frame.shown(each)
        labelled[f"unit_{index}"] = _unit(each)
        labelled[f"key_{index}"] = null() if each.identity is None else frame.shown(replace(each, value=each.identity))
    return labelled


def _unit(field: Field) -> Expression:
    return null() if field.unit is None else field.unit


def _equals(field: Field, held: Measured) -> Expression:
    value = int(held.value) if isinstance(held.value, Fraction) else held.value
    same = field.value == literal(value, field.value.type)
    return same if field.unit is None or held.unit is None else and_(same, cast(field.unit, String) == held.unit)


def _ranks(frame: Frame, order: RowOrder | None) -> list[Expression]:
    if order is None:
        return []
    value = frame.shown(order.field)
    if order.field.kind is FieldKind.DAYS and order.field.unit is not None:
        value = value * 1.0 / day_minutes(order.field.unit)
    return [value.is_(None), value.desc() if order.descending else value.asc()]


def _row(found: Any, columns: Sequence[Field]) -> Row:
    cells = found._mapping
    values = {
        each.key: Value(cells[f"value_{index}"], cells[f"unit_{index}"], cells[f"key_{index}"])
        for index, each in enumerate(columns)
    }
    return Row(cells["id"], cells["key"], cells["name"], values)
