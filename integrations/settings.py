"""The settings, and the only reader of the environment: each also as a file named by ..._FILE."""

import os
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "PILOTHOUSE_"


class SettingsError(Exception):
    """A setting that cannot be used; the message names it and says what it takes."""


class Settings(BaseSettings):
    """PILOTHOUSE_HOME, PILOTHOUSE_DATABASE_URL, PILOTHOUSE_MODEL, PILOTHOUSE_HOSTS, PILOTHOUSE_SECURE_COOKIES."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    home: Path = Path(".pilothouse")
    database_url: str | None = None
    model: Literal["builtin"] = "builtin"
    hosts: str = ""  # host names the server answers to beyond loopback, separated by commas
    secure_cookies: bool = False  # behind a proxy that speaks HTTPS

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        try:
            return home.expanduser().absolute()
        except RuntimeError as error:
            raise ValueError("it begins with the home of a user whom this machine does not know") from error

    @cached_property
    def store_url(self) -> str:
        file = str(self.home / "pilothouse.db").replace("%", "%25").replace("?", "%3F")
        return self.database_url or f"sqlite:///{file}"

    @property
    def log_file(self) -> Path:
        return self.home / "pilothouse.log"

    @property
    def host_names(self) -> tuple[str, ...]:
        return tuple(name.strip().lower() for name in self.hosts.split(",") if name.strip())

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
        problem = error.errors()[0]
        label = PREFIX + str(problem["loc"][0]).upper()
        raise SettingsError(f"{label} is {problem['input']!r}, which cannot be used: {problem['msg']}.") from error


def color_is_wanted() -> bool:
    """False where NO_COLOR is set to anything (no-color.org)."""
    return not os.environ.get("NO_COLOR")


class _FileSource(PydanticBaseSettingsSource):
    """Reads PILOTHOUSE_X from the file that PILOTHOUSE_X_FILE names, for secrets kept out of the environment."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        label = f"{PREFIX}{field_name.upper()}_FILE"
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
