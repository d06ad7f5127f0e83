"""Names found in names: useful ones only, and only where they name one thing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from storage.engine import Store
from storage.importing import ImportReport
from storage.models import Alias

Import = Callable[..., ImportReport]

MAPPING = """
[project]
file = "list.csv"
columns = {key = "id", name = "title"}
aliases = {from_names = ["acronyms", "prefixes"]}
"""


@pytest.mark.parametrize(
    ("names", "aliases"),
    [
        (["Medicare Appeals System (MAS)"], {"MAS"}),
        (["Research Administration (eRA)"], {"eRA"}),
        (["PHIN: Disease Surveillance"], {"PHIN"}),
        (["Data (formerly known as XYZ)", "Phase (two)"], set()),
        (["Roles (ARRMS) 1", "Roles (ARRMS) 2"], set()),
        (["EHB - Awards", "EHB - Loans"], set()),
    ],
)
def test_acronyms_and_prefixes_become_aliases_where_they_name_one_thing(
    sqlite_store: Store, folder: Path, do_import: Import, names: list[str], aliases: set[str]
) -> None:
    rows = [f"P{number},{name}\n" for number, name in enumerate(names)]
    (folder / "list.csv").write_text("id,title\n" + "".join(rows))
    (folder / "mapping.toml").write_text(MAPPING)

    do_import(folder)

    with sqlite_store.reading() as session:
        assert set(session.exec(select(Alias.text))) == aliases
