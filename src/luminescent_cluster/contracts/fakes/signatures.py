"""What a method of a protocol takes and gives, as far as a mock has to check it."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any
from unittest.mock import NonCallableMock

import typing_extensions
from typeguard import CollectionCheckStrategy, ForwardRefPolicy, TypeCheckError, check_type

from luminescent_cluster.extensions._calls.reflection import own_annotations, signature_of

__all__ = ["MethodChecks", "bound_to", "mismatch", "resolved_hints"]

_ANYTHING = (Any, object, inspect.Parameter.empty)


class MethodChecks:
    """Checks the calls of one method and what they return."""

    def __init__(self, name: str, function: FunctionType, bound: Callable[..., Any]) -> None:
        """Read the signature of `bound`, whose annotations are those of `function`."""
        self.name = name
        self.bound = bound
        self.is_async = inspect.iscoroutinefunction(function)
        self._signature = signature_of(bound, follow_wrapped=True)
        hints = resolved_hints(function)
        self._hints = {name: hint for name, hint in hints.items() if not _mentions_self(hint)}

    @property
    def returns(self) -> Any:
        """The declared type of the result; the awaited one of an async method."""
        return self._hints.get("return", Any)

    def check_arguments(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Raise TypeError where the call does not bind or an argument has the wrong type."""
        try:
            bound = self._signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{self.name}{self._signature}: {error}") from None
        for name, value in bound.arguments.items():
            for one in _values(self._signature.parameters[name].kind, value):
                problem = mismatch(one, self._hints.get(name, Any))
                if problem:
                    raise TypeError(f"{self.name}(): argument {name}: {problem}")

    def check_result(self, value: Any) -> None:
        """Raise TypeError where `value` is not what the method is declared to return."""
        problem = mismatch(value, self.returns)
        if problem:
            raise TypeError(
                f"{self.name}() was told to return {value!r}: {problem}; "
                f"the protocol declares {self.returns}"
            )


def mismatch(value: object, annotation: Any) -> str | None:
    """Say why `value` has not the type `annotation`, or None where it has or cannot be judged."""
    if annotation in _ANYTHING or isinstance(annotation, (str, typing.TypeVar)):
        return None
    if _is_bare_mock(value):
        # typeguard lets every mock through, which would undo what this mock is for
        members = typing.get_args(annotation) or (annotation,)
        return None if any(one in _ANYTHING for one in members) else "a mock without a spec"
    try:
        check_type(
            value,
            annotation,
            forward_ref_policy=ForwardRefPolicy.IGNORE,
            collection_check_strategy=CollectionCheckStrategy.ALL_ITEMS,
        )
    except TypeCheckError as error:
        return str(error)
    return None


def _mentions_self(hint: Any) -> bool:
    """Tell whether a type asks for another of the same class: a mock stands for any of them."""
    return hint is typing_extensions.Self or any(map(_mentions_self, typing.get_args(hint)))


def resolved_hints(owner: Any) -> dict[str, Any]:
    """Give the annotations of a function or class with names resolved.

    A name that exists only for type checkers cannot be resolved: that one annotation is left out,
    the others count.
    """
    try:
        return typing.get_type_hints(owner)
    except Exception:  # resolving runs anybody's expressions
        hints: dict[str, Any] = {}
        for name, annotation in own_annotations(owner).items():
            try:
                single = FunctionType((lambda: None).__code__, getattr(owner, "__globals__", {}))
                single.__annotations__ = {name: annotation}
                hints |= typing.get_type_hints(single)
            except Exception:  # left out, as documented
                continue
        return hints


def bound_to(function: Any, owner: type) -> tuple[FunctionType, Callable[..., Any]] | None:
    """Give a protocol's raw attribute as (function, what a caller sees), if it is a method."""
    if isinstance(function, (staticmethod, classmethod)):
        inner: Any = function.__func__
        return inner, inner if isinstance(function, staticmethod) else MethodType(inner, owner)
    if isinstance(function, FunctionType):
        return function, MethodType(function, object())
    return None


def _values(kind: Any, value: Any) -> list[Any]:
    if kind is inspect.Parameter.VAR_POSITIONAL:
        return list(value)
    if kind is inspect.Parameter.VAR_KEYWORD:
        return list(value.values())
    return [value]


def _is_bare_mock(value: object) -> bool:
    # a mock with a spec says that it is of the spec's class
    return isinstance(value, NonCallableMock) and issubclass(value.__class__, NonCallableMock)
