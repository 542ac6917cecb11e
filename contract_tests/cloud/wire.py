"""Audit events as JSON that says exactly what happened, or not at all."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Mapping
from typing import Any

__all__ = ["encode", "plain"]

_DEEPEST = 50
_MOST = 100_000


def encode(event: dict[str, Any]) -> bytes:
    """Write `event`, whose details went through `plain`, as one line of ASCII JSON.

    Raises:
        ValueError: where reading it back would give something else, as for the two halves of a
            surrogate pair given as separate characters. An altered record is worse than none.
    """
    line = json.dumps(event, allow_nan=False)
    if json.loads(line) != event:
        raise ValueError("the event holds text that JSON cannot carry unchanged")
    return line.encode("ascii")


def plain(value: Any) -> Any:
    """Copy `value` at every depth, with what JSON does not know rendered as text.

    Raises:
        ValueError: where it is cyclic, too deep or too large, or two keys of a dict would become
            one.
    """
    return _Copier().copy(value, 0)


class _Copier:
    def __init__(self) -> None:
        self._left = _MOST

    def copy(self, value: Any, depth: int) -> Any:
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            raise ValueError(
                f"details are cyclic, nest deeper than {_DEEPEST} or hold more than {_MOST} values"
            )
        if isinstance(value, Mapping):
            return self._mapping(list(value.items()), depth)
        if isinstance(value, (list, tuple)):
            return [self.copy(item, depth + 1) for item in list(value)]
        return _scalar(value)

    def _mapping(self, items: list[tuple[Any, Any]], depth: int) -> dict[str, Any]:
        copied = {
            str.__str__(key) if isinstance(key, str) else repr(key): self.copy(item, depth + 1)
            for key, item in items
        }
        if len(copied) != len(items):
            raise ValueError("two keys of the details have the same rendering")
        return copied


def _scalar(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int.__index__(value)
    if isinstance(value, float) and math.isfinite(value):
        return float.__float__(value)
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    return repr(value)
