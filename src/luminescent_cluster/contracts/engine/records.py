"""Records: objects that are nothing but their fields."""

from __future__ import annotations

import dataclasses
import types
from typing import Any

import typing_extensions

from luminescent_cluster.extensions._calls.reflection import signature_of

__all__ = ["field_types", "fields_of", "is_record", "is_record_class"]


_OF_VALUES = frozenset(
    f"__{name}__"
    for name in [
        "init",
        "repr",
        "str",
        "format",
        "eq",
        "ne",
        "lt",
        "le",
        "gt",
        "ge",
        "hash",
        "bool",
        "copy",
        "deepcopy",
        "reduce",
        "getstate",
        "setstate",
        "sizeof",
        "annotate",
        "annotate_func",
    ]
)
"""Methods that a class may have and still be nothing but its fields."""


def is_record_class(kind: type) -> bool:
    """Tell whether a class only holds fields, which its constructor takes.

    Dataclasses, named tuples, and what attrs and pydantic make; also a plain class without
    methods of its own whose constructor annotates what it takes.
    """
    if dataclasses.is_dataclass(kind) or hasattr(kind, "__attrs_attrs__"):
        return True
    if hasattr(kind, "model_fields") or (issubclass(kind, tuple) and hasattr(kind, "_fields")):
        return True
    return _only_holds(kind) and bool(field_types(kind))


def is_record(value: Any) -> bool:
    """Tell whether an object is nothing but the fields that a caller can see."""
    kind = type(value)
    if kind is types.SimpleNamespace:
        return True
    if dataclasses.is_dataclass(kind) or hasattr(kind, "__attrs_attrs__"):
        return True
    return hasattr(kind, "model_fields") or _only_holds(kind)


def _only_holds(kind: type) -> bool:
    """Tell whether a class written in Python inherits nothing and offers nothing to call."""
    if kind.__bases__ != (object,) or not isinstance(
        vars(kind).get("__init__"), types.FunctionType
    ):
        return False
    return not any(
        callable(member) or isinstance(member, (property, classmethod, staticmethod))
        for name, member in vars(kind).items()
        if name not in _OF_VALUES
    )


def fields_of(value: Any) -> dict[str, Any]:
    """Give a record's fields and what they hold; private ones are its own affair."""
    kind = type(value)
    if dataclasses.is_dataclass(kind):
        names = [field.name for field in dataclasses.fields(kind)]
    else:
        slots = (name for base in kind.__mro__ for name in getattr(base, "__slots__", ()))
        names = [*getattr(value, "__dict__", {}), *slots]
    return {
        name: getattr(value, name)
        for name in names
        if not name.startswith("_") and hasattr(value, name)
    }


def field_types(kind: type) -> dict[str, Any]:
    """Give what a record's constructor takes, by name, with resolved annotations.

    Returns:
        The types; empty where one of them is not told.
    """
    try:
        parameters = signature_of(kind, follow_wrapped=True).parameters.values()
        hints = _hints(kind)
    except Exception:  # no signature, or a name that only a type checker can see
        return {}
    found = {}
    for parameter in parameters:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if parameter.kind is parameter.POSITIONAL_ONLY or parameter.name not in hints:
            if parameter.default is parameter.empty:
                return {}
            continue
        found[parameter.name] = hints[parameter.name]
    return found


def _hints(kind: type) -> dict[str, Any]:
    made = getattr(kind, "__init__", None)
    own = typing_extensions.get_type_hints(kind, include_extras=True)
    if isinstance(made, types.FunctionType):
        own |= typing_extensions.get_type_hints(made, include_extras=True)
    return own
