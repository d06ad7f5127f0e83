"""`pilothouse init`: the store, its schema, and its owner or the sample."""

import getpass
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, select

from integrations.app import CannotDo
from integrations.settings import Settings
from storage import sample
from storage.engine import Store
from storage.models import ApiKey, Organisation, Person
from storage.people import LONGEST, NameMissing, create_owner, find_owner
from storage.text import clean
from tools.readings import warm

SAMPLE_AGES_AFTER = timedelta(days=7)


class SampleNeedsEmptyStore(CannotDo):
    def __init__(self) -> None:
        super().__init__(
            "This store holds data of its own, so the sample was not laid. "
            "Choose another folder for it, for example PILOTHOUSE_HOME=./sample."
        )


@dataclass(frozen=True)
class SettingUp:
    """What `init` found and did."""

    place: str
    migrated: bool
    owner: str | None
    sample_day: date | None
    sample_laid: bool

    @property
    def sentence(self) -> str:
        store = f"The store at {self.place} is {'set up' if self.migrated else 'up to date'}"
        if self.sample_day is None:
            return f"{store}, owned by {self.owner}. Next: pilothouse import PATH, or pilothouse ask."
        laid = "was laid" if self.sample_laid else "stands as laid"
        return f"{store}. The sample (Quillmere Advisory, which is made up) {laid} around {self.sample_day}."

    def to_json(self) -> dict[str, Any]:
        return {
            "store": self.place,
            "migrated": self.migrated,
            "owner": self.owner,
            "sample_laid_on": self.sample_day and self.sample_day.isoformat(),
            "sample_laid": self.sample_laid,
        }


def set_up(
    settings: Settings, *, with_sample: bool, day: date | None, organisation: str, owner: tuple[str, str]
) -> SettingUp:
    """Make or migrate the store; then the sample, or an owner where there is none. Running it again changes nothing."""
    store = Store.open(settings.store_url)
    migrated = store.migrate()
    laid = with_sample and _lay_sample(store, day or date.today(), is_asked_for=day is not None)
    if not with_sample:
        _own(store, *owner)
    if organisation:
        _name(store, organisation)
    with store.reading() as session:
        found, laid_on = find_owner(session), _laid_on(session)
    return SettingUp(store.place, migrated, found.email if found else None, laid_on, laid)


def _lay_sample(store: Store, day: date, *, is_asked_for: bool) -> bool:
    """Lay the sample, or lay it anew when nobody touched it and it is old or wanted around another day."""
    with store.reading() as session:
        laid_on, is_empty = _laid_on(session), session.exec(select(Person.id).limit(1)).first() is None
        is_untouched = laid_on is not None and _is_untouched(session)
    if not is_empty:
        if laid_on is None:
            raise SampleNeedsEmptyStore
        is_old = abs(day - laid_on) > (timedelta(0) if is_asked_for else SAMPLE_AGES_AFTER)
        if not (is_untouched and is_old):
            return False
        store.migrate_down()
        store.migrate()
    sample.lay(store, day)
    warm(store, day)
    return True


def _is_untouched(session: Session) -> bool:
    """Whether the store holds what laying the sample wrote, and nothing since that anybody would miss."""
    revision = session.exec(select(Organisation.revision)).one()
    return revision <= 1 and session.exec(select(ApiKey.id).limit(1)).first() is None


def _laid_on(session: Session) -> date | None:
    """The day the sample was laid around; None in a store of one's own."""
    organisation = session.exec(select(Organisation)).first()
    return organisation.sample_laid_on if organisation else None


def _own(store: Store, name: str, email: str) -> None:
    """An owner for a store that has none; called after the user of this machine unless said otherwise."""
    with store.reading() as session:
        if find_owner(session) is not None:
            return
    user = re.sub(r"[^a-z0-9._-]+", "", getpass.getuser().lower()) or "owner"
    create_owner(store, name or user.capitalize(), email or f"{user}@localhost")


def _name(store: Store, organisation: str) -> None:
    name = clean(organisation).strip()
    if not 1 <= len(name) <= LONGEST:
        raise NameMissing
    with store.writing("Named the organisation") as writer:
        if writer.session.exec(select(col(Organisation.id))).first() is None:
            writer.add(Organisation, [{"id": 1, "name": name}])
        else:
            writer.change(Organisation, 1, {"name": name})
