"""Events that are many, large or beyond a limit, or that nobody takes for a while."""

from __future__ import annotations

from functools import partial

from ...engine.case import Case
from .accounts import account, one_period, set_quota
from .books import Books
from .crowd import crowd, each
from .losses import survive
from .operations import OPERATIONS

__all__ = ["under_burden"]

_LARGE = (40_000, 300_000, 1_200_000)
"""More than queues and endpoints take at a time: 32 KiB, 256 KiB, 1 MiB."""


def under_burden(case: Case) -> None:
    """Account for events under every burden that the subject can be put under.

    Raises:
        Violation: events are lost without a word, or counted more than once.
    """
    accounted = partial(survive, case, operation="query")
    crowd(case, lambda _, count: accounted([], count), sizes=(12, 400))
    each(
        case,
        lambda size: accounted([], 2, context={"x-context": "x" * size}),
        [(size,) for size in _LARGE],
    )
    if not case.subject.has("dropped"):
        crowd(case, _many_at_once)
    if case.subject.has("stall_backend"):
        stalled = partial(accounted, after=1, probe="stall_backend")
        each(case, lambda count: stalled([(1, count)]), [(3,), (400,)])
    if case.subject.has("set_quota"):
        each(case, lambda limit: _beyond_the_limit(case, limit), [(0,), (5,)])


def _many_at_once(case: Case, count: int) -> None:
    """Many tenants between two flushes, where a single tenant's burst lost nothing."""
    books = Books(case)
    names = books.tenants(count)
    for number, tenant in enumerate(names):
        books.track(tenant, OPERATIONS[number % 4], number + 1, burst=True)
    for tenant in names:
        books.audit(tenant, f"{len(names)} tenants used something at the same time")


def _beyond_the_limit(case: Case, limit: int) -> None:
    """What is used beyond a limit is used: core has let it through, and somebody pays for it."""
    books = Books(case)
    with one_period(books):
        tenant, operation, base = account(books, 0, "query")
        books.open(tenant)
        set_quota(books, tenant, base + limit, operation)
        for tokens in (3, 4, 5):
            books.track(tenant, operation, tokens, plain=False)
            books.quota(tenant, operation, plain=False)
            books.audit(tenant, f"its limit is {base + limit}")
