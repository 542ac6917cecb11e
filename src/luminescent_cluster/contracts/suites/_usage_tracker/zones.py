"""UT-SUM-04: the same instants, told in other zones."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case, Raised
from ...engine.show import show_call
from .._local_zone import local_zone
from .books import Books
from .crowd import each
from .instants import ANCHORS, ZONES, grid
from .present import tell_near, this_hour
from .reading import read_total
from .timed import (
    FEW,
    Events,
    Range,
    Timed,
    ask,
    earlier,
    hold,
    in_order_of_time,
    inside,
    told,
    track_at,
)

clauses = Catalogue()

_LOCAL_ZONES = ("LMT-9:30", "LMT+7", "UTC0")  # POSIX: 9.5 h east and 7 h west of Greenwich


@clauses.must(
    "UT-SUM-04",
    reason="the billing job, the web page and the server need not stand in the same time zone",
    fix="turn every bound into UTC, when.astimezone(timezone.utc); take a naive one as UTC, "
    "when.replace(tzinfo=timezone.utc), or raise ValueError; never ask for local time",
)
def zones_do_not_matter(case: Case) -> None:
    """The same instants in another time zone give the same summary.

    Naive datetimes count as UTC or are refused with ValueError, also beside an aware one, and
    whatever the machine's own time zone.
    """

    def check(
        anchor: datetime, events: Events, cuts: tuple[int, int], zones: tuple[int, int],
        naive: tuple[bool, bool], local: str,
    ) -> None:  # fmt: skip
        with local_zone(local):
            books = Books(case)
            tenant = books.tenant(0)
            if books.subject.has("clock"):
                timed = in_order_of_time(books, anchor, events)
                first, resolution = timed[0][0], books.subject.resolution
                at = grid(anchor, 0, resolution)
                near = [first, timed[-1][0], at, *_around(first, cuts, resolution)]
                start, end = sorted((near[cuts[0] % len(near)], near[cuts[1] % len(near)]))
            else:
                now = datetime.now(timezone.utc)
                timed = [(now, tokens, name) for _, tokens, name in events]
                hour = this_hour(case)
                start, end = sorted(_around(hour, cuts, books.subject.resolution))
            if start == end:  # which may be refused, see UT-SUM-05
                end += timedelta(days=1)
            before = earlier(books, tenant, [(start, end)])[start, end]
            if books.subject.has("clock"):
                track_at(books, tenant, timed)
            else:
                for _, tokens, name in timed:
                    books.track(tenant, name, tokens)
                books.audit(tenant)
            due = before + inside(timed, start, end)
            if not books.subject.has("clock"):
                for when in (start, end):
                    tell_near(case, when.replace(tzinfo=None), hour)
                    for zone in (timezone.utc, *(ZONES[z] for z in zones)):
                        tell_near(case, when.astimezone(zone), hour)
            same = f"which are the same instants as {start.isoformat()}, {end.isoformat()}"
            for number, zone in enumerate((timezone.utc, *(ZONES[z] for z in zones))):
                other = ZONES[zones[1]] if number else timezone.utc
                asked = _in_order(start.astimezone(zone), end.astimezone(other))
                hold(books, tenant, timed, asked, due, *([same] if number else []))
            if any(naive):
                asked = (
                    start.replace(tzinfo=None) if naive[0] else start,
                    end.replace(tzinfo=None) if naive[1] else end,
                )
                _hold_naive(books, tenant, timed, asked, due)

    alpine = len(ZONES) - 1
    autumn = datetime(2026, 10, 25, 1, tzinfo=timezone.utc)  # an hour is repeated there
    half_hours: Events = [(-1800, 1, "query"), (0, 2, "query"), (1800, 4, "query")]
    rows = [
        (autumn, half_hours, cuts, zones, (False, False), "UTC0")
        for cuts in ((2, 4), (0, 2), (2, 10))
        for zones in ((alpine, 0), (0, alpine))
    ]
    rows += [
        (autumn, half_hours, cuts, (zone, zone), (True, bool(zone % 2)), local)
        for zone in range(len(ZONES))
        for cuts in ((2, 10), (0, 3), (7, 3))
        for local in _LOCAL_ZONES
    ]
    each(case, check, rows)
    case.for_all(
        check,
        anchor=st.sampled_from(ANCHORS),
        events=FEW,
        cuts=st.tuples(st.integers(0, 10), st.integers(0, 10)),
        zones=st.tuples(*[st.integers(0, len(ZONES) - 1)] * 2),
        naive=st.tuples(st.booleans(), st.booleans()),
        local=st.sampled_from(_LOCAL_ZONES),
    )


def _around(when: datetime, cuts: tuple[int, int], resolution: float) -> list[datetime]:
    """Give instants some hours away on both sides of an hour, never so near that its end matters.

    They are multiples of the resolution, and farther away where that is long.
    """
    hours = (-72, -13, -8, -1.5, -0.5, 1.5, 2.5, 5, 10, 15, 72)
    stretch = max(1.0, resolution / 900)
    return [grid(when + timedelta(hours=hours[cut] * stretch), 0, resolution) for cut in cuts]


def _in_order(start: datetime, end: datetime) -> Range:
    """Give bounds that are in order by the wall clock too.

    In the hour that is repeated when summer ends, Python compares the wall times of one zone, and
    who checks for a reversed range before converting is not to blame.
    """
    if start.tzinfo is end.tzinfo and start >= end:
        return start, end.astimezone(timezone.utc)
    return start, end


def _hold_naive(books: Books, tenant: str, timed: Timed, asked: Range, due: int) -> None:
    mark = len(books.case.history)

    def look() -> Any:
        del books.case.history[mark:]
        books.settle()
        return books.case.attempt("get_usage_summary", tenant, *asked)

    answer = books.wait(look, lambda seen: isinstance(seen, Raised) or read_total(seen) == due)
    if isinstance(answer, Raised):
        if not isinstance(answer.error, ValueError):
            raise Violation(
                f"{show_call('get_usage_summary', (tenant, *asked), {})} {answer}",
                "a naive datetime may be refused, with ValueError",
            )
        return
    if read_total(answer) != due:
        raise Violation(
            told(books, tenant, timed),
            f"{ask(tenant, asked)} is {read_total(answer)}, not {due} as in UTC",
            "the naive bound is not taken as UTC"
            + (
                ""
                if time.timezone == 0
                else f" (local time is UTC{-time.timezone / 3600:+g} h here)"
            ),
        )
