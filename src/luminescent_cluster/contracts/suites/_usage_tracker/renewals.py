"""Periods that end: what becomes of one who was used up when time has passed.

How long a period is, nobody says; it may have no end. So only that is asked which holds for all.
"""

from __future__ import annotations

from datetime import timedelta

from ...clauses import Violation
from ...engine.case import Case
from ...engine.show import show, show_call
from .accounts import NOON, account, exhaust, expect, set_quota, set_time, spend
from .books import Books

__all__ = ["LATER", "room_comes_back", "stays_closed"]

_LIMIT = 3
LATER = tuple(timedelta(days=days) for days in (1, 7, 30, 31, 40, 365, 366, 400))
"""When a day, a week, a month or a year is over, and what has the same number in the next one."""


def room_comes_back(case: Case) -> None:
    """Time alone denies nobody, and a new period has as much room as the first.

    Raises:
        Violation: one who was allowed, and used nothing since, is denied; or the limit is not exact
            in the new period.
    """
    books = Books(case)
    if _mingles(books):
        return
    tenant, operation = _used_up(books)
    opened = None
    for later in LATER:
        set_time(books, NOON + later)
        if opened is not None:
            expect(
                books, tenant, operation, True,
                f"{_LIMIT} of {_LIMIT} were used {later.days} days ago, and nothing since",
                f"{(later - opened).days} days ago it was allowed",
            )  # fmt: skip
        elif books.quota(tenant, operation, plain=False)[0]:
            opened = later
    if opened is None:
        return  # the period has no end, or not yet
    for used in range(_LIMIT):
        _hold(books, tenant, operation, used, _LIMIT)
        spend(books, tenant, operation, 1)
    set_quota(books, tenant, _LIMIT + 1, operation)  # the former may have ended with its period
    _hold(books, tenant, operation, _LIMIT, _LIMIT + 1)
    spend(books, tenant, operation, 1)
    _hold(books, tenant, operation, _LIMIT + 1, _LIMIT + 1)


def _hold(books: Books, tenant: str, operation: str, used: int, limit: int) -> None:
    why = f"{used} were used in this period, and the limit is {limit}"
    expect(books, tenant, operation, used < limit, why)


def stays_closed(case: Case, later: timedelta) -> None:
    """One who is denied, however much later, is not allowed by using more.

    Raises:
        Violation: it is; so the answer before was one of a period that is over.
    """
    books = Books(case)
    if _mingles(books):
        return
    for number, patient in enumerate((False, True)):  # the answer may just have come late
        tenant, operation = _used_up(books, number)
        set_time(books, NOON + later)

        def ask(of: str = tenant, what: str = operation) -> tuple[bool, object]:
            return books.quota(of, what, plain=False)

        before = books.wait(ask, lambda answer: answer[0]) if patient else ask()
        if before[0]:
            return
        spend(books, tenant, operation, 1)
        after = ask()
        if not after[0]:
            return
    asked = show_call("check_quota", (tenant, operation), {})
    raise Violation(
        f"{show(tenant)} used {_LIMIT} of {_LIMIT}",
        f"{later.days} days later: {asked} -> {show(before)}",
        f"it used 1 more:  {asked} -> {show(after)}",
        "so the former answer was of a period that is over",
    )


def _used_up(books: Books, number: int = 0) -> tuple[str, str]:
    """Give a tenant that has used up its limit at noon, and for which operation."""
    set_time(books, NOON)
    tenant, operation, base = account(books, number, "query")
    exhaust(books, tenant, operation, base, _LIMIT)
    return tenant, operation


def _mingles(books: Books) -> bool:
    """Tell whether later examples would take what is used at other times as used at theirs."""
    return books.closed and books.shared
