"""Comparing one concurrent run with the sequential orders of the same calls."""

from __future__ import annotations

import asyncio
import concurrent.futures
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from .mixing import answers_are_mixed
from .model import Program
from .oracle import Order, Sequential, orders
from .outcome import outcome_of
from .runs import Raised, Run

__all__ = ["Verdict", "judge"]

_LIMITS = (TimeoutError, concurrent.futures.TimeoutError, asyncio.TimeoutError)  # one from 3.11 on


@dataclass(frozen=True)
class Verdict:
    """Why a run is wrong: the kind of finding, and facts for its message."""

    kind: str
    facts: dict[str, Any]


def judge(
    run: Run,
    program: Program,
    sequential: Sequential,
    promise: str,
    readers: Collection[str],
) -> Verdict | None:
    """None for a run that some sequential order explains, under the given promise."""
    if run.failure is not None:
        kind, facts = run.failure
        return Verdict(kind, facts)
    if run.outside and _ran_out(run):
        return None  # virtual time passed for who waits; the answer was on its way in real time
    raised = _unexpected(run, program, sequential)
    if raised is not None:
        return raised
    excused: set[tuple[int, int]] = (
        set() if promise == "linearizable" else _excused(run, program, readers)
    )
    if sequential.background:  # a read may find any part of what is still on its way
        excused |= {
            (thread, index)
            for thread, calls in enumerate(program.threads)
            for index, call in enumerate(calls)
            if call.name in readers
        }
    if promise == "settled":
        excused = {(t, i) for t, calls in enumerate(program.threads) for i in range(len(calls))}
    results, finals = sequential.masked(outcome_of(run))
    if sequential.background and answers_are_mixed(results, program, sequential, readers):
        return Verdict("outcome", {"results": run.results, "finals": run.finals})
    in_time = promise in ("linearizable", "regular")
    possible = False
    for order in orders(program):
        timely = not in_time or _keeps_time(order, run)
        if possible and not timely:
            continue
        if _explains(order, results, finals, sequential, excused):
            if timely:
                return None
            possible = True
    kind = "order" if possible else "outcome"
    return Verdict(kind, {"results": run.results, "finals": run.finals})


def _ran_out(run: Run) -> bool:
    """Did a time limit end a call or a look afterwards?"""
    said = [*(result for results in run.results for result in results), *run.finals]
    return any(isinstance(one, Raised) and isinstance(one.error, _LIMITS) for one in said)


def _unexpected(run: Run, program: Program, sequential: Sequential) -> Verdict | None:
    """An exception of a type that the call raises in no sequential order."""
    suspects: list[tuple[str, str, BaseException]] = []
    for thread, (calls, results) in enumerate(zip(program.threads, run.results, strict=False)):
        for call, result in zip(calls, results, strict=False):
            if isinstance(result, Raised):
                suspects.append((call.name, f"{chr(97 + thread)}: {call}", result.error))
    for index, value in enumerate(run.finals):
        if isinstance(value, Raised):
            suspects.append((f"observer {index}", f"afterwards, observer {index}", value.error))
    unknown = [
        suspect
        for suspect in suspects
        if (suspect[0], type(suspect[2]).__qualname__) not in sequential.raises
    ]
    if unknown:
        for order in orders(program):  # an order not run yet may raise it
            for eager in sequential.variants():
                sequential.outcome(order, eager)
    for method, where, error in unknown:
        if (method, type(error).__qualname__) not in sequential.raises:
            return Verdict("exception", {"where": where, "error": error})
    for task, error in run.thread_errors:
        if type(error).__qualname__ not in sequential.thread_errors:
            return Verdict("exception", {"where": f"the extension's thread {task}", "error": error})
    return None


def _keeps_time(order: Order, run: Run) -> bool:
    """Does ``order`` keep every two calls in order of which one ended before the other began?"""
    latest = 0
    spans = []
    position = [0] * len(run.spans)
    for thread in order:
        spans.append(run.spans[thread][position[thread]])
        position[thread] += 1
    for began, ended in reversed(spans):
        if latest and began > latest:
            return False
        latest = min(latest, ended) if latest else ended
    return True


def _excused(run: Run, program: Program, readers: Collection[str]) -> set[tuple[int, int]]:
    """Reads that overlapped several other calls that are no reads: no snapshot is promised."""
    excused = set()
    writes = [
        span
        for calls, spans in zip(program.threads, run.spans, strict=False)
        for call, span in zip(calls, spans, strict=False)
        if call.name not in readers
    ]
    for thread, (calls, spans) in enumerate(zip(program.threads, run.spans, strict=False)):
        for index, (call, (began, ended)) in enumerate(zip(calls, spans, strict=False)):
            if call.name in readers:
                overlapping = sum(1 for start, end in writes if start < ended and began < end)
                if overlapping > 1:
                    excused.add((thread, index))
    return excused


def _explains(
    order: Order,
    results: Any,
    finals: Any,
    sequential: Sequential,
    excused: Collection[tuple[int, int]],
) -> bool:
    for eager in sequential.variants():
        outcome = sequential.outcome(order, eager)
        if outcome is None:
            continue
        expected_results, expected_finals = sequential.masked(outcome)
        if expected_finals != finals:
            continue
        if expected_results == results:
            return True
        if excused and all(
            (thread, index) in excused or expected_results[thread][index] == value
            for thread, values in enumerate(results)
            for index, value in enumerate(values)
        ):
            return True
    return False
