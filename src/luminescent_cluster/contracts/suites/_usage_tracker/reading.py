"""What the subject says, and what a summary says of tokens."""

from __future__ import annotations

from typing import Any

from ...clauses import Inconclusive, NoInstance
from ...engine.case import Case
from ...engine.show import show, show_error
from ...subjects.usage import UsageSubject

__all__ = ["read_total", "tenants_of", "typed", "usage_subject"]


def usage_subject(case: Case) -> UsageSubject:
    """Give the subject of the example under way."""
    return typed(case.subject)


def typed(subject: Any) -> UsageSubject:
    """Give a subject as what it is.

    Raises:
        NoInstance: it is of another protocol.
    """
    if not isinstance(subject, UsageSubject):
        raise NoInstance(
            f"this protocol's clauses need a UsageSubject, not a {type(subject).__name__}"
        )
    return subject


def tenants_of(subject: UsageSubject) -> list[str]:
    """Give the tenants that the author declares.

    Raises:
        NoInstance: the author's function raises or gives something else.
    """
    try:
        return subject.known_tenants()
    except Exception as error:
        raise NoInstance(f"the probe tenants raised {show_error(error)}") from error


def read_total(summary: Any) -> int:
    """Give the total of a summary.

    Raises:
        Inconclusive: it has none that could be compared, which is UT-SUM-01's to tell.
    """
    total = summary.get("total_tokens") if isinstance(summary, dict) else None
    if not isinstance(total, int) or isinstance(total, bool):
        raise Inconclusive(f"get_usage_summary gave {show(summary, 120)}; see UT-SUM-01")
    return total
