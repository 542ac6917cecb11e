"""Correct extensions that naive checks accuse."""

from __future__ import annotations

import datetime
import functools
import itertools
import logging
import queue
import random
import threading
import time
import uuid
from collections import defaultdict
from typing import ClassVar

from .model import Race


class Shards:
    """A counter per thread, summed when asked."""

    def __init__(self):
        self._local = threading.local()
        self._shards = []

    def track(self, tokens):
        shard = getattr(self._local, "shard", None)
        if shard is None:
            shard = self._local.shard = [0]
            self._shards.append(shard)
        shard[0] += tokens

    def summary(self):
        return {"total_tokens": sum(shard[0] for shard in list(self._shards))}


class IdentShards:
    """The same, by the identity of the thread."""

    def __init__(self):
        self._totals = {}

    def track(self, tokens):
        me = threading.get_ident()
        self._totals[me] = self._totals.get(me, 0) + tokens

    def summary(self):
        return sum(list(self._totals.values()))


class Uuids:
    def __init__(self):
        self._events = []

    def log(self, text):
        key = str(uuid.uuid4())
        self._events.append({"id": key, "text": text})
        return key

    def recorded(self):
        return list(self._events)


class Stamped:
    def __init__(self):
        self._events = []

    def log(self, text):
        self._events.append(
            {
                "text": text,
                "at": time.time(),
                "when": datetime.datetime.now(datetime.timezone.utc),
                "iso": datetime.datetime.now().isoformat(timespec="milliseconds"),
                "thread": threading.current_thread().name,
            }
        )

    def recorded(self):
        return [dict(event) for event in list(self._events)]


class KeyedByUuid:
    def __init__(self):
        self._events = {}

    def log(self, text):
        self._events[uuid.uuid4().hex] = text

    def recorded(self):
        return dict(self._events)


class BenignCache:
    """May compute twice, always the same."""

    def __init__(self):
        self._cache = {}

    def get(self, key):
        if key not in self._cache:
            self._cache[key] = {"filter": key}
        return dict(self._cache[key])


class PerTenantLocks:
    """Totals over tenants are read one tenant after the other."""

    def __init__(self):
        self._locks = defaultdict(threading.Lock)
        self._guard = threading.Lock()
        self._totals = {"a": 0, "b": 0}

    def _lock(self, tenant):
        with self._guard:
            return self._locks[tenant]

    def track(self, tenant, tokens):
        with self._lock(tenant):
            self._totals[tenant] += tokens

    def totals(self):
        found = {}
        for tenant in ("a", "b"):
            with self._lock(tenant):
                found[tenant] = self._totals[tenant]
        return found


class Settling:
    """A worker thread counts; reads find what has arrived so far."""

    def __init__(self):
        self._queue = queue.SimpleQueue()
        self._total = 0
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self):
        while True:
            self._total += self._queue.get()

    def track(self, tokens):
        self._queue.put(tokens)

    def summary(self):
        return self._total


class Periodic:
    """A timer thread moves events into the store every minute."""

    def __init__(self):
        self._buffer = queue.Queue()
        self._stored = []
        self._timer = None
        self._start()

    def _start(self):
        self._timer = threading.Timer(60, self._flush)
        self._timer.daemon = True
        self._timer.start()

    def _flush(self):
        self._drain()
        self._start()

    def _drain(self):
        while True:
            try:
                self._stored.append(self._buffer.get_nowait())
            except queue.Empty:
                return

    def log(self, event):
        self._buffer.put(event)

    def recorded(self):
        self._drain()
        return sorted(self._stored)


class Logging:
    """Logs to the module's logger, whose handlers and locks exist since import time."""

    logger = logging.getLogger("unusual.audit")

    def __init__(self):
        self._lock = threading.Lock()
        self.count = 0

    def log(self, text):
        with self._lock:
            self.count += 1
            self.logger.warning("event %s", text)

    def recorded(self):
        with self._lock:
            return self.count


class Spinning:
    """Waits for its turn by looking again and again."""

    def __init__(self):
        self._busy = threading.Lock()
        self._n = 0

    def add(self):
        while not self._busy.acquire(blocking=False):
            time.sleep(0.001)
        self._n += 1
        self._busy.release()

    def read(self):
        return self._n


class BusySpin:
    """The same without sleeping at all."""

    def __init__(self):
        self._busy = threading.Lock()
        self._n = 0

    def add(self):
        while not self._busy.acquire(blocking=False):
            pass
        self._n += 1
        self._busy.release()

    def read(self):
        return self._n


class Impatient:
    """Gives up after a second; nobody holds the lock that long."""

    def __init__(self):
        self._lock = threading.Lock()
        self._n = 0

    def add(self):
        if not self._lock.acquire(timeout=1.0):
            raise TimeoutError("busy")
        try:
            self._n += 1
        finally:
            self._lock.release()

    def read(self):
        return self._n


