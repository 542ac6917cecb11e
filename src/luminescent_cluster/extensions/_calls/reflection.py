"""Annotations and signatures of live objects, whatever evaluating the annotations raises.

From Python 3.14 on annotations are evaluated when somebody asks for them, and not when the
function is defined. A name that is imported for type checkers only, without quotes, is legitimate
then, and missing.
"""

from __future__ import annotations

import ast
import inspect
import sys
import types
import typing
from collections.abc import Mapping
from typing import Any, Final

from .model import UNKNOWN
from .source import function_node

__all__ = ["needs_evaluation", "own_annotations", "signature_of"]

_LATE: Final = sys.version_info >= (3, 14)


def own_annotations(owner: Any) -> Mapping[str, Any]:
    """Return the annotations that a class or function itself carries; never raises.

    Where one of them cannot be evaluated, those that can be are given as they are, and the others
    as text, as ``from __future__ import annotations`` does.
    """
    try:
        return inspect.get_annotations(owner)
    except Exception:
        return _late_annotations(owner) if _LATE else {}


def _late_annotations(owner: Any) -> Mapping[str, Any]:
    lib = _annotationlib()
    try:
        texts: dict[str, Any] = lib.get_annotations(owner, format=lib.Format.STRING)
    except Exception:  # it forgives what names do, and no others: `"Later" | None`
        return _written_annotations(owner)
    try:
        values = lib.get_annotations(owner, format=lib.Format.FORWARDREF)
    except Exception:
        values = {}
    for name in texts:
        value = values.get(name, UNKNOWN)
        if value is not UNKNOWN and not needs_evaluation(value):
            texts[name] = value
    return texts


def _written_annotations(owner: Any) -> Mapping[str, Any]:
    """Return the annotations of a Python function as its source has them."""
    function = getattr(owner, "__func__", owner)
    node = function_node(function) if isinstance(function, types.FunctionType) else None
    if node is None:
        return {}
    given = node.args
    every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
    hints = {arg.arg: arg.annotation for arg in every if arg is not None}
    hints["return"] = node.returns
    return {name: ast.unparse(hint) for name, hint in hints.items() if hint is not None}


def signature_of(function: Any, *, follow_wrapped: bool = False) -> inspect.Signature:
    """Return what ``inspect.signature`` does; annotations as ``own_annotations`` gives them.

    Raises:
        TypeError: it cannot be called.
        ValueError: it does not tell what it takes.
        Exception: what an annotation of something else than a Python function raises.
    """
    try:
        return inspect.signature(function, follow_wrapped=follow_wrapped)
    except Exception:
        if not _LATE:
            raise
    known = own_annotations(inspect.unwrap(function) if follow_wrapped else function)
    found = _signature_without_values(function, follow_wrapped)
    parameters = [
        parameter.replace(annotation=known.get(parameter.name, parameter.annotation))
        for parameter in found.parameters.values()
    ]
    returns = known.get("return", found.return_annotation)
    return found.replace(parameters=parameters, return_annotation=returns)


def _signature_without_values(function: Any, follow_wrapped: bool) -> inspect.Signature:
    texts: dict[str, Any] = {"annotation_format": _annotationlib().Format.STRING}
    try:
        return inspect.signature(function, follow_wrapped=follow_wrapped, **texts)
    except Exception:
        raw = inspect.unwrap(function) if follow_wrapped else function
        plain = getattr(raw, "__func__", raw)
        if not isinstance(plain, types.FunctionType):
            raise
    bare = types.FunctionType(
        plain.__code__, plain.__globals__, plain.__name__, plain.__defaults__, plain.__closure__
    )
    bare.__kwdefaults__ = plain.__kwdefaults__
    if plain is not raw:
        return inspect.signature(types.MethodType(bare, raw.__self__))
    return inspect.signature(bare)


def needs_evaluation(hint: object) -> bool:
    """Return True for a hint with quotes, or a name that is missing, somewhere in it."""
    if isinstance(hint, (str, typing.ForwardRef)):
        return True
    if typing.get_origin(hint) is typing.Literal:
        return False
    if isinstance(hint, list):
        return any(map(needs_evaluation, hint))
    return any(map(needs_evaluation, typing.get_args(hint)))


def _annotationlib() -> Any:
    import annotationlib  # type: ignore[import-not-found,unused-ignore]

    return annotationlib
