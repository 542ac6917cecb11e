"""A bounded queue between callers that must not wait and a backend that may keep them waiting."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from .switch import BackendDown

__all__ = ["Outbox"]

_log = logging.getLogger(__name__)
_BATCH = 500
_LINGER = 0.25  # seconds an idle worker waits for more before it ends
_FIRST_RETRY, _LAST_RETRY = 0.02, 1.0
_AT_EXIT = 2.0  # seconds that the interpreter's end is held up for what still waits

Item = TypeVar("Item")


class Outbox(Generic[Item]):
    """Takes items at once, delivers them in order and in batches from a thread of its own.

    The thread exists only while there is something to deliver. A batch leaves the queue after the
    backend took it, so a failed delivery is repeated: `deliver` must take the same items twice
    without counting them twice.
    """

    def __init__(self, deliver: Callable[[Sequence[Item]], None], capacity: int, name: str) -> None:
        """Deliver through `deliver`, which raises BackendDown while it cannot.

        Args:
            deliver: takes a batch, all or nothing.
            capacity: how many items may wait; more are refused by `put`.
            name: of the thread, and in log messages.

        Raises:
            ValueError: where `capacity` is not positive.
        """
        if capacity < 1:
            raise ValueError(f"an outbox needs room for one item at least, got {capacity}")
        self._deliver = deliver
        self._capacity = capacity
        self._name = name
        self._changed = threading.Condition()
        self._delivering = threading.Lock()
        self._waiting: deque[Item] = deque()
        self._taken = 0
        self._delivered = 0
        self._worker: threading.Thread | None = None
        self._idle = False
        self._hurried = False
        self._closed = False
        _LIVE.add(self)
        # last registered runs first: before whatever closes the backends that exist by now
        atexit.unregister(_deliver_what_waits)
        atexit.register(_deliver_what_waits)

    def put(self, item: Item) -> bool:
        """Queue `item` without waiting for the backend. False: there is no room, or it is closed"""
        with self._changed:
            if self._closed or len(self._waiting) >= self._capacity:
                return False
            self._waiting.append(item)
            self._taken += 1
            self._ensure_worker()
            return True

    def drain(self, patience: float) -> None:
        """Deliver all that was put before this call, on the caller's thread.

        Raises:
            BackendDown: when that fails, or takes longer than `patience` seconds.
        """
        with self._changed:
            target = self._taken
        deadline = time.monotonic() + patience
        while self._delivered < target:
            if not self._delivering.acquire(timeout=max(0.0, deadline - time.monotonic())):
                raise BackendDown(f"{self._name}: delivery takes longer than {patience} s")
            try:
                self._deliver_batch()
            finally:
                self._delivering.release()

    def settle(self, timeout: float) -> bool:
        """Wait until all that was put before this call is delivered; False when time runs out."""
        deadline = time.monotonic() + timeout
        with self._changed:
            target = self._taken
            while self._delivered < target and self._ensure_worker():
                self._hurried = True
                self._changed.notify_all()
                if not self._changed.wait_for(
                    lambda: self._delivered >= target or self._worker is None,
                    max(0.0, deadline - time.monotonic()),
                ):
                    return False
        try:  # no thread can be started, as at the end of the interpreter: deliver on this one
            self.drain(max(0.0, deadline - time.monotonic()))
        except BackendDown as error:
            _log.warning("%s: %d wait undelivered: %s", self._name, target - self._delivered, error)
        return self._delivered >= target

    def close(self, timeout: float) -> list[Item]:
        """Deliver what waits, for `timeout` seconds at most, and take nothing more.

        Returns:
            What could not be delivered, for the owner to report. Empty on a second call.
        """
        deadline = time.monotonic() + timeout
        self.settle(timeout)
        # What is under way at this moment was put by others meanwhile, and is not left behind.
        ended = self._delivering.acquire(timeout=max(0.0, deadline - time.monotonic()))
        try:
            with self._changed:
                self._closed = True
                left = list(self._waiting)
                self._waiting.clear()
                self._delivered = self._taken
                self._changed.notify_all()
        finally:
            if ended:
                self._delivering.release()
        return left

    def _ensure_worker(self) -> bool:
        """Have a thread that delivers. False: the interpreter gives none."""
        if self._worker is not None and self._worker.is_alive():
            if self._idle:
                self._changed.notify_all()
            return True
        self._worker = threading.Thread(target=self._work, name=self._name, daemon=True)
        try:
            self._worker.start()
        except RuntimeError:  # no more threads, or the interpreter ends: a reader delivers, or exit
            self._worker = None
        return self._worker is not None

    def _work(self) -> None:
        delay = _FIRST_RETRY
        while self._await_work():
            try:
                with self._delivering:
                    self._deliver_batch()
                delay = _FIRST_RETRY
            except Exception as error:  # whatever the backend's trouble is, the items stay
                if delay == _FIRST_RETRY:
                    _log.warning("%s: delivery fails, will be repeated: %s", self._name, error)
                with self._changed:
                    self._changed.wait_for(lambda: self._closed or self._hurried, delay)
                    self._hurried = False
                delay = min(delay * 2, _LAST_RETRY)

    def _await_work(self) -> bool:
        """Say whether there is something to deliver; False ends this worker."""
        with self._changed:
            self._idle = True
            self._changed.wait_for(lambda: self._waiting or self._closed, _LINGER)
            self._idle = False
            if not self._waiting:
                self._worker = None
                return False
            return True

    def _deliver_batch(self) -> None:
        with self._changed:
            batch = list(islice(self._waiting, _BATCH))
        if not batch:
            return
        self._deliver(batch)
        with self._changed:
            for _ in range(min(len(batch), len(self._waiting))):  # close() may have taken them
                self._waiting.popleft()
                self._delivered += 1
            self._changed.notify_all()


_LIVE: WeakSet[Outbox[Any]] = WeakSet()


def _deliver_what_waits() -> None:
    """Give every queue a last chance when the interpreter ends without a close()."""
    deadline = time.monotonic() + _AT_EXIT
    for outbox in list(_LIVE):
        outbox.settle(max(0.0, deadline - time.monotonic()))
