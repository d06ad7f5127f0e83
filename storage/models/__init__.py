"""The tables, by topic. Importing this package registers all of them with SQLModel's metadata."""

from storage.models.calendars import Calendar, Holiday, Office
from storage.models.control import (
    AuditEvent,
    Conversation,
    Feedback,
    History,
    ImportRun,
    Message,
    ProjectReading,
    Source,
    TaskReading,
)
from storage.models.judgement import Blocker, Flag, Risk, StatusUpdate
from storage.models.money import BillingMilestone, Expense, TimeEntry
from storage.models.organisation import Organisation
from storage.models.people import Absence, ApiKey, Grant, Person, Practice, Skill
from storage.models.work import (
    Alias,
    Assignment,
    Baseline,
    Booking,
    CustomField,
    Dependency,
    Portfolio,
    Program,
    Project,
    SourceWord,
    Task,
)

__all__ = [
    "Absence",
    "Alias",
    "ApiKey",
    "Assignment",
    "AuditEvent",
    "Baseline",
    "BillingMilestone",
    "Blocker",
    "Booking",
    "Calendar",
    "Conversation",
    "CustomField",
    "Dependency",
    "Expense",
    "Feedback",
    "Flag",
    "Grant",
    "History",
    "Holiday",
    "ImportRun",
    "Message",
    "Office",
    "Organisation",
    "Person",
    "Portfolio",
    "Practice",
    "Program",
    "Project",
    "ProjectReading",
    "Risk",
    "Skill",
    "Source",
    "SourceWord",
    "StatusUpdate",
    "Task",
    "TaskReading",
    "TimeEntry",
]
