"""What equal histories answer: a method is called, then the others are asked."""

from __future__ import annotations

import inspect
from typing import Any

from ...engine.case import Case, Raised
from ...engine.compare import same, snapshot
from ...engine.methods import Method, methods_of
from ...engine.show import show

__all__ = ["Call", "after_others", "agree", "alike", "observed", "tell"]

Call = tuple[str, tuple[Any, ...], dict[str, Any]]
_Outcome = Any


def _likely_to_change(method: Method) -> tuple[bool, int]:
    """Put first what answers, and asks for little: others may clear, or add what varies."""
    return method.returns in (None, type(None)), len(_required(method))


def _required(method: Method) -> list[inspect.Parameter]:
    return [p for p in method.parameters if p.default is inspect.Parameter.empty]


def after_others(method: Method, meeting: list[Call]) -> list[tuple[Call, dict[str, Any]]]:
    """Give a call of each other method with what a method is called with about the same thing."""
    own = next((call for call in meeting if call[0] == method.name), None)
    if own is None:
        return []
    by_place = [p.name for p in method.parameters if p.kind is p.POSITIONAL_ONLY]
    given = {**dict(zip(by_place, own[1], strict=False)), **own[2]}
    return [(former, given) for former in meeting if former[0] != method.name]


def observed(
    case: Case,
    method: Method,
    call: dict[str, Any],
    *,
    plain: dict[str, Any],
    before: Call | None = None,
    pause: float = 0.0,
) -> tuple[_Outcome, ...]:
    """Call a method on a fresh subject, twice, then look at what other methods answer.

    Args:
        case: the clause under way.
        method: the method.
        call: the arguments, by name.
        plain: those of them that other methods are called with.
        before: a call of another method that is made first.
        pause: seconds for what settles in the background.
    """
    subject = case.another()
    if before is not None:
        name, args, kwargs = snapshot(before)
        case.attempt(name, *args, _on=subject, **kwargs)
    seen: list[_Outcome] = []
    for _ in range(2):
        positional = [
            p.name for p in method.parameters if p.kind is p.POSITIONAL_ONLY and p.name in call
        ]
        args = [snapshot(call[name]) for name in positional]
        kwargs = {name: snapshot(v) for name, v in call.items() if name not in positional}
        seen.append(_plain(case.attempt(method.name, *args, _on=subject, **kwargs)))
    case.settle(subject, pause)
    for other in sorted(methods_of(case.protocol), key=_likely_to_change):
        required = _required(other)
        if other.name == method.name or not all(p.name in plain for p in required):
            continue
        if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in required):
            continue
        kwargs = {p.name: snapshot(plain[p.name]) for p in required}
        seen.append(_plain(case.attempt(other.name, _on=subject, **kwargs)))
    return tuple(seen)


def alike(one: tuple[_Outcome, ...], two: tuple[_Outcome, ...]) -> set[int]:
    """Give the numbers of the outcomes that two equal histories share."""
    return {n for n, pair in enumerate(zip(one, two, strict=True)) if same(*pair)}


def agree(one: tuple[_Outcome, ...], two: tuple[_Outcome, ...], steady: set[int]) -> bool:
    """Tell whether two observations are the same where equal histories are."""
    return all(same(one[n], two[n]) for n in steady)


def _plain(outcome: _Outcome) -> _Outcome:
    if isinstance(outcome, Raised):
        return ("raised", type(outcome.error).__name__)
    return ("returned", snapshot(outcome))


def tell(outcomes: tuple[_Outcome, ...]) -> str:
    return " then ".join(f"{kind} {value if kind == 'raised' else show(value, 120)}"
                         for kind, value in outcomes)  # fmt: skip
