"""Calls that are as plain as can be but for one nasty argument."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any

from ...engine.calls import argument_strategies, smallest
from ...engine.case import Case
from ...engine.hostile import hostile_entries, hostile_values
from ...engine.methods import Method

__all__ = ["Call", "nasty_calls", "plainest_call"]

Call = tuple[str, tuple[Any, ...], dict[str, Any]]
"""A method's name, positional and named arguments."""


def nasty_calls(methods: list[Method], ordinary: list[Call]) -> Iterator[Callable[[], Call]]:
    """Give makers of calls with one nasty argument each, the others as plain as can be."""
    for method, (_, args, kwargs) in zip(methods, ordinary, strict=True):
        for parameter in method.parameters:
            if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
                continue
            annotation = method.hints.get(parameter.name, parameter.annotation)
            makers = hostile_values(annotation)
            makers += hostile_entries(annotation, kwargs.get(parameter.name))
            for make in makers:
                yield functools.partial(_with_argument, method.name, args, kwargs, parameter, make)


def _with_argument(
    name: str,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    parameter: inspect.Parameter,
    make: Callable[[], Any],
) -> Call:
    return name, args, {**kwargs, parameter.name: make()}


def plainest_call(case: Case, method: Method) -> Call:
    """Give the plainest call of a method: every argument given, by keyword where possible."""
    strategies = argument_strategies(case, method, full=True)
    values = {name: smallest(strategy) for name, strategy in strategies.items()}
    args = tuple(values[p.name] for p in method.parameters if p.kind is p.POSITIONAL_ONLY)
    named = {
        p.name: values[p.name]
        for p in method.parameters
        if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)
    }
    return method.name, args, named
