"""``os._exit`` in a fixture would end the run without a verdict, and with any status it likes."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from ..engine import originals
from ..engine.guard import ExitAttempt

__all__ = ["no_exit"]


@contextmanager
def no_exit() -> Iterator[list[int]]:
    """Let ``os._exit`` raise :class:`ExitAttempt` inside the block, in this process only.

    Lighter than the guard around a clause: it covers the modules that have the function, and
    leaves alone what a fixture may well patch.

    Yields:
        The statuses with which it was called.
    """
    pid = originals.getpid()
    statuses: list[int] = []

    def guarded(status: int) -> None:
        if originals.getpid() != pid:
            originals.real_exit(status)
        statuses.append(status)
        raise ExitAttempt(f"os._exit({status}) was called")

    modules = [os, *(sys.modules[name] for name in ("posix", "nt") if name in sys.modules)]
    for module in modules:
        if vars(module).get("_exit") is originals.real_exit:
            setattr(module, "_exit", guarded)  # noqa: B010 - mypy knows better of a module
    try:
        yield statuses
    finally:
        for module in modules:
            if vars(module).get("_exit") is guarded:
                setattr(module, "_exit", originals.real_exit)  # noqa: B010
