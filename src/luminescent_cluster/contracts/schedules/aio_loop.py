"""An event loop whose next task is chosen by a strategy, and whose timers fire in virtual time.

Otherwise it is asyncio's own. A task that is ready and is not continued counts as preempted.
"""

from __future__ import annotations

import asyncio
import heapq
from typing import Any, cast

from .aio_limits import Limits
from .choosing import Choice, Planned, Segment, Serial, default_pick
from .controller import Controller
from .tasks import BACKGROUND, BLOCKED, MAIN, PROGRAM, READY, Stop, Task, Wait

__all__ = ["Loop"]

_EARLY = 0.001  # timers that are due this close together fire together


class Loop(asyncio.SelectorEventLoop):
    """An event loop that asks a chooser which task goes on."""

    def __init__(self, controller: Controller, owner: Task) -> None:
        super().__init__()
        self._controller = controller
        self._chooser = controller.chooser
        if isinstance(controller.chooser, Serial):
            controller.chooser = Planned({})  # the order is one of calls, not of threads
        self._owner = owner
        self._strands: dict[int, Task] = {}
        self._kept: list[Any] = []
        self._last: Task | None = None
        self._running: Task | None = None
        self._limits = Limits()
        self._settle_rounds = -1
        self._settled: asyncio.Future[None] | None = None
        self._clock = Task(controller, "t", BACKGROUND, 1_000)
        self._clock.state = BLOCKED
        self.started: Task | None = None
        self.set_exception_handler(lambda loop, context: None)

    def time(self) -> float:
        return self._controller.now

    def call_soon_threadsafe(  # type: ignore[override]
        self, callback: Any, *args: Any, context: Any = None
    ) -> Any:
        handle = self.call_soon(callback, *args, context=context)
        waiting = self._controller.waiting_for(self)
        if waiting:
            self._controller.wake(waiting)
        elif self._controller.current is not self._owner:
            self._write_to_self()  # type: ignore[attr-defined]
        return handle

    def call_at(  # type: ignore[override]
        self, when: float, callback: Any, *args: Any, context: Any = None
    ) -> asyncio.TimerHandle:
        handle = super().call_at(when, callback, *args, context=context)
        self._limits.scheduled(handle, self._running)
        return handle

    def create_task(self, coro: Any, **options: Any) -> asyncio.Task[Any]:
        task = super().create_task(coro, **options)
        self._limits.created(self._strand_of(task), self._running)
        return task

    # ---- one turn of the loop ------------------------------------------------------------

    def _run_once(self) -> None:
        if self._controller.aborting:
            raise Stop
        ready: Any = self._ready  # type: ignore[attr-defined]
        self._poll(0)
        while ready and ready[0]._cancelled:
            ready.popleft()
        for handle in list(ready):
            if not handle._cancelled and self._strand(handle) is None:
                ready.remove(handle)  # plain callbacks run in the order in which they came
                handle._run()
                return
        handles: dict[Task, Any] = {}
        for handle in list(ready):
            strand = self._strand(handle)
            if strand is not None and not handle._cancelled:
                handles.setdefault(strand, handle)
        if not handles:
            self._wait()
            return
        strand = self._pick(list(handles))
        if strand is self._clock:
            self._pass_time(early=True)
            return
        handle = handles[strand]
        ready.remove(handle)
        self._last = strand
        strand.since = strand.n
        recorder = self._controller.recorder
        self._running = strand
        handle._run()
        self._running = None
        if recorder is not None and strand.call >= 0:
            recorder.suspended(strand, handle)

    def _strand(self, handle: Any) -> Task | None:
        """The task that a handle continues, None for a plain callback."""
        owner = getattr(handle._callback, "__self__", None)
        return self._strand_of(owner) if isinstance(owner, asyncio.Task) else None

    def _strand_of(self, owner: asyncio.Task[Any]) -> Task:
        known = self._strands.get(id(owner))
        if known is None:
            count = sum(1 for strand in self._strands.values() if strand.kind == BACKGROUND)
            known = Task(self._controller, f"s{count}", BACKGROUND, 100 + count)
            self._strands[id(owner)] = known
            self._kept.append(owner)
        return known

    def adopt(self, task: asyncio.Task[Any], strand: Task) -> None:
        """Let ``strand`` stand for ``task`` in the schedule."""
        self._strands[id(task)] = strand

    def _pick(self, ready: list[Task]) -> Task:
        controller, last = self._controller, self._last
        controller.moves += 1
        if controller.moves > controller.limits.decisions:
            controller._give_up("livelock", self._owner)
        mains = [strand for strand in ready if strand.kind == MAIN]
        if mains or self._settle_rounds >= 0:
            return (mains or ready)[0]
        timers = [self._clock] if self._may_pass() else []
        if last is None:
            return self._chooser.pick(self._owner, ready, timers)
        for strand in ready:
            strand.state = READY
        last.n += 1
        others = [strand for strand in ready if strand is not last] + timers
        if last in ready and last.call >= 0:
            if others:
                names = tuple(strand.id for strand in others)
                controller.log.append(Segment(last.id, last.n, last.n, names))
            wanted = self._chooser.arm(cast(Task, _Before(last)))
            target = self._chooser.preempt(last, others) if wanted == last.n and others else None
            if target is not None:
                controller.taken[last.id, last.n] = target.id
                if controller.recorder is not None:
                    controller.recorder.note("preempted", last, target)
            return target or last
        target = self._chooser.pick(last, ready, timers)
        if getattr(self._chooser, "stuck", False):
            controller._give_up("infeasible", self._owner)
        if len(ready) > 1:
            names = tuple(strand.id for strand in ready)
            controller.log.append(Choice(last.id, last.n, names, target.id))
        if target is not default_pick(last, ready, timers):
            controller.taken[last.id, last.n] = target.id
        return target

    def _may_pass(self) -> bool:
        others = any(
            task.state == READY and task.kind == BACKGROUND for task in self._controller.tasks
        )
        if others or self._timers(early=True):
            self._clock.wait = Wait("sleep", None, self._controller.now, pure=True)
            return True
        return False

    # ---- when nothing is ready -------------------------------------------------------------

    def _wait(self) -> None:
        """Nothing is ready: threads go on, then time passes, then the outside world."""
        if self._pass_time():
            return
        if self._settled is not None and not self._settled.done():
            self._settle_rounds = -1
            self._settled.set_result(None)
            return
        if self._selecting():
            self._poll(0.05)
            return
        self._controller.extra["coroutines"] = {
            strand.id: (strand.call, _places(task))
            for task, strand in self._tasks()
            if strand.kind == PROGRAM and not task.done()
        }
        self._controller.block(self._owner, Wait("loop", self))

    def _pass_time(self, early: bool = False) -> bool:
        """Let threads go on, else fire the next timers. False when there are neither.

        ``early`` is True where others could go on: then limits of calls do not pass.
        """
        controller = self._controller
        ready: Any = self._ready  # type: ignore[attr-defined]
        if any(task.state == READY and task.kind == BACKGROUND for task in controller.tasks):
            controller.block(self._owner, Wait("sleep", None, controller.now, pure=True))
            if ready:
                return True
        timers = self._timers(early)
        if not timers or self._settle_rounds == 0:
            return False
        if self._settle_rounds > 0:
            self._settle_rounds -= 1
        controller.now = max(controller.now, timers[0]._when)
        for handle in timers:
            if handle._when <= controller.now + _EARLY:
                self._scheduled.remove(handle)  # type: ignore[attr-defined]
                handle._scheduled = False
                ready.append(handle)
        heapq.heapify(self._scheduled)  # type: ignore[attr-defined]
        return True

    def _timers(self, early: bool) -> list[Any]:
        """What is scheduled, the next first; without the limits of calls where it is ``early``."""
        scheduled: list[Any] = self._scheduled  # type: ignore[attr-defined]
        while scheduled and scheduled[0]._cancelled:
            heapq.heappop(scheduled)._scheduled = False
        live = [handle for handle in scheduled if not handle._cancelled]
        if early:
            live = [handle for handle in live if not self._limits.holds(handle)]
        return sorted(live)

    def _selecting(self) -> bool:
        selector: Any = self._selector  # type: ignore[attr-defined]
        return len(selector.get_map()) > 1  # the loop's own pipe is one

    def _poll(self, timeout: float) -> None:
        selector: Any = self._selector  # type: ignore[attr-defined]
        if timeout or len(selector.get_map()) > 1:
            self._process_events(selector.select(timeout))  # type: ignore[attr-defined]

    def _tasks(self) -> list[tuple[asyncio.Task[Any], Task]]:
        return [(task, self._strands[id(task)]) for task in self._kept]

    async def settle(self) -> None:
        """Return when the extension's own tasks wait and their timers have fired a little."""
        self._settle_rounds = self._controller.limits.timer_rounds
        self._settled = self.create_future()
        await self._settled
        self._settled = None


def _places(task: asyncio.Task[Any]) -> list[tuple[str, int]]:
    """Where a suspended coroutine stands, outermost first."""
    places = []
    awaited: Any = task.get_coro()
    while awaited is not None:
        frame = getattr(awaited, "cr_frame", None)
        if frame is not None:
            places.append((frame.f_code.co_filename, frame.f_lineno))
        awaited = getattr(awaited, "cr_await", None)
    return places


class _Before:
    """A task as it was before its current decision: what a chooser arms for."""

    def __init__(self, task: Task) -> None:
        self.controller = task.controller
        self.id, self.kind, self.order, self.n = task.id, task.kind, task.order, task.n - 1
