"""What typing knows of the standard library's classes: their generic bases and variance.

The tables follow the stubs that type checkers ship (typeshed); classes without type arguments are
asked themselves.
"""

from __future__ import annotations

import builtins
import functools
import importlib
import sys
from typing import Final

__all__ = ["Slot", "generic_bases", "is_plain_subclass", "load_class", "reaches", "variances"]

_ABC: Final = "collections.abc."

Slot = int | str | tuple[int | str, ...]
"""An argument of a base: an index into the class's own arguments, a fixed name, or a tuple."""

# Each base with its arguments.
_BASES: Final[dict[str, list[tuple[str, tuple[Slot, ...]]]]] = {
    "list": [("MutableSequence", (0,))],
    "MutableSequence": [("Sequence", (0,))],
    "Sequence": [("Reversible", (0,)), ("Collection", (0,))],
    "Reversible": [("Iterable", (0,))],
    "Collection": [("Iterable", (0,)), ("Container", (0,)), ("Sized", ())],
    "set": [("MutableSet", (0,))],
    "MutableSet": [("Set", (0,))],
    "frozenset": [("Set", (0,)), ("Hashable", ())],
    "Set": [("Collection", (0,))],
    "dict": [("MutableMapping", (0, 1)), ("Reversible", (0,))],
    "MutableMapping": [("Mapping", (0, 1))],
    "Mapping": [("Collection", (0,))],
    "collections.defaultdict": [("dict", (0, 1))],
    "collections.OrderedDict": [("dict", (0, 1))],
    "collections.Counter": [("dict", (0, "int"))],
    "collections.ChainMap": [("MutableMapping", (0, 1))],
    "collections.UserDict": [("MutableMapping", (0, 1))],
    "collections.UserList": [("MutableSequence", (0,))],
    "collections.deque": [("MutableSequence", (0,))],
    "types.MappingProxyType": [("Mapping", (0, 1))],
    "KeysView": [("Set", (0,))],
    "ValuesView": [("Collection", (0,))],
    "ItemsView": [("Set", ((0, 1),))],
    "str": [("Sequence", ("str",)), ("Hashable", ())],
    "typing.LiteralString": [("str", ())],
    "bytes": [("Sequence", ("int",)), ("Buffer", ()), ("Hashable", ())],
    "bytearray": [("MutableSequence", ("int",)), ("Buffer", ())],
    "memoryview": [("Sequence", ("int",)), ("Buffer", ())],
    "range": [("Sequence", ("int",)), ("Hashable", ())],
    "tuple": [("Sequence", (0,)), ("Hashable", ())],
    "typing.TypeGuard": [("bool", ())],
    "typing.TypeIs": [("bool", ())],
    "Iterator": [("Iterable", (0,))],
    "Generator": [("Iterator", (0,))],
    "enumerate": [("Iterator", (("int", 0),))],
    "filter": [("Iterator", (0,))],
    "map": [("Iterator", (0,))],
    "reversed": [("Iterator", (0,))],
    "zip": [("Iterator", (0,))],
    "AsyncIterator": [("AsyncIterable", (0,))],
    "AsyncGenerator": [("AsyncIterator", (0,))],
    "Coroutine": [("Awaitable", (2,))],
    "asyncio.Future": [("Awaitable", (0,))],
    "asyncio.Task": [("asyncio.Future", (0,))],
    "pathlib.PurePath": [("os.PathLike", ("str",)), ("Hashable", ())],
    "typing.TextIO": [("typing.IO", ("str",))],
    "typing.BinaryIO": [("typing.IO", ("bytes",))],
    "typing.IO": [("Iterator", (0,))],
    "io.StringIO": [("typing.TextIO", ())],
    "io.BytesIO": [("typing.BinaryIO", ())],
}

