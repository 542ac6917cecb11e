"""One run as data, and what goes into it and comes out."""

from __future__ import annotations

import copy
import itertools
import sys
import traceback
import types
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .choosing import Choice, Segment
from .controller import Controller
from .model import Answer, Call

__all__ = ["Raised", "Run", "SetupFailed", "arguments", "read_on", "where_all_stand"]


@dataclass
class Raised:
    """A call that raised instead of returning."""

    error: BaseException


def read_on(result: Any) -> None:
    """Go through what a generator gives, as its caller does; raises what that raises."""
    if isinstance(result, types.GeneratorType):
        for _ in itertools.islice(result, _MOST_ITEMS):
            pass
        result.close()


class SetupFailed(Exception):
    """The factory itself failed; ``__cause__`` says how."""


@dataclass
class Run:
    """What one run showed."""

    results: list[list[Any]]
    spans: list[list[tuple[int, int]]]
    before: list[tuple[Call, Any]] = field(default_factory=list)
    """What was called before the program's threads started, and what it answered."""
    finals: list[Any] = field(default_factory=list)
    found: list[tuple[Any, Any]] = field(default_factory=list)
    """What was read before the program, twice, where runs are judged by growth."""
    failure: tuple[str, dict[str, Any]] | None = None
    log: list[Segment | Choice] = field(default_factory=list)
    taken: dict[tuple[str, int], str] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)
    background: int = 0
    thread_errors: list[tuple[str, BaseException]] = field(default_factory=list)
    setup_error: BaseException | None = None
    subject: Any = None
    torn_down: bool = False


_MOST_ITEMS = 20
_SIMPLE = (str, bytes, int, float, bool, type(None))


def arguments(
    call: Call, answered: Iterable[tuple[Call, Any]] = ()
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Fresh copies, so that an extension that keeps or changes them affects one run only.

    ``answered`` are earlier calls with what they answered, which is handed on as it is: what they
    gave may be known by its identity.
    """
    if all(isinstance(value, _SIMPLE) for value in (*call.args, *call.kwargs.values())):
        return call.args, dict(call.kwargs)
    if call.takes:
        known = list(answered)
        args = tuple(_taken(value, known) for value in call.args)
        return args, {name: _taken(value, known) for name, value in call.kwargs.items()}
    try:
        return copy.deepcopy(call.args), copy.deepcopy(dict(call.kwargs))
    except Exception:
        return call.args, dict(call.kwargs)


def _taken(value: Any, answered: Sequence[tuple[Call, Any]]) -> Any:
    if not isinstance(value, Answer):
        return copy.deepcopy(value)
    found = next((answer for call, answer in reversed(answered) if call == value.call), None)
    return None if isinstance(found, Raised) else found


def where_all_stand(controller: Controller) -> None:
    """Keep where every thread stands, before the run is unwound."""
    frames = sys._current_frames()
    facts = controller.failure[1] if controller.failure else {}
    facts["stacks"] = {
        task.id: traceback.extract_stack(frames[task.ident])
        for task in controller.tasks
        if task.ident in frames
    }
    facts |= controller.extra
    facts["waits"] = {task.id: task.wait for task in controller.tasks if task.wait is not None}
    facts["states"] = {task.id: task.state for task in controller.tasks}
    facts["held"] = {task.id: list(task.held) for task in controller.tasks}
    facts["calls"] = {task.id: task.call for task in controller.tasks}
