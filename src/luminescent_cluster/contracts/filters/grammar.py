"""Reading a filter: what is inside the grammar, and a clear refusal of what is not.

The grammar is that of TP-FLT-01::

    filter     = {field: test | "$and": [filter, ...] | "$or": [filter, ...], ...}   not empty
    test       = scalar                        the same as {"$eq": scalar}
               | {operator: value, ...}        not empty
    operator   = $eq $ne $gt $gte $lt $lte     with a scalar
               | $in $nin                      with a list of scalars, which may be empty
               | $exists                       with true or false
    scalar     = text | whole or finite number | true | false | null

Everything in it is JSON. Several entries of one dict must hold together.
"""

from __future__ import annotations

import math
import re

from .nodes import AllOf, AnyOf, Comparison, FieldTest, Filter, Scalar

__all__ = ["MAX_DEPTH", "FilterError", "parse", "validate"]

MAX_DEPTH = 32
"""How deeply $and and $or may nest. A filter beyond that is cyclic or not meant for a database."""

_WITH_SCALAR = frozenset({"$eq", "$ne", "$gt", "$gte", "$lt", "$lte"})
_WITH_LIST = frozenset({"$in", "$nin"})
_LOGICAL = frozenset({"$and", "$or"})
_KNOWN = "$eq $ne $gt $gte $lt $lte $in $nin $exists, and $and $or around filters"


class FilterError(ValueError):
    """A value that is not a filter. Says where, what was found there, and what belongs there."""

    def __init__(self, path: str, found: object, problem: str) -> None:
        super().__init__(f"{path}: {_shown(found)}: {problem}")
        self.path = path
        self.problem = problem


def validate(tenant_filter: object) -> None:
    """Return quietly when `tenant_filter` is inside the grammar.

    Raises:
        FilterError: where it is not.
    """
    parse(tenant_filter)


def parse(tenant_filter: object) -> Filter:
    """Read a filter into a tree that owns its values: later changes of the argument do not matter.

    Raises:
        FilterError: where `tenant_filter` is outside the grammar.
    """
    return _filter(tenant_filter, "filter", 0)


def _filter(value: object, path: str, depth: int) -> Filter:
    if not isinstance(value, dict):
        raise FilterError(path, value, "a filter is a dict of field tests")
    if not value:
        raise FilterError(path, value, "an empty filter matches every row; name the owner's field")
    if depth > MAX_DEPTH:
        raise FilterError(path, value, f"$and and $or nest deeper than {MAX_DEPTH}")
    parts = tuple(_entry(key, test, path, depth) for key, test in value.items())
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _entry(key: object, value: object, path: str, depth: int) -> Filter:
    here = f"{path}[{_shown(key)}]"
    if not isinstance(key, str):
        raise FilterError(here, key, "a field name is a str; JSON has no other keys")
    if key in _LOGICAL:
        if not isinstance(value, (list, tuple)) or not value:
            raise FilterError(here, value, f"{key} takes a list of filters that is not empty")
        inner = tuple(_filter(part, f"{here}[{n}]", depth + 1) for n, part in enumerate(value))
        return AllOf(inner) if key == "$and" else AnyOf(inner)
    if key.startswith("$"):
        raise FilterError(here, value, f"unknown operator; known are {_KNOWN}")
    if not all(key.split(".")):
        raise FilterError(here, key, "a field name, and each part between its dots, is not empty")
    return FieldTest(str.__str__(key), _comparisons(value, here))


def _comparisons(value: object, path: str) -> tuple[Comparison, ...]:
    if not isinstance(value, dict):
        return (Comparison("$eq", _scalar(value, path)),)
    if not value:
        raise FilterError(path, value, "an empty test; some databases read it as 'any value'")
    return tuple(_comparison(operator, wanted, path) for operator, wanted in value.items())


def _comparison(operator: object, wanted: object, path: str) -> Comparison:
    here = f"{path}[{_shown(operator)}]"
    if operator == "$exists":
        if not isinstance(wanted, bool):
            raise FilterError(here, wanted, "$exists takes true or false")
        return Comparison("$exists", wanted)
    if isinstance(operator, str) and operator in _WITH_LIST:
        if not isinstance(wanted, (list, tuple)):
            raise FilterError(here, wanted, f"{operator} takes a list of scalars")
        items = tuple(_scalar(item, f"{here}[{n}]") for n, item in enumerate(wanted))
        return Comparison(str.__str__(operator), items)
    if isinstance(operator, str) and operator in _WITH_SCALAR:
        return Comparison(str.__str__(operator), _scalar(wanted, here))
    raise FilterError(here, wanted, f"unknown operator; known are {_KNOWN}")


def _scalar(value: object, path: str) -> Scalar:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)  # what a subclass adds, an enumeration's member say, is not sent
    if isinstance(value, int):
        try:
            int.__repr__(value)
        except ValueError:  # Python's limit on digits, which json.dumps meets as well
            raise FilterError(path, None, "a whole number too long to be written") from None
        return int.__index__(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise FilterError(path, value, "JSON has no infinite number and no NaN")
        return value
    raise FilterError(path, value, "not a JSON scalar; text, numbers, true, false and null are")


def _shown(value: object) -> str:
    """Render anything shortly and safely: what is not a filter may come from anywhere.

    Addresses in memory are left out; they differ from run to run.
    """
    try:
        text = re.sub(r" at 0x[0-9a-fA-F]{6,}", "", ascii(value))
    except Exception as error:  # a hostile or cyclic repr must not replace the finding
        text = f"<{type(value).__name__}, repr raised {type(error).__name__}>"
    return text if len(text) <= 80 else f"{text[:77]}..."
