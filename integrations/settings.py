"""The settings, and the only reader of the environment: each also as a file named by ..._FILE."""

import os
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    AfterValidator,
    Field,
    PositiveInt,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from assistant.models import ModelSettings

PREFIX = "PILOTHOUSE_"
BUILTIN = "builtin"
HOSTED_URL = "https://api.openai.com/v1"
HOSTED_MODEL = "gpt-4.1-mini"  # where a key is given and no model is named
SECRETS = frozenset(  # never repeated in a message; an address may hold a password
    {"openai_api_key", "openai_base_url", "database_url", "oidc_client_secret", "oidc_issuer", "public_url"}
    | {"slack_bot_token", "slack_app_token", "slack_signing_secret", "slack_api_url"}
)
UNPREFIXED = ("openai_", "slack_")  # settings that bear their provider's own names
SLACK_URL = "https://slack.com/api/"
LONGEST_SECONDS = 3_600
RETURN_PATH = "/login/oidc/callback"  # where the provider of sign-ins sends people back to
LEAST_SECRET = 16  # characters
PLACEHOLDER = re.compile(
    r"(change|me|your|my|the|this|with|oidc|client|secret|password|placeholder|example|replace|insert|here|test|super|x|[^a-z])+",
    re.I,
)
NEARBY = ("localhost", "127.0.0.1", "::1")
TRACING = ("LANGCHAIN_", "LANGSMITH_", "LANGGRAPH_")


def _in_reach(seconds: float) -> float:
    if not 0 < seconds <= LONGEST_SECONDS:
        raise ValueError(f"it takes a number of seconds above 0 and up to {LONGEST_SECONDS:,}")
    return seconds


Seconds = Annotated[float, AfterValidator(_in_reach)]


class SettingsError(Exception):
    """A setting that cannot be used; the message names it and says what it takes."""


@dataclass(frozen=True)
class Registration:
    """How this server is known to the OpenID provider that signs people in; without a secret it is a public client."""

    issuer: str
    client_id: str
    secret: str = field(repr=False)
    redirect_address: str
    proxy: str | None = None

    @property
    def has_weak_secret(self) -> bool:
        """Whether the secret was not made by a provider, by its looks. None at all is not weak: PKCE stands in."""
        return bool(self.secret) and (len(self.secret) < LEAST_SECRET or bool(PLACEHOLDER.fullmatch(self.secret)))


@dataclass(frozen=True)
class SlackSettings:
    """How this server is known to Slack: by Socket Mode with an app token, by signed HTTP with a signing secret."""

    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    api_url: str = SLACK_URL
    proxy: str | None = None
    pages_url: str | None = None  # where people reach our pages; none: names are no links

    @property
    def has_weak_secret(self) -> bool:
        """Whether the signing secret was not made by Slack, by its looks."""
        return len(self.signing_secret) < LEAST_SECRET or bool(PLACEHOLDER.fullmatch(self.signing_secret))


