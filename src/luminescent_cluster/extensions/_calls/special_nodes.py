"""Callables that are no plain functions, as nodes: partials, caches, dispatchers, classes."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from .binding import GENERIC, Bound
from .calls import Argument
from .model import UNKNOWN, Parameter
from .nodes import Node
from .spelling import split_union
from .trace import ADDED, Problem, Token, Trace


class PartialNode(Node):
    """``functools.partial``: some arguments are preset."""

    def __init__(self, inner: Node, value: functools.partial[Any]):
        self.inner = inner
        self.value = value

    def run(
        self, positional: Sequence[Token], keywords: Mapping[str, Token], trace: Trace, depth: int
    ) -> None:
        """Hand on with the presets; a keyword of the call overrides a preset one."""
        waiting = list(positional)
        placeholder = getattr(functools, "Placeholder", UNKNOWN)  # Python 3.14
        front: list[Token] = []
        for preset in self.value.args:
            if preset is not placeholder:
                front.append(ADDED)
            elif waiting:
                front.append(waiting.pop(0))
            else:
                text = "a positional argument that functools.partial waits for is missing"
                trace.problems.append(Problem(Bound({}), GENERIC, depth, text))
                return
        trace.presets.update(self.value.keywords)
        merged = {**dict.fromkeys(self.value.keywords, ADDED), **keywords}
        self.inner.run([*front, *waiting], merged, trace, depth)

    def behind(self) -> Sequence[tuple[Node, bool]]:
        """Return the function that is called."""
        return [(self.inner, True)]


class HashingNode(Node):
    """``functools.lru_cache``: every argument must have a hash."""

    def __init__(self, inner: Node):
        self.inner = inner

    def run(
        self, positional: Sequence[Token], keywords: Mapping[str, Token], trace: Trace, depth: int
    ) -> None:
        """Refuse arguments whose declared type has no hash, then hand on."""
        for token in (*positional, *keywords.values()):
            if isinstance(token, Argument) and (kind := unhashable(token.parameter)):
                text = f"functools.lru_cache hashes its arguments, and a {kind} has no hash"
                trace.problems.append(Problem(Bound({}), GENERIC, depth, text))
                return
        self.inner.run(positional, keywords, trace, depth + 1)

    def behind(self) -> Sequence[tuple[Node, bool]]:
        """Return the cached function."""
        return [(self.inner, True)]


_UNHASHABLE = frozenset({"dict", "list", "set", "bytearray", "collections.defaultdict"})


def unhashable(parameter: Parameter) -> str:
    """Return the type of argument that a parameter admits and that has no hash, or ``""``."""
    if parameter.annotation is None:
        return ""
    heads = (part.split("[")[0] for part in split_union(parameter.annotation.text))
    return next((head for head in heads if head in _UNHASHABLE), "")


class AllNode(Node):
    """Several functions that get the same call: ``__new__`` and ``__init__``."""

    def __init__(self, inner: Sequence[Node]):
        self.inner = inner

    def run(
        self, positional: Sequence[Token], keywords: Mapping[str, Token], trace: Trace, depth: int
    ) -> None:
        """Hand on to each."""
        for node in self.inner:
            node.run(positional, keywords, trace, depth)


class DispatchNode(Node):
    """``singledispatch``: the type of the first positional argument chooses the function."""

    def __init__(self, base: Node, others: Sequence[Node], before: int):
        self.base = base
        self.others = others
        self.before = before

    def run(
        self, positional: Sequence[Token], keywords: Mapping[str, Token], trace: Trace, depth: int
    ) -> None:
        """Refuse a call without the argument to dispatch on; every variant must take the call."""
        if len(positional) <= self.before:
            text = "singledispatch needs its first argument by position"
            trace.problems.append(Problem(Bound({}), GENERIC, depth, text))
            return
        self.base.run(positional, keywords, trace, depth)
        for node in self.others:
            inner = Trace()
            node.run(positional, keywords, inner, depth)
            trace.problems += inner.problems

    def behind(self) -> Sequence[tuple[Node, bool]]:
        """Return the function for unregistered types."""
        return [(self.base, True)]


class RefusingNode(Node):
    """Something that stands where a callable is needed and is none: every call raises."""

    def __init__(self, kind: str):
        self.kind = kind

    def run(
        self, positional: Sequence[Token], keywords: Mapping[str, Token], trace: Trace, depth: int
    ) -> None:
        """Refuse the call."""
        text = f"it calls a {self.kind} object, which cannot be called"
        trace.problems.append(Problem(Bound({}), GENERIC, depth, text))
