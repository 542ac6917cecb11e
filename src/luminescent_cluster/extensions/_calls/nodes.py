"""A callable as a graph of layers, and what becomes of a call in it.

Each node takes the arguments of a call as tokens, binds them as Python would, notes in a
:class:`Trace` where each one landed, and hands on to the layer behind what that layer would get.
"""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from . import binding
from .binding import Bound, Layer, bind
from .calls import Argument
from .forwarding import Forward, forwards_of
from .model import UNKNOWN
from .peek import instance_dict, really, same_function
from .reflection import signature_of
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
        if self.wrapped is UNKNOWN or any(
            same_function(forward.target, self.wrapped) for forward, _ in self.forwards()
        ):
            return None
        if self._guess is None:
            self._guess = self._build(self.wrapped, self.live[self.skip :])
        return self._guess

    def behind(self) -> Sequence[tuple[Node, bool]]:
        """Return the nodes this one hands on to, and whether it returns their result."""
        return [(node, forward.passing.returned) for forward, node in self.forwards()]

    def indirect(self) -> Sequence[Node]:
        """Return the nodes whose result may reach the caller by way of another function."""
        through = [node for forward, node in self.forwards() if forward.passing.through]
        guess = self.guess()
        return through if guess is None else [*through, guess]

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
        forwards = self.forwards()
        visible = any(forward.passing.certain for forward, _ in forwards)
        if forwards:
            self._follow(forwards, bound, trace, depth)
        # Where the text does not show what is handed on, its own word counts: `__signature__`,
        # else `__wrapped__`, which says that it takes what that function takes.
        word = self._own_word()
        if (guess := self.guess()) is not None and not _arrived(bound, trace):
            visible = False
            inner = Trace()
            guess.run(positional[self.skip :], keywords, inner, depth + 1)
            trace.include(inner, certain=word is None)
        if word is not None and not visible:
            bound = bind(word, positional, keywords)
            if bound.failed:
                trace.problems.append(Problem(bound, word, depth))

    def _own_word(self) -> Layer | None:
        claimed = instance_dict(self.function).get("__signature__")
        if not isinstance(claimed, inspect.Signature):
            return None
        return binding.layer_of_signature(claimed)

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


def _arrived(bound: Bound, trace: Trace) -> bool:
    """Return True when it was seen in which parameters the caller's arguments ended."""
    swallowed = [t for t in (*bound.rest, *bound.options.values()) if isinstance(t, Argument)]
    if swallowed:
        return any(token in trace.landed for token in swallowed)
    return any(isinstance(token, Argument) for token in bound.filled.values())


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


def signature_layer(value: Any) -> Layer | None:
    """Return what ``inspect.signature`` tells about a callable that is no Python function."""
    try:
        return binding.layer_of_signature(signature_of(value))
    except Exception:  # a broken __signature__ may raise anything
        return None
