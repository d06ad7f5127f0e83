"""A measured value, as a whole, by group, or with the rows that hold it."""

from dataclasses import replace
from datetime import date
from typing import ClassVar

from pydantic import Field

from storage.catalogue import Field as Measurable
from storage.catalogue import FieldKind, Right, plain
from storage.selection.measures import (
    DatePart,
    Grouping,
    GroupOrder,
    Groups,
    Measure,
    Measured,
    Question,
    measure,
    measure_groups,
)
from storage.selection.rows import list_holders
from storage.vocabulary import Level
from tools import facts
from tools.cells import cell, figure, wording
from tools.conditions import Said
from tools.facts import Fact, Figure, Line, Refusal, SourceRef, Unit
from tools.figures import source_of, title
from tools.selecting import Asked, Unanswerable


class MeasuredLine(Line):
    """One group, one row that holds the extreme, or the value in one currency or kind of days."""

    label: Figure = Field(description="what the group, or the row, is called")
    key: Figure | None = Field(None, description="of the portfolio, program, project, task or person, where it is one")
    value: Figure | None = None
    matched: Figure | None = Field(None, description="rows of the group")
    missing: Figure | None = Field(None, description="rows of the group without a value")
    project: Figure | None = Field(None, description="of a task that holds the extreme")


class Measurement(Fact):
    """A count, sum, mean, median, extreme or share over the rows that were asked for."""

    kind: ClassVar[str] = "measurement"

    measure: Figure = Field(description="count, sum, mean, median, min, max or share")
    of: Figure | None = Field(None, description="the field measured, or what the share is a share of")
    part: Figure | None = Field(None, description="of a share: what the share consists of")
    by: Figure | None = Field(None, description="what the groups are grouped by")
    level: Figure = Field(description="what was counted: task, project, program or portfolio")
    noun: Figure | None = Field(None, description="what the source calls the level")
    scope: Figure | None = Field(None, description="where, by name; absent: everywhere")
    scope_key: Figure | None = None
    conditions: Figure | None = Field(None, description="what the rows satisfy, in words")
    value: Figure | None = Field(None, description="over all rows; absent where none has a value, or units differ")
    matched: Figure = Field(description="rows that satisfy the conditions")
    missing: Figure = Field(description="rows among them that have no value")
    fulfilled: Figure | None = Field(None, description="of a share of rows: how many of them it is")
    groups: Figure | None = Field(None, description="how many groups there are")
    holders: Figure | None = Field(None, description="how many rows hold the extreme")
    rest: Figure | None = Field(None, description="groups or holders that are not shown")
    withheld: Figure | None = Field(None, description="why the rows themselves are not listed")
    partial: Figure | None = Field(None, description="set for readers without rights over the whole scope")
    rows: dict[str, MeasuredLine] = Field(default_factory=dict)


def measurement(asked: Asked) -> Measurement:
    """The measure that was asked for (a count, if none was), over the rows asked for. Raises Unanswerable."""
    return _Measuring(asked).fact()


Lines = tuple[dict[str, MeasuredLine], list[SourceRef], int]


