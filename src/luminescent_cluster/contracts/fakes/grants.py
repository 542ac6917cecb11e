"""Who may touch what: stores of (tenant, user, resource) triples."""

from __future__ import annotations

import threading
from typing import Protocol

from .switch import Switch

__all__ = ["Grant", "Grants", "MemoryGrants"]

Grant = tuple[str, str, str]


class Grants(Protocol):
    """A store of access grants. Every method raises BackendDown while the store is down."""

    def add(self, grant: Grant) -> None:
        """Store `grant`; once is enough."""

    def remove(self, grant: Grant) -> None:
        """Forget `grant`, if it is stored."""

    def contains(self, grant: Grant) -> bool:
        """Say whether exactly `grant` is stored."""

    def all(self) -> list[Grant]:
        """Give every grant in the order of storing."""

    def close(self) -> None:
        """Release what the store holds open."""


class MemoryGrants:
    """Grants in a dict of this process."""

    def __init__(self, switch: Switch) -> None:
        """Stand behind `switch`."""
        self._switch = switch
        self._lock = threading.Lock()
        self._grants: dict[Grant, None] = {}  # a dict keeps the order, a set would not

    def add(self, grant: Grant) -> None:
        """See `Grants.add`."""
        self._switch.pass_through()
        with self._lock:
            self._grants[grant] = None

    def remove(self, grant: Grant) -> None:
        """See `Grants.remove`."""
        self._switch.pass_through()
        with self._lock:
            self._grants.pop(grant, None)

    def contains(self, grant: Grant) -> bool:
        """See `Grants.contains`."""
        self._switch.pass_through()
        with self._lock:
            return grant in self._grants

    def all(self) -> list[Grant]:
        """See `Grants.all`."""
        self._switch.pass_through()
        with self._lock:
            return list(self._grants)

    def close(self) -> None:
        """Hold nothing open."""
