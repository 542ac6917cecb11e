"""Events that wait out an outage: they keep their order, their time and their details."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from ...engine.case import Case, Refused
from ...engine.originals import sleep
from .attempts import send_in_vain
from .events import Event, usual_events
from .moments import present
from .trail import Trail

__all__ = ["Waited", "in_outages", "wait_out"]

_APART = 0.012  # seconds, more than the default precision of stored times


class Waited(NamedTuple):
    """An event that was taken during an outage, and the time before and after the call."""

    event: Event
    before: float
    after: float


def in_outages(case: Case) -> list[dict[str, Any]]:
    """List what is tried in an outage: a usual event of each method, if the author breaks any."""
    if not case.subject.has("break_backend"):
        return []
    return [{"event": event} for event in usual_events(case, {"query": "q"})]


def wait_out(
    trail: Trail, drawn: list[Event], then: Callable[[Event], None] = lambda event: None
) -> list[Waited]:
    """Send events while the backend is down, and one afterwards, which brings along what waited.

    Args:
        trail: begins with this example.
        drawn: the events; one like the last, without details, is sent when the backend is back.
        then: called with each event after it was taken, while the outage lasts.

    Returns:
        Those that were taken: none where each call raises.
    """
    taken: list[Waited] = []
    trail.begin()
    with trail.outage("break_backend"):
        for event in drawn:
            marked = trail.marked(event)
            before = present(trail.subject)
            try:
                trail.send(marked)
            except Refused:
                trail.case.looked()
                continue
            taken.append(Waited(marked, before, present(trail.subject)))
            then(marked)
            sleep(_APART)
        send_in_vain(trail)
    last = drawn[-1]
    with suppress(Refused):
        trail.send(trail.marked(Event(last.method, last.values)))
    return taken
