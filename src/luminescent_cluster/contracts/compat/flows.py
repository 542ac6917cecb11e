"""What a caller does with a result: use it, await it, or iterate over it asynchronously."""

from __future__ import annotations

from typing import Final, Literal

from luminescent_cluster.contracts.shapes import Method, Signature

from .hint_reader import parse
from .terms import ANY, Named, Scope, Term, UnionTerm

__all__ = ["Mode", "mode_of", "result_mode", "result_term"]

Mode = Literal["plain", "await", "async for"]

_AWAIT: Final = {
    "collections.abc.Awaitable", "collections.abc.Coroutine", "asyncio.Future", "asyncio.Task",

}  # fmt: skip
_ITERATE: Final = {
    "collections.abc.AsyncIterator", "collections.abc.AsyncIterable",
    "collections.abc.AsyncGenerator",
}  # fmt: skip


def result_term(method: Method, signature: Signature, scope: Scope) -> Term:
    """Return the type of what a call gives back: of the coroutine itself for ``async def``."""
    declared = parse(signature.returns.text if signature.returns else None, scope)
    if method.flow == "coroutine":
        return Named("collections.abc.Coroutine", (ANY, ANY, declared))
    if method.flow == "async-generator" and declared is ANY:
        return Named("collections.abc.AsyncGenerator", (ANY, ANY))
    if method.flow == "generator" and declared is ANY:
        return Named("collections.abc.Generator", (ANY, ANY, ANY))
    return declared


def mode_of(term: Term) -> Mode:
    """Return what callers do with a value of this type."""
    if isinstance(term, UnionTerm):
        modes = {mode_of(item) for item in term.items}
        return modes.pop() if len(modes) == 1 else "plain"
    if isinstance(term, Named):
        if term.name in _AWAIT:
            return "await"
        if term.name in _ITERATE:
            return "async for"
    return "plain"


def result_mode(method: Method, signature: Signature, scope: Scope) -> Mode:
    """Return what callers do with the result of a method.

    ``def stream() -> AsyncIterator[int]`` in a protocol is the same to callers as ``async def``
    with a ``yield``.
    """
    return mode_of(result_term(method, signature, scope))
