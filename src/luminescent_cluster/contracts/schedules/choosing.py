"""Who goes on: the interface between the controller and a strategy, and replaying a plan."""

from __future__ import annotations

import bisect
from collections.abc import Mapping, Sequence
from typing import Protocol

from .tasks import BACKGROUND, PROGRAM, Task

__all__ = ["Choice", "Chooser", "Planned", "Segment", "Serial", "default_pick"]

Plan = Mapping[tuple[str, int], str]
"""Deviations from the default order: (thread, count of its decisions) -> thread that goes on."""


class Segment:
    """Decisions ``first`` to ``last`` of one thread, where ``others`` could have gone on."""

    __slots__ = ("first", "last", "others", "task")

    def __init__(self, task: str, first: int, last: int, others: tuple[str, ...]) -> None:
        self.task = task
        self.first = first
        self.last = last
        self.others = others


class Choice:
    """A decision that had to be taken: the running thread blocked, ended or finished a call."""

    __slots__ = ("chosen", "n", "options", "task")

    def __init__(self, task: str, n: int, options: tuple[str, ...], chosen: str) -> None:
        self.task = task
        self.n = n
        self.options = options
        self.chosen = chosen


class Chooser(Protocol):
    """What the controller asks. All answers must depend on nothing but the arguments and a seed."""

    reacts_to_wakes: bool
    """True to be asked as soon as another thread becomes ready."""
    waits_for_outside: bool
    """True where nothing else may run while a call is blocked in the outside world."""

    def arm(self, task: Task) -> int:
        """The count of ``task.n`` at which to be asked about a preemption, or -1."""

    def preempt(self, task: Task, others: Sequence[Task]) -> Task | None:
        """The thread to switch to instead of ``task``, or None."""

    def pick(self, task: Task | None, ready: Sequence[Task], timers: Sequence[Task]) -> Task:
        """The thread that goes on when ``task`` cannot (or, between two calls, need not)."""


def default_pick(task: Task | None, ready: Sequence[Task], timers: Sequence[Task]) -> Task:
    """The order without deviations: stay; else the next program thread; else a worker; else time.

    The next program thread is the next in turn, so that no thread starves another.
    """
    if task is not None and task in ready:
        return task
    if ready:
        programs = [other for other in ready if other.kind == PROGRAM] or list(ready)
        if task is not None:
            for other in programs:
                if other.order > task.order:
                    return other
        return programs[0]
    return min(timers, key=_due)


def _due(task: Task) -> tuple[float, int]:
    wait = task.wait
    deadline = wait.deadline if wait is not None and wait.deadline is not None else 0.0
    return deadline, task.order


class Planned:
    """Follows a plan of deviations and the default order everywhere else."""

    reacts_to_wakes = False
    waits_for_outside = False

    def __init__(self, plan: Plan) -> None:
        self._plan = dict(plan)
        self._stops: dict[str, list[int]] = {}
        for task, n in sorted(self._plan):
            self._stops.setdefault(task, []).append(n)
        self.used: set[tuple[str, int]] = set()
        """The deviations that could be followed."""

    def arm(self, task: Task) -> int:
        stops = self._stops.get(task.id)
        if stops is None:
            return -1
        at = bisect.bisect_right(stops, task.n)
        return stops[at] if at < len(stops) else -1

    def _wanted(self, task: Task | None, options: Sequence[Task]) -> Task | None:
        if task is None:
            return None
        target = self._plan.get((task.id, task.n))
        if target is None:
            return None
        for option in options:
            if option.id == target:
                self.used.add((task.id, task.n))
                return option
        return None

    def preempt(self, task: Task, others: Sequence[Task]) -> Task | None:
        return self._wanted(task, others)

    def pick(self, task: Task | None, ready: Sequence[Task], timers: Sequence[Task]) -> Task:
        wanted = self._wanted(task, [*ready, *timers])
        return wanted if wanted is not None else default_pick(task, ready, timers)


class Serial:
    """Runs whole calls one after another in a given order of threads: the oracle's schedule.

    ``eager`` lets the extension's own threads run until they block after every call; otherwise
    they run only when nothing else can.
    """

    reacts_to_wakes = False
    waits_for_outside = True

    def __init__(self, order: Sequence[str], eager: bool = False) -> None:
        self._order = list(order)
        self._eager = eager
        self._open = ""
        self.stuck = False
        """True once a call had to wait for another call, so this order is impossible."""

    def arm(self, task: Task) -> int:
        return -1

    def preempt(self, task: Task, others: Sequence[Task]) -> Task | None:
        return None

    def pick(self, task: Task | None, ready: Sequence[Task], timers: Sequence[Task]) -> Task:
        if task is not None and task.kind == PROGRAM and task.call >= 0:
            self._open = task.id
        workers = [other for other in ready if other.kind == BACKGROUND]
        open_task = next((t for t in [*ready, *timers] if t.id == self._open), None)
        between = task is not None and task.kind == PROGRAM and task.call < 0
        if between:
            self._open = ""
        if not self._open:
            if self._eager and workers:
                return workers[0]
            return self._start(ready, workers, timers)
        if open_task is not None and open_task in ready:
            return open_task
        if workers:
            return workers[0]
        own = [t for t in timers if t.id == self._open or t.kind == BACKGROUND]
        if own:
            return min(own, key=_due)
        self.stuck = True
        return default_pick(task, ready, timers)

    def _start(
        self, ready: Sequence[Task], workers: Sequence[Task], timers: Sequence[Task]
    ) -> Task:
        programs = {other.id: other for other in ready if other.kind == PROGRAM}
        if programs and self._order and self._order[0] in programs:
            self._open = self._order.pop(0)
            return programs[self._open]
        if programs:
            self.stuck = True
        return default_pick(None, list(programs.values()) or list(ready), timers)
