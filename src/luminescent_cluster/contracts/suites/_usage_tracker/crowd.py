"""Histories long enough to fill a cache, a queue or a bounded list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from ...clauses import Violation
from ...engine.case import Case, Refused
from ...engine.examples import derive_seed
from ...engine.meter import Meter

__all__ = ["crowd", "each"]

_THOROUGH = 30  # examples per property; with fewer, a quick look is wanted
_SHOWN = 8  # lines of a history that is shown


def crowd(
    case: Case, play: Callable[[Case, int], None], sizes: tuple[int, ...] = (3, 40, 330)
) -> None:
    """Play histories of growing length, each as an example of its own.

    The sizes grow, so that what fails is told by a short history where a short one fails. Slow
    extensions are spared the sizes that would take longer than the profile allows for a property.

    Args:
        case: the clause under way.
        play: plays one history; called with the case and its length.
        sizes: the lengths; more than the caches that people write hold (64, 128, 256, 300). A
            quick look ("smoke") leaves the last one out.

    Raises:
        Violation: with the length that it took.
    """
    if case.profile.examples < _THOROUGH:
        sizes = sizes[:-1]
    for size, following in zip(sizes, (*sizes[1:], 0), strict=True):
        meter = Meter()
        case.tally.examples += 1
        try:
            with case.example():
                play(case, size)
        except Violation as violation:
            if len(violation.history) > _SHOWN:
                left_out = len(violation.history) - _SHOWN + 1
                violation.history = (
                    *violation.history[:3],
                    f"…  # {left_out} more such calls",
                    *violation.history[-(_SHOWN - 4) :],
                )
            raise
        taken = meter.spent()
        if following and taken / size * following > case.profile.budget / 2:
            case.note(f"slow calls: the longest history had {size} steps instead of {sizes[-1]}")
            return


def each(
    case: Case,
    check: Callable[..., None],
    rows: Iterable[tuple[Any, ...]],
    most: int | None = None,
) -> None:
    """Check a property on chosen examples, each with a fresh subject, in an order by the seed.

    As many as a quarter of the property's time allows. What the extension refuses is passed over.

    Args:
        case: the clause under way.
        check: called with one row's values.
        rows: the examples.
        most: how many of them, where a part is enough; the seed decides which.

    Raises:
        Violation: the first failing example.
    """
    chosen = list(rows)
    Random(derive_seed(case.seed, case.name, case.clause.id)).shuffle(chosen)
    chosen = chosen[:most]
    meter = Meter()
    for number, row in enumerate(chosen):
        if meter.over(case.profile.budget / 4):
            case.note(f"slow calls: {number} of {len(chosen)} chosen examples were tried")
            return
        case.tally.examples += 1
        try:
            with case.example():
                check(*row)
        except Refused:
            case.tally.rejected += 1
