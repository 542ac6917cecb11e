"""Values that nobody sends by accident, each for one place of a call."""

from __future__ import annotations

import datetime
import decimal
import functools
import types
import typing
from collections import abc
from collections.abc import Callable
from typing import Any

import typing_extensions

from .records import field_types, fields_of, is_record_class

__all__ = [
    "ANYTHING",
    "PLAINLY_ODD",
    "TEXTS",
    "Unfriendly",
    "alternatives",
    "cyclic",
    "deep",
    "hostile_entries",
    "hostile_values",
    "is_list",
    "is_mapping",
]

TEXTS = (
    "", " ", "\t\n", "\0", "a\0b", "\ud800", "x\udfff", "\u202eevil", "\u200b", "\ufeff",
    "'; DROP TABLE usage; --", '{"$ne": null}', "$where", "%s%n%x", "../../etc/passwd", "*", ".*",
    "line\nbreak\r\n", "\x1b[31mred", "<script>alert(1)</script>", "ß", "İ", "\uff21", "e\u0301",
    "None", "null", "true", "-1", "1e309", "🏴\U000e0067\U000e007f",
)  # fmt: skip


PLAINLY_ODD: dict[Any, tuple[Any, ...]] = {
    # Beyond every column, but no float overflows: who multiplies by a price is not to blame.
    int: (0, -1, 2**63, -(2**63) - 1, 2**200),
    float: (0.0, -0.0, -1.0, float("nan"), float("inf"), float("-inf"), 1e308, 5e-324),
    bytes: (b"", b"\0", b"\xff\xfe", b"x" * 100_000),
    decimal.Decimal: tuple(map(decimal.Decimal, ("0", "-1", "NaN", "Infinity", "1E+400"))),
    datetime.datetime: (
        datetime.datetime.min,
        datetime.datetime.max,
        datetime.datetime.max.replace(tzinfo=datetime.timezone.utc),
        datetime.datetime(2026, 3, 29, 2, 30),
    ),
}


ANYTHING = (Any, object)


class Unfriendly:
    """Cannot be serialised, compared or hashed."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        raise ValueError("not comparable")

    def __repr__(self) -> str:
        return "Unfriendly()"

    def __deepcopy__(self, memo: object) -> Unfriendly:
        return self


def deep(levels: int) -> dict[str, Any]:
    inner: dict[str, Any] = {}
    for _ in range(levels):
        inner = {"d": inner}
    return inner


def cyclic() -> dict[str, Any]:
    cycle: dict[str, Any] = {"name": "cycle"}
    cycle["self"] = cycle
    return cycle


def hostile_values(annotation: Any) -> list[Callable[[], Any]]:
    """Give makers of nasty values of a declared kind; empty where none are known."""
    makers: list[Callable[[], Any]] = []
    for kind in alternatives(annotation):
        if kind is str:
            makers += [_always(value) for value in (*TEXTS, "x" * 1_000, "x" * 100_000)]
        elif is_mapping(kind):
            makers += _mapping_makers(*(typing.get_args(kind) or (Any, Any)))
        elif is_list(kind):
            (inner,) = typing.get_args(kind) or (Any,)
            makers += [functools.partial(_listed, make) for make in hostile_values(inner)]
            makers += [list]
        else:
            makers += [_always(value) for value in PLAINLY_ODD.get(kind, ())]
    return makers


def _mapping_makers(key: Any, value: Any) -> list[Callable[[], Any]]:
    """Give makers of nasty mappings; None is among the values of any."""
    makers: list[Callable[[], Any]] = [dict, _dict_maker("key", None)]
    if value in ANYTHING:
        odd = (b"\xff", float("nan"), float("inf"), 10**400, 1j, decimal.Decimal("NaN"))
        values = (*odd, *TEXTS[:8], datetime.date.min, {1, 2}, object(), Unfriendly())
        makers += [_dict_maker("key", value) for value in values]
        makers += [lambda: deep(50), lambda: deep(2_000), cyclic]
        makers += [lambda: {f"k{i}": i for i in range(2_000)}, lambda: {"a": {"b": [None, {}]}}]
        makers += [_dict_maker(name, 1) for name in ("", "\ud800", "a.b")]
        if key in ANYTHING:
            makers += [_dict_maker(name, 1) for name in (None, 7, ("a", 1), b"k")]
    else:
        makers += [functools.partial(_keyed, make) for make in hostile_values(value)]
    return makers


def _keyed(make: Callable[[], Any]) -> dict[str, Any]:
    return {"key": make()}


def _listed(make: Callable[[], Any]) -> list[Any]:
    return [make()]


def hostile_entries(annotation: Any, usual: Any) -> list[Callable[[], Any]]:
    """Give makers of values as ``usual``, in which one part that is read holds what nobody sends.

    Dicts with keys of their own never get past the first ``.get()``. Nothing here raises when it is
    compared: who looks through what it kept by ``==`` is not to blame for what that does. What has
    fields of declared kinds gets nasty values of those kinds.
    """
    if typing_extensions.is_typeddict(annotation):
        told = typing_extensions.get_type_hints(annotation)
        return [
            functools.partial(_with_entry, usual, name, make)
            for name, kind in told.items()
            for make in hostile_values(kind)
        ]
    if type(usual) is dict:
        odd: tuple[Any, ...] = (None, 7, b"\xff", [], {"$ne": None}, object())
        return [
            functools.partial(_with_entry, usual, key, _always(value))
            for key in list(usual)[:4]
            for value in (*odd, "", "\0", "\ud800", "x" * 100_000)
        ]
    if isinstance(annotation, type) and is_record_class(annotation):
        return [
            functools.partial(_with_field, usual, name, make)
            for name, kind in field_types(annotation).items()
            for make in hostile_values(kind)
        ]
    return []


def _with_entry(usual: dict[Any, Any], name: Any, make: Callable[[], Any]) -> dict[Any, Any]:
    return {**usual, name: make()}


def _with_field(usual: Any, name: str, make: Callable[[], Any]) -> Any:
    """Give a record with another value in a field, or itself where it refuses that."""
    try:
        return type(usual)(**{**fields_of(usual), name: make()})
    except Exception:
        return usual


def _always(value: Any) -> Callable[[], Any]:
    return lambda: value


def _dict_maker(key: Any, value: Any) -> Callable[[], Any]:
    return lambda: {key: value}


def alternatives(annotation: Any) -> tuple[Any, ...]:
    """Give what a union offers; the annotation itself where it is none."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return typing.get_args(annotation)
    return (annotation,)


def is_mapping(kind: Any) -> bool:
    return (typing.get_origin(kind) or kind) in (dict, abc.Mapping, abc.MutableMapping)


def is_list(kind: Any) -> bool:
    return (typing.get_origin(kind) or kind) in (list, abc.Sequence, abc.Iterable, abc.Collection)
