"""The part of a summary that says how much was used, and not when it was asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["figures", "totals"]

_TOTALS = frozenset(
    f"total_{name}"
    for name in ("tokens", "queries", "events", "requests", "calls", "operations", "usage", "cost")
)
_BREAKDOWNS = ("by_", "per_", "operations", "breakdown", "usage")


def figures(summary: Mapping[Any, Any], varying: frozenset[str]) -> dict[str, Any]:
    """Give the figures of a summary that only usage changes.

    They are the documented ones, other totals, and the numbers of a breakdown by operation. What a
    summary tells besides (a time of generation, an id) is its own business.

    Args:
        summary: what ``get_usage_summary`` returned.
        varying: keys that the author declares to vary.

    Returns:
        Number by path, for instance ``{"total_tokens": 7, "by_operation.query": 7}``.
    """
    return dict(_figures(summary, varying, "", False))


def totals(summary: Any, varying: frozenset[str]) -> dict[str, Any]:
    """Give the two totals that the guide documents, as far as a summary has them."""
    found = figures(summary, varying) if isinstance(summary, Mapping) else {}
    return {name: found[name] for name in ("total_tokens", "total_queries") if name in found}


def _figures(
    part: Mapping[Any, Any], varying: frozenset[str], path: str, inside: bool
) -> Iterator[tuple[str, Any]]:
    for key, value in part.items():
        if key in varying:
            continue
        name = str(key)
        if isinstance(value, Mapping):
            if inside or name.startswith(_BREAKDOWNS):
                yield from _figures(value, varying, f"{path}{name}.", True)
        elif inside or name == "quota_remaining" or name in _TOTALS:
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if number or (value is None and name == "quota_remaining"):
                yield path + name, value
