"""The engine: programs, schedules, the oracle and the judge put together."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .choosing import Planned
from .execute import Session
from .judge import Verdict, judge
from .model import Budget, Call, Finding, Program, Result
from .oracle import Sequential
from .programs import (
    grown,
    leading_pairs,
    leading_prepared,
    pairs,
    prepared_pairs,
    triples,
)
from .progress import State, of_two, summarise
from .real import REAL
from .recorder import Recorder
from .reporting import build_finding
from .runs import Run
from .sharing import CONFLICT, PRIVATE, UNKNOWN, Looker
from .shrink import Candidate, shrink
from .strategies import random_chooser
from .tokens import StaleToken, Token, digest
from .varying import Varying

__all__ = ["Explorer"]

Plan = dict[tuple[str, int], str]


_HOPELESS = 200_000
_MOST_UNWANTED = 100


def _in_turn(many: Sequence[Iterator[Program]]) -> Iterator[Program]:
    alive = list(many)
    while alive:
        for programs in list(alive):
            program = next(programs, None)
            if program is None:
                alive.remove(programs)
            else:
                yield program


class Explorer:
    """Explores one extension; see :func:`explore_extension` for the arguments."""

    def __init__(
        self,
        session: Session,
        calls: Sequence[Call],
        readers: Sequence[str],
        budget: Budget,
        seed: int,
        promise: str,
        varying: Varying,
        result: Result,
    ) -> None:
        self.session = session
        self.calls = list(calls)
        self.readers = frozenset(readers)
        self.budget = budget
        self.seed = seed
        self.promise = promise
        self.varying = varying
        self.result = result
        self.started = REAL.monotonic()
        self.states: list[State] = []
        self._unconfirmed = 0
        self._unwanted = 0

    # ---- one program ----------------------------------------------------------------------

    def prepare(self, program: Program) -> State | None:
        """Run the sequential orders of a program; None when it cannot be judged."""
        sequential = Sequential(self.session, program, self.varying)
        sequential.prepare()
        if not sequential.usable:
            self.note(f"not judged: {program}: {sequential.why}")
            return None
        state = State(len(self.states), program, sequential, self.budget.preemptions)
        self.states.append(state)
        self.result.programs += 1
        return state

    def prepare_quietly(self, program: Program) -> State | None:
        """As :meth:`prepare`, for a program tried while shrinking."""
        sequential = Sequential(self.session, program, self.varying)
        sequential.prepare()
        if not sequential.usable:
            return None
        return State(-1, program, sequential, self.budget.preemptions)

    def run(self, state: State, chooser: Any, recorder: Any = None) -> tuple[Run, Verdict | None]:
        """One schedule of a program, judged."""
        limits = self.session.limits
        limits.fair = max(1_000, 3 * state.steps)
        limits.steps = max(20_000, 30 * state.steps)
        run = self.session.run(state.program, chooser, recorder)
        for name in dict.fromkeys(run.outside):
            self.result_uncontrolled(f"thread {name} blocked where the explorer cannot see")
        return run, judge(run, state.program, state.sequential, self.promise, self.readers)

    def step(self, state: State, chooser: Planned) -> tuple[Run, Verdict | None]:
        """One enumerated schedule, judged; those that deviate from it once more are tried later."""
        looker = Looker(self.session.points) if state.icb.promising else None
        run, verdict = self.run(state, chooser, looker)
        state.icb.learn(run, looker.ranks() if looker is not None else None)
        return run, verdict

    def attempt(self, state: State, chooser: Any) -> bool:
        """Run one schedule and record what it finds; True when the exploration should end."""
        attempt = self.step if isinstance(chooser, Planned) else self.run
        run, verdict = attempt(state, chooser)
        self.result.schedules += 1
        state.schedules += 1
        if verdict is None:
            return self.spent()
        if self.budget.kinds is not None and verdict.kind not in self.budget.kinds:
            return self.unwanted(verdict.kind)
        finding = self.confirm(state, run, verdict)
        if finding is not None:
            self.result.findings.append(finding)
            return len(self.result.findings) >= self.budget.findings
        return self.spent()

    def unwanted(self, kind: str) -> bool:
        """A deviation that was not asked for; True when there are too many to go on."""
        self._unwanted += 1
        self.note(f"schedules that ended in another finding ({kind}) are not judged here")
        return self._unwanted >= _MOST_UNWANTED or self.spent()

    def confirm(self, state: State, run: Run, verdict: Verdict) -> Finding | None:
        """A finding only when it happens again, and the oracle still disagrees."""
        if verdict.kind in ("outcome", "order"):
            state.sequential.refresh()
            if not (state.sequential.repeats() and state.sequential.repeats()):
                self.note(
                    f"not judged: {state.program}: equal sequential runs give different answers"
                )
                return None
        if not self.happens_again(state, run, verdict):
            self._unconfirmed += 1
            self.note(
                f"{self._unconfirmed} deviations did not happen again under the same schedule "
                "and were not judged"
            )
            return None
        candidate = shrink(self, Candidate(state, dict(run.taken), verdict))
        return build_finding(self, candidate)

    def happens_again(self, state: State, run: Run, verdict: Verdict) -> bool:
        """Twice more: at once, or in four runs where the outside world has a say."""
        times = 0
        for _ in range(4 if run.outside else 2):
            again = self.run(state, Planned(run.taken))[1]
            if again is not None and again.kind == verdict.kind:
                times += 1
                if times == 2:
                    return True
            elif not run.outside:
                return False
        return False

    def replay(self, text: str) -> None:
        """Run the schedule of a token and record what it shows. Raises StaleToken."""
        token = Token.decode(text, self.calls)
        state = self.prepare(token.program)
        if state is None:
            raise StaleToken(
                f"the program of {text!r} can no longer be run: {self.result.notes[-1]}"
            )
        recorder = Recorder(self.session.points)
        chooser = Planned(token.plan)
        verdict = self.run(state, chooser, recorder)[1]
        self.result.schedules = 1
        if digest(token.program, recorder.codes.values()) != token.digest:
            raise StaleToken(
                f"{text!r} was found with other code: a function that it runs, or one of the "
                "calls, has changed since. Explore again to get a new token"
            )
        if len(chooser.used) < len(token.plan):
            raise StaleToken(
                f"{text!r} does not fit: {len(token.plan) - len(chooser.used)} of its switches "
                "were never reached, so the extension behaves differently here"
            )
        self.summarise()
        if verdict is not None:
            self.result.findings.append(
                build_finding(self, Candidate(state, dict(token.plan), verdict))
            )

    # ---- the whole ------------------------------------------------------------------------

    def explore(self, programs: Sequence[Program] | None) -> None:
        """Small programs and few preemptions first, deeper where that is cheap, then at random."""
        try:
            if programs is not None:
                each = 0.8 / max(1, len(programs))
                if not self.enumerate(self.states_of(programs), 1, each=each):
                    self.deepen()
                return
            calls, readers, budget = self.calls, self.readers, self.budget
            leading = leading_pairs(calls, readers)
            rest = [pair for pair in pairs(calls, readers) if pair not in leading]
            prepared = list(leading_prepared(calls, readers))
            groups: list[tuple[Iterable[Program], int, float, float]] = [
                (of_two(leading), len(leading), 1.0, 0.3),
                (prepared, len(prepared), 0.5, 0.25),
                (of_two(rest), len(rest), 0.7, 0.2),
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
            more: list[Iterator[Program]] = [prepared_pairs(calls, readers)]
            if budget.threads > 2:
                more.append(triples(calls, readers))
            more.append(grown(calls, readers, budget.threads, budget.calls, self.seed))
            if self.enumerate_cheap(400, 0.25):
                return
            further = _in_turn(more)
            first = itertools.islice(further, 12)
            if self.enumerate(self.states_of(first), 1, 0.8, each=0.03):
                return
            self.deepen(self.states_of(further))
        finally:
            self.summarise()

    def states_of(self, programs: Iterable[Program]) -> Iterator[State]:
        for program in programs:
            if self.states and self.spent():
                return  # at least one program is run, however long the warm-up took
            state = self.prepare(program)
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
            begun = self.mark()
            while (chooser := state.icb.next(bound, rank)) is not None:
                if self.attempt(state, chooser):
                    return True
                if self.used(begun) > each:
                    break
            if self.used() > share:
                return False
        return self.spent()

    def enumerate_cheap(self, most: float, share: float) -> bool:
        """Enumerate every program on while the next level takes at most ``most`` schedules."""
        for state in self.states:
            while state.cost(self.budget.preemptions) <= most and self.used() < share:
                if self.enumerate([state], state.icb.exhausted + 1):
                    return True
        return self.spent()

    def deepen(self, further: Iterator[State] | None = None) -> None:
        """Enumerate on where few schedules are left, in turn with random ones and new programs."""
        bound = self.budget.preemptions
        for turn in itertools.count():
            if further is not None and turn % 3 == 2:
                next(further, None)
            if not self.states or self.spent():
                return
            small = [s for s in self.states if s.program.size == 2] if turn % 3 == 0 else []
            state = min(small or self.states, key=lambda s: s.cost(bound))
            if state.cost(bound) < _HOPELESS:
                for _ in range(60):
                    chooser = state.icb.next(state.icb.exhausted + 1)
                    if chooser is None:
                        break
                    if self.attempt(state, chooser):
                        return
            for offset in range(6):
                state = self.states[(6 * turn + offset) % len(self.states)]
                for _ in range(5):
                    random = random_chooser(self.seed, state.index, state.random_runs, state.steps)
                    state.random_runs += 1
                    if self.attempt(state, random):
                        return

    def mark(self) -> tuple[int, float]:
        """Now, for :meth:`used`."""
        return self.result.schedules, REAL.monotonic()

    def used(self, since: tuple[int, float] | None = None) -> float:
        """The share of the budget that is used, since a mark or from the beginning.

        The difference of two shares will not do: time that programs took to prepare would decide
        how many schedules each gets, and equal runs would explore different ones.
        """
        schedules, moment = since or (0, self.started)
        passed: float = REAL.monotonic() - moment
        ran = self.result.schedules - schedules
        return max(ran / self.budget.schedules, passed / self.budget.seconds)

    def spent(self) -> bool:
        if self.session.parked + self.session.stray() > 100:
            self.result_uncontrolled(
                "the extension's threads cannot be ended after a run: "
                "stopped early, so that they do not pile up"
            )
            return True
        return self.used() >= 1.0

    def note(self, text: str) -> None:
        if text.endswith("were not judged"):
            self.result.notes[:] = [n for n in self.result.notes if not n.endswith(text[-20:])]
        if text not in self.result.notes:
            self.result.notes.append(text)

    def result_uncontrolled(self, text: str) -> None:
        if text not in self.result.uncontrolled:
            self.result.uncontrolled.append(text)

    def summarise(self) -> None:
        """Say in the result what was covered."""
        summarise(self.result, self.states)
