"""The catalogue: every field and state runs on both databases, and is found by the words people use."""

from datetime import date

import pytest

from storage import models
from storage.access import Reader
from storage.catalogue import FieldKind, plain
from storage.fields import catalogue
from storage.selection.conditions import Holds
from storage.selection.frames import Clock, Selection
from storage.selection.measures import Grouping, GroupOrder, Measure, Question, measure, measure_groups
from storage.vocabulary import Level

LEVELS = (Level.TASK, Level.PROJECT, Level.PROGRAM, Level.PORTFOLIO)


@pytest.mark.parametrize("level", LEVELS)
def test_every_field_measures_and_groups_and_every_state_counts(store, add, level):
    owner = add(models.Person)
    add(models.Grant, person_id=owner, role="executive")
    selection = Selection(level, Clock(date(2026, 3, 2)))
    with store.reading() as session:
        known = catalogue(session, level)
        for field in known.fields.values():
            kind = Measure.MEDIAN if field.kind.is_measurable else Measure.COUNT
            measured = field if field.kind.is_measurable else None
            assert measure(session, Reader(owner), selection, Question(kind, measured))
            measure_groups(
                session,
                Reader(owner),
                selection,
                Question(Measure.COUNT),
                Grouping(field),
                order=GroupOrder(),
                limit=3,
                apart=False,
            )
        for state in known.states.values():
            asked = Selection(level, selection.clock, conditions=(Holds(state),))
            assert measure(session, Reader(owner), asked, Question(Measure.COUNT))[0].value == 0


@pytest.mark.parametrize("level", LEVELS)
def test_a_key_or_label_means_its_own_field(sqlite_store, level):
    with sqlite_store.reading() as session:
        known = catalogue(session, level)

    assert all(known.field(field.key) is field and known.field(field.label) is field for field in known.fields.values())
    assert all(known.state(state.key) is state for state in known.states.values())


def test_fields_of_the_firm_s_own_are_found_by_any_of_their_words(store, add):
    add(
        models.CustomField,
        level=Level.PROGRAM,
        key="cio_rating",
        label="CIO rating",
        kind="number",
        also_called=["risk rating"],
    )
    add(models.SourceWord, level=Level.PORTFOLIO, word="bureau")
    with store.reading() as session:
        known = catalogue(session, Level.PROGRAM)

    words = ("cio_rating", "custom.cio_rating", "CIO Rating", "risk  rating")
    assert {known.field(word) for word in words} == {known.fields["cio_rating"]}
    assert known.fields["cio_rating"].kind is FieldKind.NUMBER
    assert known.field("bureau") is known.fields["portfolio"]
    assert known.field("nonsense") is None


def test_words_are_compared_without_case_underscores_or_hyphens():
    assert plain(" Not-Started ") == plain("not_started") == "not started"
