"""Who waits outside the explorer, and who only has not got a turn: seen by what threads do."""

from __future__ import annotations

import threading
import time
from hashlib import sha256
from types import SimpleNamespace

import pytest

from luminescent_cluster.contracts.schedules import standstill
from luminescent_cluster.contracts.schedules.standstill import SLICE, Standstill

pytestmark = pytest.mark.skipif(not standstill._TOLD, reason="the system does not tell who sleeps")


@pytest.fixture
def sleeper():
    """A thread that sleeps until the end of the test, as a task."""
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    yield SimpleNamespace(native_id=thread.native_id, n=0)
    end.set()
    thread.join()


def looks(task, most):
    """How many looks, a slice apart, until the thread counts as waiting outside; None for never."""
    standing = Standstill()
    for number in range(most):
        if standing.found(task, moves=0):
            return number
        time.sleep(SLICE)
    return None


def test_a_thread_that_sleeps_waits_outside(sleeper):
    """Nobody else is at work, so nothing of this process will wake it."""
    assert looks(sleeper, 200) is not None


def test_a_thread_that_has_not_begun_does_not_wait():
    """On a busy machine a new thread takes its time; that is no waiting."""
    assert looks(SimpleNamespace(native_id=0, n=0), 40) is None


def test_who_sleeps_while_another_works_gets_longer(monkeypatch, sleeper):
    """It may wait for a lock of the interpreter's own, whose holder is at work."""
    monkeypatch.setattr(standstill, "_nobody_works", lambda: False)
    assert looks(sleeper, standstill._LONG) is None
    assert looks(sleeper, standstill._LONG * 8) is not None


def test_threads_at_work_are_seen(sleeper):
    """A thread that computes is at work, one that sleeps is not."""
    end = threading.Event()
    data = bytes(10_000_000)  # hashing it is work outside the global lock
    worker = threading.Thread(target=lambda: [sha256(data) for _ in iter(end.is_set, True)])
    worker.start()
    try:
        assert any(not standstill._nobody_works() for _ in range(100))
    finally:
        end.set()
        worker.join()
