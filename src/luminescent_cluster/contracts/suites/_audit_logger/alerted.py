"""The alerts that the author's probe shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...clauses import NoInstance

__all__ = ["alerted", "how_many"]


def alerted(shown: Any) -> int | list[Any]:
    """Give what the probe ``alerts`` gave: a list of the alerts, or how many there are.

    Raises:
        NoInstance: it is neither.
    """
    if isinstance(shown, int):
        return shown
    if isinstance(shown, (str, bytes, Mapping)) or not isinstance(shown, Iterable):
        raise NoInstance(f"the probe alerts gave a {type(shown).__name__}; give a list or a number")
    return list(shown)


def how_many(alerts: int | list[Any]) -> int:
    """Give how many alerts there are."""
    return alerts if isinstance(alerts, int) else len(alerts)
