"""The oracle: the extension itself, run in sequential orders of the same calls.

An order in which a call blocks for ever is no possible order. Extensions with threads of their own
are run twice per order, with these threads as lazy and as eager as possible.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .choosing import Serial
from .execute import Session
from .model import Program
from .outcome import Outcome, outcome_of
from .runs import Raised, Run
from .varying import Varying

__all__ = ["Order", "Sequential", "orders"]

Order = tuple[int, ...]
"""Which thread makes the next call, per call."""


def orders(program: Program) -> Iterator[Order]:
    """All interleavings of whole calls that keep each thread's own order."""
    left = [len(calls) for calls in program.threads]

    def extend(prefix: tuple[int, ...]) -> Iterator[Order]:
        if not any(left):
            yield prefix
            return
        for thread in range(len(left)):
            if left[thread]:
                left[thread] -= 1
                yield from extend((*prefix, thread))
                left[thread] += 1

    return extend(())


class Sequential:
    """Sequential outcomes of one program, run when they are needed and kept.

    ``usable`` is False when no order ends by itself; ``why`` says so.
    """

    def __init__(self, session: Session, program: Program, varying: Varying) -> None:
        self._session = session
        self._program = program
        self._varying = varying
        self._known: dict[tuple[Order, bool], Outcome | None] = {}
        self.roots = [[call.name for call in calls] for calls in program.threads]
        self.roots.append([f"observer {i}" for i in range(len(session.observers))])
        self.raises: set[tuple[str, str]] = set()
        """(method, type of exception) seen in sequential orders; observers by their number."""
        self.thread_errors: set[str] = set()
        self.steps = 0
        self.background = False
        self.usable = True
        self.why = ""
        self._first = next(orders(program))

    def prepare(self) -> None:
        """Run the first orders, twice: learns what varies and whether the program can be used."""
        forward = tuple(i for i, calls in enumerate(self._program.threads) for _ in calls)
        backward = tuple(reversed(forward))
        feasible = 0
        for order in dict.fromkeys((forward, backward)):
            first = self._perform(order, False)
            if first is None:
                continue
            feasible += 1
            self._known[(order, False)] = first
            second = self._perform(order, False)
            if second is not None:
                self._varying.learn(first, second, self.roots)
        if not feasible:
            for order in orders(self._program):
                if self.outcome(order, False) is not None:
                    return
            self.usable = False
            self.why = self.why or "every sequential order blocks"

    def outcome(self, order: Order, eager: bool) -> Outcome | None:
        """The outcome of one order, None where it is impossible."""
        key = (order, eager)
        if key not in self._known:
            self._known[key] = self._perform(order, eager)
        return self._known[key]

    def outcome_again(self) -> Outcome | None:
        """The outcome of the first order, run anew."""
        return self._perform(self._first, False)

    def refresh(self) -> bool:
        """Run the known orders again: True when something more varies than was known."""
        changed = False
        for (order, eager), old in list(self._known.items())[:12]:
            new = self._perform(order, eager)
            if old is not None and new is not None:
                changed |= self._varying.learn(old, new, self.roots)
        return changed

    def repeats(self) -> bool:
        """Do the known orders, run again, still give what they gave, but for what varies?"""
        for (order, eager), old in list(self._known.items())[:12]:
            new = self._perform(order, eager)
            if (old is None) != (new is None):
                return False
            if old is not None and new is not None and self.masked(old) != self.masked(new):
                return False
        return True

    def variants(self) -> tuple[bool, ...]:
        """How eager the extension's own threads are run."""
        return (False, True) if self.background else (False,)

    def masked(self, outcome: Outcome) -> tuple[Any, Any]:
        """(results, finals) without what varies."""
        return self._varying.apply(outcome, self.roots)

    def _perform(self, order: Order, eager: bool) -> Outcome | None:
        chooser = Serial([chr(97 + thread) for thread in order], eager)
        limits = self._session.limits
        fair, limits.fair = limits.fair, 10**9
        try:
            run = self._session.run(self._program, chooser)
        finally:
            limits.fair = fair
        self.background = self.background or run.background > 0
        self.steps = max(self.steps, sum(run.steps.values()))
        if run.failure is not None:
            if run.failure[0] not in ("infeasible", "deadlock"):
                self.why = f"a sequential order ended in a {run.failure[0]}"
            return None
        self.note(run)
        return outcome_of(run)

    def note(self, run: Run) -> None:
        """Remember what a sequential run raised."""
        for calls, results in zip(self._program.threads, run.results, strict=False):
            for call, result in zip(calls, results, strict=False):
                if isinstance(result, Raised):
                    self.raises.add((call.name, type(result.error).__qualname__))
        for index, value in enumerate(run.finals):
            if isinstance(value, Raised):
                self.raises.add((f"observer {index}", type(value.error).__qualname__))
        self.thread_errors |= {type(error).__qualname__ for _, error in run.thread_errors}
