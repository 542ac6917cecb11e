"""AL-EVT-04 and 08: when it happened."""

from __future__ import annotations

import datetime
import re
import time
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Inconclusive, Violation
from ...engine.case import Case
from ...engine.originals import sleep
from ...engine.show import show
from .._local_zone import local_zone
from .._sweep import sweep
from .events import Event, events, usual_events
from .index import Index
from .moments import instants, moment, present
from .records import ABSENT, Record
from .trail import Trail, describe
from .waiting import in_outages, wait_out

clauses = Catalogue()

_APART = 0.012  # seconds, more than the default precision of stored times
_FEW = 12  # examples with pauses in them
_FAR_EAST = "LMT-9:30"  # as POSIX says it
_IN_THE_FAR_EAST = "where the machine stands in another time zone, 9:30 h east of Greenwich"
_MILLISECONDS = re.compile(r":\d\d[.,]\d{1,3}(?!\d)")


@clauses.must(
    "AL-EVT-04",
    reason="an event at the wrong time accuses the wrong person",
    fix="take datetime.now(timezone.utc) inside the call, not at import, in __init__, in a default "
    "or in the writer; where times are stored more coarsely, declare resolution=",
    probes=("recorded",),
)
def time_lies_within_the_call(case: Case) -> None:
    """A recorded time lies within the call, give or take the resolution that the subject declares.

    A time without a zone may be UTC or local here. What waits out an outage keeps its time. Times
    that name their zone, or count seconds, are right wherever the machine stands.
    """
    trail = Trail(case)
    told: list[str] = []

    def check(drawn: list[Event], zoned: bool = False) -> None:
        trail.begin()
        windows = []
        for event in drawn:
            marked = trail.marked(event)
            sleep(_APART)
            before = present(trail.subject)
            trail.send(marked)
            windows.append((marked, before, present(trail.subject)))
        sleep(_APART)
        judge(windows, zoned)

    def judge(windows: Iterable[tuple[Event, float, float]], zoned: bool = False) -> None:
        for event, before, after in windows:
            for record in _records_of(trail, event):
                stored = record.time()
                if stored is ABSENT:
                    continue
                told.append(str(stored))
                if not (zoned and _without_zone(stored)):
                    _judge(trail, event, stored, before, after)

    def early(event: Event) -> None:
        sleep(1 - time.time() % 1)
        check([event])

    def elsewhere(event: Event) -> None:
        with local_zone(_FAR_EAST):
            try:
                check([event], zoned=True)
            except Violation as violation:
                violation.evidence = (*violation.evidence, _IN_THE_FAR_EAST)
                raise

    drawn = st.lists(events(case), min_size=1, max_size=3)
    case.for_all(check, examples=_few(case), drawn=drawn)
    usual = [{"event": event} for event in usual_events(case)]
    sweep(case, elsewhere, usual)
    in_milliseconds = any(map(_MILLISECONDS.search, told))
    if in_milliseconds and not trail.subject.has("clock"):
        sweep(case, early, usual[:1])  # zeros in front are due, if written by hand
    sweep(case, lambda event: judge(wait_out(trail, [event])), in_outages(case))
    if not told:
        raise Inconclusive(
            "no record shows a time under a usual name; say where it is:\n"
            + case.subject.probe_help["fields"]
        )


def _without_zone(stored: Any) -> bool:
    """Tell whether a time names no zone, so that it may be that of another machine's."""
    value = moment(stored)
    return isinstance(value, datetime.datetime) and value.tzinfo is None


def _few(case: Case) -> int:
    """Give a number of examples: these have pauses, and add little after the first."""
    return min(case.profile.examples, _FEW)


def _judge(trail: Trail, event: Event, stored: Any, before: float, after: float) -> None:
    slack = max(trail.subject.resolution, 0.001) + 0.001
    meant = instants(stored)
    if not meant:
        raise Violation(
            f"{describe(event)} is stored with the time {show(stored)}",
            "which is no datetime, ISO 8601 text or number of seconds since 1970",
            '(a form of its own: AuditSubject(fields={"timestamp": a function of the record}))',
        )
    if any(before - slack <= instant <= after + slack for instant in meant):
        return
    off = min((before - i if i < before else i - after for i in meant), key=abs)
    side = "before" if meant[0] < before else "after"
    raise Violation(
        f"{describe(event)} is stored with the time {_form(stored)}",
        f"which lies {_roughly(abs(off))} {side} the call; {trail.subject.resolution:g} s are "
        "allowed (resolution=)",
    )


def _form(stored: Any) -> str:
    """Give the form of a stored time: the present, which it tells, differs from run to run."""
    if isinstance(stored, (int, float)):
        return f"{stored:.1e}"
    text = re.sub(r"\d{4}-\d\d-\d\d", "YYYY-MM-DD", show(stored))
    text = re.sub(r"\d\d:\d\d:\d\d(\.\d+)?", "HH:MM:SS", text)
    return re.sub(r"datetime\((\d+, )+\d+", "datetime(…", text)


def _roughly(seconds: float) -> str:
    """Give a length of time so coarsely that every run gives the same."""
    for unit, length in (("days", 86_400), ("h", 3_600)):
        if seconds >= 0.95 * length:
            return f"{float(f'{seconds / length:.2g}'):g} {unit}"
    if seconds >= 59:
        return "minutes"
    return "seconds" if seconds >= 0.95 else "less than a second"


def _records_of(trail: Trail, event: Event) -> list[Record]:
    found = trail.settled(lambda records: bool(trail.copies(event, Index(records))))
    return trail.copies(event, Index(found))


@clauses.should(
    "AL-EVT-08",
    reason="records of several machines are only comparable in one zone that each record names",
    fix="store datetime.now(timezone.utc), or its isoformat(), which ends in +00:00",
    probes=("recorded",),
)
def time_is_utc(case: Case) -> None:
    """A recorded time is aware and in UTC; seconds since 1970 are so by definition."""
    trail = Trail(case)
    seen = 0

    def check(event: Event) -> None:
        nonlocal seen
        trail.begin()
        marked = trail.send(trail.marked(event))
        for record in _records_of(trail, marked):
            stored = record.time()
            if stored is ABSENT:
                continue
            seen += 1
            value = moment(stored)
            if not isinstance(value, datetime.datetime):
                continue
            if value.tzinfo is None:
                raise Violation(f"the stored time {_form(stored)} names no zone")
            if value.utcoffset():
                raise Violation(f"the stored time {_form(stored)} is not in UTC")

    case.for_all(check, examples=_few(case), event=events(case))
    if not seen:
        raise Inconclusive(
            "no record shows a time under a usual name; say where it is:\n"
            + case.subject.probe_help["fields"]
        )
