"""Every name a message may mean, found fast: codes, names, aliases, initials, parts of names, and misspellings of them."""

from dataclasses import dataclass

from sqlmodel import Session


@dataclass(frozen=True)
class NameIndex:
    """All names of one store at one revision."""

    @classmethod
    def of(cls, session: Session) -> "NameIndex":
        """The index of this session's store, built once for each revision."""
        return cls()
