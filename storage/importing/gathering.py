"""Finding what is to be imported: which files hold which of our tables, and by which mapping."""

import hashlib
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from storage.importing.feeds import read_feed
from storage.importing.foreign import TOOLS, as_project_xml, is_foreign
from storage.importing.layout import ABSENCE, LAYOUT, LAYOUTS, ORGANISATION, Layout
from storage.importing.mapping import (
    MAPPING_FILE,
    SHIPPED,
    ColumnMap,
    Mapping,
    MappingWrong,
    SourceMap,
    TableMap,
    find_mapping,
    own_mapping,
    plain_name,
    shipped_mapping,
)
from storage.importing.project_tables import PlanTables
from storage.importing.project_xml import read_project_xml
from storage.importing.report import Problem
from storage.importing.tables import FileUnreadable, Table, content, read_tables

FOLDER_LIMIT = 1_000
PLAN_KIND = "plan"
FEED = ".ics"
KINDS = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", FEED)
PLANS = (".xml", *TOOLS)  # of one project each


@dataclass
class Found:
    """One of our tables, in somebody's file."""

    layout: Layout
    mapping: TableMap
    table: Table


@dataclass
class Gathered:
    """All that an import will read."""

    name: str  # of the source
    source: SourceMap = field(default_factory=SourceMap)
    words: dict[str, list[str]] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)
    unreadable: set[str] = field(default_factory=set)  # the tables whose file cannot be read
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    digest: str = ""


def gather(paths: list[Path], mapping: Path | str | None, as_project: str | None) -> Gathered:
    """Find the mapping and read the tables. What cannot be read is a problem of the result."""
    files = _Files(paths)
    gathered = Gathered(name=_name_of(paths), problems=files.problems)
    try:
        chosen = _choose_mapping(files, mapping)
    except MappingWrong as error:
        gathered.problems += [Problem(sentence, error.file) for sentence in error.sentences]
        return gathered
    if plan := files.plan:
        _gather_plan(gathered, files, plan, as_project)
        return gathered
    gathered.source, gathered.words = chosen.source, chosen.words
    gathered.name = chosen.source.name or gathered.name
    if chosen.tables:
        _gather_mapped(gathered, files, chosen)
    elif as_project is not None:
        gathered.name = f"tasks of {as_project}"
        _gather_tasks_of_one(gathered, files, as_project)
    else:
        _gather_own(gathered, files)
    gathered.digest = files.digest(chosen)
    return gathered


class _Files:
    """The files given, alone or in folders, each read at most once."""

    def __init__(self, paths: list[Path]) -> None:
        self.problems: list[Problem] = []
        self.folders: list[Path] = []
        self.single: list[Path] = []
        self._tables: dict[tuple[Path, str | None], dict[str, Table]] = {}
        for path in paths:
            self._take(path)

    def _take(self, path: Path) -> None:
        try:
            place = path.resolve(strict=True)
        except FileNotFoundError:
            self.problems.append(Problem("There is no such file or folder.", str(path)))
        except (OSError, RuntimeError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "a loop of links"
            self.problems.append(Problem(f"This cannot be opened ({reason}).", str(path)))
        else:
            (self.folders if place.is_dir() else self.single).append(place)

    @property
    def mapping(self) -> Path | None:
        candidates = [folder / MAPPING_FILE for folder in self.folders]
        candidates += [path for path in self.single if path.name == MAPPING_FILE]
        return next((path for path in candidates if path.is_file()), None)

    def listed(self) -> list[Path]:
        """All files that may hold tables, in the order of their names."""
        inside = [path for folder in self.folders for path in _inside(folder, self.problems)]
        return [path for path in (*self.single, *inside) if path.name != MAPPING_FILE]

    @property
    def plan(self) -> Path | None:
        return next((path for path in self.single if path.suffix.lower() in PLANS), None)

    def find(self, name: str) -> Path | None:
        """A file by the name a mapping gives it. Raises FileUnreadable when it lies outside its folder."""
        for folder in self.folders:
            try:
                path = (folder / name).resolve(strict=True)
            except FileNotFoundError:
                continue
            except (OSError, RuntimeError, ValueError) as error:
                raise FileUnreadable("This cannot be opened (a loop of links, or no permission).") from error
            if not path.is_relative_to(folder):
                raise FileUnreadable("This lies outside the folder that is imported; it was not opened.")
            return path
        return next((path for path in self.single if path.name == Path(name).name), None)

    def tables(self, path: Path, sheet: str | None = None) -> dict[str, Table]:
        if (path, sheet) not in self._tables:
            self._tables[path, sheet] = _read(path, sheet)
        return self._tables[path, sheet]

    def digest(self, mapping: Mapping) -> str:
        """A hash of what was read, and how."""
        total = hashlib.sha256(mapping.model_dump_json().encode())
        for path in sorted({path for path, _ in self._tables}):
            total.update(content(path))
        return total.hexdigest()


def _read(path: Path, sheet: str | None) -> dict[str, Table]:
    if path.suffix.lower() == FEED:
        return {Path(ABSENCE.file).stem: read_feed(path)}
    return read_tables(path, sheet=sheet)


def _inside(folder: Path, problems: list[Problem]) -> list[Path]:
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in KINDS)
    except OSError as error:
        problems.append(Problem(f"The folder cannot be read ({error.strerror}).", folder.name))
        return []
    if len(paths) > FOLDER_LIMIT:
        problems.append(Problem(f"The folder holds {len(paths):,} files; the limit is {FOLDER_LIMIT:,}.", folder.name))
        return []
    return paths


