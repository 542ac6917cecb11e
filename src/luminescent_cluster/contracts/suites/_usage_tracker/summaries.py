"""UT-SUM-01 and 07: what a summary holds."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ...clauses import Catalogue, Violation
from ...engine.case import Case, Raised
from ...engine.show import show, show_call
from .accounts import one_period, set_quota
from .books import Books
from .bounds import bounds, forward
from .crowd import crowd
from .names import tricky
from .operations import operations
from .reading import read_total

clauses = Catalogue()


def _judge_shape(summary: Any, call: str) -> None:
    said = f"{call} -> {show(summary)}"
    if not isinstance(summary, dict):
        raise Violation(said, f"which is no dict but {type(summary).__name__}")
    if "total_tokens" not in summary:
        raise Violation(said, "which has no total_tokens")
    total = summary["total_tokens"]
    if not isinstance(total, int) or isinstance(total, bool):
        raise Violation(said, f"whose total_tokens is no int but {type(total).__name__}")
    if total < 0:
        raise Violation(said, "whose total_tokens is negative")


@clauses.must(
    "UT-SUM-01",
    reason="billing multiplies total_tokens by a price",
    fix="return a dict with total_tokens as an int, 0 where there is no usage",
)
def summary_has_a_total(case: Case) -> None:
    """A summary is a dict with an integer `total_tokens` that is not negative.

    For tenants with and without usage, and any range.
    """

    def check(
        tokens: list[int], operation: str, bounds: tuple[Any, Any], way: int, name: str
    ) -> None:
        books = Books(case, attributed=False)
        tenant = books.tenant(0)
        for number in tokens:
            plain = 0 <= number < 2**31
            call = case.must if plain else case.attempt
            call("track", operation, number, books.metadata(tenant))
        books.flush()
        big = any(not 0 <= number < 2**31 for number in tokens)
        start, end = bounds
        given: tuple[tuple[Any, ...], dict[str, Any]] = (
            ((tenant,), {}),
            ((tenant, start, end), {}),
            ((tenant,), {"start_date": start, "end_date": end}),
            ((), {"tenant_id": tenant, "end_date": end}),
        )[way]
        plain = not big and (start, end) == forward(start, end)
        for args, kwargs in (given, ((books.tenant(1),), {})):
            ask = books.must if plain else case.attempt
            answer = ask("get_usage_summary", *args, **kwargs)
            if not isinstance(answer, Raised):
                _judge_shape(answer, show_call("get_usage_summary", args, kwargs))
        odd = case.attempt("get_usage_summary", name)
        if not isinstance(odd, Raised):
            _judge_shape(odd, show_call("get_usage_summary", (name,), {}))

    case.for_all(
        check,
        tokens=st.lists(
            st.one_of(st.integers(0, 1000), st.sampled_from((2**31, 2**53 + 1, -1, -1000))),
            max_size=4,
        ),
        operation=operations,
        bounds=bounds(case),
        way=st.integers(0, 3),
        name=st.one_of(tricky(), st.sampled_from(("", " ", "\0"))),
    )


@clauses.should(
    "UT-SUM-07",
    reason="the billing page shows the number of queries and what is left of the quota",
    fix="add total_queries, which counts events of the operation query at least, and "
    "quota_remaining, None where there is no quota",
)
def summary_counts_queries(case: Case) -> None:
    """A summary also has `total_queries`, which counts queries, and `quota_remaining`, of which
    usage leaves no more than there was.
    """

    def check(queries: list[int], others: list[int], limit: int, look: bool) -> None:
        books = Books(case)
        with one_period(books):
            used(books, queries, others, limit, look)

    def used(books: Books, queries: list[int], others: list[int], limit: int, look: bool) -> None:
        tenant = books.tenant(0)
        before = case.must("get_usage_summary", tenant)
        _judge_extras(before, tenant)
        if books.subject.has("set_quota"):
            set_quota(books, tenant, books.base(tenant) + limit, "query")
        full = books.summary(tenant).get("quota_remaining")
        for tokens in queries:
            books.track(tenant, "query", tokens)
            if look:
                books.audit(tenant)
        for tokens in others:
            books.track(tenant, "store", tokens)
        books.audit(tenant)
        wanted = {len(queries), len(queries) + len(others)}
        summary = books.wait(
            lambda: books.summary(tenant),
            lambda now: now.get("total_queries", 0) - before["total_queries"] in wanted,
        )
        _judge_extras(summary, tenant)
        gained = summary["total_queries"] - before["total_queries"]
        if gained not in wanted:
            raise Violation(
                f"{len(queries)} queries were tracked, and {len(others)} other operations",
                f"total_queries of {show(tenant)} grew by {gained}",
            )
        left = summary["quota_remaining"]
        if full is not None and left is not None and left > full:
            raise Violation(
                f"{books.gained(tenant)} tokens were tracked",
                f"quota_remaining of {show(tenant)} was {full}, and is {left}",
            )

    case.for_all(
        check,
        queries=st.lists(st.integers(0, 10), max_size=5),
        others=st.lists(st.integers(0, 10), max_size=3),
        limit=st.integers(0, 60),
        look=st.booleans(),
    )
    crowd(case, _many_queries, sizes=(3, 300))


def _many_queries(case: Case, count: int) -> None:
    books = Books(case)
    tenant = books.tenant(0)
    before = books.summary(tenant)
    _judge_extras(before, tenant)
    for number in range(count):
        books.track(tenant, "query", 1)
        if number % 25 == 24:
            books.audit(tenant)
    books.audit(tenant)
    after = books.summary(tenant)
    _judge_extras(after, tenant)
    gained = after["total_queries"] - before["total_queries"]
    if gained != count:
        raise Violation(
            f"{count} queries were tracked", f"total_queries of {show(tenant)} grew by {gained}"
        )


def _judge_extras(summary: Any, tenant: str) -> None:
    read_total(summary)
    said = f"get_usage_summary({show(tenant)}) -> {show(summary)}"
    queries = summary.get("total_queries")
    if not isinstance(queries, int) or isinstance(queries, bool) or queries < 0:
        raise Violation(said, "which has no number of total_queries")
    if "quota_remaining" not in summary:
        raise Violation(said, "which has no quota_remaining")
    left = summary["quota_remaining"]
    if left is not None and (isinstance(left, bool) or not isinstance(left, (int, float))):
        raise Violation(said, f"whose quota_remaining is {type(left).__name__}")
