"""Uses of a protocol as a whole, performed: its type parameters, and ``isinstance``."""

from __future__ import annotations

import types
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from .rejections import Rejection

__all__ = ["fill_parameters", "instance_check"]


def instance_check(name: str) -> tuple[str, str] | None:
    """Ask ``isinstance`` for a protocol with and without ``@runtime_checkable``."""
    plain: Any = types.new_class(name, (Protocol,))
    checked: Any = runtime_checkable(types.new_class(name, (Protocol,)))
    isinstance(object(), checked)
    try:
        isinstance(object(), plain)
    except TypeError as error:
        return f"isinstance(extension, {name})", f"TypeError: {error}"
    return None


def fill_parameters(rejection: Rejection) -> tuple[str, str] | None:
    """Fill the type parameters as the old version takes them; None where the new takes them."""
    text = rejection.reason.partition(" ")[0]
    if rejection.level == "type checker":
        return text, f"TypeError: {rejection.reason}"
    count = len(rejection.parameters)
    old, new = _class_of(count), _class_of(int(rejection.witness))
    arguments = tuple([int] * count)
    try:
        old[arguments]
    except TypeError:
        return None
    try:
        new[arguments]
    except TypeError as error:
        return text, f"TypeError: {error}"
    return None


def _class_of(count: int) -> Any:
    if not count:
        return type("P", (), {})
    variables = tuple(TypeVar(f"T{at}") for at in range(count))
    base: Any = Generic
    return types.new_class("P", (base[variables],))