def _name_of(paths: list[Path]) -> str:
    """Until a mapping names the source: the folder's name, or the first file's."""
    first = paths[0].absolute()
    return (first.name if first.is_dir() else first.stem) or "import"


def _choose_mapping(files: _Files, given: Path | str | None) -> Mapping:
    if given is not None:
        return find_mapping(given)
    if files.mapping:
        return find_mapping(files.mapping)
    for name in SHIPPED:
        mapping = shipped_mapping(name)
        if _fits(mapping, files):
            return mapping
    return Mapping()


def _fits(mapping: Mapping, files: _Files) -> bool:
    """Whether all files of a mapping are there, with all the columns it names."""
    for table_map in mapping.tables.values():
        try:
            path = files.find(table_map.file)
            table = _the_table(files.tables(path, table_map.sheet)) if path else None
        except FileUnreadable:
            return False
        present = {plain_name(column) for column in table.header} if table else set()
        columns = (*table_map.columns.values(), *table_map.custom.values())
        if any(column.column and plain_name(column.column) not in present for column in columns):
            return False
    return True


def _the_table(tables: dict[str, Table]) -> Table:
    return next(iter(tables.values()))


def _gather_mapped(gathered: Gathered, files: _Files, mapping: Mapping) -> None:
    names = {table_map.file for table_map in mapping.tables.values()}
    for name, table_map in mapping.tables.items():
        try:
            # A mapping of one file takes whatever one file is given: exports change their names with the date.
            path = files.single[0] if len(names) == len(files.single) == 1 else files.find(table_map.file)
            if path is None:
                raise FileUnreadable(f"The mapping takes {LAYOUT[name].label} from this file, and it is not there.")
            table = _the_table(files.tables(path, table_map.sheet))
        except FileUnreadable as error:
            gathered.problems.append(Problem(str(error), table_map.file))
            gathered.unreadable.add(name)
        else:
            gathered.found.append(Found(LAYOUT[name], table_map, table))


def _gather_tasks_of_one(gathered: Gathered, files: _Files, project: str) -> None:
    """The one file holds the tasks of one project, which it need not name."""
    listed = files.listed()
    if len(listed) != 1:
        gathered.problems.append(
            Problem(f"One file of tasks is wanted with a project; there are {len(listed)}.", gathered.name)
        )
        return
    try:
        table = _the_table(files.tables(listed[0]))
    except FileUnreadable as error:
        gathered.problems.append(Problem(str(error), listed[0].name))
    else:
        _number_tasks(gathered, table, project)
        _add_own(gathered, LAYOUT["task"], table)
        columns = {"project": ColumnMap(value=project)} | gathered.found[0].mapping.columns
        gathered.found[0].mapping = TableMap(file=listed[0].name, columns=columns)