class Optimistic:
    """Compare and swap with retries."""

    def __init__(self):
        self._guard = threading.Lock()
        self._state = (0, 0)

    def _swap(self, old, new):
        with self._guard:
            if self._state is old:
                self._state = new
                return True
            return False

    def add(self):
        while True:
            old = self._state
            if self._swap(old, (old[0] + 1, old[1] + 2)):
                return

    def read(self):
        return self._state


class Dice:
    """Answers that are random by design."""

    def __init__(self):
        self._lock = threading.Lock()
        self._rolled = 0

    def roll(self):
        with self._lock:
            self._rolled += 1
        return random.random()

    def rolled(self):
        return self._rolled


class ReadersWriters:
    """Many readers or one writer, with a condition."""

    def __init__(self):
        self._state = threading.Condition()
        self._readers = 0
        self._pair = [0, 0]

    def write(self):
        with self._state:
            while self._readers:
                self._state.wait()
            self._pair[0] += 1
            self._pair[1] += 1

    def read(self):
        with self._state:
            self._readers += 1
        try:
            return tuple(self._pair)
        finally:
            with self._state:
                self._readers -= 1
                self._state.notify_all()


class Bounded:
    """A put may have to wait for a take."""

    def __init__(self):
        self._queue = queue.Queue(maxsize=1)

    def put(self):
        self._queue.put("x")

    def take(self):
        return self._queue.get()


class Chained:
    """Every record names the one before it, and the order of two callers is nobody's promise."""

    def __init__(self):
        self._lock = threading.Lock()
        self._records = []

    def log(self, text):
        with self._lock:
            before = self._records[-1] if self._records else ""
            self._records.append(f"{text}<{before}")

    def recorded(self):
        with self._lock:
            return list(self._records)


class OnTheClass:
    """State of the class, guarded by a lock of the class."""

    _lock = threading.RLock()
    _totals: ClassVar[dict] = {}

    def track(self, tenant):
        with self._lock:
            self._totals[tenant] = self._totals.get(tenant, 0) + 1

    def summary(self, tenant):
        return self._totals.get(tenant, 0)


class OnTheClassBroken(OnTheClass):
    _totals: ClassVar[dict] = {}

    def track(self, tenant):
        self._totals[tenant] = self._totals.get(tenant, 0) + 1


class Remembered:
    """An lru_cache on a method."""

    @functools.lru_cache(maxsize=8)  # noqa: B019
    def get_filter(self, tenant):
        return (("tenant_id", tenant),)

    def forget(self):
        type(self).get_filter.cache_clear()


class Numbered:
    """Numbers that go up, from a counter of the module."""

    _numbers = itertools.count(1)

    def next_id(self):
        return next(self._numbers)


UNUSUAL = [
    Race("per-thread-shards", Shards, Shards, (("track", 5), ("track", 3), "summary")),
    Race("ident-shards", IdentShards, IdentShards, (("track", 5), ("track", 3), "summary")),
    Race("uuids", Uuids, Uuids, (("log", "x"), ("log", "y"), "recorded")),
    Race("timestamps", Stamped, Stamped, (("log", "x"), ("log", "y"), "recorded")),
    Race("keyed-by-uuid", KeyedByUuid, KeyedByUuid, (("log", "x"), ("log", "y"), "recorded")),
    Race("benign-cache", BenignCache, BenignCache, (("get", "a"), ("get", "b"))),
    Race("per-tenant-locks", PerTenantLocks, PerTenantLocks,
         (("track", "a", 1), ("track", "b", 1), "totals")),
    Race("settling", Settling, Settling, (("track", 5), ("track", 3), "summary")),
    Race("periodic", Periodic, Periodic, (("log", "x"), ("log", "y")),
         observers=(("recorded",),)),
    Race("logging", Logging, Logging, (("log", "x"), "recorded")),
    Race("spinning", Spinning, Spinning, ("add", "read")),
    Race("busy-spin", BusySpin, BusySpin, ("add", "read")),
    Race("impatient", Impatient, Impatient, ("add", "read")),
    Race("optimistic", Optimistic, Optimistic, ("add", "read")),
    Race("dice", Dice, Dice, ("roll", "rolled")),
    Race("readers-writers", ReadersWriters, ReadersWriters, ("write", "read")),
    Race("bounded", Bounded, Bounded, ("put", "take"), observers=()),
    Race("chained", Chained, Chained, (("log", "x"), ("log", "y"), "recorded")),
    Race("on-the-class", OnTheClassBroken, OnTheClass, (("track", "a"), ("summary", "a"))),
    Race("remembered", Remembered, Remembered, (("get_filter", "a"), "forget"), observers=()),
    Race("numbered", Numbered, Numbered, ("next_id",)),
]  # fmt: skip
