"""Type parameters of a protocol: how many, which variance, which bounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Literal

from luminescent_cluster.contracts.shapes import TypeParameter

from .edition import Edition
from .hint_reader import parse
from .rejections import Rejection, Use
from .subtyping import Relation
from .terms import OBJECT, Scope, Term

__all__ = ["check_generics"]

_BOTH: Final[tuple[Literal["implementers", "callers"], ...]] = ("implementers", "callers")

Found = tuple[Literal["implementers", "callers"], Rejection]


def check_generics(old: Edition, new: Edition, scopes: tuple[Scope, Scope]) -> list[Found]:
    """Return who breaks when the type parameters of a protocol change, or ``isinstance`` goes.

    ``P[int]`` written for the old version must still mean something; what was interchangeable by
    variance must stay so; what was allowed by a bound must stay allowed.
    """
    found = list(_check(old, new, scopes))
    if old.runtime_checkable and not new.runtime_checkable:
        reason = f"isinstance(extension, {new.name}) is refused"
        use = Use("read", "")
        found.append(("callers", Rejection("", "isinstance", "run time", use, reason)))
    return found


def _check(old: Edition, new: Edition, scopes: tuple[Scope, Scope]) -> Iterator[Found]:
    left, right = old.shape.type_parameters, new.shape.type_parameters
    name = old.name
    if len(left) != len(right):
        if left:
            written = f"{name}[{', '.join('int' for _ in left)}]"
            reason = f"{written} has {len(left)} argument(s), {name} now takes {len(right)}"
            for direction in _BOTH:
                found = _rejection("run time", reason, tuple(p.name for p in left))
                yield direction, replace(found, witness=str(len(right)))
        return
    for one, other in zip(left, right, strict=True):
        promised = one.variance in ("covariant", "contravariant")
        if promised and other.variance not in (one.variance, "inferred"):
            reason = f"{name} is no longer {one.variance} in {one.name}"
            yield "callers", _rejection("type checker", reason, (one.name,))
        sides = [(one, scopes[0]), (other, scopes[1])]
        was, now = (_alternatives(p, s) for p, s in sides)
        relation = Relation()
        if not all(any(relation.fits(a, b) for b in now) for a in was):
            reason = f"{name}[{was[0]}] is outside the bound of {other.name}"
            yield "callers", _rejection("type checker", reason, (one.name,))
            yield "implementers", _rejection("type checker", reason, (one.name,))


def _rejection(level: str, reason: str, parameters: tuple[str, ...]) -> Rejection:
    return Rejection("", "generic", level, Use("read", ""), reason, parameters)  # type: ignore[arg-type]


def _alternatives(parameter: TypeParameter, scope: Scope) -> list[Term]:
    if parameter.constraints:
        return [parse(c, scope) for c in parameter.constraints]
    return [parse(parameter.bound, scope) if parameter.bound else OBJECT]
