"""Mocks, decorators as people write them, and asynchrony behind them."""

# ruff: noqa: N801, UP045
from __future__ import annotations

import abc
import asyncio
import contextlib
import dataclasses
import enum
import functools
import threading
import types
from typing import Any, NamedTuple, Optional, Protocol
from unittest.mock import AsyncMock, MagicMock, Mock, create_autospec

import attrs
import pytest
from typing_extensions import deprecated, override

from luminescent_cluster.contracts.shapes import accepts


class P(Protocol):
    """The tracker's call."""

    def track(self, operation: str, tokens: int, metadata: Optional[dict] = None) -> None: ...


class AP(Protocol):
    """An awaited call."""

    async def fetch(self, key: str) -> dict: ...


ROWS: list[Any] = []


def row(why: str, implementation: Any, protocol: Any = P, ok: bool = True) -> None:
    """Add a row to the table: what it is, and whether it satisfies the protocol."""
    ROWS.append(pytest.param(implementation, protocol, ok, id=why))


row("AsyncMock", AsyncMock(), AP)
row("MagicMock spec", MagicMock(spec=AP), AP)
row("autospec", create_autospec(AP, instance=True), AP)
row("Mock()", Mock())
row("Mock for sync", MagicMock(), P)


# mock attr on real class
class R:
    def track(self, operation, tokens, metadata=None): ...


r = R()
r.track = MagicMock(wraps=r.track)
row("mock attr", r)
r = R()
r.track = create_autospec(r.track)
row("autospec attr", r)


# ABC
class Base(abc.ABC):
    @abc.abstractmethod
    def track(self, operation, tokens, metadata=None): ...


class Concrete(Base):
    def track(self, operation, tokens, metadata=None): ...


row("abc", Concrete())
row("abc class", Base, P, False)


# attrs/dataclass slots
@attrs.define
class At:
    x: int = 0

    def track(self, operation, tokens, metadata=None): ...


row("attrs", At())


@dataclasses.dataclass(slots=True, frozen=True)
class Dc:
    def track(self, operation, tokens, metadata=None): ...


row("dc", Dc())


class En(enum.Enum):
    A = 1

    def track(self, operation, tokens, metadata=None): ...


row("enum", En.A)


class NT(NamedTuple):
    x: int

    def track(self, operation, tokens, metadata=None): ...


row("nt", NT(1))


# deprecated
class Dep:
    @deprecated("x")
    def track(self, operation, tokens, metadata=None): ...


row("deprecated", Dep())


class Ov:
    @override
    def track(self, operation: str, tokens: int, metadata: Optional[dict] = None) -> None: ...


row("override", Ov())


# lock decorators
def locked(m):
    @functools.wraps(m)
    def w(self, *a, **k):
        with self._lock:
            return m(self, *a, **k)

    return w


class L:
    _lock = threading.Lock()

    @locked
    def track(self, operation, tokens, metadata=None): ...


row("locked", L())


class L2(L):
    @locked
    def track(self, operation, tokens): ...


row("locked bad", L2(), P, False)


# decorator with parameters
def retry(n):
    def deco(fn):
        @functools.wraps(fn)
        def w(*args, **kwargs):
            last = None
            for _ in range(n):
                try:
                    return fn(*args, **kwargs)
                except Exception as e:
                    last = e
            raise last

        return w

    return deco


class Re:
    @retry(3)
    def track(self, operation, tokens, metadata=None): ...


row("retry", Re())


class Re2:
    @retry(3)
    def track(self, operation, tokens, metadata): ...


row("retry bad", Re2(), P, False)


# decorator adapting via explicit
def with_conn(fn):
    @functools.wraps(fn)
    def w(self, operation, tokens, metadata=None):
        return fn(self, self.conn, operation, tokens, metadata)

    return w


class WC:
    conn = 1

    @with_conn
    def track(self, conn, operation, tokens, metadata): ...


row("explicit adapt", WC())


def stripkw(fn):
    @functools.wraps(fn)
    def w(self, *args, metadata=None, **kwargs):
        return fn(self, *args, **kwargs)

    return w


class SK:
    @stripkw
    def track(self, operation, tokens): ...


