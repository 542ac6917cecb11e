"""Times that several events share: whether two instances agree is a matter of the moment."""

import copy
import itertools

import pytest

from luminescent_cluster.contracts import AuditSubject, Status, run
from luminescent_cluster.extensions import AuditLogger


class _Ticking:
    """Right; its times are those of a clock that ticks with every second event."""

    def __init__(self, events):
        self.events, self.records = events, []

    def log_event(self, event_type, actor, resource, action, outcome, details=None):
        self._keep(details)

    def log_security_event(self, event_type, severity, message, details=None):
        self._keep(details)

    def _keep(self, details):
        time = next(self.events) // 2
        self.records.append({"time": time, "details": copy.deepcopy(details)})


@pytest.mark.parametrize("first", [0, 1])
def test_a_tick_of_the_clock_is_no_trace_of_a_changed_argument(first):
    """What differs between two instances because time passed is not held against them."""
    events = itertools.count(first)

    def factory():
        logger = _Ticking(events)
        return AuditSubject(logger, recorded=lambda: logger.records, flush=lambda: None)

    result = run(AuditLogger, factory, profile="smoke", clauses=["PUR-03"])["PUR-03"]
    assert result.status is Status.PASSED, result.message
