"""How far the exploration of each program has come, and what that amounts to."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from .model import Program, Result
from .oracle import Sequential
from .strategies import ContextBounding

__all__ = ["State", "summarise"]


class State:
    """One program under exploration."""

    def __init__(self, index: int, program: Program, sequential: Sequential, bound: int) -> None:
        self.index = index
        self.program = program
        self.sequential = sequential
        self.icb = ContextBounding(bound, _twins(program))
        self.steps = max(10, sequential.steps)
        self.random_runs = 0
        self.schedules = 0

    def cost(self, bound: int) -> float:
        """About how many schedules the next preemption more takes, infinite when there is none."""
        level = self.icb.exhausted + 1
        if level > bound:
            return math.inf
        growth: float = 2.5 ** (self.program.size - 2)
        return float(math.comb(self.steps + 1, max(level, 1)) * len(self.program.threads) * growth)


def _twins(program: Program) -> dict[str, str]:
    """For each thread that makes the same calls as an earlier one, the last such before it."""
    twins = {}
    for (at, one), (later, other) in itertools.combinations(enumerate(program.threads), 2):
        if one == other and list(map(str, one)) == list(map(str, other)):
            twins[chr(97 + later)] = chr(97 + at)
    return twins


def summarise(result: Result, states: Sequence[State]) -> None:
    """Say in the result what was covered."""
    result.judged = result.schedules > 0
    result.switch_points = max((state.steps for state in states), default=0)
    run = [state for state in states if state.icb.exhausted >= 0]
    complete = min((state.icb.exhausted for state in states), default=-1)
    result.preemption_bound = complete if complete >= 0 else None
    parts = []
    for level in sorted({state.icb.exhausted for state in run}, reverse=True):
        count = sum(1 for state in run if state.icb.exhausted == level)
        parts.append(
            f"all schedules with at most {level} preemption{'' if level == 1 else 's'} of "
            f"{count} program{'' if count == 1 else 's'}"
        )
    random_runs = sum(state.random_runs for state in states)
    if random_runs:
        parts.append(f"{random_runs} random schedules")
    result.bound = ", ".join(parts) or "no program was covered completely"
    for state in states:
        met = set()
        for one, other in itertools.combinations(state.program.threads, 2):
            for first, second in itertools.product(one, other):
                names = sorted((first.name, second.name))
                met.add((names[0], names[1]))
        for pair in met:
            result.pairs[pair] = result.pairs.get(pair, 0) + state.schedules
