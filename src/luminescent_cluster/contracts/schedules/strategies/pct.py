"""Probabilistic concurrency testing: random priorities with few random changes.

With n threads, k steps and depth d a bug that needs d ordering constraints is hit by one schedule
with probability at least 1/(n * k**(d-1)). (Burckhardt, Kothari, Musuvathi and Nagarakatte, "A
randomized scheduler with probabilistic guarantees of finding bugs", ASPLOS 2010.)
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from ..choosing import default_pick
from ..tasks import BLOCKED, Task

__all__ = ["Priorities"]


class Priorities:
    """One PCT schedule of ``depth`` over about ``steps`` steps."""

    reacts_to_wakes = True
    waits_for_outside = False

    def __init__(self, random: Random, depth: int, steps: int) -> None:
        self._random = random
        self._priority: dict[str, float] = {}
        self._changes = sorted(random.randint(1, max(1, steps)) for _ in range(depth - 1))
        self._lowest = 0.0

    def _rank(self, task: Task) -> float:
        known = self._priority.get(task.id)
        if known is None:
            known = self._priority[task.id] = 1.0 + self._random.random()
        return known

    def arm(self, task: Task) -> int:
        if not self._changes:
            return -1
        return task.n + max(1, self._changes[0] - task.controller.steps_done())

    def preempt(self, task: Task, others: Sequence[Task]) -> Task | None:
        changed = False
        while self._changes and task.controller.steps_done() >= self._changes[0]:
            self._changes.pop(0)
            changed = True
        if changed:
            self._lowest -= 1.0
            self._priority[task.id] = self._lowest
        awake = [other for other in others if other.state != BLOCKED]
        if changed and (not awake or self._random.random() < 0.3):
            awake = list(others)
        best = max(awake, key=self._rank, default=None)
        if best is None or self._rank(best) < self._rank(task):
            return None
        return best

    def pick(self, task: Task | None, ready: Sequence[Task], timers: Sequence[Task]) -> Task:
        if not ready:
            return default_pick(task, ready, timers)
        return max(ready, key=self._rank)


def probability(threads: int, steps: int, depth: int) -> float:
    """The guaranteed chance of one schedule to hit a bug of ``depth``."""
    return float(1.0 / (max(1, threads) * max(1, steps) ** (depth - 1)))
