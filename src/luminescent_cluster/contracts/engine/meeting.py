"""Calls that meet: the same tenant, the same key, so that concurrent ones collide."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import errors as hypothesis_errors
from hypothesis import strategies as st

from ..clauses import Inconclusive
from .calls import argument_strategies, given_values
from .compare import same
from .methods import Method, methods_of

if TYPE_CHECKING:
    from .case import Case

__all__ = ["meeting_calls"]

_PLAIN: dict[Any, tuple[Any, ...]] = {str: ("acme", "globex"), int: (7, 1000), bool: (True, False)}
_Call = tuple[str, tuple[Any, ...], dict[str, Any]]


def meeting_calls(case: Case, variants: int = 2) -> list[_Call]:
    """Give plain calls of every method the extension has, ``variants`` of each.

    The first variant of every method uses the same values for parameters of the same name, so
    that the calls are about the same thing; the second uses other values. Optional arguments are
    omitted in the first and given in the second. Values say something (no zero, nothing empty).
    """
    calls: list[_Call] = []
    for method in methods_of(case.protocol):
        if not hasattr(case.subject.extension, method.name):
            continue
        for variant in range(variants):
            try:
                call = _call(case, method, variant)
            except Inconclusive as reason:
                case.note(str(reason))
                break
            if not any(same(call, other) for other in calls):
                calls.append(call)
    return calls


def _call(case: Case, method: Method, variant: int) -> _Call:
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    for parameter in method.parameters:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        optional = parameter.default is not inspect.Parameter.empty
        if optional and not variant:
            continue
        given = given_values(case, method, parameter)
        if isinstance(given, Sequence) and not isinstance(given, (str, bytes)):
            telling = [value for value in given if value or value is False] or list(given)
            value = telling[variant % len(telling)]
        elif given is not None and not isinstance(given, st.SearchStrategy):
            value = given
        elif method.hints.get(parameter.name) in _PLAIN:
            plain = _PLAIN[method.hints[parameter.name]]
            value = plain[variant % len(plain)]
        else:
            strategy = argument_strategies(case, method, full=True)[parameter.name]
            value = _telling(strategy, variant)
        if parameter.kind is parameter.POSITIONAL_ONLY:
            args.append(value)
        else:
            kwargs[parameter.name] = value
    return method.name, tuple(args), kwargs


def _telling(strategy: Any, variant: int) -> Any:
    """Give the ``variant``-th plain value of a strategy that says something."""
    seen: list[Any] = []
    search = settings(
        database=None,
        derandomize=True,
        max_examples=200,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    for _ in range(variant + 1):
        try:
            telling = functools.partial(_is_new, tuple(seen))
            seen.append(find(strategy, telling, settings=search))
        except hypothesis_errors.NoSuchExample:
            break
    if not seen:
        return find(strategy, lambda value: True, settings=search)
    return seen[-1]


def _is_new(seen: tuple[Any, ...], value: Any) -> bool:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return 0 < value < 1_000_000 and value not in seen
    return bool(value) and not any(same(value, other) for other in seen)
