"""Whether a result has the type that the protocol declares."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import types
import typing
import warnings
from collections import abc
from collections.abc import Iterator
from typing import Any

from .streams import Unpacked, part_of

__all__ = ["type_fault"]

_DEEP = 8  # how far inside a result is looked


def type_fault(result: Any, declared: Any) -> str | None:
    """Say what is wrong with a result's type.

    Args:
        result: what a call returned.
        declared: the resolved return annotation.

    Returns:
        The fault as the rest of a sentence ("which is …"), or None where the type is right or
        nothing can be said.
    """
    if declared is inspect.Parameter.empty:
        return None
    if inspect.iscoroutine(result):
        return f"a coroutine that nobody awaits, where {_name(declared)} is declared"
    if isinstance(result, Unpacked):
        fault = _checked(result.original, declared)
        inside = (_fault(part, part_of(declared), _DEEP) for part in result.parts)
        return fault or next((f"{found}, inside" for found in inside if found), None)
    return _fault(result, declared, _DEEP)


def _fault(value: Any, declared: Any, depth: int) -> str | None:
    found = _checked(value, declared)
    if found or not depth or not _passed_over(declared):
        return found
    if typing.get_origin(declared) in (typing.Union, types.UnionType):
        found_in = [_fault(value, part, depth - 1) for part in typing.get_args(declared)]
        fitting = [p for p in typing.get_args(declared) if not _checked(value, p)]
        if None in found_in or not fitting:
            return None
        return _fault(value, fitting[0], depth - 1)
    if declared is bytes and not isinstance(value, bytes):
        return f"not bytes: {type(value).__name__} is another type, and can be changed"
    for place, part, told in _inside(value, declared):
        found = _fault(part, told, depth - 1)
        if found:
            return f"{found} ({place} of {_name(declared)})"
    return None


def _checked(value: Any, declared: Any) -> str | None:
    """Ask typeguard."""
    import typeguard

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            typeguard.check_type(
                value,
                declared,
                forward_ref_policy=typeguard.ForwardRefPolicy.IGNORE,
                collection_check_strategy=typeguard.CollectionCheckStrategy.ALL_ITEMS,
            )
    except typeguard.TypeCheckError as error:
        return f"not {_name(declared)}: {error}"
    except Exception:  # an annotation that typeguard cannot take apart
        return None
    return None


@functools.lru_cache(maxsize=512)
def _passed_over(declared: Any) -> bool:
    """Tell whether a type holds something that typeguard does not look into.

    It takes a bytearray for bytes, and looks neither at the fields of dataclasses nor at the items
    of what is only said to be iterable.
    """
    if declared is bytes or _field_types(declared):
        return True
    if typing.get_origin(declared) in (abc.Iterable, abc.Collection, abc.ValuesView):
        return True
    return any(_passed_over(part) for part in typing.get_args(declared) if _can_ask(part))


def _can_ask(part: Any) -> bool:
    return isinstance(part, type) or typing.get_origin(part) is not None


def _inside(value: Any, declared: Any) -> Iterator[tuple[str, Any, Any]]:
    """Give what a value holds: where, what, and its declared type."""
    arguments = typing.get_args(declared)
    kind: Any = type(value)
    for name, told in _field_types(kind).items():
        held = getattr(value, name, None)
        if held is not _default(kind, name):
            yield f"field {name}", held, told
    if isinstance(value, abc.Mapping) and len(arguments) == 2:
        for key, held in value.items():
            yield "key", key, arguments[0]
            yield "value", held, arguments[1]
    elif isinstance(value, tuple) and typing.get_origin(declared) is tuple:
        if len(arguments) == 2 and arguments[1] is Ellipsis:
            arguments = (arguments[0],) * len(value)
        yield from (("item", *pair) for pair in zip(value, arguments, strict=False))
    elif isinstance(value, abc.Collection) and len(arguments) == 1:
        yield from (("item", part, arguments[0]) for part in value)


@functools.lru_cache(maxsize=512)
def _field_types(kind: Any) -> dict[str, Any]:
    """Give the declared types of the fields of a dataclass or named tuple, else nothing."""
    if not isinstance(kind, type):
        return {}
    named = issubclass(kind, tuple) and hasattr(kind, "_fields")
    if not named and not dataclasses.is_dataclass(kind):
        return {}
    try:
        hints = typing.get_type_hints(kind)
    except Exception:  # a name that only a type checker can see
        return {}
    names = getattr(kind, "_fields", None) or [field.name for field in dataclasses.fields(kind)]
    return {name: hints[name] for name in names if name in hints and not name.startswith("_")}


def _default(kind: type, name: str) -> Any:
    """Give a field's default: that it is not of the field's type is its class's own affair."""
    if dataclasses.is_dataclass(kind):
        (field,) = (field for field in dataclasses.fields(kind) if field.name == name)
        return field.default
    return getattr(kind, "_field_defaults", {}).get(name, dataclasses.MISSING)


def _name(declared: Any) -> str:
    if isinstance(declared, type) and not hasattr(declared, "__args__"):
        return declared.__name__
    return str(declared).replace("typing.", "")
