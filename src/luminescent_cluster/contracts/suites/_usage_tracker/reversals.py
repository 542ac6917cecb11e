"""UT-SUM-05: ranges that end before they begin."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case, Raised
from ...engine.show import show, show_call
from .books import Books
from .figures import totals
from .instants import ANCHORS, ZONES, grid
from .present import tell_near, this_hour
from .reading import read_total
from .timed import (
    FEW,
    Events,
    in_order_of_time,
    track_at,
)

clauses = Catalogue()


@clauses.must(
    "UT-SUM-05",
    reason="a mistaken range must not turn into a bill, or into a credit",
    fix="return zeros where start_date >= end_date, or raise ValueError where it is later",
)
def reversed_range_is_empty(case: Case) -> None:
    """A reversed range is empty or refused with ValueError; a range from an instant to itself is
    empty.
    """

    def check(
        anchor: datetime, events: Events, gaps: tuple[float, float], zones: tuple[int, int]
    ) -> None:
        books = Books(case)
        tenant = books.tenant(0)
        if books.subject.has("clock"):
            timed = in_order_of_time(books, anchor, events)
            track_at(books, tenant, timed)
            late, early = timed[-1][0], timed[0][0]
        else:
            hour = this_hour(case)
            early = grid(hour, 0, books.subject.resolution)
            late = early + timedelta(hours=1)
            for _, tokens, name in events:
                books.track(tenant, name, tokens)
        books.audit(tenant)
        start = (late + timedelta(hours=gaps[0])).astimezone(ZONES[zones[0]])
        end = (early - timedelta(hours=gaps[1])).astimezone(ZONES[zones[1]])
        start, end = (start, end) if start > end else (start, start - timedelta(hours=1))
        if not books.subject.has("clock"):
            for when in (start, end, early):
                tell_near(case, when, hour)
        for asked in ((start, end), (start, start), (end, end), (early, early)):
            answer = case.attempt("get_usage_summary", tenant, *asked)
            call = show_call("get_usage_summary", (tenant, *asked), {})
            if isinstance(answer, Raised):
                if not isinstance(answer.error, ValueError):
                    raise Violation(f"{call} {answer}", "only ValueError refuses a range")
                if asked[0] == asked[1]:
                    case.note("a range from an instant to itself is refused, not empty")
                continue
            read_total(answer)
            for name, value in totals(answer, books.subject.varying_keys).items():
                if value != 0:
                    raise Violation(
                        f"{show(tenant)} used {books.due(tenant)} tokens in all",
                        f"{call}[{name!r}] is {show(value)}, not 0",
                        "the range begins after it ends"
                        if asked[0] > asked[1]
                        else "the range ends where it begins",
                    )

    gap = st.sampled_from((0.5, 1.0, 24.0, 24.0 * 40, 24.0 * 400))
    case.for_all(
        check,
        anchor=st.sampled_from(ANCHORS),
        events=FEW,
        gaps=st.tuples(gap, gap),
        zones=st.tuples(*[st.integers(0, len(ZONES) - 1)] * 2),
    )
