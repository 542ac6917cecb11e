"""UT-SUM-03: ranges of time add up."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue
from ...engine.case import Case
from .books import Books
from .crowd import crowd, each
from .growing import ORDERS, ranges_grow, ranges_of_many_times
from .instants import ANCHORS, grid, offsets
from .timed import (
    FEW,
    Events,
    earlier,
    hold,
    in_order_of_time,
    inside,
    track_at,
)

clauses = Catalogue()

_HALF_HOURS: Events = [(-1800, 1, "query"), (0, 2, "store"), (1800, 4, "query")]
_ROWS = [
    (anchor, _HALF_HOURS, cuts, (-86400, 86400))
    for anchor in ANCHORS
    for cuts in ((1, 3, 4), (None, 3, None), (None, 0, None))
]


@clauses.must(
    "UT-SUM-03",
    reason="monthly bills must add up to the year's: no event on two of them, none on no one",
    fix="count start <= time < end; treat None as no bound; compare instants, not texts or dates",
    probes=("clock",),
)
def ranges_add_up(case: Case) -> None:
    """Ranges add up: [a, b) and [b, c) together are [a, c), and None is an open end.

    An event exactly at the start counts, one exactly at the end does not. Times and bounds are
    multiples of the declared `resolution`.
    """

    def check(
        anchor: datetime, events: Events, cuts: tuple[Any, int, Any], extra: tuple[int, int]
    ) -> None:
        books = Books(case)
        tenant = books.tenant(0)
        timed = in_order_of_time(books, anchor, events)
        resolution = books.subject.resolution
        step = timedelta(microseconds=max(1, round(resolution * 1_000_000)))
        points = sorted(
            {when for when, _, _ in timed}
            | {grid(anchor, steps, resolution) for steps in (0, *extra)}
            | {timed[0][0] + step}
        )
        bounds: list[datetime | None] = [
            *sorted({points[cut % len(points)] for cut in cuts if cut is not None})
        ]
        if cuts[0] is None:
            bounds.insert(0, None)
        if cuts[2] is None or len(bounds) < 2:
            bounds.append(None)
        ranges = list(itertools.combinations(bounds, 2))
        before = earlier(books, tenant, ranges)
        track_at(books, tenant, timed)
        for asked in ranges:
            hold(books, tenant, timed, asked, before[asked] + inside(timed, *asked))
        books.audit(tenant)

    each(case, check, _ROWS)
    each(case, lambda *order: ranges_grow(case, order), ORDERS)
    cut = st.integers(0, 8)
    case.for_all(
        check,
        anchor=st.sampled_from(ANCHORS),
        events=FEW,
        cuts=st.tuples(st.one_of(st.none(), cut), cut, st.one_of(st.none(), cut)),
        extra=st.tuples(offsets(), offsets()),
    )
    crowd(case, ranges_of_many_times, sizes=(3, 40, 130))
