"""Deciding whether an object takes every call that a protocol permits."""

from __future__ import annotations

import collections.abc as abc
import functools
import typing
from typing import Any
from weakref import WeakKeyDictionary

from ..optional import optional_members
from .asynchrony import flow_problem
from .callers_view import as_called, by_position
from .calls import permitted_calls
from .hints import render
from .live import shape_of
from .lookup import Found, find_attribute, find_method, is_operator, of_value
from .method_calls import Calls
from .mocks import answers_by_configuration
from .model import (
    POSITIONAL_ONLY,
    UNKNOWN,
    Annotation,
    Attribute,
    Method,
    Parameter,
    Shape,
    Signature,
)
from .peek import instance_dict, looks_up_plainly, raw_attribute, really
from .verdict import Judgement, Rejection

_shapes: WeakKeyDictionary[type, Shape] = WeakKeyDictionary()


def cached_shape(protocol: type) -> Shape:
    """Return the shape of a protocol without looking at method bodies, remembered per class."""
    try:
        return _shapes[protocol]
    except KeyError:
        return _shapes.setdefault(protocol, shape_of(protocol, read_bodies=False))


def check_calls(extension: object, protocol: type) -> tuple[Rejection, ...]:
    """Return why an extension does not take the calls that a protocol permits; no call is made.

    Args:
        extension: an instance (or a class, for its instances).
        protocol: a ``typing.Protocol`` class.

    Returns:
        Rejections of SIG-01 to SIG-04 and DEF-01 to DEF-03, empty when every call is taken.
        Members that ``with_defaults`` serves may be missing.
        Annotations are not compared.
    """
    served = frozenset(optional_members(protocol))
    return tuple(judge(extension, cached_shape(protocol), protocol, served).rejections)


def judge(
    extension: Any,
    shape: Shape,
    protocol: type | None = None,
    served: frozenset[str] = frozenset(),
) -> Judgement:
    """Judge an extension against a shape.

    Args:
        extension: an instance, or a class, for its instances.
        shape: what is asked for.
        protocol: the live class of the shape, where there is one.
        served: members that may be missing, besides those that the shape marks as optional.
    """
    verdict = Judgement()
    own = frozenset(p.name for p in shape.type_parameters)
    for method in shape.methods:
        _judge_method(extension, method, protocol, verdict, served, own)
    for attribute in shape.attributes:
        _judge_attribute(extension, attribute, verdict, served)
    return verdict


def _judge_attribute(
    extension: Any, attribute: Attribute, verdict: Judgement, served: frozenset[str]
) -> None:
    name = attribute.name
    found = verdict.attributes[name] = find_attribute(extension, name)
    if found.node is None:
        if not (attribute.optional_since or name in served):
            verdict.rejections.append(Rejection("SIG-01", name, f".{name}", found.reason))
    elif found.unsure:
        verdict.inconclusive.append(Rejection("SIG-01", name, "", found.unsure))
    elif attribute.kind == "classvar" and _only_on_instance(extension, name):
        reason = "it is set on the instance alone, the protocol has it on the class (ClassVar)"
        verdict.rejections.append(Rejection("SIG-01", name, f".{name}", reason))
    elif (called := callable_method(attribute)) is not None:
        _judge_callable(extension, called, found, verdict)


def _only_on_instance(extension: Any, name: str) -> bool:
    owner = type(extension)
    if not looks_up_plainly(owner) or raw_attribute(owner, "__getattr__") is not UNKNOWN:
        return False  # a proxy has nothing on its class
    on_class = raw_attribute(owner, name)
    return name in instance_dict(extension) and on_class is UNKNOWN


def callable_method(attribute: Attribute) -> Method | None:
    """Return the method that an attribute hinted ``Callable[[A, B], R]`` amounts to, else None."""
    hint = attribute.annotation.hint if attribute.annotation else UNKNOWN
    if typing.get_origin(hint) is not abc.Callable:
        return None
    arguments = typing.get_args(hint)
    if not arguments or not isinstance(arguments[0], list):
        return None
    parameters = tuple(
        Parameter(f"argument {at}", POSITIONAL_ONLY, None, Annotation(_shown(part), part))
        for at, part in enumerate(arguments[0], 1)
    )
    if any("Unpack" in p.annotation.text for p in parameters if p.annotation):
        return None
    returns = Annotation(_shown(arguments[1]), arguments[1])
    return Method(attribute.name, Signature(parameters, returns))


def _shown(hint: object) -> str:
    return render(hint, lambda name: None)


def _judge_callable(extension: Any, method: Method, found: Found, verdict: Judgement) -> None:
    klass = extension if really(extension, type) else type(extension)
    if isinstance(raw_attribute(klass, method.name), (property, functools.cached_property)):
        return  # looking would run it
    if found.value is UNKNOWN or klass is extension:
        found = find_method(extension, method.name, None)
    else:
        found = of_value(found.value, f"{klass.__qualname__}.{method.name}")
    if found.node is not None and not found.unsure:
        verdict.nodes[method.name] = found.node
        Calls(method.name, method.signature, found.node, verdict).judge()
    elif found.node is None:
        verdict.rejections.append(Rejection("SIG-01", method.name, "", found.reason))


def _judge_method(
    extension: Any,
    method: Method,
    protocol: type | None,
    verdict: Judgement,
    served: frozenset[str],
    chosen_by_implementation: frozenset[str],
) -> None:
    found = find_method(extension, method.name, protocol)
    if found.node is None:
        optional = method.optional_since is not None or method.name in served
        if not optional or "has no" not in found.reason:
            call = (
                "" if method.opaque else permitted_calls(method.signatures[0])[0].text(method.name)
            )
            verdict.rejections.append(Rejection("SIG-01", method.name, call, found.reason))
        return
    verdict.nodes[method.name] = found.node
    if found.unsure:
        verdict.inconclusive.append(Rejection("SIG-01", method.name, "", found.unsure))
        return
    if method.opaque:
        reason = "the protocol does not tell which calls it permits"
        verdict.inconclusive.append(Rejection("SIG-02", method.name, "", reason))
    else:
        for signature in method.signatures:
            signature = as_called(signature, chosen_by_implementation)
            if is_operator(method.name):
                signature = by_position(signature)
            Calls(method.name, signature, found.node, verdict).judge()
    problem, sure = flow_problem(method, found.node)
    if problem and not answers_by_configuration(extension, found.value):
        call = "" if method.opaque else permitted_calls(method.signatures[0])[0].text(method.name)
        into = verdict.rejections if sure else verdict.inconclusive
        into.append(Rejection("SIG-04", method.name, call, problem))
