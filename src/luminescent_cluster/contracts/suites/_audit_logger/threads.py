"""AL-THR: events of several callers at the same time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ...clauses import Catalogue, NoInstance, Violation
from ...engine.case import Case
from ...schedules import Call
from ...subjects import Subject
from ...subjects.audit import AuditSubject
from .._crew import at_once
from .._schedules import explore
from .alerted import alerted, how_many
from .events import usual_events
from .records import ABSENT, Record, parsed
from .tampering import says_intact
from .trail import Trail, describe

__all__ = ["clauses"]

clauses = Catalogue()

_FIELDS = ("event_type", "actor", "resource", "action", "outcome", "severity", "message")


@clauses.must(
    "AL-THR-01",
    reason="an audit trail with a missing, doubled or mixed record proves nothing",
    fix="build the whole record in local variables and append it under a lock",
    probes=("recorded",),
    explores=True,
)
def concurrent_events_are_recorded_once(case: Case) -> None:
    """Concurrent events are recorded exactly once each, and untorn.

    Two or three callers log at the same time under explored schedules; the records afterwards must
    be those of the same events one after another, in any order. Where the subject can tell, they
    must verify as one after another they do (`verify`), and alert as often (`alerts`). An event of
    a thread that has ended is recorded like any other.
    """
    _each_in_its_thread(case)
    first = Call(
        "log_event", ("data_access", "ada", "kb", "search", "success"), {"details": {"n": 1}}
    )
    second = Call(
        "log_event", ("login", "bob", "console", "enter", "denied"), {"details": {"n": 2}}
    )
    third = Call("log_security_event", ("intrusion", "warning", "door open"), {"details": {"n": 3}})
    programs = [
        [[first], [second]],
        [[first], [first]],
        [[first], [third]],
        [[first, second], [third]],
        [[first], [second], [third]],
        [[first, second] * 2, [third, first] * 2],  # fills a small batch
    ]
    observers: list[Callable[[Subject], Any]] = [_recorded]
    if case.subject.has("verify"):
        observers.append(_verified)
    if case.subject.has("alerts"):
        observers.append(_alerts)
        alarm = Call("log_security_event", ("intrusion", "critical", "door open"))
        programs += [[[alarm], [alarm]], [[alarm], [third]]]
    explore(case, programs=programs, observers=observers, promise="settled")


def _each_in_its_thread(case: Case) -> None:
    """Log in threads that end one after another: no buffer or transaction may end with them."""
    trail = Trail(case)
    with case.example():
        case.tally.examples += 1
        trail.begin()
        for event in usual_events(case):
            if not trail.took(trail.marked(event)):
                continue  # in whatever thread
            marked = trail.marked(event)
            log = partial(getattr(case.subject.extension, event.method), **marked.values)
            at_once(case, describe(marked), [log], 1)
            trail.sent.append(marked)
        try:
            trail.require_recorded()
        except Violation as violation:
            violation.evidence = (*violation.evidence, "it was logged in a thread that has ended")
            raise


def _recorded(subject: Subject) -> Any:
    """Give what is recorded, without what differs from run to run, in one order."""
    if subject.has("flush"):
        subject.probe("flush")()
    return sorted((_essence(raw, subject) for raw in subject.probe("recorded")()), key=repr)


def _verified(subject: Subject) -> bool:
    return says_intact(subject.probe("verify")())


def _alerts(subject: Subject) -> int:
    return how_many(alerted(subject.probe("alerts")()))


def _essence(raw: Any, subject: Subject) -> Any:
    if not isinstance(subject, AuditSubject):
        raise NoInstance(f"these clauses need an AuditSubject, not a {type(subject).__name__}")
    record = Record(raw, subject)
    fields = {name: record.field(name) for name in _FIELDS}
    found = [(name, str(value)) for name, value in fields.items() if value is not ABSENT]
    details = parsed(record.field("details"))
    if isinstance(details, Mapping):
        found.append(("details", str(details.get("n"))))
    return tuple(found) or type(raw).__name__
