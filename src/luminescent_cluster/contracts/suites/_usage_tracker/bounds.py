"""Bounds of ranges: around the present, far away, or missing."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from ...engine.case import Case
from .instants import grid
from .present import tell_near, today
from .reading import usage_subject

__all__ = ["bounds", "forward"]

_DAY = timedelta(days=1)

_FAR = (
    datetime(1970, 1, 1, tzinfo=timezone.utc),
    datetime(2000, 2, 29, tzinfo=timezone.utc),
    datetime(2038, 1, 19, 3, 14, 8, tzinfo=timezone.utc),
    datetime(2100, 1, 1, tzinfo=timezone.utc),
)


def bounds(case: Case) -> Any:
    """Pairs of bounds around the present, far away, or missing.

    They are multiples of the resolution: a store of whole minutes may refuse half ones.
    """
    resolution = usage_subject(case).resolution
    midnight = today()
    near = [grid(midnight + _DAY * days, 0, resolution) for days in (-400, -31, -1, 1, 31)]
    far = [grid(when, 0, resolution) for when in _FAR]
    for when in (*near, *(when + _DAY for when in near)):  # as forward may move them
        tell_near(case, when, midnight, "TODAY")
    return st.tuples(*[st.one_of(st.none(), st.sampled_from([*near, *far]))] * 2)


def forward(
    start: datetime | None, end: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """Give bounds in order; an empty range may be refused, so it is made a longer one."""
    if start is None or end is None:
        return start, end
    return min(start, end), max(start, end) + (_DAY if start == end else timedelta(0))
