"""UT-SUM-06: reading changes nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Inconclusive, Unverified, Violation
from ...engine.case import Case
from ...engine.show import show, show_call
from .books import Books
from .bounds import bounds, forward
from .figures import figures
from .operations import operations
from .reading import read_total
from .ways import ways_of

clauses = Catalogue()


@clauses.must(
    "UT-SUM-06",
    reason="a bill that changes with every look at it cannot be checked",
    fix="let get_usage_summary only read, and build its result anew each time",
)
def reading_changes_nothing(case: Case) -> None:
    """Reading twice without tracking in between gives the same figures.

    Also when the caller changes what it was given, and when others are asked about in between. A
    time of generation or an id may differ; only usage figures are compared.
    """
    try:
        counts = not ways_of(case).lost
    except Unverified:
        counts = False

    def check(
        events: list[tuple[int, str, int]], bounds: tuple[Any, Any], times: int, spoil: bool
    ) -> None:
        books = Books(case, attributed=counts)
        names = books.tenants(3)
        for who, operation, tokens in events if counts else ():
            books.track(books.tenant(who), operation, max(tokens, books.least))
        for tenant in names if counts else ():
            books.audit(tenant)
        start, end = bounds
        start, end = forward(start, end)
        calls = [(name,) for name in names] + [(names[0], start, end)]
        former: dict[str, Any] = {}
        if counts:  # what the audit has just read is the first reading
            for name in names:
                text = show_call("get_usage_summary", (name,), {})
                total = read_total(case.must("get_usage_summary", name))
                if total != books.due(name):
                    raise Violation(
                        f"{text} gave total_tokens = {books.due(name)}",
                        f"read again with nothing tracked, it is {total}",
                    )
        for _ in range(times + 1):
            for call in calls:
                text = show_call("get_usage_summary", call, {})
                answer = books.must("get_usage_summary", *call)
                if not isinstance(answer, dict):
                    raise Inconclusive(f"{text} -> {show(answer)}; see UT-SUM-01")
                now = figures(answer, books.subject.varying_keys)
                before = former.setdefault(text, now)
                if now != before:
                    changed = [key for key in {**before, **now} if before.get(key) != now.get(key)]
                    raise Violation(
                        f"{text} gave {changed[0]} = {show(before.get(changed[0]))}",
                        f"read again with nothing tracked, it is {show(now.get(changed[0]))}"
                        + (", after the caller changed the first result" if spoil else ""),
                    )
                if spoil:
                    _spoil(answer)

    case.for_all(
        check,
        events=st.lists(st.tuples(st.integers(0, 2), operations, st.integers(0, 1000)), max_size=6),
        bounds=bounds(case),
        times=st.sampled_from((1, 2, 12)),
        spoil=st.booleans(),
    )


def _spoil(summary: dict[Any, Any]) -> None:
    """Change a result as a careless caller does, at every depth."""
    for key, value in list(summary.items()):
        if isinstance(value, dict):
            _spoil(value)
        elif isinstance(value, list):
            value.clear()
        else:
            try:
                summary[key] = 10**9
            except TypeError:  # a result that cannot be changed
                return
