"""Pairs that once were answered wrongly, each beside a neighbour that must keep its answer."""

# ruff: noqa: RUF036, UP006, UP007, UP035, UP045
from __future__ import annotations

import enum
import functools
import operator
from collections.abc import (
    Awaitable,
    Callable,
    Hashable,
    Iterable,
    Mapping,
    MutableMapping,
    Sequence,
)
from typing import (
    Any,
    Dict,
    Final,
    Generic,
    List,
    Literal,
    NamedTuple,
    Optional,
    Protocol,
    TypeVar,
    Union,
)

import pytest
from typing_extensions import NotRequired, ReadOnly, TypedDict

from luminescent_cluster.contracts.shapes import accepts

ROWS: list[Any] = []
T = TypeVar("T")
U = TypeVar("U")
K = TypeVar("K")
V = TypeVar("V")
Texts = TypeVar("Texts", str, bytes)
Text = TypeVar("Text", bound=str)
Out = TypeVar("Out", covariant=True)


def row(why: str, protocol: Any, implementation: Any, clause: str = "") -> None:
    """Add a row to the table; ``clause`` is the one that rejects, empty where all is well."""
    ROWS.append(pytest.param(protocol, implementation, clause, id=why))


def swap(fn):
    """Hand on the wrong way round."""

    @functools.wraps(fn)
    def inner(self, source, target):
        return fn(self, target, source)

    return inner


# --- where arguments arrive --------------------------------------------------------------------


class Move(Protocol):
    def move(self, source: str, target: str, /) -> None: ...


class MoveSwapped:
    def move(self, target: str, source: str, /) -> None: ...


class MoveOtherNames:
    def move(self, one: str, other: str, /) -> None: ...


class MoveShifted:
    def move(self, target: str, more: str, source: str = "", /) -> None: ...


class OldMove(Protocol):
    def move(self, __source: str, __target: str) -> None: ...


class OldMoveSame:
    def move(self, __source: str, __target: str) -> None: ...


class OldMoveSwapped:
    def move(self, __target: str, __source: str) -> None: ...


row("positional-only names swapped", Move, MoveSwapped, "SIG-03")
row("positional-only names are free", Move, MoveOtherNames)
row("a positional-only name used elsewhere", Move, MoveShifted)
row("mangled names", OldMove, OldMoveSame)
row("mangled names swapped", OldMove, OldMoveSwapped, "SIG-03")


class Update(Protocol):
    def update(self, other: dict) -> None: ...


class UpdateSwallows:
    def update(self, other: Any = (), /, **items: Any) -> None: ...


class UpdateTakesAnything:
    def update(self, *args: Any, **items: Any) -> None: ...


row("**kwargs past a positional-only parameter", Update, UpdateSwallows, "SIG-03")
row("anything", Update, UpdateTakesAnything)


class Find(Protocol):
    def find(self, key: int, limit: int = 0) -> None: ...


class FindSwallows:
    def find(self, *args: Any, limit: int = 0, **kwargs: Any) -> None: ...


row("*args past a keyword-only parameter", Find, FindSwallows, "SIG-03")


class Route(Protocol):
    def route(self, source: str, target: str) -> None: ...


class RouteSwappedInside:
    @swap
    def route(self, source: str, target: str) -> None: ...


class RouteAdapted:
    @swap
    def route(self, goal: str, start: str) -> None: ...


row("a decorator that swaps", Route, RouteSwappedInside, "SIG-03")
row("a decorator that adapts", Route, RouteAdapted)


class Static(Protocol):
    def find(self, key: int) -> None: ...


class StaticKeepsSelf:
    @staticmethod
    def find(self: Any, key: int) -> None: ...


row("a static method that keeps self", Static, StaticKeepsSelf, "SIG-02")


class Pick(Protocol):
    def pick(self, row: dict) -> Any: ...


class PickOnly(Protocol):
    def pick(self, row: dict, /) -> Any: ...


class Getter:
    pick = operator.itemgetter("key")


row("itemgetter takes no keyword", Pick, Getter(), "SIG-02")
row("itemgetter by position", PickOnly, Getter())


