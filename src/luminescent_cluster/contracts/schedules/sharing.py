"""Which accesses of a program meet those of another thread: where a preemption promises much.

A preemption changes something only where two threads touch the same thing and one of them changes
it. Those are tried first, and together. Nothing is left out: what one run shows of sharing is a
hint, no proof.
"""

from __future__ import annotations

import re
from types import CodeType, FrameType, ModuleType
from typing import Any

from .opcodes import Access
from .points import Points
from .recorder import resolve
from .tasks import BACKGROUND, Task

__all__ = ["CONFLICT", "PRIVATE", "RANKS", "UNKNOWN", "Looker"]

RANKS = CONFLICT, UNKNOWN, PRIVATE = 0, 1, 2
"""How soon a preemption before an access is tried."""

_LAST = re.compile(r"(\.\w+|\[[^\[\]]*\])$")
_TURNS = 3  # so many turns of a loop promise as much as what stands outside
_PLAIN = ("builtins", "collections")
_LOOKS = {
    dict: frozenset(["get", "keys", "values", "items", "copy"]),
    list: frozenset(["index", "count", "copy"]),
    set: frozenset(["copy", "issubset", "issuperset", "isdisjoint", "union", "difference"]),
}
"""Methods that only look, of kinds whose methods are known."""
_FIXED = frozenset([str, bytes, int, float, complex, bool, tuple, frozenset, type(None)])
"""Kinds that nothing changes."""
_Place = tuple[int, str]
"""An object and an attribute of it, or "" for what it holds."""


class Looker:
    """Stands in for a recorder during one run, and sees who touches what."""

    def __init__(self, points: Points) -> None:
        self._points = points
        self._users: dict[_Place, set[str]] = {}
        self._changed: set[_Place] = set()
        self._foreign: set[_Place] = set()
        """Changes of what others may reach another way; calls of files, connections and such."""
        self._touched: dict[tuple[str, int], _Place] = {}
        self._stored: dict[tuple[str, int], _Place] = {}
        """What was stored into just before a decision: from there on, others may see it."""
        self._turns: dict[tuple[str, CodeType, int], int] = {}
        self._later: set[tuple[str, int]] = set()
        """Decisions that were met before, in earlier turns of a loop."""
        self._kept: list[Any] = []  # an id is only good while its object lives

    def point(self, task: Task, frame: FrameType, offset: int) -> None:
        """``task`` is about to perform the access at ``offset`` of ``frame``."""
        access = self._points.access_at(frame.f_code, offset)
        base, name = _split(access) if access is not None else ("", "")
        if access is None or not base or "…" in base:
            return
        try:
            touched = resolve(base, frame)
        except Exception:
            return
        if isinstance(touched, ModuleType):
            return  # a function of a module may do anything
        place = (id(touched), "" if access.kind == "call" else name)
        self._kept.append(touched)
        self._users.setdefault(place, set()).add(task.id)
        outside = access.kind == "call" and type(touched).__module__ not in _PLAIN
        if _changes(access, touched, name):
            self._changed.add(place)
            outside = outside or not base.isidentifier()
        if outside:
            self._foreign.add(place)
        if task.kind == BACKGROUND:
            # Which of several workers does a piece of work is chance: count as several.
            self._users[place].add("another")
        turn = self._turns[task.id, frame.f_code, offset] = (
            self._turns.get((task.id, frame.f_code, offset), 0) + 1
        )
        self._touched[task.id, task.n + 1] = place
        if turn > _TURNS:
            self._later.add((task.id, task.n + 1))
        elif access.kind == "write":
            self._stored[task.id, task.n + 2] = place

    def note(self, what: str, task: Task, other: Any) -> None:
        """Nothing to see in what is no access."""

    def suspended(self, task: Task, handle: Any) -> None:
        """Nothing to see here either."""

    def ranks(self) -> dict[tuple[str, int], int]:
        """The rank of every decision (thread, count) of which it is known; UNKNOWN elsewhere."""
        ranks = {at: self._rank(place) for at, place in self._touched.items()}
        for at in self._later:
            ranks[at] = max(ranks[at], UNKNOWN)
        for at, place in self._stored.items():
            if self._rank(place) == CONFLICT:
                ranks[at] = CONFLICT  # half of what belongs together may be there
        return ranks

    def _rank(self, place: _Place) -> int:
        if place in self._changed and len(self._users[place]) > 1:
            return CONFLICT
        return UNKNOWN if place in self._foreign else PRIVATE


def _changes(access: Access, touched: Any, name: str) -> bool:
    if access.kind == "call":
        return type(touched) not in _FIXED and not any(
            name in looks and getattr(type(touched), name, None) is getattr(kind, name)
            for kind, looks in _LOOKS.items()
        )
    return access.kind in ("write", "delete") or (
        access.kind == "read" and hasattr(type(touched), "__missing__")
    )


def _split(access: Access) -> tuple[str, str]:
    """The expression of the object that is touched, and the attribute or method; "" if unknown.

    A key may be shortened to "…", and so may what nobody can resolve.
    """
    text = access.text
    if access.kind in ("yield", "entry"):
        return "", ""
    if access.kind == "contains":
        return text.partition(" in ")[2], ""
    if access.kind == "iterate":
        return text, ""
    if text.endswith("()"):
        base, _, method = text[:-2].rpartition(".")
        return base, method  # a plain function may touch anything
    found = _LAST.search(text)
    if found is None:
        return "", ""
    last = found.group()
    return text[: found.start()], last[1:] if last.startswith(".") else ""
