"""AL-EVT-03: what came first stands first."""

from __future__ import annotations

from itertools import pairwise, product

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case, Refused
from ...engine.meter import Meter
from .._crew import restless
from .._sweep import shortened, sweep
from .events import EVENT, LARGE, OMITTED, SECURITY, USUAL, Event, events, usual_events
from .index import Index
from .records import Record
from .trail import Trail, describe
from .waiting import in_outages, wait_out

clauses = Catalogue()

_LONG = 330  # events, which go through several files where a logger rotates them
_SHARE = 0.25  # of a property's time budget


@clauses.must(
    "AL-EVT-03",
    reason="what happened first decides what caused what",
    fix="write events in the order of the calls of one thread: one queue, one writer, no sorting "
    "by time stamp, actor or severity",
    probes=("recorded",),
)
def in_order(case: Case) -> None:
    """Events of one caller keep their order.

    `recorded` gives the oldest first. Events and security events are looked at separately. What
    waits out an outage keeps its order, too; events that did not wait may overtake it.
    """
    trail = Trail(case)

    def check(drawn: list[Event]) -> None:
        trail.begin()
        for event in drawn:
            try:
                trail.send(trail.marked(event))
            except Refused:
                continue
        found = trail.settled(lambda records: _all_there(trail, records))
        for method in (EVENT, SECURITY):
            _same_order(trail, [e for e in trail.sent if e.method == method], method)
        if not found and trail.sent:
            case.call(EVENT, *USUAL[EVENT].values())

    def burst(kind: str, number: int) -> None:
        trail.begin()
        base = Event(kind, dict(USUAL[kind]))
        meter = Meter()
        with restless():  # workers, where there are several, overtake each other now if ever
            for _ in range(number):
                trail.send(trail.marked(base))
                if meter.over(case.profile.budget * _SHARE):
                    break
            trail.settled(lambda records: len(records) >= len(trail.sent))
        _same_order(trail, trail.sent, kind)

    def waited(event: Event) -> None:
        taken = [one for one, _, _ in wait_out(trail, [event] * 3)]
        trail.settled(lambda records: all(trail.copies(e, Index(records)) for e in taken))
        _same_order(trail, taken, event.method)

    case.for_all(check, drawn=st.lists(events(case), min_size=2, max_size=8))
    sweep(case, check, [{"drawn": mixed} for mixed in _mixtures(case)])
    sweep(case, waited, in_outages(case))
    for kind, number in product((EVENT, SECURITY), (40, _LONG)):
        with case.example():
            case.tally.examples += 1
            try:
                burst(kind, number)
            except Refused:
                continue
            except Violation as violation:
                violation.history = shortened(case.history)
                raise


def _mixtures(case: Case) -> list[list[Event]]:
    """List sequences of unlike events that a second queue, or a priority, would reorder."""
    free = {event.method for event in usual_events(case)}
    found = []
    for method, name, values in (
        (EVENT, "outcome", ("success", "denied", "failure", "success")),
        (SECURITY, "severity", ("info", "critical", "warning", "info")),
    ):
        for large in LARGE if method in free else ():
            details = (large, OMITTED, {"query": "q"}, large)
            for order in (1, -1):
                pairs = zip(values[::order], details, strict=True)
                found.append([Event(method, {**USUAL[method], name: v}, d) for v, d in pairs])
    return found


def _all_there(trail: Trail, records: list[Record]) -> bool:
    index = Index(records)
    return all(trail.copies(event, index) for event in trail.sent)


def _same_order(trail: Trail, sent: list[Event], method: str) -> None:
    records = trail.new(method)
    index = Index(records)
    position = {id(record): number for number, record in enumerate(records)}
    taken: set[int] = set()
    places: list[tuple[int, Event]] = []
    for event in sent:
        spots = [position[id(record)] for record in trail.copies(event, index)]
        free = next((spot for spot in spots if spot not in taken), None)
        if free is not None:
            taken.add(free)
            places.append((free, event))
    for (before, one), (after, two) in pairwise(places):
        if before > after:
            raise Violation(
                f"{describe(one)} was logged first",
                f"{describe(two)} was logged next",
                f"recorded() has them the other way round, at {before} and {after} of "
                f"{len(records)} new records, oldest first",
            )
