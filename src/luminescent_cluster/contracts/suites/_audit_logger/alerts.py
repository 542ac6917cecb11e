"""AL-SEC-02 and 04: who is woken up, and what must not depend on it."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case
from ...engine.meter import Meter
from ...engine.show import show
from .._sweep import shortened, sweep
from .alerted import Bell, how_many
from .attempts import send_in_vain
from .events import EVENT, SECURITY, USUAL, Event, events, restricted
from .records import flat
from .trail import Trail, describe

clauses = Catalogue()

_SHARE = 0.1  # of a property's time budget
_KNOWN = ("info", "warning", "critical")


@clauses.must(
    "AL-SEC-02",
    reason="an alert that does not come lets the intruder work on; alarms for nothing get switched "
    "off",
    fix='alert in `if severity == "critical":`, once per event, whatever came before; nothing else '
    "alerts",
    probes=("alerts",),
)
def critical_alerts_once(case: Case) -> None:
    """ "critical" alerts exactly once, "info" and "warning" never.

    Two of the same type are two alerts, and so are two that say the same.
    """
    case.subject.probe("alerts")
    trail = _QuietTrail(case)
    state = {"patience": trail.subject.settles_within}

    def check(drawn: list[Event], last: bool) -> None:
        trail.begin()
        bell = Bell(trail)
        critical: list[Event] = []
        for event in drawn:
            marked = trail.marked(event)
            if trail.took(marked) and marked.values["severity"] == "critical":
                critical.append(marked)
        if last and not critical:  # one at the end shows that earlier alerts would have come
            marked = trail.marked(drawn[0])
            marked.values["severity"] = "critical"
            if trail.took(marked):
                critical.append(marked)
        if trail.refusal and not trail.sent:
            raise trail.refusal
        found = bell.settled(len(critical), state["patience"])
        if how_many(found) != len(critical):
            state["patience"] = min(state["patience"], 0.1)  # its pace is known by now
            raise Violation(*_miscounted(trail.sent, critical, found))

    severities = st.sampled_from(_KNOWN)
    case.for_all(
        check,
        drawn=st.lists(_alarms(case, severities), min_size=1, max_size=6),
        last=st.booleans(),
    )
    if not any(restricted(case, SECURITY, name) for name in USUAL[SECURITY]):
        sweep(case, check, [{"drawn": [event], "last": True} for event in _misleading()])
        for count in (12, 40, 110, 330):
            with case.example():
                case.tally.examples += 1
                _many_criticals(case, trail, count, state["patience"])
        with case.example():
            case.tally.examples += 1
            _many_criticals(case, trail, 3, state["patience"], alike=True)
        if case.subject.has("break_backend"):
            with case.example():
                case.tally.examples += 1
                _critical_in_an_outage(case, trail, state["patience"])


def _misleading() -> list[Event]:
    """List events whose other fields speak for another severity."""
    usual = USUAL[SECURITY]
    found = []
    for severity in _KNOWN:
        values = {**usual, "severity": severity}
        for word in ("critical", "info", "CRITICAL: all lost", "severity=critical", "test"):
            found.append(Event(SECURITY, {**values, "message": word}, {"query": "q"}))
            found.append(Event(SECURITY, {**values, "event_type": word}, {"query": "q"}))
        for key in ("severity", "level", "priority"):
            found += [Event(SECURITY, dict(values), {key: word}) for word in _KNOWN]
        for key in ("test", "dry_run", "silent", "suppress", "suppressed", "ack", "no_alert"):
            found.append(Event(SECURITY, dict(values), {key: True}))
        for key in ("count", "attempts", "score"):
            found += [Event(SECURITY, dict(values), {key: number}) for number in (0, 7, 5_000)]
    return found


def _many_criticals(
    case: Case, trail: Trail, count: int, patience: float, *, alike: bool = False
) -> None:
    """However many were critical before, the next one alerts, also one that says the same."""
    meter = Meter()
    trail.begin()
    bell = Bell(trail)
    sent: list[Event] = []
    base = Event(SECURITY, {**USUAL[SECURITY], "severity": "critical"})
    kind = "equal critical events" if alike else "critical events"
    for _ in range(count):
        event = base if alike else trail.marked(base)
        if trail.took(event):
            sent.append(event)
        if meter.over(case.profile.budget * _SHARE):
            case.note(f"slow calls: at most {len(sent)} critical events were sent in one history")
            break
    found = bell.settled(len(sent), patience)
    if how_many(found) != len(sent):
        raise Violation(
            f"{len(sent)} {kind} in a row, {how_many(found)} alerts",
            history=shortened(case.history),
        )


def _critical_in_an_outage(case: Case, trail: Trail, patience: float) -> None:
    """What waits for the store alerts as it comes or as it is sent, and not both times."""
    trail.begin()
    bell = Bell(trail)
    base = Event(SECURITY, {**USUAL[SECURITY], "severity": "critical"})
    tried = [trail.marked(base) for _ in range(3)]
    with trail.outage("break_backend"):
        for event in tried[1:]:
            if not trail.took(event):
                case.looked()
        send_in_vain(trail)
    if not trail.took(tried[0]):
        case.looked()
    found = bell.settled(len(trail.sent), min(patience, 0.1))
    shown = [] if isinstance(found, int) else [flat(alert) for alert in found]
    for event in tried:  # one more alert may tell of the outage itself
        if sum(event.mark in text for text in shown) > 1:
            raise Violation(*_miscounted(tried, tried, found), "the backend was down meanwhile")


class _QuietTrail(Trail):
    """A trail that does without `recorded`."""

    def begin(self) -> None:
        if self.subject.has("recorded"):
            super().begin()
            return
        self.sent = []
        self._marks = 0
        self.flush()


def _alarms(case: Case, severities: Any) -> Any:
    given = restricted(case, SECURITY, "severity")
    return events(case, SECURITY) if given else events(case, SECURITY, severity=severities)


def _miscounted(sent: list[Event], critical: list[Event], found: int | list[Any]) -> list[str]:
    told = [f"{len(critical)} critical of {len(sent)} events, {how_many(found)} alerts"]
    if isinstance(found, list):
        shown = [flat(alert) for alert in found]
        for event in sent:
            alerts = sum(event.mark in text for text in shown)
            wanted = int(event in critical)
            if any("mark-" in text for text in shown) and alerts != wanted:
                told.append(f"{describe(event)} alerted {alerts} times, expected {wanted}")
                break
        else:
            told += [describe(event) for event in critical[:3]]
        told.append(f"alerts: {show(found)}")
    return told


@clauses.must(
    "AL-SEC-04",
    reason="an attacker who can silence the pager must not thereby erase the record",
    fix="store first and alert then; catch what the alert channel raises",
    probes=("recorded", "break_alerts"),
)
def alerts_may_fail(case: Case) -> None:
    """A failing alert channel loses no event, whether the call raises or not."""
    trail = Trail(case)

    def check(before: list[Event], during: list[Event], after: Event) -> None:
        trail.begin()
        wanted: list[Event] = []
        refused: list[Event] = []
        for event in before:
            marked = trail.marked(event)
            if trail.took(marked):
                wanted.append(marked)
        with trail.outage("break_alerts"):
            for event in during:
                marked = trail.marked(event)
                if not trail.took(marked):
                    refused.append(marked)
                wanted.append(marked)
            send_in_vain(trail)  # a worker in the background alerts now, not when all is well
        for event in refused:  # for what it is, rather than for the outage?
            if trail.took(trail.marked(event)):
                trail.sent.append(event)
            else:
                wanted.remove(event)
        last = trail.marked(after)
        if trail.took(last):
            wanted.append(last)
        trail.require_recorded(wanted)

    severities = st.sampled_from(("critical", "critical", "warning", "info"))
    alarms = _alarms(case, severities)
    anything = st.one_of(alarms, events(case, EVENT))
    case.for_all(
        check,
        before=st.lists(alarms, max_size=1),
        during=st.tuples(alarms, st.lists(anything, max_size=3)).map(lambda t: [t[0], *t[1]]),
        after=anything,
    )
