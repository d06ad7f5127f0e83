"""The language model behind an OpenAI-compatible address: what it may take, and its client, made when first needed."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from assistant.faults import KeyRefused, ServerFailed, Unreachable
from assistant.limits import Allowance, Breaker

if TYPE_CHECKING:
    from ssl import SSLContext

    from langchain_openai import ChatOpenAI

CONNECT_SECONDS = 2.0
LONGEST_LIST = 1_000_000  # bytes
NO_KEY = "none"  # what a local server without keys is sent


@dataclass(frozen=True)
class ModelSettings:
    """Which model answers, where, and what an answer of it may take."""

    name: str
    base_url: str
    key: str = ""
    proxy: str | None = None
    patience_seconds: float = 4.0  # for the first words, where the built-in model could answer instead
    timeout_seconds: float = 30.0  # between words, and for the first where nothing else can answer
    answer_seconds: float = 60.0
    answer_tokens: int = 40_000
    person_tokens: int = 1_000_000  # of one person in 24 hours
    is_fast: bool = True  # whether lookups the built-in model is sure of are left to it

    def __repr__(self) -> str:
        return f"ModelSettings({self.name!r}, {self.base_url!r})"  # never the key


class LanguageModel:
    """One model of one provider, for all answers of this process. Made at no cost; its first request loads the rest."""

    def __init__(self, settings: ModelSettings, *, breaker: Breaker | None = None) -> None:
        self.settings = settings
        self.breaker = breaker or Breaker()
        self.allowance = Allowance(settings.person_tokens)

    @property
    def name(self) -> str:
        return self.settings.name

    @cached_property
    def chat(self) -> ChatOpenAI:
        """LangChain's client, over our own wire."""
        import httpx2
        import openai
        from langchain_openai import ChatOpenAI
        from pydantic import SecretStr

        from assistant.wire import Wire

        # A reply of an odd shape is looked at by us; what pydantic says of it would print the provider's words.
        warnings.filterwarnings("ignore", "Pydantic serializer warnings", UserWarning)
        settings = self.settings
        patient = httpx2.Timeout(settings.timeout_seconds, connect=CONNECT_SECONDS)
        wire = Wire(settings.base_url, httpx2.HTTPTransport(verify=_certificates(), proxy=settings.proxy))
        return ChatOpenAI(
            model=settings.name,
            base_url=settings.base_url,
            api_key=SecretStr(settings.key or NO_KEY),
            timeout=patient,
            max_retries=0,
            use_responses_api=False,
            streaming=True,
            stream_usage=False,
            http_client=openai.DefaultHttpxClient(transport=wire, timeout=patient, follow_redirects=False),
        )

    def reach(self, seconds: float = 3.0) -> list[str]:
        """The models its provider lists, if it does; raises Unreachable, KeyRefused or ServerFailed."""
        import httpx2

        settings = self.settings
        headers = {"Authorization": f"Bearer {settings.key or NO_KEY}", "Accept-Encoding": "identity"}
        try:
            wire = httpx2.HTTPTransport(verify=_certificates(), proxy=settings.proxy)
            with (
                httpx2.Client(transport=wire, timeout=seconds) as client,
                client.stream("GET", f"{settings.base_url}/models", headers=headers) as reply,
            ):
                listed = _first_of(reply.iter_raw())
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise Unreachable from error
        if reply.status_code in (401, 403):
            raise KeyRefused
        if reply.status_code >= 500:
            raise ServerFailed
        return _names(listed)


@cache
def _certificates() -> SSLContext:
    import httpx2

    return httpx2.create_ssl_context()


def _first_of(parts: Iterable[bytes]) -> bytes:
    """What comes, as long as a list may be."""
    held = b""
    for part in parts:
        held += part
        if len(held) > LONGEST_LIST:
            break
    return held


def _names(content: bytes) -> list[str]:
    """The models of a list as OpenAI writes it; none of anything else."""
    try:
        return [str(model["id"]) for model in json.loads(content)["data"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
