"""The ``@overload`` definitions of a protocol's method, and which of them a call belongs to."""

from __future__ import annotations

import ast
import inspect
import sys
import types
import typing
from typing import TYPE_CHECKING, Any

import typing_extensions

from luminescent_cluster.extensions._calls.source import overload_nodes

from .returned import type_fault

if TYPE_CHECKING:
    from .methods import Method

__all__ = ["method_called", "overloads_of"]


def overloads_of(owner: type, name: str) -> list[Any]:
    """Give the functions that a class declares as overloads of a method, in their order.

    Args:
        owner: the class whose body has them.
        name: the method's name.
    """
    qualified: Any = types.SimpleNamespace(
        __module__=owner.__module__, __qualname__=f"{owner.__qualname__}.{name}"
    )
    found = [getattr(f, "__func__", f) for f in typing_extensions.get_overloads(qualified)]
    if found or not _is_dummy(owner, name):
        return found
    # Python 3.10 forgets the overloads, as does typing.clear_overloads(); the source remembers.
    return _from_source(owner, name)


def _is_dummy(owner: type, name: str) -> bool:
    member = vars(owner).get(name)
    return getattr(getattr(member, "__func__", member), "__name__", "") == "_overload_dummy"


def _from_source(owner: type, name: str) -> list[Any]:
    names = vars(sys.modules.get(owner.__module__, typing))
    found = []
    for node in overload_nodes(owner, name):
        node.decorator_list = []
        future = ast.parse("from __future__ import annotations").body
        space: dict[str, Any] = {}
        try:
            module = ast.Module([*future, node], [])
            exec(compile(ast.fix_missing_locations(module), owner.__module__, "exec"), names, space)
        except Exception:  # a default that is a name of the class body
            return []
        found.append(space[name])
    return found


def method_called(
    methods: typing.Iterable[Method], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Method | None:
    """Give the method that a call belongs to: of several overloads, the first that takes it.

    Args:
        methods: those of the protocol.
        name: what is called.
        args: by position.
        kwargs: by keyword.

    Returns:
        None where no overload takes the arguments, so that nothing is declared of the result.
    """
    named = [method for method in methods if method.name == name]
    if len(named) == 1:
        return named[0]
    return next((method for method in named if _takes(method, args, kwargs)), None)


def _takes(method: Method, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    try:
        bound = inspect.Signature(list(method.parameters)).bind(*args, **kwargs)
    except TypeError:
        return False
    plain = {
        p.name
        for p in method.parameters
        if p.kind not in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    }
    return not any(
        type_fault(value, method.hints[key])
        for key, value in bound.arguments.items()
        if key in plain and key in method.hints
    )
