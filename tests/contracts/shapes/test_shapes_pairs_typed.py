"""Pairs that differ in annotations, asynchrony, attributes, generics and overloads."""

# ruff: noqa: UP007, UP045 - the spellings are what is tested
from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Generic,
    Literal,
    NamedTuple,
    NewType,
    Optional,
    Protocol,
    TypedDict,
    TypeVar,
    Union,
    overload,
)

import pytest
from typing_extensions import NotRequired, ParamSpec, Self, Unpack

from luminescent_cluster.contracts.shapes import accepts

if TYPE_CHECKING:
    from decimal import Decimal

    from nowhere import Missing

T = TypeVar("T")
P = ParamSpec("P")
UserId = NewType("UserId", str)


class Summary(TypedDict):
    """A dict with known keys."""

    total: int


class Keywords(TypedDict):
    """Keywords, one of them optional."""

    colour: str
    size: NotRequired[int]


class Row(NamedTuple):
    """One row of the table; without clauses the implementation is to be accepted."""

    protocol: Any
    implementation: type
    clauses: frozenset[str]


ROWS: list[Row] = []


def pair(protocol: Any, *clauses: str) -> Any:
    """Register a class; its docstring gives the reason."""

    def register(implementation: type) -> type:
        ROWS.append(Row(protocol, implementation, frozenset(clauses)))
        return implementation

    return register


def takes(given: Any, wanted: Any) -> tuple[type, type]:
    """Return a protocol that passes ``given``, and an implementation that takes ``wanted``."""

    class Proto(Protocol):
        def f(self, x): ...

    class Impl:
        def f(self, x): ...

    Proto.f.__annotations__.update(x=given)
    Impl.f.__annotations__.update(x=wanted)
    return Proto, Impl


def returns(wanted: Any, given: Any) -> tuple[type, type]:
    """Return a protocol that promises ``wanted``, and an implementation that returns ``given``."""

    class Proto(Protocol):
        def f(self): ...

    class Impl:
        def f(self): ...

    Proto.f.__annotations__["return"] = wanted
    Impl.f.__annotations__["return"] = given
    return Proto, Impl


# A value of the left hint fits the right one: yes, no.
FITS: list[tuple[Any, Any, bool]] = [
    (int, int, True),
    (bool, int, True),
    (int, bool, False),
    (int, float, True),
    (float, int, False),
    (int, str, False),
    (str, object, True),
    (object, str, False),
    (int, Any, True),
    (Any, int, True),
    (None, None, True),
    (None, Optional[int], True),
    (Optional[int], None, False),
    (int, Optional[int], True),
    (Optional[int], int, False),
    (Optional[dict], Union[None, dict], True),
    (Union[int, str], Union[str, int, None], True),
    (Union[int, str, None], Union[str, int], False),
    (dict, dict[str, Any], True),
    (dict[str, Any], dict, True),
    (dict[str, int], dict[str, str], False),
    (dict[str, int], Mapping[str, int], True),
    (Mapping[str, int], dict[str, int], False),
    (dict, Mapping, True),
    (Mapping, dict, False),
    (list[int], Sequence[int], True),
    (list[int], Iterable[str], False),
    (Sequence[int], list[int], False),
    (str, Sequence[str], True),
    (tuple[int, str], tuple[int, str], True),
    (tuple[int, str], tuple[int, int], False),
    (tuple[int, str], tuple[int], False),
    (tuple[int, int], tuple[int, ...], True),
    (tuple[int, ...], tuple[int, int], False),
    (tuple[bool, str | None], tuple[bool, str | None], True),
    (tuple[bool, None], tuple[bool, str | None], True),
    (tuple[bool, str | None], tuple[bool, str], False),
    (tuple[bool, str], bool, False),
    (Literal["a"], str, True),
    (str, Literal["a"], False),
    (Literal["a"], Literal["a", "b"], True),
    (Literal["a", "b"], Literal["a"], False),
    (Literal[1], Literal[True], False),
    (UserId, str, True),
    (str, UserId, False),
    (Summary, Mapping[str, object], True),
    (Summary, dict, True),
    (dict[str, int], Summary, False),
    (Callable[[int], str], Callable[[int], str], True),
    (Callable[[object], bool], Callable[[int], int], True),
    (Callable[[int], str], Callable[[object], str], False),
    (Callable[[int], str], Callable[[int, int], str], False),
    (Callable[..., Any], Callable[[int], str], True),
    (Callable[[int], str], Callable, True),
    (int, Callable[[], int], False),
    (type[bool], type[int], True),
    (type[int], type[str], False),
    (dt.datetime, dt.date, True),
    (dt.date, dt.datetime, False),
    (Iterator[int], Iterable[int], True),
    (Coroutine[Any, Any, int], Awaitable[int], True),
    (Coroutine[Any, Any, str], Awaitable[int], False),
    ("Missing", int, True),
    (int, "Missing", True),
    ("Optional[int]", "int | None", True),
    ("int | None", "int", False),
]
# `X | None` in quotes cannot be evaluated for some forms on old interpreters.


