"""Locks that a thread under control waits for by handing on the baton.

Each wraps a real lock, which only ever sees attempts that do not block. Threads outside the
explorer use the same objects as ordinary locks, so one that survives a run keeps working.
Condition, Event, Semaphore, Barrier, Queue and the executors of the standard library are built
from locks in Python and become cooperative with them.
"""

from __future__ import annotations

import contextlib
from typing import Any

from .real import REAL
from .tasks import TASKS, Task, Wait, current_task

__all__ = ["CoopLock", "CoopRLock", "new_lock", "new_rlock"]


def _obtain(lock: CoopLock | CoopRLock, task: Task, blocking: bool, timeout: float) -> bool:
    controller = task.controller
    raw = lock._raw
    if controller.aborting:
        if raw.acquire(False):
            return True
        if not blocking:
            return False
        controller.step(task)  # ends the thread
    if lock._maker is task:
        lock._maker = None  # nobody else has seen it yet: no switch point
    elif task.traced:
        controller.step(task)
    if raw.acquire(False):
        _took(lock, task)
        return True
    if not blocking or timeout == 0:
        return False
    deadline = None if timeout < 0 else controller.now + timeout
    while True:
        in_time = controller.block(task, Wait("lock", lock, deadline))
        if raw.acquire(False):
            _took(lock, task)
            return True
        if not in_time:
            return False


def _took(lock: CoopLock | CoopRLock, task: Task) -> None:
    lock._owner = task
    task.held.append(lock)
    if task.controller.recorder is not None:
        task.controller.recorder.note("takes", task, lock)


def _gave(lock: CoopLock | CoopRLock, whole: bool = False) -> None:
    owner = lock._owner
    if owner is None:  # held by a thread outside the explorer
        for task in [task for task in list(TASKS.values()) if task.waits_for(lock)]:
            task.controller.wake([task])
        return
    for _ in range(owner.held.count(lock) if whole else 1):
        with contextlib.suppress(ValueError):  # a thread outside gives it back at the same time
            owner.held.remove(lock)
    if lock in owner.held:
        return
    lock._owner = None
    controller = owner.controller
    if controller.recorder is not None:
        controller.recorder.note("gives", owner, lock)
    waiting = controller.waiting_for(lock)
    if waiting:
        controller.wake(waiting)


def _check(blocking: bool, timeout: float) -> None:
    if not blocking and timeout != -1:
        raise ValueError("can't specify a timeout for a non-blocking call")
    if timeout < 0 and timeout != -1:
        raise ValueError("timeout value must be a non-negative number")


class CoopLock:
    """Behaves as ``threading.Lock()``."""

    __slots__ = ("__weakref__", "_maker", "_owner", "_raw")

    def __init__(self, raw: Any = None) -> None:
        self._raw = REAL.allocate_lock() if raw is None else raw
        self._owner: Task | None = None
        self._maker: Task | None = None

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        task = current_task()
        if task is None:
            return bool(self._raw.acquire(blocking, timeout))
        _check(blocking, timeout)
        return _obtain(self, task, blocking, timeout)

    def release(self) -> None:
        self._raw.release()
        _gave(self)

    def locked(self) -> bool:
        return bool(self._raw.locked())

    def _is_owned(self) -> bool:
        # Condition asks this instead of trying to acquire, which would be a switch point.
        return self.locked()

    acquire_lock = acquire
    release_lock = release
    locked_lock = locked

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *details: object) -> None:
        self.release()

    def _at_fork_reinit(self) -> None:
        self._raw._at_fork_reinit()
        self._owner = None

    def __reduce_ex__(self, protocol: object) -> Any:
        raise TypeError("cannot pickle '_thread.lock' object")

    def __repr__(self) -> str:
        return f"<{'locked' if self.locked() else 'unlocked'} lock at {id(self):#x}>"

    @property  # type: ignore[misc]
    def __class__(self) -> Any:  # code under test may ask isinstance(lock, type(Lock()))
        return REAL.lock_type


class CoopRLock:
    """Behaves as ``threading.RLock()``."""

    __slots__ = ("__weakref__", "_maker", "_owner", "_raw")

    def __init__(self, raw: Any = None) -> None:
        self._raw = REAL.raw_rlock() if raw is None else raw
        self._owner: Task | None = None
        self._maker: Task | None = None

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        task = current_task()
        if task is None:
            return bool(self._raw.acquire(blocking, timeout))
        _check(blocking, timeout)
        return _obtain(self, task, blocking, timeout)

    def release(self) -> None:
        self._raw.release()
        _gave(self)

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *details: object) -> None:
        self.release()

    def _is_owned(self) -> bool:
        return bool(self._raw._is_owned())

    def _recursion_count(self) -> int:
        return int(self._raw._recursion_count())

    def locked(self) -> bool:
        task = current_task()
        if self._raw._is_owned():
            return True
        if self._raw.acquire(False):
            self._raw.release()
            return False
        return task is not None or True

    def _release_save(self) -> Any:
        state = self._raw._release_save()
        _gave(self, whole=True)
        return state

    def _acquire_restore(self, state: Any) -> None:
        task = current_task()
        if task is None:
            self._raw._acquire_restore(state)
            return
        count = state[0]
        self.acquire()
        for _ in range(count - 1):
            self._raw.acquire(False)
            _took(self, task)

    def _at_fork_reinit(self) -> None:
        self._raw._at_fork_reinit()
        self._owner = None

    def __reduce_ex__(self, protocol: object) -> Any:
        raise TypeError("cannot pickle '_thread.RLock' object")

    def __repr__(self) -> str:
        return f"<cooperative {self._raw!r}>"

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return REAL.rlock_type


def new_lock() -> Any:
    """A lock for the calling thread: cooperative only for a thread under control."""
    task = current_task()
    if task is None:
        return REAL.allocate_lock()
    lock = CoopLock()
    lock._maker = task
    return lock


def new_rlock() -> Any:
    """A reentrant lock, as :func:`new_lock`."""
    return REAL.raw_rlock() if current_task() is None else CoopRLock()