def _gather_plan(gathered: Gathered, files: _Files, path: Path, as_project: str | None) -> None:
    """A plan is a whole import of its own: it names its project, and brings its people and calendars."""
    if len(files.single) + len(files.folders) > 1:
        gathered.problems.append(Problem("A plan is imported by itself; give one file at a time.", path.name))
        return
    try:
        with as_project_xml(path) if is_foreign(path) else nullcontext(path) as readable:
            plan = PlanTables(read_project_xml(readable), path, as_project)
        tables = plan.tables()
        gathered.digest = hashlib.sha256(content(path)).hexdigest()
    except FileUnreadable as error:
        gathered.problems.append(Problem(str(error), path.name))
        return
    gathered.source = SourceMap(kind=PLAN_KIND)
    gathered.warnings += plan.warnings
    for name, table in tables.items():
        mapping, _ = own_mapping(LAYOUT[name], table.header)
        gathered.found.append(Found(LAYOUT[name], mapping, table))


def _number_tasks(gathered: Gathered, table: Table, project: str) -> None:
    """Give tasks without keys the project's, and a number."""
    if "key" not in {plain_name(column) for column in table.header}:
        table.header.append("key")
        table.rows = [(row, [*cells, f"{project}-{number}"]) for number, (row, cells) in enumerate(table.rows, start=1)]
        gathered.warnings.append(
            Problem(f"The tasks have no key; they are numbered from {project}-1 in the order of the file.", table.name)
        )


def _gather_own(gathered: Gathered, files: _Files) -> None:
    for path in files.listed():
        try:
            tables = files.tables(path)
        except FileUnreadable as error:
            gathered.problems.append(Problem(str(error), path.name))
            continue
        for name, table in tables.items():
            layout = _layout_named(name)
            fitting = [layout] if layout else _layouts_of(table)
            if len(fitting) == 1:
                _add_own(gathered, fitting[0], table)
            elif path in files.single and len(tables) == 1:
                gathered.problems.append(_unknown_table(table, fitting))
            else:
                gathered.warnings.append(Problem("This is none of our tables and was left out.", table.name))
    if not gathered.found and not gathered.problems:
        expected = ", ".join(layout.file for layout in LAYOUTS if layout is not ORGANISATION)
        gathered.problems.append(
            Problem(f"There is nothing to import here. Expected a {MAPPING_FILE}, or: {expected}.", gathered.name)
        )


def _layout_named(name: str) -> Layout | None:
    """The table that a file or sheet of this name holds."""
    return next((layout for layout in LAYOUTS if Path(layout.file).stem == plain_name(name)), None)


def _layouts_of(table: Table) -> list[Layout]:
    """The tables whose needed columns are all there and which know most of the others: one, unless they tie."""
    known = {layout.name: _known_columns(layout, table) for layout in LAYOUTS if _has_needed(layout, table)}
    return [LAYOUT[name] for name, columns in known.items() if columns == max(known.values())]


def _has_needed(layout: Layout, table: Table) -> bool:
    mapping, _ = own_mapping(layout, table.header)
    return all(each.name in mapping.columns for each in layout.fields if each.required)


def _known_columns(layout: Layout, table: Table) -> int:
    mapping, unknown = own_mapping(layout, table.header)
    return len(mapping.columns) - len(unknown)


def _unknown_table(table: Table, fitting: list[Layout]) -> Problem:
    if fitting:
        names = " or ".join(layout.file for layout in fitting)
        return Problem(f"The columns fit several of our tables. Name the file {names}.", table.name, 1)
    nearest = max(LAYOUTS, key=lambda layout: _known_columns(layout, table))
    needed = ", ".join(next(iter(each.columns)) for each in nearest.fields if each.required)
    return Problem(
        f"The columns are those of none of our tables. Closest are {nearest.label}, which need {needed}. "
        f"Name the file {nearest.file}, or give a mapping.",
        table.name,
        1,
    )


def _add_own(gathered: Gathered, layout: Layout, table: Table) -> None:
    if twice := next((found for found in gathered.found if found.layout is layout), None):
        sentence = f"Both this file and {twice.table.name} hold {layout.label}. Import one at a time."
        gathered.problems.append(Problem(sentence, table.name))
        return
    mapping, unknown = own_mapping(layout, table.header)
    gathered.found.append(Found(layout, mapping, table))
    if unknown:
        names = ", ".join(f"'{column}'" for column in unknown)
        gathered.warnings.append(Problem(f"Of {layout.label} there is no field {names}; left out.", table.name, 1))
