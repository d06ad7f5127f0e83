"""An eval case: messages to ask in one thread, and what the last answer must be."""

from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

FOLDER = Path(__file__).parent / "scenarios"


class Expectation(BaseModel):
    """What a good answer holds; only what is given is checked. `oracle` names a function of evals/oracles."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["answered", "asked_back", "declined", "not_found", "refused"] = "answered"
    tool: str | None = None
    oracle: str | None = None
    arguments: dict[str, Any] = Field(default_factory=dict)
    says: list[str] = Field(default_factory=list)
    never_says: list[str] = Field(default_factory=list)
    cites: list[str] = Field(default_factory=list)


class Scenario(BaseModel):
    """One case. `ask` is one message, or several that follow on each other in one thread."""

    model_config = ConfigDict(extra="forbid")

    name: str
    ask: str | list[str]
    asker: str | None = Field(default=None, alias="as")
    as_of: date | None = None
    expect: Expectation

    @property
    def messages(self) -> list[str]:
        return [self.ask] if isinstance(self.ask, str) else self.ask


class Suite(BaseModel):
    """Scenarios over one world: the made-up sample, or the federal portfolio."""

    model_config = ConfigDict(extra="forbid")

    world: Literal["quillmere", "hhs-it-portfolio"]
    scenarios: list[Scenario]


def load_suites(folder: Path = FOLDER) -> list[Suite]:
    """Every suite in `folder`, in the order of their file names."""
    return [Suite.model_validate(yaml.safe_load(path.read_text("utf-8"))) for path in sorted(folder.glob("*.yaml"))]
