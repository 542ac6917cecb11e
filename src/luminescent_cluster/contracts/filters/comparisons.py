"""What each comparison operator means for one stored value.

The meaning is that of the Mongo family: a missing field equals null, ordering never crosses types,
a list matches when one of its items does. mongomock is the oracle in the tests.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from numbers import Number
from typing import Any

from .paths import MISSING

__all__ = ["COMPARISONS"]

Holds = Callable[[object, object], bool]


def _equal(stored: object, wanted: object) -> bool:
    if stored is MISSING:
        return wanted is None
    if isinstance(stored, (list, tuple)):
        return any(bool(item == wanted) for item in stored)
    return bool(stored == wanted)


def _one_of(stored: object, wanted: object) -> bool:
    choices = wanted if isinstance(wanted, (list, tuple)) else ()
    if stored is MISSING:
        return None in choices
    items = stored if isinstance(stored, (list, tuple)) else (stored,)
    return any(item in choices for item in items)


def _exists(stored: object, wanted: object) -> bool:
    return (stored is not MISSING) is bool(wanted)


def _negated(holds: Holds) -> Holds:
    return lambda stored, wanted: not holds(stored, wanted)


def _ordered(compare: Callable[[Any, Any], object]) -> Holds:
    def one(stored: object, wanted: object) -> bool:
        kind = _kind(stored)
        if kind is None or kind != _kind(wanted):
            return False
        if stored is None:
            return bool(compare(0, 0))
        try:
            return bool(compare(stored, wanted))
        except TypeError:  # a number without an order, such as a complex one
            return False

    def holds(stored: object, wanted: object) -> bool:
        if isinstance(stored, (list, tuple)):
            return any(one(item, wanted) for item in stored)
        return one(stored, wanted)

    return holds


def _kind(value: object) -> str | None:
    """Name the type bracket of a value; None for what no filter value can be ordered with."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, Number):
        return "number"
    return "string" if isinstance(value, str) else None


COMPARISONS: dict[str, Holds] = {
    "$eq": _equal,
    "$ne": _negated(_equal),
    "$gt": _ordered(operator.gt),
    "$gte": _ordered(operator.ge),
    "$lt": _ordered(operator.lt),
    "$lte": _ordered(operator.le),
    "$in": _one_of,
    "$nin": _negated(_one_of),
    "$exists": _exists,
}