class _Measuring:
    """One measuring question: what to measure, over which rows, in which groups."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.given = asked, asked.arguments
        self.measure = _measure(self.given.measure)
        self.field: Measurable | None = None
        self.part: list[Said] = []
        self.selection = asked.selection
        if self.measure is Measure.SHARE:
            self._read_share()
        elif self.measure is not Measure.COUNT:
            self.field = self._measured_field()
        self.grouping = asked.grouping(self.given.by) if self.given.by else None
        self.question = Question(self.measure, self.field, tuple(each.condition for each in self.part))

    def fact(self) -> Measurement:
        asked = self.asked
        values = measure(asked.session, asked.reader, self.selection, self.question)
        found_nothing = all(not each.matched or each.value is None for each in values)
        if found_nothing or asked.is_of_absence:
            measured = [self.field] if self.field else []
            asked.explain_nothing(measured, self.part, sums=self.selection.is_broad and self.question.adds_up)
        return self._stated(values)

    def _stated(self, values: list[Measured]) -> Measurement:
        asked = self.asked
        only = values[0] if len(values) == 1 else None
        rows, sources, total = self._rows(values)
        shown = len(rows)
        return Measurement(
            as_of=asked.day,
            measure=Figure(value=self.measure, unit=Unit.TEXT),
            of=facts.text(self.field.label if self.field else None),
            part=facts.text("; ".join(each.words for each in self.part)),
            by=facts.text(self._by()),
            level=Figure(value=asked.level, unit=Unit.TEXT),
            noun=asked.noun,
            scope=facts.name(asked.scope.name if asked.scope else None),
            scope_key=facts.key(asked.scope.key if asked.scope else None),
            conditions=self._conditions(),
            value=self._figure(only) if only else None,
            matched=Figure(value=sum(each.matched for each in values), unit=Unit.COUNT),
            missing=Figure(value=sum(each.missing for each in values), unit=Unit.COUNT),
            fulfilled=facts.count(only.part if only else None),
            groups=facts.count(total if self.grouping else None),
            holders=facts.count(total if rows and not self.grouping and self._is_extreme else None),
            rest=facts.count(total - shown if total > shown else None),
            partial=asked.partial(self._rights()),
            rows=rows,
            sources=[*asked.scope_sources, *sources],
        )

    @property
    def _is_extreme(self) -> bool:
        return self.measure in (Measure.MIN, Measure.MAX)

    def _rows(self, values: list[Measured]) -> Lines:
        """Lines, what they cite, and how many there are in all: groups, holders of the extreme, or units."""
        if self.grouping:
            return self._group_lines(self.grouping, values)
        if self._is_extreme and self.field and any(each.value is not None for each in values):
            return self._holder_lines(self.field, [each for each in values if each.value is not None])
        evidence = self.asked.evidence(self.selection)
        if len(values) > 1:
            return {each.unit or "": self._line(each.unit or "", each) for each in values}, evidence, 0
        return {}, evidence, 0

    def _group_lines(self, grouping: Grouping, values: list[Measured]) -> Lines:
        asked, apart = self.asked, len(values) > 1
        found: Groups = measure_groups(
            asked.session,
            asked.reader,
            self.selection,
            self.question,
            grouping,
            order=self._group_order(),
            limit=asked.limit,
            apart=apart,
        )
        level = grouping.field.refers_to
        lines: dict[str, MeasuredLine] = {}
        sources: list[SourceRef] = []
        for group in found.rows:
            label = _group_label(grouping, group)
            path = str(group.key) if level and group.key else label
            lines[f"{path} {group.unit}" if apart else path] = self._line(label, group)
            if level and group.key:
                sources.append(source_of(level, str(group.key), group.label))
        return lines, sources or asked.evidence(self.selection), found.total

    def _holder_lines(self, field: Measurable, held: list[Measured]) -> Lines:
        """The rows that hold the highest or the lowest value."""
        asked = self.asked
        columns = [field, *([asked.catalogue.fields["project"]] if asked.level is Level.TASK else [])]
        found = list_holders(
            asked.session,
            asked.reader,
            self.selection,
            field,
            columns,
            held=held,
            limit=asked.limit,
        )
        lines = {
            row.key: MeasuredLine(
                label=Figure(value=title(asked.level, row.key, row.name), unit=Unit.NAME),
                key=facts.key(row.key),
                value=cell(row, field),
                project=cell(row, columns[1]) if asked.level is Level.TASK else None,
            )
            for row in found.rows
        }
        return lines, [source_of(asked.level, row.key, row.name) for row in found.rows], found.total

    def _line(self, label: str, measured: Measured) -> MeasuredLine:
        level = self.grouping.field.refers_to if self.grouping else None
        return MeasuredLine(
            label=Figure(value=label, unit=Unit.NAME if level else Unit.TEXT),
            key=facts.key(str(measured.key)) if level and measured.key else None,
            value=self._figure(measured),
            matched=Figure(value=measured.matched, unit=Unit.COUNT),
            missing=Figure(value=measured.missing, unit=Unit.COUNT),
        )

    def _figure(self, measured: Measured) -> Figure | None:
        value = measured.value
        if value is None:
            return None
        if self.measure is Measure.COUNT:
            return Figure(value=measured.matched, unit=Unit.COUNT)
        if self.measure is Measure.SHARE or self.field is None:
            return facts.share(float(value)) if not isinstance(value, date) else None
        return figure(self.field, value, measured.unit)

    def _read_share(self) -> None:
        """The share of rows that a condition holds for, or of a field's sum that rows under the conditions hold."""
        asked, of = self.asked, self.given.of
        field = asked.catalogue.field(of) if of else None
        if of and not (field and field.kind.adds_up):
            self.part = [asked.read(each) for each in of.split(" & ")]
            return
        if not asked.said:
            raise Unanswerable(Refusal("declined", "A share needs a condition: which of them should I count?"))
        self.field, self.part = field, asked.said
        self.selection = replace(asked.selection, conditions=())

    def _measured_field(self) -> Measurable:
        words = self.given.of
        if not words:
            raise Unanswerable(Refusal("declined", f"The {self.measure} of what? Name a field, such as planned cost."))
        field = self.asked.field(words)
        adds = field.kind.adds_up or (self.measure is Measure.MEAN and field.kind in (FieldKind.SHARE, FieldKind.RATIO))
        if self.measure in (Measure.SUM, Measure.MEAN) and not adds:
            raise Unanswerable(Refusal("declined", f"“{field.label}” cannot be added up: ask for its min or max."))
        if not field.kind.is_measurable:
            raise Unanswerable(Refusal("declined", f"“{field.label}” is no figure, so it has no {self.measure}."))
        return field

    def _group_order(self) -> GroupOrder:
        words = self.given.sort or ("label" if self.grouping and self.grouping.part else "-value")
        descending, by = words.startswith("-"), plain(words.lstrip("-+"))
        if by in ("label", "name"):
            return GroupOrder("label", descending)
        if by == "count" and self.measure is not Measure.COUNT:
            return GroupOrder("count", descending)
        return GroupOrder("value", descending)

    def _by(self) -> str | None:
        if self.grouping is None:
            return None
        label = self.grouping.field.label
        return f"{self.grouping.part} of {label}" if self.grouping.part else label

    def _conditions(self) -> Figure | None:
        return None if self.selection is not self.asked.selection else self.asked.words

    def _rights(self) -> list[Right]:
        conditions = [right for each in self.selection.conditions for right in each.rights]
        group = [self.grouping.field.right] if self.grouping else []
        return [*conditions, *group, *self.question.rights]


