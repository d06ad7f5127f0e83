"""An eval case: messages to ask in one thread, and what their answers must be."""

from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

FOLDER = Path(__file__).parent / "scenarios"


class Expectation(BaseModel):
    """What a good answer holds; only what is given is checked. `oracle` names a function of evals/oracles, `of` what
    it is asked of."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["answered", "asked_back", "declined", "not_found", "refused"] = "answered"
    tool: str | None = None
    tools: list[str] = Field(default_factory=list)  # of an answer to several requests
    oracle: str | None = None
    of: list[str] = Field(default_factory=list)
    arguments: dict[str, Any] = Field(default_factory=dict)
    says: list[str] = Field(default_factory=list)
    never_says: list[str] = Field(default_factory=list)
    cites: list[str] = Field(default_factory=list)


class Turn(BaseModel):
    """One message of a talk, and what is expected of its answer; nothing, if that is left out."""

    model_config = ConfigDict(extra="forbid")

    ask: str
    expect: Expectation | None = None


class Scenario(BaseModel):
    """One case. `ask` is one message, or several in one thread of which the last is scored; in a `talk` all may be."""

    model_config = ConfigDict(extra="forbid")

    name: str
    ask: str | list[str] = Field(default_factory=list)
    asker: str | None = Field(default=None, alias="as")
    as_of: date | None = None
    expect: Expectation | None = None
    talk: list[Turn] = Field(default_factory=list)

    @property
    def turns(self) -> list[Turn]:
        """The messages in order, with what is expected of each."""
        asked = [self.ask] if isinstance(self.ask, str) else self.ask
        earlier = [Turn(ask=message) for message in asked[:-1]]
        return [*earlier, *(Turn(ask=message, expect=self.expect) for message in asked[-1:]), *self.talk]


class Suite(BaseModel):
    """Scenarios over one world: the made-up sample, or the federal portfolio."""

    model_config = ConfigDict(extra="forbid")

    world: Literal["quillmere", "hhs-it-portfolio"]
    scenarios: list[Scenario]


def load_suites(folder: Path = FOLDER) -> list[Suite]:
    """Every suite in `folder`, in the order of their file names."""
    return [Suite.model_validate(yaml.safe_load(path.read_text("utf-8"))) for path in sorted(folder.glob("*.yaml"))]