# One letter for each argument: + covariant, - contravariant, = invariant.
_VARIANCE: Final = {
    "Sequence": "+", "Reversible": "+", "Collection": "+", "Iterable": "+", "Container": "+",
    "Set": "+", "frozenset": "+", "Mapping": "=+", "KeysView": "+", "ValuesView": "+",
    "ItemsView": "++", "Iterator": "+", "Generator": "+-+", "AsyncIterator": "+",
    "AsyncIterable": "+", "AsyncGenerator": "+-", "Coroutine": "+-+", "Awaitable": "+",
    "types.MappingProxyType": "=+", "os.PathLike": "+", "tuple": "+",
    "contextlib.AbstractContextManager": "+=", "contextlib.AbstractAsyncContextManager": "+=",
    "typing.TypeGuard": "+", "typing.SupportsAbs": "+", "typing.SupportsRound": "+",
}  # fmt: skip


def _short(name: str) -> str:
    return name.removeprefix(_ABC)


def _long(name: str) -> str:
    return name if "." in name or hasattr(builtins, name) else _ABC + name


def generic_bases(name: str) -> list[tuple[str, tuple[Slot, ...]]]:
    """Return the bases of a standard class, each with its arguments.

    Classes that are not generic are answered by :func:`is_plain_subclass` alone.
    """
    found = _BASES.get(_short(name))
    if found is None:
        for parent in _plain_parents(name):
            if parent in _BASES:
                return [(_long(parent), ())]
        return []
    return [(_long(base), arguments) for base, arguments in found]


@functools.lru_cache(maxsize=1024)
def reaches(name: str, other: str) -> bool:
    """Return True when the generic bases of a standard class lead to another, by name alone."""
    return any(base == other or reaches(base, other) for base, _ in generic_bases(name))


def variances(name: str, count: int) -> str:
    """Return one of ``+ - =`` for each of ``count`` arguments of a standard class."""
    known = _VARIANCE.get(_short(name), "")
    return (known + "=" * count)[:count]


_PROMOTIONS: Final = {
    ("int", "float"), ("int", "complex"), ("float", "complex"),
    ("bool", "float"), ("bool", "complex"),
}  # fmt: skip


def is_plain_subclass(name: str, other: str) -> bool:
    """Return True when one standard class is a subclass of another, type arguments aside.

    Looks only at modules of the standard library that are safe to import; ``int`` counts as a
    subclass of ``float`` (the numeric tower of PEP 484).
    """
    if name == other or (name, other) in _PROMOTIONS:
        return True
    left, right = load_class(name), load_class(other)
    if left is None or right is None:
        return False
    try:
        return issubclass(left, right)
    except TypeError:
        return False


def _plain_parents(name: str) -> list[str]:
    loaded = load_class(name)
    if loaded is None:
        return []
    parents = [k for k in loaded.__mro__[1:] if k is not object]
    return [
        k.__qualname__ if k.__module__ == "builtins" else f"{_public(k)}.{k.__qualname__}"
        for k in parents
    ]


def _public(klass: type) -> str:
    return klass.__module__.split("._")[0]


# Importing these runs nothing but definitions.
_SAFE: Final = frozenset(
    {
        "abc", "array", "asyncio", "builtins", "collections", "contextlib", "contextvars",
        "dataclasses", "datetime", "decimal", "enum", "fractions", "functools", "io", "ipaddress",
        "logging", "numbers", "os", "pathlib", "queue", "random", "re", "threading", "types",
        "typing", "uuid", "zoneinfo",
    }
)  # fmt: skip


@functools.lru_cache(maxsize=1024)
def load_class(name: str) -> type | None:
    """Return a class of the standard library, where its module is safe to import, else None."""
    if name == "None":
        return type(None)
    module, _, attribute = name.rpartition(".")
    module = module or "builtins"
    if module.split(".")[0] not in _SAFE or module.split(".")[0] not in sys.stdlib_module_names:
        return None
    try:
        value = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError):
        return None
    return value if isinstance(value, type) else None
