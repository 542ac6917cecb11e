"""The alerts that the author's probe shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...clauses import NoInstance
from ...engine.case import Refused
from ...engine.originals import monotonic, sleep
from .trail import Trail

__all__ = ["Bell", "alerted", "how_many"]


def alerted(shown: Any) -> int | list[Any]:
    """Give what the probe ``alerts`` gave: a list of the alerts, or how many there are.

    Raises:
        NoInstance: it is neither.
    """
    if isinstance(shown, int):
        return shown
    if isinstance(shown, (str, bytes, Mapping)) or not isinstance(shown, Iterable):
        raise NoInstance(f"the probe alerts gave a {type(shown).__name__}; give a list or a number")
    return list(shown)


def how_many(alerts: int | list[Any]) -> int:
    """Give how many alerts there are."""
    return alerts if isinstance(alerts, int) else len(alerts)


class Bell:
    """Counts the alerts of an example."""

    def __init__(self, trail: Trail) -> None:
        self.trail = trail
        self.before = self._read()

    def _read(self) -> int | list[Any]:
        trail = self.trail
        read = trail.subject.probe("alerts")
        try:
            found = trail.case.perform("alerts()", read, 10 * trail.subject.deadline, counts=False)
        except Refused as refusal:
            raise NoInstance(f"the probe alerts() raised {refusal.error!r}") from refusal
        return alerted(found)

    def new(self) -> int | list[Any]:
        """Give the alerts since the beginning: a list of them, or how many."""
        now = self._read()
        if isinstance(now, int) or isinstance(self.before, int):
            return how_many(now) - how_many(self.before)
        return now[len(self.before) :]

    def settled(self, expected: int, patience: float) -> int | list[Any]:
        """Give the alerts once there are as many as expected, or once patience is over."""
        self.trail.flush()
        end = monotonic() + (0.05 if self.trail.subject.has("flush") else patience)
        while True:
            found = self.new()
            if how_many(found) >= expected or monotonic() >= end:
                return found
            sleep(0.002)
