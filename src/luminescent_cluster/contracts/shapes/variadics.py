"""Comparing annotations where an implementation takes ``*args`` or ``**kwargs`` (SIG-05)."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from luminescent_cluster.extensions._calls.functions import copied_annotations, function_signature
from luminescent_cluster.extensions._calls.model import (
    VAR_KEYWORD,
    VAR_POSITIONAL,
    Method,
    Signature,
)
from luminescent_cluster.extensions._calls.nodes import Node

from .hint_forms import outer_function
from .subtype import assignable

if TYPE_CHECKING:
    from .annotations import Comparer

__all__ = ["compare_variadics"]


def compare_variadics(comparer: Comparer, method: Method, node: Node) -> None:
    """Compare what a method takes in ``*args`` and ``**kwargs`` with what its protocol passes.

    Args:
        comparer: takes the rejections.
        method: the protocol's.
        node: the implementation's.
    """
    outer = outer_function(node)
    flags = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS
    if outer is None or not outer.__code__.co_flags & flags:
        return
    if copied_annotations(outer):
        return  # they speak of the function behind
    mine = function_signature(outer, False, owner=comparer.owner)
    if mine is None:
        return
    _swallowed(comparer, method, mine)
    _extra_keywords(comparer, method, mine)
    _starred(comparer, method, mine)
    _unpacked(comparer, method, mine)


def _swallowed(comparer: Comparer, method: Method, mine: Signature) -> None:
    """Compare parameters that the implementation only takes in ``*args`` or ``**kwargs``."""
    places = comparer.verdict.places.get(method.name, {})
    for parameter in method.signature.parameters:
        if parameter.variadic or parameter.name in places or parameter.annotation is None:
            continue
        ways = (parameter.positional and VAR_POSITIONAL, parameter.by_keyword and VAR_KEYWORD)
        for twin in mine.parameters:
            if twin.kind not in ways or twin.annotation is None or twin.fields:
                continue
            wanted = comparer.wanted(parameter.annotation, argument=True)
            if assignable(wanted, comparer.prepare(twin.annotation.hint)) is False:
                comparer.reject(
                    method.name,
                    f"the protocol passes {parameter.annotation.text} for "
                    f"{parameter.name!r}, this takes {twin.annotation.text}",
                    parameter.name,
                )
                break


def _extra_keywords(comparer: Comparer, method: Method, mine: Signature) -> None:
    """Compare parameters of its own with the ``**kwargs`` in which a caller may name them."""
    options = next((p for p in method.signature.parameters if p.kind == VAR_KEYWORD), None)
    if options is None or options.annotation is None or options.fields:
        return
    wanted = comparer.wanted(options.annotation, argument=True)
    names = {p.name for p in method.signature.parameters}
    for twin in mine.parameters:
        if not twin.by_keyword or twin.name in names or twin.annotation is None:
            continue
        if twin.default and assignable(wanted, comparer.prepare(twin.annotation.hint)) is False:
            comparer.reject(
                method.name,
                f"the protocol passes {options.annotation.text} under any name in "
                f"**{options.name}, this takes {twin.annotation.text} for {twin.name!r}",
                twin.name,
            )


def _starred(comparer: Comparer, method: Method, mine: Signature) -> None:
    """Compare ``*args`` with ``*args``, and ``**kwargs`` with ``**kwargs``."""
    for parameter in method.signature.parameters:
        twin = next((p for p in mine.parameters if p.kind == parameter.kind), None)
        if not parameter.variadic or twin is None or twin.annotation is None:
            continue
        if parameter.annotation is None or parameter.fields or twin.fields:
            continue
        wanted = comparer.wanted(parameter.annotation, argument=True)
        given = comparer.prepare(twin.annotation.hint)
        if assignable(wanted, given) is False:
            stars = "*" if parameter.kind == VAR_POSITIONAL else "**"
            comparer.reject(
                method.name,
                f"the protocol passes {parameter.annotation.text} in {stars}{parameter.name}, "
                f"this takes {twin.annotation.text}",
                parameter.name,
            )


def _unpacked(comparer: Comparer, method: Method, mine: Signature) -> None:
    """Compare keywords with an implementation's ``**options: Unpack[TypedDict]``."""
    options = next((p for p in mine.parameters if p.kind == VAR_KEYWORD), None)
    if options is None or options.fields is None:
        return
    named = {p.name for p in mine.parameters if not p.variadic}
    offered = {
        p.name: (p.annotation, p.required)
        for p in method.signature.parameters
        if p.by_keyword and p.name not in named
    }
    for parameter in method.signature.parameters:
        for item in parameter.fields or ():
            offered.setdefault(item.name, (item.annotation, item.required))
    known = {item.name: item for item in options.fields}
    for name, (annotation, _) in offered.items():
        if name not in known:
            comparer.reject(method.name, f"**{options.name} has no key {name!r}", name)
            continue
        twin = known[name].annotation
        if annotation is not None and twin is not None:
            wanted, given = comparer.wanted(annotation, argument=True), comparer.prepare(twin.hint)
            if assignable(wanted, given) is False:
                reason = f"the protocol passes {annotation.text} for {name!r}, this takes "
                comparer.reject(method.name, reason + twin.text, name)
    for item in options.fields:
        if item.required and not offered.get(item.name, (None, False))[1]:
            reason = f"it needs the key {item.name!r}, which a call may leave out"
            comparer.reject(method.name, reason, item.name)
