"""What a plain function without annotations returns, as far as its text shows."""

from __future__ import annotations

import inspect
import types
from collections.abc import Sequence
from typing import Any, Final

from .forwarding import returned_callees, returned_values
from .functions import live_hint, plain_flow
from .hints import render
from .model import UNKNOWN, Flow
from .names import resolver_for
from .peek import class_of, raw_attribute, really
from .reflection import own_annotations
from .spelling import split_union

AWAIT: Final = "__await__"
ASYNC_ITER: Final = "__aiter__"

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
_HEADS: Final = {AWAIT: AWAITABLE, ASYNC_ITER: ASYNC_ITERABLE}
_FLOWS: Final = {AWAIT: "coroutine", ASYNC_ITER: "async-generator"}

# By their names, where the object behind them is not known.
_MAKES_AWAITABLES: Final = frozenset(
    {"ensure_future", "create_task", "gather", "wait_for", "shield", "to_thread", "sleep"}
    | {"run_in_executor", "wrap_future", "create_future"}
)
_WAITS: Final = frozenset({"run_until_complete", "run", "run_sync", "result", "get"})


def own_flow(function: types.FunctionType) -> Flow:
    """Return how one function answers, marks that libraries put on it included."""
    if function.__code__.co_flags & inspect.CO_ITERABLE_COROUTINE:
        return "coroutine"  # types.coroutine
    if getattr(function, "_is_coroutine", None) is not None:
        return "coroutine"  # asyncio's own mark
    return plain_flow(function)


def gives(function: Any, live: Sequence[Any], special: str, depth: int = 0) -> bool | None:
    """Return whether what a function returns can be awaited, or iterated with ``async for``.

    Args:
        function: a Python function that is neither async nor a generator.
        live: its leading positional arguments as far as known (``self``).
        special: ``__await__`` or ``__aiter__``, what the result must have.
        depth: how many functions led here.

    Returns None when it returns the result of a call which cannot be looked up.
    """
    if not really(function, types.FunctionType) or depth > 4:
        return None
    callees = returned_callees(function, live)
    if callees is None:
        return None
    answers = {_call_gives(name, callee, special, depth) for name, callee in callees}
    answers |= {_has(class_of(value), special) for value in returned_values(function, live)}
    return True if True in answers else None if None in answers else False


def _has(klass: type, special: str) -> bool:
    return raw_attribute(klass, special) not in (UNKNOWN, None)


def _call_gives(name: str, callee: Any, special: str, depth: int) -> bool | None:
    if special == AWAIT and name in _MAKES_AWAITABLES:
        return True
    if callee is UNKNOWN:
        return False if special == AWAIT and name in _WAITS else None
    if isinstance(callee, type):
        return _has(callee, special)
    function = getattr(callee, "__func__", callee)
    if not really(function, types.FunctionType):
        if special == AWAIT:
            return inspect.iscoroutinefunction(callee)
        return None
    flow = own_flow(function)
    if flow != "sync":
        return flow == _FLOWS[special]
    raw = own_annotations(function).get("return", UNKNOWN)
    hint = UNKNOWN if raw is UNKNOWN else live_hint(raw, function, None)
    if hint is UNKNOWN:
        receiver = (callee.__self__,) if really(callee, types.MethodType) else ()
        return gives(function, receiver, special, depth + 1)
    heads = {part.split("[")[0] for part in split_union(render(hint, resolver_for(function)))}
    return bool(heads & _HEADS[special]) or (isinstance(hint, type) and _has(hint, special))
