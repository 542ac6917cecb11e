"""The originals of everything the explorer replaces, saved when it is imported.

An extension under test may itself patch ``threading`` or ``time``; the explorer never looks its
own tools up there. The originals live in attributes of one object rather than in module globals,
so that the scan which replaces names in modules does not find them here.
"""

from __future__ import annotations

import _thread
import queue
import sys
import threading
import time
from typing import Any


class Originals:
    """Saved references; see the attribute names for what they are."""

    def __init__(self) -> None:
        self.allocate_lock: Any = _thread.allocate_lock
        self.lock: Any = threading.Lock
        self.rlock: Any = threading.RLock
        self.raw_rlock: Any = _thread.RLock
        self.lock_type: type = type(_thread.allocate_lock())
        self.rlock_type: type = type(threading.RLock())
        self.get_ident: Any = _thread.get_ident
        self.start_new_thread: Any = _thread.start_new_thread
        self.start_joinable_thread: Any = getattr(_thread, "start_joinable_thread", None)
        self.thread_join: Any = threading.Thread.join
        self.thread_is_alive: Any = threading.Thread.is_alive
        self.current_thread: Any = threading.current_thread
        self.simple_queue: Any = queue.SimpleQueue
        self.get_native_id: Any = _thread.get_native_id
        self.settrace: Any = sys.settrace
        self.sleep: Any = time.sleep
        self.time: Any = time.time
        self.time_ns: Any = time.time_ns
        self.monotonic: Any = time.monotonic
        self.monotonic_ns: Any = time.monotonic_ns
        self.perf_counter: Any = time.perf_counter
        self.process_time: Any = time.process_time
        self.perf_counter_ns: Any = time.perf_counter_ns


REAL = Originals()
