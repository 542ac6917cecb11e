"""Pairs of a protocol and a plainly written implementation, with the expected answer."""

from __future__ import annotations

import enum
from typing import Any, NamedTuple, Optional, Protocol

import pytest


class Pair(NamedTuple):
    """One row of the table; without clauses the implementation is to be accepted."""

    protocol: type
    implementation: type
    clauses: frozenset[str]


PAIRS: list[Pair] = []


def pair(protocol: type, *clauses: str) -> Any:
    """Register a class as implementation; its docstring gives the reason."""

    def register(implementation: type) -> type:
        PAIRS.append(Pair(protocol, implementation, frozenset(clauses)))
        return implementation

    return register


class Mode(enum.Enum):
    """For defaults."""

    FAST = 1
    SLOW = 2


MISSING = object()


class Track(Protocol):
    """The usual case: required ones, then an optional one."""

    def track(self, operation: str, tokens: int, metadata: Optional[dict] = None) -> None: ...  # noqa: UP045


class Two(Protocol):
    """Two required parameters."""

    def put(self, key: str, value: int) -> None: ...


class Only(Protocol):
    """By position only."""

    def put(self, key: str, value: int, /) -> None: ...


class Mixed(Protocol):
    """Every kind of ordinary parameter."""

    def mix(self, a: int, /, b: int, c: int = 3, *, d: int, e: int = 5) -> None: ...


class Rest(Protocol):
    """Any number of arguments."""

    def log(self, message: str, *parts: str) -> None: ...


class Options(Protocol):
    """Any keyword."""

    def send(self, event: str, **fields: Any) -> None: ...


class Both(Protocol):
    """Anything at all."""

    def call(self, *args: Any, **kwargs: Any) -> Any: ...


class Named(Protocol):
    """Keyword-only."""

    def find(self, *, key: str, limit: int = 10) -> None: ...


class Old(Protocol):
    """The convention of PEP 484 for positional-only parameters."""

    def put(self, __key: str, __value: int) -> None: ...


class Nothing(Protocol):
    """No parameters."""

    def ping(self) -> None: ...


class Defaults(Protocol):
    """Defaults of several types."""

    def f(self, a: int = 1, b: Any = MISSING, c: Mode = Mode.FAST, d: tuple = (1, "x")) -> None: ...


class Stubbed(Protocol):
    """A default left open."""

    def f(self, a: int = ...) -> None: ...  # type: ignore[assignment]


class NotANumber(Protocol):
    """A default that is not equal to itself."""

    def f(self, a: float = float("nan")) -> None: ...


class Flag(Protocol):
    """A boolean default."""

    def f(self, a: bool = True) -> None: ...


class MutableDefault(Protocol):
    """Equal, not identical."""

    def f(self, a: list = []) -> None: ...  # noqa: B006


# --- Track -------------------------------------------------------------------------------------


@pair(Track)
class TrackSame:
    """Written like the protocol."""

    def track(self, operation: str, tokens: int, metadata: dict | None = None) -> None: ...


@pair(Track)
class TrackBare:
    """Annotations may be missing."""

    def track(self, operation, tokens, metadata=None): ...


@pair(Track)
class TrackExtraOptional:
    """An extra optional parameter at the end harms nobody."""

    def track(self, operation, tokens, metadata=None, trace=None): ...


@pair(Track)
class TrackExtraNamed:
    """Nor does an optional keyword-only one."""

    def track(self, operation, tokens, metadata=None, *, trace=None): ...


@pair(Track)
class TrackExtraStars:
    """Nor do variadics behind."""

    def track(self, operation, tokens, metadata=None, *args, **kwargs): ...


@pair(Track)
class TrackSwallow:
    """Takes anything; what it expects is not visible."""

    def track(self, *args, **kwargs): ...


@pair(Track)
class TrackSwallowTail:
    """Names the first, swallows the rest."""

    def track(self, operation, *args, **kwargs): ...


@pair(Track)
class TrackAllOptional:
    """Required ones may be optional."""

    def track(self, operation="", tokens=0, metadata=None): ...


