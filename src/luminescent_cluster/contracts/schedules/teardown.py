"""Tearing down what a run that was cut short leaves behind."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable
from typing import Any

from .real import REAL

__all__ = ["tear_down_aside"]

_PATIENCE = 2.0  # seconds


def tear_down_aside(teardown: Callable[[Any], Any], subject: Any) -> None:
    """Tear a subject down in a thread of its own, which is left behind where it hangs."""
    done = REAL.allocate_lock()
    done.acquire()

    def perform() -> None:
        with contextlib.suppress(BaseException):
            value = teardown(subject)
            if inspect.iscoroutine(value):
                value.close()
        done.release()

    REAL.start_new_thread(perform, ())
    done.acquire(timeout=_PATIENCE)
