"""One clause on one binding, to a result. Whatever happens, there is a result."""

from __future__ import annotations

import asyncio
import functools
import re
import traceback
from collections.abc import Callable
from typing import Any

from luminescent_cluster.contracts.clauses import (
    Clause,
    Excused,
    Inconclusive,
    Level,
    NoInstance,
    Result,
    Status,
    Unverified,
    Violation,
)

from ..subjects import Subject
from .alarm import can_interrupt, ready_to_ring, where
from .blame import author_place
from .case import Case, Refused
from .frames import current_frames
from .guard import Guard, belongs_to_runner
from .instances import Factory, Making, instance
from .originals import get_ident, monotonic, sleep, start_new_thread
from .profile import Profile
from .quiet import quiet_collector, quiet_logging
from .show import show_error
from .tally import Tally

__all__ = ["execute"]


@quiet_collector()
def execute(
    clause: Clause,
    protocol: type,
    factory: Factory,
    *,
    profile: Profile,
    seed: int = 0,
    name: str = "extension",
    subject_class: type[Subject] = Subject,
    shrink: bool = True,
    database: Any = None,
    replay: str = "",
    making: Making | None = None,
    watch: Callable[[Tally], object] | None = None,
) -> Result:
    """Check one clause.

    Args:
        clause: what to check.
        protocol: the protocol class the extension is asked for.
        factory: makes a fresh extension or subject; called as often as examples need one.
        profile: how much effort to spend.
        seed: seed of everything random.
        name: the binding's name.
        subject_class: what a bare extension is wrapped in.
        shrink: whether a failing example is made smaller (not worth it for a waived clause).
        database: Hypothesis example database, or None.
        replay: token of one thread schedule, which clauses about threads then run alone.
        making: the same for all clauses of a binding, so that a factory hangs only once.
        watch: given the count of what was seen so far, which goes on counting.

    Returns:
        The result; faults of the kit itself become status ``error``.

    Raises:
        KeyboardInterrupt: a person pressed Ctrl-C.
    """
    guard = Guard()
    making = making or Making()
    case = Case(
        clause,
        protocol,
        functools.partial(instance, factory, subject_class, making=making),
        profile=profile,
        seed=seed,
        name=name,
        guard=guard,
        shrink=shrink,
        database=database,
        replay=replay,
    )
    if watch is not None:
        watch(case.tally)
    started = monotonic()
    with guard, quiet_logging(), ready_to_ring():
        if can_interrupt() and not _loop_is_running():
            outcome = _outcome(case)
        else:
            outcome = _outcome_in_thread(case, making)
    if guard.changes and not isinstance(outcome, Violation):
        changed = ", ".join(guard.changes)
        outcome = Violation(
            f"while the clause ran, {changed} changed and stayed changed (it was put back)",
            fix="leave the process as it was; patch in tests only, and undo it",
        )
    if guard.exits and not isinstance(outcome, Violation):
        outcome = Violation(
            f"the extension called os._exit({guard.exits[0]})",
            fix="raise an exception; ending the process is not an extension's to decide",
        )
    return _result(case, outcome, monotonic() - started)


def _loop_is_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _outcome(case: Case) -> BaseException | None:
    """Run the check; give what it raised, or None where it passed."""
    try:
        try:
            with case.example():
                for probe in case.clause.probes:
                    case.subject.probe(probe)
            with case.example():
                case.clause.check(case)
                case.require_seen()
        finally:
            case.close()
    except KeyboardInterrupt as error:
        if case.guard.interrupted:
            raise
        return error
    except BaseException as error:
        if belongs_to_runner(error) or isinstance(error, GeneratorExit):
            raise
        return error
    return None


def _outcome_in_thread(case: Case, making: Making) -> BaseException | None:
    """The same where a hung call cannot be interrupted: watch it from here, and abandon it."""
    box: list[BaseException | None] = []
    thread: list[int] = []

    def work() -> None:
        thread.append(get_ident())
        box.append(_outcome(case))

    start_new_thread(work, ())
    while not box:
        sleep(0.005)
        factory = making.due
        if factory is not None and monotonic() > factory[1] and not box:
            frame = current_frames().get(thread[0]) if thread else None
            return making.overdue(factory[0], where(frame))
        current = case.current
        if current is not None and monotonic() > current[1] and not box:
            frame = current_frames().get(thread[0]) if thread else None
            return Violation(
                f"{current[0]} did not come back in time",
                *(f"  it stood at {place}" for place in where(frame)[-3:]),
                fix="let every call come back with a result or an ordinary exception",
                history=(*case.history, f"{current[0]}  # never came back"),
            )
    return box[0]


def _result(case: Case, outcome: BaseException | None, duration: float) -> Result:
    clause, tally = case.clause, case.tally
    make: Callable[..., Result] = functools.partial(
        Result,
        clause.id,
        examples=tally.examples,
        calls=tally.calls,
        rejected=tally.rejected,
        duration=duration,
        subject=case.name,
        notes=tuple(tally.notes),
        extra=tally.extra,
    )
    level = clause.level
    if outcome is None:
        return make(level, Status.PASSED)
    if isinstance(outcome, Violation):
        outcome.evidence = tuple(map(case.told, outcome.evidence))
        outcome.history = tuple(map(case.told, outcome.history))
        level = outcome.level or level
        fix = outcome.fix or clause.fix
        return make(
            level,
            Status.FAILED,
            _failure(clause, level, outcome, fix),
            evidence=tuple(outcome.evidence),
            fix=fix,
            history=outcome.history,
        )
    if isinstance(outcome, Unverified):
        return make(level, Status.UNVERIFIED, case.told(str(outcome)), probe=outcome.probe)
    if isinstance(outcome, Excused):
        return make(level, Status.EXCUSED, str(outcome))
    if isinstance(outcome, (Inconclusive, Refused)):
        return make(level, Status.INCONCLUSIVE, case.told(str(outcome)))
    if isinstance(outcome, NoInstance):
        return make(level, Status.NOT_RUN, str(outcome))
    place = author_place(outcome)
    if place:
        return make(
            level,
            Status.NOT_RUN,
            f"a probe (or what else the kit had called there) raised {show_error(outcome)} at "
            f"{place}; without its answer nothing can be said",
        )
    trace = "".join(traceback.format_exception(outcome))
    return make(
        level,
        Status.ERROR,
        "the kit itself failed; this says nothing about the extension. Please report it:\n" + trace,
    )


def _failure(clause: Clause, level: Level, violation: Violation, fix: str) -> str:
    lines = [f"{clause.id} {level.value}  {clause.text}"]
    lines += [f"  {line}" for part in violation.evidence for line in part.splitlines()]
    if len(violation.history) > 1:
        lines.append("  calls:")
        lines += [f"    {_as_code(line)}" for line in violation.history]
    lines += [f"  fix: {fix}", f"  luminescent-contracts explain {clause.id}"]
    return "\n".join(lines)


def _as_code(line: str) -> str:
    """Give a line of a history as code; what is no bare call (a loop, a probe) stands as it is."""
    return f"extension.{line}" if re.match(r"\w+\(", line) else line
