"""The critical path method (Kelley and Walker, 1959) over links of all four kinds with lags, constraints and calendars.

All is computed in positions of each activity's own calendar (see `WorkingCalendar`), and dates are made where they are
read: ten thousand activities take a pass forward and one back over integers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tools.planning.calendar import WorkingCalendar
from tools.planning.model import Window
from tools.planning.network import FROM_FINISH, TO_FINISH, Activity, ConstraintKind, Link, LinkKind, Network

_BOUND_TO_START = LinkKind.FINISH_TO_FINISH  # the one kind that pulls no activity before the network's start


class LinksFormACircle(ValueError):
    """Activities that wait for one another; `ids` are those of the circle, in order."""

    def __init__(self, ids: Sequence[int]) -> None:
        super().__init__(f"{len(ids)} tasks wait for one another in a circle. Take out one of the links between them.")
        self.ids = tuple(ids)


@dataclass(slots=True)
class _Times:
    """Positions in the activity's own calendar."""

    start: int
    finish: int


class CriticalPath:
    """The schedule of a network: early and late dates, float, and what drives what.

    Raises LinksFormACircle, ValueError for a link to an activity that is not there, and OverflowError where the dates
    run beyond the years a date can hold.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._activities = {activity.id: activity for activity in network.activities}
        self._calendars = {each.id: each.calendar or network.calendar for each in network.activities}
        self._each_calendar = {id(calendar): calendar for calendar in self._calendars.values()}
        self._begin = self._positions(network.start)
        self._today = self._positions(network.data_date) if network.data_date else {}
        self._before: dict[int, list[Link]] = {each: [] for each in self._activities}
        self._behind: dict[int, list[Link]] = {each: [] for each in self._activities}
        for link in network.links:
            if not {link.predecessor, link.successor} <= self._activities.keys():
                raise ValueError("A link has two ends, and both are activities of the network.")
            self._before[link.successor].append(link)
            self._behind[link.predecessor].append(link)
        self._order = self._in_order()
        self._early: dict[int, _Times] = {}
        self._late: dict[int, _Times] = {}
        self._go_forward()
        self._go_back()

    @property
    def finish(self) -> datetime | None:
        """When the last activity ends; None without any."""
        return next((self.early(each).finish for each in self._last()), None)

    def early(self, activity_id: int) -> Window:
        """The earliest dates."""
        times, calendar = self._early[activity_id], self._calendars[activity_id]
        start = calendar.start_at(times.start)
        return Window(start, start if times.start == times.finish else calendar.finish_at(times.finish))

    def late(self, activity_id: int) -> Window:
        """The latest dates that do not move the end of the network, a deadline or a constraint."""
        times, calendar = self._late[activity_id], self._calendars[activity_id]
        finish = calendar.finish_at(times.finish)
        return Window(finish if times.start == times.finish else calendar.start_at(times.start), finish)

    def total_float(self, activity_id: int) -> int:
        """Working minutes by which it may slip before that moves; below zero where it has to be earlier."""
        early, late = self._early[activity_id], self._late[activity_id]
        return min(late.start - early.start, late.finish - early.finish)

    def free_float(self, activity_id: int) -> int:
        """Working minutes by which it may slip before its successors have to."""
        slacks = [self._slack(link) for link in self._behind[activity_id]]
        return min(slacks) if slacks else max(0, self.total_float(activity_id))

    def is_critical(self, activity_id: int) -> bool:
        return not self._is_done(activity_id) and self.total_float(activity_id) <= 0

    def is_near_critical(self, activity_id: int, minutes: int) -> bool:
        """Whether it has some float, but no more than so many minutes."""
        return not self._is_done(activity_id) and 0 < self.total_float(activity_id) <= minutes

    def drivers(self, activity_id: int) -> list[Link]:
        """The links that hold an activity where it is: without them it would be earlier."""
        held = self._activities[activity_id]
        if held.actual.start or held.pinned:
            return []
        return [link for link in self._before[activity_id] if self._slack(link) <= 0]

    def driving_path(self, to: int | None = None) -> list[int]:
        """From an activity that nothing drives to `to`, or to the one that ends last, each driving the next."""
        last = to if to is not None else next(iter(self._last()), None)
        path = [] if last is None else [last]
        while path and (driving := self.drivers(path[-1])):
            path.append(min(driving, key=self._slack).predecessor)
        return path[::-1]

    def span(self, activity_ids: Iterable[int]) -> "Span":
        """What a summary of these activities has for dates and float."""
        ids = list(activity_ids)
        early, late = [self.early(each) for each in ids], [self.late(each) for each in ids]
        calendar = self._network.calendar
        starts = [min(calendar.position(each.start) for each in dates if each.start) for dates in (early, late)]
        finishes = [max(calendar.position(each.finish) for each in dates if each.finish) for dates in (early, late)]
        slack = min(starts[1] - starts[0], finishes[1] - finishes[0])
        return Span(_window(early), _window(late), slack)

    # Both passes

    def _go_forward(self) -> None:
        for each in self._order:
            self._early[each] = self._earliest(self._activities[each], self._calendars[each])

    def _earliest(self, activity: Activity, calendar: WorkingCalendar) -> _Times:
        fixed = activity.actual if activity.actual.start else activity.pinned
        if fixed and fixed.start:
            start = calendar.position(fixed.start)
            left = calendar.position(fixed.finish) if fixed.finish else self._left_of(activity, start)
            return _Times(start, max(start, left))
        bounds = [self._bound(link) for link in self._before[activity.id]]
        start = max(bounds) if bounds else self._begin[id(calendar)]
        start = self._constrained(activity, calendar, max(start, self._today.get(id(calendar), start)))
        return _Times(start, start + activity.duration_minutes)

    def _left_of(self, activity: Activity, start: int) -> int:
        """Where what has begun ends: what is left is done from the data date on."""
        today, left = self._today.get(id(self._calendars[activity.id])), activity.remaining_minutes
        return start + activity.duration_minutes if today is None or left is None else max(start, today) + left

    def _bound(self, link: Link) -> int:
        """The earliest start that a link leaves its successor."""
        times = self._early[link.predecessor]
        at = times.finish if link.kind in FROM_FINISH else times.start
        reached = self._carried(link, at, is_finish=link.kind in FROM_FINISH)
        if link.kind not in TO_FINISH:
            return reached
        start = reached - self._activities[link.successor].duration_minutes
        begin = self._begin[id(self._calendars[link.successor])]
        return max(start, begin) if link.kind is _BOUND_TO_START else start

    def _carried(self, link: Link, position: int, *, is_finish: bool) -> int:
        """A position of the predecessor, the lag later, in the successor's calendar."""
        theirs, ours = self._calendars[link.predecessor], self._calendars[link.successor]
        if theirs is ours and not link.elapsed:
            return position + link.lag_minutes
        moment = theirs.finish_at(position) if is_finish else theirs.start_at(position)
        if link.elapsed:
            return ours.position(moment + timedelta(minutes=link.lag_minutes))
        return ours.position(moment) + link.lag_minutes

    def _carried_back(self, link: Link, position: int, *, is_finish: bool) -> int:
        """A position of the successor, the lag earlier, in the predecessor's calendar."""
        theirs, ours = self._calendars[link.predecessor], self._calendars[link.successor]
        if theirs is ours and not link.elapsed:
            return position - link.lag_minutes
        lag = 0 if link.elapsed else link.lag_minutes
        moment = ours.finish_at(position - lag) if is_finish else ours.start_at(position - lag)
        return theirs.position(moment - timedelta(minutes=link.lag_minutes) if link.elapsed else moment)

    def _constrained(self, activity: Activity, calendar: WorkingCalendar, start: int) -> int:
        if (constraint := activity.constraint) is None:
            return start
        at, duration = calendar.position(constraint.at), activity.duration_minutes
        match constraint.kind:
            case ConstraintKind.MUST_START_ON:
                return at
            case ConstraintKind.MUST_FINISH_ON:
                return at - duration
            case ConstraintKind.START_NO_EARLIER:
                return max(start, at)
            case ConstraintKind.FINISH_NO_EARLIER:
                return max(start, at - duration)
            case _:
                return start

    def _go_back(self) -> None:
        last = next(iter(self._last()), None)
        end = self._calendars[last].finish_at(self._early[last].finish) if last is not None else self._network.start
        ends = self._positions(end)
        for each in reversed(self._order):
            calendar = self._calendars[each]
            self._late[each] = self._latest(self._activities[each], calendar, ends[id(calendar)])

    def _latest(self, activity: Activity, calendar: WorkingCalendar, end: int) -> _Times:
        early = self._early[activity.id]
        if activity.actual.finish:
            return early
        duration = early.finish - early.start
        finish = min([end, *(self._late_bound(link, duration) for link in self._behind[activity.id])])
        if activity.deadline:
            finish = min(finish, calendar.position(activity.deadline))
        if activity.constraint:
            at = calendar.position(activity.constraint.at)
            if activity.constraint.kind in (ConstraintKind.MUST_START_ON, ConstraintKind.START_NO_LATER):
                finish = min(finish, at + duration)
            elif activity.constraint.kind in (ConstraintKind.MUST_FINISH_ON, ConstraintKind.FINISH_NO_LATER):
                finish = min(finish, at)
        return _Times(finish - duration, finish)

    def _late_bound(self, link: Link, duration: int) -> int:
        """The latest finish that a link leaves its predecessor."""
        times = self._late[link.successor]
        at = times.finish if link.kind in TO_FINISH else times.start
        reached = self._carried_back(link, at, is_finish=link.kind in TO_FINISH)
        return reached if link.kind in FROM_FINISH else reached + duration

    # What follows from them

    def _slack(self, link: Link) -> int:
        """How much later the successor starts than the link alone would have it."""
        return self._early[link.successor].start - self._bound(link)

    def _positions(self, moment: datetime) -> dict[int, int]:
        """Of one moment in every calendar."""
        return {key: calendar.position(moment) for key, calendar in self._each_calendar.items()}

    def _is_done(self, activity_id: int) -> bool:
        return self._activities[activity_id].actual.finish is not None

    def _last(self) -> list[int]:
        """The activities that end last: in one calendar by position, in several by the clock."""
        if len(self._each_calendar) == 1:
            ends: Mapping[int, int | datetime] = {each: times.finish for each, times in self._early.items()}
        else:
            ends = {each: self._calendars[each].finish_at(times.finish) for each, times in self._early.items()}
        latest = max(ends.values(), default=None)
        return [each for each, end in ends.items() if end == latest]

    def _in_order(self) -> list[int]:
        """Every activity behind those it waits for."""
        waiting = {each: len(links) for each, links in self._before.items()}
        order = [each for each, count in waiting.items() if not count]
        for each in order:
            for link in self._behind[each]:
                waiting[link.successor] -= 1
                if not waiting[link.successor]:
                    order.append(link.successor)
        if len(order) < len(waiting):
            raise LinksFormACircle(list(self._circle({each for each, count in waiting.items() if count})))
        return order

    def _circle(self, waiting: set[int]) -> Iterator[int]:
        """One circle among activities each of which waits for another of them."""
        path: list[int] = []
        each = min(waiting)
        while each not in path:
            path.append(each)
            each = next(link.predecessor for link in self._before[each] if link.predecessor in waiting)
        return reversed(path[path.index(each) :])


@dataclass(frozen=True, slots=True)
class Span:
    """The dates and the float of several activities together."""

    early: Window
    late: Window
    total_float: int


def _window(found: Sequence[Window]) -> Window:
    starts = [each.start for each in found if each.start]
    finishes = [each.finish for each in found if each.finish]
    return Window(min(starts, default=None), max(finishes, default=None))
