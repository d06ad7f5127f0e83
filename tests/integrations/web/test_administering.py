"""The administrator's pages: people, roles, keys, what somebody sees, and leavers; and nobody else comes in."""

import httpx
import pytest
from sqlmodel import select

from integrations.app import Application
from storage import audit
from storage.api_keys import bearer_of, list_keys, make_key
from storage.grants import grant, list_grants
from storage.models import Conversation, Proposal
from storage.people import Member, add_person
from storage.vocabulary import KeyScope
from tests.integrations.conftest import MakeClient


@pytest.fixture
def mia(own: Application) -> Member:
    return add_person(own.store, "Mia Member", "mia@own.example")


@pytest.fixture
def web(own: Application, client: MakeClient, mia: Member) -> httpx.Client:
    """The owner's browser."""
    return client(own, headers=signed_in(own, own.owner()))


def signed_in(application: Application, person: Member, scope: KeyScope = KeyScope.ADMIN) -> dict[str, str]:
    key = make_key(application.store, person.id, "test", scope=scope)
    return {"Authorization": f"Bearer {key}", "Accept": "text/html"}


def roles_of(application: Application, person: Member) -> list[str]:
    with application.store.reading() as session:
        return [each.role for each in list_grants(session, person.id)]


def test_everybody_is_listed_and_found(web: httpx.Client) -> None:
    assert "Mia Member" in web.get("/admin").text
    assert "Mia Member" not in web.get("/admin", params={"q": "executive"}).text
    assert "Nobody has “&lt;b&gt;”" in web.get("/admin", params={"q": "<b>"}).text


def test_somebody_is_added_once(own: Application, web: httpx.Client) -> None:
    new = {"name": "Gus Guest", "email": "gus@client.example", "guest": "yes"}

    assert web.post("/admin/people", data=new).headers["location"] == "/admin/person/gus"
    assert own.person("gus@client.example").kind == "guest"
    again = web.post("/admin/people", data=new)
    assert again.status_code == 422
    assert "is the address of Gus Guest already" in again.text


def test_roles_are_given_and_taken(own: Application, web: httpx.Client, mia: Member) -> None:
    role = {"role": "executive", "scope": "organisation", "scope_key": ""}

    assert web.post("/admin/person/mia", data={"act": "give role", **role}).status_code == 303
    assert roles_of(own, mia) == ["executive"]
    assert web.post("/admin/person/mia", data={"act": "take role", **role}).status_code == 303
    assert roles_of(own, mia) == []
    refused = web.post("/admin/person/mia", data={"act": "give role", **role, "scope": "planet"})
    assert refused.status_code == 422
    assert "is no scope" in refused.text


def test_nobody_gives_themselves_a_role(own: Application, client: MakeClient, mia: Member) -> None:
    grant(own.store, mia.id, "admin")
    web = client(own, headers=signed_in(own, mia))

    refused = web.post("/admin/person/mia", data={"act": "give role", "role": "finance", "scope": "organisation"})

    assert "Nobody gives roles to themselves" in refused.text
    assert roles_of(own, mia) == ["admin"]


def test_a_key_is_ended_by_its_number_and_only_of_that_person(own: Application, web: httpx.Client, mia: Member) -> None:
    text = make_key(own.store, mia.id, "laptop")
    with own.store.reading() as session:
        keys = {key.label: key.id for key in list_keys(session)}

    assert web.post("/admin/person/mia", data={"act": "end key", "number": str(keys["test"])}).status_code == 422
    assert web.post("/admin/person/mia", data={"act": "end key", "number": "x"}).status_code == 422
    assert web.post("/admin/person/mia", data={"act": "end key", "number": str(keys["laptop"])}).status_code == 303
    with own.store.reading() as session:
        assert bearer_of(session, text) is None


