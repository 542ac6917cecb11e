"""Answers that belong to another call.

Where an extension has threads of its own, a read may find any part of what they are about to bring
along, so its value alone proves nothing. What only another caller's question is answered with, it
may not find: that is a request mixed up with another.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from typing import Any

from .model import Call, Program
from .oracle import Sequential, orders
from .outcome import Tree

__all__ = ["answers_are_mixed"]

_ORDERS = 24


def answers_are_mixed(
    results: Any, program: Program, sequential: Sequential, readers: Collection[str]
) -> bool:
    """Did a call get what sequentially only a call with other arguments gets?

    Only programs that just read are judged: nothing of theirs is under way. An answer that says
    nothing (None, False, nothing in it) may be one that has not been brought along yet.

    Args:
        results: of the concurrent run, without what varies.
        program: what ran.
        sequential: its sequential outcomes.
        readers: names of the methods that only read.
    """
    calls = [call for thread in program.threads for call in thread]
    if any(call.name not in readers for call in (*program.before, *calls)):
        return False
    suspects = [
        (call, value)
        for call, value in _told(program, results)
        if _says_something(value) and any(_could_be(call, other) for other in calls)
    ]
    told: list[tuple[Call, Tree]] = []
    for outcome in _sequential_results(program, sequential) if suspects else ():
        told += _told(program, outcome)
        if all(suspect in told for suspect in suspects):
            return False
    return any(
        (call, value) not in told
        and any(answer == value and _could_be(call, other) for other, answer in told)
        for call, value in suspects
    )


def _could_be(call: Call, other: Call) -> bool:
    return call.name == other.name and call != other


def _told(program: Program, results: Any) -> Iterator[tuple[Call, Tree]]:
    for calls, answers in zip(program.threads, results, strict=False):
        yield from zip(calls, answers, strict=False)


def _sequential_results(program: Program, sequential: Sequential) -> Iterator[Any]:
    for order in itertools.islice(orders(program), _ORDERS):
        for eager in sequential.variants():
            outcome = sequential.outcome(order, eager)
            if outcome is not None:
                yield sequential.masked(outcome)[0]


def _says_something(value: Tree) -> bool:
    """Not what varies, nor an exception, nor nothing."""
    if value[0] == "obj":
        return True
    return value[0] in ("v", "seq", "map", "set") and value[2] not in (None, False, 0, "", b"", ())
