"""Calendar periods in UTC, over which quotas are counted."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Literal

from .clock import from_micros, to_micros

__all__ = ["PERIOD_WORDS", "Period", "period_around"]

Period = Literal["hour", "day", "month"]
PERIOD_WORDS: dict[str, str] = {"hour": "hourly", "day": "daily", "month": "monthly"}


def period_around(micros: int, period: Period) -> tuple[int, int | None]:
    """Give the period that contains an instant as [start, end) in microseconds since the epoch.

    The end is None where it would lie beyond the years of a datetime.
    """
    when = from_micros(micros)
    start = when.replace(minute=0, second=0, microsecond=0)
    if period == "hour":
        return to_micros(start), _after(start, timedelta(hours=1))
    start = start.replace(hour=0)
    if period == "day":
        return to_micros(start), _after(start, timedelta(days=1))
    start = start.replace(day=1)
    try:
        # the 1st of a month and 32 days are always in the next one
        end = to_micros((start + timedelta(days=32)).replace(day=1))
    except OverflowError:
        return to_micros(start), None
    return to_micros(start), end


def _after(start: datetime, length: timedelta) -> int | None:
    try:
        return to_micros(start.astimezone(timezone.utc) + length)
    except OverflowError:
        return None
