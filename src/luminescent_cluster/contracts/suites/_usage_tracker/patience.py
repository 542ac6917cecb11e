"""How long it is worth waiting for what settles late."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...engine.originals import monotonic, sleep
from ...subjects.usage import UsageSubject

__all__ = ["Patience"]

_LONGEST = 10  # times the patience, by the clock


@dataclass
class Patience:
    """How long it is worth waiting for what was tracked to show.

    Attributes:
        late: something showed late at least once, so that waiting is worth it.
        in_vain: the full time was waited for nothing, so that more of it is not.
    """

    late: bool = False
    in_vain: bool = False

    def seconds(self, subject: UsageSubject) -> float:
        """Give how long to wait; nothing where the author gave a flush."""
        if subject.has("flush"):
            return 0.0
        if self.in_vain and not self.late:
            return min(0.02, subject.settles_within)
        return subject.settles_within

    def wait(
        self,
        subject: UsageSubject,
        look: Callable[[], Any],
        good: Callable[[Any], bool],
        least: float = 0.0,
    ) -> Any:
        """Look until what is seen is good, or the time is over; give what was seen last."""
        seen = look()
        if good(seen):
            return seen
        limit = self.seconds(subject)
        if limit >= subject.settles_within:
            limit = max(limit, least)
        # Pauses count, not what the clock says: on a busy machine everybody is late.
        waited, pause, due = 0.0, 0.001, monotonic() + _LONGEST * limit
        while waited < limit and monotonic() < due:
            sleep(pause)
            waited += pause
            pause = min(pause * 2, 0.05)
            seen = look()
            if good(seen):
                self.late = True
                return seen
        self.in_vain = self.in_vain or limit > 0
        return seen
