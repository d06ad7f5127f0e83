"""A server whose people sign in at a provider, and the way there and back without a browser."""

import socket
from typing import Any

import httpx

from integrations.app import Application
from integrations.settings import RETURN_PATH, Settings
from tests.integrations.conftest import MakeClient
from tests.oidc_provider import CLIENT_ID, Provider


def with_provider(application: Application, provider: Provider, port: int, **more: Any) -> Application:
    """The application as it signs people in at this provider, when served on this port."""
    public = f"http://127.0.0.1:{port}"
    provider.redirect_uri = f"{public}{RETURN_PATH}"
    registration = {"oidc_client_id": CLIENT_ID, "oidc_client_secret": provider.secret or None}
    settings = Settings(
        home=application.settings.home, public_url=public, oidc_issuer=provider.issuer, **(registration | more)
    )
    return Application(settings, application.store, application.other_assistant)


def serve(application: Application, client: MakeClient, provider: Provider, **more: Any) -> httpx.Client:
    """A client, as a browser would be, of a server that signs people in at this provider."""
    port = free_port()
    return client(with_provider(application, provider, port, **more), port=port, headers={"Accept": "text/html"})


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def go_there(web: httpx.Client) -> str:
    """Leave for the provider; where it sends the browser back to."""
    left = web.get("/login/oidc")
    assert left.status_code == 303, left.text
    return httpx.get(left.headers["location"], trust_env=False).headers["location"]


def sign_in(web: httpx.Client) -> httpx.Response:
    """The whole way, up to the reply to whoever came back."""
    return web.get(go_there(web))


def problem_of(reply: httpx.Response) -> str:
    """The sentence of the page to sign in on."""
    assert "Traceback" not in reply.text
    return reply.text.partition('role="alert">')[2].partition("<")[0]
