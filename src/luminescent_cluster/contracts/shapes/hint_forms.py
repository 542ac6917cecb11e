"""Small transformations of type hints that comparing annotations needs."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Mapping
from typing import Any

from luminescent_cluster.extensions._calls.functions import fill
from luminescent_cluster.extensions._calls.model import UNKNOWN
from luminescent_cluster.extensions._calls.nodes import FunctionNode, Node
from luminescent_cluster.extensions._calls.peek import really

from .subtype import is_union, special, union_of


def awaited(hint: Any) -> Any:
    """Return what awaiting a value of this hint gives, UNKNOWN when that cannot be told."""
    arguments = typing.get_args(hint)
    if is_union(hint) or not arguments:
        return UNKNOWN
    return arguments[2] if len(arguments) == 3 else arguments[0]


def outer_function(node: Node) -> types.FunctionType | None:
    """Return the first Python function that a call meets, or None."""
    for _ in range(24):
        if isinstance(node, FunctionNode):
            function = node.function
            return function if really(function, types.FunctionType) else None
        inner = node.behind()
        if not inner:
            return None
        node = inner[0][0]
    return None


def optionable(hint: Any) -> bool:
    """Return True for a hint of which ``Optional[...]`` can be made."""
    return isinstance(hint, type) or typing.get_origin(hint) is not None


def widest(hint: Any) -> Any:
    """Return the widest argument a method's own type variable admits: its bound, or object."""
    if type(hint).__name__ != "TypeVar":
        return hint
    if hint.__constraints__:
        return union_of(hint.__constraints__)
    bound = hint.__bound__
    return object if bound is None else bound


def with_self(hint: Any, owner: type) -> Any:
    """Return a hint in which ``Self`` is the implementation's class."""
    if special(hint) == "Self":
        return owner
    return rebuild(hint, lambda part: with_self(part, owner))


def free(hint: Any, names: frozenset[str]) -> Any:
    """Replace type variables that somebody may choose by Any."""
    if type(hint).__name__ == "TypeVar":
        return Any if hint.__name__ in names else hint
    parameters = getattr(hint, "__parameters__", ())
    if typing.get_origin(hint) is None or not parameters:
        return hint
    chosen: Mapping[Any, Any] = {
        p: Any for p in parameters if type(p).__name__ == "TypeVar" and p.__name__ in names
    }
    return fill(hint, chosen) if chosen else hint


def rebuild(hint: Any, change: Any) -> Any:
    """Return a hint with ``change`` applied to its arguments."""
    arguments = typing.get_args(hint)
    origin = typing.get_origin(hint)
    if not arguments or origin is None or origin is typing.Literal:
        return hint
    changed = tuple(
        [change(a) for a in part] if isinstance(part, list) else change(part) for part in arguments
    )
    if changed == arguments:
        return hint
    if is_union(hint):
        return union_of(changed)
    try:
        return origin[changed if len(changed) > 1 else changed[0]]
    except TypeError:
        return UNKNOWN


def read_only(raw: Any, owner: type, subject: Any, name: str) -> bool:
    """Return True when assigning the attribute on an instance would raise."""
    if isinstance(raw, property):
        return raw.fset is None
    frozen = getattr(getattr(owner, "__dataclass_params__", None), "frozen", False)
    if frozen and name in getattr(owner, "__dataclass_fields__", {}):
        return True
    return issubclass(owner, tuple) and name in getattr(owner, "_fields", ())


def text_of(hint: Any) -> str:
    """Return a hint as people write it."""
    if isinstance(hint, type) and typing.get_origin(hint) is None:
        return "None" if hint is type(None) else hint.__name__
    return inspect.formatannotation(hint).replace("typing.", "")