def test_who_left_is_out_at_once_and_may_be_let_in_again(
    own: Application, client: MakeClient, web: httpx.Client, mia: Member
) -> None:
    theirs = client(own, headers=signed_in(own, mia))
    assert theirs.get("/history").status_code == 200

    assert web.post("/admin/person/mia", data={"act": "leave", "on": "2026-03-06"}).status_code == 303
    assert theirs.get("/history").headers["location"] == "/login"
    assert "has left" in web.get("/admin/person/mia").text
    assert web.post("/admin/person/mia", data={"act": "return"}).status_code == 303
    assert own.person("mia@own.example").active
    assert theirs.get("/history").headers["location"] == "/login"


def test_the_last_administrator_cannot_be_sent_away(own: Application, web: httpx.Client) -> None:
    refused = web.post("/admin/person/ana", data={"act": "leave"})

    assert "Somebody must administer the organisation" in refused.text
    assert own.person("ana@own.example").active


@pytest.mark.parametrize("data", [{}, {"act": "drop"}, {"act": "give role"}])
def test_what_is_no_button_does_nothing(web: httpx.Client, data: dict[str, str]) -> None:
    assert web.post("/admin/person/mia", data=data).status_code == 422


def test_there_is_nobody_of_that_key(web: httpx.Client) -> None:
    assert web.get("/admin/person/nobody").status_code == 404
    assert web.post("/admin/person/nobody", data={"act": "leave"}).status_code == 404
    assert web.post("/admin/see/nobody", data={"text": "x"}).status_code == 404


def test_seeing_as_somebody_keeps_nothing_but_a_line_in_the_audit(own_sample: Application, client: MakeClient) -> None:
    owner, lena = own_sample.owner(), own_sample.person("lena.brandt@quillmere.example")
    web = client(own_sample, headers=signed_in(own_sample, owner))
    before = kept(own_sample)

    shown = web.post("/admin/see/lena.brandt", data={"text": "what is on my plate?"}).text
    changed = web.post("/admin/see/lena.brandt", data={"text": "push the go-live of GATE by a week"}).text

    assert "Lena Brandt" in shown
    assert "cannot propose anything for them" in changed
    with own_sample.store.reading() as session:
        events = audit.latest(session, 2)
    assert kept(own_sample) == before
    assert [(event.action, event.person) for event in events] == [("see as", owner.key)] * 2
    assert events[0].details["as"] == lena.id


def kept(application: Application) -> tuple[int, int]:
    """How many conversations and proposals there are."""
    with application.store.reading() as session:
        return len(session.exec(select(Conversation.id)).all()), len(session.exec(select(Proposal.id)).all())


def test_seeing_as_shows_no_more_than_the_administrator_sees(own_sample: Application, client: MakeClient) -> None:
    """An administrator who is nothing else looks through the eyes of finance, who sees every rate."""
    mere = add_person(own_sample.store, "Mia Member", "mia@own.example")
    grant(own_sample.store, mere.id, "admin")
    owner = own_sample.owner()
    question = "what is the margin of GATE?"
    assert "%" in own_sample.ask(question, owner, surface="web").text

    web = client(own_sample, headers=signed_in(own_sample, mere))
    shown = web.post(f"/admin/see/{owner.key}", data={"text": question}).text

    own_answer = own_sample.ask(question, mere, surface="web").text
    assert own_answer.split(".")[0] in shown.replace("&#39;", "'")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/admin"), ("GET", "/admin/person/mia"), ("POST", "/admin/people"), ("POST", "/admin/person/mia"),
     ("POST", "/admin/see/mia")],
)  # fmt: skip
def test_nobody_else_comes_in(
    own: Application, client: MakeClient, web: httpx.Client, mia: Member, method: str, path: str
) -> None:
    member = client(own, headers=signed_in(own, mia))
    narrow = client(own, headers=signed_in(own, own.owner(), KeyScope.CONFIRM))

    assert "Only an administrator" in refused(member.request(method, path, data={"act": "leave"}))
    assert "made with --scope admin" in refused(narrow.request(method, path, data={"act": "leave"}))
    assert own.person("mia@own.example").active


def refused(reply: httpx.Response) -> str:
    assert reply.status_code == 403
    return reply.text
