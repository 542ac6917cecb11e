"""Limited accounts: what a tenant may use, has used, and must therefore be answered."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any
from weakref import WeakKeyDictionary

from luminescent_cluster.extensions._calls.reflection import signature_of

from ...clauses import Inconclusive, Violation
from ...engine.case import Case, Refused
from ...engine.show import show, show_call
from .books import Books
from .operations import OPERATIONS, PLAIN_TOKENS

__all__ = [
    "NOON",
    "TIMES",
    "account",
    "exhaust",
    "expect",
    "one_period",
    "quota_arguments",
    "set_quota",
    "set_time",
    "spend",
    "used_up",
]

NOON = datetime(2026, 6, 17, 12, 30, 10, tzinfo=timezone.utc)
"""A time far from the end of every period."""
TIMES = (
    NOON,
    *(
        datetime(*parts, tzinfo=timezone.utc)
        for parts in (
            (2026, 6, 1, 0, 0, 0),  # a month begins, and a Monday
            (2026, 6, 1, 0, 0, 10),
            (2026, 5, 31, 23, 59, 10),  # a month is nearly over
            (2026, 1, 1, 0, 0, 10),
            (2025, 12, 31, 23, 59, 10),
            (2024, 2, 29, 12, 0, 10),
            (2026, 10, 25, 1, 30, 10),  # an hour that summer time repeats
        )
    ),
)
"""Times at which periods begin and end; the next begins half a minute later at least."""

_spent: WeakKeyDictionary[Case, dict[str, int]] = WeakKeyDictionary()


def set_quota(books: Books, tenant: str, limit: int, operation: str) -> None:
    """Limit what a tenant may use, through the author's probe.

    Raises:
        Refused: the probe refuses it.
    """
    hook = books.subject.probe("set_quota")
    given = quota_arguments(hook, tenant, limit, operation)
    text = show_call("set_quota", given, {})
    books.settle()
    books.case.perform(text, lambda: hook(*given), 30.0, counts=False)
    books.case.history.append(f"subject.{text}")


def quota_arguments(hook: Any, tenant: str, limit: int, operation: str) -> tuple[Any, ...]:
    """Give what the author's probe takes of a limit."""
    given = (tenant, limit, operation)
    try:
        signature_of(hook, follow_wrapped=True).bind(*given)
    except TypeError:
        return given[:2]  # one limit for all operations
    except ValueError:  # a builtin without a signature
        pass
    return given


def set_time(books: Books, when: datetime) -> None:
    """Make it another time for the tracker, through the author's probe."""
    setter = books.subject.probe("clock")
    books.settle()
    books.case.perform(f"clock: {when}", lambda: setter(when), 30.0, counts=False)
    books.case.history.append(f"subject.clock({when!r})")


@contextmanager
def one_period(books: Books, when: datetime = NOON) -> Iterator[None]:
    """Keep an example within one period: at a set time, or by giving it up at a minute's end."""
    if books.subject.has("clock"):
        set_time(books, when)
        yield
        return
    minute = time.time() // 60
    try:
        yield
    except Violation:
        if time.time() // 60 != minute:
            raise Refused("a period may have ended in between", TimeoutError()) from None
        raise


def account(books: Books, number: int, operation: str) -> tuple[str, str, int]:
    """Give a tenant whose usage in this period is known, an operation, and that usage.

    Raises:
        Refused: every declared tenant has usage that nobody here can place in a period.
    """
    if not books.closed:
        return books.tenant(number), operation, 0
    spent = _spent.setdefault(books.case, {})
    known = books.tenants(50)
    for offset in range(len(known)):
        tenant = known[(number + offset) % len(known)]
        base = books.base(tenant)
        if base == 0:
            return tenant, OPERATIONS[0], 0
        if base == spent.get(tenant) and books.subject.quota_counts == "tokens":
            return tenant, OPERATIONS[0], base
    raise Refused(
        "every declared tenant has used something before; declare some that have not",
        LookupError(),
    )


def spend(books: Books, tenant: str, operation: str, tokens: int) -> None:
    """Use something; declared tenants keep to one operation, so that their usage stays known."""
    operation = OPERATIONS[0] if books.closed else operation
    books.track(tenant, operation, tokens, plain=tokens <= PLAIN_TOKENS)
    if books.closed:
        _spent.setdefault(books.case, {})[tenant] = books.due(tenant)


def expect(books: Books, tenant: str, operation: str, allowed: bool, *why: str) -> None:
    """Hold the answer to what the books say.

    Raises:
        Violation: after waiting, it is another one.
    """
    seen = books.wait(
        lambda: books.quota(tenant, operation, plain=False), lambda answer: answer[0] is allowed
    )
    if seen[0] is not allowed:
        raise Violation(
            f"{show_call('check_quota', (tenant, operation), {})} -> {show(seen)}",
            *why,
            f"so the answer must be {'(True, None)' if allowed else '(False, a reason)'}",
        )


def exhaust(books: Books, tenant: str, operation: str, base: int, limit: int) -> None:
    """Bring a tenant exactly to its limit, and see that it is denied there.

    Raises:
        Inconclusive: it is not, which is UT-QUO-03's to tell.
    """
    books.open(tenant)
    set_quota(books, tenant, base + limit, operation)
    if books.subject.quota_counts == "events":
        limit = min(limit, 30)
        set_quota(books, tenant, base + limit, operation)
        for _ in range(limit):
            spend(books, tenant, operation, 1)
    else:
        spend(books, tenant, operation, limit)
    try:
        expect(books, tenant, operation, False)
    except Violation as violation:
        # Some deny only above the limit; that one is not theirs to hide behind.
        spend(books, tenant, operation, 1)
        try:
            expect(books, tenant, operation, False)
        except Violation:
            raise Inconclusive(
                f"the quota does not deny at its limit; see UT-QUO-03\n{violation}"
            ) from None


def used_up(books: Books, tenant: str, base: int) -> int:
    """Give what a tenant has used, in what its limit counts."""
    if books.subject.quota_counts == "events":
        return base + books.events(tenant)
    return base + books.gained(tenant)
