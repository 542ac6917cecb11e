"""PUR: values that cross the border belong to the one who holds them."""

from __future__ import annotations

import functools
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Excused, Inconclusive, Violation
from ...engine.apart import Apart
from ...engine.calls import generated_call, generated_calls
from ...engine.case import Case, Raised, Refused
from ...engine.chains import linked_calls, with_answer
from ...engine.compare import holds_poison, poison, same, snapshot
from ...engine.meeting import meeting_calls
from ...engine.methods import Method, methods_of
from ...engine.mutability import is_there_to_be_changed, may_be_mutable
from ...engine.show import show, show_call
from ...subjects import Subject
from ._passing import CONFIRMATIONS, OPTIONAL, takers, takes_mutable, try_each

clauses = Catalogue()

_UNSEEN: Any = object()
_Call = tuple[str, tuple[Any, ...], dict[str, Any]]


def _gives_mutable(protocol: type) -> bool:
    return any(may_be_mutable(method.returns) for method in methods_of(protocol))


@clauses.must(
    "PUR-01",
    reason="core passes the same context on to the next extension and to the query itself",
    fix="copy the argument before changing it",
    applies=takes_mutable,
)
def arguments_are_left_alone(case: Case) -> None:
    """Arguments are not mutated, whether the call succeeds or not.

    But those whose type says that they are there for it: `MutableMapping`, `bytearray`.
    """
    judged = False
    by_name = {method.name: method for method in methods_of(case.protocol)}

    def check(calls: list[_Call]) -> None:
        nonlocal judged
        passed = []
        for name, args, kwargs in calls + snapshot(calls):
            before = snapshot((args, kwargs))
            passed.append((name, args, kwargs, before))
            outcome = case.attempt(name, *args, **kwargs)
            judged = judged or not isinstance(outcome, Raised)
            # All of them again: a later call may change what an earlier one was given.
            for called, given, named, former in passed:
                method = by_name[called]
                if not same(_lent(method, given, named), _lent(method, *former)):
                    raise Violation(
                        f"before: {show_call(called, *former)}",
                        f"after:  {show_call(called, given, named)}",
                        "the extension changed an argument",
                    )

    apart = Apart()
    mutable = []
    taking = takers(case)
    lending = [method for method in taking if any(map(may_be_mutable, _lends(method)))]
    if taking and not lending:
        raise Excused("what the methods take is of types that are there to be changed")
    for method in lending:
        with apart.about(method.name):
            mutable.append(generated_call(case, method, full=True))
    others = generated_calls(case, most=2)
    if not mutable:
        apart.conclude()
        raise Excused(OPTIONAL)
    if others is None:
        raise Inconclusive("no call can be generated")
    case.for_all(
        check,
        calls=st.tuples(st.lists(st.one_of(mutable), min_size=1, max_size=2), others).map(
            lambda parts: [*parts[0], *parts[1]]
        ),
    )
    if not judged:
        raise Inconclusive("the extension refused every call; give arguments that it takes")
    apart.conclude()


@functools.lru_cache(maxsize=256)
def _handed_over(method: Method) -> frozenset[str]:
    """Give the parameters of types that are there to be changed."""
    return frozenset(n for n, hint in method.hints.items() if is_there_to_be_changed(hint))


def _lends(method: Method) -> list[Any]:
    """Give the types of the others."""
    names = [p for p in method.parameters if p.name not in _handed_over(method)]
    return [method.hints.get(p.name, p.annotation) for p in names]


