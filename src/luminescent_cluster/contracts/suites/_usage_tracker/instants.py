"""Instants where calendars and clocks do something odd, and the zones that tell them otherwise."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Any

from hypothesis import strategies as st

__all__ = ["ANCHORS", "ZONES", "Alpine", "grid", "offsets"]

_UTC = timezone.utc

ANCHORS = tuple(
    datetime(*parts, tzinfo=_UTC)
    for parts in (
        (2026, 3, 15, 0, 0),  # midnight
        (2026, 3, 31, 22, 0),  # midnight in summer time, end of a month there
        (2026, 5, 1, 0, 0),  # month's end
        (2026, 3, 1, 0, 0),  # end of a February without a leap day
        (2024, 3, 1, 0, 0),  # and of one with
        (2024, 2, 29, 0, 0),
        (2026, 1, 1, 0, 0),  # year's end
        (2026, 3, 29, 1, 0),  # European summer time begins
        (2026, 10, 25, 1, 0),  # and ends
        (2026, 3, 8, 10, 0),  # American summer time begins in the west
        (2026, 11, 1, 9, 0),  # and ends
        (2026, 11, 1, 6, 0),  # and in the east
        (2026, 6, 17, 12, 30),  # a plain day
        (2001, 9, 9, 1, 46),  # the epoch's seconds get a tenth digit
        (1970, 1, 2, 0, 0),  # near the epoch
        (2038, 1, 19, 3, 14),  # they outgrow 32 bits
    )
)


class Alpine(tzinfo):
    """Central European time of 2026, written out, so that no time zone database is needed."""

    _BEGINS = datetime(2026, 3, 29, 1)
    _ENDS = datetime(2026, 10, 25, 1)

    def utcoffset(self, when: datetime | None) -> timedelta:
        """Give the offset of a wall time; ``fold`` tells the repeated hour apart."""
        return timedelta(hours=1) + self.dst(when)

    def dst(self, when: datetime | None) -> timedelta:
        """Give the hour that summer adds."""
        if when is None:
            return timedelta(0)
        wall = when.replace(tzinfo=None)
        begins, ends = self._BEGINS + timedelta(hours=2), self._ENDS + timedelta(hours=2)
        summer = begins <= wall < ends and not (wall >= ends - timedelta(hours=1) and when.fold)
        return timedelta(hours=1 if summer else 0)

    def tzname(self, when: datetime | None) -> str:
        """Give the zone's name."""
        return "CEST" if self.dst(when) else "CET"

    def fromutc(self, when: datetime) -> datetime:
        """Give the wall time of an instant."""
        plain = when.replace(tzinfo=None)
        summer = self._BEGINS <= plain < self._ENDS
        wall = plain + timedelta(hours=2 if summer else 1)
        repeated = self._ENDS <= plain < self._ENDS + timedelta(hours=1)
        return wall.replace(tzinfo=self, fold=1 if repeated else 0)

    def __repr__(self) -> str:
        return "Alpine()"


ZONES: tuple[tzinfo, ...] = (
    timezone(timedelta(hours=1)),
    timezone(timedelta(hours=-8)),
    timezone(timedelta(hours=14)),
    timezone(timedelta(hours=-12)),
    timezone(timedelta(hours=5, minutes=45)),
    timezone(timedelta(hours=-3, minutes=-30)),
    timezone(timedelta(0), "Z"),
    Alpine(),
)


@cache
def offsets() -> Any:
    """Steps of the grid, up to some days away; a few are years away."""
    return st.one_of(
        st.integers(-3, 3),
        st.sampled_from((-86400, -86401, -86399, 86400, 86399, 86401, 3600, -3600, 43200, 7200)),
        st.integers(-3_000_000, 3_000_000),
        st.sampled_from((-40_000_000, 40_000_000, -130_000_000)),
    )


def grid(anchor: datetime, steps: int, resolution: float) -> datetime:
    """Give the instant some steps after an anchor, on the grid of what a store can tell apart.

    Args:
        anchor: where to start.
        steps: how many seconds, rounded down to the grid; up to 3, how many of its steps.
        resolution: the store's precision in seconds.
    """
    step = _step(resolution)
    fine = timedelta(microseconds=max(1, round(resolution * 1_000_000)))
    epoch = datetime(1970, 1, 1, tzinfo=_UTC)
    start = anchor - (anchor - epoch) % step
    # Small numbers of steps are as small as the store can tell apart.
    far = timedelta(seconds=steps) // step * step  # counted in days, some would leave the calendar
    moved = start + (fine * steps if abs(steps) <= 3 else far)
    return max(moved, epoch)


def _step(resolution: float) -> timedelta:
    return timedelta(microseconds=max(1_000_000, round(resolution * 1_000_000)))
