"""A small OpenID provider on a loopback port, faithful to the code flow until it is told to misbehave."""

import hmac
import json
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry, serialize_compact
from joserfc.registry import HeaderParameter

CLIENT_ID = "pilothouse & co"
SECRET = "s3:cret/of=the+client-0017"
EVERY_ALGORITHM = list(JWSRegistry.algorithms)

Claims = dict[str, Any]


@dataclass(frozen=True)
class Grant:
    """What a code stands for until it is traded."""

    redirect_uri: str
    nonce: str
    challenge: str


@dataclass
class Misconduct:
    """What the provider does wrong; as it is made, nothing."""

    claims: Callable[[Claims], Claims] = lambda claims: claims
    sign: "Callable[[Provider, Claims], str] | None" = None
    document: Callable[[Claims], Claims] = lambda document: document
    error: str = ""  # of the authorization
    seconds: float = 0.0  # before each reply of `slow_path`
    slow_path: str = ""
    replies: dict[str, tuple[int, bytes]] = field(default_factory=dict)  # in place of its own, by path
    drips: str = ""  # the path of a reply that comes byte by byte


class Provider:
    """One provider with one client. Whoever asks is approved, at once or after a page with a link to go on."""

    def __init__(self, *, host: str = "127.0.0.1", secret: str = SECRET, algorithm: str = "RS256") -> None:
        self.secret, self.algorithm = secret, algorithm
        self.email: Any = "mia@own.example"
        self.email_verified: Any = True
        self.shows_page = False
        self.redirect_uri = ""  # the one that is registered
        self.auth_methods: list[str] | None = None
        self.misconduct = Misconduct()
        self.grants: dict[str, Grant] = {}
        self.requests: list[str] = []
        self.rotate()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://{host}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> "Provider":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def rotate(self) -> None:
        """New keys; the old ones are known no more."""
        self.rsa = RSAKey.generate_key(2048, {"kid": token_urlsafe(4), "use": "sig"})
        self.ec = ECKey.generate_key("P-256", {"kid": token_urlsafe(4), "use": "sig"})

    def count(self, path: str) -> int:
        return self.requests.count(path)

    def document(self) -> Claims:
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize?tenant=own",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": EVERY_ALGORITHM,
        }
        if self.auth_methods is not None:
            said["token_endpoint_auth_methods_supported"] = self.auth_methods
        return self.misconduct.document(said)

    def keys(self) -> Claims:
        encrypting = {**self.rsa.as_dict(private=False), "kid": "enc", "use": "enc"}
        strange = {"kty": "ML-DSA", "kid": "new", "alg": "ML-DSA-65"}
        return {"keys": [strange, encrypting, self.rsa.as_dict(private=False), self.ec.as_dict(private=False)]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes next: back, with a code or an error."""
        wanted = {"response_type": "code", "client_id": CLIENT_ID, "redirect_uri": self.redirect_uri, "tenant": "own"}
        assert wanted.items() <= asked.items(), asked
        assert "openid" in asked["scope"].split() and asked["code_challenge_method"] == "S256"
        if self.misconduct.error:
            said = {"error": self.misconduct.error, "error_description": "<b>Not you</b>"}
        else:
            said = {"code": token_urlsafe()}
            self.grants[said["code"]] = Grant(asked["redirect_uri"], asked["nonce"], asked["code_challenge"])
        return f"{self.redirect_uri}?{urlencode(said | {'state': asked['state']})}"

    def trade(self, form: dict[str, str], authorization: str) -> tuple[int, Claims]:
        """The reply of the token endpoint: a code is good once, for whoever began."""
        if not self._is_client(form, authorization):
            return 401, {"error": "invalid_client"}
        grant = self.grants.pop(form.get("code", ""), None)
        challenge = _base64(sha256(form.get("code_verifier", "").encode()).digest())
        if grant is None or (grant.challenge, grant.redirect_uri) != (challenge, form.get("redirect_uri")):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": token_urlsafe(), "token_type": "Bearer", "id_token": self._token(grant.nonce)}

    def signed(self, claims: Claims, **header: Any) -> str:
        key = self.rsa if self.algorithm.startswith(("RS", "PS")) else self.ec
        registry = JWSRegistry({"x": HeaderParameter("Ours", "int")}, [self.algorithm], strict_check_header=False)
        header = {"alg": self.algorithm, "kid": key.kid, **header}
        return serialize_compact(header, json.dumps(claims), key, registry=registry)

    def _token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": "u-17", "aud": CLIENT_ID, "exp": now + 300, "iat": now, "nonce": nonce}
        claims |= {"email": self.email, "email_verified": self.email_verified}
        claims = self.misconduct.claims({name: value for name, value in claims.items() if value is not None})
        return self.misconduct.sign(self, claims) if self.misconduct.sign else self.signed(claims)

    def _is_client(self, form: dict[str, str], authorization: str) -> bool:
        """Whether the client proves itself in the one way that is open to it."""
        methods = ["none"] if not self.secret else self.auth_methods or ["client_secret_basic"]
        named = form.get("client_id"), form.get("client_secret")
        if authorization:
            shown = b64decode(authorization.removeprefix("Basic ")).decode().split(":")
            is_known = [unquote_plus(part) for part in shown] == [CLIENT_ID, self.secret]
            return "client_secret_basic" in methods and is_known and named == (None, None)
        if methods == ["none"]:
            return named == (CLIENT_ID, None)
        return "client_secret_post" in methods and named == (CLIENT_ID, self.secret)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(_Handler):
            served_by = provider

        return Handler


def unsigned(provider: Provider, claims: Claims) -> str:
    """The claims with “none” for a signature."""
    return _by_hand({"alg": "none", "kid": provider.rsa.kid}, claims, lambda _said: b"")


def signed_with_public_key(provider: Provider, claims: Claims) -> str:
    """The claims signed as if the public key, which everybody knows, were a shared secret."""
    return _signed_with(provider.rsa.as_pem(private=False), provider, claims)


def signed_with_secret(provider: Provider, claims: Claims) -> str:
    return _signed_with(provider.secret.encode(), provider, claims)


def signed_by_stranger(provider: Provider, claims: Claims) -> str:
    """The claims under the provider's key id, by another key."""
    other = RSAKey.generate_key(2048, {"kid": provider.rsa.kid or ""})
    return jwt.encode({"alg": "RS256", "kid": provider.rsa.kid}, claims, other, ["RS256"])


def signature_cut_off(provider: Provider, claims: Claims) -> str:
    return provider.signed(claims).rpartition(".")[0] + "."


def _signed_with(secret: bytes, provider: Provider, claims: Claims) -> str:
    header = {"alg": "HS256", "kid": provider.rsa.kid}
    return _by_hand(header, claims, lambda said: hmac.digest(secret, said, "sha256"))


def _by_hand(header: Claims, claims: Claims, sign: Callable[[bytes], bytes]) -> str:
    """A token that no library would make."""
    said = ".".join(_base64(json.dumps(part).encode()) for part in (header, claims))
    return f"{said}.{_base64(sign(said.encode()))}"


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: askers that lose patience are part of the play."""


class _Handler(BaseHTTPRequestHandler):
    served_by: Provider
    protocol_version = "HTTP/1.1"

    def log_message(self, *_words: Any) -> None:
        """Nothing: the requests are kept in the provider."""

    def do_GET(self) -> None:
        provider, url = self.served_by, urlsplit(self.path)
        if url.path == "/authorize":
            self._lead_back(provider.authorize(dict(parse_qsl(url.query))))
            return
        said = {"/.well-known/openid-configuration": provider.document, "/keys": provider.keys}
        self._reply(200, said[url.path]())

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["content-length"])).decode()
        form = parse_qs(raw)
        assert all(len(values) == 1 for values in form.values())
        once = {name: value for name, [value] in form.items()}
        self._reply(*self.served_by.trade(once, self.headers.get("authorization", "")))

    def _lead_back(self, address: str) -> None:
        page = f'<a href="{escape(address)}">Go on</a>'.encode() if self.served_by.shows_page else b""
        self.send_response(200 if page else 303)
        self.send_header("Content-Type" if page else "Location", "text/html" if page else address)
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def _reply(self, status: int, said: Claims) -> None:
        provider, path = self.served_by, urlsplit(self.path).path
        wrong = provider.misconduct
        provider.requests.append(path)
        if path == wrong.slow_path:
            time.sleep(wrong.seconds)
        status, body = wrong.replies.get(path, (status, json.dumps(said).encode()))
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        pieces = [bytes([byte]) for byte in body] if path == wrong.drips else [body]
        for piece in pieces:
            self.wfile.write(piece)
            time.sleep(wrong.seconds if path == wrong.drips else 0)
