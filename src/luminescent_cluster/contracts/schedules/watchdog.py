"""Notices threads that block in the outside world, and runs that never end.

A thread that waits in C (a database file, a socket) or for a lock nobody could replace reaches no
switch point. The watchdog lets the others go on; the thread waits for its turn when it returns.
"""

from __future__ import annotations

import ctypes
import os
import sys

from .controller import Controller
from .real import REAL
from .tasks import DONE, TASKS, Stop, Task

__all__ = ["end_strays", "watch"]

_SLICE = 0.004
_BLIND_SLICE = 0.05  # where the system does not tell whether a thread sleeps
_PROC = f"/proc/{os.getpid()}/task" if os.path.isdir(f"/proc/{os.getpid()}/task") else None
_IDLE_TIMER = 0.05
# While an exception is pending for a thread that sleeps in C, 3.11 runs no traced thread at all.
_SPINS = sys.version_info[:2] == (3, 11)


def _vitals(task: Task) -> tuple[bool, int] | None:
    """(asleep, nanoseconds on a processor) of a thread, None where it cannot be told."""
    folder = f"/proc/{os.getpid()}/task/{task.native_id}"
    try:
        with open(f"{folder}/stat", "rb") as file:
            state = file.read().rpartition(b")")[2].split()[0]
        with open(f"{folder}/schedstat", "rb") as file:
            ran = int(file.read().split()[0])
    except (OSError, ValueError, IndexError):
        return None
    return state in (b"S", b"D"), ran


def watch(controller: Controller, deadline: float, patience: float = 1.0) -> None:
    """Wait for the end of the run; ``deadline`` in real seconds ends it by force.

    ``patience`` is how long only outside threads may hold up the end of a run, and how long
    unwinding may take.
    """
    if controller.over.acquire(timeout=_SLICE):
        return
    start = REAL.monotonic()
    seen: tuple[int, int, int] | None = None
    vitals: tuple[bool, int] | None = None
    idle_since: float | None = None
    ending: float | None = None
    length = _SLICE if _PROC else _BLIND_SLICE
    while not controller.over.acquire(timeout=length):
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
            seen = None
            idle_since = idle_since or now
            controller.poke(now - idle_since, _IDLE_TIMER, patience)
            continue
        idle_since = None
        key = (id(task), task.n, controller.moves)
        fresh = _vitals(task) if _PROC else None
        if key == seen and (
            fresh is None or (vitals is not None and fresh[0] and _hardly_ran(vitals, fresh))
        ):
            controller.push_outside(task, task.n)
            seen = None
        else:
            seen = key
        vitals = fresh


def _hardly_ran(before: tuple[bool, int], after: tuple[bool, int]) -> bool:
    return before[0] and after[1] - before[1] < _SLICE * 1e9 * 0.1


def end_strays() -> int:
    """Ask threads that finished runs left behind to end; gives how many there still are.

    They run or wait outside the explorer, and end when they next run Python code.
    """
    for task in list(TASKS.values()):
        if task.controller.ended and TASKS.get(task.ident) is task:
            vitals = _vitals(task)
            if not (_SPINS and vitals is not None and vitals[0]):
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
