"""The random schedules that follow the enumerated ones, drawn from several strategies."""

from __future__ import annotations

from random import Random

from ..choosing import Chooser
from .pct import Priorities
from .sticky import StickyWalk

__all__ = ["random_chooser"]


def random_chooser(seed: int, program: int, index: int, steps: int) -> Chooser:
    """The random schedule number ``index`` of a program: two PCT ones, then a walk.

    Depends on its arguments alone, so equal seeds give equal schedules in every process.
    """
    random = Random(f"{seed}/{program}/{index}")
    if index % 3 == 2:
        return StickyWalk(random, random.choice((2.0, 5.0, 15.0, 50.0)))
    return Priorities(random, 2 + index % 4, steps)
