"""UT-QUO-03: a quota holds exactly at its limit."""

from __future__ import annotations

from datetime import datetime

from hypothesis import strategies as st

from ...clauses import Catalogue
from ...engine.case import Case
from .accounts import (
    NOON,
    TIMES,
    account,
    exhaust,
    expect,
    one_period,
    set_quota,
    spend,
    used_up,
)
from .books import Books
from .crowd import each
from .operations import operations
from .renewals import room_comes_back

clauses = Catalogue()

_EDGES = tuple(
    (parts, cut, by, "query", True, 0, NOON)
    for parts, cut, by in (
        ([0], 0, 0),
        ([1], 0, 0),
        ([1, 1, 1], 1, 0),
        ([10, 1], 0, 1),
        ([2**31 - 1, 1], 0, 1),
        ([2**32, 1], 0, 1),
        ([2**53, 1], 0, 1),
        ([2**53 + 1, 1], 0, 1),
        ([95, 4, 1, 1], 2, 0),
        ([999_950, 49, 1], 2, 0),
    )
)

_AT_ANY_TIME = tuple(([3, 2, 1], 1, 0, "query", True, 0, when) for when in TIMES)
_parts = st.lists(
    st.one_of(st.integers(0, 20), st.integers(0, 20), st.sampled_from((1, 1000, 2**31, 2**53))),
    min_size=1,
    max_size=6,
)


@clauses.must(
    "UT-QUO-03",
    reason="one token off is a customer cut off too early, or usage that nobody pays for",
    fix="deny when usage >= limit; count usage in ints; a limit of 0 is a limit",
    probes=("set_quota",),
)
def limit_is_exact(case: Case) -> None:
    """Below its limit a tenant is allowed, at the limit and above it is denied.

    On the first day of a month and on the last; and the limit that was set last is the one that
    holds.
    """

    def check(
        parts: list[int], cut: int, by: int, operation: str, asks: bool, number: int,
        when: datetime, former: int | None = None,
    ) -> None:  # fmt: skip
        books = Books(case)
        with one_period(books, NOON if books.closed else when):
            tenant, op, base = account(books, number, operation)
            books.open(tenant)
            events = books.subject.quota_counts == "events"
            at = (cut % len(parts)) + 1
            limit = base + max(0, (at if events else sum(parts[:at])) + by)
            if former is not None:
                set_quota(books, tenant, former, op)
            set_quota(books, tenant, limit, op)
            unit = "events" if events else "tokens"
            for number_, part in enumerate((None, *parts)):
                if part is not None:
                    spend(books, tenant, op, part)
                used = used_up(books, tenant, base)
                if asks or number_ in (at, len(parts)):
                    expect(
                        books, tenant, op, used < limit,
                        f"{used} {unit} are used, and the limit is {limit}",
                    )  # fmt: skip

    each(case, check, _EDGES + _AT_ANY_TIME)
    case.for_all(
        check,
        parts=_parts,
        cut=st.integers(0, 5),
        by=st.sampled_from((0, 0, 1, -1, 2)),
        operation=operations,
        asks=st.booleans(),
        number=st.integers(0, 2),
        when=st.sampled_from(TIMES),
        former=st.sampled_from((None, None, 2**31)),
    )
    each(case, lambda: _limit_moves(case), [()])
    if case.subject.has("clock"):
        each(case, lambda: room_comes_back(case), [()])


def _limit_moves(case: Case) -> None:
    """A customer who was denied buys more, and gives it back."""
    books = Books(case)
    with one_period(books):
        tenant, operation, base = account(books, 0, "query")
        exhaust(books, tenant, operation, base, 3)
        used = used_up(books, tenant, base)
        for more in (2, 0, 1, -1, 5):
            set_quota(books, tenant, used + more, operation)
            expect(
                books, tenant, operation, more > 0,
                f"{used} were used when the limit was moved to {used + more}",
            )  # fmt: skip
