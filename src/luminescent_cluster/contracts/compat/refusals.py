"""A call that does not bind, or whose arguments go astray, as a rejection."""

from __future__ import annotations

from luminescent_cluster.contracts.shapes import Signature
from luminescent_cluster.extensions._calls.binding import Bound
from luminescent_cluster.extensions._calls.calls import Call

from .calls import Outcome
from .rejections import Aspect, Rejection, Use

__all__ = ["both", "refusal"]


def refusal(name: str, call: Call, outcome: Outcome, at: int, wanted: Signature) -> Rejection:
    """Return the rejection for a call that does not bind, or whose arguments go astray."""
    use = Use("call", name, call, at)
    if outcome.astray:
        argument, reached = outcome.astray[0]
        aspect: Aspect = "landing"
        reason = f"the argument for {argument.name!r} arrives in {reached.name!r}"
        blame = both(argument.name, reached.name)
    else:
        aspect, reason = "call", outcome.bound.reason()
        blame = _culprits(outcome.bound, call)
    return Rejection(name, aspect, "run time", use, reason, blame)


def _culprits(bound: Bound, call: Call) -> tuple[str, ...]:
    found = list(bound.unexpected) + list(bound.twice) + list(bound.missing)
    if bound.too_many:
        beyond = call.positional[-bound.too_many :]
        found += ["*" + a.parameter.name if a.extra else a.name for a in beyond]
    extra = {a.keyword: "**" + a.parameter.name for a in call.keywords if a.extra}
    return tuple(dict.fromkeys(extra.get(name, name) for name in found))


def both(one: str, other: str) -> tuple[str, ...]:
    return (one,) if one == other else (one, other)
