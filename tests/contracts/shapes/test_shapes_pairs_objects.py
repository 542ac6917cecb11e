"""Unusual objects, callbacks, callable attributes, and hints of everyday code."""

# ruff: noqa: RUF013, UP045 - implementations are written as people write them
from __future__ import annotations

import functools
import operator
import types
import weakref
from collections.abc import Callable
from typing import Any, Optional, Protocol

import pytest

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


class R:
    def track(self, operation, tokens, metadata=None): ...


r = R()


# private name protocol
class Pv(Protocol):
    def _helper(self, a: int) -> None: ...
    def pub(self) -> None: ...


class PvI:
    def pub(self): ...


row("private", PvI(), Pv, False)


# __slots__ + callable in slot
class Sl:
    __slots__ = ("track",)

    def __init__(self):
        self.track = lambda operation, tokens, metadata=None: None


row("slot", Sl())
row("slotcls", Sl)


# weird callables
class ItemP(Protocol):
    def get(self, obj: object, /) -> object: ...


row("itemgetter", types.SimpleNamespace(get=operator.itemgetter(0)), ItemP)
row("methodcaller", types.SimpleNamespace(get=operator.methodcaller("x")), ItemP)
row("len", types.SimpleNamespace(get=len), ItemP)
row("print", types.SimpleNamespace(get=print), ItemP)
row("int cls", types.SimpleNamespace(get=int), ItemP)
row("type", types.SimpleNamespace(get=type), ItemP)
row("str.upper", types.SimpleNamespace(get=str.upper), ItemP)
row("dict.fromkeys", types.SimpleNamespace(get=dict.fromkeys), ItemP)


# broken getattr
class Boom:
    @property
    def track(self):
        raise RuntimeError("x")


row("boom", Boom(), P, False)


class Boom2:
    def __getattribute__(self, n):
        if n == "track":
            raise ValueError("no")
        return object.__getattribute__(self, n)


row("boom2", Boom2(), P, False)


class Dyn:
    def __getattribute__(self, n):
        if n == "track":
            return lambda operation, tokens, metadata=None: None
        return object.__getattribute__(self, n)


row("dyn", Dyn())


# metaclass call
class Meta(type):
    def __call__(cls, operation, tokens, metadata=None):
        return 1


class MC(metaclass=Meta): ...


row("meta", types.SimpleNamespace(track=MC))


# class as impl, with classmethods
class CM:
    @classmethod
    def track(cls, operation, tokens, metadata=None): ...


row("cls with classmethod", CM)
row("proxy weakref", weakref.proxy(r))


# functions as callbacks
class CB(Protocol):
    def __call__(self, event: str, *, n: int = 0) -> None: ...


def cb(event, *, n=0): ...
def cb2(evt, *, n=0): ...


row("cb", cb, CB)
row("cb2", cb2, CB, False)
row("cb lambda", lambda event, *, n=0: None, CB)
row("partial cb", functools.partial(cb, n=0), CB)
row("partial cb other", functools.partial(cb, n=2), CB, False)
row("not callable", 5, CB, False)
row("None", None, P, False)


# protocol with property callable / Callable attr
class CA(Protocol):
    handler: Callable[[str], int]


class CAi:
    def __init__(self):
        self.handler = lambda s: 1


row("callable attr", CAi(), CA)


class CAm:
    def handler(self, s: str) -> int:
        return 1


row("callable attr method", CAm(), CA)


class CAb:
    handler = 5


row("callable attr 5", CAb(), CA, False)


class CAc:
    def __init__(self):
        self.handler = lambda a, b: 1


row("callable attr arity", CAc(), CA, False)


class CAs:
    def handler(self, s: int) -> int:
        return 1


row("callable attr annot", CAs(), CA, False)


# Protocol runtime default body inherits
class DefP(Protocol):
    def a(self) -> int: ...
    def b(self) -> int:
        return 3


class DefI(DefP):
    def a(self) -> int:
        return 1


row("inherits default", DefI(), DefP)


class DefN:
    def a(self) -> int:
        return 1


row("lacks default", DefN(), DefP, False)


# narrower optional return etc
class Ret(Protocol):
    def f(self) -> Optional[str]: ...


class Ret1:
    def f(self) -> str: ...


row("narrow return ok", Ret1(), Ret)


class Ret2:
    def f(self) -> Optional[int]: ...


row("ret other", Ret2(), Ret, False)


# Implicit optional
class IO1:
    def track(self, operation: str, tokens: int, metadata: dict = None) -> None: ...


row("implicit optional", IO1())


class Nw:
    def track(
        self, operation: str, tokens: int, metadata: Optional[dict[str, str]] = None
    ) -> None: ...


row("dict[str,str]", Nw())


class NR:
    def track(self, operation: str, tokens: int, metadata: Optional[dict] = None) -> bool: ...


row("returns bool for None", NR(), P, False)


class Kw:
    def track(
        self, operation: str, tokens: int, metadata: Optional[dict] = None, **kw: Any
    ) -> None: ...


row("kw", Kw())


class SA:
    def track(self, operation: str, *rest: Any, **kw: Any) -> None: ...


row("rest", SA())


class SAi:
    def track(self, *args: int, **kw: int) -> None: ...


row("annotated args int -> str passed", SAi(), P, False)


@pytest.mark.parametrize(("implementation", "protocol", "ok"), ROWS)
def test_objects_implementation_is_judged_as_a_call_would(implementation, protocol, ok):
    """The answer is the one that a really performed call gives."""
    answer = accepts(implementation, protocol)
    assert answer.ok == ok, str(answer)
