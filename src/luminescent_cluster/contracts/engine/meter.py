"""What a property has used of its budget."""

from __future__ import annotations

from .originals import monotonic, os_close, os_open, os_read, process_time

__all__ = ["Meter"]

_PATIENCE = 3.0  # seconds on the clock that count as one of work
_NANO = 1e-9


class Meter:
    """Measures work rather than time, so that a loaded machine does not change what is tried.

    Seconds of the process's own processor count in full. Seconds on the clock count for a third:
    who waits for a server or a disk gets three times the budget, and an end. Seconds in which the
    thread could have run, and others had the processors, count for nothing where the system tells.
    """

    def __init__(self) -> None:
        self._worked = process_time()
        self._started = monotonic()
        self._queued = _queued()

    def spent(self) -> float:
        """Give the seconds used since this meter was made."""
        worked = process_time() - self._worked
        passed = monotonic() - self._started
        if passed <= worked * _PATIENCE:
            return worked
        return max(worked, (passed - max(0.0, _queued() - self._queued)) / _PATIENCE)

    def over(self, budget: float) -> bool:
        """Tell whether more than so many seconds are used.

        As :meth:`spent` says it, but asks who else had the processors only where that decides.
        """
        if process_time() - self._worked > budget:
            return True
        return monotonic() - self._started > budget * _PATIENCE and self.spent() > budget


def _queued() -> float:
    """Give the seconds that this thread has waited for a processor; 0 where nobody counts them."""
    try:
        file = os_open("/proc/thread-self/schedstat", 0)
    except OSError:
        return 0.0
    try:
        return int(os_read(file, 100).split()[1]) * _NANO
    except (OSError, ValueError, IndexError):
        return 0.0
    finally:
        os_close(file)
