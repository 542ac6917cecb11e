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
_Queue = deque[Iterator[Plan]]
_RANKS = (0, 1, 2)
_FREE = 12  # schedules without preemption before promising ones with one come in turn


class ContextBounding:
    """Enumerates plans by their number of preemptions, up to ``bound``.

    ``level`` is the number of preemptions being tried, ``exhausted`` the largest bound whose
    schedules have all been run (-1 before the first).
    """

    def __init__(self, bound: int) -> None:
        self.bound = bound
        self.exhausted = -1
        self._levels: list[tuple[_Queue, ...]] = [
            tuple(deque() for _ in _RANKS) for _ in range(bound + 2)
        ]
        self._levels[0][0].append(iter([{}]))
        self.ranks: dict[Key, int] | None = None
        """Decisions at which a preemption promises much (0) or little (2), where known; the order
        in which those of one level are tried."""
        self._plan: Plan = {}
        self._level = 0
        self.truncated = False
        self._served = 0

    def next(self, bound: int | None = None) -> Planned | None:
        """The next schedule with at most ``bound`` preemptions, None when there is none left."""
        limit = self.bound if bound is None else min(bound, self.bound)
        if self.exhausted < 0 < limit and self._served > _FREE:
            self._served += 1
            plan = self._ahead() if self._served % 2 else None
            if plan is not None:
                self._plan, self._level = plan, 1
                return Planned(plan)
        while self.exhausted < limit:
            level = self.exhausted + 1
            for waiting in self._levels[level]:
                while waiting:
                    plan = next(waiting[0], None)
                    if plan is not None:
                        self._plan, self._level = plan, level
                        self._served += 1
                        return Planned(plan)
                    waiting.popleft()
            if self.truncated:
                return None
            self.exhausted = level
        return None

    def _ahead(self) -> Plan | None:
        """A promising schedule with one preemption, while those with none are still many."""
        waiting = self._levels[1][0]
        while waiting:
            plan = next(waiting[0], None)
            if plan is not None:
                return plan
            waiting.popleft()
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
            self._levels[self._level][0].append(_other_choices(plan, rest))
        if self._level <= self.bound and self._level + 1 < len(self._levels):
            for rank, waiting in zip(_RANKS, self._levels[self._level + 1], strict=True):
                waiting.append(_preemptions(plan, rest, self.ranks or {}, rank))


def _other_choices(plan: Plan, log: list[Segment | Choice]) -> Iterator[Plan]:
    for entry in log:
        if isinstance(entry, Choice):
            for option in entry.options:
                if option != entry.chosen:
                    yield {**plan, (entry.task, entry.n): option}


def _preemptions(
    plan: Plan, log: list[Segment | Choice], ranks: dict[Key, int], wanted: int
) -> Iterator[Plan]:
    """Plans with one preemption more, at the decisions of one rank."""
    for entry in log:
        if isinstance(entry, Segment):
            for n in range(entry.first, min(entry.last, entry.first + _LONGEST_SEGMENT) + 1):
                if ranks.get((entry.task, n), 1) == wanted:
                    for other in entry.others:
                        yield {**plan, (entry.task, n): other}
