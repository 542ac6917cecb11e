"""What statements and operators call: ``with``, ``len()``, ``for``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...engine.case import Case, Refused
from ...engine.methods import Method, specials_of

__all__ = ["hold_specials"]

_ENDS = {"__enter__": "__exit__", "__aenter__": "__aexit__"}


def hold_specials(case: Case, hold: Callable[[Method, tuple[Any, ...]], None]) -> None:
    """Call the special methods that the protocol asks for, and hold what they give.

    What is entered is left again, last of all: it may be closed then.

    Args:
        case: the clause under way.
        hold: calls a method with arguments, and judges its result.
    """
    methods = {method.name: method for method in specials_of(case.protocol)}
    methods = {n: m for n, m in methods.items() if hasattr(type(case.subject.extension), n)}
    plain = [n for n in methods if n not in (*_ENDS, *_ENDS.values())]
    for name in [*plain, *(start for start in _ENDS if start in methods)]:
        try:
            hold(methods[name], ())
            if _ENDS.get(name) in methods:
                hold(methods[_ENDS[name]], (None, None, None))
        except Refused:
            continue  # what it may raise is its own
