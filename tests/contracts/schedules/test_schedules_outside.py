"""Threads outside the explorer run at the same time: what they did is seen, early or late."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from luminescent_cluster.contracts.schedules.locks import CoopLock, CoopRLock
from luminescent_cluster.contracts.schedules.outside import held_outside, woken
from luminescent_cluster.contracts.schedules.tasks import BLOCKED, PROGRAM, READY, Task, Wait


def waiting(lock):
    """A task that waits for a lock."""
    task = Task(SimpleNamespace(), "a", PROGRAM, 1)
    task.state, task.wait = BLOCKED, Wait("lock", lock)
    return task


@pytest.mark.parametrize("kind", [CoopLock, CoopRLock])
def test_who_waits_for_a_free_lock_goes_on(kind):
    """It was given back between the attempt to take it and the beginning of the wait."""
    task = waiting(kind())
    assert not held_outside(task)
    assert woken([task]) == [task]
    assert task.state == READY


def test_who_waits_for_a_lock_held_outside_keeps_waiting():
    """Its holder will give it back, in real time."""
    lock = CoopLock()
    lock.acquire()  # as a thread that nobody controls
    task = waiting(lock)
    assert held_outside(task)
    assert woken([task]) == []
    lock.release()
    assert woken([task]) == [task]
