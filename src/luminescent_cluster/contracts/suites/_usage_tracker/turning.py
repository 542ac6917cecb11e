"""Events at which a tracker does more than at those before: a batch is full, a snapshot is due."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

from ...engine.case import Case, Raised
from ...engine.meter import Meter
from ...schedules import Call
from ...schedules.scope import Scope
from ...subjects import Subject
from .reading import read_total

__all__ = ["turning_points"]

_MOST = 61  # events that are tracked to find one: a prime, no batch's multiple
_PATIENCE = 0.5  # seconds of work


def turning_points(
    case: Case, tenant: str, event: Call, prepare: Callable[[Subject], object], *, after: int
) -> list[int]:
    """Find after how many events like this one the next takes lines of code that none took before.

    What goes wrong there only goes wrong there, so that is where threads have to meet.

    Args:
        case: the clause under way; another instance of its extension is used up.
        tenant: whose event it is.
        event: a call of ``track``.
        prepare: given the instance before the events.
        after: how many events are looked at without being told of.

    Returns:
        Numbers of events, in order. None where the code is not written in Python, and where not
        every event shows in the end: who drops what is too much takes another line for that, and
        what waits for a full batch shows earlier when threads fill it together.
    """
    subject = case.another()
    prepare(subject)
    scope = Scope([subject.extension])
    met: set[tuple[CodeType, int]] = set()
    found: list[int] = []
    due = _total(case, subject, tenant)
    meter = Meter()
    for number in range(_MOST):
        lines: set[tuple[CodeType, int]] = set()
        answer = _watched(
            lambda: case.attempt(event.name, *event.args, _on=subject, **event.kwargs), scope, lines
        )
        if isinstance(answer, Raised):
            break
        due += event.args[1]
        if number >= after and not lines <= met:
            found.append(number)
        met |= lines
        if meter.over(_PATIENCE):
            break
    counted = _total(case, subject, tenant) == due
    case.history.clear()
    return found if counted else []


def _total(case: Case, subject: Subject, tenant: str) -> int:
    case.settle(subject)
    return read_total(case.call("get_usage_summary", tenant, _on=subject))


def _watched(action: Callable[[], Any], scope: Scope, lines: set[tuple[CodeType, int]]) -> Any:
    """Do something, and add the lines of code under test that this thread runs for it."""

    def on_event(frame: FrameType, what: str, _: object) -> Any:
        if what == "line":
            lines.add((frame.f_code, frame.f_lineno))
        return on_event if scope.has_file(frame.f_code.co_filename) else None

    former = sys.gettrace()
    sys.settrace(on_event)
    try:
        return action()
    finally:
        sys.settrace(former)
