"""Values that serialisers stumble over."""

from __future__ import annotations

import datetime
import decimal
import pathlib
import uuid
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["NO_KEYS", "ODD"]


class _Unhelpful:
    """Cannot be serialised, copied, compared or shown."""

    __slots__ = ("mark",)

    def __init__(self, mark: str) -> None:
        self.mark = mark

    def __repr__(self) -> str:
        raise RuntimeError("no repr")

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise TypeError("no pickle, no copy")


class _Shown:
    def __init__(self, mark: str) -> None:
        self.mark = mark

    def __repr__(self) -> str:
        return f"<shown {self.mark}>"


def _cycle(mark: str) -> dict[str, Any]:
    cycle: dict[str, Any] = {"name": mark}
    cycle["self"] = cycle
    return cycle


def _deep(levels: int) -> Any:
    inner: Any = []
    for _ in range(levels):
        inner = [inner]
    return inner


ODD: Mapping[str, Callable[[str], Any]] = {
    "a set": lambda mark: {mark},
    "bytes": lambda mark: b"\xff\x00" + mark.encode(),
    "bytes that are no text": lambda mark: bytes((0xFF, 0xFE, 0x80)),
    "a datetime": lambda mark: datetime.datetime(2026, 3, 29, 2, 30),
    "a date": lambda mark: datetime.date(2026, 2, 28),
    "a Decimal": lambda mark: decimal.Decimal("19.99"),
    "a UUID": lambda mark: uuid.UUID(int=7),
    "a path": lambda mark: pathlib.PurePosixPath("/srv") / mark,
    "an object": lambda mark: _Shown(mark),
    "an object without repr": _Unhelpful,
    "an exception": lambda mark: ValueError(mark),
    "a class": lambda mark: _Shown,
    "a function": lambda mark: len,
    "NaN": lambda mark: float("nan"),
    "infinity": lambda mark: float("inf"),
    "a complex number": lambda mark: 1j,
    "a cycle": _cycle,
    "deep nesting": lambda mark: _deep(400),
    "a lone surrogate": lambda mark: f"{mark}\ud800",
    "a huge number": lambda mark: 10**5_000,
    "a generator": lambda mark: (n for n in (1, 2)),
    "a text of 100 kB": lambda mark: f"{mark} " + "long " * 20_000,
    "a text of 2 MB": lambda mark: f"{mark} " + "longer " * 300_000,
    "a list of 20,000": lambda mark: [mark, *range(20_000)],
    "a memoryview": lambda mark: memoryview(mark.encode()),
}
NO_KEYS: Mapping[str, Callable[[str], Any]] = {
    "a tuple as key": lambda mark: ("a", 1),
    "an empty text as key": lambda mark: "",
    "None as key": lambda mark: None,
    "a number as key": lambda mark: 17,
    "bytes as key": lambda mark: b"key",
    "an object as key": lambda mark: _Shown(mark),
}
