"""Type parameters of live classes."""

from __future__ import annotations

import inspect
import typing
from typing import Any

from .hints import render
from .model import TypeParameter
from .names import resolver_for
from .spelling import Resolver

__all__ = ["VARIABLES", "type_parameter", "type_parameters_of"]

VARIABLES: typing.Final = ("TypeVar", "ParamSpec", "TypeVarTuple")
"""What the classes of type variables are called, in ``typing`` and in ``typing_extensions``."""


def type_parameters_of(cls: type) -> tuple[TypeParameter, ...]:
    """Return the type parameters of a class, in order."""
    resolve = resolver_for(cls)
    return tuple(
        type_parameter(item, resolve, cls.__module__)
        for item in getattr(cls, "__parameters__", ())
        if type(item).__name__ in VARIABLES
    )


def type_parameter(item: Any, resolve: Resolver, home: str) -> TypeParameter:
    """Return what a live type variable says of itself, its hints as ``home`` writes them."""
    # Some interpreters say NoneType of a ParamSpec, which knows no bounds.
    bound = item.__bound__ if type(item).__name__ == "TypeVar" else None
    return TypeParameter(
        item.__name__,
        typing.cast("typing.Any", type(item).__name__),
        "" if bound is None else render(bound, resolve, home),
        tuple(render(c, resolve, home) for c in getattr(item, "__constraints__", ())),
        _variance(item),
        _type_default(item, resolve, home),
    )


def _type_default(item: Any, resolve: Resolver, home: str) -> str:
    """Return what a type variable stands for where no argument is given (PEP 696)."""
    default = getattr(item, "__default__", inspect.Parameter.empty)
    if default is inspect.Parameter.empty or type(default).__name__ == "NoDefaultType":
        return ""
    if isinstance(default, list):
        return f"[{', '.join(render(part, resolve, home) for part in default)}]"
    return render(default, resolve, home)


def _variance(item: Any) -> Any:
    if type(item).__name__ != "TypeVar":
        return "invariant"  # nobody says it of the others
    if getattr(item, "__infer_variance__", False):
        return "inferred"
    if getattr(item, "__covariant__", False):
        return "covariant"
    return "contravariant" if getattr(item, "__contravariant__", False) else "invariant"
