"""What ``Self`` in a protocol's results stands for: whatever has the protocol's methods.

A proxy may give the object behind it, and a builder one of another class. That is for a type
checker to say; who forgets ``return self`` gives something that has no such methods.
"""

from __future__ import annotations

import functools
import types
import typing
from typing import Any

import typing_extensions

from .methods import methods_of, specials_of

__all__ = ["with_self"]


class _Alike(type):
    """Says of what has all methods of a protocol that it is an instance."""

    methods: tuple[str, ...] = ()

    def __instancecheck__(cls, instance: object) -> bool:
        return all(callable(getattr(instance, name, None)) for name in cls.methods)


def with_self(declared: Any, protocol: type) -> Any:
    """Put a class that can be asked in the place of ``Self``, at any depth of a type."""
    if declared is typing_extensions.Self:
        return _alike(protocol)
    parts = typing.get_args(declared)
    found = tuple(with_self(part, protocol) for part in parts)
    if found == parts:
        return declared
    origin: Any = typing.get_origin(declared)
    if origin in (typing.Union, types.UnionType):
        return typing.Union[found]  # noqa: UP007 - made of what is only known here
    return declared.copy_with(found) if hasattr(declared, "copy_with") else origin[found]


@functools.lru_cache(maxsize=256)
def _alike(protocol: type) -> type:
    made = _Alike("Self", (), {"__module__": protocol.__module__})
    made.methods = tuple(m.name for m in (*methods_of(protocol), *specials_of(protocol)))
    return made
