"""Who works here, who may see what, and the keys they ask with."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.models.columns import document, in_order, instant, is_share, link, minor, one_of, row_id
from storage.vocabulary import KeyScope, PersonKind, Role, ScopeKind, SkillLevel, SkillSource


class Practice(SQLModel, table=True):
    __table_args__ = (is_share("practice", "utilisation_target_share"),)

    id: int | None = row_id()
    key: str = Field(unique=True)
    name: str
    utilisation_target_share: float | None = None


class Person(SQLModel, table=True):
    """A member of the firm, or a guest from outside it."""

    __table_args__ = (one_of("person", "kind", PersonKind),)

    id: int | None = row_id()
    key: str = Field(unique=True)
    source_id: int | None = link("source.id")
    name: str = Field(index=True)
    email: str | None = Field(default=None, unique=True)
    kind: str = PersonKind.MEMBER
    practice_id: int | None = link("practice.id")
    office: str | None = None
    grade: str | None = None
    job_title: str | None = None
    weekday_minutes: list[int] = document(list)  # contracted minutes, Monday first; empty: five days of eight hours
    employed_from: date | None = None
    employed_until: date | None = None
    cost_rate_minor: int | None = minor()  # of one hour, in the organisation's currency
    bill_rate_minor: int | None = minor()
    slack_id: str | None = Field(default=None, unique=True)
    active: bool = True


class Skill(SQLModel, table=True):
    """What a person can do, how well, and who says so."""

    __table_args__ = (
        one_of("skill", "level", SkillLevel),
        one_of("skill", "source", SkillSource),
        UniqueConstraint("person_id", "name", name="uq_skill"),
    )

    id: int | None = row_id()
    person_id: int = link("person.id", required=True)
    name: str = Field(index=True)
    level: str
    source: str = SkillSource.OWN
    noted_on: date | None = None
    evidence: str = ""  # such as the certificate, or the project it was used in


class Absence(SQLModel, table=True):
    """Days away, both ends included; the reason is nobody else's business."""

    __table_args__ = (in_order("absence", "starts_on", "ends_on"),)

    id: int | None = row_id()
    person_id: int = link("person.id", required=True)
    starts_on: date
    ends_on: date
    reason: str | None = None


class Grant(SQLModel, table=True):
    """A role on a scope; `scope_id` is None for the organisation."""

    __table_args__ = (one_of("grant", "role", Role), one_of("grant", "scope_kind", ScopeKind))

    id: int | None = row_id()
    person_id: int = link("person.id", required=True)
    role: str
    scope_kind: str
    scope_id: int | None = None


class ApiKey(SQLModel, table=True):
    """A person's key for the HTTP surface: only the SHA-256 of its random text is kept."""

    __table_args__ = (one_of("apikey", "scope", KeyScope),)

    id: int | None = row_id()
    person_id: int = link("person.id", required=True)
    digest: str = Field(unique=True)
    label: str
    scope: str = KeyScope.CONFIRM
    created_at: datetime = instant()
    expires_at: datetime | None = instant(required=False)
    revoked_at: datetime | None = instant(required=False)
