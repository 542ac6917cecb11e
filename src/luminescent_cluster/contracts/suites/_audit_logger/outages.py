"""AL-FLT-01: the store is down."""

from __future__ import annotations

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case, Refused
from ...engine.meter import Meter
from .._sweep import shortened, sweep
from .attempts import send_in_vain
from .echoes import no_echo
from .events import EVENT, USUAL, Event, events, usual_events
from .spooled import anything_may_wait
from .trail import Trail

clauses = Catalogue()

_LONG = 330
_SHARE = 0.25  # of a property's time budget


@clauses.must(
    "AL-FLT-01",
    reason="taking the store down must not be a way to act unseen",
    fix="let the exception out, or keep the event (in memory, on disk) and send it after recovery; "
    "a full buffer raises",
    probes=("recorded", "break_backend"),
)
def no_silent_loss_in_an_outage(case: Case) -> None:
    """While the backend is down nothing is lost in silence: the call raises, or the event is
    recorded after recovery.

    Events before and after the outage are recorded in any case. What was kept is sent once, unless
    the store had it already and the answer was lost.
    """
    trail = Trail(case)

    def check(before: list[Event], during: list[Event], after: Event, twice: bool) -> None:
        _outage(trail, before, during, after, 2 if twice else 1)

    kinds = usual_events(case)
    jobs = [
        {"before": [], "during": [event] * times, "after": event, "twice": False}
        for times in (1, 3)
        for event in (*kinds, *(_urgent(event) for event in kinds if "severity" in event.values))
    ]
    sweep(case, check, jobs)
    case.for_all(
        check,
        before=st.lists(events(case), max_size=2),
        during=st.lists(events(case), min_size=1, max_size=5),
        after=events(case),
        twice=st.booleans(),
    )
    sweep(case, lambda base: anything_may_wait(trail, base), [{"base": base} for base in kinds])
    no_echo(case, trail)
    violation = _long_outage(trail, _LONG)
    if violation is None:
        return
    for count in (2, 5, 12, 33, 65, 101, 129, 257):  # about the smallest that overflows
        smaller = _long_outage(trail, count)
        if smaller is not None:
            raise smaller
    raise violation


def _long_outage(trail: Trail, count: int) -> Violation | None:
    """Let an outage last for many events, so that a buffer overflows."""
    case = trail.case
    usual = Event(EVENT, dict(USUAL[EVENT]))
    with case.example():
        case.tally.examples += 1
        try:
            _outage(trail, [], [usual] * count, usual, 1)
        except Refused:
            case.looked()
        except Violation as violation:
            violation.evidence = (*violation.evidence, f"in an outage of up to {count} events")
            violation.history = shortened(case.history)
            return violation
    return None


def _urgent(event: Event) -> Event:
    return Event(event.method, {**event.values, "severity": "critical"}, event.details)


def _outage(
    trail: Trail, before: list[Event], during: list[Event], after: Event, times: int
) -> None:
    case = trail.case
    trail.begin()
    for event in before:
        trail.send(trail.marked(event))
    meter = Meter()
    for _ in range(times):
        with trail.outage("break_backend"):
            for event in during:
                try:
                    trail.send(trail.marked(event))
                except Refused:
                    case.looked()
                if meter.over(case.profile.budget * _SHARE):
                    break
            send_in_vain(trail)
        try:  # what is kept may go out with the next event
            trail.send(trail.marked(after))
        except Refused:
            case.looked()
    trail.require_recorded(most=False)
