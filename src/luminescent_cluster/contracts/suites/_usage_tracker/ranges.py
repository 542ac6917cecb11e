"""UT-SUM-03 to 05: ranges of time that add up, in every zone."""

from __future__ import annotations

import itertools
import time
from datetime import datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case, Raised
from ...engine.show import show, show_call
from .accounts import set_time
from .books import OPERATIONS, Books
from .crowd import each
from .figures import figures
from .instants import ANCHORS, ZONES, grid, local_zone, offsets
from .present import tell_near, this_hour
from .ways import read_total

clauses = Catalogue()

_operations = st.sampled_from(OPERATIONS)
_LOCAL_ZONES = ("LMT-9:30", "LMT+7", "UTC0")  # POSIX: 9.5 h east and 7 h west of Greenwich
_FEW = st.lists(st.tuples(offsets(), st.integers(1, 50), _operations), min_size=1, max_size=5)
_Events = list[tuple[int, int, str]]
_Timed = list[tuple[datetime, int, str]]
_Range = tuple[datetime | None, datetime | None]


def _timed(books: Books, anchor: datetime, events: _Events) -> _Timed:
    """Give events their times, earliest first."""
    resolution = books.subject.resolution
    return sorted((grid(anchor, steps, resolution), tokens, name) for steps, tokens, name in events)


def _track_at(books: Books, tenant: str, timed: _Timed) -> None:
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


def _inside(timed: _Timed, start: datetime | None, end: datetime | None) -> int:
    return sum(
        tokens
        for when, tokens, _ in timed
        if (start is None or start <= when) and (end is None or when < end)
    )


def _earlier(books: Books, tenant: str, ranges: list[_Range]) -> dict[_Range, int]:
    """Give what a tenant that was used before has in each range already."""
    if not books.base(tenant):
        return dict.fromkeys(ranges, 0)
    return {(a, b): read_total(books.summary(tenant, a, b, plain=False)) for a, b in ranges}


def _hold(books: Books, tenant: str, timed: _Timed, asked: _Range, due: int, *more: str) -> None:
    """Hold the total of a range to what is due in it.

    Raises:
        Violation: after waiting, it is another one.
    """
    seen = books.wait(lambda: read_total(books.summary(tenant, *asked)), lambda total: total == due)
    if seen != due:
        raise Violation(
            _told(books, tenant, timed), f"{_ask(tenant, asked)} is {seen}, not {due}", *more
        )
    start, end = asked
    used = ((start is None or start <= w) and (end is None or w < end) for w, _, _ in timed)
    if due or any(used) or books.base(tenant) or (books.closed and books.subject.fresh == "clause"):
        return
    queries = books.summary(tenant, *asked).get("total_queries")
    if isinstance(queries, int) and queries:  # whichever operations it counts, there were none
        asking = _ask(tenant, asked).replace("total_tokens", "total_queries")
        raise Violation(_told(books, tenant, timed), f"{asking} is {queries}, not 0", *more)


def _told(books: Books, tenant: str, timed: _Timed) -> str:
    if not books.subject.has("clock"):
        return f"{show(tenant)} used {', '.join(str(tokens) for _, tokens, _ in timed)} just now"
    events = ", ".join(f"{tokens} at {when.isoformat()}" for when, tokens, _ in timed)
    return f"{show(tenant)} used {events}"


