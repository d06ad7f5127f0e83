"""The made-up firm as tests ask it: one laid store for all, and a context for each of its people."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import select

from storage.access import Reader
from storage.engine import Store
from storage.models import Person
from tools.context import ToolContext

MONDAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Firm:
    """Quillmere Advisory as of Monday 2 March 2026; read it, do not write it."""

    store: Store

    def reader(self, who: str) -> Reader:
        """The person whose key starts so: "tomas", "ruth"; "nobody" is an outsider."""
        if who == "nobody":
            return Reader(None)
        with self.store.reading() as session:
            people = session.exec(select(Person.id).where(Person.key.startswith(who))).all()
        assert len(people) == 1, f"{who} is not one person"
        return Reader(people[0])

    def context(self, who: str, as_of: date | None = None) -> ToolContext:
        return ToolContext(store=self.store, reader=self.reader(who), today=MONDAY, as_of=as_of)
