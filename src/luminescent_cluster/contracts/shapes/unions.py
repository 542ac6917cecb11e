"""Unions, in either spelling."""

from __future__ import annotations

import functools
import types
import typing
from collections.abc import Iterable
from typing import Any


def union_of(hints: Iterable[Any]) -> Any:
    """Return the union of several hints; one hint is its own union."""
    return functools.reduce(lambda one, other: typing.Union[one, other], hints)  # noqa: UP007 - `|` is not defined for every hint


def is_union(hint: Any) -> bool:
    """Return True for ``Union[...]``, ``Optional[...]`` and ``X | Y``."""
    return typing.get_origin(hint) in (typing.Union, types.UnionType)
