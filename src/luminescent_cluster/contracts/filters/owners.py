"""To whom a row belongs."""

from __future__ import annotations

from .paths import MISSING, values_at

__all__ = ["is_unowned", "owner_of"]


def owner_of(row: dict[str, object], field: str = "tenant_id") -> object:
    """Give the owner that `row` names in `field`; None where the field is missing or null.

    `field` may be a dotted path. A path that names several values has no single owner: None.
    """
    owners = values_at(field, row)
    if len(owners) != 1 or owners[0] is MISSING:
        return None
    return owners[0]


def is_unowned(row: dict[str, object], field: str = "tenant_id") -> bool:
    """Say whether `row` belongs to nobody. Such a row is no tenant's, so no filter may match it."""
    return owner_of(row, field) is None
