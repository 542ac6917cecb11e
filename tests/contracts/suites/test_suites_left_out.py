"""What an extension may leave out leaves no clause open; what it may raise is nobody's race."""

import threading
from collections import deque
from collections.abc import Set
from typing import Protocol

import pytest

from luminescent_cluster.contracts import Status, run
from luminescent_cluster.extensions import optional


class Notifier(Protocol):
    def send(self, to: str) -> bool: ...

    @optional(since="1.1.0")
    def history(self, limit: int = 10) -> list[str]:
        return []


class OnlySends:
    def send(self, to: str) -> bool:
        return bool(to)


@pytest.mark.parametrize("clause", ["PUR-02", "DEF-04"])
def test_clause_about_optional_methods_alone_is_excused(clause):
    """Nothing is left open where the extension has none of them."""
    result = run(Notifier, OnlySends, clauses=[clause])[clause]
    assert (result.status, "leaves out" in result.message) == (Status.EXCUSED, True), result


class Queue(Protocol):
    def push(self, item: str) -> None: ...
    def pop(self) -> str: ...


class RaisesWhenEmpty:
    def __init__(self):
        self._items = deque()

    def push(self, item: str) -> None:
        self._items.append(item)

    def pop(self) -> str:
        return self._items.popleft()


class LooksBeforeItTakes(RaisesWhenEmpty):
    """Means never to raise, and does when another thread was faster."""

    def pop(self) -> str:
        return self._items.popleft() if self._items else ""


@pytest.mark.parametrize("seed", range(3))
def test_what_some_order_raises_is_no_race(seed):
    """Real threads take before they put, as one thread may; and it raises there too."""
    for clause in ("THR-01", "THR-03"):
        result = run(Queue, RaisesWhenEmpty, clauses=[clause], seed=seed)[clause]
        assert result.status is Status.PASSED, result.message


class Notes(Protocol):
    def push(self, note: dict[str, int]) -> None: ...
    def pop(self) -> dict[str, int]: ...


@pytest.mark.parametrize("seed", range(3))
def test_what_takes_away_may_find_nothing_left(seed):
    """A few answers, and a refusal when it is empty, are enough to judge by."""
    result = run(Notes, RaisesWhenEmpty, clauses=["PUR-02"], seed=seed)["PUR-02"]
    assert result.status is Status.PASSED, result


def test_what_no_order_raises_is_one():
    """It looks first, so that one thread alone never sees the exception."""
    result = run(Queue, LooksBeforeItTakes, clauses=["THR-01"])["THR-01"]
    assert result.status is Status.FAILED, result


class Graph(Protocol):
    def connect(self, one: str, other: str) -> None: ...
    def neighbours(self, node: str) -> Set[str]: ...
    def connected(self, one: str, other: str) -> bool: ...


class GivesViews:
    """Its answer is a view, which shows what comes later too."""

    def __init__(self):
        self._edges = {}
        self._lock = threading.Lock()

    def connect(self, one: str, other: str) -> None:
        with self._lock:
            self._edges.setdefault(one, {})[other] = 1

    def neighbours(self, node: str) -> Set[str]:
        with self._lock:
            return self._edges.setdefault(node, {}).keys()

    def connected(self, one: str, other: str) -> bool:
        with self._lock:
            return other in self._edges.get(one, ())


def test_view_is_judged_by_what_it_showed_when_it_was_given():
    """What is added later is no answer to an earlier question."""
    for seed in range(3):
        result = run(Graph, GivesViews, clauses=["THR-02"], seed=seed)["THR-02"]
        assert result.status is Status.PASSED, result.message
