"""How long acceptance takes per method, against typeguard's protocol check, in one run.

python tests/benchmarks/acceptance.py
"""

from __future__ import annotations

import functools
import statistics
import time
from collections.abc import Callable
from typing import Any, Optional

from typeguard import TypeCheckError, check_type

from luminescent_cluster.contracts.shapes import accepts
from luminescent_cluster.extensions import UsageTracker
from luminescent_cluster.extensions._calls import check_calls

ROUNDS = 7


def through(fn: Any) -> Any:
    """A decorator in the usual form."""

    @functools.wraps(fn)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return fn(*args, **kwargs)

    return wrapper


class Tracker:
    """Written like the protocol."""

    def track(self, operation: str, tokens: int, metadata: dict) -> None: ...  # type: ignore[type-arg]
    def check_quota(self, tenant_id: str, operation: str) -> tuple[bool, Optional[str]]: ...  # type: ignore[empty-body]  # noqa: UP045
    def get_usage_summary(self, tenant_id: str, start_date=None, end_date=None) -> dict: ...  # type: ignore[no-untyped-def,type-arg,empty-body]


class Decorated:
    """Behind decorators."""

    track = through(Tracker.track)
    check_quota = through(Tracker.check_quota)
    get_usage_summary = through(Tracker.get_usage_summary)


class Swallowing:
    """Takes anything."""

    def __getattr__(self, name: str) -> Any:
        return lambda *args, **kwargs: None


class Renamed(Tracker):
    """Not accepted, so every call is examined."""

    def track(self, op: str, tokens: int, metadata: dict) -> None: ...  # type: ignore[type-arg,override]


def timed(action: Callable[[], object], repeat: int = 200) -> float:
    """Return the median seconds of one action."""
    samples = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(repeat):
            action()
        samples.append((time.perf_counter() - start) / repeat)
    return statistics.median(samples)


def by_typeguard(instance: object, protocol: Any) -> None:
    """Ask typeguard, whatever it answers."""
    try:
        check_type(instance, protocol)
    except (TypeCheckError, AttributeError, TypeError):
        return


def main() -> None:
    """Print microseconds per method and the ratio to typeguard."""
    print(
        f"{'implementation':<14} {'accepts':>9} {'check_calls':>12} {'typeguard':>10}"
        "  accepts/typeguard"
    )
    worst = 0.0
    for made in (Tracker(), Decorated(), Swallowing(), Renamed()):
        methods = 3
        first = timed(lambda made=made: accepts(made, UsageTracker)) / methods  # type: ignore[misc]
        second = timed(lambda made=made: check_calls(made, UsageTracker)) / methods  # type: ignore[misc]
        third = timed(lambda made=made: by_typeguard(made, UsageTracker)) / methods  # type: ignore[misc]
        worst = max(worst, first)
        print(
            f"{type(made).__name__:<14} {first * 1e6:>7.0f}us {second * 1e6:>10.0f}us "
            f"{third * 1e6:>8.0f}us  {first / third:.1f}x"
        )
    print(f"slowest accepts() per method: {worst * 1e3:.3f} ms (aim: below 1 ms)")


if __name__ == "__main__":
    main()
