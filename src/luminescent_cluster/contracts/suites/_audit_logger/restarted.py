"""The store of a subject, opened again as after a restart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from ...clauses import Inconclusive, Unverified
from ...engine.case import Refused
from ...subjects.audit import AuditSubject
from .events import Event
from .records import Record
from .trail import Trail

__all__ = ["Store", "reopened"]


class Store:
    """What ``reopen`` gave: a logger, or a subject with probes of its own."""

    def __init__(self, trail: Trail, given: Any) -> None:
        self._trail = trail
        self._own = given if isinstance(given, AuditSubject) else None
        self._limit = 10 * trail.subject.deadline
        self.extension = self._own.extension if self._own is not None else given

    def records(self) -> list[Record]:
        """Give all that is stored, oldest first.

        Raises:
            Inconclusive: nothing shows what the reopened logger stores.
        """
        found: list[Any] = []
        for name in self._trail.probes():
            found += list(self._perform(f"{name}()", self._reader(name)))
        return [Record(raw, self._own or self._trail.subject) for raw in found]

    def ask(self, probe: str) -> Any:
        """Give what a probe of the reopened logger answers: its own subject's, or its method.

        Raises:
            Unverified: the probe belongs to the first logger, and would tell of that one.
        """
        given = self._trail.subject.probe(probe)
        if self._own is not None:
            hook = self._own.probe(probe)
        elif getattr(given, "__self__", None) is self._trail.subject.extension:
            hook = self._reader(probe)
        else:
            raise Unverified(probe, "let reopen give an AuditSubject")
        return self._perform(f"{probe}()", hook)

    def log(self, event: Event) -> None:
        """Log an event, which the reopened logger may refuse."""
        with suppress(Refused):
            log = partial(getattr(self.extension, event.method), *event.values.values())
            self._perform(f"{event.method}(…)", log)

    def flush(self) -> None:
        """Bring what is under way to the store, where the reopened logger can be told to."""
        with suppress(Unverified):
            self.ask("flush")

    def close(self) -> None:
        """Close the logger where it can be closed, and is not the subject's own."""
        close = getattr(self.extension, "close", None)
        if callable(close) and self.extension is not self._trail.subject.extension:
            self._perform("close()", close)

    def _perform(self, text: str, action: Any) -> Any:
        return self._trail.case.perform(text, action, self._limit, counts=False)

    def _reader(self, probe: str) -> Any:
        """Give the probe that reads this store: its own subject's, or one like the first's."""
        if self._own is not None and self._own.has(probe):
            return self._own.probe(probe)
        subject = self._trail.subject
        given = subject.probe(probe)
        if getattr(given, "__self__", None) is not subject.extension:
            return given
        reader = getattr(self.extension, getattr(given, "__name__", ""), None)
        if reader is None:
            raise Inconclusive(
                "the reopened logger cannot be read; let reopen give an AuditSubject"
            )
        return reader


@contextmanager
def reopened(trail: Trail) -> Iterator[Store]:
    """Open the store as after a restart; close it at the end."""
    subject = trail.subject
    limit = 10 * subject.deadline
    given = trail.case.perform("reopen()", subject.probe("reopen"), limit, counts=False)
    store = Store(trail, given)
    try:
        yield store
    finally:
        store.close()
