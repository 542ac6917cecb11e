"""What an exploration has used of its budget."""

from __future__ import annotations

from .model import Budget, Result
from .real import REAL

__all__ = ["Spending"]


class Spending:
    """Counts schedules and work, so that a busy machine explores what an idle one does.

    Shares of the budget are shares of its schedules, and of its seconds on a processor where those
    are used up sooner. Time that merely passes only ends the exploration.

    Args:
        budget: what may be used.
        result: counts the schedules.
    """

    def __init__(self, budget: Budget, result: Result) -> None:
        self._budget = budget
        self._result = result
        self._started: float = REAL.monotonic()
        self._begun = self.mark()

    def mark(self) -> tuple[int, float]:
        """Now, for :meth:`used`."""
        return self._result.schedules, REAL.process_time()

    def used(self, since: tuple[int, float] | None = None) -> float:
        """Give the share of the budget that is used, since a mark or from the beginning.

        The difference of two shares will not do: work that programs took to prepare would decide
        how many schedules each gets.
        """
        schedules, worked = since or self._begun
        now_schedules, now_worked = self.mark()
        return max(
            (now_schedules - schedules) / self._budget.schedules,
            (now_worked - worked) / self._budget.seconds,
        )

    def ended(self) -> bool:
        """Tell whether nothing is left, or the time is up."""
        return self.used() >= 1.0 or self.seconds() >= self._budget.seconds

    def seconds(self) -> float:
        """Give the seconds that passed."""
        passed: float = REAL.monotonic() - self._started
        return passed
