"""What is being done, for whoever waits: a tool with its subject, in plain words."""

from collections.abc import Mapping
from typing import Any

from storage.directory import NameRow
from storage.vocabulary import Level
from tools.names import NameIndex

ELSE = ("Looking at {}", "Looking it up")
WORDS = {
    "project_status": ("Looking at {}", "Looking at the project"),
    "portfolio_overview": ("Looking across {}", "Looking across the portfolio"),
    "list_tasks": ("Looking at the tasks of {}", "Looking at tasks"),
    "my_work": ("Looking at the work of {}", "Looking at your work"),
    "finances": ("Adding up the money of {}", "Adding up the money"),
    "task_details": ("Looking at the task", "Looking at the task"),
    "find_people": ("Looking for people", "Looking for people"),
    "utilisation": ("Comparing load and time of {}", "Comparing load and time"),
    "capacity": ("Comparing demand and supply of {}", "Comparing demand and supply"),
    "project_schedule": ("Going through the schedule of {}", "Going through the schedule"),
    "forecast": ("Forecasting {}", "Forecasting"),
    "explain_change": ("Finding out what moved {}", "Finding out what moved"),
    "benefits": ("Looking at the benefits of {}", "Looking at benefits"),
    "surface_risks": ("Looking for risks in {}", "Looking for risks"),
    "find_lessons": ("Looking for lessons", "Looking for lessons"),
    "draft_plan": ("Drafting a plan", "Drafting a plan"),
    "propose_reallocation": ("Trying other assignments in {}", "Trying other assignments"),
    "what_if": ("Calculating a copy of {}", "Calculating a copy"),
    "select_portfolio": ("Comparing portfolios", "Comparing portfolios"),
    "propose_change": ("Preparing a change of {}", "Preparing a change"),
    "record_update": ("Preparing a record for {}", "Preparing a record"),
    "weekly_brief": ("Writing the brief of {}", "Writing the brief"),
}
SUBJECTS = {
    "project": (Level.PROJECT,),
    "person": (Level.PERSON,),
    "scope": (Level.PROJECT, Level.PROGRAM, Level.PORTFOLIO),
    "subject": (Level.PROJECT,),
}


def say_progress(tool: str, arguments: Mapping[str, Any], index: NameIndex) -> str:
    """ "Looking at the tasks of Tern Gateway". `index` holds only names that the asker may see."""
    with_subject, without = WORDS.get(tool, ELSE)
    subject = _subject(arguments, index)
    return with_subject.format(subject) if subject else without


def _subject(arguments: Mapping[str, Any], index: NameIndex) -> str:
    """The name behind the key or e-mail that the tool is called with; empty where there is none."""
    for label, levels in SUBJECTS.items():
        key = arguments.get(label)
        if isinstance(key, str):
            return next((row.label for level in levels if (row := _named(index, level, key))), "")
    return ""


def _named(index: NameIndex, level: Level, key: str) -> NameRow | None:
    if level is Level.PERSON and "@" in key:
        return next((row for row in index.rows if row.email == key), None)
    return index.by_key(level, key)
