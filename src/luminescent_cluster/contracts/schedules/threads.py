"""Threads that the code under test starts itself become threads under control."""

from __future__ import annotations

import functools
import sys
import threading
from typing import Any

from .locks import new_lock, new_rlock
from .queues import SimpleQueue
from .real import REAL
from .tasks import BACKGROUND, DONE, Stop, Task, Wait, current_task

__all__ = ["is_alive", "join", "replacements"]


class _Factory(type):
    """A stand-in for a type: calling it makes a fitting object, isinstance asks the original."""

    original: Any
    make: Any

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return cls.make(*args, **kwargs)

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cls.original)


def _factory(original: Any, make: Any) -> Any:
    if not isinstance(original, type):
        return make
    stand_in = _Factory(original.__name__, (), {"__doc__": original.__doc__})
    stand_in.original = original
    stand_in.make = staticmethod(make)
    return stand_in


def _simple_queue() -> Any:
    if current_task() is None:
        return REAL.simple_queue()
    return SimpleQueue()


def _spawn(task: Task, function: Any, args: Any, kwargs: Any, start: Any) -> Any:
    def body() -> None:
        try:
            function(*args, **kwargs)
        except Stop:
            raise
        except SystemExit:
            pass
        except BaseException as error:
            task.controller.thread_errors.append((new.id, error))

    handle: list[Any] = []

    def starter(boot: Any, _: Any) -> None:
        handle.append(start(boot))

    new = task.controller.add(BACKGROUND, body, starter)
    thread = new.thread = getattr(function, "__self__", None)
    if isinstance(thread, threading.Thread) and hasattr(thread, "_invoke_excepthook"):
        thread._invoke_excepthook = functools.partial(_died, new)
    return handle[0]


def _died(task: Task, thread: threading.Thread) -> None:
    """What a thread of the extension raised: evidence, unless its run is over."""
    error = sys.exc_info()[1]
    controller = task.controller
    if error is not None and not isinstance(error, (Stop, SystemExit)) and not controller.aborting:
        controller.thread_errors.append((task.id, error))


def _start_new_thread(function: Any, args: Any, kwargs: Any = None) -> Any:
    task = current_task()
    if task is None:
        return REAL.start_new_thread(function, args, kwargs or {})
    return _spawn(task, function, args, kwargs or {}, lambda boot: REAL.start_new_thread(boot, ()))


def _start_joinable_thread(function: Any, handle: Any = None, daemon: bool = True) -> Any:
    task = current_task()
    if task is None:
        return REAL.start_joinable_thread(function, handle=handle, daemon=daemon)
    return _spawn(
        task,
        function,
        (),
        {},
        # A thread that cannot be ended must not keep the interpreter from exiting.
        lambda boot: REAL.start_joinable_thread(boot, handle=handle, daemon=True),
    )


def _task_of(thread: threading.Thread, task: Task) -> Task | None:
    for other in task.controller.tasks:
        if other.thread is thread:
            return other
    return None


def join(self: threading.Thread, timeout: float | None = None) -> None:
    """``Thread.join`` in virtual time."""
    task = current_task()
    target = _task_of(self, task) if task is not None else None
    if task is None or target is None:
        REAL.thread_join(self, timeout)
        return
    if target is task:
        raise RuntimeError("cannot join current thread")
    controller = task.controller
    deadline = None if timeout is None else controller.now + max(timeout, 0)
    while target.state != DONE:
        if not controller.block(task, Wait("join", target, deadline)):
            return
    REAL.thread_join(self)


def is_alive(self: threading.Thread) -> bool:
    """``Thread.is_alive`` as the schedule sees it."""
    task = current_task()
    target = _task_of(self, task) if task is not None else None
    if target is None:
        return bool(REAL.thread_is_alive(self))
    return target.state != DONE


class _ProgramThread(threading.Thread):
    """What ``current_thread()`` gives in a thread of the program."""

    def __init__(self, task: Task) -> None:
        super().__init__(name=f"caller-{task.id}", daemon=True)
        self._started.set()  # type: ignore[attr-defined]
        self._ident = task.ident
        self._native_id = task.native_id

    def is_alive(self) -> bool:
        return True

    def join(self, timeout: float | None = None) -> None:
        raise RuntimeError("cannot join a thread of the program")

    def _set_tstate_lock(self) -> None:
        pass


def _current_thread() -> threading.Thread:
    task = current_task()
    if task is None:
        return REAL.current_thread()  # type: ignore[no-any-return]
    if task.thread is None:
        traced, task.traced = task.traced, False
        task.thread = _ProgramThread(task)
        task.traced = traced
    if not isinstance(task.thread, threading.Thread):
        return REAL.current_thread()  # type: ignore[no-any-return]
    return task.thread


def replacements() -> list[tuple[Any, Any]]:
    """(original, replacement) for locks, queues and thread starters."""
    pairs = [
        (REAL.allocate_lock, new_lock),
        (REAL.rlock, new_rlock),
        (REAL.raw_rlock, _factory(REAL.raw_rlock, new_rlock)),
        (REAL.start_new_thread, _start_new_thread),
        (REAL.current_thread, _current_thread),
        (REAL.simple_queue, _factory(REAL.simple_queue, _simple_queue)),
    ]
    if REAL.lock is not REAL.allocate_lock:  # 3.13 on: a type
        pairs.append((REAL.lock, _factory(REAL.lock, new_lock)))
    if REAL.start_joinable_thread is not None:
        pairs.append((REAL.start_joinable_thread, _start_joinable_thread))
    return pairs
