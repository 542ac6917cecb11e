"""AL-DUR-01: the process is killed."""

from __future__ import annotations

import signal
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Excused, Inconclusive, Violation
from ...engine.case import Case
from ...subjects.audit import AuditSubject
from .._sweep import shortened, sweep
from .events import OMITTED, Event, events, usual_events
from .index import Index
from .restarted import Store, reopened
from .trail import Trail, describe
from .victim import Victim, VictimError

clauses = Catalogue()

_ROUNDS = 2  # each starts a process
_MANY = 20  # times each kind of event, so that logs are merged, rotated or cut off
_KILLED = "returned in a process that was then killed with SIGKILL"


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
    logger has logged in its turn. Another restart must not store them again.
    """
    trail = Trail(case)
    subject = trail.subject
    if not subject.durable:
        raise Excused("the subject does not declare durable=True")
    subject.probe("recorded")
    subject.probe("reopen")
    if not hasattr(signal, "SIGKILL"):
        raise Inconclusive("this system has no SIGKILL")

    def check(drawn: list[Event], further: int = 1) -> None:
        trail.begin()
        marked = [trail.marked(event) for event in drawn]
        acknowledged = _in_another_process(case, trail.subject, marked)
        case.tally.calls += len(acknowledged)
        for event in acknowledged:
            case.history.append(f"{describe(event)}  # returned, then SIGKILL")
        try:
            _require_kept(trail, acknowledged, further)
        except Violation as violation:
            violation.history = shortened(case.history)
            raise
        if not acknowledged:
            raise Inconclusive("no event was acknowledged before the process was killed")

    rounds = min(case.profile.examples, _ROUNDS)
    kinds = usual_events(case)
    if kinds:
        jobs: list[dict[str, Any]] = [{"drawn": kinds}, {"drawn": kinds[::-1]}]
        sweep(case, check, [*jobs, {"drawn": kinds * _MANY, "further": _MANY}])
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


def _require_kept(trail: Trail, acknowledged: list[Event], further: int) -> None:
    """Reopen the store, as after a restart, and look for the events, before and after it is used.

    Args:
        trail: of the clause under way.
        acknowledged: what must be stored.
        further: how often each kind of event is logged after the restart.

    Raises:
        Violation: one is not there, or each restart adds them all again.
    """

    def copies(store: Store) -> list[int]:
        index = Index(store.records())
        return [len(trail.copies(event, index)) for event in acknowledged]

    def require(told: str) -> list[int]:
        found = copies(store)
        missing = [event for event, held in zip(acknowledged, found, strict=True) if not held]
        if missing:
            raise Violation(
                describe(missing[0]),
                _KILLED,
                f"{told}: {len(missing)} of {len(acknowledged)} events are lost",
            )
        return found

    with reopened(trail) as store:
        require("and is not stored")
        for event in usual_events(trail.case) * further:
            store.log(event)
        before = require("and is no longer stored once the reopened logger has logged")
    with reopened(trail) as store:
        after = copies(store)
    # Not a single one, which may have been under way: what a restart does to them all is its doing.
    if acknowledged and all(now > held for now, held in zip(after, before, strict=True)):
        raise Violation(
            describe(acknowledged[0]),
            _KILLED,
            f"opening the store again stores it once more: {before[0]} times, then {after[0]}",
            fix="read the store when it is opened, and write nothing that is stored already",
        )
