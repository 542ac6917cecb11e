"""What threads outside the explorer did, and may still do, for those who wait."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .tasks import BACKGROUND, BLOCKED, PROGRAM, READY, Task

__all__ = ["held_outside", "may_be_helped", "woken"]


def held_outside(task: Task) -> bool:
    """Does ``task`` wait for a lock that a thread outside the explorer holds?"""
    wait = task.wait
    return (
        task.state == BLOCKED
        and wait is not None
        and wait.kind == "lock"
        and wait.on._owner is None
        and bool(wait.on.locked())
    )


def woken(tasks: Sequence[Task]) -> list[Task]:
    """Give who can go on, and let those who wait for a lock that is free be among them.

    A thread outside may have given it back in the moment in which they began to wait. Threads
    under control cannot miss each other so, because only one of them runs.
    """
    for task in tasks:
        wait = task.wait
        waits = task.state == BLOCKED and wait is not None and wait.kind == "lock"
        if waits and wait is not None and not wait.on.locked():
            task.state = READY
    return [task for task in tasks if task.state == READY]


def may_be_helped(tasks: Sequence[Task], helped: Callable[[list[Any]], bool]) -> bool:
    """May who waits be woken from outside? Not who wants a lock that another task holds.

    Args:
        tasks: all of the run.
        helped: tells whether a thread of the extension's own can reach one of some things.
    """
    waits = [
        (task, task.wait)
        for task in tasks
        if task.state == BLOCKED and task.wait is not None and task.wait.on is not None
    ]
    stuck = any(
        wait.kind == "lock" and wait.on._owner not in (None, task)
        for task, wait in waits
        if task.kind == PROGRAM
    )
    return not stuck and helped([wait.on for task, wait in waits if task.kind != BACKGROUND])
