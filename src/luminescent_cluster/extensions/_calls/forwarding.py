"""What a wrapper hands on, read from its source.

A wrapper in ``*args, **kwargs`` takes every call; whether the *real* call succeeds is decided by
the function behind it.  ``__wrapped__`` says which function that is, but not what it is given: a
decorator may add a connection or drop a token.  So the wrapper's own text is read: the calls to
the wrapped function, and which of the wrapper's parameters they pass on.  Nothing is run.
"""

from __future__ import annotations

import ast
import types
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .model import UNKNOWN
from .peek import class_of, free_name, peek, really, same_function
from .syntax import Passing, Syntax, syntax_of


@dataclass(frozen=True, slots=True)
class Forward:
    """One call from a wrapper to the live function behind it."""

    target: Any
    passing: Passing


class _Reader:
    """Finds out which live objects a function's text speaks of.

    ``live`` are its leading arguments where known (``self``), else UNKNOWN.
    """

    def __init__(self, function: types.FunctionType, live: Sequence[Any], syntax: Syntax):
        self.function = function
        self.syntax = syntax
        self.live = dict(zip(syntax.parameters, live, strict=False))

    def resolve(self, node: ast.expr) -> Any:
        """Return the live object an expression stands for, by looking only, else UNKNOWN."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            return self._name(node.id)
        if isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Call) and self._is_super(node.value):
                return self._super(node.attr)
            base = self.resolve(node.value)
            return UNKNOWN if base is UNKNOWN else peek(base, self._mangled(node.attr))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id == "getattr" and len(node.args) == 2:
                base, name = map(self.resolve, node.args)
                if base is not UNKNOWN and isinstance(name, str):
                    return peek(base, name)
            if node.func.id == "type" and len(node.args) == 1:
                base = self.resolve(node.args[0])
                return UNKNOWN if base is UNKNOWN else class_of(base)
        return UNKNOWN

    def _mangled(self, name: str) -> str:
        """Return the name under which a class keeps what its text calls ``__name``."""
        owner = self.function.__qualname__.rpartition(".")[0].rpartition(".")[2]
        if not name.startswith("__") or name.endswith("__") or owner in ("", "<locals>"):
            return name
        return f"_{owner.lstrip('_')}{name}"

    def _name(self, name: str) -> Any:
        if name in self.syntax.stored or name in (self.syntax.rest, self.syntax.options):
            return UNKNOWN
        if name in self.live:
            return self.live[name]
        if name in self.syntax.real:
            return UNKNOWN
        return free_name(self.function, name)

    def _is_super(self, node: ast.Call) -> bool:
        return isinstance(node.func, ast.Name) and node.func.id == "super" and not node.keywords

    def _super(self, name: str) -> Any:
        klass = free_name(self.function, "__class__")
        first = next((self.live[n] for n in self.syntax.parameters[:1] if n in self.live), UNKNOWN)
        if not isinstance(klass, type) or first is UNKNOWN:
            return UNKNOWN
        order = (first if really(first, type) else class_of(first)).__mro__
        if klass not in order:
            return UNKNOWN
        for base in order[order.index(klass) + 1 :]:
            if name in vars(base):
                raw = vars(base)[name]
                if really(raw, types.FunctionType):
                    return types.MethodType(raw, first)
                if really(raw, staticmethod):
                    return raw.__func__
                if really(raw, classmethod):
                    return types.MethodType(raw.__func__, class_of(first))
                return UNKNOWN
        return UNKNOWN


def forwards_of(
    function: types.FunctionType, wrapped: Any, live: Sequence[Any]
) -> tuple[Forward, ...] | None:
    """Return the calls with which a wrapper reaches the function behind it.

    Args:
        function: the wrapper.
        wrapped: what its ``__wrapped__`` holds, or UNKNOWN.
        live: its leading positional arguments as far as known (``self``), else UNKNOWN.

    Returns:
        None when the source is not there; an empty tuple when no such call is found.
    """
    syntax = syntax_of(function)
    if syntax is None:
        return None
    reader = _Reader(function, live, syntax)
    found: list[Forward] = []
    if wrapped is not UNKNOWN:
        for call in syntax.calls:
            found.extend(_to_wrapped(reader, call, wrapped))
    if found:
        return tuple(found)
    if len(syntax.starred) != 1:
        return ()
    call = syntax.starred[0]
    target = reader.resolve(call.func)
    if target is UNKNOWN or not callable(target):
        return ()
    return (Forward(target, syntax.passing(call)),)


def _to_wrapped(reader: _Reader, call: ast.Call, wrapped: Any) -> Iterator[Forward]:
    callee = reader.resolve(call.func)
    if same_function(callee, wrapped):
        # fn.__func__(...) where fn is a classmethod object calls what is inside it, and a method
        # that was bound before brings its own `self`.
        own = really(wrapped, classmethod) or really(callee, types.MethodType)
        yield Forward(callee if own else wrapped, reader.syntax.passing(call))
        return
    inner = call.func
    if (
        isinstance(inner, ast.Call)
        and isinstance(inner.func, ast.Attribute)
        and inner.func.attr == "__get__"
        and same_function(reader.resolve(inner.func.value), wrapped)
    ):
        # fn.__get__(self, type(self))(*args, **kwargs)
        target = wrapped.__func__ if really(wrapped, classmethod) else wrapped
        yield Forward(target, reader.syntax.passing(call, 0, True))
        return
    for at, argument in enumerate(call.args):
        value = UNKNOWN if isinstance(argument, ast.Starred) else reader.resolve(argument)
        if value is not UNKNOWN and same_function(value, wrapped):
            # to_thread(fn, *args, **kwargs) calls; inspect.signature(fn) only looks.
            if reader.syntax.passes_own(call.args[at + 1 :], call.keywords):
                yield Forward(wrapped, reader.syntax.passing(call, at + 1))
            return


def returned_callees(
    function: types.FunctionType, live: Sequence[Any]
) -> list[tuple[str, Any]] | None:
    """Return name and live callee of the calls whose result a function returns.

    The callee is UNKNOWN where it cannot be looked up.  None when the source is not there; an
    empty list when no call is returned.
    """
    syntax = syntax_of(function)
    if syntax is None:
        return None
    reader = _Reader(function, live, syntax)
    return [(_last_name(call.func), reader.resolve(call.func)) for call in syntax.returned_calls]


def returned_values(function: types.FunctionType, live: Sequence[Any]) -> list[Any]:
    """Return the live objects that a function returns by name, as far as they can be looked up."""
    syntax = syntax_of(function)
    if syntax is None:
        return []
    reader = _Reader(function, live, syntax)
    found = (reader.resolve(name) for name in syntax.returned_names)
    return [value for value in found if value is not UNKNOWN]


def _last_name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def wrapt_forwards(user: Any, wrapped: Any) -> tuple[Forward, ...] | None:
    """Return how a wrapt wrapper, ``def wrapper(wrapped, instance, args, kwargs)``, hands on.

    None when its source is not there.
    """
    function = getattr(user, "__func__", user)
    plain = syntax_of(function) if really(function, types.FunctionType) else None
    first = int(really(user, types.MethodType))
    syntax = plain.as_wrapt(first) if plain is not None else None
    if plain is None or syntax is None:
        return None
    reader = _Reader(function, (), syntax)
    reader.live = {plain.parameters[first]: wrapped}
    return tuple(f for call in syntax.calls for f in _to_wrapped(reader, call, wrapped))
