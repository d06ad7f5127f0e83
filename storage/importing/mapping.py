"""The TOML mapping that says which columns of somebody's files are which of our fields."""

import difflib
import tomllib
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path, PurePath
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from storage.access import FieldClass
from storage.importing.layout import LAYOUT, LAYOUTS, Kind, Layout
from storage.importing.layout import Field as LayoutField
from storage.importing.values import MINUTES, SCALES
from storage.models import Project, Task
from storage.vocabulary import CustomKind, DurationBasis, Level

SHIPPED = ("hhs-it-portfolio",)
MAPPING_FILE = "mapping.toml"
MAPPING_LIMIT = 1_000_000
WITH_CUSTOM = tuple(layout.name for layout in LAYOUTS if "custom" in layout.model.model_fields)
WITH_ALIASES = ("person", "portfolio", "program", "project")


class MappingWrong(Exception):
    """A mapping cannot be used; each sentence names the key it is about."""

    def __init__(self, file: str, sentences: list[str]) -> None:
        self.file = file
        self.sentences = sentences
        super().__init__(f"{file}: {' '.join(sentences)}")


@dataclass(frozen=True)
class Scale:
    """A unit taken apart: what a number of the file is multiplied by, and what else the unit says."""

    factor: int = 1
    basis: DurationBasis | None = None
    currency: str | None = None
    is_percent: bool = False


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceMap(_Strict):
    """Where the data comes from, and how its files write numbers and dates."""

    name: str | None = Field(default=None, min_length=1, max_length=200)
    kind: str = "file"
    data_as_of: date | None = None
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    decimal: Literal[".", ","] = "."
    dates: str | None = None
    fiscal_year_start_month: int | None = Field(default=None, ge=1, le=12)


