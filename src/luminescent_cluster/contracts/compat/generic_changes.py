"""How the type parameters of two versions differ."""

from __future__ import annotations

from collections.abc import Iterator

from luminescent_cluster.contracts.shapes import TypeParameter

from .difference import Difference
from .edition import Edition
from .hint_reader import parse
from .terms import Named, Scope, Term
from .type_arguments import limits_of, own_letters
from .variables import same_hint
from .variance import VARIANCES

__all__ = ["generic_differences"]


def generic_differences(
    old: Edition, new: Edition, scopes: tuple[Scope, Scope]
) -> Iterator[Difference]:
    """Yield how the type parameters of two versions differ; their names are nothing."""
    left, right = old.shape.type_parameters, new.shape.type_parameters
    if [p.kind for p in left] != [p.kind for p in right]:
        text = f"type parameters {_listed(left)} became {_listed(right)}"
        yield Difference("GEN-01", "", text, (), ("type-arguments",))
        return
    letters = own_letters(old, 0), own_letters(new, 1)
    for at, (one, other) in enumerate(zip(left, right, strict=True)):
        silent = one.variance == other.variance == "inferred"
        if letters[0][at] != letters[1][at] and not silent:
            was, now = (VARIANCES[found[at]] for found in letters)
            text = f"type parameter {other.name} is now {now}, no longer {was}"
            yield Difference("GEN-02", "", text, (one.name,), ("variance",))
        if not same_hint(_limit(one, scopes[0]), _limit(other, scopes[1]), {}):
            text = f"bound of type parameter {other.name} changed"
            yield Difference("GEN-03", "", text, (one.name,), ("bound",))
        was_default, is_default = parse(one.default, scopes[0]), parse(other.default, scopes[1])
        same = bool(one.default) == bool(other.default)
        if not same or not same_hint(was_default, is_default, {}):
            was, now = (p.default or "not there" for p in (one, other))
            text = f"default of type parameter {other.name} was {was}, is {now}"
            aspects = ("type-default", "type-arguments")
            yield Difference("GEN-05", "", text, (one.name,), aspects)


def _listed(parameters: tuple[TypeParameter, ...]) -> str:
    stars = {"TypeVar": "", "ParamSpec": "**", "TypeVarTuple": "*"}
    return f"[{', '.join(stars[p.kind] + p.name for p in parameters)}]"


def _limit(parameter: TypeParameter, scope: Scope) -> Term:
    limits = limits_of(parameter, scope)
    if not parameter.constraints:
        return limits[0]
    return Named("constraints", tuple(sorted(limits, key=str)))
