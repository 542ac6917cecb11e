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
    """Keep from being reported as unraisable what the garbage collector comes upon by design.

    A collection may begin at the bottom of a recursion that a hostile argument caused, or at the
    moment of an alarm. The callback is then somebody else's (Hypothesis has one), and nothing is
    lost: the recursion raises again in the call itself, and the alarm repeats.

    Core makes one extension and keeps it; a clause makes many and drops them. That none of them
    closed its connection is no leak, but a warning each, from Python 3.13 on for SQLite, too; where
    warnings are errors, they would fail whatever test runs at that moment.
    """
    former = sys.unraisablehook
    dropped = False

    def hook(unraisable: Any) -> None:
        nonlocal dropped
        error = unraisable.exc_value
        if isinstance(error, ResourceWarning):
            dropped = True
        elif not (isinstance(error, (RecursionError, Overdue)) and _is_of_a_callback(unraisable)):
            former(unraisable)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        if dropped:
            gc.collect()  # the others go now, and not in the middle of a test of somebody else's
        if sys.unraisablehook is hook:
            sys.unraisablehook = former


def _is_of_a_callback(unraisable: Any) -> bool:
    """Before Python 3.14 the callback itself is given, since then only a message about it."""
    if unraisable.object is not None:
        return any(unraisable.object is callback for callback in gc.callbacks)
    return "GC callback" in (unraisable.err_msg or "")
