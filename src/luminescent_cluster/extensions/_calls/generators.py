"""Whether a generator can be what a protocol promises."""

from __future__ import annotations

import abc
import types
import typing
from typing import Any, Final

from .model import UNKNOWN, Annotation
from .spelling import split_union

_NEVER_A_GENERATOR: Final = frozenset(
    {"None", "str", "bytes", "int", "float", "complex", "bool"}
    | {"dict", "list", "tuple", "set", "frozenset"}
)


def may_be_generator(promised: Annotation | None) -> bool:
    """Return whether a generator can be what the protocol promises; True where nobody knows."""
    if promised is None:
        return True
    if promised.hint is UNKNOWN:
        return not {p.split("[")[0] for p in split_union(promised.text)} <= _NEVER_A_GENERATOR
    union = typing.get_origin(promised.hint) in (typing.Union, types.UnionType)
    parts = typing.get_args(promised.hint) if union else (promised.hint,)
    return any(map(_admits_generator, parts))


def _admits_generator(hint: Any) -> bool:
    klass = type(None) if hint is None else typing.get_origin(hint) or hint
    if type(klass) not in (type, abc.ABCMeta) or klass in types.GeneratorType.__mro__:
        return True  # a type variable, a protocol, Any
    if klass.__module__ in ("collections.abc", "contextlib"):
        return issubclass(types.GeneratorType, klass)
    return False
