"""Running calls in real threads, as fast as they go."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

from ..clauses import Violation
from ..subjects import Subject
from .alarm import where
from .compare import same, snapshot
from .frames import current_frames
from .in_turn import (
    THREADS,
    Call,
    explained,
    left_behind,
    left_in_turn,
    one_thread,
    raised_in_some_order,
    raised_in_turn,
    reads_of,
    repeats_for,
    turned,
)
from .originals import get_ident, monotonic
from .parallel import Start, what_threads_show
from .show import show, show_call, show_error

if TYPE_CHECKING:
    from .case import Case

__all__ = ["run_freely"]

# Taken at import: the extension may patch them.
_Thread = threading.Thread
_get, _set = sys.getswitchinterval, sys.setswitchinterval

_ROUNDS = {"smoke": 3, "ci": 8, "thorough": 60}
_GRACE = 2.0  # seconds more than a call has, before all threads count as stuck


def run_freely(case: Case, calls: list[Call]) -> None:
    """Run every call in several threads at once, round after round.

    Args:
        case: the clause under way.
        calls: each thread makes all of them, in turn, starting with another one.

    Raises:
        Violation: a thread raised what no sequential run raises, hung, or what is read afterwards
            is not what sequential runs leave behind.
        Excused: already one after another the calls do not all come back.
    """
    case.note(what_threads_show())
    awaited = any(case.is_async(name) for name, _, _ in calls)
    if awaited:
        case.note("asynchronous methods run on one loop and are not called from several threads")
    threaded = [call for call in calls if not case.is_async(call[0])]
    case.looked()
    if not threaded:
        return
    shared = case.subject.fresh == "clause"
    patient = False
    with one_thread():
        raised = raised_in_turn(case, threaded, THREADS)
        repeats = repeats_for(case, threaded)
        reads = [] if shared else reads_of(case, threaded)
        expected = None if shared else left_in_turn(case, threaded, reads, repeats)
    for number in range(_ROUNDS.get(case.profile.name, 8)):
        subject = case.subject if shared else case.another()
        failures = _round(case, subject, threaded, repeats, number)
        for call, error in failures:
            if isinstance(error, SystemError):
                # Nobody's extension: ast.parse does so in Python 3.11, when threads switch in it.
                case.note(f"the interpreter found a fault of its own: {show_error(error)}")
                continue
            kind = call[0], type(error)
            if kind not in raised and not patient:
                # As many calls one after another may raise it too: something is full, or used up.
                with one_thread():
                    raised |= raised_in_turn(case, threaded, THREADS * repeats)
                patient = True
            if kind not in raised:
                with one_thread():
                    raised |= {kind} if raised_in_some_order(case, threaded, kind) else set()
            if kind not in raised:
                raise Violation(
                    f"{show_call(*call)} raised {show_error(error)} in one of {THREADS} threads",
                    "one after another, the same calls raise nothing of the kind",
                ) from error
        if expected is None or failures:
            continue
        left = left_behind(case, subject, reads, torn=True)
        for index, (call, answer, wanted) in enumerate(zip(reads, left, expected, strict=True)):
            if not same(answer, wanted) and not explained(
                case, threaded, reads, repeats, index, answer
            ):
                total = f"{THREADS} threads x {repeats} x {len(threaded)} calls"
                raise Violation(
                    f"after {total}: {show_call(*call)} -> {show(answer)}",
                    f"one after another they leave {show(wanted)}",
                )


def _round(
    case: Case, subject: Subject, calls: list[Call], repeats: int, number: int
) -> list[tuple[Call, BaseException]]:
    start = Start(THREADS)
    failures: list[tuple[Call, BaseException]] = []
    done: list[int] = []
    progress = [0] * THREADS

    def work(index: int) -> None:
        own = turned(calls, index + number)
        prepared = [call for _ in range(repeats) for call in snapshot(own)]
        start.wait()
        for call in prepared:
            name, args, kwargs = call
            try:
                getattr(subject.extension, name)(*args, **kwargs)
            except BaseException as error:
                failures.append((call, error))
            progress[index] += 1
        done.append(get_ident())

    interval = _get()
    threads = [_Thread(target=work, args=(index,), daemon=True) for index in range(THREADS)]
    try:
        _set(1e-6)
        for thread in threads:
            thread.start()
        _wait_for(threads, progress, subject.deadline)
    finally:
        _set(interval)
    hanging = [thread for thread in threads if thread.is_alive()]
    if hanging:
        frames = current_frames()
        places = []
        for thread in hanging:
            stood = where(frames.get(thread.ident or 0))
            places.append(f"  {thread.name} stands at {stood[-1] if stood else 'the end'}")
        raise Violation(f"{len(hanging)} of {THREADS} threads did not come back", *places)
    case.tally.calls += len(done) * repeats * len(calls)
    case.tally.examples += 1
    return failures


def _wait_for(threads: list[threading.Thread], progress: list[int], deadline: float) -> None:
    """Wait for the threads to end, as long as calls come back at all."""
    seen, due = -1, 0.0
    for thread in threads:
        while thread.is_alive():
            thread.join(0.1)
            if sum(progress) != seen:
                seen, due = sum(progress), monotonic() + deadline + _GRACE
            elif monotonic() > due:
                return
