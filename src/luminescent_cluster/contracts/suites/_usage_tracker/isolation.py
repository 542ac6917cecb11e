"""UT-TRK-03: usage is kept for the exact tenant."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Inconclusive, Violation
from ...engine.case import Case
from ...engine.show import show
from .books import Books
from .crowd import crowd, each
from .figures import figures
from .names import SIGNS, is_text, joined, near_pairs, pairs

clauses = Catalogue()

_AGAIN = 6  # times that both use something, so that what is brought together in batches is


@clauses.must(
    "UT-TRK-03",
    reason="somebody else's usage on a bill is a leak and a wrong bill at once",
    fix="keep usage by the exact tenant id: no folding of case or Unicode, no trimming, no "
    "patterns, no shortened keys",
)
def usage_stays_apart(case: Case) -> None:
    """The usage of one tenant never shows in the summary of another, nor does that of nobody.

    Ids that are nearly the same, and several hundred tenants at once. An id may be refused.
    """

    each(case, lambda *pair: _kept_apart(case, pair), near_pairs(), most=10 * case.profile.examples)

    def check(pair: tuple[str, str], steps: list[tuple[int, int]]) -> None:
        books = Books(case)
        names = _nearly(books, pair)
        for who, tokens in steps:
            books.open(names[1 - who], look=True)
            books.track(names[who], "query", tokens, plain=books.closed)
            if is_text(names[1 - who]):
                _untouched(books, names[1 - who], names[who])

    step = st.tuples(st.integers(0, 1), st.integers(1, 1000))
    case.for_all(check, pair=pairs(), steps=st.lists(step, min_size=1, max_size=5))
    case.for_all(
        lambda who, more: _of_nobody(case, who, more),
        who=st.lists(st.integers(0, 2), min_size=1, max_size=3),
        more=st.sampled_from(({}, {"x-request": 1})),
        examples=max(5, case.profile.examples // 6),
    )
    each(case, lambda sign: _joined(case, sign), [(sign,) for sign in SIGNS])
    crowd(case, _many_tenants)


def _of_nobody(case: Case, who: list[int], more: dict[str, Any]) -> None:
    """An event without a tenant is nobody's: not the last one's, not the first one's."""
    books = Books(case)
    if books.metadata(books.tenant(0)) == books.metadata(books.tenant(1)):
        return  # whose event it is comes from elsewhere, and stands until somebody changes it
    for number in who:
        books.track(books.tenant(number), "query", 3)
    tenants = [books.tenant(number) for number in range(3)]
    before = [books.due(tenant) for tenant in tenants]
    case.attempt("track", "query", 40, dict(more))
    for tenant, due in zip(tenants, before, strict=True):
        total = books.wait(lambda of=tenant: books.total(of), lambda seen, due=due: seen == due)
        if total != due:
            raise Violation(
                f"track('query', 40, {more}) names no tenant",
                f"get_usage_summary({show(tenant)})['total_tokens'] is {total}, not {due}",
            )


def _kept_apart(case: Case, pair: tuple[str, ...]) -> None:
    books = Books(case)
    one, other = _nearly(books, (pair[0], pair[1]))
    books.open(other, look=True)
    before = _figures(books, other)
    books.track(one, "query", 4, plain=books.closed)
    _untouched(books, other, one)
    after = _figures(books, other)
    for name in before.keys() & after.keys():
        if after[name] != before[name]:
            raise Violation(
                f"{show(one)} used something; {show(other)} used nothing",
                f"get_usage_summary({show(other)})[{name!r}] was {before[name]}, "
                f"and is {after[name]}",
            )
    if is_text(one):
        books.audit(one, plain=False)
    books.track(other, "store", 9, plain=books.closed)
    for tenant, near in ((other, one), (one, other)):
        if is_text(tenant):
            books.audit(tenant, f"there is also {show(near)}", plain=False)
    # Whatever became of an odd id, the next event is a plain one.
    books.track(books.tenant(2), "query", 1)
    books.audit(books.tenant(2), f"{show(one)} and {show(other)} used something before")


def _figures(books: Books, tenant: str) -> dict[str, Any]:
    """Give the figures that a bill shows besides the total."""
    found = figures(books.summary(tenant, plain=False), books.subject.varying_keys)
    return {name: found[name] for name in ("total_queries", "quota_remaining") if name in found}


def _joined(case: Case, sign: str) -> None:
    """Tenant and operation, joined by a sign that either may hold, are somebody else's."""
    books = Books(case)
    if books.closed:
        return
    (one, this), (other, that) = joined(books.own("acme"), sign)
    for tenant in (one, other):
        books.open(tenant)
    for _ in range(_AGAIN):
        books.track(one, this, 4, plain=False)
        books.track(other, that, 9, plain=False)
    for tenant, near in ((one, other), (other, one)):
        books.audit(tenant, f"there is also {show(near)}", plain=False)


def _nearly(books: Books, pair: tuple[str, str]) -> tuple[str, str]:
    if books.closed:
        names = books.tenants(8)
        if len(names) < 2:
            raise Inconclusive("one tenant is declared; declare two")
        number = len(pair[1]) % max(1, len(names) - 1)
        return names[number], names[(number + 1) % len(names)]
    return books.own(pair[0]), books.own(pair[1])


def _untouched(books: Books, tenant: str, used: str) -> None:
    due = books.due(tenant)
    total = books.wait(lambda: books.total(tenant, plain=False), lambda seen: seen == due)
    if total != due:
        raise Violation(
            f"{show(used)} used something; {show(tenant)} used {books.gained(tenant)}",
            f"get_usage_summary({show(tenant)})['total_tokens'] is {total}, not {due}",
        )


def _many_tenants(case: Case, count: int) -> None:
    books = Books(case)
    names = books.tenants(count)
    for number, tenant in enumerate(names):
        books.track(tenant, "query", number + 1)
        if number % 25 == 24:
            books.audit(tenant)
    for tenant in names:
        books.audit(tenant, f"{len(names)} tenants used something")
    books.track(names[0], "query", 5)
    books.audit(names[0], f"{len(names)} tenants used something")
