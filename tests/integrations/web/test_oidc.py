"""Signing in with the organisation's account, against a provider on loopback that behaves, and one that does not."""

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from integrations import openid
from integrations.app import Application
from integrations.doctor import Finding, examine
from integrations.web import doorkeeper, oidc
from integrations.web.server import KeysMissing, PortTaken, SecretTooWeak
from integrations.web.server import serve as serve_web
from storage.api_keys import make_key
from storage.models import Person
from storage.people import Member, add_person
from tests.integrations.conftest import MakeClient
from tests.integrations.web.signing_in import free_port, go_there, problem_of, serve, sign_in, with_provider
from tests.oidc_provider import (
    CLIENT_ID,
    Claims,
    Misconduct,
    Provider,
    signature_cut_off,
    signed_by_stranger,
    signed_with_public_key,
    signed_with_secret,
    unsigned,
)

DISCOVERY = "/.well-known/openid-configuration"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as provider:
        yield provider


@pytest.fixture
def mia(own: Application) -> Member:
    return add_person(own.store, "Mia Member", "mia@own.example")


@pytest.fixture
def web(own: Application, mia: Member, client: MakeClient, provider: Provider) -> httpx.Client:
    return serve(own, client, provider)


def test_who_is_vouched_for_is_signed_in(web: httpx.Client) -> None:
    assert web.get("/").headers["location"] == "/login"
    assert "Sign in with your organisation" in web.get("/login").text
    back = sign_in(web)

    assert (back.status_code, back.headers["location"]) == (303, "/")
    page = web.get("/").text
    assert "Mia Member" in page and "Asking as" not in page
    web.post("/logout")
    assert web.get("/").headers["location"] == "/login"


def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(
    own: Application, mia: Member, client: MakeClient, provider: Provider
) -> None:
    web = serve(own, client, provider, secure_cookies=True)
    left = web.get("/login/oidc")
    attempt = left.headers["set-cookie"]
    returned = httpx.get(left.headers["location"], trust_env=False).headers["location"]
    session = web.get(returned, headers={"Cookie": attempt.partition(";")[0]}).headers["set-cookie"]

    assert all(f"; {word};" in f"{attempt};" for word in ("HttpOnly", "SameSite=lax", "Secure", "Path=/login"))
    assert "Max-Age=600" in attempt and "Max-Age=28800" in session
    assert all(f"; {word};" in f"{session};" for word in ("HttpOnly", "SameSite=lax", "Secure", "Path=/"))
    assert all(word not in attempt for word in ("verifier", httpx.URL(returned).params["state"]))


def test_each_sign_in_makes_a_session_of_its_own(web: httpx.Client) -> None:
    web.cookies.set(doorkeeper.SESSION_COOKIE, "planted", domain="127.0.0.1")
    names = [sign_in(web).cookies[doorkeeper.SESSION_COOKIE] for _ in range(2)]

    assert len({"planted", *names}) == 3


@pytest.mark.parametrize("algorithm", ["RS256", "PS384", "ES256"])
def test_tokens_are_signed_by_any_asymmetric_key(web: httpx.Client, provider: Provider, algorithm: str) -> None:
    provider.algorithm = algorithm

    assert sign_in(web).status_code == 303


@pytest.mark.parametrize("methods", [None, ["client_secret_post"], ["client_secret_post", "client_secret_basic"]])
def test_the_secret_is_shown_in_the_way_the_provider_takes(
    web: httpx.Client, provider: Provider, methods: list[str] | None
) -> None:
    provider.auth_methods = methods

    assert sign_in(web).status_code == 303


def test_a_public_client_needs_no_secret(own: Application, mia: Member, client: MakeClient) -> None:
    with Provider(secret="") as provider:
        assert sign_in(serve(own, client, provider)).status_code == 303


def claim(**changes: Any) -> Misconduct:
    """A token with other claims; None leaves one out."""

    def change(claims: Claims) -> Claims:
        return {name: value for name, value in {**claims, **changes}.items() if value is not None}

    return Misconduct(claims=change)


def later(name: str, seconds: int) -> Misconduct:
    return Misconduct(claims=lambda claims: {**claims, name: claims["iat"] + seconds})


