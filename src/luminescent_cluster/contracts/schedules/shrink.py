"""Making a failing schedule as small as it gets: fewer calls, fewer switches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .choosing import Planned
from .judge import Verdict
from .model import Program

if TYPE_CHECKING:
    from .explorer import Explorer
    from .progress import State

__all__ = ["Candidate", "shrink"]

_TRIES = 150
_ALL = 600


class _Effort:
    """How many schedules may still be tried; a number, so that every machine stops alike."""

    def __init__(self) -> None:
        self.left = _ALL

    def take(self, wanted: int) -> int:
        return min(wanted, self.left)


@dataclass
class Candidate:
    """A program, a plan of deviations, and the verdict on it."""

    state: State
    plan: dict[tuple[str, int], str]
    verdict: Verdict


def shrink(explorer: Explorer, found: Candidate) -> Candidate:
    """The smallest failing candidate of the same kind that a bounded search reaches."""
    effort = _Effort()
    best = _fewer_deviations(explorer, found)
    smaller = True
    while smaller:
        smaller = False
        for program in _smaller_programs(best.state.program):
            bound = max(1, min(2, len(best.plan)))
            candidate = _search(explorer, program, best.verdict.kind, bound, effort)
            if candidate is not None:
                best, smaller = candidate, True
                break
    if len(best.plan) > 1:
        state = explorer.prepare_quietly(best.state.program)
        if state is not None:
            simple = _enumerate(
                explorer, state, best.verdict.kind, 2 * _TRIES, len(best.plan) - 1, effort
            )
            if simple is not None and len(simple.plan) < len(best.plan):
                best = simple
    return _fewer_deviations(explorer, best)


def _fewer_deviations(explorer: Explorer, found: Candidate) -> Candidate:
    best = found
    again = True
    while again:
        again = False
        for key in list(best.plan):
            plan = {k: v for k, v in best.plan.items() if k != key}
            run, verdict = explorer.run(best.state, Planned(plan))
            if verdict is not None and verdict.kind == best.verdict.kind:
                taken = dict(run.taken)
                if len(taken) < len(best.plan):
                    best = Candidate(best.state, taken, verdict)
                    again = True
                    break
    return best


def _smaller_programs(program: Program) -> Iterator[Program]:
    threads = program.threads
    for drop in range(len(program.before)):
        fewer = replace(program, before=program.before[:drop] + program.before[drop + 1 :])
        if len(fewer.before) < len(program.before):  # not where its answer is taken
            yield fewer
    if len(threads) > 2:
        for at in range(len(threads)):
            rest = threads[:at] + threads[at + 1 :]
            yield replace(program, threads=rest)
            if not program.before and len(threads[at]) == 1:
                yield replace(program, threads=rest, before=threads[at])
    for at, calls in enumerate(threads):
        if len(calls) > 1:
            for drop in range(len(calls)):
                shorter = calls[:drop] + calls[drop + 1 :]
                yield replace(program, threads=(*threads[:at], shorter, *threads[at + 1 :]))
            if not program.before:
                moved = (*threads[:at], calls[1:], *threads[at + 1 :])
                yield replace(program, threads=moved, before=calls[:1])


def _search(
    explorer: Explorer, program: Program, kind: str, bound: int, effort: _Effort
) -> Candidate | None:
    if not effort.left:
        return None
    state = explorer.prepare_quietly(program)
    return None if state is None else _enumerate(explorer, state, kind, _TRIES, bound, effort)


def _enumerate(
    explorer: Explorer, state: State, kind: str, tries: int, bound: int, effort: _Effort
) -> Candidate | None:
    for _ in range(effort.take(tries)):
        effort.left -= 1
        chooser = state.icb.next(bound)
        if chooser is None:
            return None
        run, verdict = explorer.step(state, chooser)
        if verdict is not None and verdict.kind == kind:
            return Candidate(state, dict(run.taken), verdict)
    return None