@pair(Track)
class TrackOtherSelf:
    """``self`` may have any name."""

    def track(this, operation, tokens, metadata=None): ...  # noqa: N805


@pair(Track)
class TrackSlots:
    """A slots class."""

    __slots__ = ("x",)

    def track(self, operation, tokens, metadata=None): ...


@pair(Track, "SIG-01")
class TrackMissing:
    """No such method."""


@pair(Track, "SIG-01")
class TrackNone:
    """Set to None."""

    track = None


@pair(Track, "SIG-01")
class TrackConstant:
    """Not callable."""

    track = 5


@pair(Track, "SIG-03")
class TrackRenamed:
    """A renamed parameter."""

    def track(self, op, tokens, metadata=None): ...


@pair(Track, "SIG-03")
class TrackRenamedLast:
    """The optional one is renamed."""

    def track(self, operation, tokens, meta=None): ...


@pair(Track, "SIG-03")
class TrackSwapped:
    """Two parameters are swapped."""

    def track(self, tokens, operation, metadata=None): ...


@pair(Track, "SIG-03")
class TrackSwappedOptional:
    """All optional, so every call binds, wrongly."""

    def track(self, tokens=0, operation="", metadata=None): ...


@pair(Track, "SIG-03")
class TrackRenamedHidden:
    """``**kwargs`` hides the rename from callers by keyword."""

    def track(self, op=None, tokens=None, metadata=None, **kwargs): ...


@pair(Track, "DEF-01")
class TrackRequired:
    """What was optional is required."""

    def track(self, operation, tokens, metadata): ...


@pair(Track, "DEF-02")
class TrackOtherDefault:
    """Another default."""

    def track(self, operation, tokens, metadata={}): ...  # noqa: B006


@pair(Track, "DEF-03")
class TrackExtraRequired:
    """An extra required parameter."""

    def track(self, operation, tokens, metadata, region): ...


@pair(Track, "DEF-03")
class TrackExtraRequiredNamed:
    """An extra required keyword-only parameter."""

    def track(self, operation, tokens, metadata=None, *, region): ...


@pair(Track, "DEF-03")
class TrackExtraFirst:
    """An extra required parameter in front."""

    def track(self, tenant, operation, tokens, metadata=None): ...


@pair(Track, "SIG-03")
class TrackExtraMiddle:
    """An optional parameter in the middle takes the place of another."""

    def track(self, operation, unit=None, tokens=None, metadata=None): ...


@pair(Track, "SIG-02")
class TrackTooFew:
    """A parameter is missing."""

    def track(self, operation, tokens): ...


@pair(Track, "SIG-02")
class TrackPositionalOnly:
    """Not by keyword any more."""

    def track(self, operation, tokens, metadata=None, /): ...


@pair(Track, "SIG-02")
class TrackKeywordOnly:
    """Not by position any more."""

    def track(self, *, operation, tokens, metadata=None): ...


@pair(Track, "SIG-02")
class TrackPartlyKeywordOnly:
    """The last one not by position any more."""

    def track(self, operation, tokens, *, metadata=None): ...


@pair(Track, "SIG-02")
class TrackOnlyStarArgs:
    """No keywords."""

    def track(self, *args): ...


@pair(Track, "SIG-02")
class TrackOnlyStarKwargs:
    """No positions."""

    def track(self, **kwargs): ...


@pair(Track, "SIG-02")
class TrackPrivateNames:
    """``__x`` cannot be given by its name."""

    def track(self, __operation, tokens, metadata=None): ...


@pair(Track, "SIG-02")
class TrackNoSelf:
    """``self`` was forgotten."""

    def track(operation, tokens, metadata=None): ...  # noqa: N805


@pair(Track, "SIG-04")
class TrackAsync:
    """Nobody awaits it."""

    async def track(self, operation, tokens, metadata=None): ...


@pair(Track, "SIG-04")
class TrackGenerator:
    """Nobody iterates it, the body never runs."""

    def track(self, operation, tokens, metadata=None):
        yield


