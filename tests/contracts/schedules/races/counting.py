"""Updates that read, compute and write back."""

from __future__ import annotations

import itertools
import threading
from collections import Counter, defaultdict

from .model import Race


class LostAttribute:
    def __init__(self):
        self.total = 0

    def track(self, tokens):
        self.total += tokens

    def summary(self):
        return {"total_tokens": self.total}


class KeptAttribute(LostAttribute):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def track(self, tokens):
        with self._lock:
            self.total += tokens


class LostItem:
    def __init__(self):
        self.totals = {}

    def track(self, tenant, tokens):
        self.totals[tenant] = self.totals.get(tenant, 0) + tokens

    def summary(self, tenant):
        return self.totals.get(tenant, 0)


class KeptItem(LostItem):
    def __init__(self):
        super().__init__()
        self._lock = threading.RLock()

    def track(self, tenant, tokens):
        with self._lock:
            super().track(tenant, tokens)


class LostDefault:
    def __init__(self):
        self.totals = defaultdict(int)

    def track(self, tenant, tokens):
        self.totals[tenant] += tokens

    def summary(self, tenant):
        return self.totals[tenant]


class KeptDefault:
    """One lock per tenant, made on demand by an atomic setdefault."""

    def __init__(self):
        self.totals = defaultdict(int)
        self._locks = {}

    def track(self, tenant, tokens):
        with self._locks.setdefault(tenant, threading.Lock()):
            self.totals[tenant] += tokens

    def summary(self, tenant):
        return self.totals.get(tenant, 0)


class LengthAsId:
    def __init__(self):
        self.events = []

    def log(self, text):
        number = len(self.events) + 1
        self.events.append((number, text))
        return number

    def recorded(self):
        return list(self.events)


class CountAsId:
    def __init__(self):
        self.events = []
        self._lock = threading.Lock()

    def log(self, text):
        with self._lock:
            number = len(self.events) + 1
            self.events.append((number, text))
        return number

    def recorded(self):
        with self._lock:
            return list(self.events)


class LostCounter:
    """Counter.update is Python code of the standard library with several accesses."""

    def __init__(self):
        self.seen = Counter()

    def track(self, kind):
        self.seen.update([kind, kind])
        self.seen["all"] += 1

    def summary(self):
        return dict(self.seen)


class KeptCounter(LostCounter):
    def __init__(self):
        super().__init__()
        self._guard = threading.Semaphore(1)

    def track(self, kind):
        with self._guard:
            super().track(kind)

    def summary(self):
        with self._guard:
            return super().summary()


class LostSlot:
    __slots__ = ("total",)

    def __init__(self):
        self.total = 0

    def track(self, tokens):
        before = self.total
        self.total = before + tokens

    def summary(self):
        return self.total


class AtomicCount:
    """No lock at all: appending is one operation, the sum is computed when asked."""

    def __init__(self):
        self._events = []

    def track(self, tokens):
        self._events.append(tokens)

    def summary(self):
        return sum(self._events)


class LostNonlocal:
    def __init__(self):
        total = 0

        def add(tokens):
            nonlocal total
            total += tokens

        self.track = add
        self.summary = lambda: total


class KeptNonlocal:
    def __init__(self):
        ticks = itertools.count()
        made = []

        def add(tokens):
            made.append((next(ticks), tokens))

        self.track = add
        self.summary = lambda: sum(tokens for _, tokens in list(made))


RACES = [
    Race("lost-update-attribute", LostAttribute, KeptAttribute, (("track", 5), "summary")),
    Race("lost-update-dict", LostItem, KeptItem, (("track", "acme", 5), ("summary", "acme"))),
    Race(
        "lost-update-defaultdict",
        LostDefault,
        KeptDefault,
        (("track", "acme", 5), ("track", "umbra", 3), ("summary", "acme")),
    ),
    Race("duplicate-id-from-len", LengthAsId, CountAsId, (("log", "x"), "recorded")),
    Race("lost-update-counter", LostCounter, KeptCounter, (("track", "query"), "summary")),
    Race("lost-update-slot", LostSlot, AtomicCount, (("track", 5), "summary")),
    Race("lost-update-nonlocal", LostNonlocal, KeptNonlocal, (("track", 5), "summary")),
]
