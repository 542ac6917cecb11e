"""What the calls of several threads do one after another, which is what threads are held to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING, Any

from ..clauses import Excused, Violation
from ..subjects import Subject
from .compare import same, snapshot
from .methods import methods_of
from .parallel import FEW, enough_repeats

if TYPE_CHECKING:
    from .case import Case

__all__ = [
    "THREADS",
    "Call",
    "explained",
    "left_behind",
    "left_in_turn",
    "one_thread",
    "raised_in_some_order",
    "raised_in_turn",
    "reads_of",
    "repeats_for",
    "turned",
]

Call = tuple[str, tuple[Any, ...], dict[str, Any]]
"""A method's name, and its arguments."""

THREADS = 4
_ORDERS = 3
_MORE_ORDERS = 40  # where what is left behind is in question


@contextmanager
def one_thread() -> Iterator[None]:
    """Run what one thread alone does: what fails then is another clause's to tell."""
    try:
        yield
    except Violation as alone:
        raise Excused(
            f"already one after another: {alone.evidence[0]}; what threads add cannot be told"
        ) from alone


def turned(calls: list[Call], by: int) -> list[Call]:
    """Give the calls beginning with another one."""
    start = by % len(calls)
    return calls[start:] + calls[:start]


def reads_of(case: Case, calls: list[Call]) -> list[Call]:
    """Give the calls that only answer: what they say afterwards is what was left behind.

    Asked twice in a row they say the same. One that takes something away, or tells the time, does
    not.
    """
    subject = case.subject
    answering = {m.name for m in methods_of(case.protocol) if m.returns not in (None, type(None))}
    reads = answering if subject.reads is None else subject.reads
    found = [call for call in calls if call[0] in reads - subject.varies]
    if subject.reads is None and found:
        trial = case.another()
        for name, args, kwargs in snapshot([*calls, *calls]):
            case.attempt(name, *args, _on=trial, **kwargs)
        once = left_behind(case, trial, found)
        for name, args, kwargs in snapshot(found):
            case.attempt(name, *args, _on=trial, **kwargs)
        again = left_behind(case, trial, found)
        found = [call for call, one, two in zip(found, once, again, strict=True) if same(one, two)]
    if subject.has("recorded"):
        found.append(("recorded", (), {}))
    return found


def repeats_for(case: Case, calls: list[Call]) -> int:
    """Give how often each thread makes the calls: seldom where a service behind them is slow."""
    if case.subject.fresh == "clause":
        return FEW
    trial = case.another()

    def once() -> None:
        for name, args, kwargs in snapshot(calls):
            case.attempt(name, *args, _on=trial, **kwargs)

    return enough_repeats(once)


def left_behind(case: Case, subject: Subject, reads: list[Call], torn: bool = False) -> list[Any]:
    """Give what is read once everything has settled.

    ``torn`` says that records may be unreadable, which then is an answer too; a probe that raises
    in any case is its author's to mend.
    """
    case.settle(subject, pause=0.02)
    answers = []
    for name, args, kwargs in reads:
        if name == "recorded":
            answers.append(_records(subject, torn))
        else:
            answers.append(snapshot(case.attempt(name, *args, _on=subject, **kwargs)))
    return [_plain(answer) for answer in answers]


def _records(subject: Subject, torn: bool) -> Any:
    """Give what is recorded, in one order: records of several threads come in any."""
    try:
        return sorted(map(_without_times, subject.probe("recorded")()), key=repr)
    except Exception as error:
        if not torn:
            raise
        return ("raised", type(error).__name__)


def _without_times(record: Any) -> Any:
    """Drop what differs from run to run: the clause asks how many of each, not when."""
    if isinstance(record, dict):
        kept = ("event_type", "actor", "resource", "action", "outcome", "severity", "message")
        return {key: record[key] for key in kept if key in record} or sorted(map(str, record))
    return type(record).__name__


def _plain(answer: Any) -> Any:
    from .case import Raised

    return ("raised", type(answer.error).__name__) if isinstance(answer, Raised) else answer


def left_in_turn(
    case: Case, calls: list[Call], reads: list[Call], repeats: int
) -> list[Any] | None:
    """Give what the same calls leave behind one after another, or None where order matters."""
    found = []
    for number in range(_ORDERS):
        subject = case.another()
        for name, args, kwargs in _one_after_another(calls, repeats, number, case.seed):
            case.attempt(name, *args, _on=subject, **kwargs)
        found.append(left_behind(case, subject, reads))
    if all(same(found[0], other) for other in found[1:]):
        return found[0]
    case.note("what is left behind depends on the order of the calls; only exceptions are judged")
    return None


def explained(
    case: Case, calls: list[Call], reads: list[Call], repeats: int, index: int, answer: Any
) -> bool:
    """Tell whether one of many more orders leaves an answer behind too.

    A few orders that agree do not show that all do: what clears a store may come last, and what
    answers at random may do so alike three times.
    """
    for number in range(_ORDERS, _MORE_ORDERS):
        subject = case.another()
        for name, args, kwargs in _one_after_another(calls, repeats, number, case.seed):
            case.attempt(name, *args, _on=subject, **kwargs)
        if same(left_behind(case, subject, reads)[index], answer):
            case.note("what is left behind depends on the order of the calls, or varies")
            return True
    return False


def _one_after_another(calls: list[Call], repeats: int, number: int, seed: int) -> Iterator[Call]:
    """Give the threads' calls in one order: thread by thread first, then mixed at random."""
    left = [list(reversed(turned(calls, index + number) * repeats)) for index in range(THREADS)]
    random = Random(f"freely/{seed}/{number}")
    while left:
        thread = random.choice(left) if number else left[0]
        yield from snapshot([thread.pop()])
        left = [calls for calls in left if calls]


def raised_in_turn(case: Case, calls: list[Call], times: int) -> set[tuple[str, type]]:
    """Give which method raises which type of exception in one thread."""
    from .case import Raised

    raised = set()
    subject = case.another()
    for _ in range(times):
        for name, args, kwargs in snapshot(calls):
            outcome = case.attempt(name, *args, _on=subject, **kwargs)
            if isinstance(outcome, Raised):
                raised.add((name, type(outcome.error)))
    return raised


def raised_in_some_order(case: Case, calls: list[Call], kind: tuple[str, type]) -> bool:
    """Tell whether a method raises a type of exception in one of many orders of the calls.

    What is taken out may be asked for before anything was put in.
    """
    from .case import Raised

    for number in range(_MORE_ORDERS):
        subject = case.another()
        for name, args, kwargs in _one_after_another(calls, 2, number, case.seed):
            outcome = case.attempt(name, *args, _on=subject, **kwargs)
            if isinstance(outcome, Raised) and (name, type(outcome.error)) == kind:
                return True
    return False
