"""Rooms: which project or program a channel is about, and who may be in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from storage import audit
from storage.access import MANAGERS, Access, Reader, resolve
from storage.engine import Store
from storage.errors import NotAccepted
from storage.models import Program, Project, Room
from storage.people import entered_line, read_word
from storage.vocabulary import Audience, Confidentiality, Level


class NothingToBind(NotAccepted):
    def __init__(self, key: str) -> None:
        super().__init__(f"I know no project or program “{key:.60}” that you see. Give its key, like GATE.")


class NotYoursToBind(NotAccepted):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"Only who manages {name}, or a program or portfolio it is in, can say what a channel is about."
        )


class AudienceTooWide(NotAccepted):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is confidential. Its channel is for the team only: bind it “for the team”.")


class RoomIsBound(NotAccepted):
    def __init__(self) -> None:
        super().__init__("This channel is bound to other work already. Who manages that can unbind it.")


class RoomIsFree(NotAccepted):
    def __init__(self) -> None:
        super().__init__("This channel is not bound to anything.")


@dataclass(frozen=True)
class RoomRecord:
    """What a channel is about. Its key and name are for those only who may know of it."""

    level: Level
    scope_id: int
    key: str
    name: str
    audience: Audience


def room_of(session: Session, team: str, channel: str) -> RoomRecord | None:
    """What this channel is bound to; None for nothing."""
    row = session.exec(select(Room).where(Room.team == team, Room.channel == channel)).first()
    if row is None:
        return None
    level = Level.PROJECT if row.project_id else Level.PROGRAM
    place = session.get(Project, row.project_id) if row.project_id else session.get(Program, row.program_id)
    if place is None:
        return None
    return RoomRecord(level, place.id or 0, place.key, place.name or place.key, Audience(row.audience))


def bind_room(
    store: Store, reader: Reader, team: str, channel: str, key: str, audience: Audience | str, *, at: datetime
) -> RoomRecord:
    """Say what a channel is about, in place of what it was about before.

    Raises NothingToBind, NotYoursToBind, AudienceTooWide, RoomIsBound or WordUnknown.
    """
    wanted = read_word("audience", audience, Audience)
    with store.system() as session:
        access = resolve(session, reader)
        record, place = _place(session, access, entered_line(key), wanted)
        if not _manages(session, access, place):
            raise NotYoursToBind(record.name)
        if isinstance(place, Project) and place.confidentiality == Confidentiality.CONFIDENTIAL:
            _only_for_team(wanted, record.name)
        if isinstance(place, Program) and _holds_confidential(session, record.scope_id):
            _only_for_team(wanted, record.name)
        _unbind(session, access, team, channel)
        ids = {"project_id": place.id} if isinstance(place, Project) else {"program_id": place.id}
        session.add(
            Room(team=team, channel=channel, audience=wanted, bound_by=reader.person_id or 0, bound_at=at, **ids)
        )
        _note(session, reader, "bind room", team, channel, at, {"scope": record.key, "audience": wanted})
    return record


def unbind_room(store: Store, reader: Reader, team: str, channel: str, *, at: datetime) -> None:
    """Let a channel be about nothing again. Raises RoomIsFree or RoomIsBound."""
    with store.system() as session:
        if not _unbind(session, resolve(session, reader), team, channel):
            raise RoomIsFree
        _note(session, reader, "unbind room", team, channel, at, {})


def _place(session: Session, access: Access, key: str, audience: Audience) -> tuple[RoomRecord, Project | Program]:
    """The project or program of this key, as far as the reader sees it."""
    project = session.exec(
        select(Project).where(func.lower(col(Project.key)) == key.lower(), access.projects())
    ).first()
    if project is not None:
        return RoomRecord(Level.PROJECT, project.id or 0, project.key, project.name or project.key, audience), project
    program = session.exec(
        select(Program).where(func.lower(col(Program.key)) == key.lower(), access.programs())
    ).first()
    if program is not None:
        return RoomRecord(Level.PROGRAM, program.id or 0, program.key, program.name or program.key, audience), program
    raise NothingToBind(key)


def _manages(session: Session, access: Access, place: Project | Program) -> bool:
    """Whether everybody who asks manages the place, or what lies above it."""
    for each in access.principals:
        scopes = [each.reach(role) for role in MANAGERS]
        if isinstance(place, Program):
            if not any(scope.holds(place.portfolio_id, place.id) for scope in scopes):
                return False
            continue
        reached = [scope.covers(Project) for scope in scopes]
        is_own = each.person_id is not None and place.manager_id == each.person_id
        found = [session.scalar(select(col(Project.id)).where(Project.id == place.id, reach)) for reach in reached]
        if not (is_own or any(found)):
            return False
    return True


def _holds_confidential(session: Session, program_id: int) -> bool:
    is_one = (Project.program_id == program_id, Project.confidentiality == Confidentiality.CONFIDENTIAL)
    return session.exec(select(col(Project.id)).where(*is_one).limit(1)).first() is not None


def _only_for_team(audience: Audience, name: str) -> None:
    if audience is not Audience.TEAM:
        raise AudienceTooWide(name)


def _unbind(session: Session, access: Access, team: str, channel: str) -> bool:
    """Free the channel, where its work is the reader's to manage; False where it is free."""
    row = session.exec(select(Room).where(Room.team == team, Room.channel == channel)).first()
    if row is None:
        return False
    place = session.get(Project, row.project_id) if row.project_id else session.get(Program, row.program_id)
    if place is not None and not (access.administers or _manages(session, access, place)):
        raise RoomIsBound
    session.connection().execute(delete(Room).where(col(Room.id) == row.id))
    return True


def _note(
    session: Session, reader: Reader, action: str, team: str, channel: str, at: datetime, details: dict[str, Any]
) -> None:
    audit.append(
        session,
        person_id=reader.person_id,
        action=action,
        subject=f"room:{team}/{channel}",
        outcome="done",
        details=details,
        at=at,
    )
