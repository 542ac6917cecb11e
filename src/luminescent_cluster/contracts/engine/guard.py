"""What an extension must not do to the process it lives in, caught and undone."""

from __future__ import annotations

import asyncio
import builtins
import datetime
import os
import random
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from threading import main_thread
from types import FrameType, ModuleType
from typing import Any

from .holders import holders
from .originals import get_ident, getpid, real_exit

__all__ = ["ExitAttempt", "Guard", "belongs_to_runner"]

_gettrace, _settrace = sys.gettrace, sys.settrace
_getprofile, _setprofile = sys.getprofile, sys.setprofile
_signal, _getsignal = signal.signal, signal.getsignal
_setswitchinterval = sys.setswitchinterval

_WATCHED: tuple[tuple[ModuleType, tuple[str, ...]], ...] = (
    (threading, ("Thread", "Lock", "RLock", "Condition", "Event", "Semaphore", "BoundedSemaphore",
                 "Barrier", "Timer", "local", "settrace", "setprofile", "excepthook",
                 "current_thread", "get_ident")),
    (time, ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "sleep", "gmtime",
            "localtime", "strftime")),
    (sys, ("settrace", "setprofile", "exit", "gettrace", "getprofile", "setswitchinterval",
           "excepthook", "unraisablehook", "_getframe", "_current_frames")),
    (os, ("_exit", "kill", "fork", "abort", "getpid", "environ", "urandom")),
    (signal, ("signal", "setitimer", "alarm", "raise_signal")),
    (socket, ("socket", "create_connection")),
    (asyncio, ("run", "sleep", "wait_for", "new_event_loop")),
    (datetime, ("datetime", "date", "timezone")),
    (random, ("random", "randint", "choice", "Random")),
    (builtins, tuple(name for name in vars(builtins) if name != "_")),
)  # fmt: skip


def belongs_to_runner(error: BaseException) -> bool:
    """Tell whether an exception is how pytest is told to skip or to leave; it must reach pytest.

    Told by its base class, since pytest hides where these classes come from.
    """
    return any(
        base.__name__ == "OutcomeException" and base.__module__.startswith("_pytest")
        for base in type(error).__mro__
    )


class ExitAttempt(BaseException):
    """The extension called ``os._exit``, which would have ended the run without a verdict."""


_watching: list[Guard] = []


def guarded_exit(status: int) -> None:
    """Stand for ``os._exit``: an attempt, said to the innermost guard; without one, the real one.

    One function for good, since a module that is imported meanwhile may keep it.

    Raises:
        ExitAttempt: a guard watches this process.
    """
    guard = next(iter(_watching[-1:]), None)  # another thread may take it off at any moment
    if guard is None or getpid() != guard.pid:
        real_exit(status)
    else:
        guard.exits.append(status)
        raise ExitAttempt(f"os._exit({status}) was called")


class Guard:
    """Watches the process while one clause runs; a context manager.

    - ``os._exit`` raises :class:`ExitAttempt` instead, wherever a module holds it, in this process
      only (a forked child may exit as it likes).
    - ``KeyboardInterrupt`` from a person is told apart from one that the extension raises.
    - What the extension patched (:attr:`changes`) is put back.

    Attributes:
        pid: the process that is watched.
        exits: statuses with which ``os._exit`` was called.
        changes: names that were changed, for instance ``"time.sleep"``.
        interrupted: a person pressed Ctrl-C.
    """

    def __init__(self) -> None:
        self.pid = getpid()
        self.exits: list[int] = []
        self.changes: list[str] = []
        self.interrupted = False
        self._undo: list[Callable[[], object]] = []

    def __enter__(self) -> Guard:
        self._before = _snapshot()
        self._switch_interval = sys.getswitchinterval()
        _watching.append(self)
        self._forbid_exit()
        self._watch_interrupts()
        self._trace, self._profile = _gettrace(), _getprofile()
        return self

    def __exit__(self, *exc_info: object) -> None:
        for undo in reversed(self._undo):
            undo()
        self._undo.clear()
        self.check()
        _watching.remove(self)

    def check(self) -> list[str]:
        """Put back what was patched since the guard began, and give all changes so far."""
        for (module, name), original in self._before.items():
            current = vars(module).get(name)
            if current is original or current is guarded_exit:
                continue
            # Deleting counts as changing.
            self._note(f"{module.__name__}.{name}")
            setattr(module, name, original)
        if _gettrace() != self._trace:  # equality: bound methods are made anew
            self._note("the trace function (sys.settrace)")
            _settrace(self._trace)
        if _getprofile() != self._profile:
            self._note("the profile function (sys.setprofile)")
            _setprofile(self._profile)
        if sys.getswitchinterval() != self._switch_interval:
            self._note("the thread switch interval (sys.setswitchinterval)")
            _setswitchinterval(self._switch_interval)
        return self.changes

    def _note(self, name: str) -> None:
        if name not in self.changes:
            self.changes.append(name)

    def _forbid_exit(self) -> None:
        for module, name in holders(real_exit, guarded_exit, apart_from=__package__):
            if vars(module).get(name) is real_exit:
                setattr(module, name, guarded_exit)
                self._undo.append(_restorer(module, name, guarded_exit, real_exit))

    def _watch_interrupts(self) -> None:
        if get_ident() != main_thread().ident:
            return
        former = _getsignal(signal.SIGINT)
        if not callable(former):
            return

        def note(signum: int, frame: FrameType | None) -> Any:
            self.interrupted = True
            return former(signum, frame)

        _signal(signal.SIGINT, note)
        self._undo.append(lambda: _signal(signal.SIGINT, former))


def _snapshot() -> dict[tuple[ModuleType, str], Any]:
    return {
        (module, name): vars(module)[name]
        for module, names in _WATCHED
        for name in names
        if name in vars(module)
    }


def _restorer(module: ModuleType, name: str, ours: object, original: object) -> Callable[[], None]:
    def restore() -> None:
        if vars(module).get(name) is ours:
            setattr(module, name, original)

    return restore
