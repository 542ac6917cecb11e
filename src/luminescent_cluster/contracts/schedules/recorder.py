"""Watching one run closely: used only to draw a schedule that is known already."""

from __future__ import annotations

import linecache
import os
import re
import sys
from types import CodeType, FrameType
from typing import Any

from .model import Call, message_of
from .points import Points
from .runs import Raised
from .tasks import MAIN, Task, Wait
from .timeline import Event, Timeline

__all__ = ["Recorder", "resolve"]

_VERBS = {
    "read": "reads",
    "write": "writes",
    "delete": "deletes",
    "call": "calls",
    "contains": "tests",
    "iterate": "iterates",
    "yield": "yields in",
    "entry": "enters",
}
_TOKEN = re.compile(r"\.(\w+)|\[([^\[\]]+)\]")
_LIMIT = 20_000
_HERE = os.path.dirname(os.path.abspath(__file__))


class Recorder:
    """Collects events; the controller and the tracer call ``note`` and ``point``."""

    def __init__(self, points: Points) -> None:
        self._points = points
        self.events: list[Event] = []
        self.codes: dict[int, CodeType] = {}
        """Code objects in which a switch point was reached."""
        self.threads: list[str] = []
        self.taken: dict[int, tuple[str, str]] = {}
        """Where each lock that is held was taken: (thread, place)."""
        self._pending: dict[str, tuple[Event, FrameType, str]] = {}

    # ---- called during the run ---------------------------------------------------------------

    def point(self, task: Task, frame: FrameType, offset: int) -> None:
        """``task`` is about to perform the access at ``offset`` of ``frame``."""
        if task.controller.aborting:
            return
        self._settle(task)
        code = frame.f_code
        if self._points.scope.has_file(code.co_filename):
            self.codes[id(code)] = code
        access = self._points.access_at(code, offset)
        if access is None or len(self.events) > _LIMIT:
            return
        event = self._event(task, "access", f"{_VERBS[access.kind]} {access.text}", frame)
        if access.kind in ("read", "contains", "iterate"):
            event.value = evaluate(access.text, frame) if access.kind == "read" else ""
        elif access.kind == "write":
            self._pending[task.id] = (event, frame, access.text)

    def note(self, what: str, task: Task, other: Any) -> None:
        """Something that is no access: calls, results, locks, switches."""
        if task.kind == MAIN or task.controller.aborting:
            return
        self._settle(task)
        if what == "call" and isinstance(other, Call):
            self._event(task, "call", str(other))
        elif what == "result":
            text = (
                f"raises {type(other.error).__name__}: {message_of(other.error)}"
                if isinstance(other, Raised)
                else short(other)
            )
            self._event(task, "result", text)
        elif what == "preempted":
            last = self.events[-1] if self.events else None
            doing = ""
            if last is not None and last.thread == task.id and last.kind == "access":
                doing = f"before it {last.text}: "
                self.events.pop()
                self._pending.pop(task.id, None)
                event = self._event(task, "preempted", f"{doing}thread {other.id} goes on")
                event.file, event.line, event.source = last.file, last.line, last.source
                return
            self._event(task, "preempted", f"thread {other.id} goes on")
        elif what in ("takes", "gives", "waits"):
            self._lock(what, task, other)

    def suspended(self, task: Task, handle: Any) -> None:
        """A coroutine came to an await: show the line where it stands."""
        awaited: Any = handle._callback.__self__.get_coro()
        frame: FrameType | None = None
        while awaited is not None:
            here = getattr(awaited, "cr_frame", None)
            if here is not None and self._points.scope.has_file(here.f_code.co_filename):
                frame = here
                self.codes[id(here.f_code)] = here.f_code
            awaited = getattr(awaited, "cr_await", None)
        if frame is not None:
            self._event(task, "waits", "awaits", frame)

    def _lock(self, what: str, task: Task, other: Any) -> None:
        frame, direct, signal = self._frame()
        if what == "takes":
            self.taken[id(other)] = (task.id, self._place(frame))
            if direct:
                self._event(task, "takes", "takes the lock", frame)
        elif what == "gives":
            self.taken.pop(id(other), None)
            if direct:
                self._event(task, "gives", "gives the lock back", frame)
        elif isinstance(other, Wait):
            text = {"join": "waits for a thread to end", "sleep": "sleeps"}.get(
                other.kind, "waits for a lock"
            )
            holder = self.taken.get(id(other.on))
            if signal:
                text = "waits to be notified"
            elif holder is not None and holder[0] != task.id:
                text += f" that thread {holder[0]} took at {holder[1]}"
            self._event(task, "waits", text, frame)

    # ---- helpers -----------------------------------------------------------------------------

    def _event(self, task: Task, kind: str, text: str, frame: FrameType | None = None) -> Event:
        event = Event(task.id, kind, text)
        if frame is not None:
            event.file = frame.f_code.co_filename
            event.line = frame.f_lineno or 0
            event.source = linecache.getline(event.file, event.line).strip()
        if len(self.events) <= _LIMIT:
            self.events.append(event)
        if task.id not in self.threads:
            self.threads.append(task.id)
        return event

    def _settle(self, task: Task) -> None:
        pending = self._pending.pop(task.id, None)
        if pending is not None:
            event, frame, text = pending
            event.value = evaluate(text, frame)

    def _frame(self) -> tuple[FrameType | None, bool, bool]:
        """The line of the code under test, whether it uses the lock itself, whether it waits."""
        frame: FrameType | None = sys._getframe(2)
        direct, signal = True, False
        while frame is not None and not self._points.scope.has_file(frame.f_code.co_filename):
            file, name = os.path.basename(frame.f_code.co_filename), frame.f_code.co_name
            if file == "threading.py":
                signal = signal or name in ("wait", "wait_for")
                direct = direct and name in ("__enter__", "__exit__", "acquire", "release")
            elif os.path.dirname(frame.f_code.co_filename) != _HERE:
                direct = False
            frame = frame.f_back
        return frame, direct and frame is not None, signal

    def _place(self, frame: FrameType | None) -> str:
        if frame is None:
            return "an unknown place"
        source = linecache.getline(frame.f_code.co_filename, frame.f_lineno or 0).strip()
        return f"line {frame.f_lineno} `{source}`"

    def timeline(self, titles: dict[str, str]) -> Timeline:
        """What was recorded."""
        for task in list(self._pending):
            event, frame, text = self._pending.pop(task)
            event.value = evaluate(text, frame)
        order = sorted(self.threads, key=lambda name: (len(name), name))
        return Timeline(tuple(order), tuple(self.events), titles)


