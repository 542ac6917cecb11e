"""Checks that no longer hold when they are acted upon."""

from __future__ import annotations

import threading

from .model import Race


class OversoldQuota:
    def __init__(self, limit=1):
        self.left = limit

    def spend(self):
        if self.left > 0:
            self.left -= 1
            return True
        return False


class KeptQuota(OversoldQuota):
    def __init__(self, limit=1):
        super().__init__(limit)
        self._lock = threading.Lock()

    def spend(self):
        with self._lock:
            return super().spend()


class Client:
    pass


class TwoClients:
    def __init__(self):
        self._client = None

    def client(self):
        if self._client is None:
            self._client = Client()
        return self._client


class OneClient(TwoClients):
    """Double-checked locking."""

    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def client(self):
        if self._client is None:
            with self._lock:
                if self._client is None:
                    self._client = Client()
        return self._client


class LetGo:
    """Checks under the lock, writes under it again, and lets go between."""

    def __init__(self):
        self.limit = 10
        self.used = 0
        self._lock = threading.Lock()

    def reserve(self, amount):
        with self._lock:
            free = self.limit - self.used
        if amount > free:
            return False
        with self._lock:
            self.used += amount
        return True

    def usage(self):
        return self.used


class HeldOn(LetGo):
    def reserve(self, amount):
        with self._lock:
            if amount > self.limit - self.used:
                return False
            self.used += amount
            return True


class Evicted:
    """The key may be gone between the look and the read."""

    def __init__(self):
        self._cache = {}

    def get(self, key):
        if key in self._cache:
            return self._cache[key]
        self._cache[key] = key.upper()
        return key.upper()

    def evict(self, key):
        self._cache.pop(key, None)


class NotEvicted(Evicted):
    def get(self, key):
        value = self._cache.get(key)
        if value is None:
            value = self._cache[key] = key.upper()
        return value


class ClearedCallback:
    def __init__(self):
        self._listener = None
        self.heard = 0

    def listen(self):
        self._listener = self._hear

    def close(self):
        self._listener = None

    def _hear(self):
        return "heard"

    def tell(self):
        if self._listener is not None:
            return self._listener()
        return "nobody"


class KeptCallback(ClearedCallback):
    def tell(self):
        listener = self._listener
        return "nobody" if listener is None else listener()


class Popped:
    def __init__(self):
        self._free = ["one"]

    def take(self):
        if self._free:
            return self._free.pop()
        return None

    def free(self):
        return len(self._free)


class PoppedSafely(Popped):
    def take(self):
        try:
            return self._free.pop()
        except IndexError:
            return None


class LateReset:
    """A reset that overtakes an update which had already been acknowledged."""

    def __init__(self):
        self.count = 0
        self._lock = threading.Lock()

    def hit(self):
        with self._lock:
            self.count += 1

    def reset(self):
        before = self.count
        with self._lock:
            self.count = 0
        return before

    def read(self):
        return self.count


class CleanReset(LateReset):
    def reset(self):
        with self._lock:
            before, self.count = self.count, 0
        return before


RACES = [
    Race("check-then-act-quota", OversoldQuota, KeptQuota, ("spend",)),
    Race("double-initialisation", TwoClients, OneClient, ("client",)),
    Race("lock-released-between", LetGo, HeldOn, (("reserve", 6), "usage")),
    Race("cache-eviction", Evicted, NotEvicted, (("get", "a"), ("evict", "a")), ("exception",)),
    Race(
        "callback-cleared", ClearedCallback, KeptCallback, ("listen", "tell", "close"),
        ("exception",),
    ),
    Race("pop-from-empty", Popped, PoppedSafely, ("take", "free"), ("exception",)),
    Race("reset-loses-count", LateReset, CleanReset, ("hit", "reset", "read"),
         ("outcome", "order")),
]  # fmt: skip
