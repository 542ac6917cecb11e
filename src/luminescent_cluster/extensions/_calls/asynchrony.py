"""Sync stays sync and async stays async, also behind decorators."""

from __future__ import annotations

import contextlib
import types
from typing import Final, Literal

from .functions import copied_annotations, live_hint
from .generators import may_be_generator
from .hints import render
from .mocks import mock_flow
from .model import UNKNOWN, Flow, Method
from .names import resolver_for
from .nodes import FunctionNode, Node
from .peek import is_mock, really
from .reflection import own_annotations
from .results import ASYNC_ITER, ASYNC_ITERABLE, AWAIT, AWAITABLE, gives, own_flow
from .special_nodes import AllNode
from .spelling import split_union

Answer = Flow | Literal["unknown"]

_UNDECIDED: Final = frozenset({"", "typing.Any", "object"})


def flow_of(node: Node, depth: int = 0) -> Answer:
    """Return what calling a graph of layers gives, as far as its layers tell."""
    function = node.function
    if is_mock(function):
        return mock_flow(function)
    if really(function, types.FunctionType):
        flow = own_flow(function)
        if flow != "sync" or function.__code__.co_filename == contextlib.__file__:
            return flow
    if depth > 15:
        return "unknown"
    for inner, returned in node.behind():
        if returned:
            return flow_of(inner, depth + 1)
    if isinstance(node, FunctionNode):
        if any(flow_of(inner, depth + 1) != "sync" for inner in node.indirect()):
            return "unknown"
        return "sync" if really(function, types.FunctionType) else "unknown"
    return "sync" if isinstance(node, AllNode) else "unknown"


def outermost(node: Node) -> FunctionNode | None:
    """Return the first function a call meets whose result is what the caller gets."""
    for _ in range(24):
        if isinstance(node, FunctionNode):
            return node
        inner = [n for n, _ in node.behind()]
        if not inner:
            return None
        node = inner[0]
    return None


def speaking(node: Node) -> FunctionNode | None:
    """Return the innermost function whose result is handed out unchanged."""
    found = outermost(node)
    for _ in range(24):
        if found is None:
            return None
        inner = next((n for n, returned in found.behind() if returned), None)
        deeper = outermost(inner) if inner is not None else None
        if deeper is None:
            return found
        found = deeper
    return found


def flow_problem(method: Method, node: Node) -> tuple[str, bool]:
    """Return what is wrong with the asynchrony of an implementation, and whether that is sure.

    ``("", True)`` when it agrees.
    """
    given = flow_of(node)
    promised = method.signature.returns.text if method.signature.returns else ""
    heads = {part.split("[")[0] for part in split_union(promised)}
    if method.flow == "coroutine" or heads & AWAITABLE:
        strict = method.flow == "coroutine" or heads <= AWAITABLE
        return _as_awaitable(given, node, strict=strict)
    if method.flow == "async-generator" or heads & ASYNC_ITERABLE:
        strict = method.flow == "async-generator" or heads <= ASYNC_ITERABLE
        return _as_async_iterable(given, node, strict=strict)
    if given == "unknown":
        return "", True
    if given in ("coroutine", "async-generator"):
        return f"the protocol's method is sync, this is {_article(given)}", True
    if given == "generator" and promised and not may_be_generator(method.signature.returns):
        return f"the protocol promises {promised}, this is a generator", True
    return "", True


def _article(flow: str) -> str:
    return {"coroutine": "a coroutine function", "async-generator": "an async generator"}[flow]


def _as_awaitable(given: Answer, node: Node, *, strict: bool) -> tuple[str, bool]:
    if given == "coroutine":
        return "", True
    if given == "async-generator":
        return "the protocol's method is awaited, an async generator cannot be", True
    if given == "generator":
        return "the protocol's method is awaited, a generator cannot be", True
    if given == "unknown":
        return "it cannot be told whether the result can be awaited", False
    if not strict:
        return "", True
    if is_mock(node.function):
        kind = type(node.function).__name__
        return f"the protocol's method is awaited, what a {kind} returns cannot be", True
    verdict = _says(node, AWAITABLE, AWAIT)
    if verdict is True:
        return "", True
    visible = _gives(node, AWAIT) if verdict is None else False
    if visible is None:
        return (
            "the protocol's method is awaited; whether this one's result can be is not seen",
            False,
        )
    return ("" if visible else "the protocol's method is awaited, this one is sync"), True


def _as_async_iterable(given: Answer, node: Node, *, strict: bool) -> tuple[str, bool]:
    if given == "coroutine":
        return (
            "the protocol's method is iterated with `async for`, this must be awaited first",
            True,
        )
    if given == "generator":
        return "the protocol's method is iterated with `async for`, this is a generator", True
    if given == "unknown":
        return "it cannot be told whether the result is an async iterator", False
    if given == "async-generator" or not strict:
        return "", True
    verdict = _says(node, ASYNC_ITERABLE, ASYNC_ITER)
    if verdict is None:
        verdict = _gives(node, ASYNC_ITER)
    if verdict is False:
        return "the protocol's method is an async generator, this one is sync", True
    return "", True


def _says(node: Node, heads: frozenset[str], special: str) -> bool | None:
    """Return whether the return annotation names one of ``heads``; None when it says nothing."""
    speaker = speaking(node)
    function = speaker.function if speaker is not None else None
    if not really(function, types.FunctionType):
        return None
    raw = own_annotations(function).get("return", UNKNOWN)
    if raw is UNKNOWN or copied_annotations(function):
        return None
    hint = live_hint(raw, function, None)
    if isinstance(hint, type) and hasattr(hint, special):
        return True
    text = render(raw if hint is UNKNOWN else hint, resolver_for(function))
    found = {part.split("[")[0] for part in split_union(text)}
    if found & heads:
        return True
    if hint is UNKNOWN or text in _UNDECIDED or hasattr(hint, "__bound__"):
        return None
    return False


def _gives(node: Node, special: str) -> bool | None:
    speaker = speaking(node)
    return None if speaker is None else gives(speaker.function, speaker.live, special)