@pytest.mark.parametrize(
    ("misconduct", "words"),
    [
        (claim(iss="https://other.example"), "“iss”"),
        (claim(iss=None), "“iss”"),
        (claim(aud="another-client"), "“aud”"),
        (claim(aud=[]), "“aud”"),
        (claim(aud=None), "“aud”"),
        (claim(aud=[CLIENT_ID, "another-client"]), "“azp”"),
        (claim(aud=[CLIENT_ID, "another-client"], azp="another-client"), "“azp”"),
        (claim(azp="another-client"), "“azp”"),
        (later("exp", -61), "“exp”"),
        (claim(exp=None), "“exp”"),
        (claim(exp="tomorrow"), "“exp”"),
        (later("iat", 120), "“iat”"),
        (claim(iat=None), "“iat”"),
        (later("nbf", 120), "“nbf”"),
        (claim(nonce="another"), "“nonce”"),
        (claim(nonce=None), "“nonce”"),
        (claim(sub=None), "“sub”"),
        (Misconduct(sign=unsigned), "not accepted"),
        (Misconduct(sign=signed_with_public_key), "not accepted"),
        (Misconduct(sign=signed_with_secret), "not accepted"),
        (Misconduct(sign=signed_by_stranger), "no key of its own"),
        (Misconduct(sign=signature_cut_off), "no key of its own"),
        (Misconduct(sign=lambda provider, claims: provider.signed(claims, kid="unheard-of")), "no key of its own"),
        (Misconduct(sign=lambda provider, claims: provider.signed(claims, kid="enc")), "no key of its own"),
        (Misconduct(sign=lambda provider, claims: provider.signed(claims, crit=["x"], x=1)), "cannot be read"),
    ],
)
def test_a_token_that_does_not_hold_lets_nobody_in(
    web: httpx.Client, provider: Provider, misconduct: Misconduct, words: str
) -> None:
    provider.misconduct = misconduct
    reply = sign_in(web)

    assert (reply.status_code, "set-cookie" in reply.headers) == (502, False)
    assert words in problem_of(reply)


@pytest.mark.parametrize(
    "token", ["", "x", "a.b.c", "..", "e30.e30.e30", "W10.W10.", "MQ.MQ.MQ", "\ud800.é.\x00", "x" * 200_000]
)
def test_rubbish_for_a_token_is_no_surprise(web: httpx.Client, provider: Provider, token: str) -> None:
    provider.misconduct = Misconduct(sign=lambda _provider, _claims: token)
    reply = sign_in(web)

    assert reply.status_code == 502 and problem_of(reply)


def test_a_shared_token_made_for_us_is_good(web: httpx.Client, provider: Provider) -> None:
    provider.misconduct = claim(aud=["another-client", CLIENT_ID], azp=CLIENT_ID)

    assert sign_in(web).status_code == 303


@pytest.mark.parametrize("verified", [True, "true"])
def test_a_verified_address_finds_its_person_in_whatever_case(
    web: httpx.Client, provider: Provider, verified: object
) -> None:
    provider.email, provider.email_verified = "Mia@OWN.example", verified

    assert sign_in(web).status_code == 303


@pytest.mark.parametrize(
    ("email", "verified"),
    [("mia@own.example", each) for each in (False, None, "false", "True", 1, "1", [True], {})]
    + [(each, True) for each in (None, "", 7, ["mia@own.example"])],
)
def test_an_address_that_is_not_verified_counts_for_nothing(
    web: httpx.Client, provider: Provider, email: object, verified: object
) -> None:
    provider.email, provider.email_verified = email, verified
    reply = sign_in(web)

    assert (reply.status_code, "set-cookie" in reply.headers) == (403, False)
    assert "verified" in problem_of(reply)


@pytest.mark.parametrize(
    "email",
    [
        "nobody@own.example",
        " mia@own.example",
        "mia@own.example\x00",
        "Kim@own.example",  # begins with the Kelvin sign, which lower() makes a k
        "mia%@own.example",
        "\ud800",
        "x" * 50_000,
    ],
)
def test_a_stranger_hears_what_somebody_inactive_hears(
    own: Application, mia: Member, web: httpx.Client, provider: Provider, email: str
) -> None:
    add_person(own.store, "Kim Member", "kim@own.example")
    leave_the_firm(own, mia)
    gone = sign_in(web)
    provider.email = email
    strange = sign_in(web)

    assert strange.status_code == gone.status_code == 403
    assert strange.text == gone.text and "Mia" not in gone.text
    assert len(own.people()) == 3


