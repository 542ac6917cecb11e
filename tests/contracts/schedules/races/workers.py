"""Extensions with threads of their own."""

from __future__ import annotations

import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from .model import Race


class PoolWithoutLock:
    """Two workers of a pool update one total."""

    def __init__(self):
        self.total = 0
        self._pool = ThreadPoolExecutor(2)
        self._pending = []

    def track(self, tokens):
        self._pending.append(self._pool.submit(self._add, tokens))

    def _add(self, tokens):
        self.total += tokens

    def total_tokens(self):
        for future in list(self._pending):
            future.result()
        return self.total


class PoolWithLock(PoolWithoutLock):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def _add(self, tokens):
        with self._lock:
            self.total += tokens


class Flusher:
    """A timer thread swaps the buffer while callers append to it."""

    def __init__(self):
        self.buffer = []
        self.sent = []
        self._stop = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while not self._stop.wait(5.0):
            self._flush()

    def _flush(self):
        batch = self.buffer
        self.sent += batch
        self.buffer = []

    def log(self, event):
        self.buffer.append(event)

    def recorded(self):
        self._stop.set()
        return sorted(self.sent + self.buffer)


class SafeFlusher(Flusher):
    def __init__(self):
        self._lock = threading.Lock()
        super().__init__()

    def _flush(self):
        with self._lock:
            self.sent += self.buffer
            self.buffer = []

    def log(self, event):
        with self._lock:
            self.buffer.append(event)

    def recorded(self):
        with self._lock:
            return sorted(self.sent + self.buffer)


class TwoWorkers:
    """Two workers take from one queue and write one total back."""

    workers = 2

    def __init__(self):
        self._queue = queue.Queue()
        self.total = 0
        for _ in range(self.workers):
            threading.Thread(target=self._work, daemon=True).start()

    def _work(self):
        while True:
            tokens = self._queue.get()
            try:
                self.total += tokens
            finally:
                self._queue.task_done()

    def track(self, tokens):
        self._queue.put(tokens)

    def settled(self):
        self._queue.join()
        return self.total


class OneWorker(TwoWorkers):
    workers = 1


class HandWrittenThread:
    """Starts a thread per event and forgets to wait for it under one interleaving."""

    def __init__(self):
        self.events = []
        self._threads = []

    def log(self, event):
        thread = threading.Thread(target=self._store, args=(event,))
        self._threads = [*self._threads, thread]
        thread.start()

    def _store(self, event):
        time.sleep(0.01)
        self.events.append(event)

    def recorded(self):
        for thread in self._threads:
            thread.join()
        return len(self.events), len(self._threads)


class JoinedThread(HandWrittenThread):
    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def log(self, event):
        with self._lock:
            super().log(event)


RACES = [
    Race("in-pool-workers", PoolWithoutLock, PoolWithLock, (("track", 5),),
         observers=(("total_tokens",),)),
    Race("flusher-swaps-buffer", Flusher, SafeFlusher, (("log", "x"),),
         observers=(("recorded",),)),
    Race("two-queue-workers", TwoWorkers, OneWorker, (("track", 5),), observers=(("settled",),)),
    Race("threads-per-event", HandWrittenThread, JoinedThread, (("log", "x"),),
         observers=(("recorded",),)),
]  # fmt: skip
