"""Small transformations of type hints that comparing annotations needs."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from luminescent_cluster.extensions._calls.functions import fill
from luminescent_cluster.extensions._calls.model import KEYWORD_ONLY, UNKNOWN, Parameter, Signature
from luminescent_cluster.extensions._calls.nodes import FunctionNode, Node
from luminescent_cluster.extensions._calls.peek import raw_attribute, really

from .subtype import Answer, special
from .unions import is_union, union_of


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


def chosen_by_caller(hint: Any, signature: Signature) -> bool:
    """Return True for a type variable that the arguments of a call decide, and nothing else."""
    if type(hint).__name__ != "TypeVar" or hint.__bound__ is not None or hint.__constraints__:
        return False
    asked = (p.annotation.hint for p in signature.parameters if p.annotation is not None)
    return any(hint is part or hint in getattr(part, "__parameters__", ()) for part in asked)


def concrete(hint: Any) -> bool:
    """Return True for a class or a generic of one, which is not whatever a caller chooses."""
    origin = typing.get_origin(hint) or hint
    return isinstance(origin, type) and origin is not Any


def argument_of(hint: Any) -> Any:
    """Return what a caller may pass for a protocol's hint: the worst its type variables admit.

    Where one stands alone it is as wide as can be; inside another type it is something of which
    nothing is known but its bound.
    """
    if type(hint).__name__ == "TypeVar":
        return widest(hint)
    chosen: Mapping[Any, Any] = {
        p: Something if p.__bound__ is None else p.__bound__
        for p in getattr(hint, "__parameters__", ())
        if type(p).__name__ == "TypeVar" and not p.__constraints__
    }
    return fill(hint, chosen) if chosen and typing.get_origin(hint) is not None else hint


class Something:
    """A type of which nothing is known."""


def with_fields(signature: Signature) -> Iterator[Parameter]:
    """Yield the parameters, and the keys of ``**options: Unpack[TypedDict]`` like parameters."""
    for parameter in signature.parameters:
        yield parameter
        for item in parameter.fields or ():
            yield Parameter(item.name, KEYWORD_ONLY, None, item.annotation)


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


def method_fits(wanted: Any) -> Answer:
    """Return whether a method may stand where an attribute of this type is asked for."""
    if is_union(wanted):
        answers = [method_fits(part) for part in typing.get_args(wanted)]
        return False if all(answer is False for answer in answers) else None
    kind = typing.get_origin(wanted) or wanted
    if not isinstance(kind, type) or kind is Any or getattr(kind, "_is_protocol", False):
        return None
    try:
        return None if issubclass(types.MethodType, kind) else _has_no_call(kind)
    except TypeError:  # a class that answers no issubclass()
        return None


def _has_no_call(kind: type) -> Answer:
    return False if raw_attribute(kind, "__call__") in (UNKNOWN, None) else None


def text_of(hint: Any) -> str:
    """Return a hint as people write it."""
    if isinstance(hint, type) and typing.get_origin(hint) is None:
        return "None" if hint is type(None) else hint.__name__
    return inspect.formatannotation(hint).replace("typing.", "")
