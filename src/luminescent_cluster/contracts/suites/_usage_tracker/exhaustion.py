"""UT-QUO-04 and 05: who is used up stays so, and alone."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from ...clauses import Catalogue, Inconclusive, Violation
from ...engine.case import Case
from ...engine.show import show, show_call
from .accounts import NOON, account, exhaust, expect, one_period, set_quota, set_time, spend
from .books import Books
from .crowd import crowd, each
from .names import SIGNS, joined, near_pairs, pairs
from .operations import operations
from .renewals import LATER, stays_closed

clauses = Catalogue()

_PATIENCE = 40  # questions of one who is denied


@clauses.must(
    "UT-QUO-04",
    reason="a quota that opens again lets a customer use without end what was used up",
    fix="compare with >=, in ints that do not overflow; do not forget who was denied",
    probes=("set_quota",),
)
def denied_stays_denied(case: Case) -> None:
    """Once denied, a tenant is not allowed again by more usage in the same period."""

    def check(limit: int, more: list[tuple[str, int, str]], operation: str, number: int) -> None:
        books = Books(case)
        with one_period(books):
            tenant, op, base = account(books, number, operation)
            seconds = 0
            exhaust(books, tenant, op, base, limit)
            for kind, tokens, other in more:
                if kind == "own":
                    spend(books, tenant, op, tokens)
                elif kind == "other operation" and not books.closed:
                    spend(books, tenant, other, tokens)
                elif kind == "other tenant":
                    spend(books, books.tenant(number + 1), other, tokens)
                elif kind == "time" and books.subject.has("clock"):
                    seconds += 1
                    set_time(books, NOON + timedelta(seconds=seconds))
                _denied(books, tenant, op, base + limit)

    kinds = ("own", "own", "other operation", "other tenant", "ask", "time")
    more = st.tuples(
        st.sampled_from(kinds),
        st.one_of(st.integers(0, 30), st.sampled_from((0, 2**31, 2**32, 2**53))),
        operations,
    )
    # Where examples share an instance, one has to see it tire before others have tired it.
    shared = case.subject.fresh == "clause"
    if shared:
        crowd(case, _denied_in_a_crowd)
    case.for_all(
        check,
        limit=st.one_of(st.integers(1, 30), st.sampled_from((1, 2**31 - 1, 2**32 - 1))),
        more=st.lists(more, min_size=1, max_size=6),
        operation=operations,
        number=st.integers(0, 2),
    )
    if not shared:
        crowd(case, _denied_in_a_crowd)
    if case.subject.has("clock"):
        each(case, lambda later: stays_closed(case, later), [(later,) for later in LATER])


def _denied_in_a_crowd(case: Case, count: int) -> None:
    books = Books(case)
    with one_period(books):
        tenant, op, base = account(books, 0, "query")
        exhaust(books, tenant, op, base, 3)
        others = [name for name in books.tenants(count) if name != tenant]
        for number, other in enumerate(others):
            spend(books, other, "query", 1)
            books.quota(other, "query", plain=False)
            if number % 25 == 24:
                books.audit(other)
        _denied(books, tenant, op, base + 3)
        for _ in range(_PATIENCE):
            spend(books, tenant, op, 1)
            _denied(books, tenant, op, base + 3)


def _denied(books: Books, tenant: str, operation: str, limit: int) -> None:
    allowed, reason = books.quota(tenant, operation, plain=False)
    if allowed:
        raise Violation(
            f"{show(tenant)} was denied at its limit of {limit}, and used no less since",
            f"{show_call('check_quota', (tenant, operation), {})} -> {show((allowed, reason))}",
        )


@clauses.must(
    "UT-QUO-05",
    reason="one customer's burst must not cut off another",
    fix="keep limits and usage by the exact tenant id",
    probes=("set_quota",),
)
def exhaustion_is_ones_own(case: Case) -> None:
    """One tenant's exhaustion changes nothing for another, however alike their ids are."""

    def check(
        pair: tuple[str, str], limit: int, operation: str, first: bool, own: bool, scant: bool
    ) -> None:
        books = Books(case)
        with one_period(books):
            if books.closed:
                spender, operation, base = account(books, limit, operation)
                other = next((n for n in books.tenants(50) if n != spender), spender)
                if other == spender:
                    raise Inconclusive("one tenant is declared; declare two")
            else:
                spender, other, base = books.own(pair[0]), books.own(pair[1]), 0
            # As much as the one uses up: if that were counted here too, nothing would be left.
            left = limit if scant else 10**6
            room = books.base(other) + left
            if own and first:
                set_quota(books, other, room, operation)
            before = books.quota(other, operation, plain=False)
            _exhaust_quietly(books, spender, operation, base, limit)
            if own and not first:
                set_quota(books, other, room, operation)
                before = (True, None)
            after = books.quota(other, operation, plain=False)
            if after[0] is not before[0]:
                raise Violation(
                    f"only {show(spender)} used its quota of {limit} up; {show(other)} "
                    + (f"used nothing, and may use {left}" if own else "used nothing"),
                    f"before: {show_call('check_quota', (other, operation), {})} -> {show(before)}",
                    f"now:    {show_call('check_quota', (other, operation), {})} -> {show(after)}",
                )
            if own and not scant and not books.closed:
                spend(books, other, operation, 5)
                expect(books, other, operation, True,
                        f"{show(other)} used 5 of {room}; {show(spender)} is used up")  # fmt: skip

    each(
        case,
        lambda *pair: check(pair, 3, "query", True, True, True),
        near_pairs(),
        most=4 * case.profile.examples,
    )
    case.for_all(
        check,
        pair=pairs(),
        limit=st.integers(1, 20),
        operation=operations,
        first=st.booleans(),
        own=st.booleans(),
        scant=st.booleans(),
    )
    each(case, lambda sign: _joined(case, sign), [(sign,) for sign in SIGNS])
    crowd(case, _exhausted_in_a_crowd)


