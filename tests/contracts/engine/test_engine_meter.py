"""The meter measures work, so that a loaded machine does not change what is tried."""

import time

import pytest

from luminescent_cluster.contracts.engine import meter
from luminescent_cluster.contracts.engine.meter import Meter


def _clocks(monkeypatch, worked, passed, queued):
    """Let clocks show zero at first, and these seconds then."""
    monkeypatch.setattr(meter, "process_time", iter([0.0, worked]).__next__)
    monkeypatch.setattr(meter, "monotonic", iter([0.0, passed]).__next__)
    monkeypatch.setattr(meter, "_queued", iter([0.0, queued]).__next__)


def test_work_counts_in_full(monkeypatch):
    """Seconds of the processor are spent."""
    _clocks(monkeypatch, worked=2.0, passed=2.0, queued=0.0)
    assert Meter().spent() == 2.0


def test_waiting_counts_for_a_third(monkeypatch):
    """Who waits for a server gets three times the budget."""
    _clocks(monkeypatch, worked=1.0, passed=9.0, queued=0.0)
    assert Meter().spent() == 3.0


def test_waiting_for_a_processor_counts_for_nothing(monkeypatch):
    """Other processes' work is not this property's."""
    _clocks(monkeypatch, worked=1.0, passed=61.0, queued=60.0)
    assert Meter().spent() == 1.0


@pytest.mark.parametrize(
    ("worked", "passed", "queued"), [(2.0, 2.0, 0.0), (1.0, 9.0, 0.0), (1.0, 61.0, 60.0)]
)
@pytest.mark.parametrize("budget", [0.5, 0.99, 1.01, 1.99, 2.01, 2.99, 3.01])
def test_a_budget_is_over_when_more_is_spent(monkeypatch, worked, passed, queued, budget):
    """The short way to ask gives the answer of the long one."""
    monkeypatch.setattr(meter, "process_time", iter([0.0, *[worked] * 3]).__next__)
    monkeypatch.setattr(meter, "monotonic", iter([0.0, *[passed] * 3]).__next__)
    monkeypatch.setattr(meter, "_queued", iter([0.0, *[queued] * 2]).__next__)
    one = Meter()
    assert one.over(budget) == (one.spent() > budget)


def test_real_clocks_agree():
    """A meter that was just made shows next to nothing, and never less."""
    assert 0.0 <= Meter().spent() < 60.0
    waiting = Meter()
    time.sleep(0.03)
    assert waiting.spent() > 0.0


def test_a_system_that_counts_no_queues(monkeypatch):
    """Where there is no such file, all waiting counts."""

    def missing(path, flags):
        raise FileNotFoundError(path)

    monkeypatch.setattr(meter, "os_open", missing)
    assert meter._queued() == 0.0
