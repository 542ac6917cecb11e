"""Rules about type hints, overloads, type parameters and the kind of result."""

from __future__ import annotations

from typing import Final

from .model import Rule

__all__ = ["HINT_RULES"]

_OVERLOADS: Final = (
    "@overload\ndef read(self, key: int) -> int: ...\n\n"
    "@overload\ndef read(self, key: str) -> str: ..."
)

HINT_RULES: Final = (
    Rule(
        "FLO-01",
        "the result is awaited, iterated or used in another way",
        "`async def` gives an awaitable, an async generator something to iterate over, `def` the "
        "value itself. Whoever expects one of them fails on another. `def f() -> AsyncIterator[X]` "
        "and an `async def` with a `yield` are the same to callers.",
        "MAJOR",
        "def read(self, key: str) -> str: ...",
        "async def read(self, key: str) -> str: ...",
        "add an optional method of another name, such as `aread`",
    ),
    Rule(
        "FLO-02",
        "a method is written in another way, with the same kind of result",
        "For instance `async def f() -> int` and `def f() -> Awaitable[int]`: both are awaited. A "
        "type checker may still tell them apart: not every awaitable is a coroutine.",
        "PATCH",
        "def stream(self) -> AsyncIterator[int]: ...",
        "async def stream(self) -> AsyncIterator[int]:\n    yield 0",
        "nothing to do where no witness is shown",
    ),
    Rule(
        "HNT-01",
        "the type of a parameter changed",
        "Wider: callers of the new version send what existing implementations do not take. "
        "Narrower: callers of the old version send what new implementations do not take. "
        "Compatible both ways, as between `dict` and `dict[str, Any]`: nobody breaks, PATCH.",
        "MAJOR",
        "def read(self, key: str) -> str: ...",
        "def read(self, key: str | int) -> str: ...",
        "add an optional method that takes the new type",
    ),
    Rule(
        "HNT-02",
        "the type of a result changed",
        "Narrower: existing implementations give what the new version no longer permits. Wider: "
        "callers of the old version get what they do not expect.",
        "MAJOR",
        "def read(self, key: str) -> str: ...",
        "def read(self, key: str) -> str | None: ...",
        "add an optional method that gives the new type",
    ),
    Rule(
        "HNT-03",
        "a type that hints mention is defined differently",
        "The hint reads the same, and stands for something else: a TypedDict has another key, an "
        "enum another member, a callback protocol another signature. Whoever makes such values by "
        "the old definition must still serve who reads them by the new one, and the reverse.",
        "MAJOR",
        "def read(self, key: str) -> Event: ...",
        "def read(self, key: str) -> Event: ...",
        "add keys as NotRequired, fields with a default",
        "class Event(TypedDict):\n    name: str\n",
        "class Event(TypedDict):\n    name: str\n    tenant: str\n",
    ),
    Rule(
        "OVL-01",
        "an overload was added",
        "Callers of the new version use it, and existing implementations do not know it. Where the "
        "other overloads already cover it, nobody breaks.",
        "MAJOR",
        _OVERLOADS,
        _OVERLOADS + "\n\n@overload\ndef read(self, key: bytes) -> bytes: ...",
        "add an optional method of another name",
    ),
    Rule(
        "OVL-02",
        "an overload was removed",
        "Callers of the old version use it. Where the other overloads still cover it, nobody "
        "breaks.",
        "MAJOR",
        _OVERLOADS + "\n\n@overload\ndef read(self, key: bytes) -> bytes: ...",
        _OVERLOADS,
        "keep it",
    ),
    Rule(
        "OVL-03",
        "overloads are in another order",
        "The first overload that takes the arguments decides about the result, so the order "
        "matters only where two of them take the same arguments.",
        "PATCH",
        _OVERLOADS,
        "@overload\ndef read(self, key: str) -> str: ...\n\n"
        "@overload\ndef read(self, key: int) -> int: ...",
        "nothing to do where no witness is shown",
    ),
    Rule(
        "GEN-01",
        "the protocol has another number of type parameters",
        "`P[int]` written for the old version raises TypeError under the new one. A protocol that "
        "had none breaks nobody by that alone.",
        "MAJOR",
        "def read(self) -> T: ...",
        "def read(self, key: K) -> T: ...",
        "add a protocol of another name",
        'T = TypeVar("T")\nK = TypeVar("K")\n',
    ),
    Rule(
        "GEN-02",
        "the variance of a type parameter changed",
        "`P[Dog]` was good where `P[Animal]` is asked for, and a type checker no longer takes it.",
        "MAJOR",
        "def read(self) -> T: ...",
        "def read(self) -> T: ...",
        "keep the variance",
        'T = TypeVar("T", covariant=True)\n',
        'T = TypeVar("T")\n',
    ),
    Rule(
        "GEN-03",
        "the bound of a type parameter changed",
        "Type arguments that were allowed no longer are.",
        "MAJOR",
        "def read(self) -> T: ...",
        "def read(self) -> T: ...",
        "keep the bound, or widen it",
        'T = TypeVar("T")\n',
        'T = TypeVar("T", bound=int)\n',
    ),
    Rule(
        "GEN-04",
        "@runtime_checkable came or went",
        "Without it isinstance() raises TypeError: callers who ask break. That it came breaks "
        "nobody.",
        "MAJOR",
        "def read(self) -> str: ...",
        "def read(self) -> str: ...",
        "keep the decorator",
        "@runtime_checkable",
        "",
    ),
    Rule(
        "GEN-05",
        "the default of a type parameter changed",
        "`P` without arguments means the protocol with its defaults (PEP 696). Where a default "
        "goes, `P[int]` that left the rest to it raises TypeError; where it changes, `P` is "
        "another type than it was.",
        "MAJOR",
        "def read(self) -> T: ...",
        "def read(self) -> T: ...",
        "keep the default",
        'from typing_extensions import TypeVar\n\nT = TypeVar("T", default=int)\n',
        'from typing_extensions import TypeVar\n\nT = TypeVar("T", default=str)\n',
    ),
)
