"""Threads that instances leave running when they are done with.

An extension with a worker of its own seldom has an end: core never asks for one. Thousands of
instances are made in a run, and thousands of workers that look into empty queues take the machine.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from threading import Condition, Thread
from threading import enumerate as all_threads
from types import CodeType, FrameType

from .frames import current_frames

__all__ = ["MOST", "end_crowds", "running"]

MOST = 64  # threads that run the same code; a pool which all instances share is smaller

_left: set[Thread] = set()
_POOL = "concurrent.futures.thread"  # its workers end with the pool, and wait without looking
_WAIT: CodeType = Condition.wait.__code__


def running() -> set[Thread]:
    """Give the threads that there are, before an instance is made."""
    return set(all_threads())


def end_crowds(before: set[Thread]) -> None:
    """Remember the threads that torn down instances left behind; where they are a crowd, end them.

    A crowd is more than :data:`MOST` threads that run the same code: each instance started its
    own. What all instances share is no crowd, and goes on.

    Args:
        before: the threads that there were before the instances.
    """
    _left.update(running() - before)
    if len(_left) > MOST:
        _thin_out()


def _thin_out() -> None:
    """End every crowd among what was left behind."""
    _left.intersection_update(running())
    frames = current_frames()
    crowds: dict[CodeType, list[Thread]] = {}
    for thread in _left:
        code = _work_of(frames.get(thread.ident or 0))
        if code is not None:
            crowds.setdefault(code, []).append(thread)
    for crowd in crowds.values():
        if len(crowd) > MOST:
            for thread in crowd:
                _end(thread, frames[thread.ident or 0])
            _left.difference_update(crowd)


def _work_of(frame: FrameType | None) -> CodeType | None:
    """Give the code that a thread was started to run; None where it is to be left alone."""
    code = None
    while frame is not None:
        module = frame.f_globals.get("__name__")
        if module == _POOL:
            return None
        if module != "threading":
            code = frame.f_code
        frame = frame.f_back
    return code


def _end(thread: Thread, frame: FrameType) -> None:
    """Have a thread leave as by ``sys.exit()``, at once where it waits for a condition."""
    if sys.implementation.name != "cpython":
        return
    # Python itself is silent about SystemExit in a thread; hooks of test runners are not.
    thread._invoke_excepthook = lambda thread: None  # type: ignore[attr-defined]
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident or 0), ctypes.py_object(SystemExit)
    )
    waiter = frame.f_locals.get("waiter") if frame.f_code is _WAIT else None
    if waiter is not None:
        with suppress(RuntimeError):  # somebody notified it
            waiter.release()
