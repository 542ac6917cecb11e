"""What a run showed, in a form that two runs can be compared in.

Values become trees of tuples. Objects without an equality of their own become labels in order of
appearance, so that "the same object twice" differs from "two objects" and nothing else does.
"""

from __future__ import annotations

import types
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Mapping, Set
from enum import Enum
from typing import Any

from .runs import Raised, Run

__all__ = ["Outcome", "Tree", "freeze", "kept", "outcome_of"]

Tree = tuple[Any, ...]
"""("v", type, value) | ("seq", type, items) | ("map", type, pairs) | ("set", type, items) |
("obj", type, label, fields) | ("raised", type)"""

_PLAIN = (str, bytes, int, float, bool, complex, type(None))
_DEPTH = 12
_EMPTY: dict[str, str] = {}
_MAPPINGS = (dict, OrderedDict, defaultdict, Counter, types.MappingProxyType)
_SEQUENCES = (list, deque, type(_EMPTY.values()))
_SETS = (set, type(_EMPTY.keys()), type(_EMPTY.items()))
_OPAQUE = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.GeneratorType,
    types.CoroutineType,
    types.ModuleType,
    types.FrameType,
    types.TracebackType,
)


def freeze(value: Any, labels: dict[int, int], depth: int = 0) -> Tree:
    """``value`` as a tree; ``labels`` numbers objects by identity over one whole outcome."""
    kind = type(value)
    if kind in _PLAIN:
        return ("v", kind.__name__, repr(value) if kind is float or kind is complex else value)
    if kind is Raised:
        return ("raised", type(value.error).__qualname__)
    if depth > _DEPTH or isinstance(value, _OPAQUE):
        return ("v", "opaque", kind.__qualname__)
    if isinstance(value, type):
        return ("v", "type", value.__qualname__)
    if isinstance(value, Enum):
        return ("v", kind.__qualname__, value.name)
    try:
        if isinstance(value, Mapping):
            name = "dict" if isinstance(value, dict) else kind.__qualname__
            pairs = [
                (freeze(key, labels, depth + 1), freeze(item, labels, depth + 1))
                for key, item in list(value.items())
            ]
            return ("map", name, tuple(sorted(pairs, key=repr)))
        if isinstance(value, (list, tuple)) or kind.__name__ == "deque":
            items = tuple(freeze(item, labels, depth + 1) for item in list(value))
            return ("seq", "list" if isinstance(value, list) else kind.__qualname__, items)
        if isinstance(value, Set):
            items = tuple(sorted((freeze(item, labels, depth + 1) for item in value), key=repr))
            return ("set", "set", items)
        return _object(value, labels, depth)
    except Exception:  # the extension's own container misbehaves: not ours to judge
        return ("v", "opaque", kind.__qualname__)


def _object(value: Any, labels: dict[int, int], depth: int) -> Tree:
    kind = type(value)
    fields = getattr(value, "__dict__", None)
    equality: Any = kind.__eq__
    identity = equality is object.__eq__
    if not identity and not isinstance(fields, dict):
        return ("v", kind.__qualname__, repr(value))  # datetime, Decimal, UUID, Path, slots
    label = -1
    if identity:
        known = labels.get(id(value))
        if known is not None:
            return ("obj", kind.__qualname__, known, ())
        label = labels[id(value)] = len(labels)
    if not isinstance(fields, dict) or isinstance(value, BaseException):
        return ("obj", kind.__qualname__, label, ())
    inside = tuple(
        (name, freeze(item, labels, depth + 1))
        for name, item in sorted(fields.items())
        if not name.startswith("_")
    )
    return ("obj", kind.__qualname__, label, inside)


def kept(value: Any, depth: int = 0) -> Any:
    """``value`` as it is now: containers are copied, so that nobody changes them later.

    Views of a dictionary are looked at now as well: they show what it becomes.
    """
    kind = type(value)
    if depth > _DEPTH:
        return value
    if kind in _MAPPINGS:
        return {key: kept(item, depth + 1) for key, item in dict(value).items()}
    if kind in _SEQUENCES:
        return [kept(item, depth + 1) for item in list(value)]
    if kind in _SETS:
        try:
            return set(value)
        except TypeError:  # pairs with what cannot be hashed
            return list(value)
    return value


class Outcome:
    """Results per thread and call, and the answers afterwards, as trees."""

    __slots__ = ("finals", "results")

    def __init__(self, results: tuple[tuple[Tree, ...], ...], finals: tuple[Tree, ...]) -> None:
        self.results = results
        self.finals = finals

    def key(self) -> tuple[Any, ...]:
        return (self.results, self.finals)


def outcome_of(run: Run) -> Outcome:
    """The outcome of a run that ended."""
    labels: dict[int, int] = {}
    results = tuple(tuple(freeze(value, labels) for value in thread) for thread in run.results)
    return Outcome(results, tuple(freeze(value, labels) for value in run.finals))
