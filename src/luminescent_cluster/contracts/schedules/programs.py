"""Small programs in which calls collide: every pair first, then more calls and threads."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from random import Random

from .model import Call, Program

__all__ = ["grown", "pairs"]


def pairs(calls: Sequence[Call], readers: Collection[str]) -> Iterator[Program]:
    """Every pair of calls in two threads; two readers last."""
    both = list(itertools.combinations_with_replacement(calls, 2))
    both.sort(key=lambda pair: sum(call.method in readers for call in pair))
    for first, second in both:
        yield ((first,), (second,))


def grown(
    calls: Sequence[Call], readers: Collection[str], threads: int, length: int, seed: int
) -> Iterator[Program]:
    """Programs with more calls or threads, without end, the smaller ones first.

    Depends on its arguments alone. At least one call of every program is no reader, where there
    is such a call.
    """
    random = Random(f"programs/{seed}")
    writers = [call for call in calls if call.method not in readers] or list(calls)
    shapes = [(2, 1), (1, 1, 1), (2, 2), (2, 1, 1), (3, 1), (2, 2, 1), (3, 2), (3, 3)]
    usable = [s for s in shapes if len(s) <= threads and max(s) <= max(length, 1)] or [(1, 1)]
    seen: set[Program] = set()
    for round_number in itertools.count():
        fresh = False
        for shape in usable:
            for attempt in range(4):
                program = tuple(
                    tuple(
                        random.choice(writers if random.random() < 0.6 else list(calls))
                        for _ in range(size)
                    )
                    for size in shape
                )
                if attempt == 0 and round_number < len(writers):
                    # The same writing call everywhere collides most reliably.
                    one = writers[round_number]
                    program = tuple((one,) * size for size in shape)
                if not any(call.method not in readers for t in program for call in t):
                    continue
                key = tuple(sorted(program, key=str))
                if _hashable(key) and key in seen:
                    continue
                if _hashable(key):
                    seen.add(key)
                fresh = True
                yield program
                break
        if not fresh:
            return


def _hashable(program: Program) -> bool:
    try:
        hash(program)
    except TypeError:
        return False
    return True
