"""Composes a query from the pieces of a message."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from assistant.builtin.pieces import Piece
from assistant.builtin.query import Compared, Condition, HasValue, InState, Query, SaysText, Scope
from assistant.builtin.vocabulary import Vocabulary
from storage.catalogue import FieldKind
from storage.vocabulary import Level
from tools.amounts import Amount, AmountUnit
from tools.names import Hit, How
from tools.timewords import TimeRole, TimeSpan


def compose(pieces: Sequence[Piece], vocabulary: Vocabulary) -> Query:
    """The query that these pieces make. Each step takes the pieces it understands away from those after it."""
    return _Composer(pieces, vocabulary).composed()


_OPERATORS = {"above": ">", "at_least": ">=", "below": "<", "at_most": "<=", "equal": "="}
_FIELD_OF_UNIT = {AmountUnit.MONEY: "cost", AmountUnit.DAYS: "duration", AmountUnit.HOURS: "effort"}
_SUPERLATIVE_FIELDS = {"cost": "cost", "duration": "duration", "finish": "finish", "start": "start", "delay": "delay"}
_DATE_FIELDS = frozenset({"start", "started", "finish", "finished", "deadline", "promised"})
_CHILDREN = {Level.TASK: "tasks", Level.PROJECT: "projects", Level.PROGRAM: "programs"}
_DEPTH = {Level.PORTFOLIO: 0, Level.PROGRAM: 1, Level.PROJECT: 2, Level.TASK: 3}
_ARTICLES = frozenset({"the", "a", "an", "our", "my", "called", "named"})
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_BEFORE_NAMES = frozenset({"of", "for", "in", "on", "at", "under", "from", "within", "is", "has", "does", "by"})
_NOW = frozenset({"now", "right now", "today", "by now", "as of now", "as of today"})
_DELAYS = frozenset({"delay", "start_delay", "duration_variance"})
_NEAR = 4  # pieces between a field and what it is compared with
_CUT = 12  # words of a text that is searched for


class _Composer:
    def __init__(self, pieces: Sequence[Piece], vocabulary: Vocabulary) -> None:
        self.pieces = list(pieces)
        self.vocabulary = vocabulary
        self.used: set[int] = set()
        self.query = Query()
        self.target_at: int | None = None  # the piece that says the level

    def composed(self) -> Query:
        for step in (
            self._tasks,
            self._text_searches,
            self._names,
            self._people,
            self._owner_of_work,
            self._grouping,
            self._targets,
            self._superlatives,
            self._comparisons,
            self._signed,
            self._having,
            self._measures,
            self._states_and_values,
            self._times,
            self._order,
            self._fields,
            self._rest,
        ):
            step()
        return self.query

    # Looking around

    def _free(self, kind: str) -> Iterator[tuple[int, Piece]]:
        return ((at, piece) for at, piece in enumerate(self.pieces) if at not in self.used and kind in piece.readings)

    def _near(self, at: int, step: int, *, over: Callable[[Piece], bool] | None = None) -> int | None:
        """The next piece before or after that is not filler (or is not skipped by `over`)."""
        skipped = over or (lambda piece: piece.is_filler)
        at += step
        while 0 <= at < len(self.pieces) and skipped(self.pieces[at]):
            at += step
        return at if 0 <= at < len(self.pieces) else None

    def _is_article(self, piece: Piece) -> bool:
        return piece.text in _ARTICLES

    def _take(self, *places: int) -> None:
        self.used.update(places)

    def _level_at(self, at: int | None) -> Level | None:
        value = self.pieces[at].value("levels") if at is not None and at not in self.used else None
        return Level(value) if value and value != "person" else None

    def _is_plural(self, at: int) -> bool:
        return self.pieces[at].text.endswith("s")

    def _field_at(self, at: int | None) -> str | None:
        if at is None or at in self.used:
            return None
        return self.pieces[at].value("fields")

    def _negated(self, at: int) -> bool:
        """Whether "not", "without" or the like stands right before; it is then used up."""
        before = self._near(at, -1)
        if before is None or "negation" not in self.pieces[before].readings or before in self.used:
            return False
        self._take(before)
        return True

    # Steps

    def _tasks(self) -> None:
        for at, piece in enumerate(self.pieces):
            if piece.task is not None:
                self.query.task = piece
                self._take(at)
                before = self._near(at, -1, over=self._is_article)
                if self._level_at(before) is Level.TASK and before is not None:
                    self._take(before)

    def _text_searches(self) -> None:
        for at, piece in self._free("text"):
            said = list(self._text_after(at))
            words = " ".join(self.pieces[place].quote or self.pieces[place].text for place in said)
            if words and self._is_text_search(at, piece, said):
                only_name = any(place.value("in_name") for place in self.pieces) or piece.value("text") != "about"
                self.query.conditions.append(SaysText(words, self._negated(at), in_name_only=only_name))
                self._take(at, *said)
        for at, piece in enumerate(self.pieces):
            if piece.quote and at not in self.used:
                self.query.conditions.append(SaysText(piece.quote, self._negated(at)))
                self._take(at)
        self._take(*(at for at, _ in self._free("in_name")))

    def _is_text_search(self, at: int, piece: Piece, said: Sequence[int]) -> bool:
        """ "projects about loans", but not "tell me about Apollo" or "the project called Apollo"."""
        before = self._near(at, -1)
        quoted = any(self.pieces[place].quote for place in said)
        listed = before is not None and "levels" in self.pieces[before].readings and self._is_plural(before)
        return (
            quoted or (listed and piece.value("text") != "called") or any("in_name" in p.readings for p in self.pieces)
        )

    def _text_after(self, at: int) -> Iterator[int]:
        for place in range(at + 1, min(at + 1 + _CUT, len(self.pieces))):
            piece = self.pieces[place]
            if piece.text in ("the", "a", "an", "word", "words", "term") and not piece.quote:
                continue
            if piece.time or piece.amount or {"in_name", "compare", "levels", "negation"} & piece.readings.keys():
                return
            if piece.is_filler and piece.text in ("that", "which", "in", "of", "for", "are", "is", "with", "and", "by"):
                return
            yield place

    def _names(self) -> None:
        for at, piece in enumerate(self.pieces):
            hits = _hits(piece)
            if self._is_client(at, piece):
                continue
            if at in self.used or not hits or all(hit.row.level is Level.PERSON for hit in hits):
                continue
            level = self._level_beside(at, hits)
            negated = self._negated(at)
            fitting = tuple(hit for hit in hits if level is None or hit.row.level is level)
            self.query.scopes.append(Scope(piece.text, _surest(fitting), level, negated))
            self._take(at)

    def _is_client(self, at: int, piece: Piece) -> bool:
        """ "client Osprey" is the client, though a project may be called so too."""
        before = self._near(at, -1)
        if before is None or "value" not in piece.readings or self._field_at(before) != "client":
            return False
        self.query.conditions.append(
            HasValue(piece.readings["value"][0], self.vocabulary.values[piece.readings["value"][0]])
        )
        self._take(before, at)
        return True

    def _level_beside(self, at: int, hits: Sequence[Hit]) -> Level | None:
        """The level word that belongs to a name: "project 2006", "the Medicare Appeals System investment"."""
        levels = {hit.row.level for hit in hits}
        for step in (-1, 1):
            beside = self._near(at, step, over=self._is_article)
            level = self._level_at(beside)
            if beside is None or level not in levels or self._is_plural(beside):
                continue
            self._take(beside)
            return level
        return None

    def _people(self) -> None:
        for at, piece in enumerate(self.pieces):
            hits = tuple(hit for hit in _hits(piece) if hit.row.level is Level.PERSON)
            if at not in self.used and hits:
                self.query.people.append(Scope(piece.text, hits, Level.PERSON, self._negated(at)))
                self._take(at)
        if self.query.people:
            roles = [self.pieces[at].value("fields") for at, _ in self._free("fields")]
            self.query.person_role = next((role for role in roles if role in ("manager", "owner")), None)
            self._take(*(at for at, piece in self._free("fields") if piece.value("fields") in ("manager", "owner")))

    def _owner_of_work(self) -> None:
        for at, _ in self._free("me"):
            self.query.mine = True
            self._take(at)
        for at, _ in self._free("whole"):
            self.query.whole = True
            self._take(at) if "levels" not in self.pieces[at].readings else None

    def _grouping(self) -> None:
        for at, piece in self._free("group"):
            after = self._near(at, 1)
            what = self._groupable(after)
            if after is not None and what:
                self.query.group = what
                self._take(at, after)
        for at, piece in self._free("order"):
            after = self._near(at, 1)
            what = self._groupable(after)
            if (
                piece.value("order") == "by"
                and piece.text == "by"
                and after is not None
                and what
                and self._is_measured()
            ):
                self.query.group = what
                self._take(at, after)
        self._group_of_superlative()

    def _group_of_superlative(self) -> None:
        """ "which bureau has the most late projects": the first level is the group, the second what is counted."""
        levels = [at for at, _ in self._free("levels") if self._level_at(at)]
        fields = [at for at, piece in self._free("fields") if self._grouping_field(piece) and not self._level_at(at)]
        most = [
            at for at, piece in self._free("superlatives") if piece.value("superlatives") in ("most_any", "least_any")
        ]
        for at in most:
            before = [place for place in levels if place < at]
            after = [place for place in levels if place > at]
            held = [place for place in fields if place < at]
            if held and after and not before:
                self._group_by_field(at, held[0])
                return
            if not before or not after or self._level_at(before[0]) is self._level_at(after[0]):
                continue
            if self._counts_as_field(at, after[0], self._need(before[0])):
                continue
            if self._is_plural(after[0]) and _DEPTH[self._need(after[0])] > _DEPTH[self._need(before[0])]:
                self.query.group = self._need(before[0])
                self.query.measure = self.query.measure or ("sum" if self._between_is_field(at, after[0]) else "count")
                self.query.descending = self.pieces[at].value("superlatives") == "most_any"
                self.query.limit = self._limit_before(before[0]) or (5 if self._is_plural(before[0]) else 1)
                self._take(at, before[0])
                return

    def _group_by_field(self, most: int, at: int) -> None:
        """ "which client has the most projects"."""
        self.query.group, self.query.measure = self._grouping_field(self.pieces[at]), "count"
        self.query.descending = self.pieces[most].value("superlatives") == "most_any"
        self.query.limit = 5 if self._is_plural(at) else 1
        self._take(most, at)

    def _counts_as_field(self, most: int, counted: int, level: Level) -> bool:
        """Whether the level keeps that very count as a field, so that its rows can be put in order by it."""
        between = [piece for piece in self.pieces[most + 1 : counted] if not piece.is_filler]
        states = [piece.value("states") for piece in between]
        if len(between) > 1 or (
            counted + 1 < len(self.pieces) and not self.pieces[-1].is_filler and counted != len(self.pieces) - 1
        ):
            return False
        sense = _CHILDREN[self._need(counted)]
        key = f"{sense}_{states[0]}" if states and states[0] else sense
        return (not between or bool(states[0])) and self.vocabulary.field(level, key) is not None

    def _need(self, at: int) -> Level:
        return self._level_at(at) or Level.PROJECT

    def _between_is_field(self, first: int, last: int) -> bool:
        return any(self._measurable(self._field_at(at)) for at in range(first, last))

    def _limit_before(self, at: int) -> int | None:
        before = self._near(at, -1)
        amount = self.pieces[before].amount if before is not None else None
        if amount is None or before is None or amount.unit is not AmountUnit.NUMBER:
            return None
        self._take(before)
        return int(amount.value)

    def _groupable(self, at: int | None) -> str | None:
        if at is None or at in self.used:
            return None
        piece = self.pieces[at]
        if piece.text in ("year", "quarter", "month", "years", "quarters", "months"):
            return piece.text.rstrip("s")
        return self._level_at(at) or self._grouping_field(piece)

    def _grouping_field(self, piece: Piece) -> str | None:
        return next((sense for sense in piece.readings.get("fields", ()) if not self._measurable(sense)), None)

    def _is_measured(self) -> bool:
        return any(True for kind in ("measures",) for _ in self._free(kind)) or self._counts_by_words()

    def _counts_by_words(self) -> bool:
        return any("levels" in piece.readings for piece in self.pieces) and not any(
            "superlatives" in piece.readings or "limit" in piece.readings for piece in self.pieces
        )

    def _targets(self) -> None:
        """The level asked for: the first after a measure, else the first; a level above it that stands alone is left."""
        levels = [at for at, _ in self._free("levels") if self._level_at(at)]
        if not levels:
            return
        measures = [at for at, _ in self._free("measures")]
        after = [at for at in levels if measures and at > measures[0]]
        chosen = (after or levels)[0]
        self.query.level, self.query.plural, self.target_at = self._need(chosen), self._is_plural(chosen), chosen
        self._take(chosen)

    def _superlatives(self) -> None:
        for at, piece in self._free("superlatives"):
            direction, _, sense = (piece.value("superlatives") or "").partition("_")
            if self.query.group or self.query.sort:
                break
            if sense == "date" and not self._is_of_dates(at):
                continue
            sort = self._date_field(direction) if sense == "date" else None
            sort = (
                sort
                or _SUPERLATIVE_FIELDS.get(sense)
                or self._field_around(at)
                or ("cost" if sense == "size" else None)
            )
            if sort is None or (sense == "any" and self._is_plain_extreme(at)):
                continue
            self.query.sort, self.query.descending = sort, direction == "most"
            self.query.limit = self._limit_around(at)
            self._take(at)
            return
        for at, piece in self._free("limit"):
            limit = self._amount_after(at)
            if limit:
                self.query.limit, self.query.descending = limit, piece.value("limit") == "top"
                self._take(at)
                return

    def _is_of_dates(self, at: int) -> bool:
        """ "the last project to finish", "the latest planned finish"; but not "the first 5 projects"."""
        after = self._near(at, 1)
        if after is None or self._free_amount(after):
            return False
        dated = (
            self._level_at(after) is not None
            or self._field_at(after) in _DATE_FIELDS
            or bool(_hits(self.pieces[after]))
        )
        said = any(piece.value("fields") in _DATE_FIELDS for piece in self.pieces)
        return dated and (said or self.pieces[at].text in ("latest", "earliest"))

    def _date_field(self, direction: str) -> str:
        for at, piece in self._free("fields"):
            if sense := next((each for each in piece.readings["fields"] if each in _DATE_FIELDS), None):
                self._take(at)
                return sense
        return "finish" if direction == "most" else "start"

    def _is_plain_extreme(self, at: int) -> bool:
        """ "maximum planned duration of ..." asks for a value, where "which has the maximum ..." asks for a row."""
        is_measure = "measures" in self.pieces[at].readings
        asks_row = any(piece.text in ("which", "who") for piece in self.pieces) or (
            self.query.level is not None and not self.query.plural
        )
        return is_measure and not asks_row

    def _field_around(self, at: int) -> str | None:
        """The measurable field near a superlative, after it first; the number of something counts too."""
        after = self._near(at, 1)
        for place in (after, self._near(after, 1) if after is not None else None, self._near(at, -1)):
            sense = self._field_at(place)
            if sense and self._measurable(sense) and place is not None:
                self._take(place)
                return sense
            counted = self._counted(place)
            if counted and place is not None:
                return counted
        return None

    def _counted(self, at: int | None) -> str | None:
        """ "the most late tasks": the count of a lower level, of all or of those in a state."""
        if at is None:
            return None
        level, state, said = self._level_at(at), None, [at]
        if level is None and "states" in self.pieces[at].readings and (after := self._near(at, 1)) is not None:
            state, level, said = self.pieces[at].value("states"), self._level_at(after), [at, after]
        if level not in _CHILDREN or self.query.level is None or _DEPTH[level] <= _DEPTH[self.query.level]:
            return None
        self._take(*said)
        return f"{_CHILDREN[level]}_{state}" if state else _CHILDREN[level]

    def _measurable(self, sense: str | None) -> bool:
        if sense is None:
            return False
        fields = (self.vocabulary.field(level, sense) for level in self.vocabulary.catalogues)
        return any(each is not None and each.kind.is_measurable for each in fields) or sense in ("actual_cost",)

    def _limit_around(self, at: int) -> int:
        for step in (-1, 1):
            beside = self._near(at, step)
            amount = self.pieces[beside].amount if beside is not None and beside not in self.used else None
            if amount and beside is not None and amount.unit is AmountUnit.NUMBER and 0 < amount.value <= 50:
                self._take(beside)
                return int(amount.value)
        after = self._near(at, 1)
        asks_value = after is not None and "fields" in self.pieces[after].readings and not self._asks_for_rows()
        return 5 if self.query.plural and not asks_value else 1

    def _asks_for_rows(self) -> bool:
        return any(piece.text in ("which", "list", "show", "find") for piece in self.pieces)

    def _amount_after(self, at: int) -> int | None:
        after = self._near(at, 1)
        amount = self.pieces[after].amount if after is not None and after not in self.used else None
        if amount is None or after is None or amount.unit is not AmountUnit.NUMBER or not 0 < amount.value <= 50:
            return None
        self._take(after)
        return int(amount.value)

    def _comparisons(self) -> None:
        for at, piece in self._free("compare"):
            after = self._near(at, 1)
            amount = self._free_amount(after)
            if amount is None or after is None:
                self._or_more(at)
                continue
            if piece.value("compare") == "between":
                self._between(at, after, amount)
            else:
                operator = _OPERATORS[piece.value("compare") or "equal"]
                if self._negated(at):
                    operator = {">": "<=", "<": ">=", ">=": "<", "<=": ">", "=": "!="}[operator]
                self._compare(at, after, operator, amount)
        for at, piece in enumerate(self.pieces):
            if (amount := self._free_amount(at)) is not None and amount.unit is not AmountUnit.NUMBER:
                self._plainly_compared(at, amount)
            elif amount is not None:
                self._equal_to_number(at, amount)

    def _free_amount(self, at: int | None) -> Amount | None:
        return self.pieces[at].amount if at is not None and at not in self.used else None

    def _or_more(self, at: int) -> None:
        """ "5 million or more"."""
        before = at - 1
        amount = self._free_amount(before)
        if amount is not None and self.pieces[at].text.startswith("or "):
            self._compare(before, before, _OPERATORS[self.pieces[at].value("compare") or "equal"], amount)
            self._take(at)

    def _between(self, at: int, first: int, low: Amount) -> None:
        second = self._near(first, 1)
        high = self._free_amount(second)
        if high is None or second is None:
            return
        if low.unit is AmountUnit.NUMBER and high.unit is not AmountUnit.NUMBER:
            scale = 1_000_000 if high.unit is AmountUnit.MONEY and high.value >= 1_000_000 and low.value < 1_000 else 1
            if high.unit is AmountUnit.MONEY and 1_000 <= high.value < 1_000_000 and low.value < 1_000:
                scale = 1_000
            low = replace(low, unit=high.unit, currency=high.currency, value=low.value * scale)
        sense = self._compared_field(at, second, high)
        self._add(Compared(sense, ">=", low.value, low.unit, low.currency))
        self._add(Compared(sense, "<=", high.value, high.unit, high.currency))
        self._take(at, first, second)

    def _compare(self, at: int, amount_at: int, operator: str, amount: Amount) -> None:
        self._take(at, amount_at)
        self._add(
            Compared(self._compared_field(at, amount_at, amount), operator, amount.value, amount.unit, amount.currency)
        )

    def _plainly_compared(self, at: int, amount: Amount) -> None:
        before = self._near(at, -1)
        sense = self._field_at(before)
        if sense and before is not None and self._fits(sense, amount):
            self._take(at, before)
            self._add(Compared(sense, "=", amount.value, amount.unit, amount.currency))

    def _equal_to_number(self, at: int, amount: Amount) -> None:
        """ "a rating of 4", "rated 4", "rating is 4"."""
        before = self._near(at, -1)
        sense = self._field_at(before)
        if sense and before is not None and self._kind(sense) in (FieldKind.NUMBER, FieldKind.COUNT):
            self._take(at, before)
            self._add(Compared(sense, "=", amount.value, amount.unit))

    def _compared_field(self, first: int, last: int, amount: Amount) -> str:
        """The field an amount is compared with: counted things right after it, a field near it, else what its unit says."""
        after = self._near(last, 1)
        if amount.unit is AmountUnit.NUMBER and (counted := self._counted_after(after)):
            return counted
        for place in self._places_around(first, last):
            sense = self._field_at(place)
            if sense and self._fits(sense, amount):
                self._take(place)
                return sense
        return _FIELD_OF_UNIT.get(amount.unit, "progress" if amount.unit is AmountUnit.SHARE else "cost")

    def _counted_after(self, at: int | None) -> str | None:
        if at is None:
            return None
        state, level = None, self._level_at(at)
        after = self._near(at, 1)
        if level is None and "states" in self.pieces[at].readings and after is not None:
            state, level = self.pieces[at].value("states"), self._level_at(after)
        if level not in _CHILDREN:
            return None
        self._take(at, after if state and after is not None else at)
        return f"{_CHILDREN[level]}_{state}" if state else _CHILDREN[level]

    def _places_around(self, first: int, last: int) -> Iterator[int]:
        yield from range(first - 1, max(-1, first - 1 - _NEAR), -1)
        yield from range(last + 1, min(len(self.pieces), last + 1 + _NEAR))

    def _kind(self, sense: str) -> FieldKind | None:
        found = (self.vocabulary.field(level, sense) for level in self.vocabulary.catalogues)
        return next((each.kind for each in found if each is not None), None)

    def _fits(self, sense: str, amount: Amount) -> bool:
        kind = self._kind(sense)
        fitting = {
            AmountUnit.MONEY: (FieldKind.MONEY,),
            AmountUnit.DAYS: (FieldKind.DAYS,),
            AmountUnit.HOURS: (FieldKind.HOURS,),
            AmountUnit.SHARE: (FieldKind.SHARE,),
        }
        if amount.unit is AmountUnit.NUMBER:
            return kind is not None and (kind.adds_up or kind in (FieldKind.RATIO, FieldKind.SHARE))
        return kind in fitting[amount.unit]

    def _measures(self) -> None:
        for at, piece in self._free("measures"):
            measure = piece.value("measures")
            if self.query.measure is None or (self.query.measure == "count" and measure in ("mean", "median")):
                self.query.measure = measure
            self._take(at)
        if self.query.measure is None and self.query.sort is None:
            for at, piece in self._free("superlatives"):
                if "measures" in piece.readings:
                    self.query.measure = "max" if piece.value("superlatives") == "most_any" else "min"
                    self._take(at)

    def _states_and_values(self) -> None:
        for at, piece in enumerate(self.pieces):
            if at in self.used or not ({"states", "value"} & piece.readings.keys()):
                continue
            if self._is_about_time(at):
                continue
            if condition := self._condition_of(at, piece):
                self._add(condition, at)
                self._take(at)
        for at, piece in self._free("negation"):
            after = self._near(at, 1)
            missing = self._missing(after)
            if missing and after is not None:
                self._add(missing, after)
                self._take(at, after)

    def _is_about_time(self, at: int) -> bool:
        """ "started in 2012" speaks of a date, not of a state."""
        after = self._near(at, 1)
        piece = self.pieces[at]
        dated = after is not None and self.pieces[after].time is not None and _sided_or_long(self.pieces[after].time)
        return dated and piece.value("fields") == "started"

    def _condition_of(self, at: int, piece: Piece) -> Condition | None:
        before = self.pieces[at - 1].text if at else ""
        state = piece.value("states")
        if state in ("red", "amber", "green") and before in ("reported", "reportedly"):
            return Compared("reported_health", "=", state)
        negated = self._negated(at)
        value = piece.value("value")
        if value and (state is None or state == "closed" or "closed" in piece.readings.get("states", ())):
            return HasValue(value, self.vocabulary.values[value], negated)
        if state in ("active", "in_progress") and negated and piece.text == "started":
            return InState("not_started")
        return InState(state, negated) if state else None

    def _missing(self, at: int | None) -> Condition | None:
        if at is None or at in self.used:
            return None
        level = self._level_at(at)
        if level in (Level.PROGRAM, Level.PORTFOLIO):
            return InState("no_program" if level is Level.PROGRAM else "no_portfolio")
        if level is Level.PROJECT:
            return InState("empty")
        sense = self._field_at(at)
        return Compared(sense, "missing") if sense else None

    def _having(self) -> None:
        """ "with a schedule delay" means one above zero."""
        for at, _ in self._free("presence"):
            after = self._near(at, 1)
            sense = self._field_at(after)
            beyond = self._near(after, 1) if after is not None else None
            compared = beyond is not None and bool({"compare", "negation"} & self.pieces[beyond].readings.keys())
            if sense in _DELAYS and after is not None and not compared and not self._free_amount(beyond):
                self._add(Compared(sense or "", ">", Decimal(0), AmountUnit.DAYS), at)
                self._take(at, after)

    def _signed(self) -> None:
        """ "a negative cost variance"."""
        for at, piece in self._free("sign"):
            after = self._near(at, 1)
            sense = self._field_at(after)
            if sense and after is not None:
                self._add(
                    Compared(sense, "<" if piece.value("sign") == "negative" else ">", Decimal(0), AmountUnit.NUMBER),
                    at,
                )
                self._take(at, after)

    def _add(self, condition: Condition, at: int | None = None) -> None:
        """Of a share, what is said after the level is the part, what is said before it the whole."""
        if self.query.measure == "share" and (at is None or self.target_at is None or at > self.target_at):
            self.query.part.append(condition)
        else:
            self.query.conditions.append(condition)

    def _times(self) -> None:
        for at, piece in enumerate(self.pieces):
            if piece.time is None or at in self.used:
                continue
            self.query.times.append(piece.time)
            self._take(at)
            self._bind(at, piece.time)

    def _bind(self, at: int, time: TimeSpan) -> None:
        if time.problem or (time.words in _NOW and self._states()):
            return
        state = self._pop_state("should_have_finished")
        if state:
            self._add(InState("open"), at)
            self._add_window("finish", replace(time, first=None) if time.last else time, at)
        elif time.role is TimeRole.AS_OF:
            self.query.as_of = time.last
        elif sense := self._dated_field(at):
            if sense == "finish" and any(piece.text == "did" for piece in self.pieces):
                sense = "finished"  # "what did we finish last week"
            self._add_window(sense, time, at)
            self.query.due = self.query.due or (sense == "finish" and any(piece.text == "due" for piece in self.pieces))
        elif self._has_state("done") or self._has_state("closed"):
            self._add_window("finished", time, at)
        elif time.first == time.last and time.role is TimeRole.WITHIN and self._has_state("late"):
            self.query.as_of = time.last
        else:
            self.query.window = time

    def _dated_field(self, at: int) -> str | None:
        """The date field nearest before a time (or right after it)."""
        for place in (*range(at - 1, max(-1, at - 1 - _NEAR), -1), at + 1):
            if not 0 <= place < len(self.pieces) or place in self.used - self.dated:
                continue
            sense = next((each for each in self.pieces[place].readings.get("fields", ()) if each in _DATE_FIELDS), None)
            if sense and not ({"states", "value"} & self.pieces[place].readings.keys() and place in self.used):
                self._take(place)
                return sense
        return None

    @property
    def dated(self) -> set[int]:
        return {at for at in self.used if self.pieces[at].value("fields") in _DATE_FIELDS}

    def _pop_state(self, state: str) -> bool:
        for conditions in (self.query.conditions, self.query.part):
            if InState(state) in conditions:
                conditions.remove(InState(state))
                return True
        return False

    def _states(self) -> list[InState]:
        return [each for each in (*self.query.conditions, *self.query.part) if isinstance(each, InState)]

    def _has_state(self, state: str) -> bool:
        held = [*self.query.conditions, *self.query.part]
        return any(isinstance(each, InState) and each.state == state and not each.negated for each in held) or (
            state == "closed"
            and any(isinstance(each, HasValue) and not each.negated and "closed" in each.words for each in held)
        )

    def _add_window(self, sense: str, time: TimeSpan, at: int) -> None:
        if time.first:
            self._add(Compared(sense, ">=", time.first), at)
        if time.last:
            self._add(Compared(sense, "<=", time.last), at)

    def _order(self) -> None:
        for at, piece in self._free("order"):
            if piece.value("order") == "by":
                after = self._near(at, 1, over=lambda each: each.is_filler or "measures" in each.readings)
                sense = self._field_at(after)
                if sense and after is not None:
                    self.query.sort = sense
                    if self.query.limit is None:
                        self.query.descending = self._kind(sense) is not FieldKind.DATE
                    self._take(at, after)
            else:
                self.query.descending = piece.value("order") == "descending"
                self._take(at)

    def _fields(self) -> None:
        for at, piece in self._free("fields"):
            senses = piece.readings["fields"]
            self._take(at)
            if self.query.measure in ("sum", "mean", "median", "min", "max", "share") and self.query.of is None:
                measurable = next((sense for sense in senses if self._measurable(sense)), None)
                if measurable:
                    self.query.of = measurable
                    continue
            self.query.asked.append(senses[0])
            self.query.words[senses[0]] = piece.text

    def _settle_counted(self) -> None:
        """ "how many people work on X" counts the owners of tasks, "how many clients" the values of a field."""
        query = self.query
        if query.measure != "count" or query.level is not None or query.group or not query.asked:
            return
        counted = query.asked.pop(0)
        if counted == "people":
            query.level, query.group = Level.TASK, "owner"
            query.conditions.append(Compared("owner", "present"))
        else:
            query.group = counted
            query.conditions.append(Compared(counted, "present"))

    def _settle_subject(self) -> None:
        """ "status of", "health of" ask for the whole picture; "portfolio overview" is about everything there is."""
        query = self.query
        if query.scopes and query.level is None and not query.is_analytic:
            query.asked = [sense for sense in query.asked if sense not in ("state", "health")]
        if query.level is Level.PORTFOLIO and not query.plural and not query.scopes and not query.is_analytic and not query.conditions:
            query.level, query.whole = None, True

    def _settle(self) -> None:
        """What follows from the whole: an order replaces a sum, a narrower condition one that it implies."""
        query = self.query
        if query.group and query.measure is None:
            query.measure = "count"
        if query.sort and not query.group and query.measure in ("sum", "max", "min"):
            query.measure = None
        if query.measure is None and not query.sort and "duration_variance" in query.asked and query.plural:
            query.asked.remove("duration_variance")
            query.conditions.append(Compared("duration_variance", ">", Decimal(0), AmountUnit.DAYS))
        for conditions in (query.conditions, query.part):
            self._drop_implied(conditions)

    def _drop_implied(self, conditions: list[Condition]) -> None:
        """ "completed with costs pending" is the one state, not both that are completed; in progress is open."""
        values = [each for each in conditions if isinstance(each, HasValue) and not each.negated]
        for wide in values:
            if any(narrow is not wide and _within(narrow, wide) for narrow in values) and wide in conditions:
                conditions.remove(wide)
        if InState("open") in conditions and any(
            isinstance(each, HasValue) or (isinstance(each, InState) and each.state in ("in_progress", "active"))
            for each in conditions
        ):
            conditions.remove(InState("open"))

    def _is_name_like(self, at: int) -> bool:
        """Whether an unknown word stands after "of", "for" or a level, where a name would."""
        if not self.pieces[at].is_word or at == 0:
            return False
        before = self.pieces[at - 1]
        before = self.pieces[at - 2] if before.text in _ARTICLES and at > 1 else before
        return before.text in _BEFORE_NAMES or before.is_word or "levels" in before.readings

    def _counts_of_children(self) -> None:
        """ "average number of activities per project" measures a count that each project has."""
        query = self.query
        if query.measure in ("mean", "median", "min", "max") and query.of is None and query.level in _CHILDREN:
            if query.group in set(Level):
                query.level, query.of, query.group = Level(query.group), _CHILDREN[query.level], None

    def _rest(self) -> None:
        self.query.topics = [value for _, piece in self._free("topics") for value in piece.readings["topics"]]
        self._take(*(at for at, _ in self._free("topics")))
        self.query.pronoun = any("pronoun" in piece.readings for piece in self.pieces)
        self.query.names_expected = any(self._is_name_like(at) for at in range(len(self.pieces)))
        self._counts_of_children()
        self._settle()
        self._settle_subject()
        self._settle_counted()
        for at, _ in self._free("levels"):
            if level := self._level_at(at):
                self.query.mentioned_levels.append(level)
                self._take(at)
        self.query.only_filler = all(piece.is_filler for piece in self.pieces)
        self.query.either = any(piece.text in ("or", "and/or") for piece in self.pieces)
        self.query.unknown = [
            piece.text for at, piece in enumerate(self.pieces) if at not in self.used and piece.is_word
        ]


def _hits(piece: Piece) -> tuple[Hit, ...]:
    """All rows a piece may name, the surest first."""
    hits = [hit for mention in piece.mentions for hit in mention.hits]
    return tuple({hit.row.place: hit for hit in reversed(hits)}.values())[::-1]


def _sided_or_long(time: TimeSpan | None) -> bool:
    return time is not None


def _within(narrow: HasValue, wide: HasValue) -> bool:
    inner = {(each.field, value) for each in narrow.options for value in each.values}
    outer = {(each.field, value) for each in wide.options for value in each.values}
    return inner < outer


def _surest(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    best = max((hit.how for hit in hits), default=How.PART)
    return tuple(hit for hit in hits if hit.how is best)
