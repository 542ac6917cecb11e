"""Concurrent calls that take what an earlier call answered: a token, an id, a version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from ..clauses import Violation
from ..engine.case import Case, Raised
from ..engine.chains import Answer as Placeholder
from ..engine.chains import linked_calls
from ..engine.compare import same
from ..schedules import Answer, Call
from ..schedules.runs import arguments

__all__ = ["taking_answers"]

_MOST = 4  # every one more is paired with all others
_NO_NAMES: tuple[type, ...] = (type(None), bool, Raised, Mapping, list, set)
"""What stands for no single thing that another call could be about."""


def taking_answers(case: Case, calls: Sequence[Call]) -> list[Call]:
    """Give calls that take what another answered, where that makes a difference.

    A lease is released twice, an order confirmed twice, a value set by two who read the same one:
    made-up arguments are refused and never get there.

    Args:
        case: the clause under way.
        calls: plain calls of every method.
    """
    if case.subject.fresh == "clause":
        return []
    first: dict[str, Call] = {}
    for call in calls:
        first.setdefault(call.name, call)
    plain = [(call.name, call.args, dict(call.kwargs)) for call in first.values()]
    found: list[Call] = []
    for (former, _, _), (name, args, given) in linked_calls(case, plain):
        if any(isinstance(value, Placeholder) and value.item for value in given.values()):
            continue  # a fresh instance lists nothing yet
        taken = {
            parameter: Answer(first[former]) if isinstance(value, Placeholder) else value
            for parameter, value in given.items()
        }
        linked = Call(name, args, taken)
        if _matters(case, linked, first):
            found.append(linked)
        if len(found) == _MOST:
            break
    return found


def _matters(case: Case, linked: Call, first: dict[str, Call]) -> bool:
    """Tell whether a call that takes an answer does something else than one that does not.

    By its own answer, or by what all the others answer after it.
    """
    former = linked.takes[0]
    plain = first[linked.name]
    one, again, other = (_answers(case, former, c, first) for c in (plain, plain, linked))
    return any(
        same(left, right) and not same(left, changed)
        for left, right, changed in zip(one, again, other, strict=False)
    )


def _answers(case: Case, former: Call, latter: Call, first: dict[str, Call]) -> list[Any]:
    """Give what a call answers, and all calls after it; nothing where the former gives nothing."""
    answers: list[Any] = []
    with suppress(Violation):  # what hangs alone is another clause's to tell
        subject = case.another()
        answered: list[tuple[Call, Any]] = []
        for call in (former, latter, *first.values()):
            args, kwargs = arguments(call, answered)
            given = case.attempt(call.name, *args, _on=subject, **kwargs)
            answers.append(type(given.error) if isinstance(given, Raised) else given)
            if not answered:
                if isinstance(given, _NO_NAMES):
                    break
                answered.append((former, given))
    case.history.clear()
    return answers
