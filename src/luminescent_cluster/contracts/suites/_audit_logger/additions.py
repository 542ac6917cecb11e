"""What a list has beyond an earlier state of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

__all__ = ["added"]


def added(old: list[Any], now: list[Any]) -> list[Any]:
    """Give what a list has beyond another, in order."""
    if len(now) >= len(old) and all(_equal(a, b) for a, b in zip(old, now, strict=False)):
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


def _equal(one: Any, two: Any) -> bool:
    try:
        return one is two or bool(one == two)
    except Exception:
        return False


def _key(item: Any) -> str:
    try:
        return repr(item)
    except Exception:
        return str(id(item))
