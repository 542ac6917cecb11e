"""Iterative context bounding: all schedules with no preemption, then one, then two.

Most races need one preemption at the right place, so enumerating few preemptions finds them first
and with the shortest schedule, and says exactly what was covered when it finds nothing.
(Musuvathi and Qadeer, "Iterative context bounding for systematic testing of multithreaded
programs", PLDI 2007.)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from ..choosing import Choice, Planned, Segment
from ..runs import Run
from ..sharing import CONFLICT, PRIVATE, RANKS, UNKNOWN

__all__ = ["ContextBounding"]

_LONGEST_SEGMENT = 2_000
Key = tuple[str, int]
Plan = dict[Key, str]
_Queue = deque[Iterator[Plan]]
_Open = tuple[Segment | Choice, tuple[str, ...]]
_NONE: Mapping[str, str] = MappingProxyType({})
_FREE = 12  # schedules without preemption before promising ones with one come in turn


class ContextBounding:
    """Enumerates plans by their number of preemptions, up to ``bound``.

    ``exhausted`` is the largest bound whose schedules have all been run (-1 before the first).
    ``twins`` names for a thread an earlier one that makes the same calls: which of two such
    threads begins makes no difference, so the earlier does.
    """

    def __init__(self, bound: int, twins: Mapping[str, str] = _NONE) -> None:
        self.bound = bound
        self.exhausted = -1
        self._twins = twins
        self._levels: list[tuple[_Queue, ...]] = [
            tuple(deque() for _ in RANKS) for _ in range(bound + 2)
        ]
        self._levels[0][0].append(iter([{}]))
        self._ranks: dict[Key, int] = {}
        self._plan: Plan = {}
        self._level = self._rank = 0
        self._served = 0

    def next(self, bound: int | None = None, rank: int = PRIVATE) -> Planned | None:
        """The next schedule with at most ``bound`` preemptions, None when there is none left.

        The less promising ones are kept for later where ``rank`` says so.
        """
        limit = self.bound if bound is None else min(bound, self.bound)
        if self.exhausted < 0 < limit and self._served > _FREE:
            self._served += 1
            plan = self._take(1, 0) if self._served % 2 else None
            if plan is not None:
                return Planned(plan)
        for level in range(self.exhausted + 1, limit + 1):
            for waiting in RANKS[: rank + 1]:
                plan = self._take(level, waiting)
                if plan is not None:
                    self._served += 1
                    return Planned(plan)
            if rank == PRIVATE:
                self.exhausted = level
        return None

    def _take(self, level: int, rank: int) -> Plan | None:
        waiting = self._levels[level][rank]
        while waiting:
            plan = next(waiting[0], None)
            if plan is not None:
                self._plan, self._level, self._rank = plan, level, rank
                return plan
            waiting.popleft()
        return None

    @property
    def promising(self) -> bool:
        """Is it worth a closer look what the schedule that was given last comes to?"""
        return self._level <= 1 and self._rank == CONFLICT

    def learn(self, run: Run, ranks: dict[Key, int] | None = None) -> None:
        """Queue the schedules that deviate once more than the one that just ran.

        ``ranks`` says how much a preemption promises at the decisions of this run, as far as it is
        known. A schedule promises as much as the least of its preemptions.
        """
        ranks = self._ranks = ranks or self._ranks
        start = 0
        if self._plan:
            last_task, last_n = next(reversed(self._plan))
            for index, entry in enumerate(run.log):
                at = entry.n if isinstance(entry, Choice) else entry.last
                if entry.task == last_task and at == last_n:
                    start = index + 1
                    break
            else:
                return
        rest = list(self._without_twins(run.log))[start:]
        plan, level, rank = self._plan, self._level, self._rank
        if any(isinstance(entry, Choice) for entry, _ in rest):
            self._levels[level][rank].append(_other_choices(plan, rest))
        if level <= self.bound and level + 1 < len(self._levels):
            waiting = self._levels[level + 1]
            for wanted in RANKS:
                promising = _preemptions(plan, rest, ranks, wanted)
                waiting[max(rank, wanted)].append(promising)

    def _without_twins(self, log: list[Segment | Choice]) -> Iterator[_Open]:
        """Each decision with who else could go on, but for threads whose twin has not begun."""
        begun: set[str] = set()
        for entry in log:
            begun.add(entry.task)
            options = entry.options if isinstance(entry, Choice) else entry.others
            yield entry, tuple(option for option in options if self._may_begin(option, begun))

    def _may_begin(self, option: str, begun: set[str]) -> bool:
        twin = self._twins.get(option)
        return twin is None or twin in begun or option in begun


def _other_choices(plan: Plan, log: list[_Open]) -> Iterator[Plan]:
    for entry, options in log:
        if isinstance(entry, Choice):
            for option in options:
                if option != entry.chosen:
                    yield {**plan, (entry.task, entry.n): option}


def _preemptions(
    plan: Plan, log: list[_Open], ranks: dict[Key, int], wanted: int
) -> Iterator[Plan]:
    """Plans with one preemption more, at the decisions of one rank."""
    for entry, others in log:
        if isinstance(entry, Segment):
            for n in range(entry.first, min(entry.last, entry.first + _LONGEST_SEGMENT) + 1):
                if ranks.get((entry.task, n), UNKNOWN) == wanted:
                    for other in others:
                        yield {**plan, (entry.task, n): other}
