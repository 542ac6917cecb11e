"""PUR-03: what is recorded is a snapshot."""

from __future__ import annotations

import inspect
from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Excused, Unverified, Violation
from ...engine.apart import Apart
from ...engine.calls import generated_call
from ...engine.case import Case, Refused
from ...engine.compare import holds_poison, is_mutable, poison, same, snapshot
from ...engine.meeting import meeting_calls
from ...engine.methods import Method, methods_of
from ...engine.show import show, show_call
from ...subjects import Subject
from ._passing import CONFIRMATIONS, OPTIONAL, takers, takes_mutable, try_each

clauses = Catalogue()

_Call = tuple[str, tuple[Any, ...], dict[str, Any]]


@clauses.must(
    "PUR-03",
    reason="core reuses its dicts; what was recorded must stay what it was when it was recorded",
    fix="take a deep copy of what is kept, before the call returns",
    applies=takes_mutable,
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
    mutable = takers(case)
    if not mutable:
        raise Excused(OPTIONAL)
    apart = Apart()
    taken = set()
    for method in mutable:
        looks = tuple(call for call in meeting if call[0] in {r.name for r in readers})
        mine = [call for call in meeting if call[0] == method.name]
        if try_each(case, mine, lambda call, looks=looks: _spoil_argument(case, call, looks)):
            taken.add(method.name)
        try_each(case, mine, lambda call, looks=looks: _spoil_unread(case, call, looks))
        with apart.about(method.name):
            reads = [generated_call(case, reader) for reader in readers]
            case.for_all(
                lambda call, looks: _spoil_argument(case, call, looks),
                call=generated_call(case, method, full=True),
                looks=st.tuples(*reads) if reads else st.just(()),
            )
    apart.conclude(taken)


def _answers(method: Method) -> bool:
    return method.returns not in (None, type(None), inspect.Parameter.empty)


def _spoil_argument(case: Case, call: _Call, looks: tuple[_Call, ...]) -> None:
    found = _recorded_change(case, case.subject, call, looks, spoil=True)
    if found is None:
        return
    look, after, before = found
    if not holds_poison(after):
        if case.tally.varying[call[0]] >= CONFIRMATIONS:
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
    """Spoil an argument before anything is read: what reads may take away, or only now move in.

    Where no trace shows, the answers are compared with those of an instance that is left alone.
    """
    spoiled = _unread(case, case.subject, call, looks, spoil=True)
    traces = ((look, answer) for look, answer in spoiled if holds_poison(answer))
    found, instead = next(traces, None), ""
    if found is None:
        calm = _unread(case, case.another(), call, looks, spoil=False)
        changed = _first_change(spoiled, calm)
        if changed is None or case.tally.varying[call[0]] >= CONFIRMATIONS:
            return
        again = _unread(case, case.another(), call, looks, spoil=True, pause=0.3)
        # Last: whatever the clock changed in the one before, it changed here as well.
        calmer = _unread(case, case.another(), call, looks, spoil=False, pause=0.3)
        if _first_change(calmer, calm) is not None or _first_change(again, calm) is None:
            case.tally.varying[call[0]] += 1
            return
        found, instead = changed[:2], f", where it answers {show(changed[2])} if left alone"
    raise Violation(
        f"{show_call(*call)} was called, and its argument changed afterwards",
        f"{found[0]} then answers {show(found[1])}{instead}",
    )


def _unread(
    case: Case,
    subject: Subject,
    call: _Call,
    looks: tuple[_Call, ...],
    *,
    spoil: bool,
    pause: float = 0.0,
) -> list[tuple[str, Any]]:
    """Call, spoil the arguments or not, and look for the first time."""
    name, args, kwargs = snapshot(call)
    case.call(name, *args, _on=subject, **kwargs)
    if spoil:
        poison((args, kwargs))
    return _look(case, subject, looks, pause)


def _first_change(
    after: list[tuple[str, Any]], before: list[tuple[str, Any]]
) -> tuple[str, Any, Any] | None:
    """Give the first look that answers something else, with both answers."""
    for (look, answer), (_, former) in zip(after, before, strict=True):
        if not same(answer, former):
            return look, answer, former
    return None


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
    case.call(name, *args, _on=subject, **kwargs)
    if not is_mutable((args, kwargs)):
        return None
    _look(case, subject, looks, pause)
    before = _look(case, subject, looks, 0.0)
    if spoil:
        poison((args, kwargs))
    after = _look(case, subject, looks, 0.0)
    return _first_change(after, before)


def _look(
    case: Case, subject: Subject, looks: tuple[_Call, ...], pause: float
) -> list[tuple[str, Any]]:
    seen: list[tuple[str, Any]] = []
    case.settle(subject, pause)
    for name, args, kwargs in looks:
        try:
            answer = case.call(name, *args, _on=subject, **kwargs)
        except Refused as refusal:
            answer = str(refusal.error)
        seen.append((show_call(name, args, kwargs), snapshot(answer)))
    if subject.has("recorded"):
        seen.append(("recorded()", snapshot(case.probed("recorded", subject))))
    return seen