# --- the other protocols -----------------------------------------------------------------------


@pair(Only)
class OnlyOtherNames:
    """Positional-only names are nobody's business."""

    def put(self, k, v): ...


@pair(Only)
class OnlySame:
    """Written like the protocol."""

    def put(self, key, value, /): ...


@pair(Only)
class OnlyStarArgs:
    """Takes any number."""

    def put(self, *args): ...


@pair(Only, "SIG-02")
class OnlyKeyword:
    """The second cannot be given by position."""

    def put(self, key, *, value): ...


@pair(Only, "DEF-03")
class OnlyThree:
    """One more is needed."""

    def put(self, key, value, extra): ...


@pair(Old)
class OldOtherNames:
    """``__x`` is positional-only by convention."""

    def put(self, k, v): ...


@pair(Old)
class OldSame:
    """Mangled on both sides, differently."""

    def put(self, __key, __value): ...


@pair(Old, "SIG-02")
class OldTooFew:
    """Takes one."""

    def put(self, key): ...


@pair(Two, "SIG-02")
class TwoOld:
    """Here the names matter."""

    def put(self, __key, __value): ...


@pair(Mixed)
class MixedSame:
    """Written like the protocol."""

    def mix(self, a, /, b, c=3, *, d, e=5): ...


@pair(Mixed)
class MixedLoose:
    """More liberal everywhere."""

    def mix(self, z=0, b=0, c=3, d=0, e=5): ...


@pair(Mixed, "SIG-02")
class MixedKeywordMoved:
    """A keyword-only parameter became positional-only."""

    def mix(self, a, d, /, b, c=3, *, e=5): ...


@pair(Mixed, "SIG-02")
class MixedShifted:
    """Keyword-only parameters moved in front."""

    def mix(self, a, d=None, b=None, c=3, *, e=5): ...


@pair(Mixed, "DEF-01")
class MixedRequired:
    """An optional keyword is required."""

    def mix(self, a, /, b, c=3, *, d, e): ...


@pair(Mixed, "DEF-02")
class MixedDefault:
    """A keyword-only default differs."""

    def mix(self, a, /, b, c=3, *, d, e=6): ...


@pair(Rest)
class RestSame:
    """Any number too."""

    def log(self, message, *parts): ...


@pair(Rest)
class RestOtherName:
    """The name of ``*args`` is nobody's business."""

    def log(self, message, *args, **kwargs): ...


@pair(Rest, "SIG-02")
class RestFixed:
    """Only three."""

    def log(self, message, a=None, b=None): ...


@pair(Rest, "SIG-02")
class RestNone:
    """None at all."""

    def log(self, message): ...


@pair(Rest, "SIG-03")
class RestCaught:
    """The first extra argument is caught by another parameter."""

    def log(self, message, level=20, *parts): ...


@pair(Rest)
class RestNamedAfter:
    """A keyword-only option behind."""

    def log(self, message, *parts, level=20): ...


@pair(Rest, "DEF-03")
class RestNamedRequired:
    """A required one behind."""

    def log(self, message, *parts, level): ...


@pair(Options)
class OptionsSame:
    """Any keyword too."""

    def send(self, event, **fields): ...


@pair(Options)
class OptionsPicked:
    """Picks one known keyword out."""

    def send(self, event, colour=None, **fields): ...


@pair(Options, "SIG-02")
class OptionsFixed:
    """Only known keywords."""

    def send(self, event, *, colour=None): ...


@pair(Options, "SIG-02")
class OptionsDict:
    """One dict instead."""

    def send(self, event, fields=None): ...


@pair(Both)
class BothSame:
    """Takes anything too."""

    def call(self, *args, **kwargs): ...


@pair(Both, "SIG-02")
class BothOne:
    """Takes one."""

    def call(self, one): ...


@pair(Named)
class NamedSame:
    """Written like the protocol."""

    def find(self, *, key, limit=10): ...


@pair(Named)
class NamedLoose:
    """Positional too; the order is free."""

    def find(self, limit=10, key=""): ...


