"""The organisation's OpenID provider: where it takes sign-ins, and whose proven e-mail address came back.

OpenID Connect Core 1.0 and Discovery 1.0, the code flow with PKCE (RFC 7636). What the provider says is bounded in time
and size, and believed only as far as its signature, issuer, audience, times and nonce hold.
"""

import asyncio
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from secrets import token_urlsafe
from ssl import SSLContext
from time import monotonic
from typing import Any, Generic, TypeVar
from urllib.parse import quote_plus, urlsplit

import httpx2
from joserfc import jwt
from joserfc.errors import BadSignatureError, ClaimError, InvalidKeyIdError, JoseError
from joserfc.jwk import ECKey, Key, KeySet, RSAKey
from joserfc.jws import JWSRegistry

from integrations.settings import Registration, is_safe_address

# Asymmetric ones alone: a provider's public key must never pass for a shared secret.
ALGORITHMS = tuple(f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512))
LEAST_RSA_BITS = 2048
REPLY_SECONDS = 5.0  # from the connection to the last byte
LONGEST_REPLY = 500_000  # bytes
KEPT_SECONDS = 3600.0
KEYS_ASKED_AGAIN_SECONDS = 30.0  # at most so often for the sake of a token that the known keys did not sign
LEEWAY_SECONDS = 60

T = TypeVar("T")


class SignInFailed(Exception):
    """Nobody was signed in; the message is a sentence for whoever wanted to be."""


class CodeRefused(SignInFailed):
    def __init__(self) -> None:
        super().__init__("This sign-in was used already, or took too long. Begin again.")


class EmailNotProven(SignInFailed):
    def __init__(self) -> None:
        super().__init__("Your organisation's account has no e-mail address that its sign-in service has verified.")


class ProviderFailed(SignInFailed):
    """The fault is the provider's, or that of our registration with it."""


class ProviderSilent(ProviderFailed):
    def __init__(self) -> None:
        super().__init__("Your organisation's sign-in service does not answer. Try again in a minute.")


class ReplyNotUnderstood(ProviderFailed):
    def __init__(self, what: str) -> None:
        super().__init__(f"Your organisation's sign-in service sent {what} that makes no sense. Try again in a minute.")


class IssuerDiffers(ProviderFailed):
    def __init__(self) -> None:
        super().__init__("The sign-in service gives itself another name than PILOTHOUSE_OIDC_ISSUER, to the letter.")


class ClientRefused(ProviderFailed):
    def __init__(self) -> None:
        super().__init__(
            "Your organisation's sign-in service does not accept this server. Whoever runs it should compare"
            " PILOTHOUSE_OIDC_CLIENT_ID, its secret and PILOTHOUSE_PUBLIC_URL with what is registered there."
        )


class TokenNotBelieved(ProviderFailed):
    def __init__(self, what: str) -> None:
        super().__init__(f"Your organisation's sign-in service vouched for you in a way that does not hold: {what}.")


@dataclass(frozen=True)
class Attempt:
    """One sign-in under way: what only this server knows of it until it comes back."""

    state: str = field(default_factory=token_urlsafe)
    nonce: str = field(default_factory=token_urlsafe)
    verifier: str = field(default_factory=token_urlsafe)

    @property
    def challenge(self) -> str:
        """The verifier as PKCE's S256 shows it beforehand."""
        return urlsafe_b64encode(sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True)
class Endpoints:
    """Where the provider does what, and whether a client's secret goes into a header there."""

    authorization: httpx2.URL
    token: httpx2.URL
    keys: httpx2.URL
    takes_header: bool


@dataclass(frozen=True)
class _Kept(Generic[T]):
    """Something the provider said, and when."""

    content: T
    since: float

    def is_younger(self, seconds: float) -> bool:
        return monotonic() - self.since < seconds


