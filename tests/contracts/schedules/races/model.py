"""What a planted race consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Race:
    """``broken`` must be found, ``correct`` must not be accused, with the same calls."""

    name: str
    broken: Callable[[], Any]
    correct: Callable[[], Any]
    calls: tuple[Any, ...]
    kinds: tuple[str, ...] = ("outcome",)
    observers: tuple[Any, ...] | None = None
    seconds: float = 4.0
    programs: Any = None
