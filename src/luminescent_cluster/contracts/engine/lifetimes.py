"""Which subject an example works with, and when it is torn down."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

from ..clauses import Violation
from ..subjects import Subject
from .leftovers import end_crowds, running

__all__ = ["Lifetimes", "Make"]

Make = Callable[[Callable[[Any], Any]], AbstractContextManager[Subject]]
"""Makes a subject, torn down at the end of the block; given what runs awaitables."""


class Lifetimes:
    """The subjects of a clause: fresh ones for every example, or one that is shared.

    Attributes:
        history: the calls of the example under way, as code.
    """

    def __init__(self, make: Make) -> None:
        self.history: list[str] = []
        self._make = make
        self._before = running()
        self._lasting = ExitStack()
        self._example = ExitStack()
        self._shared: Subject | None = None
        self._first: Subject | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def subject(self) -> Subject:
        """The subject of the example under way (of the whole clause with ``fresh="clause"``)."""
        if self._first is None:
            self._first = self.another()
        return self._first

    def another(self) -> Subject:
        """Give one more fresh subject, torn down with the example; the shared one where
        ``fresh="clause"``.

        Raises:
            NoInstance: the factory gave none.
        """
        if self._shared is not None:
            return self._shared
        stack = ExitStack()
        made = stack.enter_context(self._make(self.run_async))
        if made.fresh == "clause":
            self._shared = made
            self._lasting.push(stack)
        else:
            self._example.push(stack)
        return made

    def separate(self) -> tuple[Subject, Callable[[], None]]:
        """Give a fresh subject of its own, whatever ``fresh`` says, and what tears it down.

        Raises:
            NoInstance: the factory gave none.
        """
        stack = ExitStack()
        return stack.enter_context(self._make(self.run_async)), stack.close

    def renew(self) -> None:
        """End the shared subject too, so that the next one comes from the factory."""
        self.end_example()
        stack, self._lasting, self._shared = self._lasting, ExitStack(), None
        stack.close()

    @contextmanager
    def example(self) -> Iterator[None]:
        """Start a new example: the subject is fresh in it, and the history is its own."""
        self.end_example()
        before = running()
        try:
            yield
        except Violation as violation:
            if not violation.history:
                violation.history = tuple(self.history)
            raise
        finally:
            self.end_example()
            if self._shared is None:
                end_crowds(before)

    def end_example(self) -> None:
        """Tear down the example's subjects."""
        self._first = None
        stack, self._example = self._example, ExitStack()
        stack.close()
        self.history = []

    def close(self) -> None:
        """Tear down everything."""
        try:
            try:
                self.end_example()
            finally:
                self._lasting.close()
                end_crowds(self._before)
        finally:
            loop, self._loop = self._loop, None
            if loop is not None:
                _end(loop)

    def run_async(self, awaitable: Any) -> Any:
        """Run an awaitable on the case's own event loop, the same one for the whole clause."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        return self._loop.run_until_complete(awaitable)


def _end(loop: asyncio.AbstractEventLoop) -> None:
    """Close a loop after a moment for the extension's own tasks to end in."""
    pending = asyncio.all_tasks(loop)
    for task in pending:
        task.cancel()
    if pending:
        loop.run_until_complete(asyncio.wait(pending, timeout=1.0))
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
