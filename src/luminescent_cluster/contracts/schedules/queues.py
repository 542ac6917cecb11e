"""``queue.SimpleQueue`` under control: each operation is one step, as it is in C.

The one that the standard library has in Python appends first and counts afterwards. A thread that
is stopped between the two has put nothing yet, and still gives its item away to somebody else.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from types import GenericAlias
from typing import Any

__all__ = ["SimpleQueue"]


class SimpleQueue:
    """An unbounded queue, the operations of which may come in any order, but never apart."""

    __class_getitem__: Any = classmethod(GenericAlias)

    def __init__(self) -> None:
        self._items: deque[Any] = deque()
        self._filled = threading.Condition()  # a finaliser may put while the same thread puts

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Put an item; never waits."""
        with self._filled:
            self._items.append(item)
            self._filled.notify()

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Take the oldest item.

        Raises:
            ValueError: the timeout is negative.
            queue.Empty: there is none, or none in time.
        """
        if timeout is not None and timeout < 0:
            raise ValueError("'timeout' must be a non-negative number")
        with self._filled:
            if block and not self._items:
                self._filled.wait_for(lambda: self._items, timeout)
            if not self._items:
                raise queue.Empty
            return self._items.popleft()

    def put_nowait(self, item: Any) -> None:
        """Put an item."""
        self.put(item)

    def get_nowait(self) -> Any:
        """Take the oldest item, as ``get(block=False)``."""
        return self.get(block=False)

    def empty(self) -> bool:
        """Tell whether there is no item now."""
        return not self._items

    def qsize(self) -> int:
        """Tell how many items there are now."""
        return len(self._items)
