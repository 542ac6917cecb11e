"""Real threads on an instance that is shared, where every explored schedule would need another."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from ..clauses import Violation
from ..engine.alarm import where
from ..engine.case import Case
from ..engine.frames import current_frames
from ..engine.originals import monotonic
from ..engine.show import show_error

__all__ = ["at_once", "restless"]

# Taken at import: the extension may patch them.
_Thread, _Barrier = threading.Thread, threading.Barrier
_get, _set = sys.getswitchinterval, sys.setswitchinterval


@contextmanager
def restless() -> Iterator[None]:
    """Let threads switch as often as the interpreter allows."""
    interval = _get()
    _set(1e-6)
    try:
        yield
    finally:
        _set(interval)


def at_once(case: Case, text: str, jobs: Sequence[Callable[[], Any]], rounds: int) -> None:
    """Do every job in a thread of its own, at the same time, again and again.

    Args:
        case: the clause under way.
        text: what is done, for messages.
        jobs: called ``rounds`` times each.
        rounds: how often.

    Raises:
        Violation: a job raised, or did not come back.
    """
    failures: list[BaseException] = []
    barrier = _Barrier(len(jobs))

    def work(job: Callable[[], Any]) -> None:
        barrier.wait(10)
        for _ in range(rounds):
            try:
                job()
            except BaseException as error:
                failures.append(error)
                return

    threads = [_Thread(target=partial(work, job), daemon=True) for job in jobs]
    with restless():
        for thread in threads:
            thread.start()
        due = monotonic() + rounds * case.subject.deadline
        for thread in threads:
            thread.join(max(0.0, due - monotonic()))
    case.history.append(f"# {len(jobs)} threads at once, {rounds} times each: {text}")
    for thread in threads:
        if thread.is_alive():
            stood = where(current_frames().get(thread.ident or 0))
            raise Violation(
                f"{text} in {len(jobs)} threads: one did not come back",
                *(f"  it stands at {place}" for place in stood[-1:]),
            )
    case.tally.calls += rounds * len(jobs)
    if failures:
        raise Violation(f"{text} in {len(jobs)} threads: one raised {show_error(failures[0])}")
