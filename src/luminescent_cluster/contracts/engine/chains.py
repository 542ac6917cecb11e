"""Calls that take what an earlier call answered: a token, an id, something encoded."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .compare import snapshot
from .generating import without_none
from .methods import methods_of
from .show import show_call
from .tally import Raised, Refused

if TYPE_CHECKING:
    from .case import Case

__all__ = ["Answer", "linked_calls", "with_answer"]

_Call = tuple[str, tuple[Any, ...], dict[str, Any]]
_SAYS_NOTHING = (None, type(None), bool, inspect.Parameter.empty)


@dataclass(frozen=True)
class Answer:
    """Stands in a call for what an earlier one answers, or for one item of that."""

    call: str
    item: bool = False

    def __repr__(self) -> str:
        return f"<{'an item of ' if self.item else ''}what {self.call} answered>"


def linked_calls(case: Case, calls: list[_Call]) -> list[tuple[_Call, _Call]]:
    """Give pairs of calls: one that answers, and one that takes that answer.

    An answer is taken by every parameter that is declared with its type, one at a time; and so is
    an item of an answer: a key, an element.

    Args:
        case: the clause under way.
        calls: what to link, as ``meeting_calls`` gives them.
    """
    methods = {method.name: method for method in methods_of(case.protocol)}
    found = []
    for former in calls:
        answered = without_none(methods[former[0]].returns)
        for told, item in ((answered, False), (_item(answered), True)):
            if told in _SAYS_NOTHING:
                continue
            answer = Answer(show_call(*former), item)
            for name, args, kwargs in calls:
                if args or name == former[0]:
                    continue
                found += [
                    (former, (name, args, {**kwargs, parameter: answer}))
                    for parameter in kwargs
                    if without_none(methods[name].hints.get(parameter)) == told
                ]
    return found


def _item(annotation: Any) -> Any:
    """Give the type of the items of a collection, of the keys of a mapping; None for others."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if isinstance(origin, type) and issubclass(origin, Collection) and arguments:
        return arguments[0]
    return None


def with_answer(call: _Call, answers: dict[str, Any]) -> _Call:
    """Give a call with the answers of earlier calls in their places, each a copy.

    Args:
        call: one that may hold :class:`Answer`.
        answers: what each earlier call answered, by its text.

    Raises:
        Refused: an earlier call gave nothing that could be taken.
    """
    name, args, kwargs = call
    return (
        name,
        tuple(_taken(value, answers) for value in args),
        {key: _taken(value, answers) for key, value in kwargs.items()},
    )


def _taken(value: Any, answers: dict[str, Any]) -> Any:
    if not isinstance(value, Answer):
        return snapshot(value)
    given = answers.get(value.call)
    if value.item:
        given = next(iter(given), None) if isinstance(given, Collection) else None
    if given is None or isinstance(given, Raised):
        raise Refused(value.call, LookupError("it answered nothing that could be taken"))
    return snapshot(given)
