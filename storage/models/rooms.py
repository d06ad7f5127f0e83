"""Where people talk, and what they are told unasked: rooms bound to work, notices, and how much of them is wanted."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlmodel import Column, Field, SQLModel

from storage.models.columns import BigId, instant, link, one_of, row_id
from storage.vocabulary import Audience, NoticeKind


class Room(SQLModel, table=True):
    """A channel of a chat workspace that is about one project or program."""

    __table_args__ = (
        UniqueConstraint("team", "channel", name="uq_room"),
        CheckConstraint("(project_id IS NULL) <> (program_id IS NULL)", name="ck_room_about_one"),
        one_of("room", "audience", Audience),
    )

    id: int | None = row_id()
    team: str
    channel: str
    project_id: int | None = link("project.id", on_delete="CASCADE")
    program_id: int | None = link("program.id", on_delete="CASCADE")
    audience: str  # who may be there, as whoever bound it has said
    bound_by: int = link("person.id", required=True)
    bound_at: datetime = instant()


class Notice(SQLModel, table=True):
    """Somebody is to be told of a change to their work. It holds no words: they are made as that person reads then."""

    __table_args__ = (
        UniqueConstraint("person_id", "proposal_id", "kind", name="uq_notice"),
        one_of("notice", "kind", NoticeKind),
    )

    id: int | None = row_id()
    person_id: int = link("person.id", required=True)
    proposal_id: int = link("proposal.id", required=True, on_delete="CASCADE")
    kind: str
    at: datetime = instant(index=True)
    told_at: datetime | None = instant(required=False, index=True)


class NoticeChoice(SQLModel, table=True):
    """How much a person wants to be told unasked; without a row: digests within their working hours."""

    __tablename__ = "notice_choice"

    person_id: int = Field(sa_column=Column(BigId, ForeignKey("person.id"), primary_key=True, autoincrement=False))
    is_muted: bool = False
    quiet_from: int | None = None  # minutes of the day
    quiet_until: int | None = None
