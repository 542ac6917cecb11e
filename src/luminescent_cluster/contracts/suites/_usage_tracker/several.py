"""Outages in which several tenants use several things."""

from __future__ import annotations

from ...clauses import Violation
from ...engine.case import Case, Raised
from ...engine.show import show
from .books import Books
from .drops import Drops
from .interruptions import during
from .operations import OPERATIONS

__all__ = ["several_survive"]

_TENANTS = 3
_KINDS = 3
_TIMES = 2
_TOKENS = 7


def several_survive(case: Case, after: int) -> None:
    """Track for several tenants through an outage, and account for the events of each.

    What is kept by tenant, or by operation, may be put back for one of them only.

    Args:
        case: the clause under way.
        after: how many events come after the outage, all of one tenant.

    Raises:
        Violation: a tenant lacks events that are not reported as dropped, or has some twice.
    """
    books = Books(case)
    tenants = list(dict.fromkeys(books.tenant(number) for number in range(_TENANTS)))
    for tenant in tenants:
        books.open(tenant)
    drops = {tenant: Drops(books, tenant) for tenant in tenants}
    with drops[tenants[0]] as heard:
        with during(case, books.subject, "break_backend"):
            for number in range(_TIMES * _KINDS):
                for tenant in tenants:
                    given = (OPERATIONS[number % _KINDS], _TOKENS, books.metadata(tenant))
                    if isinstance(case.attempt("track", *given), Raised):
                        return  # UT-TRK-05's to tell; it may count or not
                    books.enter(tenant, _TOKENS)
        for _ in range(after):
            books.track(tenants[0], OPERATIONS[0], _TOKENS, burst=True)
        for tenant in tenants:
            _require(books, tenant, drops, heard)


def _require(books: Books, tenant: str, drops: dict[str, Drops], heard: Drops) -> None:
    due = books.due(tenant)
    seen = books.wait(
        lambda: books.total(tenant, plain=False), lambda total: total == due, patience=3.0
    )
    if seen == due:
        return
    missing = {each: books.due(each) - books.total(each, plain=False) for each in drops}
    told = all(drops[each].report(max(lack, 0), _TOKENS) for each, lack in missing.items())
    if min(missing.values()) >= 0 and (
        told or heard.named or heard.report(sum(missing.values()), _TOKENS)
    ):
        return  # some were dropped, and somebody knows of it
    used = ", ".join(f"{show(each)} {books.events(each)} events" for each in drops)
    raise Violation(
        f"in one outage there were, of {_TOKENS} tokens each and for {_KINDS} operations: {used}",
        f"after recovery the total of {show(tenant)} is {seen}, not {due}",
        fix="put everything back that could not be sent: all tenants, operations and days",
    )
