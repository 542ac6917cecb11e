"""Which accesses of a program are to objects that only one thread touches.

A preemption before such an access changes nothing by itself, so it is tried last. Nothing is left
out: what one run shows of sharing is a hint, no proof.
"""

from __future__ import annotations

import re
from types import FrameType
from typing import Any

from .opcodes import Access
from .points import Points
from .recorder import resolve
from .tasks import BACKGROUND, Task

__all__ = ["Looker"]

_LAST = re.compile(r"(\.\w+|\[[^\[\]]*\])$")


class Looker:
    """Stands in for a recorder during one run, and sees who touches what."""

    def __init__(self, points: Points) -> None:
        self._points = points
        self._users: dict[int, set[str]] = {}
        self._by_workers: set[int] = set()
        self._touched: dict[tuple[str, int], int] = {}
        self._kept: list[Any] = []  # an id is only good while its object lives

    def point(self, task: Task, frame: FrameType, offset: int) -> None:
        """``task`` is about to perform the access at ``offset`` of ``frame``."""
        access = self._points.access_at(frame.f_code, offset)
        text = _base(access) if access is not None else ""
        if not text:
            return
        try:
            touched = resolve(text, frame)
        except Exception:
            return
        self._kept.append(touched)
        self._users.setdefault(id(touched), set()).add(task.id)
        if task.kind == BACKGROUND:
            self._by_workers.add(id(touched))
        self._touched[task.id, task.n + 1] = id(touched)

    def note(self, what: str, task: Task, other: Any) -> None:
        """Nothing to see in what is no access."""

    def suspended(self, task: Task, handle: Any) -> None:
        """Nothing to see here either."""

    def ranks(self) -> dict[tuple[str, int], int]:
        """How soon a preemption at a decision (thread, count) is tried: 0 at once, 2 last.

        What threads of the extension's own touch counts as shared: which of several workers does
        a piece of work is chance.
        """
        return {
            at: 0 if len(self._users[key]) > 1 or key in self._by_workers else 2
            for at, key in self._touched.items()
        }


def _base(access: Access) -> str:
    """The expression of the object that is touched, "" where it is not known."""
    text = access.text
    if "…" in text or access.kind in ("yield", "entry"):
        return ""
    if access.kind == "contains":
        return text.partition(" in ")[2]
    if text.endswith("()"):
        text = text[:-2]
        return text.rpartition(".")[0]  # the receiver; a plain function may touch anything
    if access.kind == "iterate":
        return text
    return text[: found.start()] if (found := _LAST.search(text)) else ""
