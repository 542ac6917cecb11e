"""Threads under control: what the controller knows about each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .real import REAL

if TYPE_CHECKING:
    from .controller import Controller

__all__ = ["TASKS", "Stop", "Task", "Wait", "current_task"]

READY = "ready"
RUNNING = "running"
BLOCKED = "blocked"
OUTSIDE = "outside"
RETURNED = "returned"
DONE = "done"

MAIN = "main"
PROGRAM = "program"
BACKGROUND = "background"


class Stop(BaseException):
    """Raised inside a controlled thread to end it when its run is over."""


class Wait:
    """What a blocked thread waits for.

    ``kind`` is lock, join, sleep, programs or settle; ``on`` the lock or thread; ``deadline`` a
    moment of virtual time. ``pure`` waits end by time alone, so the schedule may end them at any
    moment. (A plain class: generated ``__init__`` code would itself look like code under test.)
    """

    __slots__ = ("deadline", "kind", "on", "pure")

    def __init__(
        self, kind: str, on: Any = None, deadline: float | None = None, pure: bool = False
    ) -> None:
        self.kind = kind
        self.on = on
        self.deadline = deadline
        self.pure = pure


class Task:
    """One real thread that runs only when it holds the baton."""

    __slots__ = (
        "call",
        "controller",
        "done_calls",
        "gate",
        "held",
        "id",
        "ident",
        "idle",
        "kind",
        "n",
        "native_id",
        "order",
        "patient",
        "segment",
        "since",
        "state",
        "stop",
        "stops",
        "thread",
        "timed_out",
        "traced",
        "wait",
        "woken",
    )

    def __init__(self, controller: Controller, id: str, kind: str, order: int) -> None:
        self.controller = controller
        self.id = id
        self.kind = kind
        self.order = order
        self.gate = REAL.allocate_lock()
        self.gate.acquire()
        self.state = READY
        self.n = 0
        """Decisions so far: accesses to shared state, synchronisation, blocking."""
        self.stop = -1
        """The value of ``n`` at which the strategy wants to be asked."""
        self.since = 0
        """The value of ``n`` when the thread was last switched to."""
        self.segment = 0
        self.wait: Wait | None = None
        self.timed_out = False
        self.woken = 0
        self.ident = 0
        self.native_id = 0
        self.held: list[Any] = []
        self.traced = kind != MAIN
        self.thread: Any = None
        self.stops = 0
        self.patient = False
        """In a wait whose limit is no timer."""
        self.idle = False
        """Outside, where nothing comes unless somebody under control sends it."""
        self.call = -1
        """Index of the call that is open in this thread, or -1."""
        self.done_calls = 0

    def waits_for(self, on: Any) -> bool:
        """Tell whether it waits for ``on``. Threads outside ask too, while it goes on or begins."""
        wait = self.wait
        return wait is not None and wait.on is on

    def __repr__(self) -> str:
        return f"<Task {self.id} {self.state} n={self.n}>"


TASKS: dict[int, Task] = {}
"""Every controlled thread that is alive, by thread ident."""


def current_task(get_ident: Any = REAL.get_ident, tasks: dict[int, Task] = TASKS) -> Task | None:
    """The task of the calling thread, None in a thread that nobody controls."""
    return tasks.get(get_ident())
