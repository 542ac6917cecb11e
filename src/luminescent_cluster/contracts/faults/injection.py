"""Putting a fault into an extension: a wrapper that keeps signatures, and probes that know."""

from __future__ import annotations

import contextlib
import copy
import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from ..engine.methods import Method, methods_of
from ..subjects import Subject
from .functions import Call, Handler, function_for, parameters_of

__all__ = ["Injection", "NotApplicable"]


class NotApplicable(Exception):
    """The fault has nothing to bite on: the protocol or the subject lacks what it changes."""


class Injection:
    """A working subject on its way to a faulty one.

    Attributes:
        subject: the working subject; its probes keep looking behind the fault.
        protocol: the protocol class.
        memory: what the fault remembers, fresh for every subject.
    """

    def __init__(self, subject: Subject, protocol: type) -> None:
        self.subject = subject
        self.protocol = protocol
        self.memory = SimpleNamespace()
        self._inner = subject.extension
        self._handlers: dict[str, Handler] = {}
        self._parameters: dict[str, tuple[list[inspect.Parameter], dict[str, str]]] = {}
        self._async: set[str] = set()
        self._members: dict[str, Any] = {}
        self._removed: set[str] = set()
        self._probes: dict[str, Any] = {}
        self._declared: dict[str, Any] = {}

    # -- what a fault may do ------------------------------------------------------------------

    @property
    def methods(self) -> tuple[Method, ...]:
        """The methods that the protocol asks for and the extension has."""
        first = {method.name: method for method in reversed(methods_of(self.protocol))}
        return tuple(m for m in reversed(first.values()) if hasattr(self._inner, m.name))

    def method(self, accept: Callable[[Method], bool] = lambda _: True) -> Method:
        """Give the first method that is accepted.

        Raises:
            NotApplicable: there is none.
        """
        for method in self.methods:
            if accept(method):
                return method
        raise NotApplicable("no method of this protocol is concerned")

    def around(self, name: str, handler: Handler) -> None:
        """Replace a method.

        Args:
            name: its name.
            handler: called with ``(call, values)``: ``call(**changes)`` calls the original,
                with some arguments replaced; ``values`` holds the arguments by name.
        """
        if not hasattr(self._inner, name):
            raise NotApplicable(f"the extension has no {name}")
        self._handlers[name] = handler

    def after(self, name: str, change: Callable[[Any, dict[str, Any]], Any]) -> None:
        """Change the result of a method: ``change(result, values)`` gives the new one."""

        def handler(call: Call, values: dict[str, Any]) -> Any:
            result = call()
            if not inspect.isawaitable(result):
                return change(result, values)

            async def later() -> Any:
                return change(await result, values)

            return later()

        self.around(name, handler)

    def resign(
        self,
        name: str,
        parameters: list[inspect.Parameter],
        renamed: dict[str, str] | None = None,
    ) -> None:
        """Give a method another signature.

        Args:
            name: its name.
            parameters: the new ones; what the original does not know is dropped.
            renamed: new parameter to the original one that gets its value.
        """
        self._parameters[name] = (parameters, renamed or {})

    def parameters(self, name: str) -> list[inspect.Parameter]:
        """Give the parameters of a method, without ``self``."""
        return parameters_of(getattr(self._inner, name), self.protocol, name)

    def make_async(self, name: str) -> None:
        """Turn a method into a coroutine function."""
        self._async.add(name)

    def remove(self, name: str) -> None:
        """Let the extension lack a method."""
        self._removed.add(name)

    def member(self, name: str, value: Any) -> None:
        """Give the extension's class a member, ``__bool__`` for instance."""
        self._members[name] = value

    def probe(self, name: str, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
        """Replace a probe by one around it, where the author gives it."""
        if self.subject.has(name):
            hook = self.subject.probe(name)
            around = wrap(hook)
            with contextlib.suppress(AttributeError, TypeError):
                functools.update_wrapper(around, hook)  # the kit looks at signatures
            self._probes[name] = around

    def declare(self, **attributes: Any) -> None:
        """Let the faulty subject declare something else: its attributes by name."""
        self._declared.update(attributes)

    def interrupted(self, name: str) -> Callable[[], bool]:
        """Tell, whenever asked, whether an interruption of the author is under way.

        Args:
            name: ``"break_backend"``, ``"stall_backend"`` or ``"break_alerts"``.
        """
        depth = [0]

        def wrap(hook: Callable[..., Any]) -> Callable[..., Any]:
            return lambda: _counted(hook, depth)

        self.probe(name, wrap)
        return lambda: depth[0] > 0

    # -- the outcome --------------------------------------------------------------------------

    def build(self) -> Subject:
        """Give the faulty subject."""
        inner = self._inner
        methods = {
            method.name: function_for(
                inner,
                self.protocol,
                method.name,
                handler=self._handlers.get(method.name),
                parameters=self._parameters.get(method.name),
                make_async=method.name in self._async,
            )
            for method in self.methods
            if method.name not in self._removed
        }
        kind = type(
            type(inner).__name__,
            (_Wrapper,),
            {
                "__module__": type(inner).__module__,
                "__doc__": type(inner).__doc__,
                **methods,
                **self._members,
                "_luminescent_removed": frozenset(self._removed),
            },
        )
        faulty = copy.copy(self.subject)
        faulty._probes = {**self.subject._probes, **self._probes}
        vars(faulty).update(self._declared)
        faulty.extension = kind(inner)
        return faulty


class _Wrapper:
    """Stands before an extension, and is it in everything that a fault does not change."""

    _luminescent_removed: frozenset[str] = frozenset()

    def __init__(self, inner: Any) -> None:
        object.__setattr__(self, "_luminescent_inner", inner)

    def __getattr__(self, name: str) -> Any:
        if name in type(self)._luminescent_removed:
            raise AttributeError(name)
        return getattr(object.__getattribute__(self, "_luminescent_inner"), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._luminescent_inner, name, value)

    def __bool__(self) -> bool:
        return bool(self._luminescent_inner)


@contextmanager
def _counted(hook: Callable[..., Any], depth: list[int]) -> Iterator[Any]:
    """Run the author's interruption, and count that it is under way."""
    given = hook()
    if hasattr(given, "__next__") and not hasattr(given, "__enter__"):
        given = contextmanager(lambda: given)()  # a generator function that nobody decorated
    with given as what:
        depth[0] += 1
        try:
            yield what
        finally:
            depth[0] -= 1
