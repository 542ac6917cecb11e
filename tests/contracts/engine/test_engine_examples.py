"""Generated examples: how many, and that a slow machine sees the same ones."""

import time

from tests.exhibits.usage_events import SumsInFloats

from luminescent_cluster.contracts import Status, run
from luminescent_cluster.extensions import UsageTracker


class SumsInFloatsSlowly(SumsInFloats):
    def track(self, operation, tokens, metadata):
        time.sleep(0.002)
        return super().track(operation, tokens, metadata)


def counterexample(kind):
    """Give the calls that the failing clause shows."""
    report = run(UsageTracker, kind, profile="smoke", clauses=["UT-TRK-02"], seed=1, name="billing")
    assert report["UT-TRK-02"].status is Status.FAILED
    return report["UT-TRK-02"].message


def test_a_slow_extension_is_shown_with_the_same_counterexample():
    """Shrinking ends after a number of examples, not when a time is up."""
    assert counterexample(SumsInFloatsSlowly) == counterexample(SumsInFloats)


def test_a_counterexample_is_one_event_where_one_is_enough():
    """What the failure does not need is left out."""
    assert "1 events of 'acme'" in counterexample(SumsInFloats)
