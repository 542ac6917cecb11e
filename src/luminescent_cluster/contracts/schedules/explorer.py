"""The engine: programs, schedules, the oracle and the judge put together."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from .choosing import Planned
from .execute import Run, Session, SetupFailed
from .inspecting import find_readers
from .judge import Verdict, judge
from .model import PROMISES, Budget, Call, Finding, Program, Result, as_call, as_program
from .oracle import Sequential
from .programs import grown, pairs, prepared_pairs, triples
from .real import REAL
from .recorder import Recorder
from .reporting import build_finding
from .shrink import Candidate, shrink
from .state import Snapshot
from .strategies import ContextBounding, random_chooser
from .tokens import StaleToken, Token, digest
from .varying import Varying

__all__ = ["Explorer", "SetupFailed", "StaleToken", "explore_extension", "replay"]

Plan = dict[tuple[str, int], str]


_HOPELESS = 200_000


def _in_turn(many: Sequence[Iterator[Program]]) -> Iterator[Program]:
    alive = list(many)
    while alive:
        for programs in list(alive):
            program = next(programs, None)
            if program is None:
                alive.remove(programs)
            else:
                yield program


class State:
    """One program under exploration."""

    def __init__(self, index: int, program: Program, sequential: Sequential, bound: int) -> None:
        self.index = index
        self.program = program
        self.sequential = sequential
        self.icb = ContextBounding(bound)
        self.steps = max(10, sequential.steps)
        self.random_runs = 0
        self.schedules = 0

    def cost(self, bound: int) -> float:
        """About how many schedules the next preemption more takes, infinite when there is none."""
        level = self.icb.exhausted + 1
        if level > bound or self.icb.truncated:
            return math.inf
        growth = 2.5 ** (self.program.size - 2)
        return math.comb(self.steps + 1, max(level, 1)) * len(self.program.threads) * growth


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

    def attempt(self, state: State, chooser: Any) -> bool:
        """Run one schedule and record what it finds; True when the exploration should end."""
        run, verdict = self.run(state, chooser)
        self.result.schedules += 1
        state.schedules += 1
        if isinstance(chooser, Planned):
            state.icb.learn(run)
        if verdict is None:
            return self.spent()
        finding = self.confirm(state, run, verdict)
        if finding is not None:
            self.result.findings.append(finding)
            return len(self.result.findings) >= self.budget.findings
        return self.spent()

    def confirm(self, state: State, run: Run, verdict: Verdict) -> Finding | None:
        """A finding only when it happens again, and the oracle still disagrees."""
        if verdict.kind in ("outcome", "order"):
            state.sequential.refresh()
        for _ in range(2):
            _, again = self.run(state, Planned(run.taken))
            if again is None or again.kind != verdict.kind:
                self._unconfirmed += 1
                self.note(
                    f"{self._unconfirmed} deviations did not happen again under the same schedule "
                    "and were not judged"
                )
                return None
        candidate = shrink(self, Candidate(state, dict(run.taken), verdict))
        return build_finding(self, candidate)

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
        run, verdict = self.run(state, chooser, recorder)
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
            both = [Program(((one,), (other,))) for one, other in pairs(calls, readers)]
            if self.enumerate(self.states_of(both), 1, each=0.5 / len(both)):
                return
            more: list[Iterator[Program]] = [prepared_pairs(calls, readers)]
            if budget.threads > 2:
                more.append(triples(calls, readers))
            more.append(grown(calls, readers, budget.threads, budget.calls, self.seed))
            if self.enumerate(self.states_of(_in_turn(more)), 1, 0.45, each=0.03):
                return
            self.deepen()
        finally:
            self.summarise()

    def states_of(self, programs: Iterable[Program]) -> Iterator[State]:
        for program in programs:
            if self.spent():
                return
            state = self.prepare(program)
            if state is not None:
                yield state

    def enumerate(
        self, states: Iterable[State], bound: int, share: float = 1.0, each: float = 1.0
    ) -> bool:
        """All schedules of each program up to ``bound``; True when the exploration should end.

        No program uses more than ``each`` of the budget now (what is left comes later), and
        none is begun after ``share`` of it.
        """
        for state in states:
            before = self.used()
            while (chooser := state.icb.next(bound)) is not None:
                if self.attempt(state, chooser):
                    return True
                if self.used() - before > each:
                    break
            if self.used() > share:
                return False
        return self.spent()

    def deepen(self) -> None:
        """Enumerate further, where few schedules are left, in turn with random schedules."""
        turns = itertools.cycle(self.states)
        while self.states:
            state = min(self.states, key=lambda s: s.cost(self.budget.preemptions))
            if state.cost(self.budget.preemptions) < _HOPELESS:
                bound = max(state.icb.exhausted + 1, 0)
                for _ in range(60):
                    chooser = state.icb.next(bound)
                    if chooser is None:
                        break
                    if self.attempt(state, chooser):
                        return
            for state in itertools.islice(turns, 6):
                for _ in range(5):
                    random = random_chooser(self.seed, state.index, state.random_runs, state.steps)
                    state.random_runs += 1
                    if self.attempt(state, random):
                        return

    def used(self) -> float:
        """The share of the budget that is used."""
        return max(
            self.result.schedules / self.budget.schedules,
            (REAL.monotonic() - self.started) / self.budget.seconds,
        )

    def spent(self) -> bool:
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
        result = self.result
        result.judged = result.schedules > 0
        result.switch_points = max((state.steps for state in self.states), default=0)
        run = [state for state in self.states if state.icb.exhausted >= 0]
        complete = min((state.icb.exhausted for state in self.states), default=-1)
        result.preemption_bound = complete if complete >= 0 else None
        parts = []
        for level in sorted({state.icb.exhausted for state in run}, reverse=True):
            count = sum(1 for state in run if state.icb.exhausted == level)
            parts.append(
                f"all schedules with at most {level} preemption{'' if level == 1 else 's'} of "
                f"{count} program{'' if count == 1 else 's'}"
            )
        random_runs = sum(state.random_runs for state in self.states)
        if random_runs:
            parts.append(f"{random_runs} random schedules")
        result.bound = ", ".join(parts) or "no program was covered completely"
        for state in self.states:
            met = set()
            for one, other in itertools.combinations(state.program.threads, 2):
                for first, second in itertools.product(one, other):
                    names = sorted((first.name, second.name))
                    met.add((names[0], names[1]))
            for pair in met:
                result.pairs[pair] = result.pairs.get(pair, 0) + state.schedules


@contextmanager
def opened(
    factory: Callable[[], Any],
    calls: Sequence[Any],
    programs: Sequence[Any] | None,
    observers: Sequence[Any] | None,
    readers: Sequence[str] | None,
    budget: Budget,
    seed: int,
    promise: str,
    extension_of: Callable[[Any], Any] | None,
    teardown: Callable[[Any], Any] | None,
) -> Iterator[tuple[Explorer, list[Program] | None]]:
    """An explorer that has met the code under test; everything is undone on leaving."""
    if promise not in PROMISES:
        raise ValueError(f"unknown promise {promise!r}: use one of {', '.join(PROMISES)}")
    listed = [as_call(call) for call in calls]
    given: list[Program] | None = None
    if programs is not None:
        given = [as_program(program) for program in programs]
        for call in [call for p in given for thread in (p.before, *p.threads) for call in thread]:
            if call not in listed:
                listed.append(call)
    if not listed:
        raise ValueError("nothing to run: give calls or programs")
    result = Result()
    started = REAL.monotonic()
    asked = [] if observers is None else [_observer(observer) for observer in observers]
    session = Session(factory, asked, extension_of, teardown, budget.run_seconds)
    with session:
        varying = Varying()
        warm_up(session, listed)
        keep_state_apart(session, listed, varying)
        if readers is None or observers is None:
            found = find_readers(session, listed, varying)
            if observers is None:
                session.observers = list(found)
            if readers is None:
                readers = sorted(_reading(listed, found, session.observers))
        explorer = Explorer(session, listed, readers, budget, seed, promise, varying, result)
        explorer.started = started
        yield explorer, given
    result.uncontrolled += [note for note in session.notes if note not in result.uncontrolled]
    result.seconds = REAL.monotonic() - started


def _observer(value: Any) -> Any:
    return value if callable(value) else as_call(value)


def explore_extension(
    factory: Callable[[], Any],
    calls: Sequence[Any] = (),
    *,
    programs: Sequence[Any] | None = None,
    observers: Sequence[Any] | None = None,
    readers: Sequence[str] | None = None,
    budget: Budget | None = None,
    seed: int = 0,
    promise: str = "regular",
    extension_of: Callable[[Any], Any] | None = None,
    teardown: Callable[[Any], Any] | None = None,
) -> Result:
    """Explore the thread schedules of an extension.

    ``factory`` makes a fresh subject for every run; ``extension_of`` gives the extension inside
    it. ``calls`` are combined into programs (or ``programs`` gives them: one sequence of calls
    per thread). ``observers`` are asked after every run (calls, or functions of the subject);
    None takes the calls that only read. ``readers`` names the methods that only read; None finds
    out. ``promise`` is one of :data:`PROMISES`. ``teardown`` gets the subject after every run.

    Raises ValueError for an unknown promise or when there is nothing to call, SetupFailed when
    the factory raises.
    """
    with opened(
        factory, calls, programs, observers, readers, budget or Budget(), seed, promise,
        extension_of, teardown,
    ) as (explorer, given):  # fmt: skip
        explorer.explore(given)
    return explorer.result


def replay(
    token: str,
    factory: Callable[[], Any],
    calls: Sequence[Any] = (),
    *,
    programs: Sequence[Any] | None = None,
    observers: Sequence[Any] | None = None,
    readers: Sequence[str] | None = None,
    budget: Budget | None = None,
    promise: str = "regular",
    extension_of: Callable[[Any], Any] | None = None,
    teardown: Callable[[Any], Any] | None = None,
) -> Result:
    """Run exactly the schedule of ``token``, with the arguments it was found with.

    The result has the finding again, or none when the defect is gone although the code is what
    it was. Raises StaleToken when calls or code have changed since.
    """
    with opened(
        factory, calls, programs, observers, readers, budget or Budget(), 0, promise,
        extension_of, teardown,
    ) as (explorer, _):  # fmt: skip
        explorer.replay(token)
    return explorer.result


def warm_up(session: Session, calls: Sequence[Call]) -> None:
    """Meet the code under test once, so that its switch points are settled before they count."""
    for call in [*calls]:
        session.run(Program(((call,),)), Planned({}))
        if session.asynchronous:
            break
    session.run(Program((tuple(calls),)), Planned({}))
    session.freeze()


def keep_state_apart(session: Session, calls: Sequence[Call], varying: Varying) -> None:
    """Restore state outside the instances before every run, if that makes runs repeat."""
    program = Program((tuple(calls),))

    def repeats() -> bool:
        trial = Sequential(session, program, Varying())
        outcomes = [trial.outcome_again() for _ in range(3)]
        known = [outcome for outcome in outcomes if outcome is not None]
        return len(known) < 3 or all(
            not Varying().learn(known[0], other, trial.roots) for other in known[1:]
        )

    if repeats():
        return
    snapshot = Snapshot(session.modules())
    session.reset = snapshot.restore
    if repeats():
        varying.forget()
        session.notes.append(
            "state outside the instances (modules, classes) was put back before every run"
        )
    else:
        session.reset = None


def _reading(calls: Sequence[Call], found: Sequence[Call], observers: Sequence[Any]) -> set[str]:
    asked = {observer.name for observer in observers if isinstance(observer, Call)}
    names = {call.name for call in calls}
    found_names = {call.name for call in found}
    changing = {call.name for call in calls if call not in found}
    return (asked & names) | (found_names - changing)
