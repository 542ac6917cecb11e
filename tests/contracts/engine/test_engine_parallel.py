"""What free-running threads can show on this interpreter."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

import pytest

from luminescent_cluster.contracts import run
from luminescent_cluster.contracts.engine import parallel
from luminescent_cluster.contracts.engine.parallel import enough_repeats, what_threads_show

needs_parallel_threads = pytest.mark.skipif(
    not parallel._is_parallel(), reason="this interpreter runs one thread at a time"
)


class Counter(Protocol):
    def add(self) -> None: ...

    def total(self) -> int: ...


class Unlocked:
    """Broken: two additions may read the same number."""

    def __init__(self) -> None:
        self.n = 0

    def add(self) -> None:
        self.n += 1

    def total(self) -> int:
        return self.n


class Locked(Unlocked):
    """Correct: one lock around each access."""

    def __init__(self) -> None:
        super().__init__()
        self.lock = threading.Lock()

    def add(self) -> None:
        with self.lock:
            super().add()

    def total(self) -> int:
        with self.lock:
            return super().total()


def running_freely(factory: Callable[[], Counter], seed: int) -> str:
    report = run(Counter, factory, clauses=["THR-03"], profile="ci", seed=seed)
    return next(r for r in report.results if r.clause_id == "THR-03").status.name


@needs_parallel_threads
def test_lost_updates_really_happen_in_parallel() -> None:
    """Without a global lock ``self.n += 1`` loses numbers, and THR-03 sees it."""
    assert any(running_freely(Unlocked, seed) == "FAILED" for seed in range(5))


@needs_parallel_threads
def test_a_lock_loses_nothing_in_parallel() -> None:
    """The same with a lock is never accused."""
    assert {running_freely(Locked, seed) for seed in range(3)} == {"PASSED"}


@pytest.mark.parametrize("together", [True, False])
def test_cheap_calls_are_repeated_until_threads_meet(
    monkeypatch: pytest.MonkeyPatch, together: bool
) -> None:
    """Only where threads run at once; calls that take long meet anyway."""
    monkeypatch.setattr(parallel, "_is_parallel", lambda: together)
    assert (enough_repeats(lambda: None) > 10) is together
    assert enough_repeats(lambda: time.sleep(0.02)) == 10


@pytest.mark.parametrize(("together", "words"), [(True, "without a GIL"), (False, "with a GIL")])
def test_the_report_says_what_threads_show(
    monkeypatch: pytest.MonkeyPatch, together: bool, words: str
) -> None:
    """A clean result is worth what the interpreter can show."""
    monkeypatch.setattr(parallel, "_is_parallel", lambda: together)
    assert words in what_threads_show()
