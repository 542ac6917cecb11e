"""What others do meanwhile: a timer that flushes, a page that reads."""

from __future__ import annotations

from collections.abc import Callable
from inspect import iscoroutine
from typing import Any

from ..engine.originals import monotonic, sleep, start_new_thread

__all__ = ["started"]

_BRIEF = 0.5
_LONG = 30.0


def started(work: Callable[[], Any], brief: float = _BRIEF) -> Callable[..., bool]:
    """Let another thread do something, whatever comes of it.

    What is quick is over when this returns.

    Args:
        work: what to do.
        brief: seconds that count as quick.

    Returns:
        A function that waits for the end, some seconds or as many as it is told, and tells whether
        it came.
    """
    over: list[bool] = []

    def run() -> None:
        try:
            made = work()
            if iscoroutine(made):
                made.close()  # it needs a loop, which is not to be had here
        except Exception:  # others log it, and try again
            return
        finally:
            over.append(True)

    def ended(within: float = _LONG) -> bool:
        due = monotonic() + within
        while not over and monotonic() < due:
            sleep(0.001)
        return bool(over)

    start_new_thread(run, ())
    ended(brief)
    return ended