def _measure(words: str | None) -> Measure:
    known = _ALSO.get(plain(words or "count"), plain(words or "count"))
    if known not in list(Measure):
        names = ", ".join(Measure)
        raise Unanswerable(Refusal("declined", f"I do not know the measure “{(words or '')[:40]}”. I know: {names}."))
    return Measure(known)


def _group_label(grouping: Grouping, group: Measured) -> str:
    if group.label is None:
        return f"no {grouping.field.label}"
    level = grouping.field.refers_to
    if level and group.key:
        return title(level, str(group.key), group.label)
    if grouping.part is DatePart.QUARTER:
        return f"{int(group.label) // 10}-Q{int(group.label) % 10}"
    if grouping.part is DatePart.MONTH:
        return f"{int(group.label) // 100}-{int(group.label) % 100:02}"
    if grouping.field.kind is FieldKind.STATE:
        return str(group.label).replace("_", " ")
    shown = figure(grouping.field, group.label, group.unit) if grouping.field.kind in _FIGURED else None
    return str(shown.value) if shown else wording(group.label)


_ALSO = {
    "average": "mean",
    "avg": "mean",
    "total": "sum",
    "minimum": "min",
    "maximum": "max",
    "lowest": "min",
    "highest": "max",
    "number": "count",
    "percentage": "share",
    "proportion": "share",
}
_FIGURED = (FieldKind.DAYS, FieldKind.HOURS, FieldKind.MONEY)
