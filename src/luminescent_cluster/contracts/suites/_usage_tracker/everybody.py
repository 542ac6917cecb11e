"""UT-SUM-02: names that code takes for everybody's."""

from __future__ import annotations

from typing import Any

from ...clauses import Violation
from ...engine.case import Case, Raised
from ...engine.show import show, show_call
from .books import Books
from .figures import figures

__all__ = ["EVERYBODY", "not_everybody"]

EVERYBODY = (
    "", " ", "*", "%", "_", ".*", "all", "any", "admin", "root", "system", "internal", "total",
    "global", "default", "unknown", "None", "null", "everyone", "support", "-", "0",
)  # fmt: skip
"""Ids that code takes for no condition at all."""


def not_everybody(case: Case, name: str) -> None:
    """Check that what others use shows under no name that might stand for all of them.

    Raises:
        Violation: it does.
    """
    books = Books(case, attributed=False)
    used = [books.tenant(number) for number in range(2)]
    if name in used:
        return
    call = show_call("get_usage_summary", (name,), {})
    before = case.attempt("get_usage_summary", name)
    for tenant in used:
        case.must("track", "query", 5, books.metadata(tenant))
    books.flush()
    after = case.attempt("get_usage_summary", name)
    if isinstance(before, Raised) or isinstance(after, Raised):
        return
    seen = _totals(books, after)
    for figure, value in _totals(books, before).items():
        if seen.get(figure, value) != value:
            raise Violation(
                f"{show(used[0])} and {show(used[1])} used something",
                f"{call} had {value} {figure}, and now has {seen[figure]}",
            )


def _totals(books: Books, summary: Any) -> dict[str, Any]:
    found = figures(summary, books.subject.varying_keys) if isinstance(summary, dict) else {}
    return {name: found[name] for name in ("total_tokens", "total_queries") if name in found}
