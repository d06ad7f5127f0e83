"""The administrator's pages: who is here, which roles and keys they have, what they see, and who has left."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from integrations.web.exchange import read_exchange
from integrations.web.pages import read_day, read_field
from integrations.web.showing import (
    application_of,
    caller_of,
    may_administer,
    may_ask,
    render_exchange,
    show_own_page,
    show_sentence,
)
from integrations.web.turns import in_turn
from storage import api_keys, grants, leaving, people
from storage.access import Reader
from storage.engine import Store
from storage.errors import NotAccepted
from storage.people import Member
from storage.sight import sight_of
from storage.text import clean
from storage.vocabulary import PersonKind, Role, ScopeKind

MOST_SHOWN = 500

router = APIRouter(prefix="/admin", include_in_schema=False, dependencies=[Depends(may_administer)])


class OwnRole(NotAccepted):
    def __init__(self) -> None:
        super().__init__("Nobody gives roles to themselves here: another administrator can.")


class ButtonWanted(NotAccepted):
    def __init__(self) -> None:
        super().__init__("Choose one of the buttons of the page.")


@router.get("")
def list_people(request: Request, q: str = "") -> Response:
    """Everybody whose name, e-mail or role holds the words."""
    return _show_people(request, clean(q))


@router.post("/people")
async def add(request: Request) -> Response:
    """Add somebody, and go to their page."""
    form = await request.form()
    kind = PersonKind.GUEST if read_field(form, "guest") else PersonKind.MEMBER
    name, email, by = read_field(form, "name"), read_field(form, "email"), caller_of(request).asker.id
    try:
        added = await run_in_threadpool(people.add_person, application_of(request).store, name, email, kind=kind, by=by)
    except NotAccepted as refused:
        return await run_in_threadpool(_show_people, request, "", problem=str(refused))
    return RedirectResponse(person_url(added), status_code=303)


@router.get("/person/{key:path}")
def person_page(request: Request, key: str) -> Response:
    """One person: roles, keys, and what they see."""
    person = _person(request, key)
    return _show_person(request, person) if person else _nobody(request)


@router.post("/see/{key:path}", dependencies=[Depends(may_ask)])
async def see_as(request: Request, key: str) -> Response:
    """What this person would be told, of what the administrator may see; nothing of it is kept but an audit event."""
    person = await run_in_threadpool(_person, request, key)
    if person is None or not person.active:
        return _nobody(request)
    text, application = read_field(await request.form(), "text"), application_of(request)
    onlooker = caller_of(request).asker
    answer = await in_turn(request, lambda: application.ask(text, person, surface="web", onlooker=onlooker))
    shown = Markup(render_exchange(read_exchange(text, answer.contract())))
    return await run_in_threadpool(_show_person, request, person, seen=shown)


@router.post("/person/{key:path}")
async def change(request: Request, key: str) -> Response:
    """One button of the page, and back to it. Keys are only ended here: whoever makes a key could use it."""
    person = await run_in_threadpool(_person, request, key)
    if person is None:
        return _nobody(request)
    form = await request.form()
    by, store = caller_of(request).asker.id, application_of(request).store
    try:
        act = _ACTS.get(read_field(form, "act"))
        if act is None:
            raise ButtonWanted
        await run_in_threadpool(act, store, person, form, by)
    except NotAccepted as refused:
        return await run_in_threadpool(_show_person, request, person, problem=str(refused))
    return RedirectResponse(person_url(person), status_code=303)


def person_url(person: Member) -> str:
    return f"/admin/person/{quote(person.key)}"


def _give_role(store: Store, person: Member, form: FormData, by: int) -> None:
    if person.id == by:
        raise OwnRole
    grants.grant(store, person.id, *_place(form), by=by)


def _take_role(store: Store, person: Member, form: FormData, by: int) -> None:
    grants.revoke(store, person.id, *_place(form), by=by)


def _place(form: FormData) -> tuple[str, str, str | None]:
    return read_field(form, "role"), read_field(form, "scope"), read_field(form, "scope_key") or None


def _end_key(store: Store, person: Member, form: FormData, by: int) -> None:
    number = read_field(form, "number")
    with store.reading() as session:
        own = {key.id for key in api_keys.list_keys(session) if key.person.id == person.id}
    wanted = int(number) if number.isascii() and number.isdigit() else 0
    if wanted not in own:
        raise api_keys.KeyUnknown(wanted)
    api_keys.revoke_key(store, wanted, by=by)


def _leave(store: Store, person: Member, form: FormData, by: int) -> None:
    now = datetime.now(UTC)
    leaving.leave(store, person.id, on=read_day(read_field(form, "on")) or now.date(), at=now, by=by)


def _come_back(store: Store, person: Member, _form: FormData, by: int) -> None:
    leaving.come_back(store, person.id, at=datetime.now(UTC), by=by)


_ACTS: Mapping[str, Callable[[Store, Member, FormData, int], None]] = {
    "give role": _give_role,
    "take role": _take_role,
    "end key": _end_key,
    "leave": _leave,
    "return": _come_back,
}


def _person(request: Request, key: str) -> Member | None:
    with application_of(request).store.reading() as session:
        return people.find_person_by_key(session, clean(key))


def _nobody(request: Request) -> Response:
    return show_sentence(request, "Nobody there", "There is no such person.", status=404)


def _show_people(request: Request, words: str, *, problem: str = "") -> Response:
    with application_of(request).store.reading() as session:
        found = people.list_people(session)
        roles: dict[int, list[str]] = {}
        for each in grants.list_grants(session):
            roles.setdefault(each.person.id, []).append(_place_words(each))
    rows = [{"person": each, "url": person_url(each), "roles": ", ".join(roles.get(each.id, ()))} for each in found]
    rows = [row for row in rows if words.lower() in _searched(row)]
    shown = {"people_here": rows[:MOST_SHOWN], "more": max(0, len(rows) - MOST_SHOWN), "q": words}
    return show_own_page(request, "admin.html", status=422 if problem else 200, problem=problem, **shown)


def _searched(row: Mapping[str, Any]) -> str:
    return f"{row['person'].name} {row['person'].email} {row['roles']}".lower()


def _show_person(request: Request, person: Member, **said: str) -> Response:
    """Their page as it is now, with what an act came to."""
    application, asker = application_of(request), caller_of(request).asker
    with application.store.reading() as session:
        now = people.find_person(session, person.id)
        held = [(each, _place_words(each)) for each in grants.list_grants(session, person.id)]
        keys = [key for key in api_keys.list_keys(session) if key.person.id == person.id]
        sight = sight_of(session, Reader(asker.id), person.id)
    return show_own_page(
        request,
        "admin_person.html",
        status=422 if said.get("problem") else 200,
        person=now,
        held=held,
        keys=keys,
        sight=sight,
        roles=list(Role),
        scopes=list(ScopeKind),
        **({"problem": "", "seen": ""} | said),
    )


def _place_words(held: grants.GrantRecord) -> str:
    role = held.role.replace("_", " ")
    return f"{role} of {held.scope_kind} {held.scope_key}" if held.scope_key else role
