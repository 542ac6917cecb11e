"""Functions with any signature, made from text: what inspects them sees the real thing."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from luminescent_cluster.extensions._calls.reflection import own_annotations, signature_of

from ..engine.methods import method_named

__all__ = ["Call", "Handler", "function_for", "parameters_of"]

Call = Callable[..., Any]
"""Calls the original; keyword arguments replace what it was called with."""

Handler = Callable[[Call, dict[str, Any]], Any]
"""Gets the call of the original and the arguments by name; gives the result."""

_Kind = inspect.Parameter


def parameters_of(member: Any, protocol: type, name: str) -> list[inspect.Parameter]:
    """Give the parameters of a bound method; the protocol's where it does not tell its own."""
    try:
        return list(signature_of(member, follow_wrapped=True).parameters.values())
    except (TypeError, ValueError):
        return list(method_named(protocol, name).parameters)


def function_for(
    inner: Any,
    protocol: type,
    name: str,
    *,
    handler: Handler | None,
    parameters: tuple[list[inspect.Parameter], dict[str, str]] | None,
    make_async: bool,
) -> Any:
    """Make the function that stands for a method of an extension.

    Args:
        inner: the extension.
        protocol: its protocol.
        name: the method.
        handler: what happens instead of the call, or None.
        parameters: another signature, and which of its parameters stand for which.
        make_async: whether it becomes a coroutine function.
    """
    member = getattr(inner, name)
    own = parameters_of(member, protocol, name)
    shown, renamed = parameters or (own, {})

    def call_original(values: dict[str, Any]) -> Any:
        named = {renamed.get(key, key): value for key, value in values.items()}
        return _invoke(getattr(inner, name), own, named)

    def act(values: dict[str, Any]) -> Any:
        if handler is None:
            return call_original(values)
        return handler(lambda **changes: call_original({**values, **changes}), values)

    is_async = inspect.iscoroutinefunction(getattr(member, "__func__", member))
    function = _compiled(name, shown, act, is_async or make_async, awaits=is_async)
    for attribute in ("__doc__", "__module__", "__qualname__"):
        value = getattr(member, attribute, None)
        if value is not None:
            setattr(function, attribute, value)
    known = own_annotations(member)
    function.__annotations__ = {
        **{p.name: p.annotation for p in shown if p.annotation is not _Kind.empty},
        **({"return": known["return"]} if "return" in known else {}),
    }
    return function


def _invoke(function: Any, parameters: list[inspect.Parameter], values: dict[str, Any]) -> Any:
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    by_position = True
    for parameter in parameters:
        if parameter.kind is _Kind.VAR_POSITIONAL:
            args += values.get(parameter.name, ())
        elif parameter.kind is _Kind.VAR_KEYWORD:
            kwargs |= values.get(parameter.name, {})
        elif parameter.name not in values:
            by_position = False
        elif parameter.kind is _Kind.KEYWORD_ONLY or not by_position:
            kwargs[parameter.name] = values[parameter.name]
        else:
            args.append(values[parameter.name])
    return function(*args, **kwargs)


def _compiled(
    name: str,
    parameters: list[inspect.Parameter],
    act: Callable[[dict[str, Any]], Any],
    is_async: bool,
    awaits: bool,
) -> Any:
    names: dict[str, Any] = {"_act": act}
    head, keyword_only = ["self"], False
    positional_only = any(p.kind is _Kind.POSITIONAL_ONLY for p in parameters)
    for number, parameter in enumerate(parameters):
        if positional_only and parameter.kind is not _Kind.POSITIONAL_ONLY:
            head.append("/")
            positional_only = False
        if parameter.kind is _Kind.KEYWORD_ONLY and not keyword_only:
            head.append("*")
        keyword_only = keyword_only or parameter.kind in (_Kind.KEYWORD_ONLY, _Kind.VAR_POSITIONAL)
        text = parameter.name
        if parameter.kind is _Kind.VAR_POSITIONAL:
            text = f"*{text}"
        elif parameter.kind is _Kind.VAR_KEYWORD:
            text = f"**{text}"
        if parameter.default is not _Kind.empty:
            names[f"_default{number}"] = parameter.default
            text += f"=_default{number}"
        head.append(text)
    if positional_only:
        head.append("/")
    values = ", ".join(f"{p.name!r}: {p.name}" for p in parameters)
    body = f"_act({{{values}}})"
    source = (
        f"{'async ' if is_async else ''}def {name}({', '.join(head)}):\n"
        f"    return {'await ' if awaits else ''}{body}\n"
    )
    exec(compile(source, f"<standard fault around {name}>", "exec"), names)
    return names[name]
