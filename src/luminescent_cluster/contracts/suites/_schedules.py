"""Holding an extension to a clause under explored thread schedules."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from typing import Any

from ..clauses import Excused, Inconclusive, NoInstance, Violation
from ..engine.case import Case, Refused
from ..engine.meeting import meeting_calls
from ..engine.methods import methods_of
from ..engine.show import show_error
from ..schedules import (
    Budget,
    Call,
    Finding,
    Result,
    SetupFailed,
    StaleToken,
    explore_extension,
    replay,
)
from ..schedules.runs import arguments
from ..subjects import Subject
from ._answers import taking_answers

__all__ = [
    "FAULTS",
    "OUTCOMES",
    "excuse",
    "explore",
    "in_any_order",
    "judge",
    "meeting",
    "observers_of",
]

FAULTS = ("exception", "deadlock", "lost wake-up", "livelock", "hang")
OUTCOMES = ("outcome", "order")
_SECONDS = {"smoke": 20.0, "ci": 60.0, "thorough": 600.0}
"""A limit for slow extensions only: as a rule the number of schedules ends an exploration, so that
the same seed does the same on every machine."""


class _Held:
    """A subject with what tears it down."""

    def __init__(self, subject: Subject, close: Callable[[], None]) -> None:
        self.subject = subject
        self.close = close


def explore(
    case: Case,
    calls: Sequence[Call] = (),
    *,
    programs: Sequence[Any] | None = None,
    observers: Sequence[Any] | None = None,
    readers: Sequence[str] | None = None,
    promise: str = "regular",
    kinds: Collection[str] = (*FAULTS, *OUTCOMES),
    normalise: Callable[[Any], Any] | None = None,
    prepare: Callable[[Subject], Any] | None = None,
) -> Result:
    """Explore thread schedules of the case's extension, and judge what is found.

    Args:
        case: the clause under way.
        calls: combined into small programs, every pair of them first.
        programs: the programs themselves, one sequence of calls per thread.
        observers: asked after every run; functions get the subject.
        readers: methods that only read; found out where omitted.
        promise: what concurrent calls promise, see ``PROMISES`` of the schedules.
        kinds: the kinds of finding that violate the clause.
        normalise: gives what is compared of an answer.
        prepare: given each fresh subject before its calls.

    Returns:
        The exploration's result, which is on the case's tally too.

    Raises:
        Violation: a finding of one of the kinds, with its timeline and a token that replays it.
        Excused: schedules cannot judge this extension; the message says why.
    """
    if case.subject.fresh == "clause":
        raise Excused(
            "the subject shares one instance per clause, and every schedule needs a fresh one; "
            "THR-03 runs it freely"
        )
    _rehearse(case, [*calls, *_flat(programs or ())])
    seconds = _SECONDS.get(case.profile.name, 60.0)
    budget = Budget(seconds=seconds, schedules=case.profile.schedules, kinds=tuple(kinds))

    def make() -> _Held:
        held = _Held(*case.separate())
        if prepare is not None:
            prepare(held.subject)
        return held

    watch = _Watch()
    options: dict[str, Any] = {
        "programs": programs,
        "observers": None if observers is None else [watch.on_subject(o) for o in observers],
        "readers": readers,
        "budget": budget,
        "promise": promise,
        "extension_of": lambda held: held.subject.extension,
        "teardown": lambda held: held.close(),
        "normalise": normalise,
    }

    def run() -> Result:
        if case.replay:
            return replay(case.replay, make, calls, **options)
        return explore_extension(make, calls, seed=case.seed, **options)

    try:
        result: Result = case.perform("schedules", run, 2 * seconds + 30, counts=False)
    except Refused as refusal:
        raise excuse(refusal) from refusal
    watch.require_answers()
    return judge(case, result, kinds)


def _flat(programs: Iterable[Any]) -> Iterator[Call]:
    for part in programs:
        if isinstance(part, Call):
            yield part
        elif isinstance(part, (list, tuple)):
            yield from _flat(part)


def _rehearse(case: Case, calls: Iterable[Call]) -> None:
    """Let begin what an extension begins once for all its instances, such as a worker thread.

    Begun under control, it would end with the first schedule, and nobody would begin it again.
    """
    rehearsed = set()
    try:
        subject = case.another()
        for call in calls:
            if call.name not in rehearsed:
                rehearsed.add(call.name)
                args, kwargs = arguments(call)
                case.attempt(call.name, *args, _on=subject, **kwargs)
    except Violation:
        pass  # what hangs alone is another clause's to tell
    finally:
        case.history.clear()


def excuse(refusal: Refused) -> BaseException:
    """Give what to raise where an exploration ended with an exception of its own."""
    # perform() makes a refusal of every ordinary exception.
    if isinstance(refusal.error, SetupFailed):
        return Excused(f"no schedule could be run: {refusal.error}")
    if isinstance(refusal.error, StaleToken):
        return Inconclusive(f"nothing to replay here: {refusal.error}")
    return refusal.error


def judge(case: Case, result: Result, kinds: Collection[str]) -> Result:
    """Put an exploration on the tally, and judge it.

    Raises:
        Violation: a finding of one of the kinds, with its timeline and a token that replays it.
        Excused: schedules cannot judge this extension; the message says why.
    """
    _tell(case, result)
    finding = next((f for f in result.findings if f.kind in kinds), None)
    if finding is not None:
        raise _violation(case, finding)
    if not result.judged:
        why = "; ".join([*result.notes, *result.uncontrolled]) or "no program could be run"
        raise Excused(f"schedules cannot judge this extension ({why}); THR-03 runs it freely")
    case.looked()
    return result


def meeting(case: Case, variants: int = 2) -> list[Call]:
    """Give calls of every method that get in each other's way."""
    calls = [Call(name, args, kwargs) for name, args, kwargs in meeting_calls(case, variants)]
    return [*calls, *_crossed(calls), *taking_answers(case, calls)]


