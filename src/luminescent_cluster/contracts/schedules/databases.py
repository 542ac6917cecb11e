"""SQLite files without waiting for the disk.

What a power failure would leave does not matter in an explored run; syncing the file to disk takes
most of its time.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from typing import Any

from .tasks import current_task

__all__ = ["replacements"]


def replacements() -> list[tuple[Any, Any]]:
    """(original, replacement) for what opens a database, where that is imported at all."""
    sqlite3: Any = sys.modules.get("sqlite3")
    if sqlite3 is None:
        return []
    real = sqlite3.connect

    @functools.wraps(real)
    def connect(*args: Any, **kwargs: Any) -> Any:
        connection = real(*args, **kwargs)
        if current_task() is not None and isinstance(connection, sqlite3.Connection):
            timeout = kwargs.get("timeout", args[1] if len(args) > 1 else 5.0)
            with contextlib.suppress(sqlite3.Error, TypeError, ValueError):
                _hurry(sqlite3, connection, int(timeout * 1000))
        return connection

    return [(real, connect)]


def _hurry(sqlite3: Any, connection: Any, timeout: int) -> None:
    execute = sqlite3.Connection.execute  # a subclass may have its own
    execute(connection, "pragma busy_timeout = 0")  # where it is locked just now, leave it
    try:
        execute(connection, "pragma synchronous = off")
    finally:
        execute(connection, f"pragma busy_timeout = {timeout}")
