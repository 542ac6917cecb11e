"""Shapes of live classes."""

from __future__ import annotations

import functools
import inspect
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any, Final, Protocol

from ..optional import optional_since
from . import source
from .documentation import documentation_of
from .functions import (
    context_manager_hint,
    function_signature,
    is_context_manager,
    plain_flow,
    type_hint,
)
from .hints import render
from .model import (
    UNKNOWN,
    Annotation,
    Attribute,
    Binding,
    Member,
    Method,
    Shape,
    Signature,
)
from .names import resolver_for
from .reflection import own_annotations
from .type_parameters import type_parameters_of

_NEVER: Final = frozenset(
    [
        "__init__",
        "__new__",
        "__init_subclass__",
        "__class_getitem__",
        "__subclasshook__",
        "__del__",
        "__annotate__",
        "__annotate_func__",
        "__prepare__",
        "__instancecheck__",
        "__subclasscheck__",
        "__class__",
        "__dict__",
        "__weakref__",
        "__slots__",
        "__static_attributes__",
        "__getattribute__",
        "__getstate__",
        "__reduce__",
        "__reduce_ex__",
    ]
)
# Generated, not written by the author of the protocol.
_GENERATED: Final = frozenset(
    {"__subclasshook__", "__init__", "_no_init", "_no_init_or_replace_init"}
)


def shape_of(cls: type, version: str | None = None, *, read_bodies: bool = True) -> Shape:
    """Return what ``cls`` offers; inherited members are merged, the nearest definition wins.

    Args:
        cls: a ``typing.Protocol`` class; any other class is read in the same way.
        version: taken over as it is.
        read_bodies: look up in the source whether a method's body does something.

    Raises:
        TypeError: ``cls`` is not a class.
    """
    if not isinstance(cls, type):
        raise TypeError(f"a shape is read from a class, not from {cls!r}")
    members: dict[str, Member] = {}
    for owner in _owners(cls):
        for name in _own_names(owner):
            if name not in members:
                member = _member(cls, owner, name, read_bodies)
                if member is not None:
                    members[name] = member
    ordered = tuple(members[name] for name in sorted(members))
    return Shape(
        cls.__name__,
        ordered,
        version,
        type_parameters_of(cls),
        module=cls.__module__,
        doc=documentation_of(cls),
    )


def _owners(cls: type) -> Iterator[type]:
    skipped = (object, Protocol, typing.Generic)
    for owner in cls.__mro__:
        if owner in skipped or owner.__module__ in ("typing", "typing_extensions"):
            # typing.Sized and its kin are aliases of collections.abc; SupportsInt is a protocol.
            if not getattr(owner, "_is_protocol", False) or owner in skipped:
                continue
            if owner.__name__ == "Protocol":
                continue
        yield owner


def _own_names(owner: type) -> Iterator[str]:
    annotated = own_annotations(owner)
    for name in dict.fromkeys([*vars(owner), *annotated]):
        if name in _NEVER or name.startswith(("_abc_", "_is_protocol", "_is_runtime_protocol")):
            continue
        dunder = name.startswith("__") and name.endswith("__")
        if dunder and not _is_method(vars(owner).get(name)):
            continue
        yield name


def _is_method(raw: object) -> bool:
    return isinstance(raw, (property, staticmethod, classmethod)) or inspect.isroutine(raw)


def _member(cls: type, owner: type, name: str, read_bodies: bool) -> Member | None:
    raw = vars(owner).get(name, UNKNOWN)
    if isinstance(raw, (type, types.ModuleType)):
        return None
    annotated = own_annotations(owner)
    if isinstance(raw, (property, functools.cached_property)):
        return _property(cls, owner, name, raw, read_bodies)
    if name in annotated or not _callable_member(raw):
        return _variable(cls, owner, name, raw, annotated.get(name, UNKNOWN))
    return _method(cls, owner, name, raw, read_bodies)


def _callable_member(raw: object) -> bool:
    if isinstance(raw, (staticmethod, classmethod, functools.partialmethod)):
        return True
    return callable(raw) or isinstance(raw, functools.singledispatchmethod)


def _method(cls: type, owner: type, name: str, raw: Any, read_bodies: bool) -> Method:
    binding: Binding = "instance"
    function = raw
    if isinstance(raw, (staticmethod, classmethod)):
        binding = "static" if isinstance(raw, staticmethod) else "class"
        function = raw.__func__
    if isinstance(function, functools.singledispatchmethod):
        function = function.func
    drop = binding != "static"
    substitute = type_arguments(cls, owner)
    inner = inspect.unwrap(function) if hasattr(function, "__wrapped__") else function
    signature = function_signature(
        inner, drop, home=cls.__module__, substitute=substitute, owner=owner
    )
    if signature is not None and signature.returns is not None and is_context_manager(function):
        hint = context_manager_hint(function, signature.returns.hint)
        text = render(hint, resolver_for(inner, owner), cls.__module__)
        signature = Signature(signature.parameters, Annotation(text, hint))
    dummy = getattr(function, "__name__", "") == "_overload_dummy"
    overloads = tuple(_overloads(cls, owner, name, drop, substitute, dummy))
    if overloads and (dummy or signature is None):
        signature = overloads[0]
    return Method(
        name,
        signature or Signature(),
        _flow(owner, name, function, inner, dummy),
        binding,
        overloads,
        optional_since(raw),
        read_bodies and not dummy and source.body_does_something(inner),
        opaque=signature is None or (dummy and not overloads),
        doc=documentation_of(inner) if not dummy else "",
    )