def _lent(method: Method, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Give the arguments of a call that stay the caller's."""
    away = _handed_over(method)
    if not away:
        return args, kwargs
    names = [p.name for p in method.parameters]
    return (
        [arg for at, arg in enumerate(args) if at >= len(names) or names[at] not in away],
        {name: arg for name, arg in kwargs.items() if name not in away},
    )


@clauses.must(
    "PUR-02",
    reason="core adds to the filter and trims the summary it was given; what it does to one "
    "request's result must not reach the next request",
    fix="build a new result for every call, or return a deep copy",
    applies=_gives_mutable,
)
def results_are_handed_over(case: Case) -> None:
    """Mutating a result changes no later result.

    Results are spoiled at every depth; afterwards the same call, and a call with other arguments,
    answer as they did before.
    """
    givers = [
        method
        for method in methods_of(case.protocol)
        if may_be_mutable(method.returns) and hasattr(case.subject.extension, method.name)
    ]
    if not givers:
        raise Excused(
            "only optional methods, which the extension leaves out, give anything that can change"
        )
    meeting = meeting_calls(case)
    linked = linked_calls(case, meeting)
    apart = Apart()
    answered = set()
    for method in givers:
        # First calls that are sure to be about the same thing, then any.
        mine = [(meeting, call) for call in meeting if call[0] == method.name]
        # All of them may take away again what some have stored.
        mine += [([former], call) for _, call in mine for former in meeting if former[0] != call[0]]
        mine += [([former], latter) for former, latter in linked if latter[0] == method.name]
        if try_each(case, mine, lambda pair: _spoil_results(case, pair[0], pair[1], pair[1])):
            answered.add(method.name)
        with apart.about(method.name):
            prefix = generated_calls(case, most=2)
            call = generated_call(case, method)
            case.for_all(
                lambda before, one, other: _spoil_results(case, before, one, other),
                before=prefix if prefix is not None else st.just([]),
                one=call,
                other=call,
            )
    apart.conclude(answered)


def _spoil_results(case: Case, before: list[_Call], one: _Call, other: _Call) -> None:
    disturbed = _sequence(case, case.subject, before, one, other, spoil=True)
    fault = _spoiled(disturbed)
    if fault is None:
        return
    call, earlier, later, traces = fault
    shown = show(earlier) if earlier is not _UNSEEN else "a result that the caller then changed"
    if not traces:
        if case.tally.varying[one[0]] >= CONFIRMATIONS:
            return
        # A clock or an id explains a difference too: without spoiling it must not be there.
        undisturbed = _sequence(case, case.another(), before, one, other, spoil=False, pause=0.3)
        again = _sequence(case, case.another(), before, one, other, spoil=True, pause=0.3)
        if _spoiled(undisturbed) is not None or _spoiled(again) is None:
            case.tally.varying[one[0]] += 1
            case.note(f"{one[0]} answers differently to equal calls; only traces were looked for")
            return
    raise Violation(
        f"{show_call(*call)} -> {shown}",
        f"after the caller changed its result, it answers {show(later)}",
    )


def _sequence(
    case: Case,
    subject: Subject,
    before: list[_Call],
    one: _Call,
    other: _Call,
    *,
    spoil: bool,
    pause: float = 0.0,
) -> list[tuple[_Call, Any]]:
    """Give what two calls answer in turn, each answer spoiled by the caller once it is seen."""
    earlier = {}
    for name, args, kwargs in snapshot(before):
        earlier[show_call(name, args, kwargs)] = case.attempt(name, *args, _on=subject, **kwargs)
    case.settle(subject, pause)
    answers: list[tuple[_Call, Any]] = []
    for call in (one, other, one, other, one):
        name, args, kwargs = with_answer(call, earlier)
        try:
            result = case.call(name, *args, _on=subject, **kwargs)
        except Refused as refusal:
            if not answers:
                raise
            # What takes away may find nothing left.
            answers.append((call, ("refused", type(refusal.error).__name__)))
            continue
        answers.append((call, snapshot(result)))
        if spoil:
            poison(result, spare=subject.extension)
    return answers


def _spoiled(answers: list[tuple[_Call, Any]]) -> tuple[_Call, Any, Any, bool] | None:
    """Give the call that changed its answer, both answers, and whether the second shows traces."""
    former: dict[int, Any] = {}
    for call, answer in answers:
        if holds_poison(answer):
            return call, former.get(id(call), _UNSEEN), answer, True
        if id(call) in former and not same(former[id(call)], answer):
            return call, former[id(call)], answer, False
        former.setdefault(id(call), answer)
    return None
