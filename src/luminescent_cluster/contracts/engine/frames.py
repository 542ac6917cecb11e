"""Where all threads stand."""

from __future__ import annotations

import gc
import sys
from types import FrameType

__all__ = ["current_frames"]


def current_frames() -> dict[int, FrameType]:
    """Give each thread's current frame by its ident, as ``sys._current_frames()`` does.

    That holds a lock of the interpreter, which a ``threading.local`` needs to go; before Python
    3.12.1 the collector may run meanwhile, and the interpreter then waits for itself (gh-106883).
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        return sys._current_frames()
    finally:
        if collects:
            gc.enable()
