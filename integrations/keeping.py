"""`pilothouse backup` and `restore`: the whole store in one file, and back."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from integrations.app import CannotDo, open_application
from integrations.settings import read_settings
from storage import backup
from storage.backup import Backup
from storage.engine import Store
from storage.errors import StoreError


class FileIsThere(CannotDo):
    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is there already. Choose another name; a backup overwrites nothing.")


@dataclass(frozen=True)
class Restored:
    """What came back, and where the store that was there before lies now (None: there was none)."""

    backup: Backup
    place: str
    set_aside: str | None


def make_backup(path: Path) -> Backup:
    """Write the store to a new file. Raises FileIsThere or a StoreError."""
    if path.exists():
        raise FileIsThere(path)
    return backup.save(open_application().store, path)


def restore_backup(path: Path, *, replace: bool) -> Restored:
    """Fill the store of these settings from a file; one that is there is set aside first, where that is wanted."""
    settings = read_settings()
    store = Store.open(settings.store_url)
    aside = _set_aside(store) if replace else None
    try:
        store.migrate()
        return Restored(backup.restore(store, path), store.place, str(aside) if aside else None)
    except (StoreError, OSError):
        store.close()
        if aside is not None:
            _bring_back(store, aside)
        raise


def _set_aside(store: Store) -> Path | None:
    """The SQLite file under another name, with what belongs to it; None where there is none."""
    file = store.file
    if file is None or not file.exists():
        return None
    store.close()
    aside = file.with_name(f"{file.name}.before-restore-{datetime.now(UTC):%Y%m%d%H%M%S}")
    _rename(file, aside)
    return aside


def _bring_back(store: Store, aside: Path) -> None:
    assert store.file is not None
    for ending in ("", "-wal", "-shm"):
        Path(f"{store.file}{ending}").unlink(missing_ok=True)
    _rename(aside, store.file)


def _rename(file: Path, to: Path) -> None:
    """The log goes first: a store without its log is an older one, a log without its store is nothing."""
    for ending in ("-wal", "-shm", ""):
        part = Path(f"{file}{ending}")
        if part.exists():
            part.rename(f"{to}{ending}")
