"""Arguments that nobody sends by accident."""

from __future__ import annotations

import datetime
import decimal
import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from .calls import argument_strategies
from .methods import Method
from .values import json_values, text

if TYPE_CHECKING:
    from .case import Case

__all__ = ["hostile_call", "hostile_dicts", "hostile_entries", "hostile_texts", "hostile_values"]

_TEXTS = (
    "", " ", "\t\n", "\0", "a\0b", "\ud800", "x\udfff", "\u202eevil", "\u200b", "\ufeff",
    "'; DROP TABLE usage; --", '{"$ne": null}', "$where", "%s%n%x", "../../etc/passwd", "*", ".*",
    "line\nbreak\r\n", "\x1b[31mred", "<script>alert(1)</script>", "ß", "İ", "\uff21", "e\u0301",
    "None", "null", "true", "-1", "1e309", "🏴\U000e0067\U000e007f",
)  # fmt: skip

# Beyond every column, but no float overflows: who multiplies by a price is not to blame.
_INTEGERS = (0, -1, 2**63, -(2**63) - 1, 2**200)


class _Unfriendly:
    """Cannot be serialised, compared or hashed."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        raise ValueError("not comparable")

    def __repr__(self) -> str:
        return "Unfriendly()"

    def __deepcopy__(self, memo: object) -> _Unfriendly:
        return self


def _deep(levels: int) -> dict[str, Any]:
    inner: dict[str, Any] = {}
    for _ in range(levels):
        inner = {"d": inner}
    return inner


def _cyclic() -> dict[str, Any]:
    cycle: dict[str, Any] = {"name": "cycle"}
    cycle["self"] = cycle
    return cycle


def hostile_values(annotation: Any) -> list[Callable[[], Any]]:
    """Give makers of nasty values of a declared kind; empty where none are known."""
    makers: list[Callable[[], Any]] = []
    if _is_text(annotation):
        makers += [_always(value) for value in (*_TEXTS, "x" * 1_000, "x" * 100_000)]
    if _is_mapping(annotation):
        odd = (None, b"\xff", float("nan"), float("inf"), 10**400, 1j, decimal.Decimal("NaN"))
        values = (*odd, *_TEXTS[:8], datetime.date.min, {1, 2}, object(), _Unfriendly())
        makers += [_dict_maker("key", value) for value in values]
        makers += [_dict_maker(key, 1) for key in (None, 7, ("a", 1), b"k", "", "\ud800", "a.b")]
        makers += [lambda: _deep(50), lambda: _deep(2_000), _cyclic, dict]
        makers += [lambda: {f"k{i}": i for i in range(2_000)}, lambda: {"a": {"b": [None, {}]}}]
    if annotation is int:
        makers += [_always(value) for value in _INTEGERS]
    return makers


def hostile_entries(usual: dict[Any, Any]) -> list[Callable[[], Any]]:
    """Give makers of dicts as ``usual``, in which one entry that is read holds what nobody sends.

    Dicts with keys of their own never get past the first ``.get()``. Nothing here raises when it is
    compared: who looks through what it kept by ``==`` is not to blame for what that does.
    """
    nasty: tuple[Any, ...] = (
        None,
        7,
        b"\xff",
        [],
        {"$ne": None},
        "",
        "\0",
        "\ud800",
        "x" * 100_000,
        object(),
    )
    return [
        functools.partial(lambda key, value: {**usual, key: value}, key, value)
        for key in list(usual)[:4]
        for value in nasty
    ]


def _always(value: Any) -> Callable[[], Any]:
    return lambda: value


def _dict_maker(key: Any, value: Any) -> Callable[[], Any]:
    return lambda: {key: value}


def _is_text(annotation: Any) -> bool:
    return annotation is str or str in getattr(annotation, "__args__", ())


def _is_mapping(annotation: Any) -> bool:
    parts = (annotation, *getattr(annotation, "__args__", ()))
    names = [str(getattr(part, "__origin__", part)) for part in parts]
    return any("dict" in name.lower() or "Mapping" in name for name in names)


@functools.cache
def hostile_texts() -> Any:
    """Texts with NUL, lone surrogates, direction marks, operators, quotes, or great length."""
    return st.one_of(
        st.sampled_from(_TEXTS),
        st.text(st.characters(), max_size=30),  # lone surrogates included
        st.sampled_from([1_000, 100_000]).map("x".__mul__),
    )


@functools.cache
def hostile_dicts() -> Any:
    """Dicts that hold None, other key types, cycles, depth, size, or things JSON cannot carry."""
    odd = st.one_of(
        st.none(),
        hostile_texts(),
        st.binary(max_size=8),
        st.builds(object),
        st.builds(_Unfriendly),
        st.sampled_from([float("nan"), float("inf"), 10**400, decimal.Decimal("NaN"), 1j]),
        st.sampled_from([datetime.datetime(2026, 3, 29, 2, 30), datetime.date.min]),
        st.frozensets(st.integers(), max_size=2).map(set),
        json_values(),
    )
    keys = st.one_of(text(), hostile_texts(), st.none(), st.integers(), st.just(("a", 1)))
    return st.one_of(
        st.dictionaries(keys, odd, max_size=4),
        st.dictionaries(text(), st.none(), max_size=3),
        st.builds(_deep, st.sampled_from([50, 2_000])),
        st.builds(_cyclic),
        st.just(2_000).map(lambda n: {f"k{i}": i for i in range(n)}),
        st.dictionaries(text(), st.dictionaries(keys, odd, max_size=2), max_size=2),
    )


@functools.cache
def _hostile_integers() -> Any:
    return st.one_of(st.sampled_from(_INTEGERS), st.integers())


def hostile_call(case: Case, method: Method) -> Any:
    """Give a strategy of calls of one method, each argument of its declared kind, and nasty.

    Where nothing nastier is known for a kind, the ordinary values are used.
    """
    import inspect

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
    if _is_text(annotation):
        kinds.append(hostile_texts())
    if _is_mapping(annotation):
        kinds.append(hostile_dicts())
    if annotation is int:
        kinds.append(_hostile_integers())
    return st.one_of(*kinds, usual) if kinds else usual
