"""Running calls in real threads, as fast as they go."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING, Any

from ..clauses import Violation
from ..subjects import Subject
from .alarm import where
from .compare import same, snapshot
from .methods import methods_of
from .originals import get_ident, monotonic
from .show import show, show_call, show_error

if TYPE_CHECKING:
    from .case import Case

__all__ = ["run_freely"]

_Call = tuple[str, tuple[Any, ...], dict[str, Any]]

# Taken at import: the extension may patch them.
_Thread, _Barrier = threading.Thread, threading.Barrier
_get, _set = sys.getswitchinterval, sys.setswitchinterval

_ROUNDS = {"smoke": 3, "ci": 8, "thorough": 60}
_THREADS = 4
_REPEATS = 10
_ORDERS = 3
_MORE_ORDERS = 40  # where what is left behind is in question
_GRACE = 2.0  # seconds more than a call has, before all threads count as stuck


def run_freely(case: Case, calls: list[_Call]) -> None:
    """Run every call in several threads at once, round after round.

    Args:
        case: the clause under way.
        calls: each thread makes all of them, in turn, starting with another one.

    Raises:
        Violation: a thread raised what no sequential run raises, hung, or what is read afterwards
            is not what sequential runs leave behind.
    """
    case.note(_what_it_sees())
    awaited = any(case.is_async(name) for name, _, _ in calls)
    if awaited:
        case.note("asynchronous methods run on one loop and are not called from several threads")
    threaded = [call for call in calls if not case.is_async(call[0])]
    case.looked()
    if not threaded:
        return
    shared = case.subject.fresh == "clause"
    raised = _raised_in_sequence(case, threaded, _THREADS)
    patient = False
    reads = [] if shared else _reads(case, threaded)
    expected = None if shared else _sequential(case, threaded, reads)
    for number in range(_ROUNDS.get(case.profile.name, 8)):
        subject = case.subject if shared else case.another()
        failures = _round(case, subject, threaded, number)
        for call, error in failures:
            if (call[0], type(error)) not in raised and not patient:
                # As many calls one after another may raise it too: something is full, or used up.
                raised |= _raised_in_sequence(case, threaded, _THREADS * _REPEATS)
                patient = True
            if (call[0], type(error)) not in raised:
                raise Violation(
                    f"{show_call(*call)} raised {show_error(error)} in one of {_THREADS} threads",
                    "one after another, the same calls raise nothing of the kind",
                ) from error
        if expected is None or failures:
            continue
        left = _left_behind(case, subject, reads, torn=True)
        for index, (call, answer, wanted) in enumerate(zip(reads, left, expected, strict=True)):
            if not same(answer, wanted) and not _explained(case, threaded, reads, index, answer):
                total = f"{_THREADS} threads x {_REPEATS} x {len(threaded)} calls"
                raise Violation(
                    f"after {total}: {show_call(*call)} -> {show(answer)}",
                    f"one after another they leave {show(wanted)}",
                )


def _what_it_sees() -> str:
    enabled = getattr(sys, "_is_gil_enabled", lambda: True)()
    version = ".".join(map(str, sys.version_info[:3]))
    if enabled:
        return (
            f"CPython {version} with a GIL: free-running threads switch between bytecodes only, "
            "and often miss what explored schedules find"
        )
    return f"CPython {version} without a GIL: threads ran truly in parallel"


def _round(
    case: Case, subject: Subject, calls: list[_Call], number: int
) -> list[tuple[_Call, BaseException]]:
    barrier = _Barrier(_THREADS)
    failures: list[tuple[_Call, BaseException]] = []
    done: list[int] = []
    progress = [0] * _THREADS

    def work(index: int) -> None:
        barrier.wait(10)
        for _ in range(_REPEATS):
            for call in snapshot(_turned(calls, index + number)):
                name, args, kwargs = call
                try:
                    getattr(subject.extension, name)(*args, **kwargs)
                except BaseException as error:
                    failures.append((call, error))
                progress[index] += 1
        done.append(get_ident())

    interval = _get()
    threads = [_Thread(target=work, args=(index,), daemon=True) for index in range(_THREADS)]
    try:
        _set(1e-6)
        for thread in threads:
            thread.start()
        _wait_for(threads, progress, subject.deadline)
    finally:
        _set(interval)
    hanging = [thread for thread in threads if thread.is_alive()]
    if hanging:
        frames = sys._current_frames()
        places = []
        for thread in hanging:
            stood = where(frames.get(thread.ident or 0))
            places.append(f"  {thread.name} stands at {stood[-1] if stood else 'the end'}")
        raise Violation(f"{len(hanging)} of {_THREADS} threads did not come back", *places)
    case.tally.calls += len(done) * _REPEATS * len(calls)
    case.tally.examples += 1
    return failures


def _wait_for(threads: list[threading.Thread], progress: list[int], deadline: float) -> None:
    """Wait for the threads to end, as long as calls come back at all."""
    seen, due = -1, 0.0
    for thread in threads:
        while thread.is_alive():
            thread.join(0.1)
            if sum(progress) != seen:
                seen, due = sum(progress), monotonic() + deadline + _GRACE
            elif monotonic() > due:
                return


def _turned(calls: list[_Call], by: int) -> list[_Call]:
    start = by % len(calls)
    return calls[start:] + calls[:start]


def _reads(case: Case, calls: list[_Call]) -> list[_Call]:
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
        once = _left_behind(case, trial, found)
        for name, args, kwargs in snapshot(found):
            case.attempt(name, *args, _on=trial, **kwargs)
        again = _left_behind(case, trial, found)
        found = [call for call, one, two in zip(found, once, again, strict=True) if same(one, two)]
    if subject.has("recorded"):
        found.append(("recorded", (), {}))
    return found


def _left_behind(case: Case, subject: Subject, reads: list[_Call], torn: bool = False) -> list[Any]:
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


def _sequential(case: Case, calls: list[_Call], reads: list[_Call]) -> list[Any] | None:
    """Give what the same calls leave behind one after another, or None where order matters."""
    found = []
    for number in range(_ORDERS):
        subject = case.another()
        for name, args, kwargs in _one_after_another(calls, number, case.seed):
            case.attempt(name, *args, _on=subject, **kwargs)
        found.append(_left_behind(case, subject, reads))
    if all(same(found[0], other) for other in found[1:]):
        return found[0]
    case.note("what is left behind depends on the order of the calls; only exceptions are judged")
    return None


def _explained(case: Case, calls: list[_Call], reads: list[_Call], index: int, answer: Any) -> bool:
    """Tell whether one of many more orders leaves an answer behind too.

    A few orders that agree do not show that all do: what clears a store may come last, and what
    answers at random may do so alike three times.
    """
    for number in range(_ORDERS, _MORE_ORDERS):
        subject = case.another()
        for name, args, kwargs in _one_after_another(calls, number, case.seed):
            case.attempt(name, *args, _on=subject, **kwargs)
        if same(_left_behind(case, subject, reads)[index], answer):
            case.note("what is left behind depends on the order of the calls, or varies")
            return True
    return False


def _one_after_another(calls: list[_Call], number: int, seed: int) -> Iterator[_Call]:
    """Give the threads' calls in one order: thread by thread first, then mixed at random."""
    left = [list(reversed(_turned(calls, index + number) * _REPEATS)) for index in range(_THREADS)]
    random = Random(f"freely/{seed}/{number}")
    while left:
        thread = random.choice(left) if number else left[0]
        yield from snapshot([thread.pop()])
        left = [calls for calls in left if calls]


def _raised_in_sequence(case: Case, calls: list[_Call], times: int) -> set[tuple[str, type]]:
    from .case import Raised

    raised = set()
    subject = case.another()
    for _ in range(times):
        for name, args, kwargs in snapshot(calls):
            outcome = case.attempt(name, *args, _on=subject, **kwargs)
            if isinstance(outcome, Raised):
                raised.add((name, type(outcome.error)))
    return raised
