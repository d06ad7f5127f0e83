"""Public holidays of offices: those of their country, and before them the days the firm or office has set itself."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cache

from sqlmodel import Session

from storage.records import HolidayRecord, OfficeRecord
from storage.staffing import holidays_set, offices

YEARS = range(1970, 2101)  # of which national holidays are told

ShortDays = dict[date, HolidayRecord]


def holidays_of(session: Session, names: Collection[str], first: date, last: date) -> dict[str | None, ShortDays]:
    """The days from first to last on which less is worked, of offices by name and, under None, of the whole firm.

    The office's own days go before the firm's, and those before its country's.
    """
    own = holidays_set(session, first, last)
    firm = _by_day(each for each in own if each.office_id is None)
    found: dict[str | None, ShortDays] = {None: firm}
    for office in offices(session, names):
        of_office = _by_day(each for each in own if each.office_id == office.id)
        found[office.name] = _national_between(office, first, last) | firm | of_office
    return found


def _by_day(set_days: Iterable[HolidayRecord]) -> ShortDays:
    return {each.day: each for each in set_days}


def _national_between(office: OfficeRecord, first: date, last: date) -> ShortDays:
    return {
        day: HolidayRecord(office.id, day, name, 0)
        for year in range(max(first.year, YEARS[0]), min(last.year, YEARS[-1]) + 1)
        for day, name in _national(office.country, office.subdivision, year).items()
        if first <= day <= last
    }


@cache
def _national(country: str | None, subdivision: str | None, year: int) -> Mapping[date, str]:
    """The public holidays of a year by day, with their names in English; none of a country nobody has told us."""
    if country is None:
        return {}
    from holidays import country_holidays  # a tenth of a second that most questions need not wait for

    try:
        return dict(country_holidays(country, subdiv=subdivision, years=year, language="en_US"))
    except NotImplementedError:
        return {}
