"""What every request must pass before any route sees it: host, origin and size; and the headers every reply carries."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT = 2 * 1024 * 1024
DRAIN_LIMIT = 32 * BODY_LIMIT  # what is still read of a body that is too large, so that its sender hears why
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # under no-referrer browsers hide the origin of our own forms, too
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Refused:
    """A request that goes no further."""

    status: int
    sentence: str


@dataclass(frozen=True)
class HostNames:
    """The names the server answers to. Beyond loopback also any address: rebinding needs a name."""

    names: frozenset[str]
    any_address: bool

    @classmethod
    def of(cls, bind: str, more: Iterable[str]) -> "HostNames":
        loopback = is_loopback(bind)
        return cls(frozenset({bind.lower(), *more, *LOOPBACK_NAMES}), any_address=not loopback)

    def __contains__(self, host: object) -> bool:
        name = host_name(str(host))
        return name in self.names or (self.any_address and _is_address(name))


class Guard:
    """ASGI middleware; reads the body itself, so that no route meets one that is too large."""

    def __init__(self, app: ASGIApp, hosts: HostNames) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refused = self._refusal(scope["method"], headers)
        body = b"" if refused else await _read_body(receive)
        if body is None:
            refused = Refused(413, f"That is more than {BODY_LIMIT // 1024 // 1024} MB. Ask in fewer words.")
        if refused:
            await _send_refusal(refused, send)
            return
        await self.app(scope, _replay(body or b"", receive), _with_headers(send))

    def _refusal(self, method: str, headers: Headers) -> Refused | None:
        host = headers.get("host", "")
        if host not in self.hosts:
            return Refused(421, "This server does not answer to that host name. PILOTHOUSE_HOSTS lists more names.")
        if method not in SAFE_METHODS and not _is_own_origin(headers, host):
            return Refused(403, "That request comes from another site, so it was not carried out.")
        return None


def is_loopback(host: str) -> bool:
    """Whether a server bound to `host` can be reached from this machine only."""
    return host.lower() == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


def host_name(host: str) -> str:
    """A Host header without its port."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_own_origin(headers: Headers, host: str) -> bool:
    """Browsers send Origin with every form and fetch that changes something; programs need not."""
    origin = headers.get("origin")
    if origin is not None:
        return _place(origin) == host.lower()
    return headers.get("sec-fetch-site", "none") in ("none", "same-origin")


def _place(origin: str) -> str:
    """Host and port of an Origin header."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


async def _read_body(receive: Receive) -> bytes | None:
    """The whole body; None when it is too large."""
    chunks, size, more = [], 0, True
    while more and size <= DRAIN_LIMIT:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
        if size <= BODY_LIMIT:
            chunks.append(message.get("body", b""))
    return b"".join(chunks) if size <= BODY_LIMIT else None


def _replay(body: bytes, receive: Receive) -> Receive:
    """A receive that gives the body once, and then whatever the connection says."""
    pending = [body]

    async def replayed() -> Message:
        if pending:
            return {"type": "http.request", "body": pending.pop(), "more_body": False}
        return await receive()

    return replayed


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending


async def _send_refusal(refused: Refused, send: Send) -> None:
    body = json.dumps({"detail": refused.sentence}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    sending = _with_headers(send)
    await sending({"type": "http.response.start", "status": refused.status, "headers": headers})
    await sending({"type": "http.response.body", "body": body})
