"""Calls of one version of a method, put to an implementer of another."""

from __future__ import annotations

from collections.abc import Iterator

from luminescent_cluster.contracts.shapes import Default, Method, Parameter, Signature
from luminescent_cluster.extensions._calls.calls import Argument, Call

from .calls import calls_between, put
from .defaults import equal_defaults
from .flows import result_mode, result_term
from .overloads import check_overloads
from .refusals import both, refusal
from .rejections import Rejection, Use
from .signatures import hint_of, signatures_of
from .subtyping import Relation
from .terms import Scope, Term, UnionTerm, told_apart

__all__ = ["check_method"]


def check_method(
    wanted: Method, given: Method, wanted_scope: Scope, given_scope: Scope, relation: Relation
) -> Iterator[Rejection]:
    """Yield why a method as ``given`` does not serve callers who know it as ``wanted``.

    Args:
        wanted: the method as callers know it.
        given: the method as the implementer has it: it takes exactly this.
        wanted_scope: what names in the hints of ``wanted`` mean.
        given_scope: what names in the hints of ``given`` mean.
        relation: decides about types; the variables of ``given`` must be open in it.
    """
    name = wanted.name
    if wanted.opaque or given.opaque:
        return
    if wanted.binding != "instance" and given.binding == "instance":
        use = Use(
            "call",
            name,
            next(calls_between(signatures_of(wanted)[0], Signature())),
            0,
            (),
            None,
            True,
        )
        reason = f"{name} needs an instance and cannot be called on the class"
        yield Rejection(name, "binding", "run time", use, reason)
    flow = _flow(wanted, given, wanted_scope, given_scope)
    if flow is not None:
        yield flow
    many = len(signatures_of(wanted)) > 1 or len(signatures_of(given)) > 1
    if many:
        yield from check_overloads(
            wanted, given, wanted_scope, given_scope, relation, results=flow is None
        )
        return
    left, right = signatures_of(wanted)[0], signatures_of(given)[0]
    places: dict[tuple[str, str], tuple[Call, int, Argument, Parameter]] = {}
    blamed: set[tuple[object, ...]] = set()
    for call in calls_between(left, right):
        outcome = put(call, left, right)
        if not outcome.accepted:
            rejection = refusal(name, call, outcome, 0, left)
            key = (rejection.aspect, rejection.parameters, rejection.reason)
            if key not in blamed:
                blamed.add(key)
                yield rejection
            continue
        for at, argument in enumerate(call.arguments):
            reached = outcome.places.get(argument)
            if reached is not None:
                key2 = (argument.name, reached.name)
                places.setdefault(key2, (call, at, argument, reached))
    yield from _defaults(name, left, right, places)
    typed = relation.fork()
    for call, at, argument, reached in places.values():
        sent, taken = hint_of(argument.parameter, wanted_scope), hint_of(reached, given_scope)
        if not typed.fits(sent, taken):
            sent = culprit(sent, taken, typed)
            texts = told_apart(taken, given_scope.side, sent, wanted_scope.side)
            yield Rejection(
                name,
                "parameter-hint",
                "type checker",
                Use("call", name, call, 0, ((at, sent),)),
                f"{reached.name} takes {texts[0]}, not {texts[1]}",
                both(argument.name, reached.name),
            )
    if flow is None:
        answer = typed.fill(result_term(given, right, given_scope))
        expected = result_term(wanted, left, wanted_scope)
        if not typed.fits(answer, expected):
            answer = culprit(answer, expected, typed)
            texts = told_apart(answer, given_scope.side, expected, wanted_scope.side)
            call = next(calls_between(left, right))
            yield Rejection(
                name,
                "result-hint",
                "type checker",
                Use("call", name, call),
                f"it gives {texts[0]}, not {texts[1]}",
            )


def culprit(left: Term, right: Term, relation: Relation) -> Term:
    """Return the alternative of a union that does not fit, or the whole where it is no union."""
    items = left.items if isinstance(left, UnionTerm) else ()
    return next((item for item in items if not relation.fits(item, right)), left)


def _flow(wanted: Method, given: Method, one: Scope, other: Scope) -> Rejection | None:
    left, right = signatures_of(wanted)[0], signatures_of(given)[0]
    expected, answer = result_mode(wanted, left, one), result_mode(given, right, other)
    if expected == answer:
        return None
    words = {"plain": "used as it is", "await": "awaited", "async for": "iterated with async for"}
    use = Use("call", wanted.name, next(calls_between(left, right)))
    reason = f"the result is {words[answer]}, not {words[expected]}"
    return Rejection(wanted.name, "flow", "run time", use, reason)


def _defaults(
    name: str,
    wanted: Signature,
    given: Signature,
    places: dict[tuple[str, str], tuple[Call, int, Argument, Parameter]],
) -> Iterator[Rejection]:
    seen = set()
    for call, _, argument, reached in places.values():
        mine, theirs = argument.parameter.default, reached.default
        if argument.extra or mine is None or theirs is None or argument.name in seen:
            continue
        if isinstance(theirs, Default) and equal_defaults(mine, theirs):
            continue
        seen.add(argument.name)
        without = next(
            (
                c
                for c in calls_between(wanted, given)
                if all(a.name != argument.name for a in c.arguments)
                and put(c, wanted, given).accepted
            ),
            call,
        )
        yield Rejection(
            name,
            "default",
            "run time",
            Use("call", name, without),
            f"omitting {argument.name} means {theirs.text}, not {mine.text}",
            both(argument.name, reached.name),
        )
