"""Counting what could not be kept, so that a loss is a number in a report and not a surprise."""

from __future__ import annotations

import logging
import threading

from .ledger import UsageEvent

__all__ = ["Drops"]

_log = logging.getLogger(__name__)


class Drops:
    """Counts dropped usage events per account, and warns at the 1st, 2nd, 4th, 8th and so on."""

    def __init__(self) -> None:
        """Start with none."""
        self._lock = threading.Lock()
        self._counts: dict[str | None, tuple[int, int]] = {}
        self._all = 0

    def add(self, event: UsageEvent, reason: str) -> None:
        """Count `event` as dropped."""
        with self._lock:
            events, tokens = self._counts.get(event.account, (0, 0))
            self._counts[event.account] = (events + 1, tokens + event.tokens)
            self._all += 1
            count = self._all
        if count & (count - 1) == 0:
            _log.warning("usage event dropped, %d so far: %s", count, reason)

    def report(self) -> dict[str | None, dict[str, int]]:
        """Give {account: {"events": ..., "tokens": ...}} of all drops so far."""
        with self._lock:
            return {
                account: {"events": events, "tokens": tokens}
                for account, (events, tokens) in self._counts.items()
            }
