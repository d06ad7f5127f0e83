"""Mappings: what they can say, and the sentence for each way to say it wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import select

from storage.engine import Store
from storage.importing import ImportReport
from storage.importing.mapping import SHIPPED, MappingWrong, find_mapping
from storage.models import Alias, Project, Task

Write = Callable[..., Path]
Import = Callable[..., ImportReport]

GOOD = """
[source]
name = "Export"
currency = "EUR"
decimal = ","
dates = "%d.%m.%Y"

[project]
file = "{file}"
group = true
columns = {{ key = "Projekt", name = "Projekt" }}

[task]
file = "{file}"

[task.columns]
key = "Nr"
project = "Projekt"
name = "Vorgang"
planned_start = "Beginn"
planned_duration = {{ column = "Tage", unit = "days" }}
planned_cost = {{ column = "Kosten", unit = "keur" }}
state = {{ column = "Status", values = {{ "Fertig" = "done", "Offen" = "not_started" }} }}
source_state = "Status"

[task.custom.ampel]
column = "Ampel"
label = "traffic light"
also_called = ["light"]
"""


@pytest.fixture
def mapping(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "mapping.toml"
        path.write_text(text)
        return path

    return write


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_mappings_are_found_by_name(name: str) -> None:
    assert find_mapping(name).tables


def test_a_mapping_reads_somebody_elses_file(
    sqlite_store: Store, folder: Path, do_import: Import, mapping: Callable[[str], Path]
) -> None:
    (folder / "plan.csv").write_text(
        "Nr;Projekt;Vorgang;Beginn;Tage;Kosten;Status;Ampel\n7;Kran;Aufbau;02.03.2026;2,5;1.234,5;FERTIG;gelb\n"
    )

    report = do_import(folder, mapping=mapping(GOOD.format(file="plan.csv")))

    assert report.problems == []
    with sqlite_store.reading() as session:
        task = session.exec(select(Task)).one()
        assert (task.state, task.source_state, task.custom) == ("done", "FERTIG", {"ampel": "gelb"})
        assert (task.planned_duration_minutes, task.planned_cost_minor) == (1200, 123_450_000)
        assert session.exec(select(Project.key)).one() == "Kran"


def test_a_mapping_of_one_file_takes_any_one_file(
    folder: Path, do_import: Import, mapping: Callable[[str], Path]
) -> None:
    header, row = "Nr;Projekt;Vorgang;Beginn;Tage;Kosten;Status;Ampel", "7;Kran;Aufbau;02.03.2026;2;1;Offen;"
    (folder / "export-2026-03.csv").write_text(f"{header}\n{row}\n")

    report = do_import(folder / "export-2026-03.csv", mapping=mapping(GOOD.format(file="export.csv")))

    assert report.counts["tasks"].added == 1


def test_a_folder_may_bring_its_own_mapping(sqlite_store: Store, folder: Path, do_import: Import) -> None:
    (folder / "list.csv").write_text("id,title\nP1,First (ALPHA)\nP2,Second (BETA)\n")
    (folder / "mapping.toml").write_text(
        '[project]\nfile = "list.csv"\ncolumns = {key = "id", name = "title"}\n'
        '[project.aliases]\nfrom_names = ["acronyms"]\nknown = {P1 = ["the first"]}\n'
    )

    do_import(folder)

    with sqlite_store.reading() as session:
        assert set(session.exec(select(Alias.text))) == {"ALPHA", "BETA", "the first"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[project", "This is not TOML"),
        ("[projekt]\nfile = 'a.csv'", "projekt: there is no such key; did you mean project?"),
        ("[project]\ncolumns = {key = 'id'}", "project.file: this key is needed."),
        ("[project]\nfile = 'a.csv'\ncolumns = {name = 'n'}", "project.columns.key: this field is needed."),
        (
            "[project]\nfile = 'a.csv'\ncolumns = {key = 'id', budgett = 'b'}",
            "project.columns.budgett: a project has no such field; did you mean budget?",
        ),
        (
            "[project]\nfile = 'a.csv'\ncolumns = {key = 'id', budget = {column = 'b', unit = 'musd'}}",
            "project.columns.budget.unit: the source's currency is not given, not USD.",
        ),
        (
            "[project]\nfile = 'a.csv'\ncolumns = {key = 'id', planned_duration = {column = 'd', unit = 'moons'}}",
            "project.columns.planned_duration.unit: 'moons' is no unit of time",
        ),
        (
            "[project]\nfile = 'a.csv'\ncolumns = {key = {column = 'id', vaules = {}}}",
            "project.columns.key.vaules: there is no such key; did you mean values?",
        ),
        ("[project]\nfile = '../a.csv'\ncolumns = {key = 'id'}", "project.file: must name a file inside the folder."),
        ("[project]\nfile = '/etc/passwd'\ncolumns = {key = 'id'}", "project.file: must name a file inside"),
        ("[project]\nfile = 'a.csv'\ncolumns = {key = ' '}", "project.columns.key: a column needs a name."),
        ("[source]\ncurrency = 'dollars'", "source.currency: "),
        ("[words]\nepic = 'theme'", "words.epic: the levels are portfolio, program, project, task, person."),
        ("[dependency]\nfile='a.csv'\ncolumns={predecessor='a', successor='b'}\ncustom={x={column='x',label='X'}}",
         "dependency.custom: only portfolio, program, project, task"),
    ],
)  # fmt: skip
def test_a_wrong_mapping_is_refused_with_the_key(mapping: Callable[[str], Path], text: str, sentence: str) -> None:
    with pytest.raises(MappingWrong) as error:
        find_mapping(mapping(text))

    assert error.value.sentences[0].startswith(sentence)


def test_a_missing_mapping_is_a_problem_of_the_report(small_plan: Path, do_import: Import) -> None:
    report = do_import(small_plan, mapping="no-such-mapping")

    assert report.refused and "Shipped ones: hhs-it-portfolio" in report.problems[0].sentence


def test_a_mapped_file_may_not_lead_out_of_its_folder(tmp_path: Path, folder: Path, do_import: Import) -> None:
    (tmp_path / "secret.csv").write_text("id\nX\n")
    (folder / "list.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "mapping.toml").write_text('[project]\nfile = "list.csv"\ncolumns = {key = "id"}\n')

    assert "outside the folder" in do_import(folder).problems[0].sentence
