"""A filter that has been read: a small tree that can be asked about rows or translated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from .comparisons import COMPARISONS
from .paths import values_at

__all__ = ["COMPARISONS", "AllOf", "AnyOf", "Comparison", "FieldTest", "Filter"]

Scalar: TypeAlias = str | int | float | None
_NEGATIVE = frozenset({"$ne", "$nin"})


@dataclass(frozen=True)
class Comparison:
    """One operator and what it compares with: a scalar, or a tuple of them for $in and $nin."""

    operator: str
    value: Scalar | tuple[Scalar, ...]

    def holds(self, stored: object) -> bool:
        """Say whether one stored value (or `MISSING`) passes."""
        return COMPARISONS[self.operator](stored, self.value)


@dataclass(frozen=True)
class FieldTest:
    """All comparisons that one field of a row has to pass together."""

    field: str
    comparisons: tuple[Comparison, ...]

    def matches(self, row: dict[str, object]) -> bool:
        """Say whether the field's value in `row` passes.

        A path through a list names several values: one that passes is enough, but where the test
        contains a negation, all have to pass.
        """
        verdicts = [
            all(comparison.holds(stored) for comparison in self.comparisons)
            for stored in values_at(self.field, row)
        ]
        operators = {comparison.operator for comparison in self.comparisons}
        if not verdicts:  # nothing there to test: only an absence can hold
            return operators <= _NEGATIVE or self._asks_only_for_absence()
        return all(verdicts) if operators & _NEGATIVE else any(verdicts)

    def _asks_only_for_absence(self) -> bool:
        return self.comparisons == (Comparison("$exists", False),)


@dataclass(frozen=True)
class AllOf:
    """Every part has to match."""

    parts: tuple[Filter, ...]

    def matches(self, row: dict[str, object]) -> bool:
        """Say whether every part matches `row`."""
        return all(part.matches(row) for part in self.parts)


@dataclass(frozen=True)
class AnyOf:
    """One part has to match."""

    parts: tuple[Filter, ...]

    def matches(self, row: dict[str, object]) -> bool:
        """Say whether a part matches `row`."""
        return any(part.matches(row) for part in self.parts)


Filter: TypeAlias = FieldTest | AllOf | AnyOf
