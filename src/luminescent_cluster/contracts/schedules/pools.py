"""Thread pools outlive a run; the threads that work for them in it do not.

A pool that lies in a module or on a class would count the ended threads as idle ones, and hand
nobody's work to them. So every run gives the pools it meets workers and a queue of its own, and
puts back what they had.
"""

from __future__ import annotations

import functools
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .queues import SimpleQueue
from .real import REAL
from .tasks import Task, current_task

__all__ = ["Pools", "replacement"]

_OWN = ("_work_queue", "_threads", "_idle_semaphore", "_shutdown_lock")


class Pools:
    """The pools that a run has met."""

    def __init__(self) -> None:
        self._met: dict[int, tuple[ThreadPoolExecutor, dict[str, Any]]] = {}

    def adopt(self, pool: ThreadPoolExecutor, task: Task) -> None:
        """Let the pool begin anew, under control; only the first time the run meets it."""
        if id(pool) in self._met or not all(name in vars(pool) for name in _OWN):
            return
        traced, task.traced = task.traced, False
        try:
            before = {name: vars(pool)[name] for name in (*_OWN, "_shutdown")}
            if type(before["_work_queue"]) is SimpleQueue:
                before = {}  # made under control, in this run or by the one that made the pool
            self._met[id(pool)] = pool, before
            vars(pool).update(_fresh(SimpleQueue()))
        finally:
            task.traced = traced

    def release(self) -> None:
        """Put back what the pools had; the threads of the run have ended."""
        while self._met:
            _, (pool, before) = self._met.popitem()
            vars(pool).update(before or _fresh(REAL.simple_queue()))


def _fresh(work: Any) -> dict[str, Any]:
    values: tuple[Any, ...] = (work, set(), threading.Semaphore(0), threading.Lock())
    return dict(zip(_OWN, values, strict=True))


def replacement() -> tuple[type, str, Any]:
    """(class, name, replacement) for what hands work to a pool."""
    real: Any = ThreadPoolExecutor.submit

    @functools.wraps(real)
    def submit(self: ThreadPoolExecutor, /, *args: Any, **kwargs: Any) -> Any:
        task = current_task()
        if task is not None:
            task.controller.pools.adopt(self, task)
        return real(self, *args, **kwargs)

    return ThreadPoolExecutor, "submit", submit
