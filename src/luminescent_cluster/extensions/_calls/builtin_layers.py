"""Signatures of built-in callables that do not tell theirs."""

from __future__ import annotations

from typing import Any, Final

from .binding import Layer, layer_of_function


def _int(x: Any = 0, /, base: Any = 10) -> None: ...
def _str(object: Any = "", encoding: Any = "", errors: Any = "") -> None: ...
def _bytes(source: Any = b"", encoding: Any = "", errors: Any = "") -> None: ...
def _iterable(iterable: Any = (), /) -> None: ...
def _zip(*iterables: Any, strict: Any = False) -> None: ...
def _map(function: Any, iterable: Any, /, *iterables: Any) -> None: ...
def _filter(function: Any, iterable: Any, /) -> None: ...
def _range(start: Any, stop: Any = None, step: Any = None, /) -> None: ...
def _best(first: Any, /, *more: Any, key: Any = None, default: Any = None) -> None: ...
def _getattr(object: Any, name: Any, default: Any = None, /) -> None: ...
def _iter(object: Any, sentinel: Any = None, /) -> None: ...
def _next(iterator: Any, default: Any = None, /) -> None: ...
def _maybe(object: Any = None, /) -> None: ...
def _type(object: Any, bases: Any = (), dict: Any = (), /, **keywords: Any) -> None: ...
def _print(
    *values: Any, sep: Any = " ", end: Any = "\n", file: Any = None, flush: Any = False
) -> None: ...


_KNOWN: Final = {
    int: _int,
    str: _str,
    bytes: _bytes,
    set: _iterable,
    frozenset: _iterable,
    list: _iterable,
    tuple: _iterable,
    zip: _zip,
    map: _map,
    filter: _filter,
    range: _range,
    slice: _range,
    max: _best,
    min: _best,
    getattr: _getattr,
    next: _next,
    iter: _iter,
    vars: _maybe,
    dir: _maybe,
    type: _type,
    print: _print,
}


def builtin_layer(value: Any) -> Layer | None:
    """Return what a built-in callable takes, None for any that is not known here.

    Args:
        value: the callable, for which :func:`inspect.signature` has no answer.
    """
    try:
        known = _KNOWN.get(value)
    except TypeError:  # no hash
        return None
    return None if known is None else layer_of_function(known)
