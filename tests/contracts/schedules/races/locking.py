"""Locks taken in the wrong order, and wake-ups that nobody hears."""

from __future__ import annotations

import threading
from queue import Empty, Queue
from threading import Condition, Lock

from .model import Race


class Inverted:
    def __init__(self):
        self._tenants = Lock()
        self._audit = Lock()
        self.n = 0

    def track(self):
        with self._tenants, self._audit:
            self.n += 1

    def audit(self):
        with self._audit, self._tenants:
            self.n += 1


class Ordered(Inverted):
    def audit(self):
        with self._tenants, self._audit:
            self.n += 1


class MissedNotify:
    """Looks at the flag before it takes the lock, so the notification can pass in between."""

    def __init__(self):
        self._ready = Condition()
        self._open = False

    def open(self):
        self._open = True
        with self._ready:
            self._ready.notify_all()

    def enter(self):
        if not self._open:
            with self._ready:
                self._ready.wait()
        return "in"


class HeardNotify(MissedNotify):
    def open(self):
        with self._ready:
            self._open = True
            self._ready.notify_all()

    def enter(self):
        with self._ready:
            while not self._open:
                self._ready.wait()
        return "in"


class NoWhile:
    """Two wait, one item comes, and a third may take it first."""

    def __init__(self):
        self._items = []
        self._changed = threading.Condition()

    def put(self, item):
        with self._changed:
            self._items.append(item)
            self._changed.notify()

    def take(self):
        with self._changed:
            if not self._items:
                self._changed.wait()
            return self._items.pop()


class WithWhile(NoWhile):
    def take(self):
        with self._changed:
            while not self._items:
                self._changed.wait()
            return self._items.pop()


class SelfLocked:
    """Two threads in a helper that takes what the caller may hold."""

    def __init__(self):
        self._lock = threading.Lock()
        self._gate = threading.Semaphore(1)
        self.n = 0

    def add(self):
        with self._lock, self._gate:
            self.n += 1

    def read(self):
        with self._gate, self._lock:
            return self.n


class NotSelfLocked(SelfLocked):
    def read(self):
        with self._lock:
            return self.n


class LostTake:
    """Asks the queue whether it is empty and then waits for an item that another took."""

    def __init__(self):
        self._queue = Queue()
        self._queue.put("only")

    def take(self):
        if self._queue.empty():
            return None
        return self._queue.get()


class SafeTake(LostTake):
    def take(self):
        try:
            return self._queue.get_nowait()
        except Empty:
            return None


class Leaky:
    """An early return leaves the lock locked, under one interleaving only."""

    def __init__(self):
        self._lock = threading.Lock()
        self.busy = False
        self.n = 0

    def work(self):
        was_busy = self.busy
        self.busy = True
        self._lock.acquire()
        if was_busy:
            return False
        self.n += 1
        self.busy = False
        self._lock.release()
        return True

    def count(self):
        with self._lock:
            return self.n


class Tight(Leaky):
    def work(self):
        with self._lock:
            self.n += 1
            return True


RACES = [
    Race("lock-order", Inverted, Ordered, ("track", "audit"), ("deadlock",)),
    Race("missed-notify", MissedNotify, HeardNotify, ("open", "enter"),
         ("lost wake-up", "deadlock")),
    Race("notify-without-while", NoWhile, WithWhile, (("put", 1), "take"), ("exception",),
         programs=[[["take"], ["take"], [("put", 1), ("put", 2)]]]),
    Race("lock-and-semaphore", SelfLocked, NotSelfLocked, ("add", "read"), ("deadlock",)),
    Race("empty-then-get", LostTake, SafeTake, ("take",), ("lost wake-up", "deadlock")),
    Race("lock-left-locked", Leaky, Tight, ("work", "count"), ("deadlock", "outcome")),
]  # fmt: skip
