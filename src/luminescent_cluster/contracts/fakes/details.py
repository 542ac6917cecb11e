"""Taking a snapshot of an event's details that no later change can reach.

What JSON can say is kept as it is. Everything else is rendered, and the places where that happened
are listed beside the snapshot, so a rendering can always be told from a value that looks like one.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["MAX_DEPTH", "MAX_VALUES", "snapshot"]

MAX_DEPTH = 100
MAX_VALUES = 100_000
_SETS = (set, frozenset)
_LONGEST_REPR = 2_000
_LONGEST_INT = 10_000  # bits


def snapshot(details: Mapping[Any, Any] | None) -> tuple[dict[str, Any], list[str]]:
    """Copy `details` at every depth into what JSON can say.

    Args:
        details: what the caller gave; None counts as empty.

    Returns:
        The copy, and the JSON pointers (RFC 6901) of the values that had to be rendered: an object
        becomes its repr, bytes base64, a cycle the pointer to where it returns, a set a sorted
        list, a number that JSON lacks its repr; a dict whose keys are whole numbers has them as
        text, and one with other keys becomes a list of pairs (at the top, under "pairs").

    Raises:
        TypeError: where `details` is not a mapping.
        ValueError: where they nest deeper than 100 or hold more than 100,000 values; cutting them
            short in silence would lose evidence.
    """
    if details is None:
        return {}, []
    if not isinstance(details, Mapping):
        raise TypeError(f"details is a dict or None, got {type(details).__name__}")
    camera = _Camera()
    taken = camera.take(details, "")
    if not isinstance(taken, dict):  # keys that are no text: still a dict at the top
        taken = {"pairs": taken}
    return taken, camera.rendered


class _Camera:
    def __init__(self) -> None:
        self.rendered: list[str] = []
        self._left = MAX_VALUES
        self._open: dict[int, str] = {}

    def take(self, value: object, where: str) -> Any:
        self._left -= 1
        if self._left < 0:
            raise ValueError(f"details hold more than {MAX_VALUES} values")
        if isinstance(value, (Mapping, list, tuple, *_SETS)):
            return self._container(value, where)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return str.__str__(value)
        if isinstance(value, int):
            return self._integer(int.__index__(value), where)
        if isinstance(value, float):
            number = float.__float__(value)
            return number if math.isfinite(number) else self._rendering(where, repr, number)
        if isinstance(value, (bytes, bytearray, memoryview)):
            return self._rendering(where, _base64, value)
        return self._rendering(where, repr, value)

    def _container(self, value: Any, where: str) -> Any:
        if id(value) in self._open:
            self.rendered.append(where)
            return f"#{self._open[id(value)]}"
        if len(self._open) >= MAX_DEPTH:
            raise ValueError(f"details nest deeper than {MAX_DEPTH}")
        self._open[id(value)] = where
        try:
            if isinstance(value, Mapping):
                return self._mapping(list(value.items()), where)
            if isinstance(value, _SETS):
                self.rendered.append(where)
            items = sorted(value, key=_safe_repr) if isinstance(value, _SETS) else list(value)
            return [self.take(item, f"{where}/{n}") for n, item in enumerate(items)]
        finally:
            del self._open[id(value)]

    def _mapping(self, items: list[tuple[Any, Any]], where: str) -> Any:
        if all(isinstance(key, str) for key, _ in items):
            return {str.__str__(k): self.take(v, f"{where}/{_escaped(k)}") for k, v in items}
        self.rendered.append(where)
        if all(type(key) is int and key.bit_length() < _LONGEST_INT for key, _ in items):
            return {str(k): self.take(v, f"{where}/{k}") for k, v in items}
        return [
            [self.take(key, f"{where}/{n}/0"), self.take(value, f"{where}/{n}/1")]
            for n, (key, value) in enumerate(items)
        ]

    def _integer(self, value: int, where: str) -> Any:
        # Python refuses to write very long integers in decimal; hex has no such limit
        return value if value.bit_length() < _LONGEST_INT else self._rendering(where, hex, value)

    def _rendering(self, where: str, render: Callable[[Any], str], value: object) -> str:
        self.rendered.append(where)
        text = _safely(render, value)
        if len(text) > _LONGEST_REPR and render is repr:
            text = f"{text[:_LONGEST_REPR]}... ({len(text)} characters)"
        return text


def _safely(render: Callable[[Any], str], value: object) -> str:
    try:
        return str.__str__(render(value))
    except Exception as error:  # somebody's __repr__: the event matters more
        return f"<{type(value).__name__}, repr raised {type(error).__name__}>"


def _safe_repr(value: object) -> str:
    return f"{type(value).__name__}:{_safely(repr, value)}"


def _base64(value: bytes | bytearray | memoryview) -> str:
    return base64.b64encode(bytes(value)).decode("ascii")


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