@pytest.mark.parametrize(("source", "target", "fits"), FITS)
def test_argument_hint_is_contravariant(source, target, fits, check_pair):
    """What the protocol passes must fit what the implementation takes."""
    protocol, implementation = takes(source, target)
    check_pair(protocol, implementation(), set() if fits else {"SIG-05"}, perform=False)


@pytest.mark.parametrize(("source", "target", "fits"), FITS)
def test_result_hint_is_covariant(source, target, fits, check_pair):
    """What the implementation returns must fit what the protocol promises."""
    protocol, implementation = returns(target, source)
    check_pair(protocol, implementation(), set() if fits else {"SIG-05"}, perform=False)


# --- asynchrony --------------------------------------------------------------------------------


class Fetch(Protocol):
    """Awaited."""

    async def fetch(self, key: str) -> int: ...


class Later(Protocol):
    """Returns something to await, from a plain def."""

    def fetch(self, key: str) -> Awaitable[int]: ...


class Stream(Protocol):
    """Iterated with ``async for``."""

    def rows(self) -> AsyncIterator[int]: ...


class StreamLater(Protocol):
    """Awaited first, then iterated."""

    async def rows(self) -> AsyncIterator[int]: ...


class Rows(Protocol):
    """Iterated."""

    def rows(self) -> Iterator[int]: ...


async def a_number() -> int:
    """Give a number."""
    return 1


@pair(Fetch)
class FetchAsync:
    """Async too."""

    async def fetch(self, key: str) -> int: ...


@pair(Fetch)
class FetchAwaitable:
    """A plain def that says it returns an awaitable."""

    def fetch(self, key: str) -> Awaitable[int]: ...


@pair(Fetch)
class FetchVisible:
    """A plain def that visibly returns a coroutine."""

    def fetch(self, key):
        return a_number()


@pair(Fetch)
class FetchOwn:
    """A plain def that returns the coroutine of another method."""

    def fetch(self, key):
        return self._fetch(key)

    async def _fetch(self, key): ...


@pair(Fetch, "SIG-04")
class FetchSync:
    """Not awaitable."""

    def fetch(self, key: str) -> int: ...


@pair(Fetch, "SIG-04")
class FetchSyncBare:
    """Not awaitable, without annotations."""

    def fetch(self, key):
        return 1


@pair(Fetch, "SIG-04")
class FetchGenerator:
    """An async generator is no coroutine."""

    async def fetch(self, key):
        yield 1


@pair(Fetch, "SIG-05")
class FetchOther:
    """Another result."""

    async def fetch(self, key: str) -> str: ...


@pair(Fetch, "SIG-05")
class FetchAwaitableOther:
    """An awaitable of another result."""

    def fetch(self, key: str) -> Awaitable[str]: ...


@pair(Later)
class LaterAsync:
    """A coroutine is awaitable."""

    async def fetch(self, key: str) -> int: ...


@pair(Later, "SIG-05")
class LaterAsyncOther:
    """A coroutine of another result."""

    async def fetch(self, key: str) -> str: ...


@pair(Later, "SIG-05")
class LaterNow:
    """No awaitable."""

    def fetch(self, key: str) -> int: ...


@pair(Stream)
class StreamGenerator:
    """An async generator."""

    async def rows(self) -> AsyncIterator[int]:
        yield 1


@pair(Stream, "SIG-04")
class StreamCoroutine:
    """Must be awaited first."""

    async def rows(self) -> AsyncIterator[int]: ...


@pair(StreamLater, "SIG-04")
class StreamLaterGenerator:
    """Cannot be awaited."""

    async def rows(self) -> AsyncIterator[int]:
        yield 1


@pair(StreamLater)
class StreamLaterCoroutine:
    """Awaited, gives an iterator."""

    async def rows(self) -> AsyncIterator[int]: ...


