"""Small programs in which calls collide: every pair first, then what came before, then more."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Sequence
from random import Random

from .model import Call, Program

__all__ = ["grown", "leading_pairs", "leading_prepared", "pairs", "prepared_pairs", "triples"]

_SHAPES = ((2, 1), (2, 2), (2, 1, 1), (3, 1), (2, 2, 1), (3, 2), (2, 2, 2), (3, 3))


def pairs(calls: Sequence[Call], readers: Collection[str]) -> list[tuple[Call, Call]]:
    """Every pair of calls; those of two readers last."""
    both = list(itertools.combinations_with_replacement(calls, 2))
    both.sort(key=lambda pair: sum(call.name in readers for call in pair))
    return both


def leading_pairs(calls: Sequence[Call], readers: Collection[str]) -> list[tuple[Call, Call]]:
    """One pair of every two methods, and each method with itself and with other arguments.

    Also with arguments of which some are the same: another item of the same tenant. A call that
    takes an answer counts as a method of its own.
    """
    of: dict[tuple[str, bool], list[Call]] = {}
    for call in calls:
        of.setdefault((call.name, bool(call.takes)), []).append(call)
    methods = list(itertools.combinations_with_replacement(of.values(), 2))
    both = [(one[0], other[0]) for one, other in methods]
    both += [(many[0], many[1]) for many in of.values() if len(many) > 1]
    near = [(one[0], call) for one, other in methods for call in _near(one[0], other)[:1]]
    both += [pair for pair in near if pair not in both]
    both.sort(key=lambda pair: sum(call.name in readers for call in pair))
    return both


def _near(call: Call, others: Sequence[Call]) -> list[Call]:
    """Those of ``others`` that have one text in common with ``call``, and another not."""
    texts = {name: value for name, value in call.kwargs.items() if isinstance(value, str)}
    return [
        other
        for other in others
        if {value == other.kwargs.get(name, value) for name, value in texts.items()}
        == {True, False}
    ]


def _writers(calls: Sequence[Call], readers: Collection[str]) -> list[Call]:
    """The calls that change something; all of them where none seems to."""
    return [call for call in calls if call.name not in readers] or list(calls)


def leading_prepared(calls: Sequence[Call], readers: Collection[str]) -> Iterator[Program]:
    """One pair of every two methods, after one call of every method that changes something.

    Where none does, after one of every method: it may have filled a cache.
    """
    first = {call.name: call for call in reversed(calls)}
    before = [call for call in _writers(calls, readers) if first[call.name] is call]
    for one, other in leading_pairs(list(dict(reversed(first.items())).values()), readers):
        for call in before:
            yield Program(((one,), (other,)), (call,))


def prepared_pairs(calls: Sequence[Call], readers: Collection[str]) -> Iterator[Program]:
    """Every pair after every call that may change something: state that is not fresh."""
    writers = _writers(calls, readers)
    both = pairs(calls, readers)
    for shift in range(len(writers)):
        for index, (one, other) in enumerate(both):
            before = writers[(index + shift) % len(writers)]
            yield Program(((one,), (other,)), (before,))


def triples(calls: Sequence[Call], readers: Collection[str]) -> Iterator[Program]:
    """Three threads with one call each: different calls first."""
    three = [
        combination
        for combination in itertools.combinations_with_replacement(calls, 3)
        if any(call.name not in readers for call in combination)
    ]
    three.sort(
        key=lambda group: (
            -len({call.name for call in group}),
            sum(call.name in readers for call in group),
        )
    )
    for group in three:
        yield Program(tuple((call,) for call in group))


def grown(
    calls: Sequence[Call], readers: Collection[str], threads: int, length: int, seed: int
) -> Iterator[Program]:
    """Programs with more calls, without end, the smaller ones first.

    Depends on its arguments alone. At least one call of every program is no reader, where there
    is such a call.
    """
    random = Random(f"programs/{seed}")
    writers = _writers(calls, readers)
    usable = [s for s in _SHAPES if len(s) <= threads and max(s) <= max(length, 1)]
    seen: set[str] = set()
    for round_number in itertools.count():
        fresh = False
        for shape in usable:
            for attempt in range(6):
                if attempt == 0 and round_number < len(writers):
                    # The same writing call everywhere collides most reliably.
                    program = Program(tuple((writers[round_number],) * size for size in shape))
                else:
                    program = Program(
                        tuple(
                            tuple(
                                random.choice(writers if random.random() < 0.6 else list(calls))
                                for _ in range(size)
                            )
                            for size in shape
                        )
                    )
                key = " ".join(sorted(str(thread) for thread in program.threads))
                if key in seen:
                    continue
                seen.add(key)
                fresh = True
                yield program
                break
        if not fresh:
            return
