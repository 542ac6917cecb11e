"""Ending a run, by itself or by force, and going on without a thread that blocks outside."""

from __future__ import annotations

from .outside import may_be_helped, woken
from .tasks import BACKGROUND, BLOCKED, DONE, OUTSIDE, READY, RUNNING, Stop, Task
from .turns import Turns

__all__ = ["Ending"]


class Ending(Turns):
    """Passing the baton on without its holder: what the watchdog calls."""

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

    def _next_to_end(self) -> Task | None:
        for task in reversed(self.tasks):
            if task.state not in (DONE, OUTSIDE, RUNNING):
                return task
        return None

    def _over(self) -> None:
        if not self.ended:
            self.ended = True
            self.over.release()

    def end(self) -> None:
        """The main thread is through: unwind what still runs."""
        self.aborting = True

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
            if woken(self.tasks):
                self._dispatch(None)
                return
            for task in self.tasks:
                if task.wait is not None and task.wait.kind == "settle":
                    if idle >= timer_after:
                        task.state = READY
                        self._dispatch(task)
                    return
            timers = [
                (t.wait.deadline, t.order, t)
                for t in self.tasks
                if t.state == BLOCKED and t.wait is not None and t.wait.deadline is not None
            ]
            if timers:
                due, _, target = min(timers, key=lambda timer: timer[:2])
                if idle >= min(timer_after, due - self.now):
                    self._fire(target)
                    self._dispatch(target)
                return
            foreign = any(t.state == OUTSIDE and t.kind != BACKGROUND for t in self.tasks)
            alone = self.chooser.waits_for_outside
            if idle < patience or (foreign and not alone):
                return
            unknown = (foreign and alone) or may_be_helped(self.tasks, self.helped)
        self.cut_short("infeasible" if unknown else "deadlock")