class ColumnMap(_Strict):
    """A column, or one value for all rows; its unit; and what words of the file mean."""

    column: str | None = None
    value: str | None = None
    unit: str = ""
    values: dict[str, str] = Field(default_factory=dict)
    negate: bool = False

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, given: Any) -> Any:
        return {"column": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _one_of_both(self) -> "ColumnMap":
        if (self.column is None) == (self.value is None):
            raise ValueError("say either column or value")
        if self.column is not None and not plain_name(self.column):
            raise ValueError("a column needs a name")
        return self


class CustomMap(ColumnMap):
    """A column kept as a field of the firm's own."""

    label: str = Field(min_length=1)
    kind: CustomKind = CustomKind.TEXT
    field_class: FieldClass = FieldClass.OPEN
    also_called: list[str] = Field(default_factory=list)


class AliasMap(_Strict):
    """Other names: given by key, or found in the names by rule."""

    known: dict[str, list[str]] = Field(default_factory=dict)
    from_names: list[Literal["acronyms", "prefixes"]] = Field(default_factory=list)


class TableMap(_Strict):
    """One of our tables: its file, and where its fields lie."""

    file: str
    sheet: str | None = None
    group: bool = False
    columns: dict[str, ColumnMap]
    custom: dict[str, CustomMap] = Field(default_factory=dict)
    aliases: AliasMap = Field(default_factory=AliasMap)

    @field_validator("file")
    @classmethod
    def _inside_the_folder(cls, file: str) -> str:
        path = PurePath(file)
        if path.is_absolute() or ".." in path.parts or "\\" in file or "\0" in file or not file.strip():
            raise ValueError("must name a file inside the folder")
        return file


class Mapping(_Strict):
    """A whole mapping. Tables it leaves out are looked for in our own format only when it maps none."""

    source: SourceMap = Field(default_factory=SourceMap)
    words: dict[str, list[str]] = Field(default_factory=dict)
    tables: dict[str, TableMap] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _gather_tables(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "tables" in given:
            return given
        tables = {name: given[name] for name in LAYOUT if name in given}
        return {name: value for name, value in given.items() if name not in tables} | {"tables": tables}

    @field_validator("words", mode="before")
    @classmethod
    def _as_lists(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        return {key: [words] if isinstance(words, str) else words for key, words in given.items()}


def find_mapping(given: Path | str) -> Mapping:
    """A mapping by the name of a shipped one, by its file, or by the folder that holds one. Raises MappingWrong."""
    if str(given) in SHIPPED:
        return shipped_mapping(str(given))
    path = Path(given)
    try:
        return _load(path / MAPPING_FILE if path.is_dir() else path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not readable"
        known = ", ".join(SHIPPED)
        raise MappingWrong(str(given), [f"The mapping cannot be read ({reason}). Shipped ones: {known}."]) from error


def shipped_mapping(name: str) -> Mapping:
    return _load(Path(str(files("storage") / "sample" / name / MAPPING_FILE)))


def own_mapping(layout: Layout, header: list[str]) -> tuple[TableMap, list[str]]:
    """The mapping of a table in our own format, and the columns of its header that we do not know."""
    plain = {plain_name(column): column for column in header if column}
    columns = {}
    for field in layout.fields:
        for name, unit in field.columns.items():
            if column := plain.pop(name, None):
                columns[field.name] = ColumnMap(column=column, unit=unit)
                break
    return TableMap(file=layout.file, columns=columns), list(plain.values())


def plain_name(column: str) -> str:
    """A header as we compare it: case, spaces and hyphens do not count."""
    return "_".join(column.replace("-", " ").replace("_", " ").casefold().split())


def closest(word: str, known: list[str]) -> str:
    """The most similar of the known words as a hint; empty when none is near."""
    plain = {plain_name(name): name for name in known}
    near = difflib.get_close_matches(plain_name(word), list(plain), n=1, cutoff=0.6)
    return plain[near[0]] if near else ""


def scale_of(field: LayoutField | CustomMap, unit: str) -> Scale:
    """A unit of a duration, of money or of a share. Raises ValueError with a sentence."""
    match field.kind:
        case Kind.DURATION:
            return _duration_scale(unit or "hours")
        case CustomKind.DAYS:
            return _duration_scale(unit or "days")
        case Kind.MONEY | CustomKind.MONEY:
            return _money_scale(unit)
        case Kind.SHARE | CustomKind.SHARE if unit in ("", "share", "percent"):
            return Scale(is_percent=unit == "percent")
    if unit:
        raise ValueError(f"'{unit}' is no unit of {field.kind.value}")
    return Scale()


def _duration_scale(unit: str) -> Scale:
    name, _, basis = unit.partition(" ")
    known = MINUTES[DurationBasis.WORKING]
    if name not in known or basis not in ("", *DurationBasis):
        raise ValueError(f"'{unit}' is no unit of time; use {', '.join(known)}, with 'working' or 'elapsed' behind it")
    return Scale(basis=DurationBasis(basis) if basis else None)


def _money_scale(unit: str) -> Scale:
    letters = unit.casefold()
    if letters in ("", "k", "m"):
        return Scale(factor=SCALES[letters])
    scale, code = (letters[:-3], letters[-3:]) if len(letters) in (3, 4) else ("?", "")
    if scale not in SCALES or not code.isalpha():
        raise ValueError(f"'{unit}' is no unit of money; use usd, kusd or musd (or k and m alone)")
    return Scale(factor=SCALES[scale], currency=code.upper())


def _load(path: Path) -> Mapping:
    if path.stat().st_size > MAPPING_LIMIT:
        raise MappingWrong(path.name, ["The file is too large for a mapping."])
    try:
        given = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MappingWrong(path.name, [f"This is not TOML ({error})."]) from error
    try:
        mapping = Mapping.model_validate(given)
    except ValidationError as error:
        raise MappingWrong(path.name, [_sentence(wrong) for wrong in error.errors()]) from error
    if wrong := _contradictions(mapping):
        raise MappingWrong(path.name, wrong)
    return mapping


def _sentence(wrong: Any) -> str:
    parts = [str(part) for part in wrong["loc"] if part != "tables"]
    path = ".".join(parts)
    match wrong["type"]:
        case "extra_forbidden":
            known = _known_keys(parts[:-1])
            hint = closest(parts[-1], known)
            return f"{path}: there is no such key; " + (
                f"did you mean {hint}?" if hint else f"known are {', '.join(known)}."
            )
        case "missing":
            return f"{path}: this key is needed."
        case _:
            return f"{path}: {wrong['msg'].removeprefix('Value error, ')}."


def _known_keys(path: list[str]) -> list[str]:
    if not path:
        return ["source", "words", *LAYOUT]
    if path[0] == "source":
        return list(SourceMap.model_fields)
    by_depth: dict[int, type[BaseModel]] = {1: TableMap, 2: AliasMap}
    model = by_depth.get(len(path), CustomMap if "custom" in path else ColumnMap)
    return list(model.model_fields)


def _contradictions(mapping: Mapping) -> list[str]:
    """What only shows when the parts are read together."""
    wrong = [sentence for word in mapping.words if (sentence := _wrong_word(word))]
    for name, table in mapping.tables.items():
        layout = LAYOUT[name]
        wrong += _missing_fields(layout, table)
        for field_name, column in table.columns.items():
            field = layout.field(field_name)
            path = f"{name}.columns.{field_name}"
            if field is None:
                known = [field.name for field in layout.fields]
                hint = closest(field_name, known)
                wrong.append(f"{path}: a {name} has no such field{f'; did you mean {hint}?' if hint else ''}")
            else:
                wrong += _wrong_unit(path, field, column, mapping.source)
        for custom_name, custom in table.custom.items():
            wrong += _wrong_unit(f"{name}.custom.{custom_name}", custom, custom, mapping.source)
        if table.custom and name not in WITH_CUSTOM:
            wrong.append(f"{name}.custom: only {', '.join(WITH_CUSTOM)} have fields of their own.")
        if table.aliases != AliasMap() and name not in WITH_ALIASES:
            wrong.append(f"{name}.aliases: only {', '.join(WITH_ALIASES)} have aliases.")
    return wrong


def _missing_fields(layout: Layout, table: TableMap) -> list[str]:
    return [
        f"{layout.name}.columns.{field.name}: this field is needed."
        for field in layout.fields
        if field.required and field.name not in table.columns
    ]


def _wrong_unit(path: str, field: LayoutField | CustomMap, column: ColumnMap, source: SourceMap) -> list[str]:
    try:
        scale = scale_of(field, column.unit)
    except ValueError as error:
        return [f"{path}.unit: {error}."]
    if scale.currency and scale.currency != source.currency:
        return [f"{path}.unit: the source's currency is {source.currency or 'not given'}, not {scale.currency}."]
    if column.negate and field.kind not in (Kind.MONEY, Kind.DURATION, CustomKind.MONEY, CustomKind.NUMBER):
        return [f"{path}.negate: only money, durations and numbers have a sign."]
    return []


def _wrong_word(word: str) -> str:
    level, _, field = word.partition(".")
    if level not in set(Level):
        return f"words.{word}: the levels are {', '.join(Level)}."
    models = {Level.PROJECT: Project, Level.TASK: Task}
    if field and level in models and field not in models[Level(level)].model_fields:
        return f"words.{word}: a {level} has no such field."
    return ""
