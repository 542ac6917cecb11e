"""AL-EVT-02 and AL-SEC-01: what is logged is stored, once."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case, Refused
from ...engine.meter import Meter
from .._sweep import shortened, sweep
from .events import (
    EVENT,
    LARGE,
    SECURITY,
    USUAL,
    WORDS,
    Event,
    events,
    usual_events,
)
from .trail import Trail

clauses = Catalogue()

_LONG = 330  # more than the buffers people write hold (64, 100, 128, 256, 300)
_LONGER = 1_100  # than a thousand, where there is time
_THOROUGH = 30  # examples per property; with fewer, a quick look is wanted
_SHARE = 0.25  # of a property's time budget


@clauses.must(
    "AL-EVT-02",
    reason="an audit trail with gaps or echoes proves nothing",
    fix="append one record per call, with all of the arguments as they came; do not sample, batch "
    "away or merge equal events",
    probes=("recorded",),
)
def recorded_once(case: Case) -> None:
    """Every event is recorded exactly once with its six fields.

    Equal events are events of their own. Masked and rendered values are judged as the subject
    declares.
    """
    _recorded_once(case, EVENT)


@clauses.must(
    "AL-SEC-01",
    reason="the security team reconstructs an attack from these records",
    fix="append one record per call, with type, severity, message and details as they came, "
    "whatever the severity",
    probes=("recorded",),
)
def security_recorded_once(case: Case) -> None:
    """Every security event is recorded exactly once with its fields."""
    _recorded_once(case, SECURITY)


def _recorded_once(case: Case, method: str) -> None:
    trail = Trail(case)
    other = EVENT if method == SECURITY else SECURITY

    def check(drawn: list[tuple[Event, int]], between: Event) -> None:
        trail.begin()
        sent = []
        refusals: list[Refused] = []
        for event, times in drawn:
            marked = trail.marked(event)
            for _ in range(times):
                try:
                    sent.append(trail.send(marked))
                except Refused as refusal:
                    refusals.append(refusal)
        if not sent:
            raise refusals[0]
        with suppress(Refused):
            trail.send(trail.marked(between))
        trail.require_recorded(sent)

    case.for_all(
        check,
        drawn=st.lists(
            st.tuples(events(case, method), st.sampled_from((1, 1, 1, 2))), min_size=1, max_size=5
        ),
        between=events(case, other),
    )
    sweep(
        case,
        lambda event: check([(event, 1), (event, 2)], Event(other, dict(USUAL[other]))),
        [
            {"event": e}
            for d in (*LARGE, *_secrets(trail))
            for e in usual_events(case, d)
            if e.method == method
        ],
    )
    sweep(case, lambda event, word: _with_word(trail, event, word), _words(case, method))
    sweep(
        case,
        lambda event: _reusing_details(trail, event),
        [{"event": event} for event in usual_events(case) if event.method == method],
    )
    _long_history(case, trail, method)


def _secrets(trail: Trail) -> list[dict[str, Any]]:
    """List details with values that the subject masks: the event is recorded all the same."""
    return [
        details
        for key in sorted(trail.subject.masks)
        for details in (
            {"reason": "kept", "before": {key: "hidden", "kept": 1}, key: "hidden"},
            {"reason": "kept", key: "e"},  # not to be masked wherever else an "e" stands
        )
    ]


def _words(case: Case, method: str) -> list[dict[str, Any]]:
    """List events with one value that core does not send today; each may be refused."""
    return [
        {"event": event, "word": (name, word)}
        for event in usual_events(case, {"query": "q"})
        for name, words in WORDS[method].items()
        for word in words
        if event.method == method
    ]


def _with_word(trail: Trail, event: Event, word: tuple[str, str]) -> None:
    name, value = word
    trail.begin()
    marked = trail.marked(event)
    marked.values[name] = value
    trail.send(marked)
    trail.send(trail.marked(event))
    trail.require_recorded()


def _reusing_details(trail: Trail, event: Event) -> None:
    """Log one dict again and again, with values that Python calls equal and JSON does not.

    A cache of renderings, by identity or by equality, gives an earlier one again.
    """
    trail.begin()
    details: dict[str, Any] = {}
    for value in (1, True, 0, False):
        details["more"] = value  # without a mark, which would tell them apart
        marked = trail.marked(event)
        marked.details = details
        trail.send(marked)
    trail.require_recorded()


def _long_history(case: Case, trail: Trail, method: str) -> None:
    """Log so many events that buffers overflow; each must be stored."""
    base = Event(method, dict(USUAL[method]))
    longest = _LONGER if case.profile.examples >= _THOROUGH else _LONG
    violation = _burst(case, trail, base, longest)
    if violation is None:
        return
    for count in (2, 5, 12, 33, 65, 101, 129, 257, 513):
        smaller = _burst(case, trail, base, count)
        if smaller is not None:
            raise smaller
    raise violation


def _burst(case: Case, trail: Trail, event: Event, count: int) -> Violation | None:
    with case.example():
        case.tally.examples += 1
        meter = Meter()
        trail.begin()
        try:
            for number in range(count):
                try:
                    trail.send(trail.marked(event))
                except Refused:
                    return None  # it wants other values, which the examples before had
                if meter.over(case.profile.budget * _SHARE):
                    case.note(f"slow calls: the long history stopped after {number + 1} events")
                    break
            trail.require_recorded()
        except Violation as violation:
            violation.evidence = (*violation.evidence, f"in a history of {count} events")
            violation.history = shortened(case.history)
            return violation
    return None
