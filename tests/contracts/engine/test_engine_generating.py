"""Values for an annotation: every kind of type that protocols use has some."""

import asyncio
import collections
import datetime
import decimal
import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, NamedTuple, NewType, Protocol, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typing_extensions import NotRequired, TypedDict, Unpack

from luminescent_cluster.contracts.engine.calls import smallest
from luminescent_cluster.contracts.engine.generating import strategy_for
from luminescent_cluster.contracts.engine.returned import type_fault

T = TypeVar("T")
Id = NewType("Id", str)


class Point(NamedTuple):
    x: int
    y: float


@dataclass
class Tree:
    name: str
    children: list["Tree"] = field(default_factory=list)


@dataclass(frozen=True)
class Even:
    number: int

    def __post_init__(self) -> None:
        if self.number % 2:
            raise ValueError("odd")


class Event(TypedDict):
    topic: str
    payload: NotRequired[dict[str, Any]]


class Plain:
    def __init__(self, name: str, tags: list[str]) -> None:
        self.name, self.tags = name, tags


KINDS = [
    Any,
    Id,
    Point,
    Tree,
    Even,
    Event,
    Plain,
    Tree | None,
    Literal["a", "b"],
    Annotated[str, "a remark"],
    Mapping[str, object],
    Sequence[Point],
    Iterable[dict[str, Any]],
    collections.deque[int],
    frozenset[str],
    set[Id],
    tuple[int, ...],
    tuple[str, int],
    decimal.Decimal,
    datetime.datetime,
    datetime.timedelta,
    bytes,
]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_what_is_generated_has_the_type(kind: Any) -> None:
    """A generated value passes as a result of its own type."""

    @settings(max_examples=15, database=None, suppress_health_check=list(HealthCheck))
    @given(strategy_for(kind))
    def holds(value: Any) -> None:
        assert type_fault(value, kind) is None

    holds()


def test_a_type_that_says_nothing_gets_values_too() -> None:
    """A type variable, and a name that only a type checker knows, are no reason to give up."""
    assert smallest(strategy_for(T)) is None
    assert smallest(strategy_for(list["Unknown"])) == []  # type: ignore[name-defined]  # noqa: F821


def test_a_callback_answers_its_declared_type() -> None:
    """Called with anything, also later and as often as one likes."""
    callback = smallest(strategy_for(Callable[[str, int], str]))
    assert callback("x", 1) == callback() == "acme"


def test_an_asynchronous_callback_is_awaited() -> None:
    """Where it is declared to answer an awaitable, it does."""
    callback = smallest(strategy_for(Callable[[], Awaitable[int]]))
    assert inspect.iscoroutinefunction(callback)
    assert asyncio.run(callback()) == 0


def test_a_protocol_has_a_stand_in() -> None:
    """An argument that is a protocol gets an object with its methods and attributes."""

    class Sink(Protocol):
        name: str

        def emit(self, line: str) -> int: ...

    sink = smallest(strategy_for(Sink))
    assert (sink.name, sink.emit("x"), sink.emit(line="x")) == ("acme", 0, 0)


def test_options_are_given_together() -> None:
    """Keyword arguments that a TypedDict describes come as the TypedDict says."""
    assert set(smallest(strategy_for(Unpack[Event]))) == {"topic"}


def test_a_strategy_in_an_annotation_is_used() -> None:
    """Who annotates with a strategy gets its values."""
    assert smallest(strategy_for(Annotated[str, st.just("mine")])) == "mine"
