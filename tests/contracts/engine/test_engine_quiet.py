"""What strikes a callback of the garbage collector is no fault of the extension."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from luminescent_cluster.contracts.engine.alarm import Overdue
from luminescent_cluster.contracts.engine.quiet import quiet_collector


@pytest.fixture
def reported(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What reaches whoever watches for unraisable exceptions."""
    seen: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: seen.append(unraisable.exc_value))
    return seen


@contextmanager
def collecting(callback: Callable[..., object]) -> Iterator[None]:
    gc.callbacks.append(callback)
    try:
        yield
    finally:
        gc.callbacks.remove(callback)


def raising(error: BaseException) -> Callable[..., object]:
    def callback(phase: str, info: object) -> None:
        raise error

    return callback


@pytest.mark.parametrize("error", [RecursionError(), Overdue(1.0, ())])
def test_recursion_and_alarms_are_not_reported(reported, error: BaseException) -> None:
    """Both are raised again where they belong."""
    with quiet_collector(), collecting(raising(error)):
        gc.collect()
    assert reported == []


def test_other_errors_are_reported(reported) -> None:
    """A callback of the extension's that is broken is."""
    error = ValueError()
    with quiet_collector(), collecting(raising(error)):
        gc.collect()
    assert reported == [error, error]  # at the start and at the end of the collection


def test_a_recursion_in_a_finaliser_is_reported(reported) -> None:
    """Only callbacks of the collector run at a moment that nobody chose."""

    class Deep:
        def __del__(self) -> None:
            raise RecursionError

    with quiet_collector():
        Deep()
    assert [type(error) for error in reported] == [RecursionError]


class Unclosed:
    """Ends like a connection that nobody closed, where warnings are errors."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        raise ResourceWarning("unclosed")


def test_connections_of_dropped_extensions_are_not_reported(reported) -> None:
    """Core keeps its one extension; that a clause drops hundreds is no leak of theirs."""
    with quiet_collector():
        Unclosed().itself = None
    assert reported == []


def test_what_was_dropped_does_not_end_later(reported) -> None:
    """In the middle of a test that has nothing to do with it."""
    with quiet_collector():
        Unclosed().itself = None
        Unclosed()  # in a cycle: ends with a collection
    gc.collect()
    assert reported == []


def test_the_hook_is_put_back(reported) -> None:
    """As it was before."""
    before = sys.unraisablehook
    with quiet_collector():
        assert sys.unraisablehook is not before
    assert sys.unraisablehook is before
