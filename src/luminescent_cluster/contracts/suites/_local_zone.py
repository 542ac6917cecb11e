"""The machine in another time zone, for what depends on where it stands."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["local_zone"]


@contextmanager
def local_zone(name: str) -> Iterator[None]:
    """Let the machine stand in another time zone, where the platform can do that.

    Args:
        name: a POSIX zone, such as ``"LMT-9:30"`` for 9:30 h east of Greenwich.
    """
    if not hasattr(time, "tzset"):
        yield
        return
    former = os.environ.get("TZ")
    os.environ["TZ"] = name
    time.tzset()
    try:
        yield
    finally:
        if former is None:
            os.environ.pop("TZ", None)
        else:
            os.environ["TZ"] = former
        time.tzset()
