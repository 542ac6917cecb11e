"""What a property has used of its budget."""

from __future__ import annotations

from .originals import monotonic, process_time

__all__ = ["Meter"]

_PATIENCE = 3.0  # seconds on the clock that count as one of work


class Meter:
    """Measures work rather than time, so that a loaded machine does not change what is tried.

    Seconds of the process's own processor count in full. Seconds on the clock count for a third:
    who waits for a server or a disk gets three times the budget, and an end.
    """

    def __init__(self) -> None:
        self._worked = process_time()
        self._started = monotonic()

    def spent(self) -> float:
        """Give the seconds used since this meter was made."""
        worked = process_time() - self._worked
        return max(worked, (monotonic() - self._started) / _PATIENCE)