def leave_the_firm(application: Application, person: Member) -> None:
    with application.store.writing("left") as writer:
        writer.change(Person, person.id, {"active": False})


def test_who_is_not_active_any_more_is_signed_out_at_once(own: Application, mia: Member, web: httpx.Client) -> None:
    sign_in(web)
    assert web.get("/history").status_code == 200
    leave_the_firm(own, mia)

    assert web.get("/history").headers["location"] == "/login"
    with own.store.writing("came back") as writer:
        writer.change(Person, mia.id, {"active": True})
    assert web.post("/api/ask", json={"text": "what is late?"}).status_code == 401


def test_a_sign_in_lasts_eight_hours(
    own: Application, mia: Member, web: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(web)
    now = doorkeeper.monotonic()
    monkeypatch.setattr(doorkeeper, "monotonic", lambda: now + 8 * 3600 - 60)
    assert "Mia Member" in web.get("/").text
    monkeypatch.setattr(doorkeeper, "monotonic", lambda: now + 8 * 3600 + 60)

    assert web.get("/").headers["location"] == "/login"


def test_a_return_is_good_once(web: httpx.Client) -> None:
    back = go_there(web)
    assert web.get(back).status_code == 303
    again = web.get(back)

    assert (again.status_code, "set-cookie" in again.headers) == (403, False)
    assert "ended already" in problem_of(again)


@pytest.mark.parametrize("change", [{"state": "forged"}, {"state": "é"}, {"state": ""}, None])
def test_a_forged_return_is_refused_and_spoils_nothing(
    web: httpx.Client, provider: Provider, change: dict[str, str] | None
) -> None:
    back = httpx.URL(go_there(web))
    forged = back.copy_merge_params(change) if change else back.copy_with(query=None)

    assert web.get(forged).status_code == 403
    assert provider.count("/token") == 0
    assert web.get(back).status_code == 303


def test_nobody_comes_back_for_another_browser(web: httpx.Client) -> None:
    back = go_there(web)
    with httpx.Client(base_url=web.base_url, trust_env=False) as other:
        assert other.get(back).status_code == 403
        go_there(other)
        reply = other.get(back)

    assert "another browser" in problem_of(reply)


def test_a_code_of_another_sign_in_is_not_traded(web: httpx.Client) -> None:
    with httpx.Client(base_url=web.base_url, trust_env=False) as attacker:
        stolen = httpx.URL(go_there(attacker)).params["code"]
    reply = web.get(httpx.URL(go_there(web)).copy_merge_params({"code": stolen}))

    assert reply.status_code == 403
    assert "Begin again" in problem_of(reply)


def test_who_takes_too_long_begins_again(web: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    back = go_there(web)
    now = oidc.monotonic()
    monkeypatch.setattr(oidc, "monotonic", lambda: now + 601)

    assert web.get(back).status_code == 403


def test_many_that_never_come_back_fill_no_memory(
    own: Application, mia: Member, client: MakeClient, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "MOST_ATTEMPTS", 2)
    web = serve(own, client, provider)
    first = go_there(web)
    for _ in range(2):
        with httpx.Client(base_url=web.base_url, trust_env=False) as other:
            other.get("/login/oidc")

    assert web.get(first).status_code == 403
    assert sign_in(web).status_code == 303


@pytest.mark.parametrize("error", ["access_denied", "server_error", "<script>"])
def test_a_refusal_of_the_provider_is_told_in_our_words(web: httpx.Client, provider: Provider, error: str) -> None:
    provider.misconduct = Misconduct(error=error)
    reply = sign_in(web)

    assert reply.status_code == 403
    assert "did not let you in" in problem_of(reply)
    assert "Not you" not in reply.text and "<script>" not in reply.text


def test_no_parameter_leads_elsewhere(web: httpx.Client) -> None:
    web.get("/login/oidc?next=//evil.example&redirect_uri=http://evil.example")
    back = httpx.URL(go_there(web)).copy_merge_params({"next": "//evil.example"})

    assert web.get(back).headers["location"] == "/"


def listing(**changes: Any) -> Misconduct:
    return Misconduct(document=lambda document: {**document, **changes})


def saying(path: str, body: bytes, status: int = 200) -> Misconduct:
    return Misconduct(replies={path: (status, body)})


DEEP = b"[" * 100_000


@pytest.mark.parametrize(
    ("misconduct", "words"),
    [
        (listing(issuer="https://other.example"), "another name"),
        (listing(issuer=None), "another name"),
        (listing(authorization_endpoint="javascript:alert(1)"), "an address"),
        (listing(authorization_endpoint="https://["), "an address"),
        (listing(authorization_endpoint=None), "an address"),
        (listing(authorization_endpoint="http://login.example/authorize"), "an address"),
        (listing(token_endpoint="http://169.254.169.254/"), "an address"),
        (listing(jwks_uri="http://10.0.0.1/keys"), "an address"),
        (saying(DISCOVERY, b"", 500), "does not answer"),
        (saying(DISCOVERY, b"", 302), "does not answer"),
        (saying(DISCOVERY, b"<html>"), "an answer"),
        (saying(DISCOVERY, b"[]"), "an answer"),
        (saying(DISCOVERY, b"\xff\xfe{"), "an answer"),
        (saying(DISCOVERY, DEEP), "an answer"),
        (saying(DISCOVERY, b" " * 2_000_000), "a length"),
        (Misconduct(slow_path=DISCOVERY, seconds=1.0), "does not answer"),
        (Misconduct(drips=DISCOVERY, seconds=0.05), "does not answer"),
    ],
)
def test_a_provider_out_of_order_is_told_before_anybody_leaves(
    web: httpx.Client, provider: Provider, monkeypatch: pytest.MonkeyPatch, misconduct: Misconduct, words: str
) -> None:
    monkeypatch.setattr(openid, "REPLY_SECONDS", 0.5)
    provider.misconduct = misconduct
    reply = web.get("/login/oidc")

    assert (reply.status_code, "set-cookie" in reply.headers) == (502, False)
    assert words in problem_of(reply)
    provider.misconduct = Misconduct()
    assert sign_in(web).status_code == 303


@pytest.mark.parametrize(
    ("misconduct", "words"),
    [
        (saying("/token", b"", 500), "does not answer"),
        (saying("/token", b"{}"), "an answer"),
        (saying("/token", b'{"id_token": 7}'), "an answer"),
        (saying("/token", DEEP), "an answer"),
        (saying("/token", b"<html>", 400), "an answer"),
        (saying("/token", b'{"error": "unauthorized_client"}', 400), "does not accept this server"),
        (saying("/token", b" " * 2_000_000), "a length"),
        (Misconduct(slow_path="/token", seconds=1.0), "does not answer"),
        (saying("/keys", b"", 404), "does not answer"),
        (saying("/keys", b'{"keys": {}}'), "a list of keys"),
        (saying("/keys", b'{"keys": []}'), "no key of its own"),
        (saying("/keys", b'{"keys": [7, {}, {"kty": "RSA"}, {"kty": "RSA", "n": 1, "e": []}]}'), "no key of its own"),
        (saying("/keys", b'{"keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}]}'), "no key of its own"),
        (Misconduct(drips="/keys", seconds=0.05), "does not answer"),
    ],
)
def test_a_provider_out_of_order_is_told_to_who_comes_back(
    web: httpx.Client, provider: Provider, monkeypatch: pytest.MonkeyPatch, misconduct: Misconduct, words: str
) -> None:
    monkeypatch.setattr(openid, "REPLY_SECONDS", 0.5)
    provider.misconduct = misconduct
    reply = sign_in(web)

    assert (reply.status_code, "set-cookie" in reply.headers) == (502, False)
    assert words in problem_of(reply)


def test_a_provider_that_is_gone_is_told(web: httpx.Client, provider: Provider) -> None:
    back = go_there(web)
    provider.stop()
    reply = web.get(back)

    assert reply.status_code == 502
    assert "does not answer" in problem_of(reply)


def test_another_secret_is_named_and_never_shown(
    own: Application, mia: Member, client: MakeClient, provider: Provider
) -> None:
    reply = sign_in(serve(own, client, provider, oidc_client_secret="not-that-of-the-provider"))

    assert reply.status_code == 502
    assert "PILOTHOUSE_OIDC_CLIENT_ID" in problem_of(reply) and "not-that-of" not in reply.text


def test_new_keys_are_looked_for_and_not_too_often(
    web: httpx.Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(web)
    sign_in(web)
    assert (provider.count("/keys"), provider.count(DISCOVERY)) == (1, 1)
    provider.rotate()
    assert [sign_in(web).status_code for _ in range(2)] == [502, 502]
    assert provider.count("/keys") == 1

    now = openid.monotonic()
    monkeypatch.setattr(openid, "monotonic", lambda: now + 31)
    assert sign_in(web).status_code == 303
    provider.misconduct = Misconduct(sign=lambda provider, claims: provider.signed(claims, kid="unheard-of"))
    assert [sign_in(web).status_code for _ in range(3)] == [502, 502, 502]
    assert provider.count("/keys") == 2


def test_keys_that_were_withdrawn_are_forgotten(
    web: httpx.Client, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(web)
    old = provider.rsa
    provider.rotate()
    provider.misconduct = Misconduct(
        sign=lambda _provider, claims: jwt.encode({"alg": "RS256", "kid": old.kid}, claims, old)
    )
    now = openid.monotonic()
    monkeypatch.setattr(openid, "monotonic", lambda: now + openid.KEPT_SECONDS + 1)

    assert sign_in(web).status_code == 502


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_weak_key_proves_nothing(web: httpx.Client, provider: Provider) -> None:
    provider.rsa = RSAKey.generate_key(1024, {"kid": "weak", "use": "sig"})

    assert sign_in(web).status_code == 502


def test_nobody_asks_as_anybody_where_people_sign_in(web: httpx.Client) -> None:
    del web.headers["Accept"]

    assert web.get("/api/proposals").status_code == 401
    assert web.post("/as", data={"person": "ana@own.example"}).status_code == 401


def test_a_key_opens_the_same_server(own: Application, mia: Member, web: httpx.Client) -> None:
    key = make_key(own.store, mia.id, "test")

    assert web.get("/", headers={"Authorization": f"Bearer {key}"}).status_code == 200
    assert web.post("/login", data={"key": key}).status_code == 303


def test_the_doctor_asks_the_provider(own: Application, provider: Provider) -> None:
    def told(**more: Any) -> Finding:
        settings = with_provider(own, provider, 8080, **more).settings
        with ThreadPoolExecutor() as pool:  # on this thread the browser of other tests may have its loop
            findings = pool.submit(examine, settings).result()
        return next(finding for finding in findings if finding.subject == "sign-in")

    well, weak = told(), told(oidc_client_secret="changeme")
    provider.misconduct = listing(issuer="https://other.example")
    ill = told()

    assert well.ok and "http://127.0.0.1:8080/login/oidc/callback" in well.state
    assert not weak.ok and "changeme" not in str(weak)
    assert not ill.ok and "another name" in ill.state


def test_without_a_provider_there_is_nothing_to_click(own: Application, client: MakeClient) -> None:
    web = client(own)

    assert "organisation's account" not in web.get("/login").text
    assert web.get("/login/oidc").status_code == web.get("/login/oidc/callback?state=x").status_code == 404


def serving(application: Application, *, host: str = "127.0.0.1") -> Callable[[], None]:
    """An attempt to serve, on a port that is taken, so that it ends."""

    def run() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            serve_web(application, host=host, port=taken.getsockname()[1])

    return run


@pytest.mark.parametrize("secret", ["", "Zm9vYmFyYmF6cXV4"])
def test_beyond_loopback_signing_in_stands_in_for_keys(own: Application, provider: Provider, secret: str) -> None:
    application = with_provider(own, provider, free_port(), hosts="pm.example.org", oidc_client_secret=secret or None)

    with pytest.raises(PortTaken):
        serving(application)()
    with pytest.raises(KeysMissing):
        serving(own, host="0.0.0.0")()


@pytest.mark.parametrize("secret", ["short", "your-client-secret", "ChangeMeChangeMe", "x" * 40, "1234567890123456"])
def test_beyond_loopback_a_secret_that_is_none_is_refused(own: Application, provider: Provider, secret: str) -> None:
    near = with_provider(own, provider, free_port(), oidc_client_secret=secret)
    far = with_provider(own, provider, free_port(), oidc_client_secret=secret, hosts="pm.example.org")

    with pytest.raises(PortTaken):
        serving(near)()
    with pytest.raises(SecretTooWeak, match="PKCE stands in") as refused:
        serving(far)()
    assert secret not in str(refused.value)
