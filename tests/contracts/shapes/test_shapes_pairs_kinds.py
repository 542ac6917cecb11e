"""Unpacked keywords, inherited protocols, operators, wrapt, partials, dispatch."""

# ruff: noqa: E731, B019, UP045
from __future__ import annotations

import functools
import sys
from collections.abc import Iterator as It
from typing import Any, Optional, Protocol

import pytest
import wrapt
from typing_extensions import NotRequired, TypedDict, Unpack

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


class TD(TypedDict):
    a: int
    b: NotRequired[str]


class KP(Protocol):
    def f(self, *, a: int, b: str = "x") -> None: ...


class K1:
    def f(self, **kw: Unpack[TD]) -> None: ...


row("unpack impl", K1(), KP)


class TD2(TypedDict):
    a: int


class K2:
    def f(self, **kw: Unpack[TD2]) -> None: ...


row("unpack impl missing key", K2(), KP, False)


class TD3(TypedDict):
    a: str
    b: NotRequired[str]


class K3:
    def f(self, **kw: Unpack[TD3]) -> None: ...


row("unpack impl other type", K3(), KP, False)


class UP(Protocol):
    def f(self, **kw: Unpack[TD]) -> None: ...


class U1:
    def f(self, a: int, b: str = "q", **rest: object) -> None: ...


row("unpack proto", U1(), UP)


class U2:
    def f(self, *, a: str, b: str = "q") -> None: ...


row("unpack proto wrong type", U2(), UP, False)


# diamond
class A1(Protocol):
    def x(self, a: int) -> int: ...


class A2(A1, Protocol):
    def x(self, a: int, b: int = 0) -> int: ...


class A3(A1, Protocol): ...


class A4(A3, A2, Protocol): ...


class I1:
    def x(self, a: int) -> int: ...


row("diamond", I1(), A4, False)
row("diamond base", I1(), A1)


# dunders
class D(Protocol):
    async def __aenter__(self) -> D: ...
    async def __aexit__(self, *exc: object) -> None: ...
    def __iter__(self) -> It[int]: ...
    def __contains__(self, x: object) -> bool: ...
    def __eq__(self, o: object) -> bool: ...


class DI:
    async def __aenter__(self):
        return self

    async def __aexit__(self, t, v, tb): ...
    def __iter__(self):
        yield 1

    def __contains__(self, y):
        return True


row("dunders", DI(), D, False)  # *exc allows any number


class D2(Protocol):
    def __hash__(self) -> int: ...
    def __len__(self) -> int: ...


row("hash", [], D2, False)
row("hash2", (), D2)
row("hash3", frozenset(), D2)


# pos-only + kwargs collision not probed
class PK(Protocol):
    def h(self, event: str, /, **kw: Any) -> None: ...


class PKi:
    def h(self, event: str, **kw: Any) -> None: ...


row("a keyword may have the name of a positional-only parameter", PKi(), PK, False)


# defaults: None vs sentinel impl etc
# wrapt function wrapper on instance
def tr(wrapped, instance, args, kwargs):
    return wrapped(*args, **kwargs)


class W:
    def track(self, operation, tokens, metadata=None): ...


w = W()
w.track = wrapt.FunctionWrapper(w.track, tr)
row("wrapt inst", w)


@wrapt.decorator
async def atr(wrapped, instance, args, kwargs):
    return await wrapped(*args, **kwargs)


class WA:
    @atr
    async def fetch(self, key):
        return {}


row("wrapt async", WA(), AP)


@wrapt.decorator
def strn(wrapped, instance, args, kwargs):
    def _e(operation, tokens, metadata=None):
        return (operation, tokens), {}

    a, k = _e(*args, **kwargs)
    return wrapped(*a, **k)


class WS:
    @strn
    def track(self, operation, tokens): ...


row("wrapt stripping", WS())


class WO(wrapt.ObjectProxy):
    def track(self, operation, tokens, metadata=None):
        return self.__wrapped__.track(operation, tokens)


class Few:
    def track(self, operation, tokens): ...


row("proxy subclass", WO(Few()))


# cython-ish/builtins attr


class Di(dict): ...


class GP(Protocol):
    def get(self, key: Any, default: Any = None, /) -> Any: ...
    def keys(self) -> Any: ...


row("dict subclass", Di(), GP)


# lambda attr w/ closures wrong
class LA:
    track = lambda self, operation, tokens, metadata=None: None


row("lambda", LA())


class LB:
    track = lambda self, *a, **k: self._t(*a, **k)

    def _t(self, operation, tokens): ...


row("lambda fwd", LB(), P, False)


# a partial object as class attribute: a method from 3.14 on, before it is not bound
BOUND = sys.version_info >= (3, 14)


def free(operation, tokens, metadata=None): ...


class PA:
    track = functools.partial(free)


row("partial class attr", PA(), P, not BOUND)
row("partial class attr, cls", PA, P, not BOUND)


def free2(self, operation, tokens, metadata=None): ...


class PB:
    track = functools.partial(free2)


row("partial class attr needs self", PB(), P, BOUND)
row("partial class attr needs self, cls", PB, P, BOUND)


class PC:
    track = staticmethod(functools.partial(free))


row("partial as a static method", PC())
row("partial as a static method, cls", PC, P)


class PD:
    track = functools.partial(free2, metadata=None)


row("partial class attr presets what comes by position", PD(), P, False)


# bound method of other object
class PC:
    def __init__(self):
        self.track = W().track


row("bound other", PC())


# async property etc
class AProp:
    @property
    def fetch(self):
        async def f(key):
            return {}

        return f


row("aprop", AProp(), AP)


class AStat:
    @staticmethod
    async def fetch(key):
        return {}


row("astat", AStat(), AP)
row("astat cls", AStat, AP)


class ACls:
    @classmethod
    async def fetch(cls, key):
        return {}


row("acls", ACls(), AP)


class ASD(Protocol):
    async def go(self, x: int, /) -> None: ...


class ASDi:
    @functools.singledispatchmethod
    async def go(self, x): ...


row("async singledispatch", ASDi(), ASD)


class ASDs:
    @functools.singledispatchmethod
    def go(self, x): ...


row("sync singledispatch", ASDs(), ASD, False)


# cached async
class LC:
    @functools.lru_cache(None)
    def track(self, operation, tokens, metadata=None): ...


row("lru with Optional[dict] -> dict unhashable", LC(), P, False)


@pytest.mark.parametrize(("implementation", "protocol", "ok"), ROWS)
def test_kinds_implementation_is_judged_as_a_call_would(implementation, protocol, ok):
    """The answer is the one that a really performed call gives."""
    answer = accepts(implementation, protocol)
    assert answer.ok == ok, str(answer)
