"""Every route lets in whom it should and nobody else. A route without a case here fails."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.responses import Response
from starlette.testclient import TestClient

from integrations.app import Application
from integrations.settings import Settings
from integrations.web.server import create_web
from storage.engine import Store
from storage.vocabulary import KeyScope
from tests.authority.conftest import World
from tests.proof.small_firm import dump
from tests.proof.test_hostile import PLAN

OPEN = {
    "GET /livez",
    "GET /readyz",
    "GET /login",
    "POST /login",
    "GET /login/oidc",
    "GET /login/oidc/callback",
}
# Of one's own cookies only, whoever one is.
ONE_S_OWN = {"POST /theme", "POST /logout"}
ASKED = {"text": "where is CON?", "as_of": "2026-03-02"}


@dataclass(frozen=True)
class Case:
    """A request that one person may make and another may not.

    The other is refused with a status, or, where everybody has a page of their own, does not find the words.
    """

    path: str
    may: str = "pm-con"
    may_not: str = "member"
    refused: int | None = None
    body: dict[str, Any] = field(default_factory=dict)
    scope: KeyScope = KeyScope.READ  # the least a key needs


CASES = {
    "GET /openapi.json": Case("/openapi.json", may_not="leaver", refused=401),
    "POST /api/ask": Case("/api/ask", body={"json": ASKED}),
    "GET /": Case("/?thread=own"),
    "POST /ask": Case("/ask", body={"data": {**ASKED, "thread": "fresh"}}),
    "GET /record/{kind}/{key:path}": Case("/record/project/CON", refused=404),
    "GET /project/{key:path}": Case("/project/CON?as_of=2026-03-02", refused=404),
    "GET /export/{kind}/{key:path}": Case("/export/csv/CON", refused=404),
    "GET /api/proposals": Case("/api/proposals"),
    "GET /api/proposals/{key}": Case("/api/proposals/<proposal 0>", refused=404),
    "POST /api/proposals/{key}/{act}": Case(
        "/api/proposals/<proposal 0>/reject", refused=404, body={"json": {"note": "no"}}, scope=KeyScope.CONFIRM
    ),
    "GET /proposals": Case("/proposals"),
    "GET /proposal/{key}": Case("/proposal/<proposal 0>", refused=404),
    "POST /proposal/{key}": Case(
        "/proposal/<proposal 1>", refused=404, body={"data": {"act": "reject"}}, scope=KeyScope.CONFIRM
    ),
    "GET /history": Case("/history"),
    "GET /forget": Case("/forget?thread=own", refused=404),
    "POST /forget": Case("/forget", refused=404, body={"data": {"thread": "other"}}),
    "POST /api/feedback": Case(
        "/api/feedback", refused=404, body={"json": {"thread": "own", "message": 2, "verdict": "up"}}
    ),
    "POST /feedback": Case("/feedback", refused=404, body={"data": {"thread": "own", "message": 2, "verdict": "up"}}),
    "GET /admin": Case("/admin", may="admin", may_not="pm-con", refused=403, scope=KeyScope.ADMIN),
    "POST /admin/people": Case(
        "/admin/people", may="admin", may_not="pm-con", refused=403, scope=KeyScope.ADMIN,
        body={"data": {"name": "New Person", "email": "new@example.org"}},
    ),
    "GET /admin/person/{key:path}": Case(
        "/admin/person/member", may="admin", may_not="pm-con", refused=403, scope=KeyScope.ADMIN
    ),
    "POST /admin/person/{key:path}": Case(
        "/admin/person/member", may="admin", may_not="pm-con", refused=403, scope=KeyScope.ADMIN,
        body={"data": {"act": "leave"}},
    ),
    "POST /admin/see/{key:path}": Case(
        "/admin/see/member", may="admin", may_not="pm-con", refused=403, scope=KeyScope.ADMIN, body={"data": ASKED}
    ),
}  # fmt: skip
# Choosing who asks is for a server on loopback without keys; see below.
ELSEWHERE = {"POST /as"}


def routes() -> Iterator[str]:
    """Every route of the application, with all that may be set up, as "METHOD /path"."""
    provider = {"oidc_issuer": "http://127.0.0.1:1", "oidc_client_id": "x", "public_url": "http://127.0.0.1:2"}
    web = create_web(Application(Settings(**provider), Store.open("sqlite:////nowhere.db")))
    pending: list[Any] = list(web.router.routes)
    while pending:
        route = pending.pop()
        pending += getattr(getattr(route, "original_router", None), "routes", [])
        for method in set(getattr(route, "methods", None) or ()) - {"HEAD"}:
            yield f"{method} {route.path}"


def test_every_route_has_a_case() -> None:
    assert set(routes()) - OPEN - ONE_S_OWN - ELSEWHERE == set(CASES)


def send(web: TestClient, world: World, label: str, **more: Any) -> Response:
    case = CASES[label]
    return web.request(label.split()[0], world.fill(case.path), **case.body, **more)


@pytest.mark.parametrize("label", sorted(CASES))
def test_it_lets_in_whom_it_should_and_nobody_else(world: World, label: str) -> None:
    case = CASES[label]
    before = everything_but_books(world)

    refused = send(world.web(case.may_not), world, label)

    assert refused.status_code == (case.refused or refused.status_code), refused.text
    assert world.told not in refused.text
    assert everything_but_books(world) == before
    given = send(world.web(case.may, case.scope), world, label)
    assert given.status_code in (200, 303), given.text
    if case.refused is None:
        where = given.headers.get("location")
        assert world.told in (world.web(case.may).get(where).text if where else given.text)


@pytest.mark.parametrize("label", sorted(CASES))
def test_nobody_comes_in_without_a_key_that_works(world: World, label: str) -> None:
    for person in (None, "leaver", "expired", "revoked"):
        for headers in ({}, {"Cookie": "pilothouse_session=guessed; pilothouse_person=admin%40example.org"}):
            reply = send(world.web(person), world, label, headers=headers)

            assert reply.status_code == 401
            assert world.told not in reply.text


@pytest.mark.parametrize("label", sorted(label for label in CASES if label.startswith("POST")))
def test_nothing_is_done_for_another_site(world: World, label: str) -> None:
    before = everything_but_books(world)

    for origin in ("http://evil.example", "null", "http://127.0.0.1.evil.example", "http://127.0.0.1:9"):
        assert send(world.web(CASES[label].may), world, label, headers={"Origin": origin}).status_code == 403
    assert send(world.web(CASES[label].may), world, label, headers={"Host": "evil.example"}).status_code == 421
    assert everything_but_books(world) == before


@pytest.mark.parametrize("label", sorted(label for label, case in CASES.items() if case.scope is not KeyScope.READ))
def test_a_key_is_good_for_its_scope_only(world: World, label: str) -> None:
    case = CASES[label]
    before = everything_but_books(world)

    for scope in (scope for scope in KeyScope if not scope.covers(case.scope)):
        reply = send(world.web(case.may, scope), world, label)
        assert (reply.status_code, f"--scope {case.scope}" in reply.text) == (403, True)
    assert everything_but_books(world) == before


def test_where_keys_are_in_use_nobody_chooses_who_asks(world: World) -> None:
    reply = world.web("member").post("/as", data={"person": "pm-con@example.org"})

    assert "set-cookie" not in reply.headers
    asked = world.web("member").post("/api/ask", json={**ASKED, "as": "pm-con@example.org"})
    assert (asked.status_code, world.told in asked.text) == (403, False)


def everything_but_books(world: World) -> list[str]:
    """All rows but those that any question leaves."""
    found = dump(world.application.store, PLAN, frozenset())
    decided = dump(world.application.store, ("proposal", "approval", "feedback"), frozenset())
    return [re.sub(r"\s+", " ", repr(rows)) for rows in (*found.values(), *decided.values())]
