"""How far this interpreter runs threads at once, and how long they must run to meet."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

from .originals import get_ident, monotonic, thread_time

__all__ = ["FEW", "Start", "enough_repeats", "what_threads_show"]

_Barrier = threading.Barrier  # taken at import: the extension may patch it

FEW, _MANY = 10, 1_000
_WORK, _PATIENCE = 0.03, 0.15  # seconds on a processor, and in all, to find out how many repeats
_LOOKOUT = 0.002


def _is_parallel() -> bool:
    return not getattr(sys, "_is_gil_enabled", lambda: True)()


def what_threads_show() -> str:
    """Say what free-running threads can show on this interpreter and machine."""
    version = ".".join(map(str, sys.version_info[:3]))
    if not _is_parallel():
        return (
            f"CPython {version} with a GIL: free-running threads switch between bytecodes only, "
            "and often miss what explored schedules find"
        )
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    return (
        f"CPython {version} without a GIL: threads ran truly in parallel, as far as "
        f"{processors or os.cpu_count()} processors were free for them"
    )


def enough_repeats(once: Callable[[], object]) -> int:
    """How often a thread repeats its calls, so that it is still at work when the last one starts.

    With a global lock a thread that starts is switched to within the first calls. Without one,
    cheap calls would be over before another processor takes the next thread up.

    Args:
        once: makes the calls once more on one and the same extension, which may get slower.
    """
    repeats = 0
    work, end = thread_time() + _WORK, monotonic() + _PATIENCE
    while _is_parallel() and repeats < _MANY and thread_time() < work and monotonic() < end:
        once()
        repeats += 1
    return max(repeats, FEW)


class Start:
    """Where threads wait for each other, and are all at work when it opens.

    A barrier wakes one after the other. On processors of their own the first would be through with
    cheap calls by then, so all look out for the last one; not for long, if there is none free.
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._barrier = _Barrier(threads)
        self._here: list[int] = []

    def wait(self) -> None:
        """Come back together with the others.

        Raises:
            threading.BrokenBarrierError: one of them does not come.
        """
        self._barrier.wait(10)
        self._here.append(get_ident())
        end = monotonic() + (_LOOKOUT if _is_parallel() else 0.0)
        while len(self._here) < self._threads and monotonic() < end:
            pass
