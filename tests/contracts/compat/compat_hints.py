"""Hints for comparing our subtype relation with mypy's, each against each."""

HEAD = """\
from __future__ import annotations
import asyncio, contextlib, dataclasses, datetime, decimal, enum, logging, pathlib, uuid
from collections import deque, OrderedDict, defaultdict, Counter
from collections.abc import *
from typing import Any, Generic, Literal, NamedTuple, NewType, Protocol, TypedDict, TypeVar
import typing

class Base: ...
class Child(Base): ...
class Mode(enum.Enum):
    FAST = 1
    SLOW = 2
class Level(enum.IntEnum):
    LOW = 1
UserId = NewType("UserId", str)
class Small(TypedDict):
    a: int
class Big(TypedDict):
    a: int
    b: str
class Pair(NamedTuple):
    left: int
    right: str
@dataclasses.dataclass
class Record:
    x: int
class Closes(Protocol):
    def close(self) -> None: ...
class Opens(Closes, Protocol):
    def open(self, path: str) -> None: ...
class Calls(Protocol):
    def __call__(self, a: int, /) -> str: ...
class CallsByName(Protocol):
    def __call__(self, a: int) -> str: ...
class Shop(Base):
    def close(self) -> None: ...
T_co = TypeVar("T_co", covariant=True)
class Source(Protocol[T_co]):
    def get(self) -> T_co: ...
T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)
class Box(Generic[T]):
    item: T
class Drain(Protocol[T_contra]):
    def put(self, item: T_contra) -> None: ...
class Ints:
    def get(self) -> int: return 1
    def put(self, item: object) -> None: ...
class Counts(Protocol):
    def __len__(self) -> int: ...
class CallsLater(Protocol):
    async def __call__(self, a: int, /) -> str: ...
class Handler: ...
Alias = dict[str, list[int]]
JSON = typing.Union[None, int, str, list["JSON"], dict[str, "JSON"]]
"""

HINTS = [
    "",
    "object",
    "None",
    "bool",
    "int",
    "float",
    "complex",
    "str",
    "bytes",
    "Literal[1]",
    "Literal['a']",
    "Literal['a', 'b']",
    "Literal[True]",
    "Literal[Mode.FAST]",
    "Mode",
    "Level",
    "UserId",
    "int | None",
    "int | str",
    "str | bytes | None",
    "list[int]",
    "list[bool]",
    "list[object]",
    "set[int]",
    "frozenset[int]",
    "dict[str, int]",
    "dict[str, object]",
    "Alias",
    "Mapping[str, int]",
    "Mapping[str, object]",
    "MutableMapping[str, int]",
    "Sequence[int]",
    "Sequence[object]",
    "Sequence[str]",
    "MutableSequence[int]",
    "Collection[int]",
    "Iterable[int]",
    "Iterable[str]",
    "Iterable[object]",
    "Container[int]",
    "Iterator[int]",
    "Generator[int, None, None]",
    "Reversible[int]",
    "Sized",
    "Hashable",
    "tuple[int, ...]",
    "tuple[int, str]",
    "tuple[int, int]",
    "tuple[()]",
    "tuple[object, ...]",
    "type[Base]",
    "type[Child]",
    "type[object]",
    "Base",
    "Child",
    "Shop",
    "Record",
    "Small",
    "Big",
    "Pair",
    "Closes",
    "Opens",
    "Calls",
    "CallsByName",
    "Callable[[int], str]",
    "Callable[[object], str]",
    "Callable[[int], object]",
    "Callable[[bool], str]",
    "Callable[..., str]",
    "Callable[[], str]",
    "Callable[[int, int], str]",
    "Awaitable[int]",
    "Coroutine[Any, Any, int]",
    "AsyncIterator[int]",
    "AsyncIterable[int]",
    "AsyncGenerator[int, None]",
    "asyncio.Future[int]",
    "asyncio.Task[int]",
    "datetime.date",
    "datetime.datetime",
    "datetime.timedelta",
    "decimal.Decimal",
    "pathlib.Path",
    "pathlib.PurePath",
    "uuid.UUID",
    "deque[int]",
    "OrderedDict[str, int]",
    "defaultdict[str, int]",
    "Counter[str]",
    "Source[int]",
    "Source[object]",
    "Box[int]",
    "Box[object]",
    "Exception",
    "ValueError",
    "BaseException",
    "contextlib.AbstractContextManager[int]",
    "contextlib.AbstractContextManager[object]",
    "KeysView[str]",
    "range",
    "typing.TextIO",
    "type[int]",
    "list[Small]",
    "list[int | str]",
    "typing.SupportsInt",
    "typing.LiteralString",
    "Drain[int]",
    "Drain[object]",
    "Ints",
    "Counts",
    "CallsLater",
    "Handler",
    "logging.Handler",
    "JSON",
    "dict[str, JSON]",
    "ItemsView[str, int]",
    "Iterable[tuple[str, int]]",
    "enumerate[int]",
    "",
][1:-1]
