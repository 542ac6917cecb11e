"""Races that hide: needles, three threads, three preemptions, values that come back."""

from __future__ import annotations

import threading

from .model import Race


class Needle:
    """400 harmless accesses around one window of a single access."""

    def __init__(self):
        self.noise = [0] * 8
        self.total = 0

    def track(self, tokens):
        for round_number in range(100):
            self.noise[round_number % 8] = round_number
        self.total += tokens
        for round_number in range(100):
            self.noise[round_number % 8] = 0

    def summary(self):
        return self.total


class BluntNeedle(Needle):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def track(self, tokens):
        for round_number in range(100):
            self.noise[round_number % 8] = 0
        with self._lock:
            self.total += tokens


class ThreeThreads:
    """Two may be inside at a time; only a third one sees the wrong state."""

    def __init__(self):
        self._stage = 0
        self.log = []

    def first(self):
        if self._stage == 0:
            self._stage = 1
            if self._stage == 2:
                self._stage = 3

    def second(self):
        if self._stage == 1:
            self._stage = 2

    def third(self):
        if self._stage == 3:
            raise RuntimeError("reached only with three threads")


class ThreeGuarded(ThreeThreads):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def first(self):
        with self._lock:
            super().first()

    def second(self):
        with self._lock:
            super().second()

    def third(self):
        with self._lock:
            super().third()


class ThreePreemptions:
    """A handshake that goes wrong only when the two alternate three times."""

    def __init__(self):
        self.a = 0
        self.b = 0

    def left(self):
        self.a = 1
        if self.b == 1:
            self.a = 2
        self.a = 0

    def right(self):
        if self.a == 1:
            self.b = 1
            if self.a == 2:
                raise RuntimeError("alternated")
        self.b = 0


class NoPreemptions(ThreePreemptions):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def left(self):
        with self._lock:
            super().left()

    def right(self):
        with self._lock:
            super().right()


class Node:
    def __init__(self, value, below):
        self.value = value
        self.below = below


class Recycled:
    """A stack whose compare-and-swap cannot tell a node that left and came back."""

    def __init__(self):
        self._guard = threading.Lock()
        self.one = Node("one", None)
        self.two = Node("two", self.one)
        self.three = Node("three", self.two)
        self.top = self.three

    def _swap(self, old, new):
        with self._guard:
            if self.top is old:
                self.top = new
                return True
            return False

    def pop(self):
        while True:
            old = self.top
            if old is None:
                return None
            below = old.below
            if self._swap(old, below):
                return old.value

    def recycle(self):
        first, second = self.pop(), self.pop()
        node = self.three
        while True:
            top = self.top
            node.below = top
            if self._swap(top, node):
                return first, second

    def content(self):
        found = []
        node = self.top
        while node is not None and len(found) < 10:
            found.append(node.value)
            node = node.below
        return found


class Fresh(Recycled):
    """Every push makes a new node, so what came back is not the same."""

    def recycle(self):
        with self._big:
            return super().recycle()

    def pop(self):
        with self._big:
            return super().pop()

    def content(self):
        with self._big:
            return super().content()

    def __init__(self):
        super().__init__()
        self._big = threading.RLock()


RACES = [
    Race("needle", Needle, BluntNeedle, (("track", 5), "summary")),
    Race("three-threads", ThreeThreads, ThreeGuarded, ("first", "second", "third"),
         ("exception",), observers=()),
    Race("three-preemptions", ThreePreemptions, NoPreemptions, ("left", "right"), ("exception",),
         observers=()),
    Race("aba", Recycled, Fresh, ("pop", "recycle", "content"), ("outcome", "order")),
]  # fmt: skip
