"""The filter grammar that a tenant filter is written in: read it, and ask it about rows.

Pure and without I/O. `parse` decides whether a value is a filter at all, `matches` whether a filter
selects a row, `owner_of` to whom a row belongs.
"""

from .grammar import MAX_DEPTH, FilterError, parse, validate
from .nodes import COMPARISONS, AllOf, AnyOf, Comparison, FieldTest, Filter
from .owners import is_unowned, owner_of
from .paths import MISSING

__all__ = [
    "COMPARISONS",
    "MAX_DEPTH",
    "MISSING",
    "AllOf",
    "AnyOf",
    "Comparison",
    "FieldTest",
    "Filter",
    "FilterError",
    "is_unowned",
    "matches",
    "owner_of",
    "parse",
    "validate",
]


def matches(tenant_filter: object, row: dict[str, object]) -> bool:
    """Say whether `tenant_filter` selects `row`.

    Args:
        tenant_filter: a filter as an extension returns it.
        row: column names to values; a value may be a nested dict or list.

    Raises:
        FilterError: where `tenant_filter` is outside the grammar.
    """
    return parse(tenant_filter).matches(row)
