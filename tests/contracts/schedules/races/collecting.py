"""Containers and generators used by several threads."""

from __future__ import annotations

import contextlib
import queue
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


class LostAbove(dict):
    """What happens in the base class is C code, between two lines."""

    def track(self, tenant):
        total = super().get(tenant, 0)
        super().__setitem__(tenant, total + 1)

    def total(self, tenant):
        return super().get(tenant, 0)


class KeptAbove(LostAbove):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def track(self, tenant):
        with self._lock:
            super().track(tenant)


class DrainedByTwo:
    def __init__(self):
        self._queue = queue.SimpleQueue()
        self._total = 0

    def track(self, tokens):
        self._queue.put(tokens)

    def total(self):
        while not self._queue.empty():
            self._total += self._queue.get()
        return self._total


class DrainedByOne(DrainedByTwo):
    """No lock around `put`: it is one step."""

    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def total(self):
        with self._lock, contextlib.suppress(queue.Empty):
            while True:
                self._total += self._queue.get_nowait()
        return self._total


RACES = [
    Race("iteration-during-mutation", ChangedWhileRead, CopiedBeforeRead,
         (("track", "umbra"), "total"), ("exception",)),
    Race("list-changed-while-read", RemovedWhileRead, SlicedBeforeRead, ("drop", "read")),
    Race("shared-generator", SharedGenerator, GuardedGenerator, ("next_id",), ("exception",)),
    Race("sorted-while-changed", SortedWhileChanged, SortedCopy, (("log", 3), "order"),
         ("exception",)),
    Race("lost-update-above", LostAbove, KeptAbove, (("track", "acme"), ("total", "acme"))),
    Race("drained-queue", DrainedByTwo, DrainedByOne, (("track", 5), ("track", 7), "total"),
         ("lost wake-up", "outcome")),
]  # fmt: skip
