"""One run: real threads, of which exactly one holds the baton at any time.

The controller hands the baton on where the strategy says so, keeps virtual time, knows who waits
for what, and ends the run when nobody can go on. It never looks into the code under test.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from .choosing import Chooser
from .ending import Ending
from .pools import Pools
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
from .turns import Limits

__all__ = ["Controller", "Limits"]

_GATHER = 0.02  # seconds of real time, at most; who is answered at once is back long before


def _let_go(task: Task) -> None:
    """Release what a thread that was ended still holds: objects of the run may live on."""
    for lock in reversed(task.held):
        lock._owner = None
        with contextlib.suppress(RuntimeError):
            lock._raw.release()
    task.held.clear()


class Controller(Ending):
    """Runs threads one at a time.

    ``trace`` and ``untrace`` start and stop reporting switch points in the calling thread.
    """

    def __init__(
        self,
        chooser: Chooser,
        limits: Limits,
        trace: Callable[[Task], None],
        untrace: Callable[[], None],
        epoch: float,
        shift: float = 0.0,
    ) -> None:
        super().__init__(chooser, limits, epoch, shift)
        self._trace = trace
        self._untrace = untrace
        self.pools = Pools()

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
            if self.aborting:
                _let_go(task)
            TASKS.pop(task.ident, None)
            self._finish(task)

    def begin(self, main: Task) -> None:
        """Give the baton to the first thread."""
        self.current = main
        main.state = RUNNING
        self._arm(main)
        main.gate.release()

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

    def leave(self, task: Task, idle: bool = False) -> None:
        """``task`` is about to wait outside: others go on meanwhile. See :meth:`come_back`."""
        if self.current is not task:
            self._reenter(task)
        if self.aborting:
            self._stopped(task)
        self._decision(task)
        with self.mutex:
            task.state = OUTSIDE
            task.idle = idle
            self.went_outside.append(task.id)
            target = self._choose(task)
            self.current = None
            if target is not None:
                self._dispatch(target)

    def come_back(self, task: Task) -> None:
        """After a call: a thread that was outside waits for its turn before it goes on."""
        if self.current is not task:
            self._reenter(task)
        if self.aborting:
            self._stopped(task)

    def gather(self, task: Task) -> None:
        """``task`` is back from outside: give others that wait there a moment to be back as well.

        All of them may go on then, whoever came first in real time; that makes runs repeat.
        """
        if self.chooser.waits_for_outside or self.aborting:
            return
        until = REAL.monotonic() + _GATHER
        while any(
            other.state == OUTSIDE and other.kind == PROGRAM and not other.idle
            for other in self.tasks
        ):
            if REAL.monotonic() > until:
                break
            REAL.sleep(_GATHER / 100)
        with self.mutex:
            back = [other for other in self.tasks if other.state == RETURNED]
            if not back or self.current is not task or self.aborting:
                return
            self._cut(task)
            for other in back:
                other.state = READY
        first = min([task, *back], key=lambda one: one.order)
        if first is task:
            self._arm(task)
        else:
            task.state = READY
            self._hand_over(task, first)

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

    def _hand_over(self, task: Task, target: Task | None) -> None:
        with self.mutex:
            if self.current is task:
                self._dispatch(target)
        task.gate.acquire()
        if self.aborting:
            self._stopped(task)

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
            self.parked += 1
            TASKS.pop(task.ident, None)
            self._finish(task)
            forever = REAL.allocate_lock()
            forever.acquire()
            forever.acquire()
        raise Stop

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

    def settle(self, task: Task) -> None:
        """Let the extension's own threads run until they wait, and their timers fire a little."""
        workers = sum(1 for t in self.tasks if t.kind == BACKGROUND and t.state != DONE)
        if workers:
            self._settle_rounds = self.limits.timer_rounds * workers
            self.block(task, Wait("settle"))
