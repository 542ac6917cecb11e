"""A random walk that mostly stays: long undisturbed stretches, switches anywhere."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

from ..choosing import default_pick
from ..tasks import Task

__all__ = ["StickyWalk"]


class StickyWalk:
    """One random schedule that switches after ``stay`` steps on average."""

    reacts_to_wakes = False
    waits_for_outside = False

    def __init__(self, random: Random, stay: float) -> None:
        self._random = random
        self._leave = math.log(1.0 - 1.0 / max(stay, 1.5))

    def arm(self, task: Task) -> int:
        gap = math.log(1.0 - self._random.random()) / self._leave
        return task.n + 1 + int(gap)

    def preempt(self, task: Task, others: Sequence[Task]) -> Task | None:
        return self._random.choice(list(others))

    def pick(self, task: Task | None, ready: Sequence[Task], timers: Sequence[Task]) -> Task:
        if not ready:
            return default_pick(task, ready, timers)
        if timers and self._random.random() < 0.1:
            return self._random.choice(list(timers))
        return self._random.choice(list(ready))
