"""AL-DUR-01: the process is killed."""

from __future__ import annotations

import signal
from contextlib import suppress
from functools import partial
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Excused, Inconclusive, Violation
from ...engine.case import Case, Refused
from ...subjects.audit import AuditSubject
from .events import OMITTED, Event, events, usual_events
from .index import Index
from .records import Record
from .trail import Trail, describe
from .victim import Victim, VictimError

clauses = Catalogue()

_ROUNDS = 4  # each starts a process


@clauses.must(
    "AL-DUR-01",
    reason="what was acknowledged must outlive a crash, and crashes are easily caused",
    fix="write and commit before log_event returns (SQLite: commit; a file: flush, and fsync for "
    "power loss); a queue in memory is not durable",
)
def survives_sigkill(case: Case) -> None:
    """Acknowledged events survive SIGKILL of the process, where the subject declares `durable`.

    A second process opens the store with `reopen`, logs, reports each call that returned, and is
    killed. Then `reopen` is called here, and the records are read: at once, and after the reopened
    logger has logged in its turn.
    """
    trail = Trail(case)
    subject = trail.subject
    if not subject.durable:
        raise Excused("the subject does not declare durable=True")
    subject.probe("recorded")
    subject.probe("reopen")
    if not hasattr(signal, "SIGKILL"):
        raise Inconclusive("this system has no SIGKILL")

    def check(drawn: list[Event]) -> None:
        trail.begin()
        marked = [trail.marked(event) for event in drawn]
        acknowledged = _in_another_process(case, trail.subject, marked)
        case.tally.calls += len(acknowledged)
        for event in acknowledged:
            case.history.append(f"{describe(event)}  # returned, then SIGKILL")
        _require_kept(trail, acknowledged)
        if not acknowledged:
            raise Inconclusive("no event was acknowledged before the process was killed")

    rounds = min(case.profile.examples, _ROUNDS)
    case.for_all(check, examples=rounds, drawn=st.lists(events(case), min_size=1, max_size=12))


def _in_another_process(case: Case, subject: AuditSubject, marked: list[Event]) -> list[Event]:
    calls = []
    for event in marked:
        event.sent = None if event.details is OMITTED else event.details
        kwargs = dict(event.values)
        if event.details is not OMITTED:
            kwargs["details"] = event.details
        calls.append((event.method, kwargs))
    victim = Victim(subject.probe("reopen"), calls)
    try:
        count = victim.run(limit=10 * subject.deadline)
    except VictimError as error:
        raise Inconclusive(f"the process to be killed did not work: {error}") from error
    finally:
        victim.kill()
    return [marked[number] for number in count]


def _require_kept(trail: Trail, acknowledged: list[Event]) -> None:
    """Reopen the store, as after a restart, and look for the events, before and after it is used.

    Raises:
        Violation: one is not there.
    """
    subject = trail.subject
    case = trail.case
    limit = 10 * subject.deadline
    reopened: Any = case.perform("reopen()", subject.probe("reopen"), limit, counts=False)
    own = reopened if isinstance(reopened, AuditSubject) else None
    extension = own.extension if own is not None else reopened

    def require(told: str) -> None:
        found: list[Any] = []
        for name in trail.probes():
            reader = _reader(subject, own, extension, name)
            found += list(case.perform(f"{name}()", reader, limit, counts=False))
        index = Index([Record(raw, own or subject) for raw in found])
        missing = [event for event in acknowledged if not trail.copies(event, index)]
        if missing:
            raise Violation(
                describe(missing[0]),
                "returned in a process that was then killed with SIGKILL",
                f"{told}: {len(missing)} of {len(acknowledged)} events are lost",
            )

    try:
        require("and is not stored")
        for event in usual_events(case):
            log = partial(getattr(extension, event.method), *event.values.values())
            with suppress(Refused):
                case.perform(f"{event.method}(…)", log, limit, counts=False)
        require("and is no longer stored once the reopened logger has logged")
    finally:
        close = getattr(extension, "close", None)
        if callable(close) and extension is not subject.extension:
            case.perform("close()", close, limit, counts=False)


def _reader(subject: AuditSubject, own: AuditSubject | None, extension: Any, probe: str) -> Any:
    """Give the probe that reads the reopened store: its own subject's, or one like the first's."""
    if own is not None and own.has(probe):
        return own.probe(probe)
    given = subject.probe(probe)
    if getattr(given, "__self__", None) is not subject.extension:
        return given
    reader = getattr(extension, getattr(given, "__name__", ""), None)
    if reader is None:
        raise Inconclusive("the reopened logger cannot be read; let reopen give an AuditSubject")
    return reader
