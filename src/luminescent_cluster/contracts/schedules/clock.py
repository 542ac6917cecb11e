"""Virtual time: inside a run nobody sleeps, and time passes when the schedule says so.

Every run begins at another moment, so that recorded times are recognised as values that vary.
"""

from __future__ import annotations

from typing import Any

from .real import REAL
from .tasks import Wait, current_task

__all__ = ["replacements"]

_TICK = 1e-6  # every look at the clock finds it a little later
_MONOTONIC_START = 1_000.0


def _sleep(seconds: float) -> None:
    task = current_task()
    if task is None:
        REAL.sleep(seconds)
        return
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    controller = task.controller
    controller.block(task, Wait("sleep", None, controller.now + seconds, pure=True))


def _reader(real: Any, start: Any, nanoseconds: bool) -> Any:
    def read() -> float:
        task = current_task()
        if task is None:
            return real()  # type: ignore[no-any-return]
        controller = task.controller
        controller.now += _TICK
        moment = controller.now + (controller.epoch if start is None else start + controller.shift)
        return int(moment * 1_000_000_000) if nanoseconds else moment

    read.__name__ = read.__qualname__ = real.__name__
    return read


def replacements() -> list[tuple[Any, Any]]:
    """(original, replacement) for every clock and for sleep."""
    return [
        (REAL.sleep, _sleep),
        (REAL.time, _reader(REAL.time, None, False)),
        (REAL.time_ns, _reader(REAL.time_ns, None, True)),
        (REAL.monotonic, _reader(REAL.monotonic, _MONOTONIC_START, False)),
        (REAL.monotonic_ns, _reader(REAL.monotonic_ns, _MONOTONIC_START, True)),
        (REAL.perf_counter, _reader(REAL.perf_counter, _MONOTONIC_START, False)),
        (REAL.perf_counter_ns, _reader(REAL.perf_counter_ns, _MONOTONIC_START, True)),
    ]