@pair(Named)
class NamedKwargs:
    """Swallows keywords."""

    def find(self, **kwargs): ...


@pair(Named, "SIG-02")
class NamedRenamed:
    """A renamed keyword."""

    def find(self, *, name, limit=10): ...


@pair(Named, "SIG-02")
class NamedPositional:
    """By position only."""

    def find(self, key, limit=10, /): ...


@pair(Nothing)
class NothingSame:
    """No parameters."""

    def ping(self): ...


@pair(Nothing)
class NothingOptional:
    """An optional one."""

    def ping(self, times=1): ...


@pair(Nothing, "DEF-03")
class NothingRequired:
    """A required one."""

    def ping(self, times): ...


@pair(Nothing, "SIG-02")
class NothingNoSelf:
    """Not even ``self``."""

    def ping(): ...  # type: ignore[misc]


# --- defaults ----------------------------------------------------------------------------------


@pair(Defaults)
class DefaultsSame:
    """Equal."""

    def f(self, a=1, b=MISSING, c=Mode.FAST, d=(1, "x")): ...


@pair(Defaults)
class DefaultsFloat:
    """1.0 equals 1."""

    def f(self, a=1.0, b=MISSING, c=Mode.FAST, d=(1, "x")): ...


@pair(Defaults, "DEF-02")
class DefaultsTrue:
    """True is not 1."""

    def f(self, a=True, b=MISSING, c=Mode.FAST, d=(1, "x")): ...


@pair(Defaults, "DEF-02")
class DefaultsSentinel:
    """Another sentinel."""

    def f(self, a=1, b=object(), c=Mode.FAST, d=(1, "x")): ...  # noqa: B008


@pair(Defaults, "DEF-02")
class DefaultsEnum:
    """Another member."""

    def f(self, a=1, b=MISSING, c=Mode.SLOW, d=(1, "x")): ...


@pair(Defaults, "DEF-02")
class DefaultsNested:
    """A nested difference."""

    def f(self, a=1, b=MISSING, c=Mode.FAST, d=(True, "x")): ...


@pair(Stubbed)
class StubbedAny:
    """``...`` means some default."""

    def f(self, a=99): ...


@pair(Stubbed, "DEF-01")
class StubbedRequired:
    """But it is optional."""

    def f(self, a): ...


@pair(NotANumber)
class NotANumberSame:
    """nan is nan here."""

    def f(self, a=float("nan")): ...


@pair(NotANumber, "DEF-02")
class NotANumberZero:
    """Zero is not."""

    def f(self, a=0.0): ...


@pair(Flag, "DEF-02")
class FlagOne:
    """1 is not True."""

    def f(self, a=1): ...


@pair(Flag, "DEF-02")
class FlagFalse:
    """False is not True."""

    def f(self, a=False): ...


@pair(MutableDefault)
class MutableEqual:
    """Equal lists."""

    def f(self, a=[]): ...  # noqa: B006


@pair(MutableDefault, "DEF-02")
class MutableTuple:
    """A tuple is no list."""

    def f(self, a=()): ...


@pair(Track, "SIG-01")
class TrackInheritsStub(Track):
    """The stub of the protocol is no implementation."""


@pair(Track)
class TrackInherits(Track):
    """Deriving from the protocol and implementing it is fine."""

    def track(self, operation: str, tokens: int, metadata: dict | None = None) -> None:
        return None


@pytest.mark.parametrize("row", PAIRS, ids=lambda row: row.implementation.__name__)
def test_plain_implementation_is_judged_as_the_calls_themselves(row, check_pair):
    """The answer is the expected one, and agrees with really calling."""
    stub = row.implementation is TrackInheritsStub
    check_pair(row.protocol, row.implementation(), set(row.clauses), perform=not stub)


@pytest.mark.parametrize("row", PAIRS, ids=lambda row: row.implementation.__name__)
def test_class_is_judged_like_its_instances(row, check_pair):
    """Passing the class gives the same clauses without creating an instance."""
    check_pair(row.protocol, row.implementation, set(row.clauses), perform=False)
