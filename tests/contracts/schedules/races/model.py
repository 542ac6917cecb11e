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
    schedules: int = 150
    programs: Any = None
    teardown: Callable[[Any], Any] | None = None


def observers_of(race: Race) -> list[Any] | None:
    """The observers of a race as the explorer takes them."""
    return None if race.observers is None else list(race.observers)
