"""Records by the marks of the events that they may be."""

from __future__ import annotations

from collections.abc import Iterable

from .events import Event, marks_in
from .records import Record

__all__ = ["Index"]


class Index:
    """Records by the marks that they carry."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.all = list(records)
        self._by_mark: dict[str, list[Record]] = {}
        for record in self.all:
            for mark in marks_in(record.text()):
                self._by_mark.setdefault(mark, []).append(record)

    def about(self, event: Event) -> list[Record]:
        """Give the records that may be an event's: those with its mark, or all without one."""
        return self._by_mark.get(event.mark, []) if event.shows_mark() else self.all
