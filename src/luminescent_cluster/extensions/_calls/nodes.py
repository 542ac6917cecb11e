"""A callable as a graph of layers, and what becomes of a call in it.

Each node takes the arguments of a call as tokens, binds them as Python would, notes in a
:class:`Trace` where each one landed, and hands on to the layer behind what that layer would get.
"""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from . import binding
from .binding import Bound, Layer, bind
from .calls import Argument
from .forwarding import Forward, forwards_of
from .hints import split_union
from .model import UNKNOWN, Parameter
from .peek import really
from .syntax import STAR, STARSTAR, Passing
from .trace import ADDED, SELF, Problem, Token, Trace


class Node:
    """A callable that is not taken apart: it may take anything."""

    function: Any = None

    def run(
        self, positional: Sequence[Token], keywords: Mapping[str, Token], trace: Trace, depth: int
    ) -> None:
        """Note in ``trace`` what becomes of the call."""
        trace.unseen = True

    def behind(self) -> Sequence[tuple[Node, bool]]:
        """Return the nodes this one hands on to, and whether it returns their result."""
        return ()


class FunctionNode(Node):
    """A Python function, or anything else with a known signature."""

    def __init__(
        self,
        layer: Layer,
        function: Any,
        wrapped: Any,
        live: Sequence[Any],
        build: Any,
        skip: int = 0,
    ):
        self.layer = layer
        self.function = function
        self.wrapped = wrapped
        self.live = live
        self.skip = skip
        self._build = build
        self._forwards: Sequence[tuple[Forward, Node]] | None = None
        self._guess: Node | None = None

    @property
    def has_layers(self) -> bool:
        """True when there is a function behind it."""
        return self.wrapped is not UNKNOWN

    def forwards(self) -> Sequence[tuple[Forward, Node]]:
        """Return what the function hands on, and to whom."""
        if self._forwards is None:
            self._forwards = ()  # a wrapper that reaches itself again
            found: tuple[Forward, ...] | None = ()
            if really(self.function, types.FunctionType):
                found = forwards_of(self.function, self.wrapped, self.live)
            elif self.wrapped is not UNKNOWN:
                found = None
            if found is None and self.wrapped is not UNKNOWN:
                # No source to read (C, exec): such wrappers hand on what they get.
                found = (Forward(self.wrapped, _as_it_is(self.layer)),)
            self._forwards = tuple((f, self._build_target(f)) for f in found or ())
        return self._forwards

    def read_as(self, forwards: Sequence[Forward] | None) -> None:
        """Take over what was read elsewhere about how ``__wrapped__`` is called."""
        if forwards is not None:
            self._forwards = tuple((f, self._build_target(f)) for f in forwards)

    def _build_target(self, forward: Forward) -> Node:
        live = []
        known = dict(zip(self.layer.names, self.live, strict=False))
        for item in forward.passing.positional:
            if item == STAR:
                break
            live.append(known.get(item, UNKNOWN))
        target = forward.target
        node: Node = self._build(target, tuple(live) if really(target, types.FunctionType) else ())
        return node

    def guess(self) -> Node | None:
        """Return the node of ``__wrapped__`` when it is not visible how it is called."""
        if self._guess is None and self.wrapped is not UNKNOWN and not self.forwards():
            self._guess = self._build(self.wrapped, self.live[self.skip :])
        return self._guess

    def behind(self) -> Sequence[tuple[Node, bool]]:
        """Return the nodes this one hands on to, and whether it returns their result."""
        return [(node, forward.passing.returned) for forward, node in self.forwards()]

    def run(
        self, positional: Sequence[Token], keywords: Mapping[str, Token], trace: Trace, depth: int
    ) -> None:
        """Bind here, then follow the call to the functions behind."""
        bound = bind(self.layer, positional, keywords)
        if bound.failed:
            trace.problems.append(Problem(bound, self.layer, depth))
            return
        for name, token in bound.filled.items():
            if isinstance(token, Argument):
                trace.landed.setdefault(token, (self.layer, name, self.function))
        for token in (*bound.rest, *bound.options.values()):
            if isinstance(token, Argument) and token not in trace.landed:
                trace.collected[token] = (*trace.collected.get(token, ()), self.layer)
        open_ended = self.layer.rest or self.layer.options or self.wrapped is not UNKNOWN
        if depth > 15 or not open_ended:
            return
        if forwards := self.forwards():
            self._follow(forwards, bound, trace, depth)
        elif (guess := self.guess()) is not None:
            inner = Trace()
            guess.run(positional[self.skip :], keywords, inner, depth + 1)
            trace.include(inner, certain=False)

    def _follow(
        self, forwards: Sequence[tuple[Forward, Node]], bound: Bound, trace: Trace, depth: int
    ) -> None:
        outcomes = []
        for forward, node in forwards:
            inner = Trace()
            node.run(*_handed_on(forward.passing, bound), inner, depth + 1)
            if not forward.passing.certain:
                inner.doubts += inner.problems
                inner.problems = []
            elif forward.target is self.wrapped and len(forwards) == 1:
                inner.crossed.update(_crossed(inner, trace))
            outcomes.append(inner)
        # The wrapper may choose between several calls: it fails for certain when all of them do.
        good = [inner for inner in outcomes if not inner.problems]
        for inner in good or outcomes[:1]:
            trace.include(inner, certain=True)


