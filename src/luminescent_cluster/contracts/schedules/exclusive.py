"""One exploration at a time: each replaces locks, time and tracing for the whole process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .real import REAL
from .tasks import current_task

__all__ = ["alone_in_the_process"]

_exploring = REAL.allocate_lock()
_explorers: list[int] = []


@contextmanager
def alone_in_the_process() -> Iterator[None]:
    """Wait until no other thread explores, and keep others waiting until the block ends.

    Raises:
        RuntimeError: within an exploration, which would wait for itself.
    """
    if current_task() is not None or REAL.get_ident() in _explorers:
        raise RuntimeError(
            "an exploration was started within another one, which can never end: the extension, "
            "its factory or an observer calls the explorer; call it from the test instead"
        )
    with _exploring:
        _explorers.append(REAL.get_ident())
        try:
            yield
        finally:
            _explorers.clear()
