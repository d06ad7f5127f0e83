from datetime import date

import pytest

from storage.engine import Store
from storage.models import Holiday, Office
from tools.holidays import holidays_of

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 30)
ST_PATRICK, GOOD_FRIDAY, EASTER_MONDAY = date(2026, 3, 17), date(2026, 4, 3), date(2026, 4, 6)


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    return sqlite_store


def kept(store: Store, *names: str, first: date = MARCH, last: date = APRIL):
    with store.reading() as session:
        return holidays_of(session, names, first, last)


def write(store: Store, *rows: Office | Holiday) -> None:
    with store.writing("Offices") as writer:
        for row in rows:
            writer.add(type(row), [row.model_dump(exclude={"id"} if row.id is None else None)])


def test_an_office_keeps_the_public_holidays_of_its_country(store):
    write(store, Office(key="CORK", name="Cork", country="IE"), Office(key="MALMO", name="Malmö", country="SE"))
    found = kept(store, "Cork", "Malmö")

    assert [day for day in found["Cork"] if day.weekday() < 5] == [ST_PATRICK, EASTER_MONDAY]
    assert GOOD_FRIDAY in found["Malmö"]
    assert found["Cork"][ST_PATRICK].name == "Saint Patrick's Day"


def test_a_part_of_a_country_has_its_own(store):
    write(store, Office(key="M", name="München", country="DE", subdivision="BY"))
    epiphany = date(2026, 1, 6)

    assert epiphany in kept(store, "München", first=epiphany, last=epiphany)["München"]


def test_the_offices_own_day_goes_before_the_firms_and_the_firms_before_the_countrys(store):
    half_day, worked = 240, 480
    write(
        store,
        Office(id=1, key="CORK", name="Cork", country="IE"),
        Holiday(day=ST_PATRICK, name="Worked", minutes=worked),
        Holiday(day=GOOD_FRIDAY, name="Firm's day off"),
        Holiday(office_id=1, day=GOOD_FRIDAY, name="Half a day", minutes=half_day),
    )
    found = kept(store, "Cork")

    assert found["Cork"][ST_PATRICK].minutes == worked
    assert found["Cork"][GOOD_FRIDAY].minutes == half_day
    assert found[None][GOOD_FRIDAY].minutes == 0


@pytest.mark.parametrize(("country", "subdivision"), [(None, None), ("XX", None), ("DE", "QQ")])
def test_an_office_nobody_knows_the_holidays_of_keeps_none(store, country, subdivision):
    write(store, Office(key="O", name="Office", country=country, subdivision=subdivision))

    assert kept(store, "Office")["Office"] == {}


def test_years_without_known_holidays_have_none(store):
    write(store, Office(key="CORK", name="Cork", country="IE"))

    assert kept(store, "Cork", first=date(9999, 1, 1), last=date.max)["Cork"] == {}
