"""Time limits of coroutines that are no timers: they pass only where nobody else can go on.

What `patience` is for threads. A flusher's ``wait_for(event.wait(), 0.1)`` ends at any moment of a
schedule; that of a caller, ``wait_for(self._send(), 5)``, says "never, unless something is wrong".
"""

from __future__ import annotations

import asyncio
from typing import Any

from .tasks import BACKGROUND, MAIN, Task

__all__ = ["Limits"]


class Limits:
    """Which of a loop's scheduled handles are limits of a call under way."""

    def __init__(self) -> None:
        self._limits: dict[int, asyncio.TimerHandle] = {}
        self._made_by: dict[Task, tuple[Task, int]] = {}

    def created(self, strand: Task, by: Task | None) -> None:
        """``strand`` was started by the strand ``by``."""
        if by is not None:
            self._made_by[strand] = (by, by.call)

    def scheduled(self, handle: asyncio.TimerHandle, by: Task | None) -> None:
        """``handle`` was scheduled by the strand ``by``."""
        callback: Any = handle._callback  # type: ignore[attr-defined]
        module = str(getattr(callback, "__module__", ""))
        # asyncio's own callbacks are those of timeouts, but for the end of a sleep.
        ours = module.startswith("asyncio.") and module != "asyncio.futures"
        if ours and by is not None and self._is_awaited(by):
            self._limits[id(handle)] = handle

    def holds(self, handle: asyncio.TimerHandle) -> bool:
        """Is ``handle`` the limit of a call, and no timer?"""
        return id(handle) in self._limits

    def _is_awaited(self, strand: Task) -> bool:
        """Does a call wait for ``strand``: its own, or one begun for a call that is still open?"""
        while strand.kind == BACKGROUND:
            by, call = self._made_by.get(strand, (None, -1))
            if by is None or by.kind == MAIN or by.call != call:
                return False
            strand = by
        return True
