"""What a list has beyond an earlier state of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

__all__ = ["added"]


def added(old: list[Any], now: list[Any]) -> list[Any]:
    """Give what a list has beyond another, in order."""
    if _equal(now[: len(old)], old):
        return now[len(old) :]
    left = Counter(map(_key, old))
    added = []
    for item in now:
        key = _key(item)
        if left[key]:
            left[key] -= 1
        else:
            added.append(item)
    return added


def _equal(one: list[Any], two: list[Any]) -> bool:
    try:
        return one == two
    except Exception:  # of a record's own __eq__, or what has no one truth value, as arrays
        return False


def _key(item: Any) -> str:
    try:
        return repr(item)
    except Exception:
        return str(id(item))