def evaluate(text: str, frame: FrameType) -> str:
    """The value of a simple expression such as ``self.totals[key]``, "" when it is not simple."""
    try:
        value = resolve(text, frame)
    except Exception:
        return ""
    return short(value) if _is_simple(value) else ""


def resolve(text: str, frame: FrameType) -> Any:
    """What a simple expression stands for. Raises LookupError or AttributeError when unknown.

    Looks into instance dictionaries and built-in containers only: no code of the extension runs.
    """
    name = re.match(r"\w+", text)
    if name is None:
        raise LookupError(text)
    scope = frame.f_locals
    value = scope[name.group()] if name.group() in scope else frame.f_globals[name.group()]
    at = name.end()
    while at < len(text):
        part = _TOKEN.match(text, at)
        if part is None:
            raise LookupError(text)
        at = part.end()
        if part.group(1):
            value = _attribute(value, part.group(1))
        else:
            key = part.group(2)
            index = scope[key] if key in scope else _literal(key)
            if isinstance(value, dict):
                value = dict.__getitem__(value, index)
            elif type(value) in _CONTAINERS:
                value = value[index]
            else:
                raise LookupError(text)
    return value


_CONTAINERS = (list, tuple, str)


def _attribute(value: Any, name: str) -> Any:
    fields = object.__getattribute__(value, "__dict__")
    if type(fields) is dict and name in fields:
        return fields[name]
    member = type(value).__dict__[name]
    if type(member).__name__ == "member_descriptor":
        return member.__get__(value)
    raise AttributeError(name)


def _literal(text: str) -> Any:
    if text.lstrip("-").isdigit():
        return int(text)
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    raise KeyError(text)


def _is_simple(value: Any, depth: int = 0) -> bool:
    if value is None or isinstance(value, (bool, int, float, str, bytes)):
        return True
    if depth > 2:
        return False
    if type(value) in (list, tuple, set, frozenset):
        return len(value) <= 20 and all(_is_simple(item, depth + 1) for item in value)
    if isinstance(value, dict):
        return len(value) <= 20 and all(
            _is_simple(k, depth + 1) and _is_simple(v, depth + 1) for k, v in value.items()
        )
    return False


def short(value: Any, limit: int = 60) -> str:
    """A short text for a value; never raises."""
    try:
        text = repr(value)
    except Exception:
        text = f"<{type(value).__name__}>"
    return text if len(text) <= limit else text[: limit - 3] + "..."
