"""AL-FLT-01, with values that do not go through every spool: lines, JSON, pickles."""

from __future__ import annotations

from typing import Any

from ...clauses import Violation
from .attempts import send_in_vain
from .events import EVENT, Event
from .index import Index
from .oddities import NO_KEYS, ODD
from .payloads import LINE_ENDS
from .records import Record
from .trail import Trail, describe

__all__ = ["anything_may_wait"]

_ODD = ("a set", "bytes", "an object")


def anything_may_wait(trail: Trail, base: Event) -> None:
    """Let an outage pass in which unusual events wait; each that was taken must be stored then.

    How they are written down is another clause's question.

    Raises:
        Violation: one is not there.
    """
    trail.begin()
    with trail.outage("break_backend"):
        for event in _unusual(trail, base):
            if not trail.took(event):
                trail.case.looked()
        send_in_vain(trail)
    taken = [event for event in trail.sent if event.shows_mark()]
    trail.took(trail.marked(base))  # what is kept may go out with the next event

    def missing(records: list[Record]) -> list[Event]:
        index = Index(records)
        return [event for event in taken if not index.about(event)]

    lost = missing(trail.settled(lambda records: not missing(records)))
    if lost:
        raise Violation(
            describe(lost[0]),
            "returned during an outage, and is not stored after it",
            f"{len(taken) - len(lost)} others that waited with it are",
        )


def _unusual(trail: Trail, base: Event) -> list[Event]:
    place = "actor" if base.method == EVENT else "message"
    found = []
    for end in LINE_ENDS:
        text = f"x{end}y"
        values = {**base.values, place: text}
        found.append(trail.marked(Event(base.method, values, {"query": text})))
    odd: list[dict[Any, Any]] = [{"odd": ODD[kind]("odd")} for kind in _ODD]
    odd += [{make("odd"): "odd"} for make in NO_KEYS.values()]
    return found + [trail.marked(Event(base.method, base.values, details)) for details in odd]
