"""Hosts, origins and headers."""

import pytest

from integrations.app import Application
from integrations.web.guard import HostNames, is_loopback
from tests.integrations.conftest import MakeClient


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "localhost"])
def test_loopback_addresses_are_known_as_such(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "pm.example.org", "localhost.evil.example", ""])
def test_all_other_addresses_are_not(host: str) -> None:
    assert not is_loopback(host)


def test_a_server_on_loopback_answers_to_loopback_names_only() -> None:
    hosts = HostNames.of("127.0.0.1", [])

    assert all(name in hosts for name in ("127.0.0.1:8080", "localhost", "LOCALHOST:1", "[::1]:8080"))
    assert not any(name in hosts for name in ("evil.example", "127.0.0.1.evil.example", "10.0.0.1", "", "a b", "[::1"))


def test_beyond_loopback_it_answers_to_addresses_and_to_the_names_it_was_given() -> None:
    hosts = HostNames.of("0.0.0.0", ["pm.example.org"])

    assert all(name in hosts for name in ("10.0.0.1:8080", "pm.example.org", "[fe80::1]:80"))
    assert "rebound.example" not in hosts


def test_a_name_that_was_rebound_to_this_machine_reads_nothing(own: Application, client: MakeClient) -> None:
    reply = client(own).get("/", headers={"Host": "rebound.example"})

    assert reply.status_code == 421
    assert "PILOTHOUSE_HOSTS" in reply.json()["detail"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_changes_nothing(own: Application, client: MakeClient, headers: dict[str, str]) -> None:
    reply = client(own).post("/as", data={"person": "ana@own.example"}, headers=headers)

    assert reply.status_code == 403
    assert "set-cookie" not in reply.headers


def test_every_reply_carries_the_security_headers(own: Application, client: MakeClient) -> None:
    web = client(own)

    for path in ("/", "/livez", "/static/page.css", "/nowhere", "/record/project/none"):
        headers = web.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
