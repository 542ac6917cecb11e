"""The order in which an exploration spends its budget."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from .model import Program
from .needing import of_two
from .programs import (
    grown,
    leading_pairs,
    leading_prepared,
    pairs,
    prepared_pairs,
    triples,
)
from .progress import State
from .sharing import CONFLICT, PRIVATE, UNKNOWN
from .strategies import random_chooser

if TYPE_CHECKING:
    from .explorer import Explorer

__all__ = ["Phases"]

_HOPELESS = 200_000


class Phases:
    """Small programs and few preemptions first, deeper where that is cheap, then at random.

    Args:
        explorer: prepares programs and runs their schedules.
    """

    def __init__(self, explorer: Explorer) -> None:
        self.explorer = explorer
        self.states = explorer.states
        self.seed = explorer.seed
        self.budget = explorer.budget
        self.spending = explorer.spending

    def explore_given(self, programs: Sequence[Program]) -> None:
        """Explore these programs."""
        each = 0.8 / max(1, len(programs))
        if not self.enumerate(self.states_of(programs), 1, each=each):
            self.deepen()

    def explore(self) -> None:
        """Explore every pair of calls, then what else the budget allows."""
        calls, readers = self.explorer.calls, self.explorer.readers
        leading = leading_pairs(calls, readers)
        rest = [pair for pair in pairs(calls, readers) if pair not in leading]
        helpers = self.explorer.helpers
        leading_programs = list(of_two(leading, helpers))
        prepared = [p for p in leading_prepared(calls, readers) if p not in leading_programs]
        groups: list[tuple[Iterable[Program], int, float, float]] = [
            (leading_programs, len(leading_programs), 1.0, 0.3),
            (prepared, len(prepared), 0.5, 0.25),
            (of_two(rest, helpers), len(rest), 0.7, 0.2),
        ]
        for group, size, share, each in groups:
            each /= max(1, size)
            if self.enumerate(self.states_of(group), 1, share, each, UNKNOWN):
                return
        # What promises most with two preemptions, then what promises little with one.
        if self.enumerate(list(self.states), 2, 0.8, 0.3, CONFLICT):
            return
        if self.enumerate(list(self.states), 1, 0.9):
            return
        if self.enumerate_cheap(400, 0.25):
            return
        further = self.further()
        first = itertools.islice(further, 12)
        if self.enumerate(self.states_of(first), 1, 0.8, each=0.03):
            return
        self.deepen(self.states_of(further))

    def further(self) -> Iterator[Program]:
        """Programs with more calls or threads, the kinds in turn."""
        calls, readers = self.explorer.calls, self.explorer.readers
        more: list[Iterator[Program]] = [prepared_pairs(calls, readers)]
        if self.budget.threads > 2:
            more.append(triples(calls, readers))
        more.append(grown(calls, readers, self.budget.threads, self.budget.calls, self.seed))
        return _in_turn(more)

    def states_of(self, programs: Iterable[Program]) -> Iterator[State]:
        for program in programs:
            if self.states and self.explorer.spent():
                return  # at least one program is run, however long the warm-up took
            state = self.explorer.prepare(program)
            if state is not None:
                yield state

    def enumerate(
        self,
        states: Iterable[State],
        bound: int,
        share: float = 1.0,
        each: float = 1.0,
        rank: int = PRIVATE,
    ) -> bool:
        """All schedules of each program up to ``bound``; True when the exploration should end.

        No program uses more than ``each`` of the budget now (what is left comes later), and
        none is begun after ``share`` of it. ``rank`` leaves less promising ones for later.
        """
        for state in states:
            begun = self.spending.mark()
            while (chooser := state.icb.next(bound, rank)) is not None:
                if self.explorer.attempt(state, chooser):
                    return True
                if self.spending.used(begun) > each:
                    break
            if self.spending.used() > share:
                return False
        return self.explorer.spent()

    def enumerate_cheap(self, most: float, share: float) -> bool:
        """Enumerate every program on while the next level takes at most ``most`` schedules."""
        for state in self.states:
            while state.cost(self.budget.preemptions) <= most and self.spending.used() < share:
                if self.enumerate([state], state.icb.exhausted + 1):
                    return True
        return self.explorer.spent()

    def deepen(self, further: Iterator[State] | None = None) -> None:
        """Enumerate on where few schedules are left, in turn with random ones and new programs."""
        bound = self.budget.preemptions
        for turn in itertools.count():
            if further is not None and turn % 3 == 2:
                next(further, None)
            if not self.states or self.explorer.spent():
                return
            small = [s for s in self.states if s.program.size == 2] if turn % 3 == 0 else []
            state = min(small or self.states, key=lambda s: s.cost(bound))
            if state.cost(bound) < _HOPELESS:
                for _ in range(60):
                    chooser = state.icb.next(state.icb.exhausted + 1)
                    if chooser is None:
                        break
                    if self.explorer.attempt(state, chooser):
                        return
            for offset in range(6):
                state = self.states[(6 * turn + offset) % len(self.states)]
                for _ in range(5):
                    random = random_chooser(self.seed, state.index, state.random_runs, state.steps)
                    state.random_runs += 1
                    if self.explorer.attempt(state, random):
                        return


def _in_turn(many: Sequence[Iterator[Program]]) -> Iterator[Program]:
    alive = list(many)
    while alive:
        for programs in list(alive):
            program = next(programs, None)
            if program is None:
                alive.remove(programs)
            else:
                yield program
