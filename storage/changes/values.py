"""How values stand in JSON columns: dates as ISO text, and nothing JSON does not know."""

import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"A {type(value).__name__} cannot be kept in a JSON column.")


_ENCODER = json.JSONEncoder(default=_plain, allow_nan=False, separators=(",", ":"))

as_json = _ENCODER.encode
from_json = json.loads