@dataclass
class Provider:
    """The provider as one registration sees it. Every method that asks it may raise ProviderFailed."""

    registration: Registration
    _endpoints: _Kept[Endpoints] | None = None
    _keys: _Kept[KeySet] | None = None

    async def discover(self) -> Endpoints:
        """What the provider says of itself; raises IssuerDiffers."""
        if self._endpoints is None or not self._endpoints.is_younger(KEPT_SECONDS):
            issuer = self.registration.issuer
            document = await self._fetch(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if document.get("issuer") != issuer:
                raise IssuerDiffers
            self._endpoints = _Kept(_endpoints(document), monotonic())
        return self._endpoints.content

    async def address_for(self, attempt: Attempt) -> str:
        """Where to send a browser to sign in."""
        asked = {
            "response_type": "code",
            "scope": "openid email",
            "client_id": self.registration.client_id,
            "redirect_uri": self.registration.redirect_address,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        return str((await self.discover()).authorization.copy_merge_params(asked))

    async def email_of(self, code: str, attempt: Attempt) -> str:
        """The verified e-mail address of whoever came back with a code; raises CodeRefused or EmailNotProven."""
        claims = await self._claims(await self._exchange(code, attempt))
        _check(claims, self.registration, attempt)
        email = claims.get("email")
        is_verified = claims.get("email_verified") is True or claims.get("email_verified") == "true"
        if not (isinstance(email, str) and email and is_verified):
            raise EmailNotProven
        return email

    async def _exchange(self, code: str, attempt: Attempt) -> str:
        """The ID token that a code stands for."""
        endpoints = await self.discover()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.registration.redirect_address,
            "code_verifier": attempt.verifier,
        }
        status, body = await self._send("POST", endpoints.token, **self._signed(form, in_header=endpoints.takes_header))
        if status in (400, 401):
            raise CodeRefused if _read(body).get("error") == "invalid_grant" else ClientRefused
        token = _accept(status, body).get("id_token")
        if not isinstance(token, str):
            raise ReplyNotUnderstood("an answer")
        return token

    def _signed(self, form: dict[str, str], *, in_header: bool) -> dict[str, Any]:
        """What is sent along with a form that says who this server is, and proves it where there is a secret."""
        client_id, secret = self.registration.client_id, self.registration.secret
        if secret and in_header:
            return {"data": form, "auth": httpx2.BasicAuth(quote_plus(client_id), quote_plus(secret))}
        return {"data": form | {"client_id": client_id} | ({"client_secret": secret} if secret else {})}

    async def _claims(self, token: str) -> dict[str, Any]:
        """What a token says, once a key of the provider's proves it; a new key is looked for once."""
        try:
            return _decode(token, await self._keys_younger_than(KEPT_SECONDS))
        except (BadSignatureError, InvalidKeyIdError):
            keys = await self._keys_younger_than(KEYS_ASKED_AGAIN_SECONDS)
        try:
            return _decode(token, keys)
        except (BadSignatureError, InvalidKeyIdError):
            raise TokenNotBelieved("no key of its own has signed it") from None

    async def _keys_younger_than(self, seconds: float) -> KeySet:
        if self._keys is None or not self._keys.is_younger(seconds):
            document = await self._fetch((await self.discover()).keys)
            self._keys = _Kept(_key_set(document), monotonic())
        return self._keys.content

    async def _fetch(self, url: str | httpx2.URL) -> dict[str, Any]:
        return _accept(*await self._send("GET", url))

    async def _send(self, method: str, url: str | httpx2.URL, **sent: Any) -> tuple[int, bytes]:
        """The status and body of a reply that comes in time and is not too long."""
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}  # a packed reply may be any size
        client = httpx2.AsyncClient(
            verify=_certificates(), proxy=self.registration.proxy, trust_env=False, timeout=REPLY_SECONDS
        )
        try:
            async with (
                asyncio.timeout(REPLY_SECONDS),
                client,
                client.stream(method, url, headers=headers, **sent) as reply,
            ):
                return reply.status_code, await _body(reply)
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as error:
            raise ProviderSilent from error


@cache
def _certificates() -> SSLContext:
    return httpx2.create_ssl_context()


async def _body(reply: httpx2.Response) -> bytes:
    held = b""
    async for part in reply.aiter_raw():
        held += part
        if len(held) > LONGEST_REPLY:
            raise ReplyNotUnderstood("a reply of a length")
    return held


def _accept(status: int, body: bytes) -> dict[str, Any]:
    """What a reply says; raises ProviderSilent for one that is an error."""
    if status != 200:
        raise ProviderSilent
    return _read(body)


def _read(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise ReplyNotUnderstood("an answer") from None
    if not isinstance(said, dict):
        raise ReplyNotUnderstood("an answer")
    return said


def _endpoints(document: dict[str, Any]) -> Endpoints:
    methods = document.get("token_endpoint_auth_methods_supported")
    return Endpoints(
        authorization=_endpoint(document, "authorization_endpoint"),
        token=_endpoint(document, "token_endpoint"),
        keys=_endpoint(document, "jwks_uri"),
        takes_header=not isinstance(methods, list) or "client_secret_basic" in methods,
    )


def _endpoint(document: dict[str, Any], name: str) -> httpx2.URL:
    """An address of the provider's, reached as safely as the provider itself."""
    try:
        url = httpx2.URL(str(document.get(name)))
    except httpx2.InvalidURL:
        raise ReplyNotUnderstood("an address") from None
    if not (url.host and is_safe_address(str(url)) and url.scheme == urlsplit(document["issuer"]).scheme):
        raise ReplyNotUnderstood("an address")
    return url


def _key_set(document: dict[str, Any]) -> KeySet:
    listed = document.get("keys")
    if not isinstance(listed, list):
        raise ReplyNotUnderstood("a list of keys")
    return KeySet([key for entry in listed if (key := _key(entry)) is not None])


def _key(entry: Any) -> Key | None:
    """A key that a token may be signed with; None for one of another kind or strength, which is passed over."""
    if not isinstance(entry, dict):
        return None
    try:
        match entry.get("kty"):
            case "RSA":
                rsa = RSAKey.import_key(entry)
                return rsa if rsa.raw_value.key_size >= LEAST_RSA_BITS else None
            case "EC":
                return ECKey.import_key(entry)
    except (JoseError, ValueError, TypeError):
        pass
    return None


def _decode(token: str, keys: KeySet) -> dict[str, Any]:
    """The claims of a token with a good signature; raises BadSignatureError, InvalidKeyIdError or TokenNotBelieved."""
    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        return jwt.decode(token, keys, registry=registry).claims
    except (BadSignatureError, InvalidKeyIdError):
        raise
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise TokenNotBelieved("its token cannot be read, or is signed in a way that is not accepted") from error


def _check(claims: dict[str, Any], registration: Registration, attempt: Attempt) -> None:
    """Raise TokenNotBelieved unless these claims are for us, of now, and of this attempt (Core 1.0, 3.1.3.7)."""
    wanted = jwt.JWTClaimsRegistry(
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": registration.issuer},
        sub={"essential": True},
        aud={"essential": True, "value": registration.client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": attempt.nonce},
    )
    try:
        wanted.validate(claims)
    except ClaimError as error:
        raise TokenNotBelieved(f"its “{error.claim:.20}” is wrong") from None
    is_shared = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if is_shared else registration.client_id) != registration.client_id:
        raise TokenNotBelieved("its “azp” is wrong")
