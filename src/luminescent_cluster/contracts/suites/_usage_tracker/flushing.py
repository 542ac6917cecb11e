"""Trackers that settle only when somebody flushes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from luminescent_cluster.extensions._calls.reflection import signature_of

from ...clauses import Unverified, Violation
from ...engine.case import Case, Refused
from ...subjects.usage import UsageSubject

__all__ = ["not_for_want_of_a_flush"]


def not_for_want_of_a_flush(
    case: Case, subject: UsageSubject, look: Callable[[], Any], good: Callable[[Any], bool]
) -> None:
    """Make sure that what is missing would not show after the tracker's own method ``flush``.

    Args:
        case: the clause under way.
        subject: whose events do not show.
        look: looks again.
        good: says whether what was seen is what must be.

    Raises:
        Unverified: it would; the author has to say that this is how it settles.
    """
    hook = getattr(subject.extension, "flush", None)
    if subject.has("flush") or not callable(hook):
        return
    try:
        signature_of(hook, follow_wrapped=True).bind()
        case.perform("flush()", hook, subject.deadline, counts=False)
    except (TypeError, ValueError, Refused, Violation):
        return
    if good(look()):
        raise Unverified(
            "flush",
            "what was tracked shows only after the tracker's method flush() was called; say that "
            "it settles so:\n" + UsageSubject.probe_help["flush"],
        )