class Parse(Protocol):
    def parse(self, text: str) -> int: ...


class ParseOnly(Protocol):
    def parse(self, text: str, /) -> int: ...


class Parser:
    parse = int


row("a built-in class takes no keyword", Parse, Parser(), "SIG-02")
row("a built-in class by position", ParseOnly, Parser())


class Ordered(Protocol):
    def __lt__(self, other: Any) -> bool: ...


class Unordered:
    pass


class Comparable:
    def __lt__(self, other: Any) -> bool: ...


row("every object has __lt__ and no order", Ordered, Unordered, "SIG-01")
row("an order", Ordered, Comparable)


class Later(Protocol):
    def later(self) -> Awaitable[int]: ...


class LaterNow:
    def later(self):
        return 1


class LaterIndeed:
    def later(self):
        return self._later()

    async def _later(self):
        return 1


class Either(Protocol):
    def later(self) -> Union[int, Awaitable[int]]: ...


row("a value where an awaitable is promised", Later, LaterNow, "SIG-04")
row("a coroutine where an awaitable is promised", Later, LaterIndeed)
row("either is promised", Either, LaterNow)


# --- hints -------------------------------------------------------------------------------------


def returning(hint: Any) -> Any:
    """Make a class whose ``give`` returns the hint."""

    def give(self): ...

    give.__annotations__["return"] = hint
    return type("Giver", (), {"give": give})


def promising(hint: Any) -> Any:
    """Make a protocol whose ``give`` promises the hint."""
    return type(Protocol)("Gives", (Protocol,), dict(vars(returning(hint)), __module__=__name__))


class Box(Generic[T]):
    """Invariant, as a type variable is."""


class Source(Generic[Out]):
    """Covariant."""


for wanted, given, clause in (
    (List[object], List[int], "SIG-05"),
    (List[float], List[int], "SIG-05"),
    (Dict[str, object], Dict[str, int], "SIG-05"),
    (MutableMapping[str, object], Dict[str, int], "SIG-05"),
    (Sequence[List[object]], List[List[int]], "SIG-05"),
    (Box[object], Box[int], "SIG-05"),
    (Source[object], Source[int], ""),
    (Mapping[str, object], Dict[str, int], ""),
    (Sequence[object], List[int], ""),
    (Dict[str, Any], Dict[str, int], ""),
    (List[Optional[int]], List[Union[None, int]], ""),
    (list, List[int], ""),
    (List[int], list, ""),
):
    row(f"{given} for {wanted}", promising(wanted), returning(given), clause)


class Plain(TypedDict):
    a: int


class Other(TypedDict):
    b: int


class Wider(TypedDict):
    a: int
    b: str


class Retyped(TypedDict):
    a: str


class Perhaps(TypedDict):
    a: NotRequired[int]


class Fixed(TypedDict):
    a: ReadOnly[object]


class Numbers(TypedDict):
    a: object


for wanted, given, clause in (
    (Plain, Wider, ""),
    (Plain, Plain, ""),
    (Plain, Other, "SIG-05"),
    (Plain, Retyped, "SIG-05"),
    (Plain, Perhaps, "SIG-05"),
    (Numbers, Plain, "SIG-05"),
    (Fixed, Plain, ""),
):
    name = f"{given.__name__} for {wanted.__name__}"
    row(name, promising(wanted), returning(given), clause)


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Marks(enum.Flag):
    A = 1
    B = 2


for wanted, given, clause in (
    (Literal[Colour.RED], Colour, "SIG-05"),
    (Literal[Colour.RED, Colour.BLUE], Colour, ""),
    (Literal[True, False], bool, ""),
    (Literal[True], bool, "SIG-05"),
    (Literal[Marks.A, Marks.B], Marks, ""),
):
    row(f"{given.__name__} for {wanted}", promising(wanted), returning(given), clause)


class Number(Protocol):
    def give(self, value: int, text: str) -> str: ...


class TakesTexts:
    def give(self, value: Texts, text: str) -> str: ...


