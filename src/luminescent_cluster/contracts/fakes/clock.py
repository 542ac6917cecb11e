"""Time that can be set, and exact conversions between datetimes and whole microseconds."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta, timezone

__all__ = ["Clock", "from_micros", "to_micros"]

_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)


class Clock:
    """Says what time it is, always aware and in UTC: the real time until it is set.

    A clock that was set stands still, so that what happens "at" a time can be arranged exactly.
    """

    def __init__(self, start: datetime | None = None) -> None:
        """Run with the real time, or stand at `start`."""
        self._lock = threading.Lock()
        self._standing: datetime | None = None
        if start is not None:
            self.set(start)

    def __call__(self) -> datetime:
        """Say what time it is."""
        with self._lock:
            return self._standing or datetime.now(timezone.utc)

    def set(self, when: datetime) -> None:
        """Stand at `when`; a naive datetime is UTC."""
        instant = from_micros(to_micros(when))
        with self._lock:
            self._standing = instant

    def advance(self, by: timedelta) -> None:
        """Stand at `by` after the present; a negative `by` turns the clock back."""
        with self._lock:
            self._standing = (self._standing or datetime.now(timezone.utc)) + by

    def release(self) -> None:
        """Run with the real time again."""
        with self._lock:
            self._standing = None


def to_micros(when: datetime) -> int:
    """Count the microseconds from the Unix epoch to `when`; a naive datetime is UTC.

    Exact for every datetime: no float, and no overflow where an offset leads out of the years that
    a datetime in UTC could hold.

    Raises:
        TypeError: where `when` is not a datetime.
    """
    if not isinstance(when, datetime):
        raise TypeError(f"expected a datetime, got {type(when).__name__}")
    offset = when.utcoffset() or timedelta(0)
    return (when.replace(tzinfo=None, fold=0) - _EPOCH - offset) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """Give the aware UTC datetime that is `micros` microseconds after the Unix epoch."""
    return (_EPOCH + timedelta(microseconds=micros)).replace(tzinfo=timezone.utc)
