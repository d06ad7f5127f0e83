"""Which skills and jobs words mean."""

import pytest

from tools.skills import Wanted, near, wanted

SKILLS = ["Terraform", "SQL", "Python", "Java", "JavaScript", "Test automation", "Change management"]
TITLES = ["Data engineer", "Test engineer", "Trainer", "Project manager"]


@pytest.mark.parametrize(
    ("words", "skills"),
    [
        ("terraform", ("Terraform",)),
        ("teraform", ("Terraform",)),
        ("Java", ("Java",)),
        ("sql and python", ("SQL", "Python")),
        ("sql/python, java", ("SQL", "Python", "Java")),
        ("change mgmt or change management", ("Change management",)),
        ("automation", ("Test automation",)),
        ("sql python", ("SQL", "Python")),
    ],
)
def test_skills_are_known_by_their_words(words: str, skills: tuple[str, ...]) -> None:
    assert wanted(words, SKILLS, TITLES) == Wanted(skills)


@pytest.mark.parametrize(
    ("words", "title"),
    [("data engineers", "Data engineer"), ("tester", "Test engineer"), ("trainers", "Trainer"), ("pm", None)],
)
def test_jobs_are_known_by_their_words(words: str, title: str | None) -> None:
    assert wanted(words, SKILLS, TITLES) == (Wanted(titles=frozenset({title})) if title else None)


def test_words_of_no_skill_have_close_ones_or_none() -> None:
    assert wanted("cobol", SKILLS, TITLES) is None
    assert near("pyton scripting", SKILLS)[0] == "Python"
    assert near("zzz", SKILLS) == []
