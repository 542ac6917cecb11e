"""Calls with arguments that nobody sends by accident, drawn at random."""

from __future__ import annotations

import datetime
import decimal
import functools
import inspect
import typing
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from .calls import argument_strategies
from .generating import made, strategy_for
from .hostile import (
    ANYTHING,
    PLAINLY_ODD,
    TEXTS,
    Unfriendly,
    alternatives,
    cyclic,
    deep,
    is_list,
    is_mapping,
)
from .methods import Method
from .records import field_types, is_record_class
from .values import json_values, text

if TYPE_CHECKING:
    from .case import Case

__all__ = ["hostile_call"]


def _named(value: Any) -> Any:
    """Give a strategy of mappings with texts for keys, and nasty values of a declared kind."""
    if value in ANYTHING:
        return _dicts().filter(_has_texts_for_keys)
    values = st.one_of(st.none(), _hostile(value, strategy_for(value)))
    return st.dictionaries(st.one_of(text(), _texts()), values, max_size=4)


def _has_texts_for_keys(value: dict[Any, Any]) -> bool:
    return all(isinstance(key, str) for key in value)


@functools.cache
def _texts() -> Any:
    """Texts with NUL, lone surrogates, direction marks, operators, quotes, or great length."""
    return st.one_of(
        st.sampled_from(TEXTS),
        st.text(st.characters(), max_size=30),  # lone surrogates included
        st.sampled_from([1_000, 100_000]).map("x".__mul__),
    )


@functools.cache
def _dicts() -> Any:
    """Dicts that hold None, other key types, cycles, depth, size, or things JSON cannot carry."""
    odd = st.one_of(
        st.none(),
        _texts(),
        st.binary(max_size=8),
        st.builds(object),
        st.builds(Unfriendly),
        st.sampled_from([float("nan"), float("inf"), 10**400, decimal.Decimal("NaN"), 1j]),
        st.sampled_from([datetime.datetime(2026, 3, 29, 2, 30), datetime.date.min]),
        st.frozensets(st.integers(), max_size=2).map(set),
        json_values(),
    )
    keys = st.one_of(text(), _texts(), st.none(), st.integers(), st.just(("a", 1)))
    return st.one_of(
        st.dictionaries(keys, odd, max_size=4),
        st.dictionaries(text(), st.none(), max_size=3),
        st.builds(deep, st.sampled_from([50, 2_000])),
        st.builds(cyclic),
        st.just(2_000).map(lambda n: {f"k{i}": i for i in range(n)}),
        st.dictionaries(text(), st.dictionaries(keys, odd, max_size=2), max_size=2),
    )


def hostile_call(case: Case, method: Method) -> Any:
    """Give a strategy of calls of one method, each argument of its declared kind, and nasty.

    Where nothing nastier is known for a kind, the ordinary values are used.
    """
    try:
        ordinary = argument_strategies(case, method)
    except Exception:
        ordinary = {}
    strategies = {}
    for parameter in method.parameters:
        if parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD):
            continue
        annotation = method.hints.get(parameter.name, parameter.annotation)
        usual = ordinary.get(parameter.name, json_values())
        strategies[parameter.name] = _hostile(annotation, usual)

    def build(values: dict[str, Any]) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        positional = [
            p.name for p in method.parameters if p.kind is inspect.Parameter.POSITIONAL_ONLY
        ]
        args = tuple(values.pop(name) for name in positional)
        return method.name, args, values

    return st.fixed_dictionaries(strategies).map(build)


def _hostile(annotation: Any, usual: Any) -> Any:
    kinds = []
    for kind in alternatives(annotation):
        if kind is str:
            kinds.append(_texts())
        elif is_mapping(kind):
            key, value = typing.get_args(kind) or (Any, Any)
            kinds.append(_dicts() if key in ANYTHING else _named(value))
        elif is_list(kind):
            (inner,) = typing.get_args(kind) or (Any,)
            kinds.append(st.lists(_hostile(inner, strategy_for(inner)), max_size=3))
        elif kind in PLAINLY_ODD:
            kinds.append(st.sampled_from(PLAINLY_ODD[kind]))
        elif isinstance(kind, type) and is_record_class(kind):
            fields = field_types(kind).items()
            kinds.append(made(kind, {n: _hostile(t, strategy_for(t)) for n, t in fields}))
    return st.one_of(*kinds, usual) if kinds else usual
