"""Whose turn it is: who could go on, who must wait, and when nobody can."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from .choosing import Choice, Chooser, Segment, default_pick
from .outside import held_outside, may_be_helped, woken
from .real import REAL
from .tasks import (
    BACKGROUND,
    BLOCKED,
    DONE,
    OUTSIDE,
    READY,
    RETURNED,
    RUNNING,
    Stop,
    Task,
)

__all__ = ["Limits", "Turns"]


class Limits:
    """How far one run may go. ``fair`` points in a row end a turn when others are ready."""

    def __init__(
        self,
        steps: int = 100_000,
        fair: int = 1_000,
        timer_rounds: int = 3,
        idle_timers: int = 200,
        decisions: int = 20_000,
    ) -> None:
        self.steps = steps
        self.fair = fair
        self.timer_rounds = timer_rounds
        self.idle_timers = idle_timers
        self.decisions = decisions


class Turns:
    """The state of one run and the rules of taking turns; moves no thread by itself.

    ``failure`` is None after a run that ended by itself, else (kind, facts).
    """

    def __init__(self, chooser: Chooser, limits: Limits, epoch: float, shift: float) -> None:
        self.chooser = chooser
        self.limits = limits
        self.mutex = REAL.allocate_lock()
        self.over = REAL.allocate_lock()
        self.over.acquire()
        self.tasks: list[Task] = []
        self.current: Task | None = None
        self.aborting = False
        self.ended = False
        self.failure: tuple[str, dict[str, Any]] | None = None
        self.now = 0.0
        self.epoch = epoch + shift
        self.shift = shift
        self.log: list[Segment | Choice] = []
        self.taken: dict[tuple[str, int], str] = {}
        """Where the schedule differed from the default order: what a replay needs."""
        self.extra: dict[str, Any] = {}
        """More facts for the description of a failure."""
        self.parked = 0
        self.moves = 0
        self.clock = 0
        """Counts beginnings and ends of calls: real-time order."""
        self._settle_rounds = 0
        self._idle = 0
        self._idle_mark = -1
        self.went_outside: list[str] = []
        self.recorder: Any = None
        self.thread_errors: list[tuple[str, BaseException]] = []
        self.helped: Callable[[list[Any]], bool] = lambda wanted: False
        """Has the extension a thread of its own outside control that may wake who waits?"""

    def waiting_for(self, resource: Any) -> list[Task]:
        """The blocked tasks that wait for ``resource``."""
        return [task for task in self.tasks if task.state == BLOCKED and task.waits_for(resource)]

    def _others(self, task: Task) -> list[Task]:
        return [
            other
            for other in self.tasks
            if other is not task
            and (
                other.state == READY
                or (other.state == BLOCKED and other.wait is not None and self._early(other))
            )
        ]

    def _early(self, task: Task) -> bool:
        """May the schedule end this wait at any moment? Sleeps, and timers of workers."""
        wait = task.wait
        if wait is None or wait.deadline is None:
            return False
        if wait.pure or task.kind != BACKGROUND:
            return wait.pure
        # A condition waits for a lock of its own; who wants another's, or an end, sets a limit.
        limited = wait.kind == "join" or (wait.kind == "lock" and wait.on._owner is not task)
        return not limited and not task.patient

    def _choose(self, task: Task | None) -> Task | None:
        """Who goes on now; None when only threads outside could. Ends the run at a deadlock."""
        self.moves += 1
        if self.moves > self.limits.decisions:
            self._give_up("livelock", task)
        if self.chooser.waits_for_outside:
            for other in self.tasks:
                if other.state == RETURNED:
                    other.state = READY
        ready = [other for other in self.tasks if other.state == READY]
        timers = [
            other
            for other in self.tasks
            if other.state == BLOCKED and other.wait is not None and other.wait.deadline is not None
        ]
        if self.chooser.waits_for_outside and any(
            t.state == OUTSIDE and t.kind != BACKGROUND for t in self.tasks
        ):  # only the extension's own threads may help it on
            ready = [t for t in ready if t.kind == BACKGROUND]
            timers = [t for t in timers if t.kind == BACKGROUND]
            if not ready:
                return None
        if not ready:
            returned = [other for other in self.tasks if other.state == RETURNED]
            if returned:
                returned[0].state = READY
                ready = returned[:1]
        settling = next((t for t in self.tasks if t.wait and t.wait.kind == "settle"), None)
        if settling is not None and settling.state == BLOCKED:
            if ready:
                return ready[0] if task is None or task not in ready else task
            if any(t.state == OUTSIDE and not t.idle for t in self.tasks):
                return None
            due = [t for t in timers if t is not settling]
            if due and self._settle_rounds > 0:
                self._settle_rounds -= 1
                target = min(due, key=lambda t: (t.wait.deadline or 0.0, t.order))  # type: ignore[union-attr]
                self._fire(target)
                return target
            settling.state = READY
            return settling
        if not ready:
            if any(t.state == OUTSIDE or held_outside(t) for t in self.tasks):
                return None  # real time has to pass first
            if timers:
                progress = sum(t.n for t in self.tasks if t.kind != BACKGROUND)
                self._idle = self._idle + 1 if progress == self._idle_mark else 0
                self._idle_mark = progress
                if self._idle > self.limits.idle_timers:
                    self._give_up("deadlock", task)
            elif may_be_helped(self.tasks, self.helped):
                return None  # the watchdog gives up where no help comes
            else:
                ready = woken(self.tasks)  # who can help no more may have helped just now
                if not ready:
                    self._give_up("deadlock", task)
        alone = not ready or self.chooser.waits_for_outside  # nobody else may come to its help
        choices = timers if alone else [t for t in timers if self._early(t)]
        target = self.chooser.pick(task, ready, choices)
        if getattr(self.chooser, "stuck", False):
            self._give_up("infeasible", task)
        if task is not None and len(ready) + (0 if ready else len(timers)) > 1:
            options = tuple(t.id for t in (ready or timers))
            self.log.append(Choice(task.id, task.n, options, target.id))
        if task is not None and target is not default_pick(task, ready, choices):
            self.taken[task.id, task.n] = target.id
        if target.state == BLOCKED:
            self._fire(target)
        return target

    def _fire(self, task: Task) -> None:
        """End a wait by time."""
        wait = task.wait
        if wait is not None and wait.deadline is not None:
            self.now = max(self.now, wait.deadline)
        task.timed_out = True
        task.state = READY

    def steps_done(self) -> int:
        return sum(task.n for task in self.tasks)

    def _check_limits(self) -> None:
        if self.steps_done() > self.limits.steps:
            self._give_up("livelock", self.current)

    def _arm(self, task: Task) -> None:
        fair = task.since + self.limits.fair
        if fair <= task.n:
            task.since = task.n
            fair = task.n + self.limits.fair
        wanted = self.chooser.arm(task)
        task.stop = wanted if task.n < wanted < fair else fair

    def _cut(self, task: Task) -> None:
        """Close the run segment of ``task``: after it, the set of threads that could go differs."""
        if task.traced and task.n > task.segment:
            others = tuple(other.id for other in self._others(task))
            if others:
                self.log.append(Segment(task.id, task.segment + 1, task.n, others))
        task.segment = task.n

    def _decision(self, task: Task) -> None:
        """Count a decision that is no preemption."""
        self._cut(task)
        task.n += 1
        task.segment = task.n

    def _give_up(self, kind: str, task: Task | None) -> NoReturn:
        if self.failure is None:
            self.failure = (kind, {"task": task.id if task else None, "threads": list(self.tasks)})
            self._describe()
        self.aborting = True
        if task is not None and task.state != DONE:
            task.state = RUNNING
            self.current = task
        raise Stop

    def _describe(self) -> None:
        """Filled in by the run: keeps where every thread stands before it is unwound."""
        if self.on_failure is not None:
            self.on_failure(self)

    on_failure: Callable[[Any], None] | None = None

    def _note(self, what: str, task: Task, other: Any) -> None:
        if self.recorder is not None:
            self.recorder.note(what, task, other)
