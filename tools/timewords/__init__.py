"""Time words of a message as windows of days: dates, quarters, fiscal years, weeks, "by Friday", "before Christmas"."""

from tools.timewords.reading import parse_times
from tools.timewords.spans import TimeRole, TimeSpan

__all__ = ["TimeRole", "TimeSpan", "parse_times"]
