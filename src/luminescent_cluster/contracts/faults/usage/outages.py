"""Faults of usage trackers whose backend is away."""

from __future__ import annotations

import time
from typing import Any

from ..injection import Injection
from ..model import Faults

__all__ = ["faults"]

faults = Faults("UsageTracker")

_TRACK, _QUOTA, _SUMMARY = "track", "check_quota", "get_usage_summary"


@faults.add("UT-TRK-04")
def wait_for_the_backend(into: Injection) -> None:
    """`track` waits for a backend that stalls."""
    stalled = into.interrupted("stall_backend")

    def handler(call: Any, values: dict[str, Any]) -> Any:
        if stalled():
            time.sleep(getattr(into.subject, "latency", 0.25) * 1.5)
        return call()

    into.around(_TRACK, handler)


@faults.add("UT-TRK-05")
def raise_in_an_outage(into: Injection) -> None:
    """`track` raises while the backend is down."""
    down = into.interrupted("break_backend")

    def handler(call: Any, values: dict[str, Any]) -> Any:
        if down():
            raise ConnectionError("the backend is down")
        return call()

    into.around(_TRACK, handler)


@faults.add("UT-TRK-06")
def lose_what_comes_in_an_outage(into: Injection) -> None:
    """What is tracked while the backend is down is lost in silence."""
    down = into.interrupted("break_backend")
    into.around(_TRACK, lambda call, values: None if down() else call())


@faults.add("UT-TRK-06")
def count_an_outage_twice(into: Injection) -> None:
    """What is tracked while the backend is down counts twice."""
    down = into.interrupted("break_backend")
    into.around(_TRACK, lambda call, values: (call(), call() if down() else None)[0])


@faults.add("UT-TRK-10")
def bill_an_outage_when_it_is_over(into: Injection) -> None:
    """What is tracked while the backend is down is stamped with the time of its recovery."""
    down = into.interrupted("break_backend")
    into.memory.kept = []

    def again() -> None:
        kept, into.memory.kept = into.memory.kept, []
        for track in kept:
            track()

    def handler(call: Any, values: dict[str, Any]) -> Any:
        if not down():
            again()
            return call()
        into.memory.kept.append(call)
        return None

    def late(call: Any, values: dict[str, Any]) -> Any:
        if not down():
            again()
            if into.subject.has("flush"):
                into.subject.probe("flush")()
        return call()

    into.around(_TRACK, handler)
    into.around(_SUMMARY, late)


@faults.add("UT-QUO-06")
def break_the_outage_policy(into: Injection) -> None:
    """While the backend is down, `check_quota` answers against the declared policy."""
    down = into.interrupted("break_backend")
    policy = getattr(into.subject, "policy", None)

    def handler(call: Any, values: dict[str, Any]) -> Any:
        if not down():
            return call()
        return (False, "the backend is down") if policy == "open" else (True, None)

    into.around(_QUOTA, handler)