@pair(Rows)
class RowsGenerator:
    """A generator."""

    def rows(self) -> Iterator[int]:
        yield 1


@pair(Rows)
class RowsList:
    """An iterator made elsewhere, without annotation."""

    def rows(self):
        return iter([1])


@pair(Rows, "SIG-05")
class RowsSequence:
    """A list is no iterator."""

    def rows(self) -> list[int]: ...


@pair(Rows, "SIG-04")
class RowsAsync:
    """Async."""

    async def rows(self):
        yield 1


# --- attributes --------------------------------------------------------------------------------


class HasName(Protocol):
    """A variable."""

    name: str


class ReadsName(Protocol):
    """A read-only property."""

    @property
    def name(self) -> str: ...


class Versioned(Protocol):
    """A class variable."""

    VERSION: ClassVar[str]


@pair(HasName)
class NameInstance:
    """Set in ``__init__``."""

    def __init__(self):
        self.name = "x"


@pair(HasName)
class NameClass:
    """Set on the class."""

    name = "x"


@pair(HasName)
class NameSlot:
    """A slot."""

    __slots__ = ("name",)

    def __init__(self):
        self.name = "x"


@pair(HasName)
@dataclasses.dataclass
class NameField:
    """A dataclass field."""

    name: str = "x"


@pair(HasName, "SIG-01")
class NameMissing:
    """No such attribute."""


@pair(HasName, "SIG-05")
class NameNumber:
    """A number."""

    name = 5


@pair(HasName, "SIG-05")
class NameDeclaredNumber:
    """Declared as a number."""

    name: int = 5


@pair(HasName, "SIG-05")
class NameReadOnly:
    """Cannot be set."""

    @property
    def name(self) -> str:
        raise RuntimeError("never evaluated")


@pair(HasName)
class NameSettable:
    """A property with a setter."""

    @property
    def name(self) -> str:
        raise RuntimeError("never evaluated")

    @name.setter
    def name(self, value: str) -> None: ...


@pair(HasName, "SIG-05")
class NameMethod:
    """A method."""

    def name(self): ...


@pair(ReadsName)
class ReadsNameProperty:
    """A property."""

    @property
    def name(self) -> str:
        raise RuntimeError("never evaluated")


@pair(ReadsName)
class ReadsNameVariable:
    """A variable is readable."""

    name = "x"


@pair(ReadsName, "SIG-05")
class ReadsNameNumber:
    """Another type."""

    @property
    def name(self) -> int:
        raise RuntimeError("never evaluated")


@pair(Versioned)
class VersionedClass:
    """Set on the class."""

    VERSION = "1"


@pair(Versioned, "SIG-01")
class VersionedNot:
    """Missing."""


# --- generics, Self, overloads -----------------------------------------------------------------


class Store(Protocol[T]):
    """Generic."""

    def get(self, key: str) -> T: ...
    def put(self, key: str, value: T) -> None: ...


class IntStore(Store[int], Protocol):
    """With the type chosen."""


class Copy(Protocol):
    """Returns itself."""

    def copy(self) -> Self: ...
    def merge(self, other: Self) -> None: ...


class Echo(Protocol):
    """A generic method."""

    def echo(self, value: T) -> T: ...


class Over(Protocol):
    """Overloads."""

    @overload
    def f(self, x: int) -> int: ...
    @overload
    def f(self, x: str, flag: bool = False) -> str: ...


class Paint(Protocol):
    """Known keywords."""

    def paint(self, **options: Unpack[Keywords]) -> None: ...


class Job(Protocol[P]):
    """The implementation's own parameters."""

    def run(self, *args: P.args, **kwargs: P.kwargs) -> None: ...


class Late(Protocol):
    """A name imported for type checkers only."""

    def pay(self, amount: Decimal) -> Missing: ...


@pair(Store)
class StoreInts:
    """Any choice will do."""

    def get(self, key: str) -> int: ...
    def put(self, key: str, value: int) -> None: ...


@pair(Store)
class StoreGeneric(Generic[T]):
    """Generic itself."""

    def get(self, key: str) -> T: ...
    def put(self, key: str, value: T) -> None: ...


@pair(Store[int])
class StoreIntsChosen:
    """The right choice."""

    def get(self, key: str) -> int: ...
    def put(self, key: str, value: int) -> None: ...


@pair(Store[int], "SIG-05")
class StoreStrChosen:
    """The wrong choice."""

    def get(self, key: str) -> str: ...
    def put(self, key: str, value: str) -> None: ...


