"""Binding a factory to a protocol: what ``@contract`` leaves behind for the plugin to find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

__all__ = ["BINDINGS", "Binding", "binding_of", "contract"]

_F = TypeVar("_F", bound=Callable[..., Any])
_MARK = "__luminescent_contract__"


@dataclass(frozen=True)
class Binding:
    """A factory that a module bound to a protocol.

    Attributes:
        protocol: the protocol class.
        factory: the decorated function; its parameters are pytest fixtures.
        module: name of the module in which it was bound.
        name: the function's name, which is the binding's.
        file: source file, for messages.
        line: line of the function in it.
    """

    protocol: type
    factory: Callable[..., Any]
    module: str
    name: str
    file: str
    line: int


BINDINGS: list[Binding] = []
"""Every binding made in this process, so that one that is shadowed or never collected is missed."""


def contract(protocol: type) -> Callable[[_F], _F]:
    """Hold what the decorated function gives to a protocol's clauses.

    The function is called for every fresh instance that the clauses need. It returns (or, to tear
    down afterwards, yields) the extension itself, or a subject that adds probes. Its parameters
    are pytest fixtures. The function stays an ordinary function.

    Args:
        protocol: any ``typing.Protocol`` class, or ``ExtensionRegistry``.

    Raises:
        TypeError: ``protocol`` is not a class, or the decorated thing is not a function.
    """
    if not isinstance(protocol, type):
        raise TypeError(
            f"@contract({protocol!r}): name the protocol, for instance @contract(TenantProvider)"
        )

    def bind(factory: _F) -> _F:
        code = getattr(factory, "__code__", None)
        if code is None or isinstance(factory, type):
            raise TypeError(
                f"@contract({protocol.__name__}) decorates a function that returns the extension, "
                f"not {factory!r}"
            )
        binding = Binding(
            protocol,
            factory,
            factory.__module__,
            factory.__name__,
            code.co_filename,
            code.co_firstlineno,
        )
        BINDINGS.append(binding)
        setattr(factory, _MARK, binding)
        return factory

    return bind


def binding_of(candidate: object) -> Binding | None:
    """Give the binding that ``@contract`` left on a function, or None."""
    found = getattr(candidate, "__dict__", {}).get(_MARK)
    return found if isinstance(found, Binding) else None
