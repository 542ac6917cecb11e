"""Time limits that are not timers: they pass only where nobody else can go on.

A flusher's `event.wait(0.1)` ends at any moment of a schedule. That of `barrier.wait(5)` or
`future.result(5)` says "never, unless something is wrong".
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

from .tasks import current_task

__all__ = ["replacements"]


def _patient(real: Any) -> Any:
    @functools.wraps(real)
    def wait(*args: Any, **kwargs: Any) -> Any:
        task = current_task()
        if task is None:
            return real(*args, **kwargs)
        before, task.patient = task.patient, True
        try:
            return real(*args, **kwargs)
        finally:
            task.patient = before

    return wait


def replacements() -> Iterator[tuple[type, str, Any]]:
    """(class, name, replacement) for what waits with a limit."""
    for owner, name in ((threading.Barrier, "wait"), (Future, "result"), (Future, "exception")):
        yield owner, name, _patient(getattr(owner, name))
