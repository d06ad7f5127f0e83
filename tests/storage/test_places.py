"""Rooms: a channel is about one project or program, and only who manages that can say so."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from storage.access import Reader
from storage.engine import Store
from storage.models import AuditContent, AuditEvent, Grant, Person, Program, Project, Room
from storage.people import WordUnknown
from storage.places import (
    AudienceTooWide,
    NothingToBind,
    NotYoursToBind,
    RoomIsBound,
    RoomIsFree,
    bind_room,
    room_of,
    unbind_room,
)
from storage.vocabulary import Level

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEAM, CHANNEL = "T024BE7LD", "C012AB3CD"


@dataclass
class World:
    """Two programs: one with a project anybody sees, one with a confidential project; and who manages what."""

    store: Store
    people: dict[str, Reader]
    gate: int

    def bind(self, who: str, key: str, audience: str = "team", channel: str = CHANNEL):
        return bind_room(self.store, self.people[who], TEAM, channel, key, audience, at=NOW)

    def unbind(self, who: str) -> None:
        unbind_room(self.store, self.people[who], TEAM, CHANNEL, at=NOW)

    def room(self, team: str = TEAM, channel: str = CHANNEL):
        with self.store.reading() as session:
            return room_of(session, team, channel)


@pytest.fixture
def world(store: Store, add: Callable[..., int]) -> World:
    names = ("lena", "priya", "sam", "tomas", "ruth", "admin", "teamster", "head")
    ids = {name: add(Person, name=name.title()) for name in names}
    tern, quiet = add(Program, key="TERN", name="Tern"), add(Program, key="QUIET")
    gate = add(Project, key="GATE", name="Tern Gateway", manager_id=ids["lena"], program_id=tern)
    add(Project, key="HUSH", manager_id=ids["priya"], program_id=quiet, confidentiality="confidential")
    add(Grant, person_id=ids["sam"], role="program_manager", scope_kind="program", scope_id=tern)
    add(Grant, person_id=ids["head"], role="portfolio_manager")
    add(Grant, person_id=ids["ruth"], role="executive")
    add(Grant, person_id=ids["admin"], role="admin")
    add(Grant, person_id=ids["teamster"], role="team", scope_kind="program", scope_id=tern)
    return World(store, {name: Reader(each) for name, each in ids.items()}, gate)


@pytest.mark.parametrize("who", ["lena", "sam", "head"])
def test_who_manages_a_project_or_what_is_above_it_says_what_a_channel_is_about(world: World, who: str):
    world.bind(who, "gate", "firm")

    room = world.room()
    assert room is not None
    assert (room.level, room.scope_id, room.key, room.name, room.audience) == (
        Level.PROJECT, world.gate, "GATE", "Tern Gateway", "firm",
    )  # fmt: skip


@pytest.mark.parametrize("who", ["tomas", "ruth", "admin", "teamster"])
@pytest.mark.parametrize("key", ["GATE", "TERN"])
def test_nobody_else_does(world: World, who: str, key: str):
    with pytest.raises(NotYoursToBind):
        world.bind(who, key)

    assert world.room() is None


@pytest.mark.parametrize("who", ["sam", "head"])
def test_a_program_is_bound_by_who_manages_it_or_what_is_above(world: World, who: str):
    assert world.bind(who, "TERN", "public").level is Level.PROGRAM


def test_who_manages_one_project_of_a_program_does_not_bind_the_program(world: World):
    with pytest.raises(NotYoursToBind):
        world.bind("lena", "TERN")


def test_a_hidden_project_is_as_unknown_as_one_that_is_not_there(world: World):
    refusals = []
    for key in ("HUSH", "NONE"):
        with pytest.raises(NothingToBind) as refused:
            world.bind("admin", key)
        refusals.append(str(refused.value).replace(key, "…"))

    assert refusals[0] == refusals[1]


@pytest.mark.parametrize("key", ["", "%", "_", "GAT_", "GA%TE", "GATE\\", "\\", "GATE%' OR 1=1", "\0"])
def test_a_key_is_a_key_and_no_pattern(world: World, key: str):
    with pytest.raises(NothingToBind):
        world.bind("head", key)


@pytest.mark.parametrize("audience", ["public", "firm"])
@pytest.mark.parametrize(("who", "key"), [("priya", "HUSH"), ("head", "QUIET")])
def test_what_is_confidential_is_for_its_team_only(world: World, who: str, key: str, audience: str):
    with pytest.raises(AudienceTooWide):
        world.bind(who, key, audience)

    assert world.bind(who, key, "team").audience == "team"


def test_an_unknown_audience_is_refused_with_those_there_are(world: World):
    with pytest.raises(WordUnknown, match="team"):
        world.bind("lena", "GATE", "everyone")


def test_bound_again_a_channel_is_about_the_new_work_alone(world: World):
    world.bind("sam", "GATE")
    world.bind("sam", "TERN")

    with world.store.reading() as session:
        assert len(session.exec(select(Room)).all()) == 1
    assert (world.room() or pytest.fail()).key == "TERN"


def test_nobody_takes_a_channel_from_work_that_others_manage(world: World):
    world.bind("lena", "GATE")

    with pytest.raises(RoomIsBound):
        world.bind("priya", "HUSH")
    with pytest.raises(RoomIsBound):
        world.unbind("tomas")

    assert (world.room() or pytest.fail()).key == "GATE"


@pytest.mark.parametrize("who", ["lena", "sam", "admin"])
def test_its_manager_or_an_administrator_frees_a_channel_once(world: World, who: str):
    world.bind("lena", "GATE")
    world.unbind(who)

    assert world.room() is None
    with pytest.raises(RoomIsFree):
        world.unbind(who)


def test_a_channel_of_another_workspace_or_name_is_another(world: World):
    world.bind("lena", "GATE")

    assert world.room(team="T0OTHER") is None
    assert world.room(channel="C0OTHER") is None


def test_a_channel_is_free_when_its_project_is_gone(world: World):
    world.bind("priya", "HUSH")
    with world.store.reading() as session:
        hush = session.exec(select(Project.id).where(Project.key == "HUSH")).one()
    with world.store.writing("over") as writer:
        writer.remove_many(Project, [hush])

    assert world.room() is None


def test_binding_and_unbinding_are_audited(world: World):
    world.bind("lena", "GATE", "firm")
    world.unbind("sam")

    with world.store.reading() as session:
        query = select(AuditContent.details, AuditEvent.action, AuditContent.subject).join(
            AuditEvent, AuditEvent.id == AuditContent.event_id
        )
        events = session.exec(query.order_by(AuditEvent.id)).all()
    assert [(action, subject) for _, action, subject in events] == [
        ("bind room", f"room:{TEAM}/{CHANNEL}"),
        ("unbind room", f"room:{TEAM}/{CHANNEL}"),
    ]
    assert events[0][0] == {"scope": "GATE", "audience": "firm"}
