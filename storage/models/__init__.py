"""The tables, by topic. Importing this package registers all of them with SQLModel's metadata."""

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
from storage.models.judgement import Blocker, Risk, StatusUpdate
from storage.models.money import BillingMilestone, Expense, TimeEntry
from storage.models.organisation import Organisation
from storage.models.people import Absence, ApiKey, Grant, Person, Practice
from storage.models.work import (
    Alias,
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
    "AuditEvent",
    "Baseline",
    "BillingMilestone",
    "Blocker",
    "Booking",
    "Conversation",
    "CustomField",
    "Dependency",
    "Expense",
    "Feedback",
    "Grant",
    "History",
    "ImportRun",
    "Message",
    "Organisation",
    "Person",
    "Portfolio",
    "Practice",
    "Program",
    "Project",
    "ProjectReading",
    "Risk",
    "Source",
    "SourceWord",
    "StatusUpdate",
    "Task",
    "TaskReading",
    "TimeEntry",
]
