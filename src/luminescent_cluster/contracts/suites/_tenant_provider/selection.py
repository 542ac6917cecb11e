"""Which rows a filter selects, also where it is outside the grammar but its meaning is plain."""

from __future__ import annotations

import fnmatch
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...filters import COMPARISONS, MISSING, FieldTest, Filter, FilterError, parse
from ...filters.paths import values_at

__all__ = ["Row", "Selection", "Unreadable", "around", "read", "row_with", "rows"]

Row = dict[str, Any]
_Predicate = Callable[[Row], bool]
_MOST_ROWS = 400


class Unreadable(ValueError):
    """Nobody can say which rows the filter selects."""


@dataclass
class Selection:
    """A filter that can be asked about rows.

    Attributes:
        selects: tells whether a row matches.
        values: for each field that the filter looks at, the values it compares with.
    """

    selects: _Predicate
    values: dict[str, list[Any]] = field(default_factory=dict)


def read(tenant_filter: object) -> Selection:
    """Read a filter.

    Operators outside the documented grammar are read where their meaning is known from the Mongo
    family or from SQL, so that a leak through one is shown as a leak.

    Raises:
        Unreadable: an operator, or the whole filter, means nothing known.
    """
    selection = Selection(lambda row: False)
    try:
        tree = parse(tenant_filter)
    except FilterError:
        selection.selects = _lenient(tenant_filter, selection.values, 0)
        return selection
    _collect(tree, selection.values)
    selection.selects = tree.matches
    return selection


def _collect(tree: Filter, values: dict[str, list[Any]]) -> None:
    if isinstance(tree, FieldTest):
        found = values.setdefault(tree.field, [])
        for comparison in tree.comparisons:
            value = comparison.value
            found.extend(value if isinstance(value, tuple) else (value,))
        return
    for part in tree.parts:
        _collect(part, values)


def _lenient(value: object, values: dict[str, list[Any]], depth: int) -> _Predicate:
    if not isinstance(value, Mapping) or depth > 32:
        raise Unreadable(f"a filter is a dict, not a {type(value).__name__}")
    parts: list[_Predicate] = []
    for key, test in list(value.items()):
        if not isinstance(key, str):
            raise Unreadable("a field name is a str")
        if key in ("$and", "$or", "$nor"):
            if not isinstance(test, (list, tuple)):
                raise Unreadable(f"{key} takes a list")
            inner = [_lenient(part, values, depth + 1) for part in test]
            parts.append(_joined(key, inner))
        elif key.startswith("$"):
            raise Unreadable(f"the operator {key} is unknown")
        else:
            parts.append(_field(key, test, values))
    return lambda row: all(part(row) for part in parts)


def _joined(operator: str, parts: list[_Predicate]) -> _Predicate:
    if operator == "$and":
        return lambda row: all(part(row) for part in parts)
    if operator == "$or":
        return lambda row: any(part(row) for part in parts)
    return lambda row: not any(part(row) for part in parts)


def _field(name: str, test: object, values: dict[str, list[Any]]) -> _Predicate:
    holds = _test(test, values.setdefault(name, []))
    return lambda row: any(holds(stored) for stored in values_at(name, row))


def _test(test: object, constants: list[Any]) -> Callable[[Any], bool]:
    if isinstance(test, re.Pattern):
        return _pattern(test.pattern, constants)
    if not isinstance(test, Mapping):
        constants.append(test)
        return lambda stored: COMPARISONS["$eq"](stored, test)
    holds: list[Callable[[Any], bool]] = []
    for operator, wanted in test.items():
        if operator == "$not":
            inner = _test(wanted, constants)
            holds.append(lambda stored, inner=inner: not inner(stored))  # type: ignore[misc]
        elif operator in COMPARISONS:
            constants.extend(wanted if isinstance(wanted, (list, tuple, set)) else (wanted,))
            given = list(wanted) if isinstance(wanted, set) else wanted
            holds.append(
                lambda stored, o=operator, w=given: COMPARISONS[o](stored, w)  # type: ignore[misc]
            )
        elif operator in ("$options", "$flags"):
            continue
        elif isinstance(operator, str) and isinstance(wanted, str):
            holds.append(_textual(operator, wanted, constants))
        else:
            raise Unreadable(f"the operator {operator!r} is unknown")
    return lambda stored: all(hold(stored) for hold in holds)


