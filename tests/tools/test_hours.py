from datetime import date

import pytest

from storage.staffing import list_people
from tests.firm import MONDAY
from tools.hours import WorkedHours, worked_hours
from tools.planning.utilisation import Base, UtilisationDefinition, Whose


@pytest.fixture
def of(firm):
    def hours(who: str, first: date, last: date, day: date = MONDAY) -> WorkedHours:
        with firm.store.reading() as session:
            people = [each for each in list_people(session, firm.reader(who)) if each.practice_name == "Integration"]
            return worked_hours(session, firm.reader(who), people, first, last, day)

    return hours


def test_sums_of_people_are_the_sums_of_each(of):
    february = of("ruth", date(2026, 2, 1), date(2026, 2, 28))

    assert february.whole.worked == sum(each.worked for each in february.of_person.values())
    assert february.of(february.people)[Whose.EVERYBODY] == february.whole
    assert february.of(february.people[:2])[Whose.PRACTICES].contracted == 2 * 160 * 60


def test_who_takes_leave_has_less_to_divide_by(of):
    away = of("ruth", date(2026, 2, 2), date(2026, 2, 8))
    bartek = [person for person in away.people if person.key == "bartek.mazur"]

    assert away.reading(UtilisationDefinition(base=Base.CONTRACTED), bartek).base == 40 * 60
    assert away.reading(UtilisationDefinition(base=Base.AVAILABLE), bartek).share is None


def test_a_week_is_missing_only_once_it_is_over_and_lies_in_the_window(of):
    [owen] = of("ruth", date(2026, 2, 2), date(2026, 2, 8)).missing

    assert (owen.person.name, owen.minutes) == ("Owen Breen", 32 * 60)  # one day was a holiday
    assert of("ruth", date(2026, 2, 2), date(2026, 2, 8), day=date(2026, 2, 8)).missing == []
    assert of("ruth", date(2026, 2, 3), date(2026, 2, 8)).missing == []


def test_others_hours_are_in_no_sum(of):
    assert of("lena", date(2026, 2, 1), date(2026, 2, 28)).whole.worked == 160 * 60  # her own


def test_a_window_without_people_is_empty(firm):
    with firm.store.reading() as session:
        nobody = worked_hours(session, firm.reader("ruth"), [], MONDAY, MONDAY, MONDAY)

    assert nobody.whole.base(Base.CONTRACTED) == 0
    assert nobody.missing == []
