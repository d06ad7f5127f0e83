"""What a plan names that is on file already: its people keep their keys, and its project its owner."""

from storage.importing.batch import Batch
from storage.importing.staging import Row

NAMING_PEOPLE = {"task": "owner_id", "assignment": "person_id"}


def meet(batch: Batch) -> None:
    """Leave out people who are on file, by e-mail or the one of that name, and a project of another source."""
    if projects := batch.tables.get("project"):
        projects.rows = [row for row in projects.rows if not _is_of_others(batch, "project", row.key)]
    known = {row.key: key for row in batch.rows("person") if (key := _on_file(batch, row))}
    if people := batch.tables.get("person"):
        people.rows = [row for row in people.rows if row.key not in known]
    for table, column in NAMING_PEOPLE.items():
        for row in batch.rows(table):
            if said := row.parents.get(column):
                row.parents[column] = known.get(said, said)


def _on_file(batch: Batch, row: Row) -> str | None:
    """The key of this person in the store, where another source, or nobody, brought them."""
    key = batch.known.key_of_email.get(row.values.get("email") or "")
    key = key or batch.known.key_of_name.get(row.values["name"].casefold())
    return key if key and _is_of_others(batch, "person", key) else None


def _is_of_others(batch: Batch, table: str, key: str) -> bool:
    present = batch.known.rows[table].get(key)
    return present is not None and (present.source_id is None or present.source_id != batch.known.source_id)
