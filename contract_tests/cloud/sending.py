"""Sending in the background, so that a request never waits for a billing system."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

__all__ = ["BackgroundSender"]

_log = logging.getLogger(__name__)
_FIRST_RETRY, _LAST_RETRY = 0.05, 5.0

Item = TypeVar("Item")


class BackgroundSender(Generic[Item]):
    """Sends items in order from one thread, each until `send` returns without an exception."""

    def __init__(self, send: Callable[[Item], None], capacity: int) -> None:
        """Hold at most `capacity` items that wait.

        Args:
            send: sends one item, or raises to be called again with it. So it has to be idempotent.
            capacity: beyond it `put` refuses.
        """
        self._send = send
        self._capacity = capacity
        self._changed = threading.Condition()
        self._waiting: deque[Item] = deque()
        self._taken = 0
        self._done = 0
        self._hurry = False
        self._closed = False
        self._sending = threading.Lock()
        self._failed = False
        self._thread: threading.Thread | None = None

    def put(self, item: Item) -> bool:
        """Queue `item` and return at once; False where there is no room, or after close."""
        with self._changed:
            if self._closed or len(self._waiting) >= self._capacity:
                return False
            self._waiting.append(item)
            self._taken += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="usage", daemon=True)
                self._thread.start()
            self._changed.notify_all()
            return True

    def settle(self, timeout: float) -> bool:
        """Wait until what was put before is sent; False when `timeout` seconds are over."""
        with self._changed:
            target = self._taken
            self._hurry = True
            self._changed.notify_all()
            return self._changed.wait_for(lambda: self._done >= target, timeout)

    @contextmanager
    def paused(self, timeout: float) -> Iterator[None]:
        """Send nothing while the block runs, which starts when no item is half sent.

        Raises:
            TimeoutError: where that takes longer than `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        while True:
            if not self._sending.acquire(timeout=max(0.0, deadline - time.monotonic())):
                raise TimeoutError("sending takes too long")
            if not self._failed:
                break
            self._sending.release()
            if not self.settle(max(0.0, deadline - time.monotonic())):
                raise TimeoutError("sending fails")
        try:
            yield
        finally:
            self._sending.release()

    def close(self, timeout: float) -> list[Item]:
        """Send what waits, for `timeout` seconds at most; give back what could not be sent."""
        self.settle(timeout)
        with self._changed:
            self._closed = True
            left = list(self._waiting)
            self._waiting.clear()
            self._done = self._taken
            self._changed.notify_all()
        return left

    def _work(self) -> None:
        delay = _FIRST_RETRY
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                if not self._waiting:
                    return
                item = self._waiting[0]
            try:
                with self._sending:
                    self._failed = True  # until it is known to be sent as a whole
                    self._send(item)
                    self._failed = False
            except Exception as error:  # whatever the client's trouble is, the item stays
                if delay == _FIRST_RETRY:
                    _log.warning("usage cannot be sent, will be repeated: %s", error)
                self._rest(delay)
                delay = min(2 * delay, _LAST_RETRY)
                continue
            delay = _FIRST_RETRY
            with self._changed:
                if self._waiting and self._waiting[0] is item:
                    self._waiting.popleft()
                    self._done += 1
                self._changed.notify_all()

    def _rest(self, delay: float) -> None:
        """Wait before a repetition; somebody who settles may cut it short, but not to nothing."""
        time.sleep(_FIRST_RETRY)
        with self._changed:
            self._changed.wait_for(lambda: self._hurry or self._closed, delay - _FIRST_RETRY)
            self._hurry = False
