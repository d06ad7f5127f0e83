"""Calendars of absences: who is away when, and what becomes of what a calendar no longer has."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import col, select

from storage.engine import Store
from storage.importing import ImportReport
from storage.importing.feeds import BROKEN, NOBODY, read_feed
from storage.importing.tables import FileUnreadable
from storage.models import Absence

Write = Callable[..., Path]
Import = Callable[..., ImportReport]
WHO = "ATTENDEE;CN=Tomas:mailto:tomas@q.example"
DAY = ("DTSTART;VALUE=DATE:20260316", "DTEND;VALUE=DATE:20260318")


def calendar(path: Path, *events: tuple[str, ...], head: tuple[str, ...] = ()) -> Path:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *head]
    for number, event in enumerate(events, start=1):
        own = () if any(line.startswith("UID") for line in event) else (f"UID:{number}",)
        lines += ["BEGIN:VEVENT", *own, "DTSTAMP:20260301T080000Z", *event, "END:VEVENT"]
    path.write_text("\r\n".join([*lines, "END:VCALENDAR", ""]))
    return path


def spans(path: Path) -> list[tuple[str, str]]:
    return [(cells[1], cells[2]) for _, cells in read_feed(path).rows]


def test_the_end_of_a_whole_day_is_the_next_morning(tmp_path: Path) -> None:
    table = read_feed(calendar(tmp_path / "leave.ics", (WHO, *DAY, "SUMMARY:Holiday")))

    assert table.rows == [(1, ["tomas@q.example", "2026-03-16", "2026-03-17", "Holiday"])]


@pytest.mark.parametrize(
    ("times", "days"),
    [
        (("DTSTART:20260316T090000", "DTEND:20260316T170000"), [("2026-03-16", "2026-03-16")]),
        (("DTSTART:20260316T090000", "DTEND:20260316T103000"), []),
        (
            ("DTSTART;TZID=Europe/Warsaw:20260316T080000", "DTEND;TZID=Europe/Warsaw:20260317T160000"),
            [("2026-03-16", "2026-03-17")],
        ),
        (("DTSTART:20260315T230000Z", "DTEND:20260316T230000Z"), [("2026-03-16", "2026-03-16")]),
        (("DTSTART:20260316T080000Z", "DTEND:20260316T170000"), [("2026-03-16", "2026-03-16")]),
        (("DTSTART:20260316T090000", "DURATION:PT8H"), [("2026-03-16", "2026-03-16")]),
        (("DTSTART:20260316T090000", "DTEND:20260316T170000", "TRANSP:TRANSPARENT"), []),
        (("DTSTART;VALUE=DATE:20260316",), [("2026-03-16", "2026-03-16")]),
        (
            ("DTSTART;VALUE=DATE:20260305", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;VALUE=DATE:20260312"),
            [("2026-03-05", "2026-03-05"), ("2026-03-19", "2026-03-19")],
        ),
        (
            ("DTSTART;TZID=Europe/Dublin:20260326T090000", "DURATION:PT8H", "RRULE:FREQ=WEEKLY;UNTIL=20260402T120000Z"),
            [("2026-03-26", "2026-03-26"), ("2026-04-02", "2026-04-02")],
        ),
    ],
)  # fmt: skip
def test_the_days_of_an_event(tmp_path: Path, times: tuple[str, ...], days: list[tuple[str, str]]) -> None:
    assert spans(calendar(tmp_path / "leave.ics", (WHO, *times))) == days


def test_a_rule_without_an_end_is_followed_for_two_years(tmp_path: Path) -> None:
    fridays = spans(calendar(tmp_path / "leave.ics", (WHO, "DTSTART;VALUE=DATE:20260306", "RRULE:FREQ=WEEKLY")))

    assert fridays[-1] == ("2028-03-03", "2028-03-03")


def test_a_file_of_rules_that_never_come_true_is_given_up(tmp_path: Path) -> None:
    barren = (WHO, *DAY, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")

    with pytest.raises(FileUnreadable, match="never come true"):
        read_feed(calendar(tmp_path / "leave.ics", *[barren] * 1_000))


def test_one_time_of_a_rule_may_be_moved_or_cancelled(tmp_path: Path) -> None:
    path = calendar(
        tmp_path / "leave.ics",
        ("UID:a", WHO, "DTSTART;VALUE=DATE:20260305", "RRULE:FREQ=WEEKLY;COUNT=3"),
        ("UID:a", WHO, "RECURRENCE-ID;VALUE=DATE:20260312", "DTSTART;VALUE=DATE:20260313"),
        ("UID:a", WHO, "RECURRENCE-ID;VALUE=DATE:20260319", "DTSTART;VALUE=DATE:20260319", "STATUS:CANCELLED"),
    )

    assert spans(path) == [("2026-03-05", "2026-03-05"), ("2026-03-13", "2026-03-13")]


def test_whose_calendar_it_is(tmp_path: Path) -> None:
    organised = ("ORGANIZER:mailto:lena@q.example", *DAY)
    aside = ("ATTENDEE;CUTYPE=ROOM:mailto:room@q.example", "ATTENDEE;PARTSTAT=DECLINED:mailto:no@q.example")
    several = (WHO, *aside, *DAY)

    def people(path: Path) -> list[str]:
        return [cells[0] for _, cells in read_feed(path).rows]

    assert people(calendar(tmp_path / "a.ics", organised, several)) == ["lena@q.example", "tomas@q.example"]
    assert people(calendar(tmp_path / "sam@q.example.ics", organised, DAY)) == ["sam@q.example"] * 2
    assert people(calendar(tmp_path / "b.ics", DAY, head=("X-WR-CALNAME:ana@q.example",))) == ["ana@q.example"]


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (DAY, NOBODY),
        ((WHO, "SUMMARY:When?"), "This event has no day on which it starts."),
        ((WHO, "DTSTART;VALUE=DATE:20260316", "DTEND;VALUE=DATE:20260310"), "This event ends before it starts."),
        ((WHO, "DTSTART;VALUE=DATE:20260316", "DTEND;VALUE=DATE:20990316"), "This event lasts more than three years"),
        ((WHO, "DTSTART:20260316T090000", "DTEND;VALUE=DATE:20260317"), "This event starts at a time of day and ends"),
        ((WHO, *DAY, "RRULE:FREQ=SECONDLY"), "This event repeats within a day"),
        ((WHO, "DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=DAILY;COUNT=2000"), "This event repeats more than"),
        ((WHO, *DAY, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "The rule by which this event repeats never comes"),
        ((WHO, *DAY, "RRULE:FREQ=WEEKLY;BYDAY=XX"), BROKEN),
        ((WHO, *DAY, "RRULE:FREQ=WEEKLY;INTERVAL=-1"), "The rule by which this event repeats cannot be read."),
        ((WHO, "DTSTART;VALUE=DATE:20261399"), BROKEN),
        ((WHO, *DAY, "RRULE:FREQ=WEEKLY", "RRULE:FREQ=DAILY"), "This event repeats by several rules"),
    ],
)
def test_an_event_that_cannot_be_read_is_named_by_its_number(
    tmp_path: Path, event: tuple[str, ...], sentence: str
) -> None:
    table = read_feed(calendar(tmp_path / "leave.ics", (WHO, *DAY), event))

    assert [(problem.row, problem.sentence.startswith(sentence)) for problem in table.problems] == [(2, True)]
    assert len(table.rows) == 1


@pytest.mark.parametrize(
    "text", ["key,name\nA,b\n", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:\n", "\x00\x01", "BEGIN:VEVENT"]
)
def test_what_is_no_calendar_is_said_so(tmp_path: Path, text: str) -> None:
    (tmp_path / "leave.ics").write_text(text)

    with pytest.raises(FileUnreadable, match="no calendar"):
        read_feed(tmp_path / "leave.ics")


@pytest.fixture
def with_tomas(write: Write, do_import: Import) -> Import:
    do_import(write("people.csv", "key,name,email", "tomas,Tomás Reyes,tomas@q.example"))
    return do_import


def away(store: Store) -> list[date]:
    with store.reading() as session:
        return list(session.exec(select(Absence.starts_on).order_by(col(Absence.starts_on))).all())


def test_the_same_feed_changes_nothing_and_a_moved_or_cancelled_event_leaves_nothing_behind(
    folder: Path, write: Write, with_tomas: Import, sqlite_store: Store
) -> None:
    with_tomas(write("absences.csv", "person,starts_on,ends_on", "tomas,2026-04-01,2026-04-01"))
    feed, april = folder / "leave.ics", ("DTSTART;VALUE=DATE:20260410",)
    with_tomas(calendar(feed, (WHO, *DAY), (WHO, *april), (WHO, "DTSTART;VALUE=DATE:20260501")))

    again = with_tomas(feed)
    cancelled = (WHO, "DTSTART;VALUE=DATE:20260501", "STATUS:CANCELLED")
    moved = with_tomas(calendar(feed, (WHO, *DAY), (WHO, "DTSTART;VALUE=DATE:20260413"), cancelled))

    assert not again.applied
    assert moved.counts["absences"].removed == 2
    assert away(sqlite_store) == [date(2026, 3, 16), date(2026, 4, 1), date(2026, 4, 13)]


def test_what_lies_before_the_first_event_stays(folder: Path, with_tomas: Import, sqlite_store: Store) -> None:
    feed = folder / "leave.ics"
    with_tomas(calendar(feed, (WHO, *DAY)))
    with_tomas(calendar(feed, (WHO, "DTSTART;VALUE=DATE:20260601")))

    assert away(sqlite_store) == [date(2026, 3, 16), date(2026, 6, 1)]


def test_nothing_is_removed_while_an_event_cannot_be_read(
    folder: Path, with_tomas: Import, sqlite_store: Store
) -> None:
    feed = folder / "leave.ics"
    with_tomas(calendar(feed, (WHO, *DAY), (WHO, "DTSTART;VALUE=DATE:20260601")))
    report = with_tomas(calendar(feed, (WHO, *DAY), ("DTSTART;VALUE=DATE:20260601",)), accept_good=True)

    assert report.problems[0].sentence == NOBODY
    assert len(away(sqlite_store)) == 2


def test_somebody_unknown_is_said_so(folder: Path, with_tomas: Import) -> None:
    report = with_tomas(calendar(folder / "leave.ics", ("ATTENDEE:mailto:who@q.example", *DAY)))

    assert report.refused
    assert report.problems[0].sentence == "There is no person 'who@q.example'; the closest is 'tomas@q.example'."