class Settings(BaseSettings):
    """Each field is PILOTHOUSE_ and its name in the environment; those of the provider bear OpenAI's own names."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    home: Path = Path(".pilothouse")
    database_url: str | None = None
    model: str = ""  # of the provider; "builtin", or none without a key: the built-in model answers
    openai_api_key: SecretStr | None = Field(None, validation_alias="openai_api_key")
    openai_base_url: str | None = Field(None, validation_alias="openai_base_url")
    model_patience: Seconds = ModelSettings.patience_seconds  # for the first words, before the built-in model answers
    model_timeout: Seconds = ModelSettings.timeout_seconds  # between words
    answer_seconds: Seconds = ModelSettings.answer_seconds
    answer_tokens: PositiveInt = ModelSettings.answer_tokens
    person_tokens: PositiveInt = ModelSettings.person_tokens  # of one person in 24 hours
    person_questions: PositiveInt = 60  # of one person in a minute, over the network
    fast_path: bool = True  # lookups that the built-in model is sure of are left to it
    hosts: str = ""  # host names the server answers to beyond loopback, separated by commas
    secure_cookies: bool = False  # behind a proxy that speaks HTTPS
    public_url: str | None = None  # where browsers reach the server
    oidc_issuer: str | None = None  # the OpenID provider that signs people in
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None  # none: a public client
    slack_bot_token: SecretStr | None = Field(None, validation_alias="slack_bot_token")
    slack_app_token: SecretStr | None = Field(None, validation_alias="slack_app_token")  # of Socket Mode
    slack_signing_secret: SecretStr | None = Field(None, validation_alias="slack_signing_secret")  # of HTTP
    slack_api_url: str | None = Field(None, validation_alias="slack_api_url")  # of a stand-in; Slack's own by default

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        try:
            return home.expanduser().absolute()
        except RuntimeError as error:
            raise ValueError("it begins with the home of a user whom this machine does not know") from error

    @field_validator("openai_base_url")
    @classmethod
    def _web_address(cls, url: str | None) -> str | None:
        parts = urlsplit(url or HOSTED_URL)
        if parts.scheme not in ("http", "https") or not parts.hostname or not _has_port(parts):
            raise ValueError("it takes an address like http://127.0.0.1:11434/v1")
        if parts.username or parts.password or parts.query or parts.fragment:
            raise ValueError("it takes an address without user, password or query; a key goes into OPENAI_API_KEY")
        return url.rstrip("/") if url else None

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, issuer: str | None) -> str | None:
        if issuer and not (_is_plain(issuer) and is_safe_address(issuer)):
            raise ValueError(
                "it takes an address like https://login.example.org, without user, password or query;"
                " plain http only on this machine"
            )
        return issuer

    @field_validator("public_url")
    @classmethod
    def _origin(cls, url: str | None) -> str | None:
        if url and not (_is_plain(url) and urlsplit(url).path in ("", "/")):
            raise ValueError("it takes an address without a path, like https://pm.example.org")
        return url.rstrip("/") if url else None

    @field_validator("slack_api_url")
    @classmethod
    def _slack_address(cls, url: str | None) -> str | None:
        if url and not (_is_plain(url) and is_safe_address(url)):
            raise ValueError("it takes an address like https://slack.com/api/; plain http only on this machine")
        return f"{url.rstrip('/')}/" if url else None

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _token(cls, token: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        start = "xapp-" if info.field_name == "slack_app_token" else "xoxb-"
        if token and not token.get_secret_value().startswith(start):
            raise ValueError(f"it takes a token that begins with {start}")
        return token

    @field_validator(
        "openai_api_key", "oidc_client_secret", "slack_bot_token", "slack_app_token", "slack_signing_secret"
    )
    @classmethod
    def _one_word(cls, key: SecretStr | None) -> SecretStr | None:
        if key and not (key.get_secret_value().isascii() and key.get_secret_value().isprintable()):
            raise ValueError("it holds characters that no key has, like a line break")
        return key

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.names_model and not self.openai_api_key and not self.openai_base_url:
            raise ValueError(
                f"PILOTHOUSE_MODEL is {self.model!r}, and neither OPENAI_API_KEY nor OPENAI_BASE_URL says how to reach"
                " it. Set one of them, or PILOTHOUSE_MODEL=builtin"
            )
        return self

    @model_validator(mode="after")
    def _registered(self) -> Self:
        needed = (self.oidc_issuer, self.oidc_client_id)
        if any((*needed, self.oidc_client_secret)) and not all(needed):
            raise ValueError(
                "PILOTHOUSE_OIDC_ISSUER and PILOTHOUSE_OIDC_CLIENT_ID belong together. Set both, or nothing of OIDC"
            )
        if self.oidc_issuer and not self.public_url:
            raise ValueError(
                "Sign-in by OpenID Connect needs PILOTHOUSE_PUBLIC_URL. Set it to where browsers reach this server,"
                " like https://pm.example.org"
            )
        return self

    @property
    def names_model(self) -> bool:
        return self.model.strip().lower() not in ("", BUILTIN)

    @property
    def language_model(self) -> ModelSettings | None:
        """The language model that answers; None where it is the built-in one."""
        if not self.names_model and (self.model or not self.openai_api_key):
            return None
        url = self.openai_base_url or HOSTED_URL
        return ModelSettings(
            name=self.model.strip() or HOSTED_MODEL,
            base_url=url,
            proxy=_proxy(url),
            key=self.openai_api_key.get_secret_value() if self.openai_api_key else "",
            patience_seconds=self.model_patience,
            timeout_seconds=self.model_timeout,
            answer_seconds=self.answer_seconds,
            answer_tokens=self.answer_tokens,
            person_tokens=self.person_tokens,
            is_fast=self.fast_path,
        )

    @cached_property
    def openid(self) -> Registration | None:
        """How people sign in by OpenID Connect; None where they do not."""
        if not (self.oidc_issuer and self.oidc_client_id):
            return None
        return Registration(
            issuer=self.oidc_issuer,
            client_id=self.oidc_client_id,
            secret=self.oidc_client_secret.get_secret_value() if self.oidc_client_secret else "",
            redirect_address=f"{self.public_url}{RETURN_PATH}",
            proxy=_proxy(self.oidc_issuer),
        )

    @cached_property
    def slack(self) -> SlackSettings | None:
        """How Slack is reached; None where the app is not set up."""
        if self.slack_bot_token is None:
            return None
        url = self.slack_api_url or SLACK_URL
        return SlackSettings(
            bot_token=self.slack_bot_token.get_secret_value(),
            app_token=self.slack_app_token.get_secret_value() if self.slack_app_token else "",
            signing_secret=self.slack_signing_secret.get_secret_value() if self.slack_signing_secret else "",
            api_url=url,
            proxy=_proxy(url),
            pages_url=self.public_url,
        )

    @cached_property
    def store_url(self) -> str:
        file = str(self.home / "pilothouse.db").replace("%", "%25").replace("?", "%3F")
        return self.database_url or f"sqlite:///{file}"

    @property
    def utterances(self) -> Path:
        """The folder of the organisation's own utterances, which `pilothouse learn` adds to."""
        return self.home / "utterances"

    @property
    def log_file(self) -> Path:
        return self.home / "pilothouse.log"

    @property
    def host_names(self) -> tuple[str, ...]:
        """The names of a proxy in front, among them the one that browsers use."""
        public = urlsplit(self.public_url or "").hostname or NEARBY[0]
        names = [name.strip().lower() for name in self.hosts.split(",") if name.strip()]
        return tuple(names if public in (*names, *NEARBY) else [*names, public])

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], *sources: PydanticBaseSettingsSource, **named: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (named["init_settings"], named["env_settings"], _FileSource(settings_cls))


