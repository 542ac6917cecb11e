"""Editions of live classes: the shape, and what the hints mention, read by reflection."""

from __future__ import annotations

import ast
import inspect
import typing
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from luminescent_cluster.contracts.shapes import (
    Attribute,
    Method,
    Shape,
    shape_of,
)
from luminescent_cluster.extensions._calls.default_texts import default_text
from luminescent_cluster.extensions._calls.model import Member
from luminescent_cluster.extensions._calls.source import function_node
from luminescent_cluster.extensions.versions import version_of

from .edition import Edition
from .errors import SourceError
from .live_definitions import LiveDefinitions
from .standard import MODULES, standard_member
from .static.bodies import (
    FunctionNode,
    body_digest,
    does_nothing,
    property_hint,
    self_type,
    with_self,
)

__all__ = ["edition_of"]


def edition_of(cls: type, *, protocol: bool = True) -> Edition:
    """Return the edition of a live class.

    Args:
        cls: the class.
        protocol: demand that it is a protocol.

    Raises:
        SourceError: it is not a protocol.
    """
    place = f"{cls.__module__}:{cls.__qualname__}"
    if protocol and not getattr(cls, "_is_protocol", False):
        raise SourceError(
            place,
            f"{cls.__name__} is a class, but not a protocol: its bases do not name typing.Protocol",
            "name a class that lists Protocol among its bases",
        )
    shape = _amended(cls, shape_of(cls, version_of(cls)))
    abstract = frozenset(getattr(cls, "__abstractmethods__", ()))
    bodies, values = {}, {}
    for name, raw in _own(cls):
        function = _function(raw)
        member = shape.member(name)
        if member is None:
            continue
        if function is not None:
            node = function_node(inspect.unwrap(function))
            if node is not None and not does_nothing(node) and _has_body(member):
                bodies[name] = body_digest(node)
        elif not isinstance(raw, (property, type)) and not inspect.ismemberdescriptor(raw):
            values[name] = default_text(raw, {}, cls.__module__)[0]
    definitions = {d.name: d for d in LiveDefinitions(cls).collect(shape)}
    checkable = vars(cls).get("_is_runtime_protocol") is True
    return Edition(shape, definitions, abstract, bodies, values, checkable, place)


def _amended(cls: type, shape: Shape) -> Shape:
    """Return the shape with ``def f(self: S) -> S`` as ``Self``, and dead branches as stubs."""
    raws = dict(_own(cls))
    functions = {name: f for name, raw in raws.items() if (f := _function(raw)) is not None}

    def amended(member: Member) -> Member:
        function = functions.get(member.name)
        if function is None and member.name not in raws:
            return standard_member(member)
        node = function_node(inspect.unwrap(function)) if function is not None else None
        if node is None:
            return member
        if isinstance(member, Attribute):
            hint = property_hint(node, member.annotation)
            return replace(
                member, annotation=hint, has_value=member.has_value and not does_nothing(node)
            )
        if member.has_body and does_nothing(node):
            member = replace(member, has_body=False)
        member = _with_lambdas(member, node)
        own = self_type(node) if member.binding != "static" else None
        if own is None or not isinstance(_global(function, own), typing.TypeVar):
            return member
        overloads = tuple(with_self(s, own) for s in member.overloads)
        return replace(member, signature=with_self(member.signature, own), overloads=overloads)

    return replace(shape, members=tuple(map(amended, shape.members)))


def _with_lambdas(method: Method, node: FunctionNode) -> Method:
    """Return the method with the text of lambdas as defaults, which live ones do not tell."""
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    start = len(positional) - len(arguments.defaults)
    texts = {
        arg.arg: ast.unparse(default)
        for arg, default in (
            *zip(positional[start:], arguments.defaults, strict=True),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        )
        if isinstance(default, ast.Lambda)
    }
    if not texts:
        return method
    parameters = tuple(
        replace(p, default=replace(p.default, text=texts[p.name]))
        if p.default is not None and p.name in texts
        else p
        for p in method.signature.parameters
    )
    return replace(method, signature=replace(method.signature, parameters=parameters))


def _global(function: Any, name: str) -> object:
    return getattr(inspect.unwrap(function), "__globals__", {}).get(name)


def _has_body(member: Any) -> bool:
    return bool(member.has_body if isinstance(member, Method) else member.has_value)


def _own(cls: type) -> Iterator[tuple[str, Any]]:
    seen = set()
    for owner in cls.__mro__:
        if owner.__module__ in MODULES:
            continue
        for name, raw in vars(owner).items():
            if name not in seen:
                seen.add(name)
                yield name, raw


def _function(raw: Any) -> Any:
    if isinstance(raw, property):
        return raw.fget
    raw = getattr(raw, "func", None) or getattr(raw, "__func__", raw)
    return raw if inspect.isfunction(raw) else None
