"""What a query holds moves the classifier's odds, and sure odds stay."""

import pytest

from assistant.builtin.intent import FOREIGN
from assistant.builtin.query import Query
from assistant.builtin.routing import gather, route
from storage.vocabulary import Level


def test_without_evidence_the_odds_stay() -> None:
    chances = {"project_status": 0.7, "finances": 0.2, FOREIGN: 0.1}

    assert route(Query(), None, chances) == pytest.approx(chances)


def test_tasks_asked_for_decide_where_the_classifier_wavers() -> None:
    query = Query(level=Level.TASK, plural=True)
    wavering = {"list_tasks": 0.4, "project_schedule": 0.5, FOREIGN: 0.1}
    sure = {"list_tasks": 0.01, "project_schedule": 0.98, FOREIGN: 0.01}

    assert max(route(query, None, wavering).items(), key=lambda each: each[1])[0] == "list_tasks"
    assert max(route(query, None, sure).items(), key=lambda each: each[1])[0] == "project_schedule"


def test_a_name_nobody_bears_is_still_a_name() -> None:
    query = Query(unknown=["zeus"], names_expected=True)

    assert [each.name for each in gather(query, None)] == ["a name nobody bears"]
    assert list(gather(query, None, frozenset({"zeus"}))) == []