class TakesText:
    def give(self, value: Text, text: str) -> str: ...


class TakesAny:
    def give(self, value: T, text: str) -> str: ...


class GivesOther:
    def give(self, value: T, text: str) -> T: ...


class GivesSame:
    def give(self, value: U, text: T) -> T: ...


row("a constrained type variable", Number, TakesTexts, "SIG-05")
row("a bound type variable", Number, TakesText, "SIG-05")
row("a type variable", Number, TakesAny)
row("a type variable that comes back", Number, GivesOther, "SIG-05")
row("the right type variable comes back", Number, GivesSame)


class First(Protocol):
    def first(self, items: Sequence[T]) -> T: ...


class FirstOfAll:
    def first(self, items: Iterable[U]) -> U: ...


class FirstNumber:
    def first(self, items: Sequence[int]) -> int: ...


class FirstObject:
    def first(self, items: Sequence[object]) -> Any: ...


row("a generic method", First, FirstOfAll)
row("a generic method narrowed", First, FirstNumber, "SIG-05")
row("a generic method widened", First, FirstObject)


class Store(Generic[K, V]):
    def get(self, key: K) -> V: ...


class TextStore(Store[str, V], Generic[V]):
    pass


class Bytes(TextStore[bytes]):
    pass


class Gets(Protocol):
    def get(self, key: str) -> bytes: ...


class GetsByNumber(Protocol):
    def get(self, key: int) -> bytes: ...


class GetsText(Protocol):
    def get(self, key: str) -> str: ...


row("inherited from a generic class", Gets, Bytes)
row("inherited from a generic class, other key", GetsByNumber, Bytes, "SIG-05")
row("inherited from a generic class, other value", GetsText, Bytes, "SIG-05")
row("an instance that knows its arguments", GetsText, Store[str, bytes](), "SIG-05")
row("an instance that knows its arguments, rightly", Gets, Store[str, bytes]())
row("an instance of an open generic class", GetsText, Store())


class Options(Protocol):
    def set(self, **options: int) -> None: ...


class AnyOptions(Protocol):
    def set(self, **options: Any) -> None: ...


class OneOption:
    def set(self, *, name: str = "", **options: int) -> None: ...


row("a keyword of its own, other type", Options, OneOption, "SIG-05")
row("a keyword of its own, anything", AnyOptions, OneOption)


class Counts(Protocol):
    @property
    def count(self) -> int: ...


class Calls(Protocol):
    @property
    def count(self) -> Callable[[Any], int]: ...


class Point(NamedTuple):
    x: int


class Anything(Protocol):
    count: Any


class Whatever(Protocol):
    @property
    def count(self) -> object: ...


class Keys(Protocol):
    @property
    def count(self) -> Hashable: ...


class PlainMethod:
    def count(self, value): ...


for wanted in (Anything, Whatever, Keys):
    row(f"a method for {wanted.__name__}", wanted, PlainMethod())
row("a method where data is asked for", Counts, PlainMethod(), "SIG-05")
row("a method in C where data is asked for", Counts, Point(1), "SIG-05")
row("a method in C where a callable is asked for", Calls, Point(1))


class Named(Protocol):
    name: str


class ReadNamed(Protocol):
    @property
    def name(self) -> str: ...


class FinalName:
    name: Final = "a"


class QuotedFinalName:
    name: "Final[str]" = "a"  # noqa: UP037 - quoted on purpose


row("a final attribute cannot be set", Named, FinalName, "SIG-05")
row("a quoted final attribute cannot be set", Named, QuotedFinalName, "SIG-05")
row("a final attribute can be read", ReadNamed, FinalName)


@pytest.mark.parametrize(("protocol", "implementation", "clause"), ROWS)
def test_pair_is_answered_rightly(protocol, implementation, clause):
    """The pair is accepted, or rejected by the clause that says why."""
    made = implementation() if isinstance(implementation, type) else implementation
    answer = accepts(made, protocol)
    found = {r.clause_id for r in answer.rejections}
    assert clause in found if clause else answer.ok, str(answer)
