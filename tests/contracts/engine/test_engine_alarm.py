"""A call that does not come back is interrupted, wherever its thread stands."""

import signal
import sys
import time
from weakref import WeakKeyDictionary

import pytest

from luminescent_cluster.contracts.engine import alarm
from luminescent_cluster.contracts.engine.alarm import (
    Overdue,
    can_interrupt,
    deadline,
    ready_to_ring,
)

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="no alarms on this platform"
)


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


def test_the_alarm_of_the_called_code_is_not_the_deadline():
    """Code that sets the one timer of the process has neither overrun nor got rid of its limit."""
    with deadline(30.0, "a call"):
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        time.sleep(0.05)
    with pytest.raises(Overdue), deadline(0.2, "a call"):
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        while True:
            time.sleep(1.0)


def test_an_outer_deadline_holds_after_an_inner_one():
    """What an inner block uses up is used up of the outer block's time, too."""
    with pytest.raises(Overdue, match=r"0\.2 s"), deadline(0.2, "outer"):
        with deadline(30.0, "inner"):
            time.sleep(0.05)
        while True:
            time.sleep(1.0)


@pytest.mark.parametrize("inside", [True, False], ids=["in a call", "between two calls"])
def test_the_alarm_of_another_plugin_reaches_it(inside):
    """A timeout of somebody else's rings late where a call is under way, and never gets lost."""
    rung = []
    former = signal.signal(signal.SIGALRM, lambda signum, frame: rung.append(signum))
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        with ready_to_ring():
            if inside:
                with deadline(30.0, "a call"):
                    time.sleep(0.1)
            end = time.monotonic() + 10.0
            while not rung and time.monotonic() < end:
                time.sleep(0.01)
        assert rung == [signal.SIGALRM]
        assert signal.getsignal(signal.SIGALRM) is not former
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, former)


def test_a_deadline_that_rings_at_once_leaves_nothing_behind():
    """It may ring before the block begins, and is over with the block all the same."""
    for _ in range(3):
        with pytest.raises(Overdue), deadline(1e-6, "a call"):
            while True:
                time.sleep(1.0)
        assert not alarm._under_way
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
