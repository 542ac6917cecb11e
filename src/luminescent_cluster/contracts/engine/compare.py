"""Comparing, copying and spoiling values at every depth."""

from __future__ import annotations

import copy
import math
from collections import deque
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from .records import fields_of, is_record

__all__ = ["POISON", "holds_poison", "is_mutable", "poison", "same", "shares", "snapshot"]

POISON = "luminescent-spoiled-7f3a"
"""What :func:`poison` writes into a value, and what nothing else contains."""

_IDENTITY: Any = object.__eq__
_ATOMS = (str, bytes, int, float, complex, bool, type(None))


def same(left: Any, right: Any) -> bool:
    """Tell whether two values mean the same.

    Containers are compared by content at every depth, NaN equals NaN, True is not 1; records, by
    their fields. Objects that only compare by identity count as the same where their types agree:
    nothing else is known.
    """
    return _same(left, right, set())


def _same(left: Any, right: Any, seen: set[tuple[int, int]]) -> bool:
    if left is right:
        return True
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    if isinstance(left, _ATOMS) or isinstance(right, _ATOMS):
        if isinstance(left, float) and isinstance(right, float) and math.isnan(left):
            return math.isnan(right)
        return bool(left == right)
    key = (id(left), id(right))
    if key in seen:
        return True  # cyclic: equal as far as looked
    seen.add(key)
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(
            _same(left[name], right[name], seen) for name in left
        )
    if isinstance(left, Set) and isinstance(right, Set):
        return left == right
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        return len(left) == len(right) and all(
            _same(one, other, seen) for one, other in zip(left, right, strict=True)
        )
    if type(left) is not type(right):
        return _equal(left, right)
    if getattr(type(left), "__eq__", None) is _IDENTITY:
        return not is_record(left) or _same(fields_of(left), fields_of(right), seen)
    return _equal(left, right)


def _equal(left: Any, right: Any) -> bool:
    try:
        return bool(left == right)
    except Exception:
        return False


def snapshot(value: Any) -> Any:
    """Give a copy that later changes of the value do not reach; what cannot be copied is shared."""
    try:
        return copy.deepcopy(value)
    except RecursionError:
        return value
    except Exception:
        if isinstance(value, dict):
            return {key: snapshot(part) for key, part in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(snapshot(part) for part in value)
        return value


def is_mutable(value: Any) -> bool:
    """Tell whether a value is, or holds, something that :func:`poison` can change."""
    return any(
        isinstance(part, (dict, list, set, bytearray, deque)) or _is_open(part)
        for part in _walk(value)
    )


def _is_open(value: Any) -> bool:
    """Tell whether a value is a record whose fields can be assigned."""
    if not is_record(value):
        return False
    for name, held in fields_of(value).items():
        try:
            setattr(value, name, held)
        except Exception:
            return False
        return True
    return False


def poison(value: Any, spare: object = None) -> None:
    """Spoil every dict, list, set, deque, bytearray and record inside a value, in place.

    Texts become :data:`POISON`, numbers change, each container gets one more item. Tuples are
    walked through. What refuses the change is left alone, and so is ``spare``.
    """
    for part in list(_walk(value, spare)):
        try:
            if isinstance(part, dict):
                for key in list(part):
                    if _is_leaf(part[key]):
                        part[key] = POISON
                part[POISON] = POISON
            elif isinstance(part, list):
                part[:] = [POISON if _is_leaf(item) else item for item in part]
                part.append(POISON)
            elif isinstance(part, set):
                part.add(POISON)
            elif isinstance(part, deque):
                part.append(POISON)
            elif isinstance(part, bytearray):
                part[:] = POISON.encode()
            elif is_record(part):
                for name, held in fields_of(part).items():
                    if _is_leaf(held):
                        setattr(part, name, POISON)
        except Exception:
            continue  # read-only by design


def holds_poison(value: Any) -> bool:
    """Tell whether anything that :func:`poison` wrote shows in a value."""
    return any(
        (isinstance(part, str) and POISON in part)
        or (isinstance(part, (bytes, bytearray)) and POISON.encode() in part)
        for part in _walk(value)
    )


def shares(value: Any, other: Any) -> bool:
    """Tell whether something inside a value, or itself, is something inside another one."""
    inside = {id(part) for part in _walk(other)}
    return any(id(part) in inside for part in _walk(value))


def _is_leaf(value: Any) -> bool:
    return not isinstance(value, (dict, list, set, tuple, bytearray, deque)) and not is_record(
        value
    )


def _walk(value: Any, spare: object = None) -> Iterator[Any]:
    """Give a value and everything inside it but ``spare``, each object once."""
    pending, seen = [value], {id(spare)}
    while pending:
        part = pending.pop()
        if id(part) in seen and not isinstance(part, _ATOMS):
            continue
        seen.add(id(part))
        yield part
        try:
            if isinstance(part, Mapping):
                pending += [*part.keys(), *part.values()]
            elif isinstance(part, (list, tuple, Set, deque)):
                pending += list(part)
            elif is_record(part):
                pending += fields_of(part).values()
        except Exception:
            continue
