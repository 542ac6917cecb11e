"""Whether values of a type can be changed by who holds them."""

from __future__ import annotations

import dataclasses
import enum
import pathlib
import types
import typing
from collections import abc
from typing import Any

from .records import field_types

__all__ = ["is_there_to_be_changed", "may_be_mutable"]

_IMMUTABLE = (str, bytes, int, float, complex, bool, type(None), None, range, slice)
_MODULES = ("datetime", "decimal", "uuid", "enum", "fractions", "ipaddress", "zoneinfo")
_CHANGING = (abc.MutableMapping, abc.MutableSequence, abc.MutableSet, bytearray, memoryview)
_WHOLE = (typing.Union, types.UnionType, tuple, frozenset)


def may_be_mutable(annotation: Any) -> bool:
    """Tell whether a value of a type, or something in it, may be changed in place.

    True where nothing is known of it.
    """
    origin = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    if origin in _WHOLE:
        return any(may_be_mutable(part) for part in arguments if part is not Ellipsis)
    if origin is typing.Annotated:
        return may_be_mutable(arguments[0])
    if origin in (typing.Literal, abc.Callable, type):
        return False
    supertype = getattr(annotation, "__supertype__", None)
    if supertype is not None:
        return may_be_mutable(supertype)
    if annotation in _IMMUTABLE or annotation is abc.Callable:
        return False
    if isinstance(annotation, type):
        if issubclass(annotation, (enum.Enum, pathlib.PurePath)):
            return False
        if _is_frozen(annotation):
            return any(may_be_mutable(told) for told in field_types(annotation).values())
    return getattr(annotation, "__module__", "") not in _MODULES


def is_there_to_be_changed(annotation: Any) -> bool:
    """Tell whether a parameter's type promises its holder that it can be changed.

    ``MutableMapping`` asks for more than ``Mapping`` for no other reason; ``dict`` is merely what
    people write.
    """
    origin = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return any(is_there_to_be_changed(part) for part in arguments)
    if origin is typing.Annotated:
        return is_there_to_be_changed(arguments[0])
    supertype = getattr(annotation, "__supertype__", None)
    if supertype is not None:
        return is_there_to_be_changed(supertype)
    return (origin or annotation) in _CHANGING


def _is_frozen(kind: type) -> bool:
    """Tell whether a class's fields are known, and cannot be assigned."""
    if not field_types(kind):
        return False
    if dataclasses.is_dataclass(kind):
        return bool(getattr(kind, "__dataclass_params__").frozen)  # noqa: B009 - not declared
    return issubclass(kind, tuple)
