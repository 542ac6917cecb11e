"""How far a machine's own pauses explain that a call took long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ...engine.originals import monotonic, sleep, start_new_thread

__all__ = ["Metronome", "ticking"]

_BEAT = 0.005


class Metronome:
    """A thread that wakes up all the time, and knows by how much it was ever late.

    A call that waits for a backend leaves it in time. A machine that is busy with something else
    delays both.
    """

    def __init__(self) -> None:
        self._latest = 0.0
        self._woke = monotonic()
        self._stopped = False

    def start(self) -> None:
        """Forget what was; measure from now on."""
        self._latest = 0.0

    def latest(self) -> float:
        """Give the longest delay since the start, in seconds, also one that still lasts."""
        return max(self._latest, monotonic() - self._woke - _BEAT, 0.0)

    def _run(self) -> None:
        while not self._stopped:
            sleep(_BEAT)
            now = monotonic()
            self._latest = max(self._latest, now - self._woke - _BEAT)
            self._woke = now


@contextmanager
def ticking() -> Iterator[Metronome]:
    """Give a metronome that runs while the block does."""
    metronome = Metronome()
    start_new_thread(metronome._run, ())
    try:
        yield metronome
    finally:
        metronome._stopped = True