def _flow(owner: type, name: str, outer: Any, inner: Any, dummy: bool) -> Any:
    if dummy:
        registered = _registered_overloads(owner, name)
        if registered:
            return plain_flow(registered[0])
        nodes = source.overload_nodes(owner, name)
        return source.flow_from_node(nodes[0]) if nodes else "sync"
    flow = plain_flow(outer)
    if flow == "sync" and outer is not inner and plain_flow(inner) == "coroutine":
        # A wrapper in plain `def` around `async def` hands the coroutine on.
        return "coroutine"
    return flow


def _registered_overloads(owner: type, name: str) -> list[Any]:
    key: Any = types.SimpleNamespace(
        __module__=owner.__module__, __qualname__=f"{owner.__qualname__}.{name}"
    )
    lookup = getattr(typing, "get_overloads", None)
    return list(lookup(key)) if lookup is not None else []


def _overloads(
    cls: type, owner: type, name: str, drop: bool, substitute: Mapping[Any, Any], dummy: bool
) -> Iterator[Signature]:
    if hasattr(typing, "get_overloads"):
        registered = _registered_overloads(owner, name)
        for function in registered:
            raw = getattr(function, "__func__", function)
            found = function_signature(
                raw, drop, home=cls.__module__, substitute=substitute, owner=owner
            )
            if found is not None:
                yield found
        if registered or not dummy:
            return
    # Python 3.10 forgets the overloads, as does typing.clear_overloads(); the source remembers.
    resolve = resolver_for(owner)
    for node in source.overload_nodes(owner, name):
        yield source.signature_from_node(node, resolve, cls.__module__, drop_first=drop)


def _property(cls: type, owner: type, name: str, raw: Any, read_bodies: bool) -> Attribute:
    getter = raw.fget if isinstance(raw, property) else raw.func
    annotation = own_annotations(getter).get("return", UNKNOWN) if getter is not None else UNKNOWN
    settable = not isinstance(raw, property) or raw.fset is not None
    return Attribute(
        name,
        "property",
        make_annotation(cls, owner, annotation, getter),
        settable,
        read_bodies and getter is not None and source.body_does_something(getter),
        optional_since(raw),
        doc=documentation_of(raw, getter),
    )


def _variable(cls: type, owner: type, name: str, raw: Any, annotation: Any) -> Attribute:
    made = make_annotation(cls, owner, annotation, None)
    text = made.text if made else ""
    wrappers = ("typing.ClassVar", "typing.Final", "typing.ReadOnly")
    wrapped = next((w for w in wrappers if text == w or text.startswith(w + "[")), None)
    if made is not None and wrapped:
        arguments = typing.get_args(made.hint) if made.hint is not UNKNOWN else ()
        inner = text[len(wrapped) + 1 : -1]
        made = Annotation(inner, arguments[0] if arguments else UNKNOWN) if inner else None
    return Attribute(
        name,
        "classvar" if wrapped == "typing.ClassVar" else "variable",
        made,
        settable=wrapped in (None, "typing.ClassVar"),
        has_value=raw is not UNKNOWN and not inspect.ismemberdescriptor(raw),
        optional_since=None,
    )


def make_annotation(cls: type, owner: type, hint: object, function: Any) -> Annotation | None:
    """Return the annotation of a member, its type variables filled in; None when there is none."""
    if hint is UNKNOWN:
        return None
    return type_hint(hint, function or owner, owner, cls.__module__, type_arguments(cls, owner))


def type_arguments(cls: type, owner: type) -> dict[Any, Any]:
    """Return what the type variables of ``owner`` stand for in ``cls``: ``Q(P[int])`` fills T."""
    if cls is owner:
        return {}
    filled: dict[type, dict[Any, Any]] = {cls: {}}
    for klass in cls.__mro__:
        known = filled.setdefault(klass, {})
        for base in klass.__dict__.get("__orig_bases__", ()):
            origin = typing.get_origin(base)
            parameters = getattr(origin, "__parameters__", ())
            if not isinstance(origin, type) or origin in filled or not parameters:
                continue
            arguments = [known.get(a, a) for a in typing.get_args(base)]
            if len(arguments) == len(parameters):
                filled[origin] = dict(zip(parameters, arguments, strict=True))
    return filled.get(owner, {})
