"""The type arguments of a generic type, seen as one of its base classes."""

from __future__ import annotations

import collections
import collections.abc as abc
import typing
from typing import Any, Final

from .unions import union_of

_MISSING: Final = object()
_ONE_ITEM: Final = (
    abc.Sequence,
    abc.MutableSequence,
    abc.Collection,
    abc.Iterable,
    abc.Iterator,
    abc.Reversible,
    abc.Container,
    abc.Set,
    abc.MutableSet,
    abc.AsyncIterable,
    abc.AsyncIterator,
    abc.Awaitable,
    list,
    set,
    frozenset,
    collections.deque,
)
_TWO_ITEMS: Final = (abc.Mapping, abc.MutableMapping, dict)


def seen_as(source: Any, left: type, right: type) -> tuple[Any, ...] | None:
    """Return the type arguments of ``source`` seen as ``right``; ``()`` for none, None unknown."""
    given = typing.get_args(source)
    if left is right:
        return given
    if left is str or left is bytes:
        return (str if left is str else int,) if right in _ONE_ITEM else None
    declared = _declared(left, given, right)
    if declared is not _MISSING:
        return typing.cast("tuple[Any, ...]", declared)
    if not given:
        return () if left.__module__ in ("builtins", "collections", "collections.abc") else None
    if left is tuple and right in _ONE_ITEM:
        items = [g for g in given if g is not Ellipsis and g != ()]
        return (union_of(items),) if items else ()
    if left.__module__ not in ("builtins", "collections", "collections.abc", "types"):
        return None
    if right is abc.Awaitable and len(given) == 3:
        return given[2:]
    if right in _TWO_ITEMS and len(given) == 2:
        return given
    return given[:1] if right in _ONE_ITEM else None


def _declared(left: type, given: tuple[Any, ...], right: type) -> Any:
    """Follow ``class Left(Right[int])`` to the arguments written there."""
    parameters = getattr(left, "__parameters__", ())
    known = dict(zip(parameters, given, strict=False)) if given else {}
    for base in left.__dict__.get("__orig_bases__", ()):
        origin = typing.get_origin(base)
        if not isinstance(origin, type) or right not in getattr(origin, "__mro__", ()):
            continue
        arguments = tuple(
            known.get(a, Any) if isinstance(a, typing.TypeVar) else a for a in typing.get_args(base)
        )
        if origin is right:
            return arguments
        found = _declared(origin, arguments, right)
        if found is not _MISSING:
            return found
    for base in left.__bases__:
        if base is not object and base is not right and right in base.__mro__:
            found = _declared(base, (), right)
            if found is not _MISSING:
                return found
    return _MISSING
