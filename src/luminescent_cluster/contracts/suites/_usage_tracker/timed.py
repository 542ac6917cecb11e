"""Events at set times, and what ranges must hold of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import strategies as st

from ...clauses import Violation
from ...engine.show import show
from .accounts import set_time
from .books import Books
from .instants import grid, offsets
from .operations import operations
from .reading import read_total

__all__ = [
    "FEW",
    "Events",
    "Range",
    "Timed",
    "ask",
    "earlier",
    "hold",
    "in_order_of_time",
    "inside",
    "told",
    "track_at",
]

_SHOWN = 10  # events that are told one by one

Events = list[tuple[int, int, str]]
"""Steps of the grid away from an anchor, tokens, operation."""
Timed = list[tuple[datetime, int, str]]
"""Time, tokens, operation; earliest first."""
Range = tuple[datetime | None, datetime | None]

FEW = st.lists(st.tuples(offsets(), st.integers(1, 50), operations), min_size=1, max_size=5)
"""Some events."""


def in_order_of_time(books: Books, anchor: datetime, events: Events) -> Timed:
    """Give events their times, earliest first."""
    resolution = books.subject.resolution
    return sorted((grid(anchor, steps, resolution), tokens, name) for steps, tokens, name in events)


def track_at(books: Books, tenant: str, timed: Timed) -> None:
    """Track events at their times, and go on to a later day.

    Each is settled before the time goes on: when a queue stamps what it holds is its own business,
    as long as real time decides.
    """
    for when, tokens, name in timed:
        set_time(books, when)
        books.track(tenant, name, tokens)
        if not books.subject.has("flush"):
            books.audit(tenant)
    set_time(books, timed[-1][0] + timedelta(days=2))


def inside(timed: Timed, start: datetime | None, end: datetime | None) -> int:
    """Give how many tokens fall into a range."""
    return sum(
        tokens
        for when, tokens, _ in timed
        if (start is None or start <= when) and (end is None or when < end)
    )


def earlier(books: Books, tenant: str, ranges: list[Range]) -> dict[Range, int]:
    """Give what a tenant that was used before has in each range already."""
    if not books.base(tenant):
        return dict.fromkeys(ranges, 0)
    return {(a, b): read_total(books.summary(tenant, a, b, plain=False)) for a, b in ranges}


def hold(books: Books, tenant: str, timed: Timed, asked: Range, due: int, *more: str) -> None:
    """Hold the total of a range to what is due in it.

    Raises:
        Violation: after waiting, it is another one.
    """
    seen = books.wait(lambda: read_total(books.summary(tenant, *asked)), lambda total: total == due)
    if seen != due:
        raise Violation(
            told(books, tenant, timed), f"{ask(tenant, asked)} is {seen}, not {due}", *more
        )
    start, end = asked
    used = ((start is None or start <= w) and (end is None or w < end) for w, _, _ in timed)
    if due or any(used) or books.base(tenant) or (books.closed and books.subject.fresh == "clause"):
        return
    queries = books.summary(tenant, *asked).get("total_queries")
    if isinstance(queries, int) and queries:  # whichever operations it counts, there were none
        asking = ask(tenant, asked).replace("total_tokens", "total_queries")
        raise Violation(told(books, tenant, timed), f"{asking} is {queries}, not 0", *more)


def told(books: Books, tenant: str, timed: Timed) -> str:
    """Say what was used when, as evidence."""
    if not books.subject.has("clock"):
        return f"{show(tenant)} used {', '.join(str(tokens) for _, tokens, _ in timed)} just now"
    events = [f"{tokens} at {when.isoformat()}" for when, tokens, _ in timed]
    if len(events) > _SHOWN:
        events[2:-1] = [f"… {len(events) - 3} more …"]
    return f"{show(tenant)} used {', '.join(events)}"


def ask(tenant: str, asked: Range) -> str:
    """Give the question for the total of a range, as code."""
    bounds = ", ".join("None" if when is None else when.isoformat() for when in asked)
    return f"get_usage_summary({show(tenant)}, {bounds})['total_tokens']"