def _joined(case: Case, sign: str) -> None:
    """Tenant and operation, joined by a sign that either may hold, are somebody else's."""
    books = Books(case)
    if books.closed:
        return
    with one_period(books):
        (other, asked), (spender, used) = joined(books.own("acme"), sign)
        before = books.quota(other, asked, plain=False)
        _exhaust_quietly(books, spender, used, 0, 3)
        after = books.quota(other, asked, plain=False)
    if after[0] is not before[0]:
        raise Violation(
            f"only {show(spender)} used its quota of 3 up, for {show(used)}",
            f"before: {show_call('check_quota', (other, asked), {})} -> {show(before)}",
            f"now:    {show_call('check_quota', (other, asked), {})} -> {show(after)}",
        )


def _exhaust_quietly(books: Books, tenant: str, operation: str, base: int, limit: int) -> None:
    """As :func:`_exhaust`, for an id that may be refused."""
    books.open(tenant)
    set_quota(books, tenant, base + limit, operation)
    counts_events = books.subject.quota_counts == "events"
    for tokens in [1] * limit if counts_events else [limit]:
        if books.closed:
            spend(books, tenant, operation, tokens)
        else:
            books.track(tenant, operation, tokens, plain=False)
    books.wait(
        lambda: books.quota(tenant, operation, plain=False), lambda answer: answer[0] is False
    )


def _exhausted_in_a_crowd(case: Case, count: int) -> None:
    books = Books(case)
    if books.closed:
        return
    with one_period(books):
        names = books.tenants(count)
        for number, tenant in enumerate(names):
            set_quota(books, tenant, 2, "query")
            for _ in range(1 + number % 2):
                spend(books, tenant, "query", 1)
            if number % 25 == 24:
                books.audit(tenant)
        for number, tenant in enumerate(names):
            spent = 1 + number % 2
            why = f"{spent} of 2 are used, by one of {count} tenants"
            expect(books, tenant, "query", spent < 2, why)
