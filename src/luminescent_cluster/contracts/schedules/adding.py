"""What a run added to state that outlives it.

A fresh instance on the same database, file or server finds what earlier runs left there. Numbers
that count up and lists that grow then differ from run to run; what one run adds to them does not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .model import Call, Program
from .outcome import kept
from .runs import Run

__all__ = ["added", "keep_what_is_new"]


def found_before(left: list[Any] | None, ask: Callable[[], Any]) -> tuple[Any, Any]:
    """What an observer says before the program, twice in a row.

    A list is not fetched where it is known what the last run ``left``: it may be long. What is
    given is a copy, because the observer may give the very object that grows.
    """
    first = left if left is not None else ask()
    if type(first) is list:
        first = first.copy()
        return first, first
    first = kept(first)
    return first, kept(ask())


def left_behind(finals: Sequence[Any]) -> dict[int, list[Any]]:
    """The lists among the answers at the end of a run, by the observer's number."""
    return {at: final.copy() for at, final in enumerate(finals) if type(final) is list}


def keep_what_is_new(program: Program, run: Run, observers: int, growing: Sequence[Call]) -> None:
    """Leave of a run's answers what the run added.

    ``run.found`` has what the observers, then the ``growing`` calls, said before the program.
    """
    run.finals = [added(b, final) for b, final in zip(run.found, run.finals, strict=False)]
    for calls, values in zip(program.threads, run.results, strict=False):
        for index, call in enumerate(calls[: len(values)]):
            if call in growing:
                before = run.found[observers + growing.index(call)]
                values[index] = added(before, values[index])


def added(before: tuple[Any, Any], after: Any) -> Any:
    """Give what is new in ``after``.

    ``before`` is the same reading, made twice in a row before: a number that changes with nobody's
    help is a clock, not a count, and stays as it is. Numbers give their growth, lists and tuples
    the new items, dictionaries their entries in the same way; anything else stays as it is.
    """
    first, second = before
    kind = type(after)
    if type(first) is not kind or type(second) is not kind:
        return after
    if kind is int or kind is float:
        return round(after - first, 6) if first == second else after
    if kind is dict:
        return {
            key: added((first[key], second[key]), value)
            if key in first and key in second
            else value
            for key, value in after.items()
        }
    if kind is list or kind is tuple:
        return _new_items(first, after)
    return after


def _new_items(before: Any, after: Any) -> Any:
    if after[: len(before)] == before:
        return after[len(before) :]
    keys = [_key(item) for item in before]
    left: dict[Any, int] = {}
    for key in keys:
        left[key] = left.get(key, 0) + 1
    new = []
    for item in after:
        key = _key(item)
        if left.get(key):
            left[key] -= 1
        else:
            new.append(item)
    if any(left.values()):
        return after  # something went away: no list that only grows
    return type(after)(new)


def _key(item: Any) -> Any:
    try:
        hash(item)
    except TypeError:
        return repr(item)
    return item
