"""Sync stays sync and async stays async, also behind decorators."""

from __future__ import annotations

import contextlib
import inspect
import types
from typing import Any, Final, Literal

from .forwarding import returned_callees
from .functions import copied_annotations, live_hint, plain_flow
from .hints import render, split_union
from .live import own_annotations
from .model import UNKNOWN, Flow, Method
from .names import resolver_for
from .nodes import AllNode, FunctionNode, Node
from .peek import really

Answer = Flow | Literal["unknown"]

AWAITABLE: Final = frozenset(
    {
        "collections.abc.Awaitable",
        "collections.abc.Coroutine",
        "types.CoroutineType",
        "asyncio.Future",
        "asyncio.Task",
        "asyncio.futures.Future",
        "asyncio.tasks.Task",
        "_asyncio.Future",
        "_asyncio.Task",
    }
)
ASYNC_ITERABLE: Final = frozenset(
    {
        "collections.abc.AsyncIterator",
        "collections.abc.AsyncIterable",
        "collections.abc.AsyncGenerator",
        "types.AsyncGeneratorType",
    }
)
_NEVER_A_GENERATOR: Final = frozenset(
    {"None", "str", "bytes", "int", "float", "complex", "bool"}
    | {"dict", "list", "tuple", "set", "frozenset"}
)
_UNDECIDED: Final = frozenset({"", "typing.Any", "object"})


def flow_of(node: Node, depth: int = 0) -> Answer:
    """Return what calling a graph of layers gives, as far as its layers tell."""
    function = node.function
    if really(function, types.FunctionType):
        flow = _own_flow(function)
        if flow != "sync" or function.__code__.co_filename == contextlib.__file__:
            return flow
    if depth > 15:
        return "unknown"
    for inner, returned in node.behind():
        if returned:
            return flow_of(inner, depth + 1)
    if isinstance(node, FunctionNode):
        guess = node.guess()
        if guess is not None and flow_of(guess, depth + 1) != "sync":
            return "unknown"
        return "sync" if really(function, types.FunctionType) else "unknown"
    return "sync" if isinstance(node, AllNode) else "unknown"


def _own_flow(function: types.FunctionType) -> Flow:
    if function.__code__.co_flags & inspect.CO_ITERABLE_COROUTINE:
        return "coroutine"  # types.coroutine
    if getattr(function, "_is_coroutine", None) is not None:
        return "coroutine"  # asyncio's own mark
    return plain_flow(function)


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
    if given == "generator" and heads <= _NEVER_A_GENERATOR and promised:
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
    verdict = _says(node, AWAITABLE, "__await__")
    if verdict is True:
        return "", True
    visible = _returns_awaitable(node) if verdict is None else False
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
    verdict = _says(node, ASYNC_ITERABLE, "__aiter__")
    if verdict is False:
        return "the protocol's method is an async generator, this one is sync", True
    if verdict is None and not _returned(node):
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


_MAKES_AWAITABLES: Final = frozenset(
    {"ensure_future", "create_task", "gather", "wait_for", "shield", "to_thread", "sleep"}
    | {"run_in_executor", "wrap_future", "create_future"}
)
_WAITS: Final = frozenset({"run_until_complete", "run", "run_sync", "result", "get"})


def _returned(node: Node) -> list[tuple[str, Any]]:
    """Return name and callee of the calls whose result reaches the caller."""
    speaker = speaking(node)
    function = speaker.function if speaker is not None else None
    if not really(function, types.FunctionType):
        return [("", UNKNOWN)]
    found = returned_callees(function, speaker.live if speaker else ())
    return [("", UNKNOWN)] if found is None else found


def _returns_awaitable(node: Node) -> bool | None:
    """Return whether an unannotated sync function returns something to await, as far as seen.

    None when it returns the result of a call which cannot be looked up.
    """
    answers = {_gives_awaitable(name, callee) for name, callee in _returned(node)}
    if True in answers:
        return True
    return None if None in answers else False


def _gives_awaitable(name: str, callee: Any) -> bool | None:
    if name in _MAKES_AWAITABLES:
        return True
    if callee is UNKNOWN:
        return False if name in _WAITS else None
    if isinstance(callee, type):
        return hasattr(callee, "__await__")
    function = getattr(callee, "__func__", callee)
    if not really(function, types.FunctionType):
        return inspect.iscoroutinefunction(callee)
    if _own_flow(function) == "coroutine":
        return True
    raw = own_annotations(function).get("return", UNKNOWN)
    hint = UNKNOWN if raw is UNKNOWN else live_hint(raw, function, None)
    text = "" if hint is UNKNOWN else render(hint, resolver_for(function))
    return text.split("[")[0] in AWAITABLE
