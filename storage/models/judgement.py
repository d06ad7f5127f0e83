"""What people say of the work: status, risks, blockers."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from storage.models.columns import document, instant, is_share, link, one_of, row_id
from storage.vocabulary import Health


class StatusUpdate(SQLModel, table=True):
    """A dated status note on a project, or on one of its tasks."""

    __tablename__ = "status_update"
    __table_args__ = (one_of("status_update", "health", Health),)

    id: int | None = row_id()
    project_id: int = link("project.id", required=True)
    task_id: int | None = link("task.id")
    author_id: int | None = link("person.id")
    written_on: date = Field(index=True)
    health: str | None = None
    note: str = ""


class Risk(SQLModel, table=True):
    """An entry of the risk register; likelihood and impact as shares."""

    __table_args__ = (is_share("risk", "likelihood_share"), is_share("risk", "impact_share"))

    id: int | None = row_id()
    key: str = Field(unique=True)
    project_id: int = link("project.id", required=True)
    title: str
    owner_id: int | None = link("person.id")
    likelihood_share: float | None = None
    impact_share: float | None = None
    mitigation: str | None = None
    opened_on: date
    closed_on: date | None = None


class Blocker(SQLModel, table=True):
    """Something that stops a task until it is cleared."""

    id: int | None = row_id()
    task_id: int = link("task.id", required=True)
    note: str
    opened_on: date
    cleared_on: date | None = None


class Flag(SQLModel, table=True):
    """A signal that contradicts what somebody reported; that person hears of it before anybody above."""

    id: int | None = row_id()
    project_id: int = link("project.id", required=True)
    kind: str  # a code of tools/planning/risk_rules.py
    reporter_id: int = link("person.id", required=True)
    raised_on: date
    evidence: list[str] = document(list)
    told_at: datetime | None = instant(required=False)
    reply: str | None = None
    replied_at: datetime | None = instant(required=False)
    ended_on: date | None = None
