"""Protocols whose methods take or give others of their kind."""

from __future__ import annotations

from typing import Protocol

import pytest
from typing_extensions import Self

from luminescent_cluster.contracts import Status, run


class Bag(Protocol):
    def add(self, item: str) -> None: ...
    def merge(self, other: Self) -> Self: ...
    def items(self) -> list[str]: ...


class ListBag:
    """Looks into the other one, as a class may that is asked for its own kind."""

    def __init__(self, items: list[str] | None = None) -> None:
        self._items = list(items or ())

    def add(self, item: str) -> None:
        self._items.append(item)

    def merge(self, other: Self) -> Self:
        return type(self)([*self._items, *other._items])

    def items(self) -> list[str]:
        return list(self._items)


class Tree(Protocol):
    def attach(self, below: Tree | None = None) -> Tree: ...
    def children(self) -> list[Tree]: ...
    def size(self) -> int: ...


class Leaf:
    """Uses of the other one what the protocol says, and no more."""

    def attach(self, below: Tree | None = None) -> Tree:
        return below.attach() if below is not None and below is not self else self

    def children(self) -> list[Tree]:
        return []

    def size(self) -> int:
        return 1


class ForgetsToReturn(ListBag):
    def merge(self, other):
        self._items += other.items()


@pytest.mark.parametrize(("protocol", "factory"), [(Bag, ListBag), (Tree, Leaf)])
def test_others_of_its_kind_are_given(protocol, factory):
    """Another instance stands for ``Self``; no clause is left open, and none fails."""
    report = run(protocol, factory, profile="smoke", seed=1)
    decided = (Status.PASSED, Status.EXCUSED)
    musts = [result for result in report.results if result.level.name == "MUST"]
    assert [(r.clause_id, r.message) for r in musts if r.status not in decided] == []


def test_result_of_another_kind_is_found():
    """``Self`` in a result is whatever has the methods, and None has none."""
    result = run(Bag, ForgetsToReturn, clauses=["TYP-01"])["TYP-01"]
    assert result.status is Status.FAILED, result
    assert "merge(" in result.message
