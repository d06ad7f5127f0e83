"""Prose of the made-up firm's facts, spoilt in every way the benchmark knows: no literal passes, clean prose does."""

import pytest

from evals.benchmarks.grounding import checked, read_cases, summary
from evals.grounded import ungrounded
from evals.oracles import Ground
from evals.worlds import World
from tests.firm import MONDAY, Firm


@pytest.fixture(scope="module")
def figures(firm: Firm, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    files = tmp_path_factory.mktemp("none")
    world = World(firm.store, MONDAY, Ground(files=files, database=files / "none.db"))
    return summary([row for case in read_cases({"quillmere": world}) for row in checked(case)])


def test_no_figure_day_name_or_health_word_of_the_models_own_passes(figures):
    assert figures["mutations"] > 1_000
    assert figures["literal_passed"] == 0


def test_clean_prose_passes(figures):
    assert figures["clean"] > 100
    assert figures["false_alarms"] == 0


def test_most_references_to_wrong_fields_and_rows_are_caught(figures):
    assert figures["references_caught"] > 0.8


def test_false_comparisons_and_denials_are_caught(figures):
    assert figures["claims_caught"] > 0.98


ANSWER = {
    "text": "**Gate is amber.** 62 % done, €203k spent. Two late: [GATE-31] (4 days). And 3 more.\n_As of Mon 2 Mar._",
    "facts": [
        {
            "id": "f1",
            "as_of": "2026-03-02",
            "fields": {
                "name": {"value": "Gate", "unit": "name", "text": "Gate"},
                "health": {"value": "amber", "unit": "health", "text": "amber"},
                "progress": {"value": 0.622, "unit": "share", "text": "62.2 %"},
                "spent": {"value": "203215.60", "unit": "EUR", "text": "€203,215.60"},
                "late": {"value": 2, "unit": "count", "text": "2"},
                "matched": {"value": 4, "unit": "count", "text": "4"},
                "rows": {"GATE-31": {"days_late": {"value": 4, "unit": "working days", "text": "4 working days"}}},
            },
        }
    ],
}


def complaints(text: str, asked: str = "") -> list[str]:
    return list(ungrounded({**ANSWER, "text": text}, asked))


def test_an_answer_that_says_what_its_fields_hold_is_grounded():
    assert complaints(ANSWER["text"]) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("62 %", "63 %"),
        ("€203k", "€204k"),
        ("Two late", "Three late"),
        ("[GATE-31]", "[GATE-32]"),
        ("4 days", "5 days"),
        ("3 more", "9 more"),
        ("amber", "green"),
        ("Mon 2 Mar", "Tue 3 Mar"),
        ("Mon 2 Mar", "Tue 2 Mar"),
    ],
)
def test_the_scorer_sees_each_figure_that_no_field_holds(right: str, wrong: str):
    assert complaints(ANSWER["text"].replace(right, wrong))


def test_figures_of_the_question_may_come_back():
    assert complaints("**7 of them.**\n_As of Mon 2 Mar._", "are there 7?") == []