def _ask(tenant: str, asked: _Range) -> str:
    bounds = ", ".join("None" if when is None else when.isoformat() for when in asked)
    return f"get_usage_summary({show(tenant)}, {bounds})['total_tokens']"


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
        anchor: datetime, events: _Events, cuts: tuple[Any, int, Any], extra: tuple[int, int]
    ) -> None:
        books = Books(case)
        tenant = books.tenant(0)
        timed = _timed(books, anchor, events)
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
        before = _earlier(books, tenant, ranges)
        _track_at(books, tenant, timed)
        for asked in ranges:
            _hold(books, tenant, timed, asked, before[asked] + _inside(timed, *asked))
        books.audit(tenant)

    cut = st.integers(0, 8)
    case.for_all(
        check,
        anchor=st.sampled_from(ANCHORS),
        events=_FEW,
        cuts=st.tuples(st.one_of(st.none(), cut), cut, st.one_of(st.none(), cut)),
        extra=st.tuples(offsets(), offsets()),
    )


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
        anchor: datetime, events: _Events, cuts: tuple[int, int], zones: tuple[int, int],
        naive: tuple[bool, bool], local: str,
    ) -> None:  # fmt: skip
        with local_zone(local):
            books = Books(case)
            tenant = books.tenant(0)
            if books.subject.has("clock"):
                timed = _timed(books, anchor, events)
                near = [timed[0][0], timed[-1][0], anchor, *_around(timed[0][0], cuts)]
                start, end = sorted((near[cuts[0] % len(near)], near[cuts[1] % len(near)]))
            else:
                now = datetime.now(timezone.utc)
                timed = [(now, tokens, name) for _, tokens, name in events]
                hour = this_hour(case)
                start, end = sorted(_around(hour, cuts, books.subject.resolution))
            if start == end:  # which may be refused, see UT-SUM-05
                end += timedelta(days=1)
            before = _earlier(books, tenant, [(start, end)])[start, end]
            if books.subject.has("clock"):
                _track_at(books, tenant, timed)
            else:
                for _, tokens, name in timed:
                    books.track(tenant, name, tokens)
                books.audit(tenant)
            due = before + _inside(timed, start, end)
            if not books.subject.has("clock"):
                for when in (start, end):
                    tell_near(case, when.replace(tzinfo=None), hour)
                    for zone in (timezone.utc, *(ZONES[z] for z in zones)):
                        tell_near(case, when.astimezone(zone), hour)
            same = f"which are the same instants as {start.isoformat()}, {end.isoformat()}"
            for number, zone in enumerate((timezone.utc, *(ZONES[z] for z in zones))):
                other = ZONES[zones[1]] if number else timezone.utc
                asked = _in_order(start.astimezone(zone), end.astimezone(other))
                _hold(books, tenant, timed, asked, due, *([same] if number else []))
            if any(naive):
                asked = (
                    start.replace(tzinfo=None) if naive[0] else start,
                    end.replace(tzinfo=None) if naive[1] else end,
                )
                _hold_naive(books, tenant, timed, asked, due)

    alpine = len(ZONES) - 1
    autumn = datetime(2026, 10, 25, 1, tzinfo=timezone.utc)  # an hour is repeated there
    half_hours: _Events = [(-1800, 1, "query"), (0, 2, "query"), (1800, 4, "query")]
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
        events=_FEW,
        cuts=st.tuples(st.integers(0, 10), st.integers(0, 10)),
        zones=st.tuples(*[st.integers(0, len(ZONES) - 1)] * 2),
        naive=st.tuples(st.booleans(), st.booleans()),
        local=st.sampled_from(_LOCAL_ZONES),
    )


def _around(when: datetime, cuts: tuple[int, int], resolution: float = 0) -> list[datetime]:
    """Give instants some hours away on both sides of an hour, never so near that its end matters.

    They are multiples of the resolution, and farther away where that is long.
    """
    hours = (-72, -13, -8, -1.5, -0.5, 1.5, 2.5, 5, 10, 15, 72)
    stretch = max(1.0, resolution / 900)
    found = [when + timedelta(hours=hours[cut] * stretch) for cut in cuts]
    return [grid(each, 0, resolution) for each in found] if resolution else found


def _in_order(start: datetime, end: datetime) -> _Range:
    """Give bounds that are in order by the wall clock too.

    In the hour that is repeated when summer ends, Python compares the wall times of one zone, and
    who checks for a reversed range before converting is not to blame.
    """
    if start.tzinfo is end.tzinfo and start >= end:
        return start, end.astimezone(timezone.utc)
    return start, end


def _hold_naive(books: Books, tenant: str, timed: _Timed, asked: _Range, due: int) -> None:
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
            _told(books, tenant, timed),
            f"{_ask(tenant, asked)} is {read_total(answer)}, not {due} as in UTC",
            "the naive bound is not taken as UTC"
            + (
                ""
                if time.timezone == 0
                else f" (local time is UTC{-time.timezone / 3600:+g} h here)"
            ),
        )


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
        anchor: datetime, events: _Events, gaps: tuple[float, float], zones: tuple[int, int]
    ) -> None:
        books = Books(case)
        tenant = books.tenant(0)
        if books.subject.has("clock"):
            timed = _timed(books, anchor, events)
            _track_at(books, tenant, timed)
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
            for name, value in figures(answer, books.subject.varying_keys).items():
                if name in ("total_tokens", "total_queries") and value != 0:
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
        events=_FEW,
        gaps=st.tuples(gap, gap),
        zones=st.tuples(*[st.integers(0, len(ZONES) - 1)] * 2),
    )
