"""Binding a call to one layer of a callable, by Python's own rules."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from .model import KEYWORD_ONLY, VAR_KEYWORD, VAR_POSITIONAL, Signature


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """What one function takes, ``self`` included, as it is at run time."""

    names: tuple[str, ...] = ()
    positional_only: int = 0
    keyword_only: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()
    rest: str | None = None
    options: str | None = None
    defaults: Mapping[str, Any] = field(default_factory=dict)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of all parameters that are not variadic."""
        return self.names + self.keyword_only


GENERIC = Layer(rest="args", options="kwargs")


def layer_of_function(function: Any) -> Layer:
    """Read the layer off a Python function's code; what ``__signature__`` claims plays no part."""
    code: CodeType = function.__code__
    count, only = code.co_argcount, code.co_kwonlyargcount
    variables = code.co_varnames
    names, keyword_only = variables[:count], variables[count : count + only]
    values = function.__defaults__ or ()
    defaults = dict(zip(names[count - len(values) :], values, strict=True)) if values else {}
    if function.__kwdefaults__:
        defaults.update(function.__kwdefaults__)
    at = count + only
    rest = options = None
    if code.co_flags & inspect.CO_VARARGS:
        rest = variables[at]
        at += 1
    if code.co_flags & inspect.CO_VARKEYWORDS:
        options = variables[at]
    return Layer(
        names,
        code.co_posonlyargcount,
        keyword_only,
        frozenset(names + keyword_only).difference(defaults),
        rest,
        options,
        defaults,
    )


def layer_of_signature(signature: inspect.Signature) -> Layer:
    """Convert what :func:`inspect.signature` says, for callables that are not Python functions."""
    names, only, keyword_only = [], 0, []
    rest = options = None
    defaults: dict[str, Any] = {}
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.VAR_POSITIONAL:
            rest = parameter.name
        elif parameter.kind is parameter.VAR_KEYWORD:
            options = parameter.name
        else:
            if parameter.kind is parameter.KEYWORD_ONLY:
                keyword_only.append(parameter.name)
            else:
                names.append(parameter.name)
                only += parameter.kind is parameter.POSITIONAL_ONLY
            if parameter.default is not parameter.empty:
                defaults[parameter.name] = parameter.default
    return Layer(
        tuple(names),
        only,
        tuple(keyword_only),
        frozenset([*names, *keyword_only]).difference(defaults),
        rest,
        options,
        defaults,
    )


def layer_of_model(signature: Signature) -> Layer:
    """Convert a signature of the data model, for implementations known only as text."""
    ordinary = [p for p in signature.parameters if not p.variadic]
    positional = [p for p in ordinary if p.positional]
    return Layer(
        tuple(p.name for p in positional),
        sum(not p.by_keyword for p in positional),
        tuple(p.name for p in ordinary if p.kind == KEYWORD_ONLY),
        frozenset(p.name for p in ordinary if p.default is None),
        next((p.name for p in signature.parameters if p.kind == VAR_POSITIONAL), None),
        next((p.name for p in signature.parameters if p.kind == VAR_KEYWORD), None),
        {p.name: p.default for p in ordinary if p.default is not None},
    )


@dataclass(slots=True)
class Bound:
    """Where the arguments of one call went, and what did not fit."""

    filled: dict[str, Any]
    rest: Sequence[Any] = ()
    options: dict[str, Any] = field(default_factory=dict)
    too_many: int = 0
    unexpected: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """True when Python would raise TypeError."""
        return bool(self.too_many or self.unexpected or self.twice or self.missing)

    def reason(self) -> str:
        """Return why Python would raise, in words."""
        parts = []
        if self.unexpected:
            parts.append(f"it has no parameter {_names(self.unexpected)} that takes a keyword")
        if self.twice:
            parts.append(f"it gets two values for {_names(self.twice)}")
        if self.too_many:
            parts.append(f"it takes {self.too_many} positional argument(s) fewer")
        if self.missing:
            parts.append(f"it also needs {_names(self.missing)}")
        return " and ".join(parts)


def _names(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names)


def bind(layer: Layer, positional: Sequence[Any], keywords: Mapping[str, Any]) -> Bound:
    """Bind arguments to parameters exactly as a call of a Python function would."""
    bound = Bound(dict(zip(layer.names, positional, strict=False)))
    filled = bound.filled
    more = len(positional) - len(layer.names)
    if more > 0:
        if layer.rest is None:
            bound.too_many = more
        else:
            bound.rest = positional[len(layer.names) :]
    if keywords:
        open_names = layer.names[layer.positional_only :]
        for name, value in keywords.items():
            if name in open_names or name in layer.keyword_only:
                if name in filled:
                    bound.twice += (name,)
                else:
                    filled[name] = value
            elif layer.options is not None:
                bound.options[name] = value
            else:
                bound.unexpected += (name,)
    if not layer.required.issubset(filled):
        bound.missing = tuple(n for n in layer.parameters if n in layer.required - filled.keys())
    return bound
