"""Whether two default values are the same to a caller."""

from __future__ import annotations

import types
from typing import Any

from .model import UNKNOWN, Default


def same_default(wanted: Default, given: Any) -> bool | None:
    """Return whether an implementation's default equals the protocol's; None when unknown.

    Args:
        wanted: the protocol's default.  ``...`` there means "some default", as in stub files.
        given: the implementation's value, or a :class:`Default` where only its text is known.
    """
    if wanted.text == "...":
        return True
    if isinstance(given, Default):
        if given.value is UNKNOWN or wanted.value is UNKNOWN:
            if wanted.text == given.text:
                return True
            return False if wanted.literal and given.literal else None
        given = given.value
    if wanted.value is UNKNOWN:
        return _against_text(wanted, given)
    return same_value(wanted.value, given)


def _against_text(wanted: Default, given: Any) -> bool | None:
    from .default_texts import default_text

    text, literal = default_text(given, {})
    if text == wanted.text:
        return True
    return False if literal and wanted.literal else None


def same_value(one: Any, other: Any) -> bool | None:
    """Return whether two values are equal; None when that cannot be told.

    ``True`` differs from ``1``; ``nan`` equals ``nan``; containers are compared item by item.
    """
    if one is other:
        return True
    if isinstance(one, bool) is not isinstance(other, bool):
        return False
    if isinstance(one, float) and isinstance(other, float) and one != one and other != other:
        return True
    if type(one) is type(other):
        if type(one) in (tuple, list):
            return _all(one, other)
        if type(one) is dict:
            if one.keys() != other.keys():
                return False
            return _all([one[k] for k in one], [other[k] for k in one])
        if isinstance(one, types.FunctionType):
            return _same_function(one, other)
    try:
        answer = one == other
    except Exception:  # a user's == may raise anything
        return None if type(one) is type(other) else False
    return _truth(answer)


def _truth(answer: Any) -> bool | None:
    """Return what ``==`` answered, None where that is neither yes nor no.

    Arrays answer item by item.  One item that differs decides; that none does decides nothing,
    because a shorter array is repeated for the comparison.
    """
    try:
        return bool(answer)
    except Exception:  # an array
        try:
            return None if bool(answer.all()) else False
        except Exception:  # no array, or one whose reduction leaves several items
            return None


def _all(one: Any, other: Any) -> bool | None:
    if len(one) != len(other):
        return False
    answers = [same_value(a, b) for a, b in zip(one, other, strict=True)]
    if False in answers:
        return False
    return None if None in answers else True


def _same_function(one: types.FunctionType, other: types.FunctionType) -> bool | None:
    left, right = one.__code__, other.__code__
    same = (left.co_code, left.co_consts, left.co_names) == (
        right.co_code,
        right.co_consts,
        right.co_names,
    )
    return True if same else None
