"""What the PUR clauses share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...clauses import Inconclusive
from ...engine.case import Case
from ...engine.methods import Method, methods_of
from ...engine.mutability import may_be_mutable

__all__ = ["CONFIRMATIONS", "OPTIONAL", "takers", "takes_mutable", "try_each"]

CONFIRMATIONS = 3  # each waits for what settles in the background
OPTIONAL = "only optional methods, which the extension leaves out, take anything that can change"


def takes_mutable(protocol: type) -> bool:
    """Tell whether a protocol has a method that takes something mutable."""
    return any(
        may_be_mutable(method.hints.get(p.name, p.annotation))
        for method in methods_of(protocol)
        for p in method.parameters
    )


def takers(case: Case) -> list[Method]:
    """Give the methods that take something mutable, and that the extension has."""
    return [
        method
        for method in methods_of(case.protocol)
        if any(may_be_mutable(method.hints.get(p.name, p.annotation)) for p in method.parameters)
        and hasattr(case.subject.extension, method.name)
    ]


def try_each(case: Case, calls: list[Any], check: Callable[..., None]) -> bool:
    """Try calls that are sure to be about the same thing; tell whether one was taken."""
    if not calls:
        return False
    try:
        case.for_all(lambda which: check(calls[which]), which=range(len(calls)))
    except Inconclusive:
        return False
    return True
