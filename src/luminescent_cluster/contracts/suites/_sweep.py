"""Trying every member of a list of known troublemakers, rather than some by chance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..engine.case import Case, Refused
from ..engine.meter import Meter

__all__ = ["shortened", "sweep"]

_SHARE = 0.5  # of a property's time budget


def sweep(case: Case, check: Callable[..., None], jobs: Iterable[Mapping[str, Any]]) -> None:
    """Run a check once for each set of arguments, each with a fresh subject.

    What is slow (a server, a database) may not get through; a note then says how far it came.

    Args:
        case: the clause under way.
        check: raises Violation where the property fails; a Refused rejects its example.
        jobs: arguments by name, the simplest first, because the first failure is shown.

    Raises:
        Violation: of the first job that fails.
    """
    meter = Meter()
    every = list(jobs)
    for number, job in enumerate(every):
        if number and meter.over(_SHARE * case.profile.budget):
            case.note(f"slow calls: {number} of {len(every)} known troublemakers were tried")
            return
        with case.example():
            case.tally.examples += 1
            try:
                check(**job)
            except Refused:
                case.tally.rejected += 1


def shortened(history: list[str]) -> tuple[str, ...]:
    """Give a long history by its first and last calls."""
    if len(history) <= 8:
        return tuple(history)
    return (*history[:3], f"…  # {len(history) - 5} more such calls", *history[-2:])
