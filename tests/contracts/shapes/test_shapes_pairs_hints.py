"""Type hints as implementations really write them."""

# ruff: noqa: E402, F811, UP045
from __future__ import annotations

import typing as t
from collections import OrderedDict
from collections.abc import AsyncIterator as AIt
from collections.abc import Generator, Iterable, Mapping
from typing import Any, NamedTuple, Optional, Protocol, TypeVar, overload

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


# overloads on impl
class OvI:
    @overload
    def track(self, operation: str, tokens: int) -> None: ...
    @overload
    def track(self, operation: str, tokens: int, metadata: Optional[dict]) -> None: ...
    def track(self, operation, tokens, metadata=None): ...


row("impl overloads", OvI())
# type var bound, constrained
TB = TypeVar("TB", bound=str)


class TBP(Protocol):
    def f(self, x: TB) -> TB: ...


class TBi:
    def f(self, x: str) -> str: ...


class TBj:
    def f(self, x: int) -> int: ...


row("bound tv", TBi(), TBP)
row("bound tv bad", TBj(), TBP, False)


# Protocol typed param: structural
class Closer(Protocol):
    def close(self) -> None: ...


class CP(Protocol):
    def f(self, c: Closer) -> Closer: ...


class File:
    def close(self) -> None: ...


class CPi:
    def f(self, c: Closer) -> File: ...


row("struct ret", CPi(), CP)


class CPj:
    def f(self, c: File) -> int: ...


row("struct ret bad", CPj(), CP, False)


class It1(Protocol):
    def f(self) -> Iterable[int]: ...


class It2:
    def f(self) -> Generator[int, None, None]:
        yield 1


row("gen", It2(), It1)


class It3:
    async def f(self) -> AIt[int]:
        yield 1


row("agen", It3(), It1, False)


class It4:
    def f(self) -> range: ...


row("range", It4(), It1)


class It5:
    def f(self) -> map: ...


row("map", It5(), It1)


class It6:
    def f(self) -> dict[int, str]: ...


row("dict iter", It6(), It1)


class It7:
    def f(self) -> bytes: ...


row("bytes iter", It7(), It1)


class It8:
    def f(self) -> str: ...


row("str iter", It8(), It1, False)


class NrP(Protocol):
    def f(self) -> None: ...


class Nr:
    def f(self) -> t.NoReturn: ...


row("noreturn", Nr(), NrP)


class TupP(Protocol):
    def f(self) -> tuple[bool, Optional[str]]: ...


class NTR(NamedTuple):
    ok: bool
    why: Optional[str]


class Tup1:
    def f(self) -> NTR: ...


row("namedtuple", Tup1(), TupP)


class ODP(Protocol):
    def f(self) -> dict: ...


from collections import OrderedDict


class OD:
    def f(self) -> OrderedDict[str, int]: ...


row("od", OD(), ODP)


class MPr:
    def f(self) -> Mapping[str, Any]: ...


row("mapping", MPr(), ODP, False)


class AnyR:
    def f(self) -> Any: ...


row("any", AnyR(), ODP)


class ObjR:
    def f(self) -> object: ...


row("obj", ObjR(), ODP, False)


class OptR:
    def f(self) -> Optional[dict]: ...


row("opt", OptR(), ODP, False)


@pytest.mark.parametrize(("implementation", "protocol", "ok"), ROWS)
def test_hints_implementation_is_judged_as_a_call_would(implementation, protocol, ok):
    """The answer is the one that a really performed call gives."""
    answer = accepts(implementation, protocol)
    assert answer.ok == ok, str(answer)
