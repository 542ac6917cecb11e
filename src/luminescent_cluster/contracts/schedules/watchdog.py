"""Notices threads that block in the outside world, and runs that never end.

A thread that waits in C (a database file, a socket) or for a lock nobody could replace reaches no
switch point. The watchdog lets the others go on; the thread waits for its turn when it returns.
"""

from __future__ import annotations

import ctypes
import sys

from .controller import Controller
from .real import REAL
from .standstill import SLICE, Standstill, is_asleep
from .tasks import DONE, TASKS, Stop

__all__ = ["end_strays", "watch"]

_IDLE_TIMER = 0.05
# While an exception is pending for a thread that sleeps in C, 3.11 runs no traced thread at all.
_SPINS = sys.version_info[:2] == (3, 11)


def watch(controller: Controller, deadline: float, patience: float = 1.0) -> None:
    """Wait for the end of the run; ``deadline`` in real seconds ends it by force.

    ``patience`` is how long only outside threads may hold up the end of a run, and how long
    unwinding may take.
    """
    if controller.over.acquire(timeout=SLICE):
        return
    start = REAL.monotonic()
    standstill = Standstill()
    idle_since: float | None = None
    ending: float | None = None
    while not controller.over.acquire(timeout=SLICE):
        now = REAL.monotonic()
        task = controller.current
        if controller.aborting:
            ending = ending or now
            if now - ending > patience:
                _abandon(controller)
                return
        elif now - start > deadline:
            controller.cut_short("hang")
            continue
        if task is None:
            standstill.forget()
            idle_since = idle_since or now
            controller.poke(now - idle_since, _IDLE_TIMER, patience)
            continue
        idle_since = None
        if standstill.found(task, controller.moves):
            standstill.forget()
            controller.push_outside(task, task.n)


def end_strays() -> int:
    """Ask threads that finished runs left behind to end; gives how many there still are.

    They run or wait outside the explorer, and end when they next run Python code.
    """
    for task in list(TASKS.values()):
        left = task.controller.ended and TASKS.get(task.ident) is task
        if left and not (_SPINS and is_asleep(task)):
            _raise_in(task.ident)
    return len(TASKS)


def _abandon(controller: Controller) -> None:
    """Leave threads behind that cannot be ended now; they end at their next switch point."""
    controller.ended = True
    for task in controller.tasks:
        if task.state != DONE and task.ident and task.gate.locked():
            task.gate.release()


def _raise_in(ident: int) -> None:
    """Ask a thread that runs Python code without switch points to stop."""
    if sys.implementation.name == "cpython":
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident), ctypes.py_object(Stop))
