"""Noise that a clause makes by design, kept from whoever would take it for a fault."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .alarm import Overdue

__all__ = ["quiet_collector", "quiet_logging"]


@contextmanager
def quiet_logging() -> Iterator[None]:
    """Keep what the extension logs to nobody from flooding the terminal.

    Handlers that somebody set up, pytest's among them, get it all the same.
    """
    last_resort = logging.lastResort
    logging.lastResort = logging.NullHandler()
    try:
        yield
    finally:
        logging.lastResort = last_resort


@contextmanager
def quiet_collector() -> Iterator[None]:
    """Keep what strikes a callback of the garbage collector from being reported as unraisable.

    A collection may begin at the bottom of a recursion that a hostile argument caused, or at the
    moment of an alarm. The callback is then somebody else's (Hypothesis has one), and nothing is
    lost: the recursion raises again in the call itself, and the alarm repeats.
    """
    former = sys.unraisablehook

    def hook(unraisable: Any) -> None:
        struck = any(unraisable.object is callback for callback in gc.callbacks)
        if not (struck and isinstance(unraisable.exc_value, (RecursionError, Overdue))):
            former(unraisable)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        if sys.unraisablehook is hook:
            sys.unraisablehook = former