def _textual(operator: str, wanted: str, constants: list[Any]) -> Callable[[Any], bool]:
    name = operator.lstrip("$").lower().replace("_", "")
    if name in ("regex", "regexp", "match", "search"):
        return _pattern(wanted, constants)
    if name in ("like", "ilike", "glob"):
        constants.append(wanted)
        globbed = wanted if name == "glob" else wanted.replace("%", "*").replace("_", "?")
        return _pattern(
            fnmatch.translate(globbed), constants, re.IGNORECASE if name == "ilike" else 0
        )
    simple: dict[str, Callable[[str, str], bool]] = {
        "contains": lambda stored, text: text in stored,
        "startswith": str.startswith,
        "endswith": str.endswith,
        "ieq": lambda stored, text: stored.casefold() == text.casefold(),
    }
    compare = simple.get(name)
    if compare is None:
        raise Unreadable(f"the operator {operator!r} is unknown")
    constants.append(wanted)
    return lambda stored: isinstance(stored, str) and compare(stored, wanted)


def _pattern(pattern: Any, constants: list[Any], flags: int = 0) -> Callable[[Any], bool]:
    try:
        compiled = re.compile(pattern, flags)
    except (re.error, TypeError) as error:
        raise Unreadable(f"the pattern {pattern!r} cannot be read") from error
    constants.append(re.sub(r"\\(.)|[\^$*+?()]|\[\^?|\]", r"\1", compiled.pattern))
    return lambda stored: isinstance(stored, str) and bool(compiled.search(stored))


def around(values: Iterable[Any]) -> list[Any]:
    """Give values, and what lies just beside each, so that every comparison has both sides."""
    found: list[Any] = []
    for value in values:
        if isinstance(value, bool) or value is None:
            found += [True, False, None]
        elif isinstance(value, str):
            found += [value, value + "a", value[:-1], value + "\U0010ffff", value.swapcase()]
        elif isinstance(value, (int, float)):
            found += [value, value - 1, value + 1]
        else:
            found.append(value)
    return _distinct(found)


def _distinct(values: Iterable[Any]) -> list[Any]:
    seen: set[tuple[type, str]] = set()
    found = []
    for value in values:
        key = (type(value), repr(value))
        if key not in seen:
            seen.add(key)
            found.append(value)
    return found


def rows(selection: Selection, owner_field: str, owner: Any) -> Iterator[Row]:
    """Give rows of one owner that differ in every other way the filter looks at.

    Args:
        selection: the filter.
        owner_field: the owner's column; a dotted path for a nested one.
        owner: what that column holds; ``MISSING`` leaves it out.
    """
    others = [name for name in selection.values if name != owner_field]
    if not others:
        row = row_with({owner_field: owner})
        if row is not None:
            yield row
        return
    choices = [[MISSING, *around(selection.values[name]), None, "", "zz", 0] for name in others]
    for combination in itertools.islice(itertools.product(*choices), _MOST_ROWS):
        row = row_with({owner_field: owner, **dict(zip(others, combination, strict=True))})
        if row is not None:
            yield row


def row_with(values: Mapping[str, Any]) -> Row | None:
    """Build a row from values by (dotted) field; None where two of them exclude each other."""
    row: Row = {}
    for name, value in values.items():
        if value is MISSING:
            continue
        *outer, last = name.split(".")
        place = row
        for part in outer:
            inner = place.setdefault(part, {})
            if not isinstance(inner, dict):
                return None
            place = inner
        if last in place:
            return None
        place[last] = value
    return row
