"""The methods of a protocol, with resolved annotations."""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from luminescent_cluster.extensions._calls.reflection import own_annotations, signature_of
from luminescent_cluster.extensions.optional import optional_since

from .overloads import overloads_of

__all__ = ["Method", "method_named", "methods_of", "specials_of"]

_CALLED = frozenset(
    f"__{name}__"
    for name in ("len", "iter", "aiter", "bool", "enter", "exit", "aenter", "aexit", "reversed")
)


@dataclass(frozen=True)
class Method:
    """One method of a protocol, as callers see it.

    Attributes:
        name: its name.
        parameters: without ``self``.
        hints: resolved annotations by parameter, ``"return"`` included; what cannot be resolved
            is missing.
        is_async: whether the protocol declares a coroutine function.
        optional: the version that introduced it as optional, or None.
    """

    name: str
    parameters: tuple[inspect.Parameter, ...]
    hints: Mapping[str, Any] = field(hash=False)
    is_async: bool
    optional: str | None

    @property
    def returns(self) -> Any:
        """The resolved return annotation; ``inspect.Parameter.empty`` where there is none."""
        return self.hints.get("return", inspect.Parameter.empty)


@functools.lru_cache(maxsize=256)
def methods_of(protocol: type) -> tuple[Method, ...]:
    """Give the public methods of a protocol class, in the order of their definition.

    A protocol's own ``__call__`` counts; other dunder and private names do not. An overloaded
    method is given once for each overload: that is what callers may rely on.
    """
    return _collected(protocol, lambda name: not name.startswith("_") or name == "__call__")


@functools.lru_cache(maxsize=256)
def specials_of(protocol: type) -> tuple[Method, ...]:
    """Give the special methods that a protocol asks for: what ``with`` and ``len()`` call."""
    return _collected(protocol, lambda name: name in _CALLED)


def _collected(protocol: type, wanted: Callable[[str], bool]) -> tuple[Method, ...]:
    found: dict[str, list[Method]] = {}
    for base in reversed(protocol.__mro__):
        if base is object or base.__module__ in ("typing", "typing_extensions"):
            continue
        for name, member in vars(base).items():
            if not wanted(name):
                continue
            bound = isinstance(member, (staticmethod, classmethod))
            function = member.__func__ if bound else member
            if not inspect.isfunction(function):
                continue
            if name.startswith("__") and not getattr(base, "_is_protocol", False):
                continue
            static, optional = isinstance(member, staticmethod), optional_since(member)
            found.pop(name, None)
            found[name] = [
                _method(name, each, static, optional)
                for each in overloads_of(base, name) or [function]
            ]
    return tuple(method for several in found.values() for method in several)


def _method(name: str, function: Any, static: bool, optional: str | None) -> Method:
    parameters = tuple(signature_of(function, follow_wrapped=True).parameters.values())
    return Method(
        name,
        parameters if static else parameters[1:],
        _hints(function),
        inspect.iscoroutinefunction(function),
        optional,
    )


def method_named(protocol: type, name: str) -> Method:
    """Give one method of a protocol; its first overload, where it has some.

    Raises:
        KeyError: it has none of that name.
    """
    for method in methods_of(protocol):
        if method.name == name:
            return method
    raise KeyError(f"{protocol.__name__} has no method {name}")


def _hints(function: Any) -> dict[str, Any]:
    try:
        return typing.get_type_hints(function, include_extras=True)
    except Exception:  # a name that only a type checker can see: resolve what can be resolved
        resolved: dict[str, Any] = {}
        for name, annotation in own_annotations(function).items():
            try:
                lone = _lone_function({name: annotation}, function.__globals__)
                resolved |= typing.get_type_hints(lone, include_extras=True)
            except Exception:
                continue
        return resolved


def _lone_function(annotations: dict[str, Any], names: dict[str, Any]) -> Any:
    """Give an object with just these annotations, to be resolved among these names."""
    import types

    lone = types.FunctionType((lambda: None).__code__, names)
    lone.__annotations__ = annotations
    return lone
