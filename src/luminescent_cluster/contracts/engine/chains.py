"""Calls that take what an earlier call answered: a token, an id, something encoded."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .compare import snapshot
from .generating import without_none
from .methods import methods_of
from .show import show_call

if TYPE_CHECKING:
    from .case import Case

__all__ = ["Answer", "linked_calls", "with_answer"]

_Call = tuple[str, tuple[Any, ...], dict[str, Any]]


@dataclass(frozen=True)
class Answer:
    """Stands in a call for what an earlier one answers."""

    call: str

    def __repr__(self) -> str:
        return f"<what {self.call} answered>"


def linked_calls(case: Case, calls: list[_Call]) -> list[tuple[_Call, _Call]]:
    """Give pairs of calls: one that answers, and one that takes that answer.

    An answer is taken by every parameter that is declared with its type, one at a time.

    Args:
        case: the clause under way.
        calls: what to link, as ``meeting_calls`` gives them.
    """
    methods = {method.name: method for method in methods_of(case.protocol)}
    found = []
    for former in calls:
        answered = without_none(methods[former[0]].returns)
        if answered in (None, type(None), bool, inspect.Parameter.empty):
            continue
        for name, args, kwargs in calls:
            if args or name == former[0]:
                continue
            for parameter in kwargs:
                if without_none(methods[name].hints.get(parameter)) == answered:
                    answer = Answer(show_call(*former))
                    found.append((former, (name, args, {**kwargs, parameter: answer})))
    return found


def with_answer(call: _Call, answers: dict[str, Any]) -> _Call:
    """Give a call with the answers of earlier calls in their places, each a copy.

    Args:
        call: one that may hold :class:`Answer`.
        answers: what each earlier call answered, by its text.
    """
    name, args, kwargs = call
    return (
        name,
        tuple(_taken(value, answers) for value in args),
        {key: _taken(value, answers) for key, value in kwargs.items()},
    )


def _taken(value: Any, answers: dict[str, Any]) -> Any:
    return snapshot(answers.get(value.call) if isinstance(value, Answer) else value)
