"""Iterative context bounding: all schedules with no preemption, then one, then two.

Most races need one preemption at the right place, so enumerating few preemptions finds them first
and with the shortest schedule, and says exactly what was covered when it finds nothing.
(Musuvathi and Qadeer, "Iterative context bounding for systematic testing of multithreaded
programs", PLDI 2007.)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from ..choosing import Choice, Planned, Segment
from ..runs import Run

__all__ = ["ContextBounding"]

_LONGEST_SEGMENT = 2_000
Key = tuple[str, int]
Plan = dict[Key, str]


class ContextBounding:
    """Enumerates plans by their number of preemptions, up to ``bound``.

    ``level`` is the number of preemptions being tried, ``exhausted`` the largest bound whose
    schedules have all been run (-1 before the first).
    """

    def __init__(self, bound: int) -> None:
        self.bound = bound
        self.exhausted = -1
        self._levels: list[deque[Iterator[Plan]]] = [deque() for _ in range(bound + 2)]
        self._levels[0].append(iter([{}]))
        self._plan: Plan = {}
        self._level = 0
        self.truncated = False

    def next(self, bound: int | None = None) -> Planned | None:
        """The next schedule with at most ``bound`` preemptions, None when there is none left."""
        limit = self.bound if bound is None else min(bound, self.bound)
        while self.exhausted < limit:
            level = self.exhausted + 1
            waiting = self._levels[level]
            while waiting:
                plan = next(waiting[0], None)
                if plan is not None:
                    self._plan, self._level = plan, level
                    return Planned(plan)
                waiting.popleft()
            if self.truncated:
                return None
            self.exhausted = level
        return None

    def learn(self, run: Run) -> None:
        """Queue the schedules that deviate once more than the one that just ran."""
        log = run.log
        start = 0
        if self._plan:
            last_task, last_n = next(reversed(self._plan))
            for index, entry in enumerate(log):
                at = entry.n if isinstance(entry, Choice) else entry.last
                if entry.task == last_task and at == last_n:
                    start = index + 1
                    break
            else:
                return
        rest = log[start:]
        plan = self._plan
        if any(isinstance(entry, Choice) for entry in rest):
            self._levels[self._level].append(_other_choices(plan, rest))
        if self._level <= self.bound and self._level + 1 < len(self._levels):
            self._levels[self._level + 1].append(_preemptions(plan, rest))


def _other_choices(plan: Plan, log: list[Segment | Choice]) -> Iterator[Plan]:
    for entry in log:
        if isinstance(entry, Choice):
            for option in entry.options:
                if option != entry.chosen:
                    yield {**plan, (entry.task, entry.n): option}


def _preemptions(plan: Plan, log: list[Segment | Choice]) -> Iterator[Plan]:
    for entry in log:
        if isinstance(entry, Segment):
            for n in range(entry.first, min(entry.last, entry.first + _LONGEST_SEGMENT) + 1):
                for other in entry.others:
                    yield {**plan, (entry.task, n): other}
