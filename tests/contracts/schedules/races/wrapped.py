"""The same mistakes inside decorators, properties, handlers and modules."""

from __future__ import annotations

import functools
import logging
import threading
from threading import RLock

from .model import Race

_CREATED_AT_IMPORT = threading.Lock()
_BY_NAME = RLock()
_registry = {}


def counted(function):
    """Counts the calls of a method, without a lock."""

    @functools.wraps(function)
    def wrapper(self, *args, **kwargs):
        self.calls = getattr(self, "calls", 0) + 1
        return function(self, *args, **kwargs)

    return wrapper


def synchronized(function):
    """Runs a method under its object's lock."""

    @functools.wraps(function)
    def wrapper(self, *args, **kwargs):
        with self._lock:
            return function(self, *args, **kwargs)

    return wrapper


class CountedCalls:
    def __init__(self):
        self._lock = threading.RLock()

    @counted
    def work(self):
        return "done"

    def count(self):
        return getattr(self, "calls", 0)


class SynchronizedCalls(CountedCalls):
    @synchronized
    @counted
    def work(self):
        return "done"


class LooseProperty:
    def __init__(self):
        self._total = 0

    @property
    def total(self):
        return self._total

    @total.setter
    def total(self, value):
        self._total = value

    def add(self, amount):
        self.total += amount

    def read(self):
        return self.total


class GuardedProperty(LooseProperty):
    def add(self, amount):
        with _CREATED_AT_IMPORT:
            self.total += amount


class CountingHandler(logging.Handler):
    """Handlers emit under a lock of their own, unless they override `handle`."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def emit(self, record):
        self.count += 1


class UnlockedHandler(CountingHandler):
    def handle(self, record):
        self.emit(record)
        return True


class Logs:
    def __init__(self, handler):
        self.logger = logging.Logger("planted")
        self.handler = handler
        self.logger.addHandler(handler)

    def log(self, text):
        self.logger.info(text)

    def count(self):
        return self.handler.count


class WrongModuleLock:
    """Every instance has a lock, the state is shared by all of them."""

    def __init__(self):
        _registry.clear()
        self._lock = threading.Lock()

    def add(self, amount):
        with self._guard():
            _registry["n"] = _registry.get("n", 0) + amount

    def _guard(self):
        return threading.Lock()

    def read(self):
        return _registry.get("n", 0)


class RightModuleLock(WrongModuleLock):
    def _guard(self):
        return _CREATED_AT_IMPORT


class ByNameLock(WrongModuleLock):
    def _guard(self):
        return _BY_NAME


class Cached:
    def __init__(self):
        self.computed = 0

    @functools.cached_property
    def value(self):
        self.computed += 1
        return self.computed

    def read(self):
        return self.value


class CachedOnce(Cached):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def read(self):
        with self._lock:
            return self.value


RACES = [
    Race("in-decorator", CountedCalls, SynchronizedCalls, ("work", "count")),
    Race("in-property", LooseProperty, GuardedProperty, (("add", 2), "read")),
    Race("in-logging-handler", lambda: Logs(UnlockedHandler()), lambda: Logs(CountingHandler()),
         (("log", "x"), "count")),
    Race("wrong-lock-for-module-state", WrongModuleLock, RightModuleLock, (("add", 2), "read")),
    Race("lock-imported-by-name", WrongModuleLock, ByNameLock, (("add", 2), "read")),
]  # fmt: skip
