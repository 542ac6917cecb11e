"""Where in a row a field name points.

Dots descend into dicts, and into every dict of a list, as in the Mongo family of query languages
(MongoDB manual, "Query on Embedded Documents" and "Query an Array of Embedded Documents").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

__all__ = ["MISSING", "values_at"]


class _Missing:
    """The value of a field that a row does not have; not the same as None."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()


def values_at(path: str, row: object) -> list[object]:
    """Give every value that `path` names in `row`.

    A plain field always names one value, `MISSING` where the row lacks it. A dotted path that runs
    into something without fields names none.
    """
    return _descend(path.split("."), row)


def _descend(names: Sequence[str], value: object) -> list[object]:
    if not names:
        return [value]
    if isinstance(value, list):
        return _descend_into_list(names, value)
    if not isinstance(value, dict):
        return []
    if len(names) == 1:
        return [value.get(names[0], MISSING)]
    return _descend(names[1:], value.get(names[0], {}))


def _descend_into_list(names: Sequence[str], items: list[object]) -> list[object]:
    index = _index(names[0])
    if index is not None:
        return _descend(names[1:], items[index]) if index < len(items) else []
    found: list[object] = []
    for item in items:
        if isinstance(item, dict):
            if names[0] in item:
                found.extend(_descend(names[1:], item[names[0]]))
            else:
                found.append(MISSING)
    return found


def _index(name: str) -> int | None:
    return int(name) if name.isascii() and name.isdigit() else None
