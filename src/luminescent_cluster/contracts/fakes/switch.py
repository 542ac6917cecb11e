"""A backend's breakers: make it fail or stall for a while, under the fake and not inside it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["BackendDown", "Switch"]


class BackendDown(ConnectionError):
    """The store behind an extension cannot be reached or did not answer in time."""


class Switch:
    """Stands in front of a backend; every operation of the backend goes through `pass_through`.

    Outages and stalls nest and may be used from any thread.
    """

    def __init__(self, name: str, patience: float = 2.0) -> None:
        """Name the backend; `patience` is how many seconds a stalled operation waits at most."""
        self._name = name
        self._patience = patience
        self._changed = threading.Condition()
        self._outages = 0
        self._stalls = 0

    @contextmanager
    def outage(self) -> Iterator[None]:
        """Fail every operation while the block runs."""
        self._count(outages=1)
        try:
            yield
        finally:
            self._count(outages=-1)

    @contextmanager
    def stall(self) -> Iterator[None]:
        """Hold up every operation while the block runs, or until its patience is over."""
        self._count(stalls=1)
        try:
            yield
        finally:
            self._count(stalls=-1)

    def pass_through(self) -> None:
        """Wait while stalled.

        Raises:
            BackendDown: during an outage, or when a stall outlasts the patience.
        """
        with self._changed:
            answered = self._changed.wait_for(
                lambda: not self._stalls or self._outages, self._patience
            )
            if self._outages:
                raise BackendDown(f"{self._name} is down")
            if not answered:
                raise BackendDown(f"{self._name} did not answer within {self._patience} s")

    def _count(self, outages: int = 0, stalls: int = 0) -> None:
        with self._changed:
            self._outages += outages
            self._stalls += stalls
            self._changed.notify_all()
