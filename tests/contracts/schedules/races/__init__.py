"""Planted races, each beside the correct class that differs from it by little."""

from __future__ import annotations

from .model import Race, observers_of

from . import (  # isort: skip
    answers,
    asyncs,
    checks,
    collecting,
    counting,
    hard,
    locking,
    sharing,
    storage,
    workers,
    wrapped,
)

__all__ = ["RACES", "Race", "observers_of"]

RACES: list[Race] = [
    race
    for module in (
        counting,
        checks,
        sharing,
        collecting,
        locking,
        wrapped,
        workers,
        storage,
        hard,
        asyncs,
        answers,
    )
    for race in module.RACES
]
