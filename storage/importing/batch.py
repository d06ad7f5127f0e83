"""All tables of one import beside what the store knows."""

from dataclasses import dataclass

from storage.importing.known import Known
from storage.importing.mapping import SourceMap
from storage.importing.report import Problem
from storage.importing.staging import Row, Staged


@dataclass
class Batch:
    """All tables of one import, and what the store knows."""

    source: SourceMap
    known: Known
    tables: dict[str, Staged]
    unreadable: set[str]  # tables that should be here, and could not be read

    def rows(self, table: str) -> list[Row]:
        return self.tables[table].rows if table in self.tables else []

    @property
    def problems(self) -> list[Problem]:
        return [problem for staged in self.tables.values() for problem in staged.problems]

    @property
    def warnings(self) -> list[Problem]:
        return [warning for staged in self.tables.values() for warning in staged.warnings]
