"""PUR: values that cross the border belong to the one who holds them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Excused, Inconclusive, Unverified, Violation
from ...engine.calls import generated_call, generated_calls
from ...engine.case import Case, Raised, Refused
from ...engine.compare import holds_poison, is_mutable, poison, same, snapshot
from ...engine.meeting import meeting_calls
from ...engine.methods import Method, methods_of
from ...engine.show import show, show_call
from ...subjects import Subject

clauses = Catalogue()

_IMMUTABLE = (str, bytes, int, float, complex, bool, type(None), None)
_UNSEEN: Any = object()
_CONFIRMATIONS = 3  # each waits for what settles in the background
_OPTIONAL = "only optional methods, which the extension leaves out, take anything that can change"
_Call = tuple[str, tuple[Any, ...], dict[str, Any]]


def _may_be_mutable(annotation: Any) -> bool:
    arguments = getattr(annotation, "__args__", None)
    if arguments and getattr(annotation, "__origin__", None) in (None, tuple):
        return any(_may_be_mutable(part) for part in arguments if part is not ...)
    if arguments and "Union" in str(getattr(annotation, "__origin__", "")):
        return any(_may_be_mutable(part) for part in arguments)
    if annotation in _IMMUTABLE:
        return False
    module = getattr(annotation, "__module__", "")
    return module not in ("datetime", "decimal", "uuid", "enum", "fractions")


def _takes_mutable(protocol: type) -> bool:
    return any(
        _may_be_mutable(method.hints.get(p.name, p.annotation))
        for method in methods_of(protocol)
        for p in method.parameters
    )


def _gives_mutable(protocol: type) -> bool:
    return any(_may_be_mutable(method.returns) for method in methods_of(protocol))


@clauses.must(
    "PUR-01",
    reason="core passes the same context on to the next extension and to the query itself",
    fix="copy the argument before changing it",
    applies=_takes_mutable,
)
def arguments_are_left_alone(case: Case) -> None:
    """Arguments are not mutated, whether the call succeeds or not."""
    judged = False

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
                if not same((given, named), former):
                    raise Violation(
                        f"before: {show_call(called, *former)}",
                        f"after:  {show_call(called, given, named)}",
                        "the extension changed an argument",
                    )

    takers = [
        generated_call(case, method, full=True)
        for method in methods_of(case.protocol)
        if any(_may_be_mutable(method.hints.get(p.name, p.annotation)) for p in method.parameters)
        and hasattr(case.subject.extension, method.name)
    ]
    others = generated_calls(case, most=2)
    if not takers:
        raise Excused(_OPTIONAL)
    if others is None:
        raise Inconclusive("no call can be generated")
    case.for_all(
        check,
        calls=st.tuples(st.lists(st.one_of(takers), min_size=1, max_size=2), others).map(
            lambda parts: [*parts[0], *parts[1]]
        ),
    )
    if not judged:
        raise Inconclusive("the extension refused every call; give arguments that it takes")


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
    meeting = meeting_calls(case)
    for method in methods_of(case.protocol):
        if not _may_be_mutable(method.returns):
            continue
        if not hasattr(case.subject.extension, method.name):
            continue
        # First calls that are sure to be about the same thing, then any.
        mine = [call for call in meeting if call[0] == method.name]
        _try_each(case, mine, lambda call, mine=mine: _spoil_results(case, meeting, call, mine[-1]))
        prefix = generated_calls(case, most=2)
        call = generated_call(case, method)
        case.for_all(
            lambda before, one, other: _spoil_results(case, before, one, other),
            before=prefix if prefix is not None else st.just([]),
            one=call,
            other=call,
        )


def _try_each(case: Case, calls: list[_Call], check: Callable[..., None]) -> None:
    """Try calls that are sure to be about the same thing; a refusal of all decides nothing."""
    if calls:
        with suppress(Inconclusive):
            case.for_all(lambda which: check(calls[which]), which=range(len(calls)))


def _spoil_results(case: Case, before: list[_Call], one: _Call, other: _Call) -> None:
    disturbed = _sequence(case, case.subject, before, one, other, spoil=True)
    fault = _spoiled(disturbed)
    if fault is None:
        return
    call, earlier, later, traces = fault
    shown = show(earlier) if earlier is not _UNSEEN else "a result that the caller then changed"
    if not traces:
        if case.tally.varying[one[0]] >= _CONFIRMATIONS:
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
    for name, args, kwargs in snapshot(before):
        case.attempt(name, *args, on=subject, **kwargs)
    case.settle(subject, pause)
    answers = []
    for call in (one, other, one, other, one):
        name, args, kwargs = snapshot(call)
        result = case.call(name, *args, on=subject, **kwargs)
        answers.append((call, snapshot(result)))
        if spoil:
            poison(result)
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


@clauses.must(
    "PUR-03",
    reason="core reuses its dicts; what was recorded must stay what it was when it was recorded",
    fix="take a deep copy of what is kept, before the call returns",
    applies=_takes_mutable,
)
def records_are_snapshots(case: Case) -> None:
    """Mutating an argument after the call changes nothing that was recorded.

    Looked for in everything the protocol's methods, and the probe `recorded`, answer afterwards.
    """
    meeting = meeting_calls(case)
    readers = [m for m in methods_of(case.protocol) if _answers(m)]
    if not readers and not case.subject.has("recorded"):
        raise Unverified(
            "recorded",
            "no method of the protocol reads back what was recorded; needs the probe recorded:\n"
            + case.subject.probe_help.get("recorded", "Subject(extension, recorded=lambda: […])"),
        )
    takers = [
        method
        for method in methods_of(case.protocol)
        if any(_may_be_mutable(method.hints.get(p.name)) for p in method.parameters)
        and hasattr(case.subject.extension, method.name)
    ]
    if not takers:
        raise Excused(_OPTIONAL)
    for method in takers:
        looks = tuple(call for call in meeting if call[0] in {r.name for r in readers})
        mine = [call for call in meeting if call[0] == method.name]
        _try_each(case, mine, lambda call, looks=looks: _spoil_argument(case, call, looks))
        _try_each(case, mine, lambda call, looks=looks: _spoil_unread(case, call, looks))
        reads = [generated_call(case, reader) for reader in readers]
        case.for_all(
            lambda call, looks: _spoil_argument(case, call, looks),
            call=generated_call(case, method, full=True),
            looks=st.tuples(*reads) if reads else st.just(()),
        )


def _answers(method: Method) -> bool:
    return method.returns not in (None, type(None), inspect.Parameter.empty)


def _spoil_argument(case: Case, call: _Call, looks: tuple[_Call, ...]) -> None:
    found = _recorded_change(case, case.subject, call, looks, spoil=True)
    if found is None:
        return
    look, before, after = found
    if not holds_poison(after):
        if case.tally.varying[call[0]] >= _CONFIRMATIONS:
            return
        # What differs without traces must differ again, and only where the argument was spoiled.
        # What settles in the background gets time to do so first.
        undisturbed = _recorded_change(case, case.another(), call, looks, spoil=False, pause=0.3)
        again = _recorded_change(case, case.another(), call, looks, spoil=True, pause=0.3)
        if undisturbed is not None or again is None:
            case.tally.varying[call[0]] += 1
            case.note(f"what is read after {call[0]} varies; only traces were looked for")
            return
    raise Violation(
        f"{show_call(*call)} was called, and its argument changed afterwards",
        f"{look} then answers {show(after)}, where it answered {show(before)}",
    )


def _spoil_unread(case: Case, call: _Call, looks: tuple[_Call, ...]) -> None:
    """Spoil an argument before anything is read, because a reader may take away what it reads."""
    name, args, kwargs = snapshot(call)
    case.call(name, *args, **kwargs)
    poison((args, kwargs))
    for look, answer in _look(case, case.subject, looks, 0.0):
        if holds_poison(answer):
            raise Violation(
                f"{show_call(*call)} was called, and its argument changed afterwards",
                f"{look} then answers {show(answer)}",
            )


def _recorded_change(
    case: Case,
    subject: Subject,
    call: _Call,
    looks: tuple[_Call, ...],
    *,
    spoil: bool,
    pause: float = 0.0,
) -> tuple[str, Any, Any] | None:
    """Call, look twice, spoil the arguments, look again: give the first look that changed."""
    name, args, kwargs = snapshot(call)
    case.call(name, *args, on=subject, **kwargs)
    if not is_mutable((args, kwargs)):
        return None
    _look(case, subject, looks, pause)
    before = _look(case, subject, looks, 0.0)
    if spoil:
        poison((args, kwargs))
    after = _look(case, subject, looks, 0.0)
    for (look, answer), (_, former) in zip(after, before, strict=True):
        if not same(answer, former):
            return look, former, answer
    return None


def _look(
    case: Case, subject: Subject, looks: tuple[_Call, ...], pause: float
) -> list[tuple[str, Any]]:
    seen: list[tuple[str, Any]] = []
    case.settle(subject, pause)
    for name, args, kwargs in looks:
        try:
            answer = case.call(name, *args, on=subject, **kwargs)
        except Refused as refusal:
            answer = str(refusal.error)
        seen.append((show_call(name, args, kwargs), snapshot(answer)))
    if subject.has("recorded"):
        seen.append(("recorded()", snapshot(case.probed("recorded", subject))))
    return seen