row("strip: metadata positional goes on -> reject", SK(), P, False)


# contextdecorator
class timed(contextlib.ContextDecorator):
    def __enter__(self):
        return self

    def __exit__(self, *a):
        return False


class CD:
    @timed()
    def track(self, operation, tokens, metadata=None): ...


row("ContextDecorator", CD())


class CD2:
    @timed()
    def track(self, operation, tokens): ...


row("ContextDecorator bad", CD2(), P, False)


# to_thread async wrapper
def threaded(fn):
    @functools.wraps(fn)
    async def w(*args, **kwargs):
        return await asyncio.to_thread(fn, *args, **kwargs)

    return w


class Th:
    @threaded
    def fetch(self, key: str) -> dict:
        return {}


row("threaded", Th(), AP)


def threaded2(fn):
    @functools.wraps(fn)
    def w(*args, **kwargs):
        return asyncio.to_thread(fn, *args, **kwargs)

    return w


class Th2:
    @threaded2
    def fetch(self, key: str) -> dict:
        return {}


row("threaded2", Th2(), AP)


class Th3:
    @threaded
    def fetch(self, k: str) -> dict:
        return {}


row("threaded ren", Th3(), AP, False)


def executor(fn):
    @functools.wraps(fn)
    async def w(self, *args, **kwargs):
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(None, functools.partial(fn, self, *args, **kwargs))

    return w


class Ex:
    @executor
    def fetch(self, key: str) -> dict:
        return {}


row("executor", Ex(), AP)


def lam(fn):
    @functools.wraps(fn)
    async def w(self, *args, **kwargs):
        return await asyncio.to_thread(lambda: fn(self, *args, **kwargs))

    return w


class Lm:
    @lam
    def fetch(self, key: str) -> dict:
        return {}


row("lambda", Lm(), AP)


# async lying
def mk_sync(fn):
    @functools.wraps(fn)
    def w(*a, **k):
        loop = asyncio.new_event_loop()
        try:
            return loop.run_until_complete(fn(*a, **k))
        finally:
            loop.close()

    return w


class SP(Protocol):
    def fetch(self, key: str) -> dict: ...


class MS:
    @mk_sync
    async def fetch(self, key: str) -> dict:
        return {}


row("mk_sync sync", MS(), SP)
row("mk_sync async", MS(), AP, False)


class FutA:
    def fetch(self, key: str) -> asyncio.Future[dict]: ...


row("future", FutA(), AP)


class TaskA:
    def fetch(self, key: str) -> asyncio.Task[dict]: ...


row("task", TaskA(), AP)


class CorA:
    def fetch(self, key):
        return self._c.fetch(key)

    def __init__(self):
        self._c = Th()


row("delegated coroutine", CorA(), AP)


class CorG:
    def __getattr__(self, n):
        return getattr(Th(), n)


row("getattr coroutine", CorG(), AP)


# types.coroutine
class TC:
    @types.coroutine
    def fetch(self, key):
        yield
        return {}


row("types.coroutine", TC(), AP)


# Made anew for each instance: it names the plain function and calls the bound one, as the caches
# of methods in cachetools do.
class _Kept:
    def __init__(self, fn, instance):
        functools.update_wrapper(self, fn)
        self.__call = types.MethodType(fn, instance)

    def __call__(self, /, *args, **kwargs):
        return self.__call(*args, **kwargs)


class kept:
    def __init__(self, fn):
        functools.update_wrapper(self, fn)
        self.fn = fn

    def __get__(self, instance, owner=None):
        return self if instance is None else _Kept(self.fn, instance)


class PerInstance:
    @kept
    def track(self, operation, tokens, metadata=None): ...


class PerInstanceRenamed:
    @kept
    def track(self, operation, count, metadata=None): ...


row("wrapper per instance", PerInstance())
row("wrapper per instance, renamed", PerInstanceRenamed(), P, False)


@pytest.mark.parametrize(("implementation", "protocol", "ok"), ROWS)
def test_wrapped_implementation_is_judged_as_a_call_would(implementation, protocol, ok):
    """The answer is the one that a really performed call gives."""
    answer = accepts(implementation, protocol)
    assert answer.ok == ok, str(answer)
