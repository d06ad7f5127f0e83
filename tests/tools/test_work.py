from datetime import date

from tools.facts import Refusal
from tools.work import MyWork, TaskDetails, my_work, task_details


def plate(firm, who, **window) -> MyWork:
    fact = my_work(firm.context(who), **window)
    assert isinstance(fact, MyWork)
    return fact


def test_a_plate_holds_open_work_against_free_hours(firm):
    fact = plate(firm, "tomas")

    assert fact.contracted.value == 32  # Fridays off
    assert fact.free.value == fact.contracted.value - fact.absent.value - fact.internal.value
    assert fact.excess.value == fact.work.value - fact.free.value
    assert fact.days_off.value == "Fridays"


def test_work_comes_by_due_date_and_names_who_waits(firm):
    rows = plate(firm, "tomas").rows

    finishes = [row.finish.value for row in rows.values()]
    assert finishes == sorted(finishes)
    assert rows["GATE-44"].waiting.value == "Priya Nair"


def test_days_away_are_not_free(firm):
    fact = plate(firm, "priya.nair", start=date(2026, 3, 16), end=date(2026, 3, 22))

    assert fact.absent.value == 16


def test_a_public_holiday_of_the_office_is_not_free(firm):
    week = {"start": date(2026, 3, 16), "end": date(2026, 3, 22)}
    cork, gdansk = plate(firm, "tomas", **week), plate(firm, "dana", **week)

    assert (cork.holidays.value, cork.free.value) == (8, 32 - 8 - 1.5)  # St Patrick's day; internal work rests too
    assert gdansk.holidays is None


def test_the_work_of_others_shows_only_where_one_may_know_it(firm):
    assert plate(firm, "fiona", person="tomas.reyes").rows == {}
    assert plate(firm, "joanna", person="tomas.reyes").rows != {}


def test_a_window_that_ends_before_it_starts_is_refused_in_a_sentence(firm):
    refusal = my_work(firm.context("tomas"), start=date(2026, 3, 9), end=date(2026, 3, 2))

    assert isinstance(refusal, Refusal)
    assert "before it starts" in refusal.sentence


def test_the_last_week_of_the_calendar_ends_with_it(firm):
    last = date.max
    fact = my_work(firm.context("tomas", as_of=last))

    assert isinstance(fact, MyWork)
    assert fact.end.value == last.isoformat()


def details(firm, who, task) -> TaskDetails:
    fact = task_details(firm.context(who), task)
    assert isinstance(fact, TaskDetails)
    return fact


def test_a_task_shows_what_it_waits_for_and_what_waits_for_it(firm):
    fact = details(firm, "lena", "GATE-31")

    assert fact.waits_on.value == "Tern's security team"
    assert {"GATE-45", "GATE-46", "GATE-50"} <= {key for key, row in fact.rows.items() if row.why.value == "holds up"}


def test_notes_and_owners_are_for_those_who_see_the_team(firm):
    fact = details(firm, "fiona", "GATE-31")

    assert (fact.owner, fact.note, fact.effort, fact.waits_on) == (None,) * 4


def test_a_missing_task_is_not_found_in_a_sentence(firm):
    refusal = task_details(firm.context("lena"), "GATE-9999")

    assert isinstance(refusal, Refusal)
    assert refusal.outcome == "not_found"


def test_one_field_of_a_task_is_named_where_it_was_asked_for(firm):
    fact = task_details(firm.context("lena"), "GATE-31", about="owner")

    assert isinstance(fact, TaskDetails)
    assert (fact.about.value, fact.owner.value) == ("owner", "Ines Duarte")


def test_a_field_without_a_value_is_not_on_record_and_a_hidden_one_is_refused(firm):
    absent = task_details(firm.context("lena"), "GATE-31", about="actual_finish")
    hidden = task_details(firm.context("fiona"), "GATE-31", about="owner")

    assert isinstance(absent, Refusal) and absent.outcome == "not_found"
    assert isinstance(hidden, Refusal) and hidden.outcome == "refused"


def test_a_field_that_tasks_do_not_have_names_those_they_have(firm):
    refusal = task_details(firm.context("lena"), "GATE-31", about="shoe size")

    assert isinstance(refusal, Refusal)
    assert "owner" in refusal.sentence


def test_whom_somebody_holds_up_is_told_with_those_tasks_only(firm):
    plate = my_work(firm.context("tomas"))
    held = my_work(firm.context("tomas"), about="blocking")

    assert isinstance(plate, MyWork)
    assert isinstance(held, MyWork)
    assert list(held.rows) == [key for key, row in plate.rows.items() if row.waiting is not None]
    assert held.awaited.value == len(held.rows)
