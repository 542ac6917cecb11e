"""One run: real threads, of which exactly one holds the baton at any time.

The controller hands the baton on where the strategy says so, keeps virtual time, knows who waits
for what, and ends the run when nobody can go on. It never looks into the code under test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from .choosing import Choice, Chooser, Segment, default_pick
from .real import REAL
from .tasks import (
    BACKGROUND,
    BLOCKED,
    DONE,
    MAIN,
    OUTSIDE,
    PROGRAM,
    READY,
    RETURNED,
    RUNNING,
    TASKS,
    Stop,
    Task,
    Wait,
)

__all__ = ["Controller", "Limits"]


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


class Controller:
    """Runs threads one at a time; see the module's text.

    ``failure`` is None after a run that ended by itself, else (kind, facts).
    """

    def __init__(
        self,
        chooser: Chooser,
        limits: Limits,
        trace: Callable[[Task], None],
        untrace: Callable[[], None],
        enter: Callable[[], None],
        epoch: float,
        shift: float = 0.0,
    ) -> None:
        self.chooser = chooser
        self.limits = limits
        self._trace = trace
        self._untrace = untrace
        self._enter = enter
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
        self.moves = 0
        self.clock = 0
        """Counts beginnings and ends of calls: real-time order."""
        self._settle_rounds = 0
        self._idle = 0
        self._idle_mark = -1
        self.went_outside: list[str] = []
        self.recorder: Any = None
        self.thread_errors: list[tuple[str, BaseException]] = []
        self._step_base = 0

    # ---- making threads -------------------------------------------------------------------

    def add(self, kind: str, body: Callable[[], None], start: Any = None) -> Task:
        """A new task whose thread exists and waits for the baton."""
        same = sum(1 for task in self.tasks if task.kind == kind)
        name = {MAIN: "m", PROGRAM: chr(97 + same), BACKGROUND: f"w{same}"}[kind]
        order = {MAIN: 0, PROGRAM: 1 + same, BACKGROUND: 100 + same}[kind]
        task = Task(self, name, kind, order)
        self.tasks.append(task)
        if self.current is not None:
            self._cut(self.current)

        def boot() -> None:
            self._boot(task, body)

        try:
            (start or REAL.start_new_thread)(boot, ())
        except BaseException:
            task.state = DONE
            raise
        return task

    def _boot(self, task: Task, body: Callable[[], None]) -> None:
        task.ident = REAL.get_ident()
        task.native_id = REAL.get_native_id()
        self._enter()
        TASKS[task.ident] = task
        try:
            task.gate.acquire()
            if not self.aborting:
                if task.traced:
                    self._trace(task)
                try:
                    body()
                except Stop:
                    pass
                finally:
                    self._untrace()
        except Stop:
            pass
        finally:
            self._untrace()
            TASKS.pop(task.ident, None)
            self._finish(task)

    def begin(self, main: Task) -> None:
        """Give the baton to the first thread."""
        self.current = main
        main.state = RUNNING
        self._arm(main)
        main.gate.release()

    # ---- decisions ------------------------------------------------------------------------

    def step(self, task: Task) -> None:
        """One decision of ``task`` that may become a preemption."""
        task.n += 1
        if task.n == task.stop or self.current is not task or self.aborting:
            self.slow(task)

    def slow(self, task: Task) -> None:
        """The rare cases of a step; the caller has counted it."""
        if self.current is not task:
            self._reenter(task)
        if self.aborting:
            self._stopped(task)
        if task.n != task.stop:
            return
        others = self._others(task)
        target = self.chooser.preempt(task, others) if others else None
        if target is not None:
            self.taken[task.id, task.n] = target.id
        if target is None and task.n - task.since >= self.limits.fair:
            self._check_limits()
            ready = [other for other in others if other.state == READY]
            if ready:
                later = [other for other in ready if other.order > task.order]
                target = (later or ready)[0]
            else:
                task.since = task.n
        if target is None:
            self._arm(task)
            return
        self._cut(task)
        if target.state == BLOCKED:
            self._fire(target)
        task.state = READY
        self._note("preempted", task, target)
        self._hand_over(task, target)

    def boundary(self, task: Task) -> None:
        """The moment between two calls of one thread: switching here is no preemption."""
        if self.current is not task:
            self._reenter(task)
        if self.aborting:
            self._stopped(task)
        self._decision(task)
        task.state = READY
        target = self._choose(task)
        if target is task:
            task.state = RUNNING
            self._arm(task)
            return
        if target is not None:
            self._hand_over(task, target)

    def block(self, task: Task, wait: Wait) -> bool:
        """Wait; True when woken, False when the deadline passed first."""
        if self.current is not task:
            self._reenter(task)
        if self.aborting:
            self._stopped(task)
        self._decision(task)
        task.wait = wait
        task.timed_out = False
        task.state = BLOCKED
        self._note("waits", task, wait)
        target = self._choose(task)
        if target is task:
            task.state = RUNNING
            self._arm(task)
        else:
            self._hand_over(task, target)
        task.wait = None
        return not task.timed_out

    def wake(self, tasks: Sequence[Task]) -> None:
        """The reason for which ``tasks`` wait is gone; they try again when it is their turn."""
        for task in tasks:
            if task.state == BLOCKED:
                if self.current is not None:
                    self._cut(self.current)
                task.state = READY
                task.timed_out = False
        current = self.current
        if current is not None and self.chooser.reacts_to_wakes:
            current.stop = current.n + 1
        if current is None:
            with self.mutex:
                if self.current is None and not self.aborting:
                    self._dispatch(None)

    def waiting_for(self, resource: Any) -> list[Task]:
        """The blocked tasks that wait for ``resource``."""
        return [
            task
            for task in self.tasks
            if task.state == BLOCKED and task.wait is not None and task.wait.on is resource
        ]

    # ---- inside ---------------------------------------------------------------------------

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
        return wait.pure or task.kind == BACKGROUND

    def _choose(self, task: Task | None) -> Task | None:
        """Who goes on now; None when only threads outside could. Ends the run at a deadlock."""
        self.moves += 1
        if self.moves > self.limits.decisions:
            self._give_up("livelock", task)
        ready = [other for other in self.tasks if other.state == READY]
        timers = [
            other
            for other in self.tasks
            if other.state == BLOCKED and other.wait is not None and other.wait.deadline is not None
        ]
        if not ready:
            returned = [other for other in self.tasks if other.state == RETURNED]
            if returned:
                returned[0].state = READY
                ready = returned[:1]
        settling = next((t for t in self.tasks if t.wait and t.wait.kind == "settle"), None)
        if settling is not None and settling.state == BLOCKED:
            if ready:
                target = ready[0] if task is None or task not in ready else task
                return target
            if any(t.state == OUTSIDE for t in self.tasks):
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
            if any(t.state == OUTSIDE or self._held_outside(t) for t in self.tasks):
                return None  # real time has to pass first
            if not timers:
                self._give_up("deadlock", task)
            progress = sum(t.n for t in self.tasks if t.kind != BACKGROUND)
            self._idle = self._idle + 1 if progress == self._idle_mark else 0
            self._idle_mark = progress
            if self._idle > self.limits.idle_timers:
                self._give_up("deadlock", task)
        choices = timers if not ready else [t for t in timers if self._early(t)]
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

    @staticmethod
    def _held_outside(task: Task) -> bool:
        """Does ``task`` wait for a lock that a thread outside the explorer holds?"""
        if task.state != BLOCKED or task.wait is None or task.wait.kind != "lock":
            return False
        return task.wait.on._owner is None

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

    def _hand_over(self, task: Task, target: Task | None) -> None:
        with self.mutex:
            if self.current is task:
                self._dispatch(target)
        task.gate.acquire()
        if self.aborting:
            self._stopped(task)

    def _dispatch(self, target: Task | None) -> None:
        """Pass the baton on; the mutex is held. None asks for a target first."""
        if target is None and self.current is None:
            target = self._choose_quietly()
        self.current = target
        if target is not None:
            target.state = RUNNING
            target.since = target.n
            target.segment = target.n
            self._arm(target)
            target.gate.release()

    def _choose_quietly(self) -> Task | None:
        try:
            return self._choose(None)
        except Stop:
            return self._next_to_end()

    def _reenter(self, task: Task) -> None:
        """A thread comes back from the outside world and waits for its turn."""
        with self.mutex:
            if self.current is task:
                return
            if task.state == OUTSIDE:
                task.state = RETURNED
                if self.current is None and not self.aborting:
                    task.state = RUNNING
                    self.current = task
                    task.since = task.segment = task.n
                    self._arm(task)
                    return
        if self.ended:
            raise Stop
        task.gate.acquire()
        if self.aborting:
            self._stopped(task)

    def _stopped(self, task: Task) -> NoReturn:
        task.stops += 1
        if task.stops > 500:  # swallows every exception: leave it asleep for good
            self._finish(task)
            forever = REAL.allocate_lock()
            forever.acquire()
            forever.acquire()
        raise Stop

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

    on_failure: Callable[[Controller], None] | None = None

    def _note(self, what: str, task: Task, other: Any) -> None:
        if self.recorder is not None:
            self.recorder.note(what, task, other)

    # ---- ending ---------------------------------------------------------------------------

    def end(self) -> None:
        """The main thread is through: unwind what still runs."""
        self.aborting = True

    def _finish(self, task: Task) -> None:
        with self.mutex:
            if task.state == DONE:
                return
            held_baton = self.current is task
            if held_baton and not self.aborting:
                self._decision(task)
            task.state = DONE
            if self.ended:
                return
            for waiter in self.waiting_for(task):
                waiter.state = READY
            if task.kind == PROGRAM and all(
                t.state == DONE for t in self.tasks if t.kind == PROGRAM
            ):
                for waiter in self.tasks:
                    if waiter.wait is not None and waiter.wait.kind == "programs":
                        waiter.state = READY
            if not held_baton and self.current is not None:
                return
            target: Task | None
            if self.aborting:
                target = self._next_to_end()
            else:
                self.current = None
                try:
                    target = self._choose(task)
                except Stop:
                    target = self._next_to_end()
            if target is not None:
                self.current = None
                self._dispatch(target)
            else:
                self.current = None
                if self.aborting:
                    self._over()

    def _next_to_end(self) -> Task | None:
        for task in reversed(self.tasks):
            if task.state not in (DONE, OUTSIDE, RUNNING):
                return task
        return None

    def _over(self) -> None:
        if not self.ended:
            self.ended = True
            self.over.release()

    # ---- called by the watchdog, from outside ------------------------------------------------

    def push_outside(self, task: Task, n: int) -> bool:
        """``task`` stopped reaching switch points at ``n``: let the others go on."""
        with self.mutex:
            if self.current is not task or task.n != n or task.state != RUNNING:
                return False
            task.state = OUTSIDE
            self.went_outside.append(task.id)
            self.current = None
            target = self._next_to_end() if self.aborting else self._choose_quietly()
            if target is not None:
                self._dispatch(target)
            elif self.aborting:
                self._over()
        return True

    def cut_short(self, kind: str) -> None:
        """End the run from outside."""
        with self.mutex:
            if self.failure is None:
                self.failure = (kind, {"task": None, "threads": list(self.tasks)})
                self._describe()
            self.aborting = True
            if self.current is None:
                target = self._next_to_end()
                if target is not None:
                    self._dispatch(target)
                else:
                    self._over()

    def poke(self, idle: float, timer_after: float, patience: float) -> None:
        """Nobody under control can go on; ``idle`` seconds passed so, in real time."""
        with self.mutex:
            if self.current is not None or self.ended:
                return
            if self.aborting:
                target = self._next_to_end()
                if target is not None:
                    self._dispatch(target)
                elif idle >= timer_after:
                    self._over()
                return
            for task in self.tasks:
                if task.wait is not None and task.wait.kind == "settle":
                    if idle >= timer_after:
                        task.state = READY
                        self._dispatch(task)
                    return
            timers = [
                t
                for t in self.tasks
                if t.state == BLOCKED and t.wait is not None and t.wait.deadline is not None
            ]
            if timers:
                target = min(timers, key=lambda t: (t.wait.deadline or 0.0, t.order))
                if idle >= min(timer_after, (target.wait.deadline or 0.0) - self.now):
                    self._fire(target)
                    self._dispatch(target)
                return
            foreign = any(t.state == OUTSIDE and t.kind != BACKGROUND for t in self.tasks)
            if idle < patience or foreign:
                return
        self.cut_short("deadlock")

    def settle(self, task: Task) -> None:
        """Let the extension's own threads run until they wait, and their timers fire a little."""
        workers = sum(1 for t in self.tasks if t.kind == BACKGROUND and t.state != DONE)
        if workers:
            self._settle_rounds = self.limits.timer_rounds * workers
            self.block(task, Wait("settle"))
