"""A report reads like one, in text and in JSON."""

from storage.importing import ImportReport, LevelCount, Problem


def test_a_problem_says_where_it_is() -> None:
    assert str(Problem("It is wrong.", "tasks.csv", 3, "name")) == "tasks.csv, row 3, name: It is wrong."
    assert str(Problem("It is empty.", "tasks.csv")) == "tasks.csv: It is empty."


def test_an_import_is_summed_up_in_one_sentence() -> None:
    report = ImportReport("Planner", counts={"projects": LevelCount(added=1), "tasks": LevelCount(2, 1, unchanged=9)})

    assert report.summary == "Imported from Planner: projects 1 added; tasks 2 added, 1 changed."


def test_a_refusal_counts_its_problems_and_says_nothing_of_what_the_data_could_answer() -> None:
    report = ImportReport("Planner", refused=True, problems=[Problem("Bad.", "a.csv")], can_answer=["Much"])

    assert str(report) == "Nothing was imported: 1 problem.\n\n1 problem:\n  a.csv: Bad."
    assert report.to_json()["problems_by_file"] == {"a.csv": 1}
