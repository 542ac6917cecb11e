"""Results that come bit by bit: what an iterator gives, and what a context manager holds."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import typing
from collections import abc
from collections.abc import Callable
from typing import Any

from .alarm import Overdue, can_interrupt, deadline
from .compare import same, snapshot

__all__ = ["Reader", "Unpacked", "part_of"]

_STREAMS = (abc.Iterator, abc.Generator, abc.Iterable)
_LATER = (abc.AsyncIterator, abc.AsyncGenerator, abc.AsyncIterable)
_MOST = 20
_PATIENCE = 0.5  # seconds; one that waits for what happens elsewhere is not read on
_BRIEFLY = 0.02


class Unpacked:
    """A result with what came out of it.

    Args:
        original: what the call returned.
        parts: the first items of an iterator, or what a context manager held.
        complete: whether nothing was left to wait for; what comes later is not compared.
    """

    def __init__(self, original: Any, parts: list[Any], *, complete: bool) -> None:
        self.original = original
        self.parts = parts
        self.complete = complete

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Unpacked):
            return False
        return not (self.complete and other.complete) or same(self.parts, other.parts)

    __hash__ = None  # type: ignore[assignment]

    def __deepcopy__(self, memo: object) -> Unpacked:
        return Unpacked(self.original, snapshot(self.parts), complete=self.complete)

    def __repr__(self) -> str:
        more = "" if self.complete else ", …"
        return f"<{type(self.original).__name__} of {', '.join(map(repr, self.parts))}{more}>"


def part_of(declared: Any) -> Any:
    """Give the declared type of what is inside a stream or a context manager; ``Any`` if untold."""
    arguments = typing.get_args(declared)
    return arguments[0] if arguments else Any


class Reader:
    """Takes results apart where their declared types say that they come bit by bit.

    Args:
        run: runs an awaitable to its end.
        brief: whether not to wait for what does not come at once.

    Attributes:
        waited: whether something did not come in time.
    """

    def __init__(self, run: Callable[[Any], Any], *, brief: bool = False) -> None:
        self.waited = False
        self._run = run
        self._patience = _BRIEFLY if brief else _PATIENCE

    def take(self, result: Any, declared: Any) -> Any:
        """Give a result with what comes out of it.

        Returns:
            An :class:`Unpacked`; the result itself where there is nothing to take out, and where
            nothing came in time.
        """
        origin = typing.get_origin(declared) or declared
        if origin in _STREAMS and isinstance(result, abc.Iterator):
            return self._in_time(result, lambda: _read(result))
        if origin in _LATER and isinstance(result, abc.AsyncIterator):
            return self._run(self._read_later(result))
        if origin is contextlib.AbstractContextManager and hasattr(result, "__enter__"):
            return self._in_time(result, lambda: _enter(result))
        if origin is contextlib.AbstractAsyncContextManager and hasattr(result, "__aenter__"):
            return self._run(_enter_later(result))
        return result

    def _in_time(self, result: Any, take: Callable[[], list[Any]]) -> Any:
        if not can_interrupt():
            return result
        try:
            with deadline(self._patience, "what was returned"):
                return Unpacked(result, take(), complete=True)
        except Overdue:
            self.waited = True
            return Unpacked(result, [], complete=False)

    async def _read_later(self, iterator: Any) -> Unpacked:
        """Read on while something comes; the loop is left in peace, so no alarm interrupts it."""
        found: list[Any] = []
        try:
            while len(found) < _MOST:
                found.append(await asyncio.wait_for(iterator.__anext__(), self._patience))
        except StopAsyncIteration:
            pass
        except asyncio.TimeoutError:
            self.waited = True
        finally:
            if isinstance(iterator, abc.AsyncGenerator):
                await iterator.aclose()
        return Unpacked(iterator, found, complete=not self.waited)


def _read(iterator: Any) -> list[Any]:
    try:
        return list(itertools.islice(iterator, _MOST))
    finally:
        if isinstance(iterator, abc.Generator):
            iterator.close()


def _enter(manager: Any) -> list[Any]:
    with manager as held:
        return [held]


async def _enter_later(manager: Any) -> Unpacked:
    async with manager as held:
        return Unpacked(manager, [held], complete=True)
