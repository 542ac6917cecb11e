"""Putting the cooperative stand-ins in place for the time of an exploration, and back.

Names are replaced wherever a module holds them, so ``from threading import Lock`` is covered.
Locks and factories that already lie in the extension's own objects (made at import time, class
attributes, defaults, closures, ``logging`` handlers) are found by walking from its modules.
Everything is undone in reverse order, also after an exception.
"""

from __future__ import annotations

import concurrent.futures.thread as executors
import contextlib
import functools
import logging
import sys
import threading
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from . import clock, databases, patience, pools, threads, waiting
from .locks import CoopLock, CoopRLock
from .real import REAL
from .tasks import current_task
from .walk import Slot, slots

__all__ = ["Patches", "library_roots"]

_OWN = __name__.rpartition(".")[0]
_LIMIT = 60_000


class Patches:
    """A context manager; ``extend`` covers more objects while it is open."""

    def __init__(self, in_scope: Callable[[str], bool]) -> None:
        self._in_scope = in_scope
        self._undo: list[Callable[[], None]] = []
        self._table: dict[int, Any] = {}
        self._kept: list[Any] = []
        self._seen: set[int] = set()
        self._wrapped: dict[int, CoopLock | CoopRLock] = {}
        self.truncated = False

    def __enter__(self) -> Patches:
        try:
            self._names()
            self._methods()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *details: object) -> None:
        while self._undo:
            self._undo.pop()()

    # ---- names in modules -------------------------------------------------------------------

    def _names(self) -> None:
        pairs = [*threads.replacements(), *clock.replacements(), *databases.replacements()]
        for original, replacement in pairs:
            self._table[id(original)] = replacement
            self._kept.append(original)
            self._seen.add(id(replacement))  # the original in its closure stays what it is
        table = self._table
        for name, module in list(sys.modules.items()):
            if not isinstance(module, ModuleType) or name.startswith(_OWN):
                continue
            namespace = vars(module)
            for key, value in list(namespace.items()):
                if id(value) in table:
                    self._set_item(namespace, key, value, table[id(value)])

    def _set_item(self, namespace: dict[Any, Any], key: Any, old: Any, new: Any) -> None:
        def undo() -> None:
            if namespace.get(key) is new:
                namespace[key] = old

        namespace[key] = new
        self._undo.append(undo)

    def _methods(self) -> None:
        handle = logging.Logger.handle

        def handle_unless_ending(logger: logging.Logger, record: logging.LogRecord) -> Any:
            task = current_task()
            if task is None or not task.controller.aborting:
                handle(logger, record)

        emit = logging.Handler.handle

        def handle_silently(handler: logging.Handler, record: logging.LogRecord) -> Any:
            if current_task() is not None and _is_console(handler):
                handler.acquire()  # what others may wait for stays as it is
                handler.release()
                return True
            return emit(handler, record)

        for owner, name, new in (
            (logging.Logger, "handle", handle_unless_ending),
            (logging.Handler, "handle", handle_silently),
            (threading.Thread, "join", threads.join),
            (threading.Thread, "is_alive", threads.is_alive),
            *waiting.replacements(),
            pools.replacement(),
            *patience.replacements(),
        ):
            old = vars(owner).get(name)
            setattr(owner, name, new)
            self._undo.append(
                functools.partial(delattr, owner, name)
                if old is None  # inherited
                else functools.partial(setattr, owner, name, old)
            )

    # ---- locks that exist already ------------------------------------------------------------

    def extend(self, roots: Iterable[Any]) -> None:
        """Wrap the locks, and replace the factories, that can be reached from ``roots``."""
        stack = list(roots)
        while stack:
            owner = stack.pop()
            if id(owner) in self._seen:
                continue
            if len(self._seen) >= _LIMIT:
                self.truncated = True
                return
            self._seen.add(id(owner))
            self._kept.append(owner)  # an id is only good while its object lives
            for slot in slots(owner, self._in_scope):
                new = self._stand_in(slot.value)
                if new is not None:
                    self._replace(slot, new)
                elif slot.follow:
                    stack.append(slot.value)

    def _replace(self, slot: Slot, new: Any) -> None:
        old = slot.value
        try:
            slot.store(new)
        except (AttributeError, TypeError, ValueError):
            return  # read-only: such a lock is seen as a thread that blocks outside

        def undo() -> None:
            try:
                if slot.load() is new or slot.load() == new:
                    slot.store(old)
            except (AttributeError, KeyError, IndexError, TypeError, ValueError):
                pass  # the container changed meanwhile: nothing of ours is in it

        self._undo.append(undo)

    def _stand_in(self, value: Any) -> Any:
        if type(value) is REAL.lock_type or type(value) is REAL.rlock_type:
            return self._wrap(value)
        if id(value) in self._table:
            return self._table[id(value)]
        bound_to = getattr(value, "__self__", None) if type(value) is _BUILTIN_METHOD else None
        if type(bound_to) is REAL.lock_type or type(bound_to) is REAL.rlock_type:
            return getattr(self._wrap(bound_to), value.__name__, None)
        return None

    def _wrap(self, raw: Any) -> CoopLock | CoopRLock:
        known = self._wrapped.get(id(raw))
        if known is None:
            kind = CoopLock if type(raw) is REAL.lock_type else CoopRLock
            known = self._wrapped[id(raw)] = kind(raw)
            self._kept.append(raw)
        return known

    def free_abandoned(self) -> None:
        """Release the wrapped locks that threads of a finished run left locked."""
        for lock in self._wrapped.values():
            if lock._owner is None:
                continue
            lock._owner = None
            raw: Any = lock._raw  # one of two types
            if isinstance(lock, CoopLock):
                if raw.locked():
                    raw.release()
            else:
                with contextlib.suppress(RuntimeError):
                    raw._release_save()  # does not ask who owns it


def _is_console(handler: logging.Handler) -> bool:
    """A thousand runs must not write a thousand lines to the terminal or pytest's log capture."""
    if type(handler).__module__.startswith("_pytest."):
        return True
    stream = getattr(handler, "stream", None)
    return stream is not None and any(
        stream is known for known in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__)
    )


_BUILTIN_METHOD: Any = type([].append)


def library_roots() -> list[Any]:
    """Where the standard library itself keeps locks: logging, and the thread pools' shutdown."""
    handlers = [reference() for reference in list(logging._handlerList)]  # type: ignore[attr-defined]
    return [
        vars(logging),
        *[handler for handler in handlers if handler is not None],
        vars(executors) if hasattr(executors, "_global_shutdown_lock") else {},
    ]
