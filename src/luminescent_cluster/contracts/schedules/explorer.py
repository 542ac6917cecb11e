"""The engine: programs, schedules, the oracle and the judge put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .choosing import Planned
from .execute import Session
from .judge import Verdict, judge
from .model import Budget, Call, Finding, Program, Result
from .oracle import Sequential
from .phases import Phases
from .progress import State, summarise
from .recorder import Recorder
from .reporting import build_finding
from .runs import Run
from .sharing import Looker
from .shrink import Candidate, shrink
from .spending import Spending
from .tokens import StaleToken, Token, digest
from .varying import Varying

__all__ = ["Explorer"]

_MOST_UNWANTED = 100


class Explorer:
    """Explores one extension; see :func:`explore_extension` for the arguments."""

    def __init__(
        self,
        session: Session,
        calls: Sequence[Call],
        helpers: Mapping[str, Call],
        readers: Sequence[str],
        budget: Budget,
        seed: int,
        promise: str,
        varying: Varying,
        result: Result,
        spending: Spending,
    ) -> None:
        self.session = session
        self.calls = list(calls)
        self.helpers = helpers
        self.readers = frozenset(readers)
        self.budget = budget
        self.seed = seed
        self.promise = promise
        self.varying = varying
        self.result = result
        self.spending = spending
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
        """Run the given programs, or those that the budget allows; see :mod:`.phases`."""
        try:
            if programs is None:
                Phases(self).explore()
            else:
                Phases(self).explore_given(programs)
        finally:
            self.summarise()

    def spent(self) -> bool:
        if self.session.parked + self.session.stray() > 100:
            self.result_uncontrolled(
                "the extension's threads cannot be ended after a run: "
                "stopped early, so that they do not pile up"
            )
            return True
        return self.spending.ended()

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