@pair(IntStore, "SIG-05")
class StoreStrInherited:
    """The wrong choice, by inheritance."""

    def get(self, key: str) -> str: ...
    def put(self, key: str, value: str) -> None: ...


@pair(IntStore, "SIG-03")
class StoreRenamed:
    """Inherited methods count."""

    def get(self, name: str) -> int: ...
    def put(self, key: str, value: int) -> None: ...


@pair(Copy)
class CopySelf:
    """Self."""

    def copy(self) -> Self: ...
    def merge(self, other: Self) -> None: ...


@pair(Copy)
class CopyByName:
    """By its name."""

    def copy(self) -> CopyByName: ...
    def merge(self, other: CopyByName) -> None: ...


@pair(Copy, "SIG-05")
class CopyOther:
    """Something else."""

    def copy(self) -> CopySelf: ...
    def merge(self, other: CopyOther) -> None: ...


@pair(Echo)
class EchoGeneric:
    """Generic too."""

    def echo(self, value: T) -> T: ...


@pair(Echo, "SIG-05")
class EchoInt:
    """Only numbers."""

    def echo(self, value: int) -> int: ...


@pair(Over)
class OverBoth:
    """Takes both."""

    def f(self, x, flag=False): ...


@pair(Over, "SIG-02")
class OverOne:
    """Takes the first only."""

    def f(self, x): ...


@pair(Over, "DEF-01")
class OverSecond:
    """Takes the second only."""

    def f(self, x, flag): ...


@pair(Paint)
class PaintKeywords:
    """Named keywords."""

    def paint(self, *, colour: str, size: int = 1) -> None: ...


@pair(Paint)
class PaintSame:
    """The same TypedDict."""

    def paint(self, **options: Unpack[Keywords]) -> None: ...


@pair(Paint)
class PaintAny:
    """Any keywords."""

    def paint(self, **options: object) -> None: ...


@pair(Paint, "DEF-01")
class PaintRequired:
    """An optional key is required."""

    def paint(self, *, colour: str, size: int) -> None: ...


@pair(Paint, "SIG-02")
class PaintFew:
    """A key is missing."""

    def paint(self, *, colour: str) -> None: ...


@pair(Job)
class JobOwn:
    """Its own parameters."""

    def run(self, path: str, retries: int = 1) -> None: ...


@pair(Late)
class LateSame:
    """The same names."""

    def pay(self, amount: Decimal) -> Missing: ...


# --- operators ---------------------------------------------------------------------------------


class Item(Protocol):
    """Called by the interpreter, by position."""

    def __getitem__(self, key: str) -> int: ...
    def __len__(self) -> int: ...


class Call(Protocol):
    """Called by the user, also by keyword."""

    def __call__(self, event: str) -> None: ...


class Scope(Protocol):
    """A context manager."""

    def __enter__(self) -> Scope: ...
    def __exit__(self, kind: Any, error: Any, trace: Any) -> None: ...


@pair(Item)
class ItemOtherName:
    """The name of the operand is nobody's business."""

    def __getitem__(self, item): ...
    def __len__(self): ...


@pair(Item, "SIG-01")
class ItemOnInstance:
    """The interpreter looks at the class."""

    def __init__(self):
        self.__getitem__ = lambda key: 1

    def __len__(self): ...


@pair(Call)
class CallSame:
    """Written like the protocol."""

    def __call__(self, event): ...


@pair(Call, "SIG-03")
class CallRenamed:
    """Here the name matters."""

    def __call__(self, evt): ...


@pair(Scope)
class ScopeStars:
    """Takes the three at once."""

    def __enter__(self): ...
    def __exit__(self, *error): ...


@pair(Scope, "SIG-02")
class ScopeNone:
    """Takes none."""

    def __enter__(self): ...
    def __exit__(self): ...


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.implementation.__name__)
def test_typed_implementation_is_judged_as_expected(row, check_pair):
    """The answer is the expected one."""
    check_pair(row.protocol, row.implementation(), set(row.clauses), perform=False)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.implementation.__name__)
def test_typed_class_is_never_judged_against_its_instances(row):
    """Without an instance less is seen, but what is said is the same."""
    of_class, of_instance = (
        accepts(row.implementation, row.protocol),
        accepts(row.implementation(), row.protocol),
    )
    assert of_class.ok == of_instance.ok or (of_class.ok and of_class.inconclusive)
