"""Ranges that are read while events come in, late ones among them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import timedelta

from ...clauses import Violation
from ...engine.case import Case
from ...engine.show import show
from .accounts import NOON, set_time
from .books import Books
from .instants import grid
from .reading import read_total
from .timed import Range, Timed, earlier, hold, inside, told, track_at

__all__ = ["ORDERS", "ranges_grow", "ranges_of_many_times"]

ORDERS = ((0, 2, 4), (4, 0, 2), (2, 4, 0), (0, 4, 0, 2))
"""Events in the order in which they come; the bounds are at 1 and 3."""
_TOKENS = 7


def ranges_grow(case: Case, order: Sequence[int]) -> None:
    """What was read before is read anew once something comes in.

    An event of a time before that of the last one comes from a clock that was put right.

    Args:
        case: the clause under way.
        order: the numbers of the times of events.

    Raises:
        Violation: a range lacks an event, or has one that is not in it.
    """
    books = Books(case)
    tenant = books.tenant(0)
    step = max(timedelta(hours=3), timedelta(seconds=4 * books.subject.resolution))
    times = [grid(NOON + number * step, 0, books.subject.resolution) for number in range(6)]
    parts: list[Range] = [(None, times[1]), (times[1], times[3]), (times[3], None)]
    before = earlier(books, tenant, parts)
    timed: Timed = []
    for number in order:
        set_time(books, times[number])
        timed.append((times[number], _TOKENS, "query"))
        in_order = timed == sorted(timed)
        books.track(tenant, "query", _TOKENS, plain=in_order)  # a late one may be refused
        books.audit(tenant)
        if in_order:
            for asked in parts:
                hold(books, tenant, timed, asked, before[asked] + inside(timed, *asked))
        else:
            _late(books, tenant, timed, parts, [before[asked] for asked in parts])


def _late(books: Books, tenant: str, timed: Timed, parts: list[Range], due: list[int]) -> None:
    """Hold parts to what is due, where an event counts at its time, or at the latest so far."""
    latest = itertools.accumulate((when for when, _, _ in timed), max)
    never_back = [(when, *event[1:]) for when, event in zip(latest, timed, strict=True)]
    good = [
        [before + inside(events, *asked) for asked, before in zip(parts, due, strict=True)]
        for events in (timed, never_back)
    ]

    def look() -> list[int]:
        return [read_total(books.summary(tenant, *asked)) for asked in parts]

    seen = books.wait(look, good.__contains__)
    if seen not in good:
        cuts = " and ".join(when.isoformat() for _, when in parts if when is not None)
        apart = "" if sum(seen) == books.due(tenant) else f", which add up to {sum(seen)}"
        raise Violation(
            told(books, tenant, timed) + ", in this order",
            f"cut at {cuts}, the parts of get_usage_summary({show(tenant)}) are {seen}{apart}, "
            f"not {good[0]}",
        )


def ranges_of_many_times(case: Case, count: int) -> None:
    """Events at as many times as make pages, and rows of roll-ups, are all in their ranges.

    Raises:
        Violation: a range lacks one.
    """
    books = Books(case)
    tenant = books.tenant(0)
    resolution = books.subject.resolution
    step = max(timedelta(hours=1), timedelta(seconds=resolution))  # no year: old usage may go
    times = [grid(NOON + number * step, 0, resolution) for number in range(count)]
    timed: Timed = [(when, _TOKENS, "query") for when in times]
    ranges: list[Range] = [(None, None), (times[0], times[-1]), (times[1], None)]
    before = earlier(books, tenant, ranges)
    track_at(books, tenant, timed)
    for asked in ranges:
        hold(books, tenant, timed, asked, before[asked] + inside(timed, *asked))
