"""Signing in and out, and the theme."""

import pytest

from integrations.app import Application
from storage.api_keys import make_key
from storage.people import add_person
from tests.integrations.conftest import MakeClient


def test_keys_sign_in_and_out_with_a_cookie_no_script_can_read(own: Application, client: MakeClient) -> None:
    member = add_person(own.store, "Mia Member", "mia@own.example")
    key = make_key(own.store, member.id, "test")
    web = client(own, headers={"Accept": "text/html"})

    assert web.get("/").headers["location"] == "/login"
    assert "not valid" in web.post("/login", data={"key": "ph_wrong"}).text
    cookie = web.post("/login", data={"key": key}).headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and key.lower() not in cookie
    assert "Mia Member" in web.get("/").text
    assert "Asking as" not in web.get("/").text
    web.post("/as", data={"person": "ana@own.example"})
    assert "Mia Member" in web.get("/").text
    web.post("/logout")
    assert web.get("/").headers["location"] == "/login"


def test_the_theme_is_in_the_page_from_its_first_byte(own: Application, client: MakeClient) -> None:
    web = client(own)
    assert 'data-theme="system"' in web.get("/").text
    reply = web.post("/theme", data={"theme": "dark"}, headers={"Referer": f"{web.base_url}/history?q=x"})

    assert (reply.status_code, reply.headers["location"]) == (303, "/history?q=x")
    assert 'data-theme="dark"' in web.get("/").text
    assert 'data-theme="dark"' in web.get("/nowhere").text
    assert 'content="dark"' in web.get("/login").text


@pytest.mark.parametrize("theme", ["", "neon", 'dark" onload="x'])
def test_a_theme_there_is_not_changes_nothing(own: Application, client: MakeClient, theme: str) -> None:
    web = client(own)
    assert "set-cookie" not in web.post("/theme", data={"theme": theme}).headers

    assert 'data-theme="system"' in web.get("/", headers={"Cookie": 'pilothouse_theme="neon"'}).text


@pytest.mark.parametrize(
    "referer", ["http://evil.example//evil.example/x", "//evil.example", "http://[", "\\\\evil", ""]
)
def test_the_way_back_never_leaves_this_server(own: Application, client: MakeClient, referer: str) -> None:
    reply = client(own).post("/theme", data={"theme": "dark"}, headers={"Referer": referer})

    assert reply.status_code == 303
    assert not reply.headers["location"].startswith(("//", "/\\", "http"))
