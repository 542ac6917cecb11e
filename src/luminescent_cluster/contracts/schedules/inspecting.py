"""Finding out which calls only read, by running the extension and looking.

A call reads when inserting it anywhere changes no other call's result. What reads can be asked
after the calls of a program to see what they left behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .choosing import Serial
from .execute import Session
from .model import Call, Program
from .oracle import Sequential
from .outcome import outcome_of
from .varying import Varying

__all__ = ["find_readers"]


def find_readers(session: Session, calls: Sequence[Call], varying: Varying) -> list[Call]:
    """The calls of ``calls`` that seem to change nothing and return something.

    Each call is first made twice, then between all the others; every result must be what it is
    without it. Needs about two runs per call.
    """
    calls = list(calls)
    plain = _results(session, calls, calls, varying)
    if plain is None:
        return []
    readers = []
    for call in calls:
        mixed: list[Call] = []
        keep: list[bool] = []
        for other in calls:
            mixed += [call, other]
            keep += [False, True]
        seen = _results(session, mixed, calls, varying, keep)
        if seen is None or seen[0] != plain[0] or seen[1] != plain[1]:
            continue
        if plain[2][calls.index(call)] in (("v", "NoneType", None), ("~",)):
            continue  # returns nothing: says nothing about the state
        readers.append(call)
    return readers


def _results(
    session: Session,
    calls: Sequence[Call],
    after: Sequence[Call],
    varying: Varying,
    keep: Sequence[bool] | None = None,
) -> tuple[Any, Any, Any] | None:
    """(results of the kept calls, results of ``after`` made next, all results)."""
    program = Program(((*calls, *after),))
    sequential = Sequential(session, program, varying)
    chooser = Serial(["a"] * program.size)
    first = session.run(program, chooser)
    if first.failure is not None:
        return None
    again = session.run(program, Serial(["a"] * program.size))
    if again.failure is None:
        varying.learn(outcome_of(first), outcome_of(again), sequential.roots)
    # Runs of different lengths are compared, so that labels of equal values would not fit.
    results = varying.blank().apply(outcome_of(first), sequential.roots)[0][0]
    made, later = results[: len(calls)], results[len(calls) :]
    if keep is not None:
        made = tuple(value for value, kept in zip(made, keep, strict=True) if kept)
    return made, later, results
