"""What is wrong with a result's type, as a sentence."""

import collections.abc
import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import pytest
from typing_extensions import Self

from luminescent_cluster.contracts.engine.returned import type_fault
from luminescent_cluster.contracts.engine.selves import with_self
from luminescent_cluster.contracts.engine.streams import Reader


@dataclass
class Record:
    name: str
    tags: set[str] = field(default_factory=set)
    parent: "Record" = None  # type: ignore[assignment]


class Pair(NamedTuple):
    left: int
    right: bytes


@pytest.mark.parametrize(
    ("value", "declared", "words"),
    [
        (bytearray(b"x"), bytes, "not bytes"),
        ([bytearray(b"x")], list[bytes], "not bytes"),
        (bytearray(b"x"), bytes | None, "not bytes"),
        (Record("x", ["y"]), Record, "field tags"),  # type: ignore[arg-type]
        ({"a": Record(1)}, dict[str, Record], "field name"),  # type: ignore[arg-type]
        (Pair(1, bytearray()), Pair, "field right"),
        ([1, None], Iterable[int], "item"),
    ],
    ids=str,
)
def test_a_wrong_part_is_found(value: Any, declared: Any, words: str) -> None:
    """Also where a type checker at run time looks at the outside alone."""
    assert words in str(type_fault(value, declared))


@pytest.mark.parametrize(
    ("value", "declared"),
    [
        (Record("x"), Record),
        (Pair(True, b""), Pair),
        (1, float),
        ([b"x"], Iterable[bytes]),
        (None, bytes | None),
    ],
    ids=repr,
)
def test_what_fits_is_not_accused(value: Any, declared: Any) -> None:
    """A default that is not of its field's type is the class's own affair."""
    assert type_fault(value, declared) is None


def _run(awaitable: Any) -> Any:
    raise AssertionError("nothing is asynchronous here")


def test_what_an_iterator_gives_is_held_to_its_type() -> None:
    """Items are looked at, and not only what holds them."""
    taken = Reader(_run).take(iter([1, "x"]), Iterator[int])
    assert "inside" in str(type_fault(taken, Iterator[int]))


def test_a_list_where_an_iterator_is_declared_is_none() -> None:
    """It has no next item."""
    taken = Reader(_run).take([1], Iterator[int])
    assert type_fault(taken, Iterator[int])


def test_what_a_context_manager_holds_is_held_to_its_type() -> None:
    """It is entered and left."""
    declared = contextlib.AbstractContextManager[int]
    taken = Reader(_run).take(contextlib.nullcontext("x"), declared)
    assert "inside" in str(type_fault(taken, declared))


def test_an_endless_iterator_is_read_a_little() -> None:
    """Reading stops, and what was read is compared."""

    def endless() -> collections.abc.Iterator[int]:
        while True:
            yield 1

    assert len(Reader(_run).take(endless(), Iterator[int]).parts) == 20


class Builder(Protocol):
    def named(self, name: str) -> Self: ...
    def all(self) -> list[Self] | None: ...


class Behind:
    """Not the same class, as what a proxy gives, and as good."""

    def named(self, name: str) -> Any: ...
    def all(self) -> Any: ...


@pytest.mark.parametrize("value", [[], [Behind()], None])
def test_self_is_whatever_has_the_methods(value: Any) -> None:
    """At any depth of a type."""
    assert type_fault(Behind(), with_self(Self, Builder)) is None
    assert type_fault(value, with_self(list[Self] | None, Builder)) is None


@pytest.mark.parametrize("value", [None, {}, "name"])
def test_self_is_nothing_else(value: Any) -> None:
    """Such as None, where somebody forgot to return it."""
    assert "Self" in str(type_fault(value, with_self(Self, Builder)))
    assert "Self" in str(type_fault([value], with_self(list[Self] | None, Builder)))
