"""Telling a thread that waits in the outside world from one that only got no turn yet."""

from __future__ import annotations

import os
from typing import NamedTuple

from .real import REAL
from .tasks import Task

__all__ = ["SLICE", "Standstill", "is_asleep"]

_THREADS = "/proc/{}/task"


class _Vitals(NamedTuple):
    asleep: bool
    ran: int
    """Nanoseconds on a processor."""


def _vitals(native_id: int | str) -> _Vitals | None:
    """What the system says of a thread; None where there is none, yet or any more."""
    folder = f"{_THREADS.format(os.getpid())}/{native_id}"
    try:
        with open(f"{folder}/stat", "rb") as file:
            state = file.read().rpartition(b")")[2].split()[0]
        with open(f"{folder}/schedstat", "rb") as file:
            return _Vitals(state in (b"S", b"D"), int(file.read().split()[0]))
    except (OSError, ValueError, IndexError):
        return None


_TOLD = _vitals(REAL.get_native_id()) is not None

SLICE = 0.004 if _TOLD else 0.05
"""Seconds between two looks; longer where the system does not tell whether a thread sleeps."""
_HARDLY = SLICE * 1e9 * 0.1
_LONG = 25  # looks, after which it no longer matters what other threads do


def is_asleep(task: Task) -> bool:
    """Tell whether a thread certainly sleeps now."""
    vitals = _vitals(task.native_id)
    return vitals is not None and vitals.asleep


class Standstill:
    """Looks at the thread whose turn it is, slice after slice."""

    def __init__(self) -> None:
        self._seen: tuple[int, int, int] | None = None
        self._vitals: _Vitals | None = None
        self._slices = 0

    def forget(self) -> None:
        """Begin anew: it is nobody's turn."""
        self._seen = None

    def found(self, task: Task, moves: int) -> bool:
        """Tell whether ``task`` waits outside: it sleeps, and no thread at work may wake it.

        One that has not begun to run, or waits for a processor, does not sleep. While others of the
        process are at work, it may wait for a lock of the interpreter's own, which comes back:
        without a global lock these are many, and their holders may wait for a processor.
        """
        seen, before = self._seen, self._vitals
        self._seen = (id(task), task.n, moves)
        if not _TOLD:
            return self._seen == seen
        now = self._vitals = _vitals(task.native_id)
        if self._seen != seen or now is None or before is None:
            self._slices = 0
            return False
        still = before.asleep and now.asleep and now.ran - before.ran < _HARDLY
        self._slices = self._slices + 1 if still else 0
        return still and (self._slices >= _LONG or _nobody_works())


def _nobody_works() -> bool:
    """Tell whether all other threads of the process sleep."""
    mine = str(REAL.get_native_id())
    others = (thread for thread in os.listdir(_THREADS.format(os.getpid())) if thread != mine)
    return all((vitals := _vitals(thread)) is not None and vitals.asleep for thread in others)