def read_settings() -> Settings:
    """The settings of this process; raises SettingsError with a sentence."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(_say(error)) from None


def is_safe_address(url: str) -> bool:
    """Whether nobody on the way can read what goes there: over HTTPS, or within this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in NEARBY)


def _say(error: ValidationError) -> str:
    """The first problem in a sentence, which never repeats a secret."""
    problem = error.errors()[0]
    words = problem["msg"].removeprefix("Value error, ")
    if not problem["loc"]:
        return f"{words}."
    name = str(problem["loc"][0])
    value = "" if name in SECRETS else f" is {problem['input']!r}, which"
    return f"{_variable(name)}{value} cannot be used: {words}."


def _variable(name: str) -> str:
    """The environment variable of a field."""
    return name.upper() if name.startswith(UNPREFIXED) else f"{PREFIX}{name.upper()}"


def _is_plain(url: str) -> bool:
    """Whether this is an address on the web that carries nothing else: no user, password, query or space."""
    parts = urlsplit(url)
    is_one_word = url.isascii() and url.isprintable() and " " not in url
    is_on_the_web = parts.scheme in ("http", "https") and bool(parts.hostname) and _has_port(parts)
    return is_one_word and is_on_the_web and not (parts.username or parts.password or parts.query or parts.fragment)


def _has_port(parts: SplitResult) -> bool:
    """Whether the port is one, or left to the scheme."""
    try:
        return parts.port != 0
    except ValueError:
        return False


def _proxy(url: str) -> str | None:
    """The proxy that HTTP_PROXY and its kin name for this address; none within this machine."""
    from urllib.request import getproxies, proxy_bypass  # takes its time to load

    parts = urlsplit(url)
    is_near = parts.hostname in NEARBY or proxy_bypass(parts.hostname or "")
    return None if is_near else getproxies().get(parts.scheme)


def switch_tracing_off() -> None:
    """No framework of a language model reports anywhere, whatever the environment says."""
    for name in [name for name in os.environ if name.startswith(TRACING)]:
        del os.environ[name]
    os.environ["LANGSMITH_TRACING"] = "false"


def color_is_wanted() -> bool:
    """False where NO_COLOR is set to anything (no-color.org)."""
    return not os.environ.get("NO_COLOR")


class _FileSource(PydanticBaseSettingsSource):
    """Reads each variable X from the file that X_FILE names, for secrets kept out of the environment."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        label = f"{_variable(field_name)}_FILE"
        path = os.environ.get(label)
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").strip(), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{label} names {path!r}, which cannot be read as text.") from error

    def __call__(self) -> dict[str, Any]:
        found = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in found.items() if value}