def _crossed(inner: Trace, trace: Trace) -> Iterator[tuple[Argument, str]]:
    """Yield the arguments that arrived here by their name and behind by that of another one."""
    for argument, (layer, name, _) in inner.landed.items():
        here = trace.landed.get(argument)
        straight = here is not None and here[1] == argument.name
        if straight and argument.name != name and argument.name in layer.parameters:
            yield argument, name


def _as_it_is(layer: Layer) -> Passing:
    positional = layer.names + ((STAR,) if layer.rest else ())
    keywords = tuple((name, name) for name in layer.keyword_only)
    keywords += ((STARSTAR, STARSTAR),) if layer.options else ()
    return Passing(positional, keywords, returned=True)


def _handed_on(passing: Passing, bound: Bound) -> tuple[list[Token], dict[str, Token]]:
    positional: list[Token] = [SELF] if passing.bound_first else []
    for item in passing.positional:
        if item == STAR:
            positional.extend(bound.rest)
        else:
            positional.append(bound.filled.get(item, ADDED))
    keywords: dict[str, Token] = {}
    for name, item in passing.keywords:
        if item == STARSTAR:
            passed = {k: v for k, v in bound.options.items() if k not in passing.removed}
            keywords.update(dict.fromkeys(passing.added, ADDED), **passed)
        else:
            keywords[name] = bound.filled.get(item, ADDED)
    return positional, keywords


class PrefixNode(Node):
    """A bound method: something comes before the caller's arguments."""

    def __init__(self, inner: Node, prefix: Sequence[Token] = (SELF,)):
        self.inner = inner
        self.prefix = tuple(prefix)

    def run(
        self, positional: Sequence[Token], keywords: Mapping[str, Token], trace: Trace, depth: int
    ) -> None:
        """Hand on with the prefix in front."""
        self.inner.run([*self.prefix, *positional], keywords, trace, depth)

    def behind(self) -> Sequence[tuple[Node, bool]]:
        """Return the function that is bound."""
        return [(self.inner, True)]


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
                trace.problems.append(Problem(Bound({}), binding.GENERIC, depth, text))
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
                trace.problems.append(Problem(Bound({}), binding.GENERIC, depth, text))
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
            trace.problems.append(Problem(Bound({}), binding.GENERIC, depth, text))
            return
        self.base.run(positional, keywords, trace, depth)
        for node in self.others:
            inner = Trace()
            node.run(positional, keywords, inner, depth)
            trace.problems += inner.problems

    def behind(self) -> Sequence[tuple[Node, bool]]:
        """Return the function for unregistered types."""
        return [(self.base, True)]


def signature_layer(value: Any) -> Layer | None:
    """Return what ``inspect.signature`` tells about a callable that is no Python function."""
    try:
        return binding.layer_of_signature(inspect.signature(value, follow_wrapped=False))
    except Exception:  # a broken __signature__ may raise anything
        return None
