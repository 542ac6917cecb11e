"""Which types have values that can be changed by who holds them."""

import enum
import pathlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, NewType

import pytest

from luminescent_cluster.contracts.engine.mutability import may_be_mutable


class Colour(enum.Enum):
    RED = 1


class Pair(NamedTuple):
    left: int
    right: str


class Open(NamedTuple):
    items: list[int]


@dataclass(frozen=True)
class Key:
    value: str


@dataclass
class Record:
    value: str


@pytest.mark.parametrize(
    "kind",
    [
        str,
        bytes | None,
        NewType("Id", str),
        Literal["a"],
        Colour,
        Pair,
        Key,
        Callable[[], int],
        pathlib.Path,
        tuple[Key, ...],
        frozenset[int],
    ],
    ids=str,
)
def test_what_cannot_be_changed(kind: Any) -> None:
    """Clauses about changes do not concern these."""
    assert not may_be_mutable(kind)


@pytest.mark.parametrize(
    "kind", [dict, list[int], Record, Open, tuple[Key, list[int]], Any, Iterable[int]], ids=str
)
def test_what_may_be_changed(kind: Any) -> None:
    """Where something inside can be, or nothing is known."""
    assert may_be_mutable(kind)