def _crossed(calls: Sequence[Call]) -> list[Call]:
    """Give calls from one thing to another, where a method takes two things of a kind.

    ``transfer("acme", "globex")`` and back: only so do two calls take two locks in two orders.
    """
    crossed = []
    for one, other in itertools.pairwise(calls):
        if one.name != other.name or one.kwargs.keys() != other.kwargs.keys():
            continue
        texts = [name for name, value in one.kwargs.items() if isinstance(value, str)]
        alike = [name for name in texts if one.kwargs[name] == one.kwargs[texts[0]]]
        if len(alike) == 2 and one.kwargs[alike[0]] != other.kwargs[alike[0]]:
            there, back = one.kwargs[alike[0]], other.kwargs[alike[0]]
            crossed += [
                Call(one.name, one.args, {**one.kwargs, alike[0]: a, alike[1]: b})
                for a, b in ((there, back), (back, there))
            ]
    return crossed


def observers_of(case: Case, calls: Sequence[Call]) -> list[Any] | None:
    """Give what is asked after every run, or None where the explorer finds that out itself.

    Where the extension works in the background, it is flushed first.
    """
    subject = case.subject
    reads = subject.reads
    if reads is None and not subject.has("flush") and not subject.has("recorded"):
        return None
    if reads is None:
        reads = frozenset(m.name for m in methods_of(case.protocol) if _answers(m.returns))
    asked: list[Any] = []
    if subject.has("flush"):
        asked.append(_flush)
    asked += [c for c in calls if c.name in reads - subject.varies and not c.takes]
    if subject.has("recorded"):
        asked.append(_recorded)
    return asked


class _Bag(Set[Any]):
    """Items in any order, equal ones too."""

    def __init__(self, items: Sequence[Any]) -> None:
        self._items = items

    def __contains__(self, item: object) -> bool:
        return item in self._items

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)


def in_any_order(case: Case) -> Callable[[Any], Any] | None:
    """Give what makes lists comparable without their order, where records are looked at.

    Records of several callers may be stored in any order; those of one are AL-EVT-03's.
    """
    if not case.subject.has("recorded"):
        return None
    return lambda answer: _Bag(answer) if isinstance(answer, list) else answer


def _answers(returns: Any) -> bool:
    return returns not in (None, type(None))


def _flush(subject: Subject) -> None:
    subject.probe("flush")()


def _recorded(subject: Subject) -> list[Any]:
    return list(subject.probe("recorded")())


class _Watch:
    """Sees to it that probes answer: one that always raises says the same of every schedule."""

    def __init__(self) -> None:
        self._silent: dict[str, Exception] = {}
        self._answered: set[str] = set()

    def on_subject(self, observer: Any) -> Any:
        """Give an observer of what the explorer holds for one of a subject."""
        if isinstance(observer, Call):
            return observer
        name = getattr(observer, "__name__", "observer").strip("_")

        def ask(held: _Held) -> Any:
            try:
                answer = observer(held.subject)
            except Exception as error:
                self._silent[name] = error
                raise
            self._answered.add(name)
            return answer

        ask.__name__ = name
        return ask

    def require_answers(self) -> None:
        """Go on only where each probe has answered once.

        Raises:
            NoInstance: one never did.
        """
        for name, error in self._silent.items():
            if name not in self._answered:
                raise NoInstance(
                    f"what is asked after every schedule, {name}(), raised {show_error(error)}"
                ) from error


def _tell(case: Case, result: Result) -> None:
    """Put how deep it got on the tally."""
    case.tally.examples += result.schedules
    case.tally.extra["schedules"] = {
        "schedules": result.schedules,
        "programs": result.programs,
        "bound": result.bound,
        "pairs": {" + ".join(pair): count for pair, count in sorted(result.pairs.items())},
        "uncontrolled": list(result.uncontrolled),
    }
    if result.bound:
        case.note(f"{result.schedules} schedules of {result.programs} programs: {result.bound}")
    for text in (*result.notes, *result.uncontrolled):
        case.note(text)


def _violation(case: Case, finding: Finding) -> Violation:
    lines = [f"{finding.kind}: {finding.message}", f"program: {finding.program}"]
    if finding.timeline is not None:
        lines += finding.timeline.text().splitlines()
        case.tally.extra["timeline"] = dataclasses.asdict(finding.timeline)
    case.tally.extra["token"] = finding.token
    lines.append(f"replay: pytest --contracts-replay={finding.token}")
    return Violation(*lines)
