"""Containers and generators used by several threads."""

from __future__ import annotations

import threading

from .model import Race


class ChangedWhileRead:
    def __init__(self):
        self.totals = {"acme": 1}

    def track(self, tenant):
        self.totals[tenant] = 1

    def total(self):
        total = 0
        for amount in self.totals.values():
            total += amount
        return total


class CopiedBeforeRead(ChangedWhileRead):
    def total(self):
        return sum(list(self.totals.values()))


class RemovedWhileRead:
    """Lists do not complain: an element is skipped instead."""

    def __init__(self):
        self.events = ["a", "b", "c"]

    def drop(self):
        self.events[:1] = []

    def read(self):
        return [event for event in self.events]  # noqa: C416


class SlicedBeforeRead(RemovedWhileRead):
    def read(self):
        return self.events[:]


class SharedGenerator:
    def __init__(self):
        self._numbers = self._count()

    def _count(self):
        number = 0
        while True:
            number += 1
            yield number

    def next_id(self):
        return next(self._numbers)


class GuardedGenerator(SharedGenerator):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def next_id(self):
        with self._lock:
            return super().next_id()


class SortedWhileChanged:
    """`sorted` calls back into Python, where another thread may append."""

    def __init__(self):
        self.events = [(2, "b"), (1, "a")]

    def log(self, number):
        self.events.append((number, "x"))

    def order(self):
        self.events.sort(key=lambda event: event[0])
        return len(self.events)


class SortedCopy(SortedWhileChanged):
    def order(self):
        return len(sorted(self.events, key=lambda event: event[0]))


RACES = [
    Race("iteration-during-mutation", ChangedWhileRead, CopiedBeforeRead,
         (("track", "umbra"), "total"), ("exception",)),
    Race("list-changed-while-read", RemovedWhileRead, SlicedBeforeRead, ("drop", "read")),
    Race("shared-generator", SharedGenerator, GuardedGenerator, ("next_id",), ("exception",)),
    Race("sorted-while-changed", SortedWhileChanged, SortedCopy, (("log", 3), "order"),
         ("exception",)),
]  # fmt: skip
