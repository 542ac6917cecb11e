"""A call that does not come back is interrupted, wherever its thread stands."""

import sys
from weakref import WeakKeyDictionary

import pytest

from luminescent_cluster.contracts.engine.alarm import Overdue, can_interrupt, deadline


class Key:
    """What a weak dictionary forgets at once."""


def test_an_alarm_waits_where_python_would_ignore_it(monkeypatch):
    """A loop that spends its time in callbacks of weak references ends without a complaint."""
    if not can_interrupt():
        pytest.skip("no alarms on this platform, or not in the main thread")
    ignored = []
    monkeypatch.setattr(sys, "unraisablehook", ignored.append)
    held = WeakKeyDictionary()
    for _ in range(5):
        with pytest.raises(Overdue), deadline(0.02, "a loop"):
            while True:
                held[Key()] = 1
    assert not ignored
